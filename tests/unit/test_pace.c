/* Pacing on a made-up clock: the spread, the ceiling, gaps, rhythm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "probe/pace.h"

/* What a run of the pacing saw. */
struct seen {
	uint32_t *sent;   /* [n] probes by target */
	sdr_ns *latest;   /* [n] */
	uint32_t *per_ms; /* [ms] probes by millisecond, or NULL */
	size_t ms;
	uint64_t total;
	uint64_t wakes;
	sdr_ns nearest; /* shortest time between two probes of a target */
};

static struct seen seen_new(uint32_t n, size_t ms)
{
	struct seen seen = {calloc(n, sizeof(uint32_t)), calloc(n, sizeof(sdr_ns)),
		calloc(ms, sizeof(uint32_t)), ms, 0, 0, INT64_MAX};
	assert_true(seen.sent && seen.latest && seen.per_ms);
	return seen;
}

static void seen_free(struct seen *seen)
{
	free(seen->sent);
	free(seen->latest);
	free(seen->per_ms);
}

static void take(struct seen *seen, uint32_t id, sdr_ns now)
{
	if (seen->sent[id]++ > 0 && now - seen->latest[id] < seen->nearest)
		seen->nearest = now - seen->latest[id];
	seen->latest[id] = now;
	seen->total++;
	if ((size_t)(now / SDR_MS) < seen->ms)
		seen->per_ms[now / SDR_MS]++;
}

/* Runs until `end`, waking a little late as a loop with millisecond timers does. Returns the time
 * reached. */
static sdr_ns run(struct pace *pace, struct seen *seen, sdr_ns now, sdr_ns end)
{
	uint32_t ids[64], n;
	while (now < end) {
		while ((n = sdr_pace_pull(pace, now, ids, 64)) > 0)
			for (uint32_t i = 0; i < n; i++)
				take(seen, ids[i], now);
		seen->wakes++;
		sdr_ns wake = sdr_pace_wake(pace, now);
		if (wake == SDR_NS_NONE)
			return end;
		now = wake > now ? (wake / SDR_MS + 1) * SDR_MS : now + SDR_US;
	}
	return now;
}

static uint32_t most_in(const struct seen *seen, size_t from, size_t to, size_t window)
{
	uint32_t most = 0;
	for (size_t at = from; at + window <= to; at++) {
		uint32_t sum = 0;
		for (size_t i = 0; i < window; i++)
			sum += seen->per_ms[at + i];
		most = sum > most ? sum : most;
	}
	return most;
}

