/* test_flaps.c - which targets flap, against a list of all changes; what the journal has of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/model_feed.h"
#include "model/flaps.h"
#include "sounder/past.h"

/* ---- against a list ---- */

#define CHANGES 4000

static uint32_t within(const sdr_ns *at, uint32_t count, sdr_ns now)
{
	uint32_t found = 0;
	while (found < count && now - at[count - 1 - found] <= SDR_FLAP_TIME)
		found++;
	return found;
}

static void test_as_listed(void **state)
{
	static sdr_ns at[CHANGES];
	struct sdr_flaps flaps = {0};
	unsigned seed = 11, begins = 0;
	uint32_t spell = 0;
	sdr_ns now = 0;
	(void)state;
	for (uint32_t i = 0; i < CHANGES; i++) {
		now += (rand_r(&seed) % 3 ? 20 : 700) * SDR_SECOND + rand_r(&seed) % 1000;
		bool over = spell > 0 && within(at, i, now) == 0;
		assert_int_equal(sdr_flaps_is_over(&flaps, now), over);
		if (over) {
			flaps.changes = 0;
			spell = 0;
		}
		at[i] = now;
		bool begin = spell == 0 && within(at, i + 1, now) >= SDR_FLAP_CHANGES;
		spell = begin ? SDR_FLAP_CHANGES : spell > 0 ? spell + 1 : 0;
		begins += begin;
		assert_int_equal(sdr_flaps_change(&flaps, now), begin);
		assert_int_equal(flaps.changes, spell);
		if (begin)
			assert_int_equal(flaps.began, at[i + 1 - SDR_FLAP_CHANGES]);
	}
	assert_in_range(begins, 10, CHANGES);
}

/* ---- in a model ---- */

static const struct sdr_probe_type plain = {.name = "plain"};

struct world {
	struct sdr_model *model;
	struct sdr_spec spec;
	struct sdr_target target;
	int second;
	unsigned changes; /* that a listener was given */
};

static void on_state(
	void *context, const struct sdr_target *target, enum sdr_state from, enum sdr_state to)
{
	struct world *world = context;
	(void)target;
	world->changes += from != to;
}

static void open_world(struct world *world)
{
	*world = (struct world){.model = sdr_model_new()};
	assert_non_null(world->model);
	const struct sdr_model_listener listener = {.context = world, .state = on_state};
	sdr_model_listen(world->model, &listener);
	world->spec =
		(struct sdr_spec){.type = &plain, .interval = SDR_SECOND, .timeout = SDR_SECOND};
	world->target = feed_target(&world->spec, 0, "db1");
	feed_event(world->model, &world->target, SDR_TARGET_ADDED);
}

static void advance(struct world *world, int seconds)
{
	world->second += seconds;
	feed_time(world->model, world->second);
}

/* So many seconds of answers, or of losses. */
static void probe(struct world *world, int seconds, enum sdr_outcome outcome)
{
	for (int i = 0; i < seconds; i++) {
		advance(world, 1);
		feed_probe(world->model, &world->target, world->second,
			outcome == SDR_OUTCOME_OK ? SDR_MS : SDR_NS_NONE);
	}
}

static void go_up_and_down(struct world *world, int times)
{
	for (int i = 0; i < times; i++) {
		probe(world, 10, SDR_OUTCOME_TIMEOUT);
		probe(world, 10, SDR_OUTCOME_OK);
	}
}

static const char *newest(const struct world *world)
{
	const struct sdr_event *event = sdr_model_event(world->model, 0);
	return event ? event->text : "";
}

