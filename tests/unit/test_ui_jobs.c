/* test_ui_jobs.c - jobs in the Log panel: their rows, the cursor and the keys on them; and the
 * field for lines, where the lines are targets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "front.h"
#include "lib/own_net.h"
#include "lib/skip.h"
#include "sounder/engine.h"
#include "sounder/model.h"
#include "ui_job.h"
#include "ui_test.h"

/* Goes on for an hour: the first probe is refused, the next is not due. */
#define WAITS "tcp --until up --interval 1h 127.0.0.1:"

static int open_screen(void **state)
{
	*state = ui_test_new(24, 100);
	return 0;
}

static void run(struct ui_test *test, const char *line)
{
	ui_do(&test->ui, line);
	ui_test_loop(test);
	if (test->ui.overlay.kind == UI_OVERLAY_SHEET)
		ui_test_keys(test, "Esc");
}

static void note(struct ui_test *test, const char *who)
{
	sdr_model_note(sdr_app_model(test->app), test->ui.wall, SDR_TONE_PLAIN, who, "something");
}

static bool has(const char *picture, const char *const *texts)
{
	for (; picture && *texts; texts++)
		picture = strstr(picture, *texts);
	return picture;
}

/* Whether the picture has these texts, in this order, or soon will. */
static bool shows(struct ui_test *test, const char *const *texts)
{
	for (int i = 0; i < 500; i++) {
		if (has(ui_test_draw(test), texts))
			return true;
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	for (; *texts; texts++)
		print_error("\"%s\" ... ", *texts);
	print_error("is not in\n%s\n", test->picture);
	return false;
}
#define SHOWS(test, ...) assert_true(shows(test, (const char *const[]){__VA_ARGS__, NULL}))

static bool lacks(struct ui_test *test, const char *text)
{
	return !strstr(ui_test_draw(test), text);
}

static void test_jobs_come_first_in_the_log(void **state)
{
	struct ui_test *test = *state;
	note(test, "somebody");
	ui_do(&test->ui, "panel log");
	assert_true(lacks(test, "Jobs"));
	run(test, WAITS "1");
	run(test, WAITS "2");
	SHOWS(test, "Jobs", "2 running", "127.0.0.1:2", "127.0.0.1:1",
		"0 of 1 targets, 1 probes, 0s", "Log", "1 entries", "somebody");
	test->ui.now += 65 * SDR_SECOND;
	SHOWS(test, "127.0.0.1:1", "1 probes, 1m05s");
	ui_do(&test->ui, "jobs --cancel 1");
	run(test, "panel log");
	SHOWS(test, "1 running", ", 1m05s", "cancelled, 1m05s");
	test->ui.now += 65 * SDR_SECOND;
	SHOWS(test, ", 2m10s", "cancelled, 1m05s");
	ui_test_keys(test, "Esc");
	ui_test_resize(test, 6, 20);
	SHOWS(test, "Jobs", "1 running", "tcp", "0 of 1 tar");
}

/* The list over the panels has the same rows. */
static void test_the_list_has_the_same_rows(void **state)
{
	struct ui_test *test = *state;
	run(test, WAITS "1");
	test->ui.now += 65 * SDR_SECOND;
	ui_do(&test->ui, "jobs");
	SHOWS(test, "Jobs", "1  ", "0 of 1 targets, 1 probes, 1m05s", "127.0.0.1:1");
}

static void test_the_cursor_goes_over_jobs(void **state)
{
	struct ui_test *test = *state;
	note(test, "somebody");
	run(test, WAITS "1");
	run(test, WAITS "2");
	ui_do(&test->ui, "panel log");
	ui_test_draw(test);
	ui_test_keys(test, "j Enter");
	assert_ptr_equal(ui_job_shown(&test->ui), ui_job_find(&test->ui, 1));
	ui_test_keys(test, "Esc j Enter"); /* over the heading */
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_LIST);
	SHOWS(test, "somebody", "copy the value");
	ui_test_keys(test, "Esc x");
	SHOWS(test, "no job is under the cursor");
	test->ui.now += 2 * SDR_SECOND; /* the complaint was read */
	ui_test_keys(test, "k Y");
	SHOWS(test,
		"sent to the terminal: "
		"tcp --until=up --interval=1h 127.0.0.1:1");
	ui_test_keys(test, "x");
	run(test, "panel log");
	SHOWS(test, "1 running", "127.0.0.1:1", "cancelled");
	ui_test_keys(test, "Enter Esc"); /* seen: it is forgotten */
	assert_null(ui_job_find(&test->ui, 1));
	ui_test_keys(test, "g x");
	run(test, "panel log");
	SHOWS(test, "0 running");
	ui_test_keys(test, "Enter Esc Esc");
	assert_true(lacks(test, "Jobs"));
}

/* A job that comes in above moves no other out from under the cursor. */
static void test_x_means_the_job_that_was_seen(void **state)
{
	struct ui_test *test = *state;
	run(test, WAITS "1");
	run(test, WAITS "2");
	ui_do(&test->ui, "panel log");
	ui_test_draw(test);
	ui_test_keys(test, "j");
	run(test, WAITS "3");
	ui_test_keys(test, "x");
	run(test, "panel log");
	SHOWS(test, "2 running", "127.0.0.1:3", "127.0.0.1:2", "127.0.0.1:1", "cancelled");
}

/* One that is gone since the last frame leaves none in its place. */
static void test_x_means_no_job_that_took_the_place(void **state)
{
	struct ui_test *test = *state;
	run(test, WAITS "1");
	run(test, WAITS "2");
	ui_do(&test->ui, "panel log");
	ui_test_draw(test);
	ui_job_cancel(ui_job_find(&test->ui, 2));
	for (int i = 0; i < 500 && ui_job_running(&test->ui) > 1; i++)
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
	ui_job_show(&test->ui, ui_job_find(&test->ui, 2));
	ui_job_leave(&test->ui); /* without a frame */
	assert_null(ui_job_find(&test->ui, 2));
	ui_do(&test->ui, "jobs --cancel");
	SHOWS(test, "1 running");
}

