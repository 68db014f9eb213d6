/* test_ui_help.c - the help has every key and command, each can be reached, and a word of a
 * command's help finds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "places.h"
#include "ui_test.h"

static bool has_key(const struct ui_overlay *overlay, const char *key)
{
	for (size_t i = 0; i < overlay->entry_count; i++) {
		const char *keys = overlay->entries[i].key;
		if (strcmp(keys, "1-9") == 0 && strlen(key) == 1 && *key >= '1' && *key <= '9')
			return true;
		for (const char *at = strstr(keys, key); at && overlay->entries[i].line;
			at = strstr(at + 1, key))
			if ((at == keys || at[-1] == ' ') && strchr(" ", at[strlen(key)]))
				return true;
	}
	return false;
}

static void test_every_live_key_is_listed(void **state)
{
	struct ui_test *test = *state;
	for (unsigned panel = 0; panel < test->ui.slot_count; panel++) {
		const struct ui_binding *binding;
		ui_focus(&test->ui, panel);
		ui_do(&test->ui, "keys");
		for (size_t i = 0; (binding = ui_keymap_at(test->ui.keymap, i)); i++) {
			char name[UI_KEY_TEXT];
			bool here =
				binding->panel == (int)panel || binding->panel == UI_KEYMAP_GLOBAL;
			if (here && ui_keymap_is_live(test->ui.keymap, (int)panel, binding) &&
				!has_key(&test->ui.overlay, ui_key_format(name, binding->key)))
				fail_msg("panel %u: %s is not listed", panel, name);
		}
	}
}

/* The digits are one entry, which asks for the panel. */
static void test_digits_are_one_entry(void **state)
{
	struct ui_test *test = *state;
	unsigned rows = 0;
	ui_do(&test->ui, "keys");
	for (size_t i = 0; i < test->ui.overlay.entry_count; i++)
		rows += strcmp(test->ui.overlay.entries[i].key, "1-9") == 0;
	assert_int_equal(rows, 1);
	ui_test_text(test, "5");
	assert_string_equal(ui_overlay_line(&test->ui.overlay), "prompt \"panel \"");
	ui_test_keys(test, "Enter");
	assert_true(ui_prompt_is_open(test->ui.prompt));
	assert_string_equal(ui_prompt_text(test->ui.prompt), "panel ");
}

/* Entries that the cursor stops at as a key is pressed again and again. */
static unsigned reached(struct ui_test *test, const char *key, bool *seen)
{
	struct ui_overlay *overlay = &test->ui.overlay;
	unsigned count = 0;
	for (int i = 0; i < 300; i++) {
		uint32_t entry = overlay->shown[ui_table_row(&overlay->table)];
		assert_true(entry < overlay->entry_count);
		assert_non_null(overlay->entries[entry].line);
		count += !seen[entry];
		seen[entry] = true;
		ui_test_keys(test, key);
		ui_test_draw(test);
	}
	return count;
}

/* At every size, and whichever way the cursor goes, it stops at entries only, and the keys down the
 * list reach all of them. */
static void test_every_entry_is_reached(void **state)
{
	static const int sizes[][2] = {
		{80, 24}, {120, 40}, {200, 50}, {79, 16}, {60, 16}, {40, 10}, {20, 6}, {300, 90}};
	struct ui_test *test = *state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		bool seen[400] = {false};
		unsigned lines = 0;
		ui_test_resize(test, sizes[i][1], sizes[i][0]);
		ui_do(&test->ui, "keys");
		ui_test_draw(test);
		for (size_t entry = 0; entry < test->ui.overlay.entry_count; entry++)
			lines += test->ui.overlay.entries[entry].line != NULL;
		unsigned keys = reached(test, "Down", seen);
		reached(test, "Left", seen);
		reached(test, "Right", seen);
		ui_test_keys(test, "Tab");
		ui_test_draw(test);
		assert_int_equal(keys + reached(test, "Down", seen), lines);
	}
}

static void test_columns_by_width(void **state)
{
	static const struct {
		int width, columns;
	} cases[] = {{74, 1}, {80, 2}, {110, 2}, {120, 3}, {200, 3}, {300, 3}};
	struct ui_test *test = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ui_test_resize(test, 30, cases[i].width);
		ui_do(&test->ui, "keys");
		ui_test_draw(test);
		assert_int_equal(test->ui.overlay.table.flow, cases[i].columns);
	}
}

/* The cursor stays on its entry when the screen gets another size. */
static void test_cursor_keeps_its_entry(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "keys");
	ui_test_draw(test);
	for (int i = 0; i < 17; i++)
		ui_test_keys(test, "Down");
	char *line = strdup(ui_overlay_line(&test->ui.overlay));
	ui_test_resize(test, 40, 120);
	ui_test_draw(test);
	assert_string_equal(ui_overlay_line(&test->ui.overlay), line);
	free(line);
}

/* Words of options, of details, of other programs: each finds the command, whose line Enter then
 * opens. */
static void test_help_is_searched_whole(void **state)
{
	static const struct {
		const char *word, *line, *shown;
	} cases[] = {{"netmask", "prompt \"mask \"", "range that a mask gives"},
		{"cname", "prompt \"host \"", "aliases"},
		{"kerberos", "prompt \"port \"", "port --like kerberos"},
		{"CAP_SYS", "prompt \"port \"", "CAP_SYS_PTRACE"}};
	struct ui_test *test = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ui_do(&test->ui, "keys");
		ui_test_text(test, cases[i].word);
		const char *picture = ui_test_draw(test);
		assert_string_equal(ui_overlay_line(&test->ui.overlay), cases[i].line);
		if (!strstr(picture, cases[i].shown))
			fail_msg("%s is not in\n%s", cases[i].shown, picture);
		ui_test_keys(test, "Enter Esc");
	}
}

/* What has the word in its own note or line comes before what has it somewhere in its help. */
static void test_own_words_come_first(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "keys");
	ui_test_text(test, "sort");
	const struct ui_overlay *overlay = &test->ui.overlay;
	assert_true(overlay->table.count > 4);
	assert_string_equal(overlay->entries[overlay->shown[0]].line, "sort previous");
	assert_string_equal(overlay->entries[overlay->shown[overlay->table.count - 1]].line,
		"prompt \"subnet \"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_every_live_key_is_listed, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_digits_are_one_entry, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_entry_is_reached, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_columns_by_width, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_cursor_keeps_its_entry, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_help_is_searched_whole, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_own_words_come_first, ui_test_setup, ui_test_teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