static void test_the_journal_has_it_once(void **state)
{
	struct world world;
	struct sdr_row row;
	(void)state;
	open_world(&world);
	probe(&world, 5, SDR_OUTCOME_OK);
	go_up_and_down(&world, 1);
	sdr_model_row(world.model, 0, &row);
	assert_int_equal(row.flaps, 0);
	assert_false(sdr_model_flaps(world.model, 0));
	assert_non_null(strstr(newest(&world), "DOWN -> up"));
	go_up_and_down(&world, 1); /* the fourth change */
	assert_non_null(strstr(newest(&world), "-> FLAPS"));
	assert_true(sdr_model_flaps(world.model, 0));
	assert_int_equal(sdr_model_flapping(world.model), 1);
	assert_int_equal(sdr_model_wrong(world.model), 1); /* up as it is */
	uint64_t entries = sdr_model_event_count(world.model);
	go_up_and_down(&world, 7);
	assert_int_equal(sdr_model_event_count(world.model), entries);
	assert_int_equal(world.changes, 1 + 18);
	sdr_model_row(world.model, 0, &row);
	assert_int_equal(row.flaps, 18);
	assert_int_equal(row.state, SDR_STATE_UP);
	probe(&world, 5, SDR_OUTCOME_TIMEOUT);
	assert_int_equal(sdr_model_wrong(world.model), 1); /* not twice */
	probe(&world, 5, SDR_OUTCOME_OK);
	uint64_t version = sdr_model_order_version(world.model);
	probe(&world, 595, SDR_OUTCOME_OK);
	assert_true(sdr_model_flaps(world.model, 0));
	probe(&world, 10, SDR_OUTCOME_OK);
	assert_false(sdr_model_flaps(world.model, 0));
	assert_int_equal(sdr_model_flapping(world.model), 0);
	assert_int_equal(sdr_model_wrong(world.model), 0);
	assert_non_null(strstr(newest(&world), "FLAPS -> up after 20 changes"));
	assert_int_equal(sdr_model_event_count(world.model), entries + 1);
	assert_true(sdr_model_order_version(world.model) > version);
	/* From the beginning. */
	go_up_and_down(&world, 1);
	assert_int_equal(sdr_model_event_count(world.model), entries + 3);
	sdr_model_free(world.model);
}

static void test_who_goes_flaps_no_more(void **state)
{
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 5, SDR_OUTCOME_OK);
	go_up_and_down(&world, 2);
	struct sdr_model *copy = sdr_model_freeze(world.model);
	assert_non_null(copy);
	assert_int_equal(sdr_model_flapping(copy), 1);
	assert_true(sdr_model_flaps(copy, 0));
	sdr_model_thaw(copy);
	feed_event(world.model, &world.target, SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_flapping(world.model), 0);
	assert_int_equal(sdr_model_wrong(world.model), 0);
	sdr_model_free(world.model);
}

/* What is taken out and given back flaps as it did. */
static void test_it_comes_back(void **state)
{
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 5, SDR_OUTCOME_OK);
	go_up_and_down(&world, 2);
	struct sdr_past *past = sdr_model_past(world.model, 0);
	assert_non_null(past);
	feed_event(world.model, &world.target, SDR_TARGET_REMOVED);
	feed_event(world.model, &world.target, SDR_TARGET_ADDED);
	assert_int_equal(sdr_model_flapping(world.model), 0);
	assert_int_equal(sdr_model_set_past(world.model, 0, past), SDR_OK);
	assert_int_equal(sdr_model_flapping(world.model), 1);
	assert_int_equal(sdr_model_wrong(world.model), 1);
	advance(&world, 700);
	assert_int_equal(sdr_model_flapping(world.model), 0);
	sdr_model_free(world.model);
}

/* To be stopped and to go on is no change. */
static void test_pauses(void **state)
{
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 5, SDR_OUTCOME_OK);
	for (int i = 0; i < 10; i++) {
		world.target.phase = i % 2 ? SDR_PHASE_RUNNING : SDR_PHASE_PAUSED;
		feed_event(world.model, &world.target, SDR_TARGET_CHANGED);
		advance(&world, 5);
	}
	assert_int_equal(sdr_model_flapping(world.model), 0);
	/* Stopped, it shows as that; it goes on where it was. */
	world.target.phase = SDR_PHASE_RUNNING;
	feed_event(world.model, &world.target, SDR_TARGET_CHANGED);
	go_up_and_down(&world, 3);
	assert_true(sdr_model_flaps(world.model, 0));
	world.target.phase = SDR_PHASE_PAUSED;
	feed_event(world.model, &world.target, SDR_TARGET_CHANGED);
	struct sdr_row row;
	sdr_model_row(world.model, 0, &row);
	assert_int_equal(row.flaps, 0);
	assert_false(sdr_model_flaps(world.model, 0));
	world.target.phase = SDR_PHASE_RUNNING;
	feed_event(world.model, &world.target, SDR_TARGET_CHANGED);
	assert_true(sdr_model_flaps(world.model, 0));
	sdr_model_free(world.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_listed),
		cmocka_unit_test(test_the_journal_has_it_once),
		cmocka_unit_test(test_who_goes_flaps_no_more),
		cmocka_unit_test(test_it_comes_back),
		cmocka_unit_test(test_pauses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
