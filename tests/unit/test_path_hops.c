/* test_path_hops.c - addresses of hops, and when a path is another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "path/hops.h"

static struct path_hops hops;
static uint32_t round_now;
static unsigned changes;
static struct path_change last;

static int set_up(void **state)
{
	(void)state;
	round_now = changes = 0;
	return path_hops_init(&hops, 30) == SDR_OK ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	path_hops_done(&hops);
	return 0;
}

/* Takes the answer of router number `who` at a hop, in this round. */
static bool hear(uint8_t ttl, uint8_t who)
{
	const struct hop_answer answer = {.tag = {.round = round_now, .ttl = ttl},
		.from = {.version = 4, .bytes = {10, ttl, 0, who}},
		.rtt = ttl * SDR_MS};
	bool changed = path_hops_answer(&hops, &answer, round_now * SDR_SECOND, &last);
	changes += changed;
	return changed;
}

/* Rounds of three hops, the second of which is `who`. */
static void rounds(unsigned count, uint8_t who)
{
	while (count-- > 0) {
		round_now++;
		hear(1, 1);
		hear(2, who);
		hear(3, 1);
	}
}

static const struct path_record *at(uint8_t ttl)
{
	return path_hops_at(&hops, ttl);
}

static void test_another_router_for_three_rounds(void **state)
{
	(void)state;
	rounds(10, 1);
	assert_int_equal(at(2)->counters.received, 10);
	rounds(2, 2);
	assert_int_equal(changes, 0);
	assert_int_equal(at(2)->known_count, 1);
	rounds(1, 2);
	assert_int_equal(changes, 1);
	assert_int_equal(last.ttl, 2);
	assert_int_equal(last.before.bytes[3], 1);
	assert_int_equal(last.now.bytes[3], 2);
	assert_int_equal(last.hops, 2);
	assert_int_equal(hops.epoch, 2);
	assert_int_equal(hops.first_round, 11);
	assert_int_equal(at(2)->counters.received, 1);
	assert_int_equal(at(3)->counters.received, 1);
	assert_int_equal(at(2)->known[0].bytes[3], 2);
	const struct path_past *past = &hops.past[1];
	assert_int_equal(past->rounds, 10);
	assert_int_equal(past->count, 3);
	assert_int_equal(past->hop, 2);
	assert_int_equal(past->hops[1].addr.bytes[3], 1);
	assert_int_equal(past->hops[1].received, 12);
	assert_in_range(past->hops[1].typical, 1900 * SDR_US, 2100 * SDR_US);
	rounds(9, 2);
	rounds(3, 1); /* and back */
	assert_int_equal(changes, 2);
	assert_int_equal(hops.epoch, 3);
}

/* A balancer sends each packet its own way: never another path. */
static void test_by_turns_they_stand_together(void **state)
{
	uint32_t seed = 7;
	(void)state;
	rounds(1, 1);
	for (unsigned i = 0; i < 300; i++) {
		seed = seed * 1103515245u + 12345;
		rounds(1, (uint8_t)(1 + (seed >> 16) % 2));
	}
	assert_int_equal(changes, 0);
	assert_int_equal(at(2)->known_count, 2);
	assert_int_equal(at(2)->counters.received, 301);
}

/* After few answers a row of three is nothing yet. */
static void test_a_young_path_waits(void **state)
{
	(void)state;
	rounds(1, 1);
	rounds(7, 2);
	assert_int_equal(changes, 0);
	rounds(1, 2);
	assert_int_equal(changes, 1);
}

/* Hops that change together are one change. */
static void test_several_hops_at_once(void **state)
{
	(void)state;
	rounds(8, 1);
	for (unsigned i = 0; i < 4; i++) {
		round_now++;
		hear(1, 1);
		hear(2, 5);
		hear(3, 5);
	}
	assert_int_equal(changes, 1);
	assert_int_equal(last.hops, 6);
	assert_int_equal(at(3)->known[0].bytes[3], 5);
	assert_int_equal(at(3)->known_count, 1);
}

static void test_losses_and_bursts(void **state)
{
	static const uint32_t lost[] = {2, 3, 4, 7, 9, 10};
	(void)state;
	rounds(1, 1);
	for (size_t i = 0; i < sizeof(lost) / sizeof(*lost); i++)
		path_hops_lost(&hops, 2, lost[i]);
	assert_int_equal(at(2)->counters.lost, 6);
	assert_int_equal(at(2)->counters.bursts, 3);
	path_hops_sent(&hops, 2, 10);
	assert_int_equal(at(2)->counters.sent, 1);
	round_now = 10;
	rounds(8, 1);
	rounds(3, 2);
	assert_int_equal(changes, 1);
	path_hops_lost(&hops, 2, 18); /* of the path that was */
	assert_int_equal(at(2)->counters.lost, 0);
	path_hops_lost(&hops, 2, 19);
	assert_int_equal(at(2)->counters.lost, 1);
}

static void test_more_addresses_than_are_kept(void **state)
{
	(void)state;
	assert_int_equal(path_hops_flows(&hops), 6);
	round_now = 1;
	hear(1, 1);
	assert_int_equal(path_hops_flows(&hops), 6);
	hear(2, 0);
	hear(2, 1);
	round_now = 2;
	hear(2, 0);
	assert_int_equal(path_hops_flows(&hops), 11);
	for (uint8_t i = 0; i < 40; i++) {
		round_now++;
		hear(2, i);
		hear(2, 0);
	}
	assert_int_equal(at(2)->known_count, PATH_ADDRESSES);
	assert_int_equal(path_hops_flows(&hops), 64);
	assert_int_equal(at(2)->more, 40 - PATH_ADDRESSES);
	assert_int_equal(changes, 0);
	path_hops_cut(&hops, 1);
	assert_int_equal(at(2)->known_count, 0);
	path_hops_reset(&hops);
	assert_int_equal(hops.epoch, 1);
}