static void test_spread_of_65536_targets(void **state)
{
	(void)state;
	enum { N = 65536 };
	struct pace pace;
	sdr_pace_init(&pace, 100000);
	struct seen seen = seen_new(N, 11000);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	assert_true(pace.demand > 65535.9 && pace.demand < 65536.1);
	run(&pace, &seen, 0, 11 * SDR_SECOND);
	for (uint32_t i = 0; i < N; i++)
		assert_in_range(seen.sent[i], 10, 11);
	/* any 20 ms hold their share (1310.72) to within a tick of 6 ms */
	assert_in_range(most_in(&seen, 1000, 10900, 20), 1250, 1311 + 394);
	assert_true(seen.nearest > 980 * SDR_MS);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

static void test_D20_ceiling(void **state)
{
	(void)state;
	enum { N = 5000 };
	static const uint32_t rates[] = {1, 50, 1000, 4000, 65536};
	for (size_t r = 0; r < sizeof(rates) / sizeof(*rates); r++) {
		struct pace pace;
		sdr_pace_init(&pace, rates[r]);
		struct seen seen = seen_new(N, 21000);
		for (uint32_t i = 0; i < N; i++)
			assert_int_equal(sdr_pace_add(&pace, i, 10 * SDR_MS, false), SDR_OK);
		run(&pace, &seen, 0, 21 * SDR_SECOND);
		uint32_t most = most_in(&seen, 0, 21000, 1000);
		assert_true(most <= rates[r] + rates[r] / 100 + 1);
		assert_true(seen.total >= (uint64_t)rates[r] * 20 * 99 / 100);
		/* under a limit no target starves */
		uint32_t least = UINT32_MAX, highest = 0;
		for (uint32_t i = 0; i < N; i++) {
			least = seen.sent[i] < least ? seen.sent[i] : least;
			highest = seen.sent[i] > highest ? seen.sent[i] : highest;
		}
		assert_true(highest - least <= 2);
		seen_free(&seen);
		sdr_pace_done(&pace);
	}
}

/* A sweep of 65,536 hosts beside 1,000 that are watched each second: no interval of those is off by
 * over 5 %, and the sweep takes all that is left. */
static void test_guests_leave_the_watched_their_pace(void **state)
{
	(void)state;
	enum { WATCHED = 1000, GUESTS = 65536, RATE = 4000 };
	struct pace pace;
	sdr_pace_init(&pace, RATE);
	struct seen seen = seen_new(WATCHED + GUESTS, 31000);
	for (uint32_t i = 0; i < WATCHED; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	sdr_ns now = run(&pace, &seen, 0, 3 * SDR_SECOND);
	for (uint32_t i = 0; i < GUESTS; i++)
		assert_int_equal(sdr_pace_add(&pace, WATCHED + i, 0, true), SDR_OK);
	for (int second = 4; second <= 24; second++) {
		uint32_t before[WATCHED];
		sdr_ns latest[WATCHED];
		memcpy(before, seen.sent, sizeof(before));
		memcpy(latest, seen.latest, sizeof(latest));
		now = run(&pace, &seen, now, second * SDR_SECOND);
		for (uint32_t i = 0; i < WATCHED; i++) {
			assert_in_range(seen.sent[i] - before[i], 0, 2);
			if (seen.sent[i] == before[i] + 1)
				assert_in_range(
					seen.latest[i] - latest[i], 950 * SDR_MS, 1050 * SDR_MS);
		}
	}
	uint64_t done = 0;
	for (uint32_t i = 0; i < GUESTS; i++)
		done += seen.sent[WATCHED + i];
	assert_in_range(done, 21 * (RATE - WATCHED) * 98 / 100, 21 * (RATE - WATCHED) + 100);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

/* Where the watched would take all there is, guests go on all the same. */
static void test_guests_have_a_share(void **state)
{
	(void)state;
	enum { WATCHED = 1000, GUESTS = 200 };
	struct pace pace;
	sdr_pace_init(&pace, 1000);
	struct seen seen = seen_new(WATCHED + GUESTS, 21000);
	for (uint32_t i = 0; i < WATCHED; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	sdr_ns now = run(&pace, &seen, 0, 2 * SDR_SECOND);
	for (uint32_t i = 0; i < GUESTS; i++)
		assert_int_equal(sdr_pace_add(&pace, WATCHED + i, 0, true), SDR_OK);
	uint32_t before = 0, after = 0;
	for (uint32_t i = 0; i < WATCHED; i++)
		before += seen.sent[i];
	run(&pace, &seen, now, 14 * SDR_SECOND);
	for (uint32_t i = 0; i < GUESTS; i++)
		assert_int_equal(seen.sent[WATCHED + i], 1);
	for (uint32_t i = 0; i < WATCHED; i++)
		after += seen.sent[i];
	assert_in_range(after - before, 12 * WATCHED * 97 / 100, 12 * WATCHED);
	assert_true(seen.nearest > 980 * SDR_MS);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

/* Guests come, go and come back as targets of either kind do. */
static void test_lanes_hold_through_random_changes(void **state)
{
	(void)state;
	enum { N = 300 };
	struct pace pace;
	sdr_pace_init(&pace, 100000);
	struct seen seen = seen_new(N, 20000);
	bool in[N] = {false};
	uint32_t dice = 7, demand = 0;
	sdr_ns now = 0;
	for (int step = 0; step < 20000; step++) {
		dice = dice * 1664525 + 1013904223;
		uint32_t id = (dice >> 8) % N;
		if (in[id])
			sdr_pace_remove(&pace, id);
		else
			assert_int_equal(sdr_pace_add(&pace, id, SDR_SECOND, dice >> 31), SDR_OK);
		demand += in[id] ? -1u : 1u;
		in[id] = !in[id];
		for (uint32_t i = 0; step % 100 == 0 && i < N; i++)
			assert_int_equal(sdr_pace_has(&pace, i), in[i]);
		if (step % 7 == 0)
			now = run(&pace, &seen, now, now + 5 * SDR_MS);
		assert_true(fabs(pace.demand - demand) < 0.01);
	}
	memset(seen.sent, 0, N * sizeof(*seen.sent));
	run(&pace, &seen, now, now + 3 * SDR_SECOND);
	for (uint32_t i = 0; i < N; i++)
		assert_in_range(seen.sent[i], in[i] ? 2 : 0, in[i] ? 4 : 0);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

static void test_D8_no_burst_after_a_gap(void **state)
{
	(void)state;
	enum { N = 1000 };
	struct pace pace;
	sdr_pace_init(&pace, 5000);
	struct seen seen = seen_new(N, 1);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	sdr_ns now = run(&pace, &seen, 0, 5 * SDR_SECOND);
	uint64_t before = seen.total;
	now += 3 * SDR_HOUR;
	uint32_t ids[64], n, at_once = 0;
	while ((n = sdr_pace_pull(&pace, now, ids, 64)) > 0)
		at_once += n;
	assert_true(at_once <= 20); /* what one 16 ms tick gathers */
	run(&pace, &seen, now, now + SDR_SECOND);
	assert_in_range(
		seen.total - before, 900, 1010); /* at most one a target in the second after */
	seen_free(&seen);
	sdr_pace_done(&pace);
}

static void test_few_start_at_once_and_keep_their_rhythm(void **state)
{
	(void)state;
	struct pace pace;
	sdr_pace_init(&pace, 1000);
	struct seen seen = seen_new(3, 100);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	run(&pace, &seen, 0, 100 * SDR_SECOND);
	assert_true(seen.per_ms[0] == 1);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(seen.sent[i], 100);
	assert_true(seen.wakes < 700);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

static void test_brisk_target_is_not_slowed(void **state)
{
	(void)state;
	struct pace pace;
	sdr_pace_init(&pace, 1000);
	struct seen seen = seen_new(1, 1);
	assert_int_equal(sdr_pace_add(&pace, 0, 10 * SDR_MS, false), SDR_OK);
	run(&pace, &seen, 0, 10 * SDR_SECOND);
	assert_in_range(seen.sent[0], 990, 1000);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

/* A full queue halves the ceiling at most ten times a second and not below 20; it doubles with each
 * good second. */
static void test_slowed_by_a_full_queue(void **state)
{
	(void)state;
	struct pace pace;
	sdr_pace_init(&pace, 1000);
	struct seen seen = seen_new(200, 1);
	for (uint32_t i = 0; i < 200; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	sdr_ns now = run(&pace, &seen, 0, SDR_SECOND);
	sdr_pace_slow(&pace, now);
	sdr_pace_slow(&pace, now + 99 * SDR_MS);
	assert_int_equal(pace.slowed, 100);
	sdr_pace_slow(&pace, now + 100 * SDR_MS);
	assert_int_equal(pace.slowed, 50);
	sdr_pace_slow(&pace, now + 200 * SDR_MS);
	sdr_pace_slow(&pace, now + 300 * SDR_MS);
	assert_int_equal(pace.slowed, 20);
	seen.total = 0;
	now = run(&pace, &seen, now + 300 * SDR_MS, now + 1200 * SDR_MS);
	assert_in_range(seen.total, 16, 20);
	now = run(&pace, &seen, now, now + 300 * SDR_MS);
	assert_int_equal(pace.slowed, 40);
	run(&pace, &seen, now, now + 6 * SDR_SECOND);
	assert_int_equal(pace.slowed, 0);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

/* A gap changes nothing of that: the steps of the ceiling go by the pacing's own clock. */
static void test_slowed_after_a_gap(void **state)
{
	(void)state;
	struct pace pace;
	sdr_pace_init(&pace, 1000);
	struct seen seen = seen_new(200, 1);
	for (uint32_t i = 0; i < 200; i++)
		assert_int_equal(sdr_pace_add(&pace, i, SDR_SECOND, false), SDR_OK);
	sdr_ns now = run(&pace, &seen, 0, SDR_SECOND);
	sdr_pace_slow(&pace, now);
	assert_int_equal(pace.slowed, 100);
	now = run(&pace, &seen, now + 3 * SDR_HOUR, now + 3 * SDR_HOUR + 99 * SDR_MS);
	assert_true(pace.skipped > 2 * SDR_HOUR);
	sdr_pace_slow(&pace, now + 2 * SDR_MS);
	assert_int_equal(pace.slowed, 50);
	sdr_pace_slow(&pace, now + 101 * SDR_MS);
	assert_int_equal(pace.slowed, 50);
	now = run(&pace, &seen, now, now + 1300 * SDR_MS);
	assert_int_equal(pace.slowed, 100);
	run(&pace, &seen, now, now + 4 * SDR_SECOND);
	assert_int_equal(pace.slowed, 0);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

/* With each removal the others keep their order: the heap against a list of due times. */
static void test_order_after_removals(void **state)
{
	(void)state;
	enum { N = 500 };
	static const sdr_ns intervals[] = {SDR_SECOND, 700 * SDR_MS, 1300 * SDR_MS, 450 * SDR_MS};
	struct pace pace;
	sdr_ns due[N] = {0}, now = 0;
	uint32_t id;
	sdr_pace_init(&pace, 1000000);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(sdr_pace_add(&pace, i, intervals[i % 4], false), SDR_OK);
	for (uint64_t seed = 1, round = 0; round < 40000; round++, now += 50 * SDR_US) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		uint32_t victim = (uint32_t)(seed >> 33) % N;
		if (round % 40 == 0 && sdr_pace_has(&pace, victim)) {
			sdr_pace_remove(&pace, victim);
			assert_false(sdr_pace_has(&pace, victim));
		} else if (round % 40 == 20 && !sdr_pace_has(&pace, victim)) {
			assert_int_equal(
				sdr_pace_add(&pace, victim, intervals[victim % 4], false), SDR_OK);
			due[victim] = 0;
		}
		while (sdr_pace_pull(&pace, now, &id, 1) == 1) {
			assert_true(sdr_pace_has(&pace, id));
			/* A tick late at most, by this loop's own step, and never early. */
			if (due[id] > 0)
				assert_true(now >= due[id] && now - due[id] < 100 * SDR_US);
			due[id] = (due[id] > 0 ? due[id] : now) + intervals[id % 4];
			if (now + intervals[id % 4] - due[id] > 100 * SDR_US)
				due[id] = now + intervals[id % 4];
		}
	}
	assert_true(pace.demand > 0);
	for (uint32_t i = 0; i < N; i++)
		sdr_pace_remove(&pace, i);
	assert_true(pace.demand == 0 && pace.brisk == 0);
	assert_false(sdr_pace_has(&pace, N + 100));
	sdr_pace_done(&pace);
}

static void test_once_and_removal(void **state)
{
	(void)state;
	struct pace pace;
	sdr_pace_init(&pace, 1000);
	struct seen seen = seen_new(300, 1);
	for (uint32_t i = 0; i < 300; i++)
		assert_int_equal(
			sdr_pace_add(&pace, i, i % 3 == 0 ? 0 : SDR_SECOND, false), SDR_OK);
	for (uint32_t i = 1; i < 300; i += 3)
		sdr_pace_remove(&pace, i);                          /* while fresh */
	assert_int_equal(sdr_pace_add(&pace, 1, 0, false), SDR_OK); /* and in again */
	run(&pace, &seen, 0, 2 * SDR_SECOND);
	for (uint32_t i = 2; i < 300; i += 3)
		sdr_pace_remove(&pace, i);
	assert_int_equal(sdr_pace_wake(&pace, 2 * SDR_SECOND), SDR_NS_NONE);
	assert_true(pace.demand == 0);
	for (uint32_t i = 0; i < 300; i++)
		assert_true(i % 3 == 0 || i == 1 ? seen.sent[i] == 1
				: i % 3 == 1     ? seen.sent[i] == 0
						 : seen.sent[i] == 2);
	seen_free(&seen);
	sdr_pace_done(&pace);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread_of_65536_targets),
		cmocka_unit_test(test_D20_ceiling),
		cmocka_unit_test(test_guests_leave_the_watched_their_pace),
		cmocka_unit_test(test_guests_have_a_share),
		cmocka_unit_test(test_lanes_hold_through_random_changes),
		cmocka_unit_test(test_D8_no_burst_after_a_gap),
		cmocka_unit_test(test_few_start_at_once_and_keep_their_rhythm),
		cmocka_unit_test(test_brisk_target_is_not_slowed),
		cmocka_unit_test(test_slowed_by_a_full_queue),
		cmocka_unit_test(test_slowed_after_a_gap),
		cmocka_unit_test(test_order_after_removals),
		cmocka_unit_test(test_once_and_removal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
