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
			.bar_rich = 237,
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
					[UI_LOST] = {A_NORMAL, COLOR_RED, COLOR_RED},
					[UI_LIMIT] = {A_NORMAL, COLOR_YELLOW, COLOR_YELLOW},
					[UI_QUIET] = {A_DIM, COLOR_GREEN, COLOR_GREEN},
					[UI_ACCENT] = {A_BOLD, -1, -1},
				},
		},
		{
			.name = "dark",
			.colours = true,
			.shade = UI_SHADE_DARK,
			.bar_rich = 237,
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
					[UI_TAB] = {A_BOLD | A_UNDERLINE, 75, 12},
					[UI_RULE] = {A_NORMAL, 240, -1},
					[UI_BAR] = {A_NORMAL, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
					[UI_LOST] = {A_NORMAL, 167, COLOR_RED},
					[UI_LIMIT] = {A_NORMAL, 136, COLOR_YELLOW},
					[UI_QUIET] = {A_NORMAL, 65, COLOR_GREEN},
					[UI_ACCENT] = {A_BOLD, 75, 12},
				},
		},
		{
			.name = "light",
			.colours = true,
			.shade = UI_SHADE_LIGHT,
			.bar_rich = 189,
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
					[UI_TAB] = {A_BOLD | A_UNDERLINE, 25, COLOR_BLUE},
					[UI_RULE] = {A_NORMAL, 248, -1},
					[UI_BAR] = {A_NORMAL, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
					[UI_LOST] = {A_NORMAL, 167, COLOR_RED},
					[UI_LIMIT] = {A_NORMAL, 136, COLOR_YELLOW},
					[UI_QUIET] = {A_NORMAL, 65, COLOR_GREEN},
					[UI_ACCENT] = {A_BOLD, 25, COLOR_BLUE},
				},
		},
		{
			.name = "contrast",
			.colours = true,
			.shade = UI_SHADE_CONTRAST,
			.bar_rich = 255,
			.bar_plain = COLOR_WHITE,
			.on_bar = COLOR_BLACK,
			.flat_bar = true,
			.looks =
				{
					[UI_PLAIN] = {A_NORMAL, -1, -1},
					[UI_OK] = {A_NORMAL, 120, 10},
					[UI_WARNING] = {A_BOLD, 226, 11},
					[UI_BAD] = {A_BOLD, 210, 9},
					[UI_DIM] = {A_NORMAL, 252, 7},
					[UI_STRONG] = {A_BOLD, -1, -1},
					[UI_TITLE] = {A_BOLD, -1, -1},
					[UI_TAB] = {A_BOLD | A_UNDERLINE, 117, 14},
					[UI_RULE] = {A_NORMAL, 250, 7},
					[UI_BAR] = {A_NORMAL, -1, -1},
					[UI_FIELD] = {A_UNDERLINE, -1, -1},
					[UI_LOST] = {A_NORMAL, 210, 9},
					[UI_LIMIT] = {A_NORMAL, 220, 11},
					[UI_QUIET] = {A_NORMAL, 114, 10},
					[UI_ACCENT] = {A_BOLD, 117, 14},
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
					[UI_LOST] = {A_NORMAL, -1, -1},
					[UI_LIMIT] = {A_DIM, -1, -1},
					[UI_QUIET] = {A_DIM, -1, -1},
					[UI_ACCENT] = {A_BOLD, -1, -1},
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

static bool is_rich(void)
{
	return COLORS >= 256;
}

static short ink_of(const struct ui_theme *theme, enum ui_style style, enum ui_shade shade)
{
	if (style >= UI_LOOKS)
		return ui_theme_scale_ink(style, shade, is_rich());
	return is_rich() ? theme->looks[style].rich : theme->looks[style].plain;
}

static bool is_dark_bar(const struct ui_theme *theme)
{
	return theme->on_bar == COLOR_WHITE;
}

/* The colours that can be read on the bar. Few colours: the word and the sign must do. */
static short ink_on_bar(const struct ui_theme *theme, enum ui_style style)
{
	static const short bright[UI_LOOKS] = {[UI_OK] = 114,
		[UI_WARNING] = 221,
		[UI_BAD] = 210,
		[UI_DIM] = 250,
		[UI_RULE] = 250,
		[UI_LOST] = 174,
		[UI_LIMIT] = 179,
		[UI_QUIET] = 108,
		[UI_ACCENT] = 75};
	if (!is_rich() || theme->flat_bar)
		return theme->on_bar;
	if (style >= UI_LOOKS)
		return ink_of(theme, style, is_dark_bar(theme) ? UI_SHADE_DARK : UI_SHADE_LIGHT);
	if (bright[style] == 0)
		return theme->on_bar;
	return is_dark_bar(theme)                     ? bright[style]
		: style == UI_DIM || style == UI_RULE ? 240
						      : theme->looks[style].rich;
}

/* Pairs of few colours are numbered by colour, since there may be 64 pairs; others by style. */
#define FEW_PAIRS 18 /* the terminal's own, and 16 */

static short few_ink(short ink)
{
	return ink >= COLORS && ink >= 8 ? (short)(ink - 8) : ink;
}

/* Returns the number of a style's pair; 0 is the terminal's own colours. */
static short pair_of(const struct ui_theme *theme, enum ui_style style, bool bar)
{
	short ink = bar ? ink_on_bar(theme, style) : ink_of(theme, style, theme->shade);
	if (!bar && ink == -1)
		return 0;
	if (!is_rich())
		return (short)(few_ink(ink) + 2 + (bar ? FEW_PAIRS : 0));
	if (bar && ink == theme->on_bar) /* to change pairs takes a dozen bytes */
		style = UI_BAR;
	return (short)(1 + 2 * (int)style + bar);
}

void ui_theme_apply(const struct ui_theme *theme)
{
	if (!theme->colours || !has_colors())
		return;
	short own = use_default_colors() == OK ? -1 : COLOR_BLACK;
	for (int i = 0; i < UI_STYLE_COUNT; i++) {
		enum ui_style style = (enum ui_style)i;
		short ink = ink_of(theme, style, theme->shade), on_bar = ink_on_bar(theme, style);
		if (pair_of(theme, style, false) > 0)
			init_pair(pair_of(theme, style, false), few_ink(ink), own);
		init_pair(pair_of(theme, style, true), few_ink(on_bar),
			is_rich() ? theme->bar_rich : theme->bar_plain);
	}
}

unsigned long ui_theme_attribute(const struct ui_theme *theme, enum ui_style style, bool bar)
{
	bool looks = style < UI_LOOKS;
	attr_t attributes = looks ? theme->looks[style].attributes : A_NORMAL;
	if (!theme->colours)
		return bar ? (attributes & ~(attr_t)A_DIM) | A_REVERSE : attributes;
	short ink = ink_of(theme, style, theme->shade);
	if ((style == UI_DIM || style == UI_RULE) && !is_rich() && !bar && ink == -1)
		attributes |= A_DIM;
	if (!is_rich() && !bar && few_ink(ink) != ink)
		attributes |= A_BOLD;
	return attributes | (attr_t)COLOR_PAIR(pair_of(theme, style, bar));
}
