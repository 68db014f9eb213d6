/* test_ui_keymap.c - every standard key resolves, from whatever binding; keys may be rebound, and
 * are written as lines that bind them again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "sounder/model.h"
#include "ui_test.h"

static void test_standard_keys_resolve(void **state)
{
	struct ui_test *test = *state;
	const struct sdr_event *event = sdr_model_event(sdr_app_model(test->app), 0);
	if (test->ui.unresolved)
		print_message("%s %s\n", event->subject, event->text);
	assert_int_equal(test->ui.unresolved, 0);
	assert_non_null(ui_keymap_find(test->ui.keymap, 0, 'q'));
}

static void test_every_screen_command_has_a_sentence(void **state)
{
	struct ui_test *test = *state;
	for (const struct sdr_command **command = test->ui.commands; *command; command++) {
		assert_non_null((*command)->sentence);
		assert_ptr_equal(sdr_command_find(test->app, (*command)->name),
			*command); /* no two of one name */
	}
}

/* CONTRACT: a key means one thing in all panels. A panel may say what that is of its own lines: `a`
 * adds, `d` takes away, `x` stops, `f` folds. */
static void test_a_key_means_one_thing(void **state)
{
	struct ui_test *test = *state;
	const struct ui_binding *binding;
	for (size_t i = 0; (binding = ui_keymap_at(test->ui.keymap, i)); i++) {
		const struct ui_binding *global =
			ui_keymap_find(test->ui.keymap, UI_KEYMAP_GLOBAL, binding->key);
		if (binding->panel < 0 || !global || binding->key == 'a' || binding->key == 'd' ||
			binding->key == 'x' || binding->key == 'f')
			continue;
		assert_string_equal(binding->text, global->text);
	}
}

static void test_rebinding(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "bind q \"panel 2\" second");
	ui_test_keys(test, "q");
	assert_false(test->ui.quitting);
	assert_int_equal(test->ui.focus, 1);
	ui_do(&test->ui, "unbind q");
	assert_null(ui_keymap_find(test->ui.keymap, 0, 'q'));
	ui_do(&test->ui, "bind -p log x \"panel 1\"");
	ui_do(&test->ui, "panel log");
	ui_test_keys(test, "x");
	assert_int_equal(test->ui.focus, 0);
}

static void test_written_keys_are_read_back(void **state)
{
	struct ui_test *test = *state;
	char *text = NULL;
	size_t size = 0;
	struct sdr_out out;
	ui_do(&test->ui, "bind C-x 'prompt \"a b\"' 'a \"note\"'");
	FILE *file = open_memstream(&text, &size);
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	ui_keymap_write(test->ui.keymap, &out);
	fclose(file);
	ui_do(&test->ui, "unbind C-x");
	assert_null(ui_keymap_find(test->ui.keymap, 0, UI_KEY_CTRL | 'x'));
	text[strcspn(text, "\n")] = '\0';
	ui_do(&test->ui, text);
	const struct ui_binding *binding = ui_keymap_find(test->ui.keymap, 0, UI_KEY_CTRL | 'x');
	assert_non_null(binding);
	assert_string_equal(binding->text, "prompt \"a b\"");
	assert_string_equal(binding->note, "a \"note\"");
	free(text);
}

/* Printable keys in an input never go through commands, and a paste runs nothing. */
static void test_G15_inputs_take_keys(void **state)
{
	struct ui_test *test = *state;
	struct ui_event paste = {.kind = UI_EVENT_PASTE, .bytes = "q\nquit\n", .length = 7};
	ui_test_keys(test, ":");
	ui_test_text(test, "q?zQ");
	ui_on_event(&test->ui, &paste);
	assert_false(test->ui.quitting);
	assert_string_equal(ui_prompt_text(test->ui.prompt), "q?zQq quit ");
	ui_test_keys(test, "Esc");
	ui_on_event(&test->ui, &paste);
	assert_false(test->ui.quitting);
	ui_test_keys(test, "q");
	assert_true(test->ui.quitting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_standard_keys_resolve, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_every_screen_command_has_a_sentence, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_key_means_one_thing, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(test_rebinding, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_written_keys_are_read_back, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_G15_inputs_take_keys, ui_test_setup, ui_test_teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
