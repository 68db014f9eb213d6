/* test_ui_pace.c - when the screen looks for what changed, and that among many targets it sees what
 * changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame_pace.h"
#include "model/model.h"
#include "ui_test.h"
#include "ui_tick.h"

#define MANY 3000

struct scene {
	struct ui_test test;
	struct sdr_sink sink;
	struct sdr_spec spec;
	struct sdr_target *targets;
	char (*names)[24];
	uint32_t count;
};

static void open_scene(struct scene *scene, uint32_t count, sdr_ns interval)
{
	ui_test_open(&scene->test, "xterm-256color", 40, 120);
	scene->sink = sdr_model_sink(sdr_app_model(scene->test.app));
	scene->targets = calloc(count, sizeof(*scene->targets));
	scene->names = calloc(count, sizeof(*scene->names));
	scene->count = count;
	scene->spec = (struct sdr_spec){.type = sdr_probe_find("ping"), .interval = interval};
	assert_true(scene->targets && scene->names);
	for (uint32_t i = 0; i < count; i++) {
		snprintf(scene->names[i], sizeof(scene->names[i]), "host%05u", i);
		scene->targets[i] = (struct sdr_target){
			.id = i, .phase = SDR_PHASE_RUNNING, .why = "", .name = scene->names[i]};
		scene->targets[i].spec = &scene->spec;
		scene->targets[i].typed = scene->targets[i].host = scene->names[i];
		scene->sink.on_target(scene->sink.context, &scene->targets[i], SDR_TARGET_ADDED);
	}
}

static void close_scene(struct scene *scene)
{
	ui_test_close(&scene->test);
	free(scene->targets);
	free(scene->names);
}

static void notify(struct scene *scene, uint32_t target, uint64_t sequence, bool lost)
{
	struct sdr_result result = {.sequence = sequence,
		.sent = scene->test.ui.now,
		.when = scene->test.ui.wall,
		.outcome = lost ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
		.rtt = lost ? SDR_NS_NONE : (target + 1) * SDR_US};
	scene->sink.on_result(scene->sink.context, &scene->targets[target], &result);
}

/* Probed once a second: answers wait until a second is over, a state does not, and where nothing
 * comes the clock is looked at. */
static void test_calm(void **state)
{
	struct scene scene;
	struct ui_pace pace = {0};
	struct ui *ui = &scene.test.ui;
	(void)state;
	open_scene(&scene, 2, SDR_SECOND);
	ui_pace_looked(&pace, ui, 3000);
	ui_pace_looked(&pace, ui, 5000);
	assert_int_equal(pace.next, 6000);
	assert_false(ui_pace_hurries(&pace, ui, 5010));
	notify(&scene, 0, 1, false);
	notify(&scene, 1, 1, false);
	assert_true(ui_pace_hurries(&pace, ui, 5020)); /* two that were new are up */
	assert_int_equal(pace.next, 5250);
	ui_pace_looked(&pace, ui, 5250);
	notify(&scene, 0, 2, false);
	assert_true(ui_pace_hurries(&pace, ui, 5400));
	assert_int_equal(pace.next, 6150);
	assert_false(ui_pace_hurries(&pace, ui, 5500));
	for (uint64_t sequence = 2; sequence < 5; sequence++)
		notify(&scene, 1, sequence, true);
	assert_true(ui_pace_hurries(
		&pace, ui, 5600)); /* down: at once, since the last look is a frame's time ago */
	assert_int_equal(pace.next, 5600);
	close_scene(&scene);
}

/* A look for something else, an interface's figures, moves neither the data's nor the clock's. */
static void test_data_keeps_step(void **state)
{
	struct scene scene;
	struct ui_pace pace = {0};
	struct ui *ui = &scene.test.ui;
	(void)state;
	open_scene(&scene, 1, SDR_SECOND);
	for (uint64_t second = 1; second < 20; second++) {
		int64_t now = (int64_t)second * 1000;
		notify(&scene, 0, second, false);
		if (second > 1) {
			(void)ui_pace_hurries(&pace, ui, now);
			assert_int_equal(pace.next, now + 30);
		}
		ui_pace_looked(&pace, ui, now + 30);
		assert_true(pace.next >= now + 1030);
		if (second % 3 == 0) {
			ui_pace_looked(&pace, ui, now + 30 + (int64_t)second * 40);
			assert_true(pace.next >= now + 1030);
		}
	}
	close_scene(&scene);
}

static void test_fast(void **state)
{
	struct scene scene;
	struct ui_pace pace = {0};
	(void)state;
	open_scene(&scene, 2, SDR_SECOND / 10);
	ui_pace_looked(&pace, &scene.test.ui, 5000);
	assert_int_equal(pace.next, 5250);
	close_scene(&scene);
}

/* Where answers come more rarely than each second, the clock does not wait for them. */
static void test_rare(void **state)
{
	struct scene scene;
	struct ui_pace pace = {0};
	(void)state;
	open_scene(&scene, 1, 2 * SDR_SECOND);
	ui_pace_looked(&pace, &scene.test.ui, 5000);
	notify(&scene, 0, 1, false);
	ui_pace_looked(&pace, &scene.test.ui, 5250);
	assert_in_range(pace.next, 5251, 6250);
	close_scene(&scene);
}

