/* test_uptime.c - availability by cells: against a count of each unit of time, and of a model's
 * targets by what their probes showed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/model_feed.h"
#include "model/uptime.h"

/* ---- against a second computation ---- */

#define UNIT (SDR_SECOND / 100)
#define CELL (SDR_UPTIME_CELL / UNIT)
#define TARGETS 3
#define SPAN (65 * 60 * 100)

static uint8_t states[TARGETS][SPAN]; /* of each unit of time */

static double counted(int64_t now, int64_t cell)
{
	int64_t up = 0, known = 0, from = cell < 0 ? 0 : cell * CELL,
		to = cell < 0 ? 0 : from + CELL;
	for (int64_t at = from; at < to && at < now; at++)
		for (int i = 0; i < TARGETS; i++) {
			up += states[i][at] == SDR_STATE_UP || states[i][at] == SDR_STATE_SLOW;
			known += states[i][at] != SDR_STATE_UNKNOWN &&
				states[i][at] != SDR_STATE_PAUSED;
		}
	return known ? (double)up / (double)known : NAN;
}

static void compare(const struct sdr_uptime *uptime, int64_t now)
{
	double shares[SDR_UPTIME_CELLS];
	(void)sdr_uptime_read(uptime, now * UNIT, shares);
	for (int i = 0; i < SDR_UPTIME_CELLS; i++) {
		double expected = counted(now, now / CELL - SDR_UPTIME_CELLS + 1 + i);
		if (isnan(expected) != isnan(shares[i]) || fabs(expected - shares[i]) > 1e-9)
			fail_msg("cell %d at %lld: %f, not %f", i, (long long)now, shares[i],
				expected);
	}
}

static void test_as_counted(void **state)
{
	struct sdr_uptime uptime = {0};
	uint8_t present[TARGETS] = {0};
	unsigned seed = 7;
	(void)state;
	for (int64_t now = 1; now < SPAN; now++) {
		for (int i = 0; i < TARGETS; i++) {
			states[i][now - 1] = present[i];
			if (rand_r(&seed) % 4000)
				continue;
			struct sdr_uptime_change change = {.from = present[i],
				.to = (enum sdr_state)(rand_r(&seed) % SDR_STATES)};
			int64_t back = rand_r(&seed) % 500, since = now > back ? now - back : 0;
			/* Not before its last change, which is when this state ended. */
			while (since < now && states[i][since] != present[i])
				since++;
			for (int64_t at = now - 1; at >= since; at--)
				if (states[i][at] != present[i])
					since = at + 1;
			change.since = since * UNIT;
			present[i] = (uint8_t)change.to;
			memset(&states[i][since], present[i], (size_t)(now - since));
			sdr_uptime_change(&uptime, &change, now * UNIT);
		}
		if (now % 997 == 0)
			compare(&uptime, now);
	}
	compare(&uptime, SPAN - 1);
}

static void test_long_ago_is_nothing(void **state)
{
	double shares[SDR_UPTIME_CELLS];
	struct sdr_uptime uptime = {0};
	const struct sdr_uptime_change down = {SDR_STATE_UP, SDR_STATE_DOWN, 100 * SDR_SECOND};
	(void)state;
	assert_true(isnan(sdr_uptime_read(&uptime, SDR_MINUTE, shares)));
	sdr_uptime_join(&uptime, SDR_STATE_UP, 0);
	assert_true(sdr_uptime_read(&uptime, 100 * SDR_SECOND, shares) == 1);
	sdr_uptime_change(&uptime, &down, 100 * SDR_SECOND);
	assert_true(fabs(sdr_uptime_read(&uptime, 200 * SDR_SECOND, shares) - 0.5) < 1e-9);
	assert_true(sdr_uptime_read(&uptime, 300 * SDR_MINUTE, shares) == 0);
	sdr_uptime_leave(&uptime, SDR_STATE_DOWN, 300 * SDR_MINUTE);
	assert_true(isnan(sdr_uptime_read(&uptime, 600 * SDR_MINUTE, shares)));
}

