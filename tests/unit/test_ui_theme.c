/* test_ui_theme.c - themes of a user's own: what a file's lines make of a style, and what errors
 * they get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "theme_file.h"
#include "theme_look.h"

static struct ui_theme *read_text(const char *text, struct sdr_error *error)
{
	char *copy = strdup(text);
	assert_non_null(copy);
	struct ui_theme *theme = ui_theme_read("mine", "mine.theme", copy, error);
	free(copy);
	return theme;
}

static void test_lines(void **state)
{
	struct ui_theme *theme = read_text("# a comment\nlike dark # ours\n\nok 40 underline\n"
					   "bad red bold reverse\nbar 60\nrule own dim\r\n",
		NULL);
	const struct ui_theme *dark = ui_theme_find("dark");
	(void)state;
	assert_non_null(theme);
	assert_string_equal(ui_theme_name(theme), "mine");
	assert_int_equal(theme->looks[UI_OK].rich, 40);
	assert_int_equal(theme->looks[UI_OK].plain, dark->looks[UI_OK].plain);
	assert_int_equal(theme->looks[UI_OK].attributes, A_UNDERLINE);
	assert_int_equal(theme->looks[UI_BAD].rich, COLOR_RED);
	assert_int_equal(theme->looks[UI_BAD].plain, COLOR_RED);
	assert_int_equal(theme->looks[UI_BAD].attributes, A_BOLD | A_REVERSE);
	assert_int_equal(theme->bar_rich, 60);
	assert_int_equal(theme->bar_plain, dark->bar_plain);
	assert_int_equal(theme->looks[UI_RULE].rich, -1);
	assert_int_equal(theme->looks[UI_RULE].plain, -1);
	assert_int_equal(theme->looks[UI_RULE].attributes, A_DIM);
	assert_int_equal(theme->looks[UI_WARNING].rich, dark->looks[UI_WARNING].rich);
	ui_theme_free(theme);
}

/* Nothing is as good as nothing else: the first theme. */
static void test_an_empty_file(void **state)
{
	struct ui_theme *theme = read_text("", NULL);
	(void)state;
	assert_non_null(theme);
	assert_memory_equal(theme->looks, ui_theme_at(0)->looks, sizeof(theme->looks));
	ui_theme_free(theme);
}

static void test_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{"okay 1", "mine.theme:1: no such style"},
		{"\n\nok", "mine.theme:3: a colour comes behind the style"},
		{"ok 256", "mine.theme:1: a colour"},
		{"ok -2", "mine.theme:1: a colour"},
		{"ok 1x", "mine.theme:1: a colour"},
		{"ok 18446744073709551617", "mine.theme:1: a colour"},
		{"ok 1 blink", "mine.theme:1: behind the colour"},
		{"like none", "mine.theme:1: like takes"},
		{"like", "mine.theme:1: like takes"},
		{"ok 1\nlike dark", "mine.theme:2: like comes before"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_error error = {0};
		assert_null(read_text(cases[i].text, &error));
		if (strncmp(error.text, cases[i].said, strlen(cases[i].said)) != 0)
			fail_msg("\"%s\": %s", cases[i].text, error.text);
	}
}

/* ---- contrast, as WCAG 2 has it ---- */

static double linear(int value)
{
	double part = value / 255.0;
	return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

/* Of a colour of the 6x6x6 cube or of the greys behind it: these are the same in all terminals. */
static double luminance(int colour)
{
	static const int levels[] = {0, 95, 135, 175, 215, 255};
	int grey = 8 + 10 * (colour - 232), cube = colour - 16;
	int red = colour >= 232 ? grey : levels[cube / 36],
	    green = colour >= 232 ? grey : levels[cube / 6 % 6],
	    blue = colour >= 232 ? grey : levels[cube % 6];
	return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

static void check_contrast(const char *theme, int style, int ink, double background, double least)
{
	double one = luminance(ink) + 0.05, other = background + 0.05,
	       contrast = one > other ? one / other : other / one;
	if (contrast < least)
		fail_msg("%s: style %d, colour %d: contrast %.2f, not %.1f", theme, style, ink,
			contrast, least);
}

static bool is_text(int style)
{
	return style == UI_OK || style == UI_WARNING || style == UI_BAD || style == UI_DIM ||
		style == UI_TAB || style == UI_ACCENT || (style >= UI_LABEL && style < UI_PHASE);
}

/* Rules and dots of axes are no information. */
static void test_contrast(void **state)
{
	static const struct {
		const char *name;
		double background, text, mark; /* black, white; at least */
	} cases[] = {{"dark", 0, 4.5, 3}, {"light", 1, 4.5, 3}, {"contrast", 0, 7, 7}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct ui_theme *theme = ui_theme_find(cases[i].name);
		for (int style = 0; style < UI_STYLE_COUNT; style++) {
			int ink = style < UI_LOOKS
				? theme->looks[style].rich
				: ui_theme_scale_ink((enum ui_style)style, theme->shade, true);
			if (style != UI_RULE && ink >= 16)
				check_contrast(cases[i].name, style, ink, cases[i].background,
					is_text(style) ? cases[i].text : cases[i].mark);
		}
	}
	/* On a background that is not known marks stand out from both. */
	for (int style = UI_LOOKS; style < UI_STYLE_COUNT; style++) {
		int ink = ui_theme_scale_ink((enum ui_style)style, UI_SHADE_ANY, true);
		for (int background = 0; ink >= 16 && background < 2; background++)
			check_contrast("default", style, ink, background, 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_an_empty_file),
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_contrast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
