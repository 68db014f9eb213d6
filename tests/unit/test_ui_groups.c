/* test_ui_groups.c - labels through the screen: typed, in a config that is written and read again;
 * and what keys do on the line of a group. Nothing is sent: the loop does not run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/engine.h"
#include "sounder/model.h"
#include "ui_test.h"

/* Sinks get what changed: one turn of the loop. */
static void turn(struct ui_test *test)
{
	ui_test_loop(test);
	test->ui.now += SDR_SECOND;
	ui_test_draw(test);
}

/* "127.0.0.1:9=rack3 ...": the targets in order, with their labels. */
static const char *targets_of(const struct ui_test *test)
{
	static char text[512];
	const struct sdr_engine *engine = sdr_app_engine(test->app);
	text[0] = '\0';
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		const char *group = target ? target->spec->group : NULL;
		size_t at = strlen(text);
		if (target)
			snprintf(text + at, sizeof(text) - at, "%s%s%s ", target->typed,
				group ? "=" : "", group ? group : "");
	}
	return text;
}

static void do_all(struct ui_test *test, const char *const *lines)
{
	for (; *lines; lines++)
		ui_do(&test->ui, *lines);
}

static const char *const some[] = {"tcp 127.0.0.1:9 -i 1h",
	"tcp 127.0.0.2:9 127.0.0.3:9 -i 1h --group rack3",
	"tcp 127.0.0.4:9 -i 1h --group \"rack 'x\"", "tcp 127.0.0.5:9 -i 1h",
	"tcp 127.0.0.6:9 -i 1h --group rack3", NULL};
#define SOME \
	"127.0.0.1:9 127.0.0.2:9=rack3 127.0.0.3:9=rack3 127.0.0.4:9=rack 'x 127.0.0.5:9 " \
	"127.0.0.6:9=rack3 "

static void test_a_written_config_has_the_same_groups(void **state)
{
	struct ui_test *test = *state;
	char path[] = "/tmp/sounder_groups_XXXXXX", line[64];
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	do_all(test, some);
	assert_string_equal(targets_of(test), SOME);
	snprintf(line, sizeof(line), "write-config %s", path);
	ui_do(&test->ui, line);
	ui_test_teardown(state);
	ui_test_setup(state);
	test = *state;
	assert_string_equal(targets_of(test), "");
	snprintf(line, sizeof(line), "source %s", path);
	ui_do(&test->ui, line);
	assert_string_equal(targets_of(test), SOME);
	ui_do(&test->ui, "tcp 127.0.0.7:9 -i 1h"); /* after the file */
	assert_null(sdr_engine_find(sdr_app_engine(test->app), 6)->spec->group);
	unlink(path);
}

/* What is marked, else what the cursor is on, else all under a head. */
static void test_labels_are_typed(void **state)
{
	struct ui_test *test = *state;
	do_all(test, some);
	ui_test_keys(test, "2");
	turn(test);
	ui_do(&test->ui, "group db");
	assert_non_null(strstr(test->ui.message, "127.0.0.1:9 is now of group db"));
	assert_non_null(strstr(targets_of(test), "127.0.0.1:9=db "));
	ui_test_keys(test, "Down Down * Down *");
	ui_do(&test->ui, "group web");
	assert_non_null(strstr(test->ui.message, "2 targets are now of group web"));
	assert_string_equal(targets_of(test),
		"127.0.0.1:9=db 127.0.0.2:9=rack3 127.0.0.3:9=web 127.0.0.4:9=rack 'x "
		"127.0.0.5:9=web 127.0.0.6:9=rack3 ");
	ui_do(&test->ui, "mark --none");
	turn(test);
	ui_do(&test->ui, "group-by group");
	turn(test);
	ui_test_keys(test, "g");
	ui_do(&test->ui, "group");
	assert_non_null(strstr(test->ui.message, "has no label any more"));
	assert_non_null(strstr(targets_of(test), "127.0.0.1:9 "));
	ui_do(&test->ui, "group ' x'");
	assert_non_null(strstr(test->ui.message, "1 to 63 characters"));
	ui_do(&test->ui, "copy --command");
}

/* On the line of a group what can be taken back is done to all, what can't is refused. */
static void test_keys_on_the_line_of_a_group(void **state)
{
	struct ui_test *test = *state;
	const struct sdr_engine *engine = sdr_app_engine(test->app);
	do_all(test, some);
	ui_test_keys(test, "2");
	turn(test);
	ui_do(&test->ui, "group-by group");
	turn(test);
	assert_non_null(strstr(ui_test_draw(test), "\u25be rack3"));
	assert_non_null(strstr(ui_test_draw(test), "0 of 3 up  3 new"));
	ui_test_keys(test, "g Down Down Down Down Down"); /* 127.0.0.0/24 and its two; rack 'x */
	struct ui_subject subject;
	ui_subject(&test->ui, &subject);
	assert_string_equal(subject.value, "rack3");
	assert_true(subject.members == 3 && subject.id == UI_NO_TARGET);
	ui_test_keys(test, "d");
	assert_non_null(strstr(test->ui.message, "rack3 has 3 targets"));
	ui_test_keys(test, "r e *");
	assert_string_equal(targets_of(test), SOME);
	assert_int_equal(test->ui.charting.marked, 0);
	ui_test_keys(test, "p");
	for (uint32_t id = 0; id < 6; id++)
		assert_int_equal(sdr_engine_find(engine, id)->phase == SDR_PHASE_PAUSED,
			id == 1 || id == 2 || id == 5);
	turn(test);
	assert_non_null(strstr(ui_test_draw(test), "0 of 3 up  3 paused"));
	ui_do(&test->ui, "group y"); /* all of them */
	assert_non_null(strstr(targets_of(test), "127.0.0.6:9=y"));
	assert_null(strstr(targets_of(test), "rack3"));
	turn(test);
	ui_test_keys(test, "g f");
	ui_subject(&test->ui, &subject);
	assert_string_equal(subject.value, "y"); /* the worst */
	assert_non_null(strstr(ui_test_draw(test), "\u25b8 y"));
	assert_null(strstr(ui_test_draw(test), "127.0.0.6:9"));
	assert_non_null(strstr(ui_test_draw(test), "127.0.0.5:9"));
	ui_test_keys(test, "F");
	assert_null(strstr(ui_test_draw(test), "127.0.0.5:9"));
	ui_test_keys(test, "F p");
	assert_int_equal(sdr_engine_find(engine, 5)->phase, SDR_PHASE_RUNNING);
	ui_do(&test->ui, "group-by off");
	turn(test);
	ui_do(&test->ui, "group-by group");
	turn(test);
	ui_test_keys(test, "g p");
	ui_subject(&test->ui, &subject);
	assert_string_equal(subject.value, "127.0.0.0/24");
	assert_int_equal(sdr_engine_find(engine, 0)->phase, SDR_PHASE_PAUSED);
	turn(test);
	ui_test_keys(test, "p"); /* the same, wherever it stands now */
	assert_int_equal(sdr_engine_find(engine, 0)->phase, SDR_PHASE_RUNNING);
	ui_do(&test->ui, "group-by name");
	ui_test_keys(test, "f");
	assert_non_null(strstr(test->ui.message, "nothing folds here"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_a_written_config_has_the_same_groups, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_labels_are_typed, ui_test_setup, ui_test_teardown),
		cmocka_unit_test_setup_teardown(
			test_keys_on_the_line_of_a_group, ui_test_setup, ui_test_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
