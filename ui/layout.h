/* layout.h - which part of the screen is what. Pure: sizes in, rectangles out. */
#ifndef SOUNDER_UI_LAYOUT_H
#define SOUNDER_UI_LAYOUT_H

#include "draw.h"

/* Full; below 60x16 reduced: one header line naming the panel alone, no footer; below 20x6 one line
 * of state. */
enum ui_layout_kind { UI_LAYOUT_FULL, UI_LAYOUT_REDUCED, UI_LAYOUT_LINE };

struct ui_layout {
	enum ui_layout_kind kind;
	struct ui_surface header; /* one row; height 0 if not shown, as all below */
	struct ui_surface input;  /* one row, of a panel with an input */
	struct ui_surface body;
	struct ui_surface footer; /* one row */
};

/* Divides the screen. `zoom`: without header and footer. `input`: the panel has an input line.
 * `prompt`: the footer's row is wanted. */
void ui_layout_divide(struct ui_layout *layout, const struct ui_surface *screen, bool zoom,
	int input, bool prompt);

#endif
