/* theme.h - styles by meaning, and what each looks like. Colour means state and nothing else; every
 * state has a word and a sign besides. */
#ifndef SOUNDER_UI_THEME_H
#define SOUNDER_UI_THEME_H

#include <stdbool.h>

/* The first six are enum sdr_tone, in its order. */
enum ui_style {
	UI_PLAIN,
	UI_OK,
	UI_WARNING,
	UI_BAD,
	UI_DIM,    /* labels, and what is old or healthy */
	UI_STRONG, /* the one fact of a line */
	UI_TITLE,  /* a section's title */
	UI_TAB,    /* the focused panel's tab */
	UI_RULE,   /* lines between sections */
	UI_BAR,    /* the cursor's whole-line bar */
	UI_FIELD,  /* where text is typed */
	UI_STYLE_COUNT
};

struct ui_theme;

/* Themes by position: "default" (the terminal's own 16 colours) "dark" "light" (of 256) "mono".
 * NULL past the end. */
const struct ui_theme *ui_theme_at(unsigned index);
const struct ui_theme *ui_theme_find(const char *name); /* NULL if absent */
const char *ui_theme_name(const struct ui_theme *theme);

/* Defines the theme's colours on the current curses screen. A terminal without colours is given the
 * attributes of "mono". */
void ui_theme_apply(const struct ui_theme *theme);

/* The curses attribute of a style, for draw.c; `bar`: on the cursor's line. */
unsigned long ui_theme_attribute(const struct ui_theme *theme, enum ui_style style, bool bar);

#endif
