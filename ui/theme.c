/* theme.c - what each style looks like: attributes, and a colour where the terminal has some.
 *
 * A style takes two pairs at most: on the terminal's own background, and on the cursor's bar. Pair
 * numbers follow from the style, so nothing has to be remembered. */
#include "theme.h"

#include <string.h>

#include "theme_look.h"

static const struct ui_theme themes[] =
	{
		{
			.name = "default",
			.colours = true,
			.bar_rich = 24,
			.bar_plain = COLOR_BLUE,
			.on_bar = COLOR_WHITE,
			.looks =
				{
					[UI_PLAIN] = {A_NORMAL, -1, -1},
					[UI_OK] = {A_NORMAL, COLOR_GREEN, COLOR_GREEN},
					[UI_WARNING] = {A_NORMAL, COLOR_YELLOW, COLOR_YELLOW},
					[UI_BAD] = {A_BOLD, COLOR_RED, COLOR_RED},
					[UI_DIM] = {A_DIM, -1, -1},
					[UI_STRONG] = {A_BOLD, -1, -1},
					[UI_TITLE] = {A_BOLD, -1, -1},
					[UI_TAB] = {A_BOLD | A_UNDERLINE, -1, -1},
					[UI_RULE] = {A_DIM, -1, -1},
					[UI_BAR] = {A_NORMAL, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
				},
		},
		{
			.name = "dark",
			.colours = true,
			.bar_rich = 24,
			.bar_plain = COLOR_BLUE,
			.on_bar = COLOR_WHITE,
			.looks =
				{
					[UI_PLAIN] = {A_NORMAL, -1, -1},
					[UI_OK] = {A_NORMAL, 114, COLOR_GREEN},
					[UI_WARNING] = {A_NORMAL, 221, COLOR_YELLOW},
					[UI_BAD] = {A_BOLD, 203, COLOR_RED},
					[UI_DIM] = {A_NORMAL, 246, -1},
					[UI_STRONG] = {A_BOLD, -1, -1},
					[UI_TITLE] = {A_BOLD, -1, -1},
					[UI_TAB] = {A_BOLD | A_UNDERLINE, -1, -1},
					[UI_RULE] = {A_NORMAL, 240, -1},
					[UI_BAR] = {A_NORMAL, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
				},
		},
		{
			.name = "light",
			.colours = true,
			.bar_rich = 153,
			.bar_plain = COLOR_CYAN,
			.on_bar = COLOR_BLACK,
			.looks =
				{
					[UI_PLAIN] = {A_NORMAL, -1, -1},
					[UI_OK] = {A_NORMAL, 28, COLOR_GREEN},
					[UI_WARNING] = {A_BOLD, 130, COLOR_MAGENTA},
					[UI_BAD] = {A_BOLD, 160, COLOR_RED},
					[UI_DIM] = {A_NORMAL, 242, -1},
					[UI_STRONG] = {A_BOLD, -1, -1},
					[UI_TITLE] = {A_BOLD, -1, -1},
					[UI_TAB] = {A_BOLD | A_UNDERLINE, -1, -1},
					[UI_RULE] = {A_NORMAL, 248, -1},
					[UI_BAR] = {A_NORMAL, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
				},
		},
		{
			.name = "mono",
			.looks =
				{
					[UI_WARNING] = {A_BOLD, -1, -1},
					[UI_BAD] = {A_BOLD | A_UNDERLINE, -1, -1},
					[UI_DIM] = {A_DIM, -1, -1},
					[UI_STRONG] = {A_BOLD, -1, -1},
					[UI_TITLE] = {A_BOLD, -1, -1},
					[UI_TAB] = {A_BOLD | A_UNDERLINE, -1, -1},
					[UI_RULE] = {A_DIM, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
				},
		},
};

const struct ui_theme *ui_theme_at(unsigned index)
{
	return index < sizeof(themes) / sizeof(*themes) ? &themes[index] : NULL;
}

const struct ui_theme *ui_theme_find(const char *name)
{
	for (unsigned i = 0; ui_theme_at(i); i++)
		if (!strcmp(themes[i].name, name))
			return &themes[i];
	return NULL;
}

const char *ui_theme_name(const struct ui_theme *theme)
{
	return theme->name;
}

/* Styles that differ in no colour share a pair: to change pairs takes a dozen bytes each time. Pair
 * 0 is the terminal's own colours. */
static short pair_of(const struct ui_theme *theme, enum ui_style style, bool bar)
{
	bool plain = theme->looks[style].rich == -1 && theme->looks[style].plain == -1;
	bool coloured = style == UI_OK || style == UI_WARNING || style == UI_BAD;
	if (!bar && plain)
		return 0;
	return (short)(1 + 2 * (int)(bar && !coloured ? UI_BAR : style) + bar);
}

/* The colours of states that can be read on the bar: red on blue can't. Few colours: none, the word
 * and the sign must do. */
static short ink_on_bar(const struct ui_theme *theme, int style, bool rich)
{
	static const struct {
		enum ui_style style;
		short ink;
	} bright[] = {{UI_OK, 114}, {UI_WARNING, 221}, {UI_BAD, 217}};
	if (!rich)
		return theme->on_bar;
	for (size_t i = 0; i < sizeof(bright) / sizeof(*bright); i++)
		if ((int)bright[i].style == style)
			return theme->on_bar == COLOR_WHITE ? bright[i].ink
							    : theme->looks[style].rich;
	return theme->on_bar;
}

void ui_theme_apply(const struct ui_theme *theme)
{
	if (!theme->colours || !has_colors())
		return;
	short own = use_default_colors() == OK ? -1 : COLOR_BLACK;
	bool rich = COLORS >= 256;
	for (int style = 0; style < UI_STYLE_COUNT; style++) {
		const struct look *look = &theme->looks[style];
		short ink = rich ? look->rich : look->plain;
		short ink_default = own == -1 ? -1 : COLOR_WHITE;
		if (pair_of(theme, style, false) > 0)
			init_pair(pair_of(theme, style, false), ink == -1 ? ink_default : ink, own);
		init_pair(pair_of(theme, style, true), ink_on_bar(theme, style, rich),
			rich ? theme->bar_rich : theme->bar_plain);
	}
}

unsigned long ui_theme_attribute(const struct ui_theme *theme, enum ui_style style, bool bar)
{
	attr_t attributes = theme->looks[style].attributes;
	if (!theme->colours)
		return (bar ? (attributes & ~(attr_t)A_DIM) | A_REVERSE : attributes);
	short plain = theme->looks[style].plain;
	bool faint = (style == UI_DIM || style == UI_RULE) && COLORS < 256;
	if (faint && !bar && plain == -1)
		attributes |= A_DIM;
	return attributes | (attr_t)COLOR_PAIR(pair_of(theme, style, bar));
}