/* One round, whose probes are counted as they leave; hop 2 loses its. */
static void sent_round(void)
{
	round_now++;
	for (uint8_t ttl = 1; ttl <= 3; ttl++)
		path_hops_sent(&hops, ttl, round_now);
	hear(1, 1);
	hear(3, 1);
	path_hops_lost(&hops, 2, round_now);
}

/* Who is there stays; what was under way counts neither before nor after. */
static void test_a_restart_that_is_undone(void **state)
{
	struct path_hops kept;
	(void)state;
	rounds(10, 1);
	rounds(9, 2);
	assert_int_equal(hops.epoch, 2);
	for (unsigned i = 0; i < 5; i++)
		sent_round();
	round_now++;
	path_hops_sent(&hops, 1, round_now);
	const struct path_counters before = at(1)->counters;
	assert_int_equal(path_hops_restart(&hops, round_now, &kept), SDR_OK);
	assert_int_equal(hops.epoch, 1);
	assert_int_equal(at(2)->known[0].bytes[3], 2);
	assert_int_equal(at(1)->counters.sent, 0);
	assert_int_equal(at(1)->stats.count, 0);
	path_hops_unsent(&hops, 1, round_now);
	path_hops_sent(&hops, 2, round_now);
	hear(1, 1);
	path_hops_lost(&hops, 3, round_now);
	assert_int_equal(at(1)->counters.received + at(2)->counters.sent + at(3)->counters.lost, 0);
	sent_round();
	sent_round();
	path_hops_sent(&hops, 1, round_now);
	assert_int_equal(at(1)->counters.sent, 3);
	assert_int_equal(at(1)->counters.received, 2);
	assert_int_equal(at(2)->counters.lost, 2);
	path_hops_unsent(&hops, 1, round_now);
	assert_int_equal(at(1)->counters.sent, 2);
	path_hops_give_back(&hops, &kept, 2, round_now);
	assert_int_equal(hops.epoch, 2);
	assert_int_equal(at(1)->counters.received, before.received);
	assert_int_equal(at(1)->counters.sent, before.received);
	assert_int_equal(at(2)->counters.lost, 5);
	hear(1, 1); /* of the restart's time */
	assert_int_equal(at(1)->counters.received, before.received);
	sent_round();
	assert_int_equal(at(1)->counters.received, before.received + 1);
	rounds(20, 2);
	uint32_t begun = hops.first_round;
	rounds(20, 3); /* the epoch that ends has no rounds of the time in between */
	assert_int_equal(hops.epoch, 3);
	assert_int_equal(hops.past[2 % PATH_EPOCHS].rounds, hops.first_round - begun);
}

/* The target was removed, and is counted from its first round again. */
static void test_given_back_to_one_that_begins(void **state)
{
	struct path_hops kept;
	(void)state;
	rounds(100, 1);
	rounds(9, 2);
	rounds(1, 3); /* another router, if it stays */
	path_hops_lost(&hops, 3, round_now);
	const struct path_counters before = at(1)->counters;
	uint32_t removed = round_now;
	assert_int_equal(path_hops_restart(&hops, round_now, &kept), SDR_OK);
	path_hops_done(&hops);
	assert_int_equal(path_hops_init(&hops, kept.max), SDR_OK);
	round_now = 1;
	hear(1, 1);
	path_hops_give_back(&hops, &kept, round_now - removed, round_now);
	assert_int_equal(hops.epoch, 2);
	assert_int_equal(at(1)->counters.received, before.received);
	path_hops_lost(&hops, 1, 1); /* of the time in between */
	assert_int_equal(at(1)->counters.lost, before.lost);
	uint64_t bursts = at(3)->counters.bursts;
	uint32_t begun = hops.first_round;
	rounds(1, 2); /* the one before is there as well */
	assert_int_equal(at(1)->counters.received, before.received + 1);
	assert_int_equal(at(2)->known_count, 2);
	path_hops_lost(&hops, 3, round_now + 1); /* not in a row with the one before */
	assert_int_equal(at(3)->counters.bursts, bursts + 1);
	rounds(20, 4);
	assert_int_equal(hops.epoch, 3);
	assert_int_equal(hops.past[2 % PATH_EPOCHS].rounds, hops.first_round - begun);
}

/* r1 r2 r3 r2 r3: from the fifth hop on nothing is new. */
static void test_a_loop(void **state)
{
	static const uint8_t way[] = {1, 2, 3, 2, 3};
	(void)state;
	round_now = 1;
	for (uint8_t ttl = 1; ttl <= 5; ttl++) {
		const struct hop_answer answer = {.tag = {.round = 1, .ttl = ttl},
			.from = {.version = 4, .bytes = {10, 0, 0, way[ttl - 1]}}};
		assert_false(path_hops_answer(&hops, &answer, 1, &last));
		assert_int_equal(path_hops_loop(&hops, ttl), ttl == 5 ? 2 : 0);
	}
	path_hops_cut(&hops, 0);
	for (uint8_t ttl = 1; ttl <= 5; ttl++) { /* one router that answers twice or more */
		const struct hop_answer answer = {.tag = {.round = 1, .ttl = ttl},
			.from = {.version = 4, .bytes = {10, 0, 0, 9}}};
		assert_false(path_hops_answer(&hops, &answer, 1, &last));
		assert_int_equal(path_hops_loop(&hops, ttl), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_another_router_for_three_rounds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_by_turns_they_stand_together, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_young_path_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_several_hops_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_restart_that_is_undone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_given_back_to_one_that_begins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_loop, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_losses_and_bursts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_more_addresses_than_are_kept, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
