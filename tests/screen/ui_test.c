/* ui_test.c - a screen without a terminal. */
#include "ui_test.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "frame.h"
#include "keys.h"
#include "open.h"
#include "sounder/sanitize.h"
#include "ui_tick.h"

#define WALL ((sdr_wall)1795271527 * SDR_SECOND)
#define PICTURE_SIZE (1024 * 1024)

static void must(bool held, const char *what)
{
	if (held)
		return;
	fprintf(stderr, "ui_test: %s\n", what);
	exit(1);
}

void ui_test_open(struct ui_test *test, const char *terminal, int rows, int columns)
{
	setenv("TZ", "UTC", 1);
	tzset();
	memset(test, 0, sizeof(*test));
	test->ui.fixed_clock = true; /* before the app, which may have been linked to read these */
	test->ui.now = 48 * SDR_HOUR + 1000 * SDR_SECOND;
	test->ui.wall = WALL;
	test->privilege = (struct sdr_privilege){.icmp4 = -1,
		.icmp6 = -1,
		.ping4_errno = EACCES,
		.raw4_errno = EPERM,
		.ping6_errno = EACCES,
		.raw6_errno = EPERM};
	test->app = sdr_app_new(&test->privilege, sdr_commands);
	test->picture = malloc(PICTURE_SIZE);
	must(test->app && test->picture, "out of memory");
	must(sdr_app_open(test->app, SDR_PARTS_ALL, NULL) == SDR_OK, "the parts don't open");
	must(ui_canvas_new(terminal, &test->ui.canvas) == SDR_OK, "no such terminal type");
	ui_canvas_resize(test->ui.canvas, rows, columns);
	must(ui_open(&test->ui, test->app) == SDR_OK, "the screen does not open");
}

void ui_test_close(struct ui_test *test)
{
	ui_close(&test->ui);
	sdr_app_free(test->app);
	free(test->picture);
}

struct ui_test *ui_test_new(int rows, int columns)
{
	struct ui_test *test = malloc(sizeof(*test));
	must(test, "out of memory");
	setlocale(LC_CTYPE, "C.UTF-8");
	ui_test_open(test, "xterm-256color", rows, columns);
	return test;
}

int ui_test_setup(void **state)
{
	*state = ui_test_new(24, 80);
	return 0;
}

int ui_test_teardown(void **state)
{
	ui_test_close(*state);
	free(*state);
	return 0;
}

void ui_test_resize(struct ui_test *test, int rows, int columns)
{
	ui_canvas_resize(test->ui.canvas, rows, columns);
}

static void press(struct ui_test *test, uint32_t key)
{
	struct ui_event event = {.kind = UI_EVENT_KEY, .key = key};
	ui_on_event(&test->ui, &event);
	ui_test_draw(test); /* as on a terminal: what the next key acts on is what was seen */
}

void ui_test_keys(struct ui_test *test, const char *names)
{
	char *copy = strdup(names), *rest = copy, *name;
	while ((name = strsep(&rest, " \n"))) {
		uint32_t key;
		if (!*name)
			continue;
		must(ui_key_parse(name, &key, NULL) == SDR_OK, name);
		press(test, key);
	}
	free(copy);
}

void ui_test_text(struct ui_test *test, const char *text)
{
	size_t left = strlen(text);
	while (left > 0) {
		uint32_t code;
		size_t step = sdr_text_decode(text, left, &code);
		must(step > 0, "text to type is UTF-8");
		press(test, code);
		text += step;
		left -= step;
	}
}

void ui_test_loop(struct ui_test *test)
{
	for (int i = 0; i < 3; i++)
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
}

void ui_test_turns(struct ui_test *test, int most)
{
	test->ui.job_fresh = false; /* its turn is here */
	for (int i = 0; i < most && test->ui.jobs; i++) {
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
		ui_tick(&test->ui);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
}

void ui_test_wait(struct ui_test *test)
{
	ui_test_turns(test, 500);
}

void ui_test_begin(struct ui_test *test)
{
	while (test->ui.job_fresh) {
		test->ui.job_fresh = false;
		uv_run(sdr_app_loop(test->app), UV_RUN_NOWAIT);
	}
}

bool ui_test_work(struct ui_test *test)
{
	struct ui_slot *slot = ui_focused(&test->ui);
	bool any = false;
	while (slot->panel->work && slot->panel->work(&test->ui, slot->state))
		any = true;
	return any;
}

const char *ui_test_draw(struct ui_test *test)
{
	const char *bytes;
	ui_test_begin(test); /* as the screen does */
	struct ui_surface screen = ui_canvas_begin(test->ui.canvas);
	ui_frame_draw(&test->ui, &screen);
	ui_canvas_end(test->ui.canvas);
	ui_canvas_take(test->ui.canvas, &bytes);
	ui_frame_versions(&test->ui, &test->ui.drawn);
	ui_canvas_text(test->ui.canvas, test->picture, PICTURE_SIZE);
	return test->picture;
}
