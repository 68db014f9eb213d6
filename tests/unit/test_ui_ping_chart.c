/* test_ui_ping_chart.c - however a chart is moved and stretched, what happened is drawn when it
 * happened; no further than all that is kept, and a word at each end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "ping_chart.h"
#include "ui_test.h"

struct scene {
	struct ui_test test;
	struct ui_ping_chart samples;
	struct sdr_spec spec;
	struct sdr_target target;
	sdr_wall from, to; /* of an outage */
};

static void advance(struct scene *scene)
{
	const struct sdr_clocks clocks = {
		scene->test.ui.now, scene->test.ui.now, scene->test.ui.wall};
	sdr_model_advance(sdr_app_model(scene->test.app), &clocks);
}

/* A target that has been probed for so long, and was down for two minutes, so long ago. */
static struct scene *open_scene(sdr_ns interval, sdr_ns lasted, sdr_ns ago)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	struct ui *ui = &scene->test.ui;
	ui_test_open(&scene->test, "xterm-256color", 24, 80);
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(scene->test.app));
	scene->spec = (struct sdr_spec){.type = sdr_probe_find("ping"), .interval = interval};
	scene->target = (struct sdr_target){.phase = SDR_PHASE_RUNNING,
		.spec = &scene->spec,
		.typed = "db1",
		.host = "db1",
		.name = "db1",
		.why = ""};
	ui->now += 25 * SDR_SECOND; /* minutes begin at other times than the wall clock's */
	advance(scene);
	sink.on_target(sink.context, &scene->target, SDR_TARGET_ADDED);
	scene->from = ui->wall + lasted - ago;
	scene->to = scene->from + 2 * SDR_MINUTE;
	for (sdr_ns passed = 0; passed < lasted; passed += interval) {
		bool lost = ui->wall >= scene->from && ui->wall < scene->to;
		const struct sdr_result result = {.sequence = ++scene->target.begun,
			.sent = ui->now,
			.when = ui->wall,
			.outcome = lost ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
			.rtt = lost ? SDR_NS_NONE : SDR_MS};
		sink.on_result(sink.context, &scene->target, &result);
		ui->now += interval;
		ui->wall += interval;
	}
	advance(scene);
	ui_test_keys(&scene->test, "2");
	(void)ui_test_draw(&scene->test);
	return scene;
}

static void close_scene(struct scene *scene)
{
	ui_test_close(&scene->test);
	free(scene);
}

static const char *press(struct scene *scene, const char *keys)
{
	ui_test_keys(&scene->test, keys);
	return ui_test_draw(&scene->test);
}

enum place { LIVE, BETWEEN, FIRST };

/* What a chart shows of the outage is when that was, to a probe or a minute; and it ends with now,
 * or begins with what is kept first. */
static void check(struct scene *scene, enum place place)
{
	struct ui_chart chart;
	ui_ping_chart_fill(&scene->samples, &scene->test.ui, 0, &chart);
	const struct ui_series *series = chart.series;
	sdr_ns slack = chart.interval == scene->spec.interval ? 2 * chart.interval : SDR_MINUTE;
	sdr_wall begin = chart.newest - series->count * chart.interval;
	bool seen = false;
	for (uint32_t i = 0; i < series->count; i++) {
		sdr_wall when = begin + i * chart.interval;
		if (series->samples[i] != SDR_SAMPLE_LOST)
			continue;
		seen = true;
		if (when < scene->from - slack || when > scene->to + slack)
			fail_msg("lost %lld s off, of %u by %lld ms",
				(long long)((when - scene->from) / SDR_SECOND), series->count,
				(long long)(chart.interval / SDR_MS));
	}
	bool within = scene->from > begin + slack && scene->to < chart.newest - slack,
	     apart = scene->to < begin - slack || scene->from > chart.newest + slack;
	assert_true(seen || !within);
	assert_true(!seen || !apart);
	assert_true(place != LIVE || chart.newest >= scene->test.ui.wall - 2 * chart.interval);
	assert_true(scene->samples.samples[1][0] == 0); /* of this one alone */
	sdr_wall first = scene->test.ui.wall - ui_ping_kept(&scene->test.ui, 0);
	bool moves = ui_ping_span(&scene->test.ui, 0) < ui_ping_kept(&scene->test.ui, 0);
	assert_true(!moves || begin >= first - 2 * slack);
	assert_true(!moves || place != FIRST || begin <= first + 2 * slack);
}

