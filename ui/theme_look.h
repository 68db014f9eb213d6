/* theme_look.h - what a theme consists of; for theme.c, and for theme_file.c, which reads one. */
#ifndef SOUNDER_UI_THEME_LOOK_H
#define SOUNDER_UI_THEME_LOOK_H

#include <curses.h>

#include "theme_scale.h"

/* One style: `rich` is the colour where there are 256 of them, `plain` where there are 8 or 16; -1
 * is the terminal's own. */
struct look {
	attr_t attributes;
	short rich, plain;
};

struct ui_theme {
	const char *name; /* static; owned by one that was read from a file */
	bool colours;
	enum ui_shade shade;       /* for the scales */
	short bar_rich, bar_plain; /* background of the cursor's bar */
	short on_bar; /* what is drawn on it in the terminal's own colour elsewhere; -1: the same */
	bool flat_bar; /* all on it is in that colour: sign and word must do */
	struct look looks[UI_LOOKS];
};

#endif
