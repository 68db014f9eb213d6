/* panel.c - what a frame of the ping panel costs: `panel TARGETS FRAMES [KEY [PANEL [LINES
 * COLUMNS]]]`, PANEL being the digit of another one. The screen is drawn into memory, 120x40 as a
 * rule, with TARGETS targets that all
 * get an answer a second on a made-up clock, four frames a second; every 16th frame follows a key.
 * Before each frame comes a look at what changed, in which a panel does what would hold the frame
 * up. Prints microseconds of CPU, since the rest of the machine is not of interest: p50, p99 and
 * most of frames, their mean, then p99 and most of looks. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "frame.h"
#include "model/model.h"
#include "ui_test.h"
#include "ui_tick.h"

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct sdr_target *make_targets(uint32_t count, const struct sdr_sink *sink)
{
	struct sdr_target *targets = calloc(count, sizeof(*targets));
	struct sdr_spec *spec = calloc(1, sizeof(*spec)); /* for the program's life */
	if (!spec)
		return NULL;
	*spec = (struct sdr_spec){.type = sdr_probe_find("ping"), .interval = SDR_SECOND};
	for (uint32_t i = 0; targets && i < count; i++) {
		char *name = malloc(24);
		snprintf(name, 24, "127.%u.%u.%u", 1 + i / 65536, i / 256 % 256, i % 256);
		targets[i] = (struct sdr_target){
			.id = i, .phase = SDR_PHASE_RUNNING, .why = "", .name = name};
		targets[i].spec = spec;
		targets[i].typed = targets[i].host = name;
		targets[i].addr = (struct sdr_addr){
			.version = 4, .bytes = {127, 1, (uint8_t)(i >> 8), (uint8_t)i}};
		sink->on_target(sink->context, &targets[i], SDR_TARGET_ADDED);
	}
	return targets;
}

/* A quarter of the targets get an answer, or none: some change their state in every frame. */
static void notify(const struct sdr_sink *sink, const struct sdr_target *targets, uint32_t count,
	uint32_t frame, const struct ui *ui)
{
	for (uint32_t i = frame % 4; i < count; i += 4) {
		bool lost = (frame / 4 + i * 7) % 400 < 5;
		struct sdr_result result = {.sequence = frame / 4 + 1,
			.sent = ui->now,
			.when = ui->wall,
			.outcome = lost ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
			.rtt = lost ? SDR_NS_NONE
				    : (sdr_ns)(100000 + (uint64_t)i * 2654435761u % 5000000)};
		sink->on_result(sink->context, &targets[i], &result);
	}
}

static double draw(struct ui_test *test)
{
	const char *bytes;
	double start = now_us();
	struct ui_surface screen = ui_canvas_begin(test->ui.canvas);
	ui_frame_draw(&test->ui, &screen);
	ui_canvas_end(test->ui.canvas);
	ui_canvas_take(test->ui.canvas, &bytes);
	return now_us() - start;
}

static double look(struct ui_test *test)
{
	double start = now_us();
	ui_tick(&test->ui);
	return now_us() - start;
}

int main(int argc, char **argv)
{
	uint32_t count = argc > 1 ? (uint32_t)atoi(argv[1]) : 10,
		 frames = argc > 2 ? (uint32_t)atoi(argv[2]) : 400;
	struct ui_test test;
	ui_test_open(&test, "xterm-256color", argc > 6 ? atoi(argv[5]) : 40,
		argc > 6 ? atoi(argv[6]) : 120);
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(test.app));
	struct sdr_target *targets = make_targets(count, &sink);
	double *times = calloc(frames, sizeof(*times)), *looks = calloc(frames, sizeof(*looks)),
	       sum = 0;
	if (!targets || !times || !looks || frames == 0)
		return 2;
	ui_test_keys(&test, argc > 4 ? argv[4] : "2");
	for (uint32_t frame = 0; frame < frames; frame++) {
		notify(&sink, targets, count, frame, &test.ui);
		test.ui.now += SDR_SECOND / 4;
		test.ui.wall += SDR_SECOND / 4;
		if (frame % 16 == 8)
			ui_test_keys(&test, argc > 3 ? argv[3] : "PgDn");
		looks[frame] = look(&test);
		times[frame] = draw(&test);
		sum += times[frame];
	}
	qsort(times, frames, sizeof(*times), by_size);
	qsort(looks, frames, sizeof(*looks), by_size);
	printf("%.0f %.0f %.0f %.0f %.0f %.0f\n", times[frames / 2], times[frames * 99 / 100],
		times[frames - 1], sum / frames, looks[frames * 99 / 100], looks[frames - 1]);
	ui_test_close(&test);
	return 0;
}