/* All zooms, and at each all places. */
static void look_everywhere(struct scene *scene)
{
	bool all = false;
	(void)press(scene, "+ + + + + + + + + + + + + + + + + + + +");
	for (int zoom = 0; zoom < 30 && !all; zoom++) {
		bool first = false;
		for (int steps = 0; steps < 4000 && !first; steps++) {
			check(scene, steps == 0 ? LIVE : BETWEEN);
			first = strstr(press(scene, "["), "no earlier: only the last");
		}
		assert_true(first);
		check(scene, FIRST);
		assert_non_null(strstr(press(scene, "0 0"), "charts end with now already"));
		check(scene, LIVE);
		all = strstr(press(scene, "-"), "no longer: this is all that is kept");
	}
	assert_true(all);
}

static void test_an_hour(void **state)
{
	struct scene *scene = open_scene(SDR_SECOND, 70 * SDR_MINUTE, 33 * SDR_MINUTE);
	(void)state;
	assert_true(ui_ping_kept(&scene->test.ui, 0) == SDR_HOUR);
	look_everywhere(scene);
	/* As chosen for a target of which far more is kept. */
	scene->test.ui.charting.probes = 1u << 24;
	assert_true(ui_ping_span(&scene->test.ui, 0) >= SDR_HOUR);
	assert_true(ui_ping_span(&scene->test.ui, 0) < 2 * SDR_HOUR);
	check(scene, LIVE);
	close_scene(scene);
}

/* What is probed often shows all of it, too, however many probes that are. */
static void test_often(void **state)
{
	struct scene *scene = open_scene(200 * SDR_MS, 30 * SDR_MINUTE, 14 * SDR_MINUTE);
	(void)state;
	assert_true(ui_ping_kept(&scene->test.ui, 0) == 30 * SDR_MINUTE);
	look_everywhere(scene);
	close_scene(scene);
}

/* What is probed seldom is kept for longer than an hour. */
static void test_seldom(void **state)
{
	struct scene *scene = open_scene(5 * SDR_MINUTE, 10 * SDR_HOUR, 70 * SDR_MINUTE);
	(void)state;
	assert_true(ui_ping_kept(&scene->test.ui, 0) > SDR_HOUR);
	look_everywhere(scene);
	close_scene(scene);
}

/* A few minutes old: no more is shown than there is, and the head has how much. */
static void test_a_few_minutes(void **state)
{
	struct scene *scene = open_scene(SDR_SECOND, 5 * SDR_MINUTE, 3 * SDR_MINUTE);
	(void)state;
	assert_non_null(strstr(press(scene, "g"), "1m00s of 5m00s  + - [ ] time"));
	look_everywhere(scene);
	assert_true(ui_ping_span(&scene->test.ui, 0) >= 5 * SDR_MINUTE);
	assert_true(ui_ping_span(&scene->test.ui, 0) < 10 * SDR_MINUTE);
	assert_non_null(strstr(press(scene, "+ + ["), "0 back to now"));
	/* All kinds that a single target has. */
	assert_non_null(strstr(press(scene, "v"), "charts: lines"));
	assert_non_null(strstr(press(scene, "v v v"), "charts: a histogram"));
	assert_non_null(strstr(press(scene, "v"), "charts: an area"));
	close_scene(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_hour),
		cmocka_unit_test(test_often),
		cmocka_unit_test(test_seldom),
		cmocka_unit_test(test_a_few_minutes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
