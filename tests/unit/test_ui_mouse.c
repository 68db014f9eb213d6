/* test_ui_mouse.c - clicks on tabs, heads, lines and menus, and the wheel; and none of it while the
 * mouse is the terminal's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "lib/given.h"
#include "places.h"
#include "sounder/model.h"
#include "table.h"
#include "ui_test.h"
#include "ui_tick.h"

#define TARGETS 12

static int silent = -1;

static int open_screen(void **state)
{
	struct ui_test *test = ui_test_new(30, 120);
	uint16_t port = 0;
	silent = loopback_socket(SOCK_DGRAM | SOCK_CLOEXEC, 1, &port);
	ui_do(&test->ui, "set mouse on");
	for (unsigned i = 0; i < TARGETS; i++) {
		char line[128];
		snprintf(line, sizeof(line),
			"tcp --server 127.0.0.1:%u --interval 1s n%02u.example:80", port, i);
		ui_do(&test->ui, line);
	}
	ui_do(&test->ui, "panel overview");
	ui_test_loop(test);
	ui_tick(&test->ui);
	(void)ui_test_draw(test);
	*state = test;
	return 0;
}

static int close_screen(void **state)
{
	(void)ui_test_teardown(state);
	return close(silent);
}

static void click(struct ui_test *test, int button, int row, int column)
{
	const struct ui_event down = {.kind = UI_EVENT_MOUSE,
				      .button = button,
				      .row = row,
				      .column = column,
				      .pressed = true},
			      up = {.kind = UI_EVENT_MOUSE,
				      .button = button,
				      .row = row,
				      .column = column};
	ui_on_event(&test->ui, &down);
	ui_on_event(&test->ui, &up);
}

/* Clicks where a text begins in the picture. */
static void click_on(struct ui_test *test, int button, const char *text)
{
	const char *picture = ui_test_draw(test), *found = strstr(picture, text);
	int row = 0, column = 0;
	if (!found)
		fail_msg("\"%s\" is not to be seen in\n%s", text, picture);
	for (const char *at = picture; at < found; at++) {
		bool begins = ((unsigned char)*at & 0xC0) != 0x80;
		row += *at == '\n';
		column = *at == '\n' ? 0 : column + begins;
	}
	click(test, button, row, column);
}

static const char *under_cursor(struct ui_test *test)
{
	static struct ui_subject subject;
	(void)ui_test_draw(test);
	return ui_subject(&test->ui, &subject) ? subject.target : "nothing";
}

static void test_tabs(void **state)
{
	struct ui_test *test = *state;
	click_on(test, 0, "6 HTTP");
	assert_string_equal(ui_focused(&test->ui)->panel->name, "http");
	click_on(test, 0, "1 Overview");
	click_on(test, 2, "6 HTTP"); /* the left button alone */
	assert_string_equal(ui_focused(&test->ui)->panel->name, "overview");
}

static void test_heads_sort(void **state)
{
	struct ui_test *test = *state;
	struct ui_table *table = ui_table_now(&test->ui);
	click_on(test, 0, "Target  ");
	assert_int_equal(table->sort, 3);
	assert_false(table->invert);
	click_on(test, 0, "Target");
	assert_true(table->invert);
	click_on(test, 0, "Last minute"); /* does not sort */
	assert_int_equal(table->sort, 3);
	click_on(test, 0, "Loss %");
	assert_int_equal(table->sort, 5);
	assert_false(table->invert);
}

static void test_lines(void **state)
{
	struct ui_test *test = *state;
	click_on(test, 0, "n07.example");
	assert_string_equal(under_cursor(test), "n07.example:80");
	assert_false(ui_on_page(&test->ui));
	test->ui.now += SDR_SECOND; /* two clicks, not a double one */
	click_on(test, 0, "n07.example");
	assert_false(ui_on_page(&test->ui));
	test->ui.now += 100 * SDR_MS;
	click_on(test, 0, "n05.example"); /* on two lines */
	assert_false(ui_on_page(&test->ui));
	test->ui.now += 100 * SDR_MS;
	click_on(test, 0, "n05.example");
	assert_true(ui_on_page(&test->ui));
	assert_string_equal(ui_about(&test->ui)->host, "n05.example");
	ui_test_keys(test, "Esc");
	click(test, 0, 27, 50); /* below the last line */
	assert_string_equal(under_cursor(test), "n05.example:80");
}

static void test_menu(void **state)
{
	struct ui_test *test = *state;
	uint32_t before = sdr_model_count(sdr_app_model(test->app));
	click_on(test, 2, "n03.example");
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_LIST);
	assert_string_equal(test->ui.overlay.title, "n03.example:80");
	click(test, 0, 28, 2); /* beside it */
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_NONE);
	click_on(test, 2, "n04.example");
	click_on(test, 0, "remove  ");
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_NONE);
	ui_test_loop(test);
	ui_tick(&test->ui);
	assert_int_equal(sdr_model_count(sdr_app_model(test->app)), before - 1);
	assert_non_null(strstr(test->ui.message, "n04.example"));
}

static void test_wheel(void **state)
{
	struct ui_test *test = *state;
	click_on(test, 0, "n00.example");
	uint32_t first = ui_table_now(&test->ui)->cursor;
	click(test, 65, 5, 5);
	assert_int_equal(ui_table_now(&test->ui)->cursor, first + 3);
	click(test, 64, 5, 5);
	assert_int_equal(ui_table_now(&test->ui)->cursor, first);
	ui_test_keys(test, ".");
	(void)ui_test_draw(test);
	click(test, 65, 5, 5);
	assert_int_equal(ui_table_now(&test->ui)->cursor, first);
	assert_int_equal(test->ui.overlay.table.cursor, 3);
	ui_test_keys(test, "Esc");
}

static void test_the_terminals_mouse(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "set mouse off");
	ui_tick(&test->ui);
	char before[SDR_HOST_TEXT + 8];
	snprintf(before, sizeof(before), "%s", under_cursor(test));
	click_on(test, 0, "6 HTTP");
	click_on(test, 2, "n07.example");
	click(test, 65, 5, 5);
	assert_string_equal(ui_focused(&test->ui)->panel->name, "overview");
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_NONE);
	assert_string_equal(under_cursor(test), before);
}

/* A click gives a section the keys; one beside all lines leaves them where they are. */
static void test_sections(void **state)
{
	struct ui_test *test = *state;
	struct ui_subject subject;
	(void)ui_test_draw(test);
	struct ui_table *targets = ui_table_now(&test->ui);
	ui_test_resize(test, 40, 120);
	sdr_model_note(sdr_app_model(test->app), test->ui.wall, SDR_TONE_BAD, "n03.example:80",
		"a word of the journal");
	click_on(test, 0, "a word of the journal");
	assert_ptr_not_equal(ui_table_now(&test->ui), targets);
	assert_true(ui_subject(&test->ui, &subject));
	assert_non_null(strstr(subject.value, "a word of the journal"));
	click(test, 0, 39, 119); /* the footer */
	assert_ptr_not_equal(ui_table_now(&test->ui), targets);
	click_on(test, 0, "n05.example");
	assert_ptr_equal(ui_table_now(&test->ui), targets);
	assert_true(ui_subject(&test->ui, &subject));
	assert_string_equal(subject.target, "n05.example:80");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tabs, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_heads_sort, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_lines, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_menu, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_wheel, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_the_terminals_mouse, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_sections, open_screen, close_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