static void test_inverted_jobs_stay_first(void **state)
{
	struct ui_test *test = *state;
	note(test, "early");
	note(test, "late");
	run(test, WAITS "1");
	ui_do(&test->ui, "panel log");
	SHOWS(test, "Jobs", "127.0.0.1:1", "Log", "late", "early");
	ui_test_keys(test, "I");
	SHOWS(test, "Jobs", "127.0.0.1:1", "Log", "early", "late");
}

/* ---- lines that are targets ---- */

static unsigned watched(struct ui_test *test, const char *name)
{
	const struct sdr_engine *engine = sdr_app_engine(test->app);
	unsigned count = 0;
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		count += target && (!name || !strcmp(target->typed, name));
	}
	return count;
}

static void give(struct ui_test *test, const char *line, const char *lines)
{
	ui_do(&test->ui, line);
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_LINES);
	assert_true(ui_overlay_paste(&test->ui.overlay, lines, strlen(lines)));
	ui_test_keys(test, "C-d");
}

static void test_each_line_is_a_target(void **state)
{
	struct ui_test *test = *state;
	give(test, "tcp --interval 1h - 127.0.0.9:9",
		"127.0.0.1:1\r\n# none\r127.0.0.2:1 127.0.0.3:1#c\r\r");
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_NONE);
	assert_int_equal(watched(test, NULL), 4);
	assert_int_equal(watched(test, "127.0.0.3:1"), 1);
	assert_int_equal(watched(test, "127.0.0.9:9"), 1);
	give(test, "ping --tcp 9 -", "127.0.1.0/30\n127.0.2.1-2\n");
	assert_int_equal(watched(test, NULL), 8);
	give(test, "tcp -", "127.0.0.1:1\n127.0.0.2:1\n"); /* once: a job's */
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_SHEET);
	SHOWS(test, "tcp 127.0.0.1:1 127.0.0.2:1");
}

/* What is wrong is said, and the lines stay to be mended. */
static void test_wrong_lines_stay(void **state)
{
	struct ui_test *test = *state;
	static const struct {
		const char *lines, *why;
	} cases[] = {
		{"127.0.0.1\n127.0.0.300\n", "127.0.0.300"},
		{"127.0.0.1\n--sweep\n", "'--sweep' looks like an option"},
		{"127.0.0.1 -\n", "'-' looks like an option"},
		{"# nothing\n", "needs more words"},
		{"", "needs more words"},
		{"%target\n", "%target"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		give(test, "ping --tcp 9 -", cases[i].lines);
		assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_LINES);
		SHOWS(test, cases[i].why);
		assert_int_equal(watched(test, NULL), 0);
		ui_test_keys(test, "Esc Esc");
	}
	give(test, "ping --tcp 9 -", "127.0.0.300\n");
	ui_test_keys(test, "Backspace Backspace Backspace C-d");
	assert_int_equal(watched(test, "127.0.0.3"), 1);
}

static void test_a_file_has_no_lines_to_give(void **state)
{
	struct ui_test *test = *state;
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	assert_int_equal(sdr_line_parse(test->app, "ping -", &line, &error), SDR_OK);
	assert_int_equal(ui_front_config(&test->ui, sdr_line_call(line), &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "@FILE"));
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_NONE);
	sdr_line_free(line);
}

/* A job that a file's line starts opens nothing over the panels, where it would take the first
 * keys; it is listed, and the same line typed is shown. */
static void test_a_file_opens_nothing(void **state)
{
	struct ui_test *test = *state;
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	assert_int_equal(sdr_line_parse(test->app, WAITS "1", &line, &error), SDR_OK);
	assert_int_equal(ui_front_config(&test->ui, sdr_line_call(line), &error), SDR_OK);
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_NONE);
	assert_int_equal(ui_job_running(&test->ui), 1);
	run(test, "panel log");
	SHOWS(test, "1 running", "127.0.0.1:1");
	ui_do(&test->ui, WAITS "2");
	assert_int_equal(test->ui.overlay.kind, UI_OVERLAY_SHEET);
	sdr_line_free(line);
}

/* An entry of the journal has a value to copy and no command that gives it; a target has both. */
static void test_the_menu_offers_what_is_there(void **state)
{
	struct ui_test *test = *state;
	note(test, "somebody");
	ui_do(&test->ui, "panel log");
	(void)ui_test_draw(test);
	ui_do(&test->ui, "menu");
	SHOWS(test, "copy the value");
	assert_true(lacks(test, "copy as command"));
	ui_test_keys(test, "Esc");
	ui_do(&test->ui, "panel overview");
	run(test, "tcp --interval 1h 127.0.0.1:9");
	(void)ui_test_draw(test);
	ui_do(&test->ui, "menu");
	SHOWS(test, "copy the value", "copy as command");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_screen, ui_test_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_jobs_come_first_in_the_log),
		CASE(test_the_list_has_the_same_rows),
		CASE(test_the_cursor_goes_over_jobs),
		CASE(test_x_means_the_job_that_was_seen),
		CASE(test_x_means_no_job_that_took_the_place),
		CASE(test_inverted_jobs_stay_first),
		CASE(test_each_line_is_a_target),
		CASE(test_wrong_lines_stay),
		CASE(test_a_file_has_no_lines_to_give),
		CASE(test_a_file_opens_nothing),
		CASE(test_the_menu_offers_what_is_there),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
