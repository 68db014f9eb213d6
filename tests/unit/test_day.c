/* test_day.c - the last day by half hours: against a count of each second, and of a model whose
 * machine sleeps, whose clock is set, whose targets come back. */
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
#include "model/day.h"
#include "sounder/past.h"

#define SECONDS (SDR_DAY_CELL / SDR_SECOND) /* of a cell */
#define NOW (SDR_DAY_CELLS - 1)             /* the newest */
#define STEP (1.0 / 200 + 1e-9)

/* ---- against a second computation ---- */

#define SPAN (75 * 3600)

static uint8_t states[SPAN];

static void compare(const struct sdr_day *day, int64_t now)
{
	double shares[SDR_DAY_CELLS];
	sdr_day_read(day, shares);
	for (int i = 0; i < SDR_DAY_CELLS; i++) {
		int64_t cell = now / SECONDS - NOW + i, up = 0, known = 0;
		for (int64_t at = cell * SECONDS;
			cell >= 0 && at < now && at < (cell + 1) * SECONDS; at++) {
			bool is_up = states[at] == SDR_STATE_UP || states[at] == SDR_STATE_SLOW;
			up += is_up;
			known += is_up || states[at] == SDR_STATE_DOWN;
		}
		double share = known ? (double)up / (double)known : NAN;
		bool right = known ? shares[i] >= 0 && fabs(shares[i] - share) < STEP &&
				(shares[i] == 1) == (up == known) && (shares[i] == 0) == (up == 0)
				   : isnan(shares[i]);
		if (!right)
			fail_msg(
				"cell %d at %lld: %f, not %f", i, (long long)now, shares[i], share);
	}
}

/* Times of a state, some of which are longer than all that is kept. */
static int64_t length_of(unsigned *seed)
{
	static const int lengths[] = {3, 100, 2000, 2000, 20000, 90000};
	return 1 + rand_r(seed) % lengths[rand_r(seed) % 6];
}

static void test_as_counted(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 60; seed++) {
		unsigned random = seed;
		struct sdr_day day;
		int64_t now = rand_r(&random) % 4000;
		memset(states, SDR_STATE_UNKNOWN, sizeof(states));
		sdr_day_init(&day, now * SDR_SECOND);
		while (now < SPAN) {
			enum sdr_state present = (enum sdr_state)(rand_r(&random) % SDR_STATES);
			int64_t until = now + length_of(&random);
			until = until < SPAN ? until : SPAN;
			memset(&states[now], (int)present, (size_t)(until - now));
			sdr_day_count(&day, present, until * SDR_SECOND);
			now = until;
			compare(&day, now);
		}
	}
}

/* However short a failure was, that half hour was not whole; and it does not count twice. */
static void test_whole_only_where_it_is(void **state)
{
	double shares[SDR_DAY_CELLS];
	struct sdr_day day;
	(void)state;
	sdr_day_init(&day, 0);
	sdr_day_count(&day, SDR_STATE_UP, 10 * SDR_MINUTE);
	sdr_day_count(&day, SDR_STATE_DOWN, 10 * SDR_MINUTE + SDR_US);
	sdr_day_count(&day, SDR_STATE_UP, 65 * SDR_MINUTE);
	sdr_day_read(&day, shares);
	assert_true(shares[NOW - 2] < 1 && shares[NOW - 2] > 0.99);
	assert_true(shares[NOW - 1] == 1 && shares[NOW] == 1);
	sdr_day_count(&day, SDR_STATE_DOWN, 64 * SDR_MINUTE); /* which is counted already */
	sdr_day_count(&day, SDR_STATE_DOWN, 65 * SDR_MINUTE);
	sdr_day_read(&day, shares);
	assert_true(shares[NOW] == 1);
	sdr_day_init(&day, 0);
	sdr_day_count(&day, SDR_STATE_DOWN, 10 * SDR_MINUTE);
	sdr_day_count(&day, SDR_STATE_UP, 10 * SDR_MINUTE + SDR_MS);
	sdr_day_read(&day, shares);
	assert_true(shares[NOW] > 0);
}

/* ---- a model's ---- */

static const struct sdr_probe_type plain = {.name = "plain"};

struct world {
	struct sdr_model *model;
	struct sdr_spec spec;
	struct sdr_target targets[2];
	struct sdr_clocks clocks;
};

static void go(struct world *world, sdr_ns time)
{
	world->clocks.now += time;
	world->clocks.boot += time;
	world->clocks.wall += time;
	sdr_model_advance(world->model, &world->clocks);
}