/* What is shorter than is counted is not lost: it goes into the next count. */
static void test_many_short_times(void **state)
{
	double shares[SDR_UPTIME_CELLS];
	struct sdr_uptime uptime = {0};
	sdr_ns now = 0;
	(void)state;
	sdr_uptime_join(&uptime, SDR_STATE_UP, now);
	for (int i = 0; i < 10000; i++) { /* another one comes and goes, every 3 ms */
		now += 3 * SDR_MS;
		if (i % 2)
			sdr_uptime_leave(&uptime, SDR_STATE_UP, now);
		else
			sdr_uptime_join(&uptime, SDR_STATE_UP, now);
	}
	assert_true(sdr_uptime_read(&uptime, now, shares) == 1);
	/* 30 s of the one; of the other as much as its times of joining say, to the unit. */
	assert_in_range(uptime.known[0], 3000, 6000);
}

/* ---- a model's ---- */

static const struct sdr_probe_type plain = {.name = "plain"};

struct world {
	struct sdr_model *model;
	struct sdr_spec specs[2];
	struct sdr_target targets[2];
};

static void probe(struct world *world, unsigned target, int second, enum sdr_outcome outcome)
{
	feed_time(world->model, second);
	feed_probe(world->model, &world->targets[target], second,
		outcome == SDR_OUTCOME_OK ? SDR_MS : SDR_NS_NONE);
}

static void open_world(struct world *world)
{
	static char *const groups[] = {"rack1", "rack2"};
	*world = (struct world){.model = sdr_model_new()};
	assert_non_null(world->model);
	for (unsigned i = 0; i < 2; i++) {
		world->specs[i] = (struct sdr_spec){.type = &plain,
			.interval = SDR_SECOND,
			.timeout = SDR_SECOND,
			.group = groups[i]};
		world->targets[i] = feed_target(&world->specs[i], i, groups[i]);
		feed_event(world->model, &world->targets[i], SDR_TARGET_ADDED);
	}
}

static uint32_t group_of(const struct world *world, uint32_t id)
{
	return sdr_model_group_of(world->model, sdr_model_position(world->model, id));
}

static void test_of_groups(void **state)
{
	double shares[SDR_UPTIME_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	/* Both answer from second 0; the second is lost from 50 to 69. */
	for (int second = 0; second < 100; second++)
		for (unsigned i = 0; i < 2; i++)
			probe(&world, i, second,
				i == 1 && second >= 50 && second < 70 ? SDR_OUTCOME_TIMEOUT
								      : SDR_OUTCOME_OK);
	sdr_ns now = 100 * SDR_SECOND;
	assert_true(sdr_model_uptime(world.model, group_of(&world, 0), now, shares) == 1);
	double share = sdr_model_uptime(world.model, group_of(&world, 1), now, shares);
	if (fabs(share - 0.8) > 0.001)
		fail_msg("%f of the time up, not 0.8", share);
	assert_true(fabs(shares[SDR_UPTIME_CELLS - 1] - share) < 1e-9);
	assert_true(isnan(shares[SDR_UPTIME_CELLS - 2]));
	share = sdr_model_uptime(world.model, SDR_GROUP_NONE, now, shares);
	assert_true(fabs(share - 0.9) < 0.001);
	assert_true(isnan(sdr_model_uptime(world.model, 77, now, shares)));
	sdr_model_free(world.model);
}

static void test_a_copy_stands_still(void **state)
{
	double shares[SDR_UPTIME_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	for (int second = 0; second < 10; second++)
		probe(&world, 0, second, SDR_OUTCOME_OK);
	struct sdr_model *copy = sdr_model_freeze(world.model);
	assert_non_null(copy);
	for (int second = 10; second < 20; second++)
		probe(&world, 0, second, SDR_OUTCOME_TIMEOUT);
	uint32_t group = group_of(&world, 0);
	assert_true(sdr_model_uptime(copy, group, 20 * SDR_SECOND, shares) == 1);
	assert_true(
		fabs(sdr_model_uptime(world.model, group, 20 * SDR_SECOND, shares) - 0.5) < 0.001);
	sdr_model_thaw(copy);
	sdr_model_free(world.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_counted),
		cmocka_unit_test(test_long_ago_is_nothing),
		cmocka_unit_test(test_many_short_times),
		cmocka_unit_test(test_of_groups),
		cmocka_unit_test(test_a_copy_stands_still),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
