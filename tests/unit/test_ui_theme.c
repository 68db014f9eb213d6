/* test_ui_theme.c - themes of a user's own: what a file's lines make of a style, and what errors
 * they get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_an_empty_file),
		cmocka_unit_test(test_what_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
