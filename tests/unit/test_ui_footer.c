/* test_ui_footer.c - the ways to the command line and to the help are always shown; menus and keys
 * are about their own line alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "places.h"
#include "sounder/model.h"
#include "ui_test.h"
#include "ui_tick.h"

static const char *last_line(const char *picture)
{
	const char *end = picture + strlen(picture);
	while (end > picture && end[-1] == '\n')
		end--;
	while (end > picture && end[-1] != '\n')
		end--;
	return end;
}

/* In every panel, from the least width that has a footer on, and whatever else it shows. */
static void test_help_and_prompt_are_never_dropped(void **state)
{
	struct ui_test *test = *state;
	for (int width = 60; width <= 200; width++) {
		ui_test_resize(test, 24, width);
		for (unsigned panel = 0; panel < test->ui.slot_count; panel++) {
			ui_focus(&test->ui, panel);
			const char *line = last_line(ui_test_draw(test));
			if (!strstr(line, ": command") || !strstr(line, "? help"))
				fail_msg("panel %u, width %d: %s", panel, width, line);
		}
	}
}

/* They are those of the live key map, each once. */
static void test_footer_follows_the_key_map(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "unbind ?");
	assert_non_null(strstr(last_line(ui_test_draw(test)), "F1 help"));
	ui_do(&test->ui, "unbind :");
	assert_non_null(strstr(last_line(ui_test_draw(test)), "C-p command"));
	ui_do(&test->ui, "unbind C-p");
	assert_null(strstr(last_line(ui_test_draw(test)), "command"));
	ui_do(&test->ui, "bind C-p prompt 'a command'");
	assert_non_null(strstr(last_line(ui_test_draw(test)), "C-p a command"));
	for (int i = 0; i < 20; i++) {
		char line[64];
		snprintf(line, sizeof(line), "bind -p overview M-%c \"panel next\" 'own key'",
			'a' + i);
		ui_do(&test->ui, line);
	}
	assert_non_null(strstr(last_line(ui_test_draw(test)), "F1 help   C-p a command"));
}

static void watch(struct ui_test *test, const char *line)
{
	ui_do(&test->ui, line);
	ui_test_loop(test);
	ui_tick(&test->ui);
	test->ui.message_until = 0;
}

static bool offers(const struct ui_test *test, const char *line)
{
	const struct ui_overlay *overlay = &test->ui.overlay;
	for (size_t i = 0; i < overlay->entry_count; i++)
		if (overlay->entries[i].line && strcmp(overlay->entries[i].line, line) == 0)
			return true;
	return false;
}

/* The menu of a URL has that URL, and no other of its host. */
static void test_menu_of_a_url(void **state)
{
	struct ui_test *test = *state;
	watch(test, "head --interval 1h https://127.0.0.1:1/slow");
	ui_test_draw(test);
	ui_test_keys(test, ".");
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_LIST);
	assert_true(offers(test, "head https://127.0.0.1:1/slow"));
	for (size_t i = 0; i < test->ui.overlay.entry_count; i++) {
		const char *line = test->ui.overlay.entries[i].line;
		if (line && strncmp(line, "head", 4) == 0)
			assert_string_equal(line, "head https://127.0.0.1:1/slow");
	}
}

/* Of a host there is its root, and no URL that nobody typed. */
static void test_menu_of_a_host(void **state)
{
	struct ui_test *test = *state;
	watch(test, "tcp --server 127.0.0.1:1 --interval 1h db1.example:80");
	ui_test_draw(test);
	ui_test_keys(test, ".");
	assert_true(offers(test, "head http://db1.example/"));
	assert_false(offers(test, "head db1.example:80"));
}

/* What a port is connected to was typed elsewhere, some time ago: it is shown before, and nothing
 * is sent. */
static void test_connecting_to_a_port_asks_first(void **state)
{
	struct ui_test *test = *state;
	watch(test, "tcp --server 127.0.0.1:1 --interval 1h db1.example:80");
	ui_test_draw(test);
	ui_do(&test->ui, "panel ports");
	ui_do(&test->ui, "input 5432");
	ui_test_draw(test);
	uint32_t count = sdr_model_count(sdr_app_model(test->app));
	ui_test_keys(test, ". p");
	assert_true(ui_prompt_is_open(test->ui.prompt));
	assert_string_equal(ui_prompt_text(test->ui.prompt), "tcp db1.example:5432");
	assert_null(test->ui.jobs);
	assert_int_equal(sdr_model_count(sdr_app_model(test->app)), count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_help_and_prompt_are_never_dropped, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_footer_follows_the_key_map, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_menu_of_a_url, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_menu_of_a_host, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_connecting_to_a_port_asks_first, ui_test_setup, ui_test_teardown)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
