/* theme.h - styles by meaning, and what each looks like. Red and yellow mean a state and nothing
 * else, cold colours a measure; each has a word, a sign, a height or a place besides. */
#ifndef SOUNDER_UI_THEME_H
#define SOUNDER_UI_THEME_H

#include <stdbool.h>

#define UI_STEPS 7  /* of a scale */
#define UI_SHARES 5 /* of UI_SHARE */
#define UI_PHASES 5 /* of UI_PHASE */

/* The first six are enum sdr_tone, in its order. */
enum ui_style {
	UI_PLAIN,
	UI_OK,
	UI_WARNING,
	UI_BAD,
	UI_DIM,                /* labels, and what is old or healthy */
	UI_STRONG,             /* the one fact of a line */
	UI_TITLE,              /* a section's title */
	UI_TAB,                /* the focused panel's tab */
	UI_RULE,               /* lines between sections */
	UI_BAR,                /* the cursor's whole-line bar */
	UI_FIELD,              /* where text is typed */
	UI_LOST,               /* past losses: a tone under UI_BAD */
	UI_LIMIT,              /* a limit's line and word */
	UI_QUIET,              /* signs of what is well, many of them */
	UI_ACCENT,             /* what the keys act on */
	UI_LOOKS,              /* styles up to here have looks; the scales (theme_scale.h) follow */
	UI_LATENCY = UI_LOOKS, /* a round trip, 0.1 ms to 1 s by its logarithm */
	UI_AREA = UI_LATENCY + UI_STEPS, /* the height in a chart, from the floor to the limit */
	UI_SHARE =
		UI_AREA + UI_STEPS, /* how much of a time was good, UI_SHARES steps, best first */
	UI_LABEL = UI_SHARE + UI_STEPS, /* a group's name: hues, by nothing but the name */
	UI_PHASE = UI_LABEL + UI_STEPS, /* of a request: UI_PHASES of them, in their order */
	UI_STYLE_COUNT = UI_PHASE + UI_STEPS
};

struct ui_theme;

/* Themes by position: "default" (the terminal's own 16 colours) "dark" "light" "contrast" (of 256)
 * "mono".
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