static void add(struct world *world, uint32_t id)
{
	world->targets[id] = feed_target(&world->spec, id, "db1");
	feed_event(world->model, &world->targets[id], SDR_TARGET_ADDED);
}

/* The wall clock shows ten minutes and a bit past some half hour. */
static void open_world(struct world *world)
{
	*world = (struct world){.model = sdr_model_new(),
		.spec = {.type = &plain, .interval = 10 * SDR_SECOND, .timeout = SDR_SECOND},
		.clocks = {
			.now = 67 * SDR_MINUTE, .boot = 2 * SDR_HOUR, .wall = 7777 * SDR_DAY_CELL}};
	assert_non_null(world->model);
	go(world, 10 * SDR_MINUTE);
	add(world, 0);
}

/* A probe every ten seconds, for so long. */
static void probe(struct world *world, uint32_t id, sdr_ns time, enum sdr_outcome outcome)
{
	struct sdr_sink sink = sdr_model_sink(world->model);
	for (sdr_ns until = world->clocks.now + time; world->clocks.now < until;) {
		const struct sdr_result result = {.sequence = ++world->targets[id].begun,
			.sent = world->clocks.now,
			.when = world->clocks.wall,
			.outcome = outcome,
			.rtt = outcome == SDR_OUTCOME_OK ? SDR_MS : SDR_NS_NONE};
		sink.on_result(sink.context, &world->targets[id], &result);
		go(world, world->spec.interval);
	}
}

static sdr_ns read_day(const struct world *world, uint32_t id, double shares[SDR_DAY_CELLS])
{
	return sdr_model_day(
		world->model, sdr_model_position(world->model, id), world->clocks.now, shares);
}

static void check(double share, double expected)
{
	if (isnan(expected) ? !isnan(share) : !(fabs(share - expected) < 0.01))
		fail_msg("%f, not %f", share, expected);
}

