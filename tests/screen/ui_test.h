/* ui_test.h - a screen without a terminal, for tests: opened on a real app, drawn into memory, fed
 * keys, read back as text.
 *
 * Its clock stands still at 2026-11-21 14:32:07 UTC and its loop runs only when a test runs it, so
 * a picture depends on nothing else. */
#ifndef UI_TEST_H
#define UI_TEST_H

#include "ui_state.h"

struct ui_test {
	struct sdr_privilege privilege; /* none: no ICMP socket */
	struct sdr_app *app;
	struct ui ui;
	char *picture; /* of the last ui_test_draw */
};

/* Opens a screen for a terminal type. Ends the test program where that fails. */
void ui_test_open(struct ui_test *test, const char *terminal, int rows, int columns);
void ui_test_close(struct ui_test *test);

/* The same for a test that cmocka begins and ends: a screen of a size with UTF-8, of 24 x 80 as the
 * test's state, and the end of that state. */
struct ui_test *ui_test_new(int rows, int columns);
int ui_test_setup(void **state);
int ui_test_teardown(void **state);

void ui_test_resize(struct ui_test *test, int rows, int columns);

/* Presses keys by name, blank-separated: "4 i Esc". */
void ui_test_keys(struct ui_test *test, const char *names);

/* Types characters. */
void ui_test_text(struct ui_test *test, const char *text);

/* Has what was asked begin: an answer that needs nobody else is there then. */
void ui_test_begin(struct ui_test *test);

/* Gives the loop a few turns, after which the model knows what was added. */
void ui_test_loop(struct ui_test *test);

/* Runs the loop until no question is open, for at most some seconds. */
void ui_test_wait(struct ui_test *test);
void ui_test_turns(struct ui_test *test, int most); /* or so many turns of 10 ms */

/* Has the panel do all that it does between frames, however slow the machine is. Returns whether it
 * had anything to do. */
bool ui_test_work(struct ui_test *test);

/* Draws a frame and returns the picture: UTF-8 rows, without trailing blanks. Valid until the
 * next. */
const char *ui_test_draw(struct ui_test *test);

#endif
