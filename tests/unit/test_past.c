/* test_past.c - what is known of a target is taken out and given back: to the same one after a
 * reset, to one in its place, to none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>

#include "model/model.h"
#include "sounder/past.h"

static const struct sdr_probe_type ping = {.name = "ping", .label = "icmp"},
				   http = {.name = "http", .label = "http"};
static const struct sdr_spec specs[] = {{.type = &ping, .interval = SDR_SECOND},
	{.type = &ping, .interval = 2 * SDR_SECOND}, {.type = &http, .interval = SDR_SECOND}};

struct scene {
	struct sdr_model *model;
	struct sdr_target targets[4];
	sdr_ns now;
};

static void add(struct scene *scene, uint32_t id, const struct sdr_spec *spec)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	scene->targets[id] = (struct sdr_target){.id = id,
		.phase = SDR_PHASE_RUNNING,
		.spec = spec,
		.typed = "db1",
		.name = "db1",
		.why = ""};
	sink.on_target(sink.context, &scene->targets[id], SDR_TARGET_ADDED);
}

static void probe(struct scene *scene, uint32_t id, unsigned good, unsigned bad)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	for (unsigned i = 0; i < good + bad; i++) {
		struct sdr_result result = {.sequence = ++scene->targets[id].begun,
			.sent = scene->now,
			.when = scene->now + 1,
			.outcome = i < good ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT,
			.rtt = i < good ? 5 * SDR_MS : SDR_NS_NONE};
		scene->now += SDR_SECOND;
		sink.on_result(sink.context, &scene->targets[id], &result);
	}
}

static int open_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	scene->model = sdr_model_new();
	scene->now = 1000 * SDR_SECOND;
	add(scene, 0, &specs[0]);
	probe(scene, 0, 10, 4);
	*state = scene;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *scene = *state;
	sdr_model_free(scene->model);
	free(scene);
	return 0;
}

static struct sdr_row row_of(const struct scene *scene, uint32_t id)
{
	struct sdr_row row;
	sdr_model_row(scene->model, sdr_model_position(scene->model, id), &row);
	return row;
}

static void test_reset(void **state)
{
	struct scene *scene = *state;
	struct sdr_past *past = sdr_model_past(scene->model, 0);
	sdr_model_reset(scene->model, 0);
	probe(scene, 0, 3, 0);
	assert_int_equal(row_of(scene, 0).received, 3);
	assert_int_equal(row_of(scene, 0).state, SDR_STATE_UP);
	assert_int_equal(sdr_model_set_past(scene->model, 0, past), SDR_OK);
	struct sdr_row row = row_of(scene, 0);
	assert_int_equal(row.received, 10);
	assert_int_equal(row.lost, 4);
	assert_int_equal(row.transmitted, 14);
	assert_int_equal(row.in_flight, 0);
	assert_int_equal(row.state, SDR_STATE_DOWN);
	assert_int_equal(sdr_model_tally(scene->model, SDR_STATE_DOWN), 1);
	assert_int_equal(sdr_model_tally(scene->model, SDR_STATE_UP), 0);
	probe(scene, 0, 5, 0);
	row = row_of(scene, 0);
	assert_int_equal(row.received, 15);
	assert_int_equal(row.in_flight, 0);
	assert_int_equal(row.state, SDR_STATE_UP);
	sdr_model_reset(scene->model, 0);
	assert_int_equal(row_of(scene, 0).transmitted, 0);
}

/* The series goes on behind a gap as long as nobody was there, outages are remembered. */
static void test_another_in_its_place(void **state)
{
	struct scene *scene = *state;
	struct sdr_sink sink = sdr_model_sink(scene->model);
	struct sdr_past *past = sdr_model_past(scene->model, 0);
	struct sdr_outage outages[4];
	sdr_ns samples[30];
	sink.on_target(sink.context, &scene->targets[0], SDR_TARGET_REMOVED);
	add(scene, 1, &specs[0]);
	probe(scene, 1, 1, 0);
	assert_int_equal(sdr_model_set_past(scene->model, 1, past), SDR_OK);
	struct sdr_row row = row_of(scene, 1);
	assert_ptr_equal(row.target, &scene->targets[1]);
	assert_int_equal(row.received, 10);
	assert_int_equal(row.transmitted, 14);
	assert_int_equal(row.in_flight, 0);
	scene->targets[1].begun++; /* on its way */
	assert_int_equal(row_of(scene, 1).in_flight, 1);
	scene->targets[1].begun--;
	probe(scene, 1, 3, 0);
	row = row_of(scene, 1);
	assert_int_equal(row.received, 13);
	assert_int_equal(row.in_flight, 0);
	assert_int_equal(row.state, SDR_STATE_UP);
	assert_int_equal(sdr_model_outages(scene->model, 0, scene->now, outages, 4), 1);
	assert_true(outages[0].to > 0);
	sdr_model_series(scene->model, 0, samples, 30);
	assert_true(samples[29] > 0 && samples[28] > 0 && samples[27] > 0);
	unsigned lost = 0;
	for (unsigned i = 0; i < 27; i++)
		lost += samples[i] == SDR_SAMPLE_LOST;
	assert_int_equal(lost, 4);
	sdr_model_reset(scene->model, 0);
	row = row_of(scene, 1);
	assert_int_equal(row.transmitted, 0);
	assert_int_equal(row.in_flight, 0);
	probe(scene, 1, 2, 0);
	assert_int_equal(row_of(scene, 1).transmitted, 2);
}

static void test_to_none(void **state)
{
	struct scene *scene = *state;
	assert_null(sdr_model_past(scene->model, 3));
	assert_null(sdr_model_past(scene->model, 4711));
	sdr_past_free(NULL);
	add(scene, 1, &specs[1]);
	add(scene, 2, &specs[2]);
	assert_int_equal(sdr_model_set_past(scene->model, 4711, sdr_model_past(scene->model, 0)),
		SDR_ENOENT);
	for (uint32_t id = 1; id <= 2; id++) {
		assert_int_equal(
			sdr_model_set_past(scene->model, id, sdr_model_past(scene->model, 0)),
			SDR_EINVAL);
		assert_int_equal(row_of(scene, id).received, 0);
	}
	sdr_past_free(sdr_model_past(scene->model, 0));
	assert_int_equal(row_of(scene, 0).received, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reset, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_another_in_its_place, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_to_none, open_scene, close_scene)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