static void test_nothing_to_watch(void **state)
{
	struct scene scene;
	struct ui_pace pace = {0};
	(void)state;
	open_scene(&scene, 0, 0);
	ui_pace_looked(&pace, &scene.test.ui, 5000);
	assert_int_equal(pace.next, 6000);
	close_scene(&scene);
}

static void pass(struct scene *scene, sdr_ns time)
{
	scene->test.ui.now += time;
	scene->test.ui.wall += time;
	ui_tick(&scene->test.ui);
}

/* Where each look asks only for what changed, the table still shows who is down, and all of
 * those. */
static void test_order_follows_states(void **state)
{
	struct scene scene;
	uint64_t sequence = 1;
	unsigned random = 7;
	bool down[MANY] = {false};
	(void)state;
	open_scene(&scene, MANY, SDR_SECOND);
	for (uint32_t i = 0; i < MANY; i++)
		notify(&scene, i, sequence, false);
	ui_test_keys(&scene.test, "2");
	pass(&scene, UI_HOLD);
	for (int round = 0; round < 40; round++) {
		char wanted[64];
		uint32_t count = 0, first = MANY;
		for (int i = 0; i < (round % 10 == 9 ? MANY : 5); i++) {
			random = random * 1103515245 + 12345;
			down[(random >> 8) % MANY] = random >> 30 == 0;
		}
		for (int i = 0; i < 3; i++, sequence++)
			for (uint32_t target = 0; target < MANY; target++)
				notify(&scene, target, sequence + 1, down[target]);
		pass(&scene, SDR_SECOND);
		for (uint32_t target = MANY; target-- > 0;) {
			count += down[target];
			first = down[target] ? target : first;
		}
		const char *picture = ui_test_draw(&scene.test);
		snprintf(wanted, sizeof(wanted), "3,000 targets, %u down", count);
		assert_true(count == 0 || count > 999 || strstr(picture, wanted));
		snprintf(wanted, sizeof(wanted), "  %s ", scene.names[first < MANY ? first : 0]);
		assert_non_null(strstr(picture, wanted));
	}
	close_scene(&scene);
}

/* A target may end between two frames: the next key acts on nothing, and asks nothing of one that
 * is gone; what stands in its place is meant once it was drawn. */
static void test_a_key_right_after_a_target_ended(void **state)
{
	struct scene scene;
	struct ui_subject subject;
	(void)state;
	open_scene(&scene, 6, SDR_SECOND);
	for (uint32_t i = 0; i < 6; i++)
		notify(&scene, i, 1, false);
	ui_test_keys(&scene.test, "2 > ");
	ui_test_draw(&scene.test);
	ui_test_keys(&scene.test, "Down Down");
	ui_test_draw(&scene.test);
	assert_true(ui_subject(&scene.test.ui, &subject));
	assert_string_equal(subject.target, "host00002");
	scene.sink.on_target(scene.sink.context, &scene.targets[2], SDR_TARGET_REMOVED);
	assert_false(ui_subject(&scene.test.ui, &subject));
	ui_test_draw(&scene.test);
	assert_true(ui_subject(&scene.test.ui, &subject));
	assert_string_equal(subject.target, "host00003");
	ui_test_keys(&scene.test, "End");
	ui_test_draw(&scene.test);
	for (uint32_t i = 6; i-- > 3;) {
		assert_true(ui_subject(&scene.test.ui, &subject));
		assert_string_equal(subject.target, scene.names[i]);
		scene.sink.on_target(scene.sink.context, &scene.targets[i], SDR_TARGET_REMOVED);
		ui_test_keys(&scene.test, i % 2 ? "y" : "Down");
		assert_true(i % 2 == 0 || strstr(scene.test.ui.message, "gone"));
		ui_test_draw(&scene.test);
	}
	assert_true(ui_subject(&scene.test.ui, &subject));
	assert_string_equal(subject.target, "host00001");
	close_scene(&scene);
}

/* Sorted by a figure, all are computed after some checks: the slowest comes first. */
static void test_order_by_figures(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, MANY, SDR_SECOND);
	for (uint32_t i = 0; i < MANY; i++)
		notify(&scene, i, 1, false);
	ui_test_keys(&scene.test, "2 > > > >");
	for (int look = 0; look < 8; look++) {
		pass(&scene, SDR_SECOND / 4);
		ui_test_draw(&scene.test);
	}
	const char *at = ui_test_draw(&scene.test);
	for (uint32_t i = MANY; i > MANY - 20; i--) {
		at = strstr(at, scene.names[i - 1]);
		assert_non_null(at);
	}
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_data_keeps_step),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_rare),
		cmocka_unit_test(test_nothing_to_watch),
		cmocka_unit_test(test_a_key_right_after_a_target_ended),
		cmocka_unit_test(test_order_follows_states),
		cmocka_unit_test(test_order_by_figures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