/* Cells begin at the wall clock's half hours. */
static void test_of_a_model(void **state)
{
	double shares[SDR_DAY_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	assert_true(read_day(&world, 0, shares) == NOW * SDR_DAY_CELL + 10 * SDR_MINUTE);
	for (int i = 0; i < SDR_DAY_CELLS; i++)
		check(shares[i], NAN);
	probe(&world, 0, 35 * SDR_MINUTE, SDR_OUTCOME_OK); /* 0:10 to 0:45 */
	(void)read_day(&world, 0, shares);
	assert_true(shares[NOW] == 1 && shares[NOW - 1] == 1);
	check(shares[NOW - 2], NAN);
	probe(&world, 0, 30 * SDR_MINUTE, SDR_OUTCOME_TIMEOUT); /* to 1:15 */
	probe(&world, 0, 50 * SDR_MINUTE, SDR_OUTCOME_OK);      /* to 2:05 */
	assert_true(read_day(&world, 0, shares) == NOW * SDR_DAY_CELL + 5 * SDR_MINUTE);
	check(shares[NOW - 5], NAN);
	check(shares[NOW - 4], 1);
	assert_true(shares[NOW - 4] == 1);
	check(shares[NOW - 3], 0.5);
	check(shares[NOW - 2], 0.5);
	assert_true(shares[NOW - 1] == 1 && shares[NOW] == 1);
	sdr_model_reset(world.model, 0); /* states stay, and so does when they were */
	(void)read_day(&world, 0, shares);
	check(shares[NOW - 2], 0.5);
	go(&world, 30 * SDR_HOUR);
	(void)read_day(&world, 0, shares);
	for (int i = 0; i < SDR_DAY_CELLS; i++)
		assert_true(shares[i] == 1);
	sdr_model_free(world.model);
}

/* Nothing is known of the time in which this host slept, and no cell moves when a clock is set. */
static void test_sleep_and_steps(void **state)
{
	double shares[SDR_DAY_CELLS], again[SDR_DAY_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 0, 50 * SDR_MINUTE, SDR_OUTCOME_OK); /* to 1:00 */
	world.clocks.boot += 2 * SDR_HOUR;                 /* to 3:00 */
	world.clocks.wall += 2 * SDR_HOUR;
	go(&world, 0);
	probe(&world, 0, 20 * SDR_MINUTE, SDR_OUTCOME_OK);
	assert_true(read_day(&world, 0, shares) == NOW * SDR_DAY_CELL + 20 * SDR_MINUTE);
	assert_true(shares[NOW] == 1);
	for (int i = 1; i <= 4; i++)
		check(shares[NOW - i], NAN);
	assert_true(shares[NOW - 5] == 1 && shares[NOW - 6] == 1);
	check(shares[NOW - 7], NAN);
	world.clocks.wall -= 7 * SDR_HOUR;
	go(&world, 0);
	assert_true(read_day(&world, 0, again) == NOW * SDR_DAY_CELL + 20 * SDR_MINUTE);
	for (int i = 0; i < SDR_DAY_CELLS; i++)
		check(again[i], shares[i]);
	sdr_model_free(world.model);
}

static void test_paused(void **state)
{
	double shares[SDR_DAY_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 0, 20 * SDR_MINUTE, SDR_OUTCOME_OK); /* to 0:30 */
	world.targets[0].phase = SDR_PHASE_PAUSED;
	feed_event(world.model, &world.targets[0], SDR_TARGET_CHANGED);
	go(&world, SDR_HOUR);
	world.targets[0].phase = SDR_PHASE_RUNNING;
	feed_event(world.model, &world.targets[0], SDR_TARGET_CHANGED);
	probe(&world, 0, 10 * SDR_MINUTE, SDR_OUTCOME_TIMEOUT); /* to 1:40 */
	(void)read_day(&world, 0, shares);
	check(shares[NOW], 0);
	check(shares[NOW - 1], NAN);
	check(shares[NOW - 2], NAN);
	check(shares[NOW - 3], 1);
	sdr_model_free(world.model);
}

/* Undone: a reset, whose target went on, and a removal, after which nobody was there for a time. */
static void test_undone(void **state)
{
	double shares[SDR_DAY_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 0, 20 * SDR_MINUTE, SDR_OUTCOME_OK); /* to 0:30 */
	struct sdr_past *past = sdr_model_past(world.model, 0);
	sdr_model_reset(world.model, 0);
	probe(&world, 0, 15 * SDR_MINUTE, SDR_OUTCOME_TIMEOUT);
	assert_int_equal(sdr_model_set_past(world.model, 0, past), SDR_OK);
	(void)read_day(&world, 0, shares);
	check(shares[NOW], 0);
	check(shares[NOW - 1], 1);
	probe(&world, 0, 15 * SDR_MINUTE, SDR_OUTCOME_OK); /* to 1:00 */
	(void)read_day(&world, 0, shares);
	check(shares[NOW - 1], 0.5);
	past = sdr_model_past(world.model, 0);
	feed_event(world.model, &world.targets[0], SDR_TARGET_REMOVED);
	go(&world, 40 * SDR_MINUTE); /* to 1:40 */
	add(&world, 1);
	assert_int_equal(sdr_model_set_past(world.model, 1, past), SDR_OK);
	probe(&world, 1, 10 * SDR_MINUTE, SDR_OUTCOME_OK); /* to 1:50 */
	(void)read_day(&world, 1, shares);
	assert_true(shares[NOW] == 1);
	check(shares[NOW - 1], NAN);
	check(shares[NOW - 2], 0.5);
	check(shares[NOW - 3], 1);
	sdr_model_free(world.model);
}

static void test_a_copy_stands_still(void **state)
{
	double shares[SDR_DAY_CELLS];
	struct world world;
	(void)state;
	open_world(&world);
	probe(&world, 0, 10 * SDR_MINUTE, SDR_OUTCOME_OK);
	probe(&world, 0, 10 * SDR_MINUTE, SDR_OUTCOME_TIMEOUT); /* to 0:30 */
	struct sdr_model *copy = sdr_model_freeze(world.model);
	assert_non_null(copy);
	probe(&world, 0, 15 * SDR_MINUTE, SDR_OUTCOME_OK);
	(void)sdr_model_day(copy, 0, world.clocks.now, shares);
	check(shares[NOW - 1], 0.5);
	check(shares[NOW], NAN);
	(void)read_day(&world, 0, shares);
	check(shares[NOW], 1);
	sdr_model_thaw(copy);
	sdr_model_free(world.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_counted),
		cmocka_unit_test(test_whole_only_where_it_is),
		cmocka_unit_test(test_of_a_model),
		cmocka_unit_test(test_sleep_and_steps),
		cmocka_unit_test(test_paused),
		cmocka_unit_test(test_undone),
		cmocka_unit_test(test_a_copy_stands_still),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
