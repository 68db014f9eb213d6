/* test_path_rounds.c - what is compared of a path is of the same rounds: losses are known a
 * time-out later than answers are. A target made by hand, with no socket and no clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/path.h"
#include "probe/path_weigh.h"
#include "sounder/path.h"

#define HOP 2
#define LAST 3
#define RUNS 60

static struct path_target target;
static struct path_trace trace;
static uint32_t late = 40;        /* rounds from a loss to its time-out */
static bool lost[4096][LAST + 1]; /* by round: still to be known */
static uint64_t seed = 99;

static int set_up(void **state)
{
	(void)state;
	memset(&target, 0, sizeof(target));
	memset(lost, 0, sizeof(lost));
	path_trace_init(&trace, 1, 30);
	trace.length = trace.highest = LAST;
	target.addr = (struct sdr_addr){.version = 4, .bytes = {10, 0, 0, LAST}};
	target.traces = &trace;
	target.flow_count = target.flow_limit = 1;
	return path_hops_init(&target.hops, 30) == SDR_OK ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	path_hops_done(&target.hops);
	return 0;
}

static bool happens(double chance)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(seed >> 33) / 2147483648.0 < chance;
}

static void note(const struct hop_tag *tag, bool answered)
{
	sdr_path_second_note(&target, tag, answered);
	sdr_path_half_rate_note(&target, tag, answered);
}

/* One probe of a hop, whose loss is known `late` rounds later. */
static void probe(uint8_t ttl, bool answered)
{
	struct path_change change;
	const struct hop_answer answer = {.tag = {.round = target.round, .ttl = ttl},
		.kind = ttl == LAST ? HOP_REACHED : HOP_EXCEEDED,
		.from = {.version = 4, .bytes = {10, 0, 0, ttl}},
		.rtt = SDR_MS};
	path_hops_sent(&target.hops, ttl, target.round);
	lost[target.round % 4096][ttl] = !answered;
	if (!answered)
		return;
	(void)path_hops_answer(&target.hops, &answer, 1, &change);
	note(&answer.tag, true);
}

static void time_out(uint32_t round)
{
	for (uint8_t ttl = 1; ttl <= LAST; ttl++) {
		const struct hop_tag tag = {.round = round, .ttl = ttl};
		if (!lost[round % 4096][ttl])
			continue;
		lost[round % 4096][ttl] = false;
		path_hops_lost(&target.hops, ttl, round);
		note(&tag, false);
	}
}

/* A hop that loses a share, or that answers `limit` of a thousand rounds, at even distances. */
static void run_round(double chance, unsigned limit, double *tokens)
{
	struct hop_tag tag;
	target.round++;
	if (target.round > late)
		time_out(target.round - late);
	sdr_path_half_rate_step(&target);
	path_trace_begin(&trace, target.round);
	*tokens += limit / 1000.0;
	while (path_trace_next(&trace, &tag)) {
		bool answered = true;
		if (tag.ttl == HOP && limit > 0 && (answered = *tokens >= 1))
			*tokens -= 1;
		if (tag.ttl == HOP && limit == 0)
			answered = !happens(chance);
		probe(tag.ttl, answered);
	}
}

static enum path_half_rate run(double chance, unsigned limit)
{
	double tokens = 0;
	enum path_half_rate found = PATH_HALF_OPEN;
	assert_int_equal(set_up(NULL), 0);
	for (unsigned i = 0; i < 1200 && found == PATH_HALF_OPEN; i++) {
		run_round(chance, limit, &tokens);
		found = sdr_path_weigh_half_rate(&target, HOP);
	}
	assert_int_equal(tear_down(NULL), 0);
	return found;
}

/* Where more rounds are under way than are looked at, no loss is a limit. */
static void losses_that_are_late(uint32_t rounds, unsigned least)
{
	static const double chances[] = {0.12, 0.2, 0.4, 0.7};
	unsigned limits = 0, shares = 0;
	late = rounds;
	for (unsigned c = 0; c < sizeof(chances) / sizeof(*chances); c++)
		for (unsigned k = 0; k < RUNS; k++) {
			enum path_half_rate found = run(chances[c], 0);
			limits += found == PATH_HALF_LIMIT;
			shares += found == PATH_HALF_SHARE;
		}
	assert_in_range(limits, 0, 4 * RUNS / 50);
	assert_in_range(shares, least, 4 * RUNS); /* at 12 % rarely */
}

static void test_loss_is_no_limit(void **state)
{
	(void)state;
	losses_that_are_late(2, 4 * RUNS / 2);
	losses_that_are_late(100, RUNS / 2);
	losses_that_are_late(40, 4 * RUNS / 2);
}

static void limits_that_are_late(uint32_t rounds, unsigned most)
{
	late = rounds;
	for (unsigned limit = 150; limit <= 850; limit += 25) {
		enum path_half_rate found = run(0, limit);
		if (found == PATH_HALF_SHARE || (found == PATH_HALF_OPEN && limit <= most))
			fail_msg("%u of a thousand, %u late: %d", limit, rounds, (int)found);
	}
}

static void test_a_limit_is_no_loss(void **state)
{
	(void)state;
	limits_that_are_late(2, 800);
	limits_that_are_late(100, 500);
	limits_that_are_late(40, 800);
}

/* Epochs, and figures that begin again, take what was found with them. */
static void test_what_is_found_is_of_an_epoch(void **state)
{
	double tokens = 0;
	(void)state;
	for (unsigned i = 0; i < 1200 && !sdr_path_weigh_half_rate(&target, HOP); i++)
		run_round(0, 300, &tokens);
	assert_int_equal(sdr_path_weigh_half_rate(&target, HOP), PATH_HALF_LIMIT);
	assert_int_equal(trace.sparse, 0);
	target.hops.epoch++;
	assert_int_equal(sdr_path_weigh_half_rate(&target, HOP), PATH_HALF_OPEN);
	target.hops.epoch--;
	sdr_path_half_rate_forget(&target);
	assert_int_equal(sdr_path_weigh_half_rate(&target, HOP), PATH_HALF_OPEN);
}

/* A hop that is known to limit is no likely place of loss. */
static void test_a_limit_is_evidence(void **state)
{
	struct path_hop hops[SDR_PATH_HOPS];
	struct path_loss loss;
	(void)state;
	for (target.round = 1; target.round <= 300; target.round++)
		for (uint8_t ttl = 1; ttl <= LAST; ttl++)
			probe(ttl, ttl == 1 || (target.round + ttl) % 5 > 0);
	for (uint32_t round = 1; round <= 300; round++)
		time_out(round);
	assert_int_equal(sdr_path_weigh(&target, hops, &loss), LAST);
	assert_string_equal(hops[HOP - 1].why, "limits its answers, or loss begins here");
	target.half.epoch = target.hops.epoch;
	target.half.found[HOP - 1] = PATH_HALF_SHARE;
	sdr_path_weigh(&target, hops, &loss);
	assert_string_equal(hops[HOP - 1].why, "limits its answers, or loss begins here");
	target.half.found[HOP - 1] = PATH_HALF_LIMIT;
	sdr_path_weigh(&target, hops, &loss);
	assert_string_equal(hops[HOP - 1].why, "limits its answers");
}

static void ask_second(uint64_t sent, uint64_t received)
{
	target.second.counts =
		(struct path_counts){.sent = sent, .received = received, .bursts = sent - received};
}

/* The target lost a fifth until the second was asked, and what was under way then comes later. */
static void test_what_was_lost_before_the_second(void **state)
{
	struct path_loss loss;
	(void)state;
	for (target.round = 1; target.round <= 300; target.round++) {
		if (target.round > late)
			time_out(target.round - late);
		for (uint8_t ttl = 1; ttl <= LAST; ttl++)
			probe(ttl, ttl < LAST || target.round % 5 > 0);
	}
	sdr_path_weigh(&target, NULL, &loss);
	assert_int_equal(loss.kind, PATH_LOSS_TARGET);
	target.second.ttl = LAST;
	target.second.epoch = target.hops.epoch;
	target.second.round = target.round;
	target.second.sent_before = path_hops_at(&target.hops, LAST)->counters.sent;
	for (; target.round <= 340; target.round++) {
		time_out(target.round - late);
		for (uint8_t ttl = 1; ttl <= LAST; ttl++)
			probe(ttl, true);
	}
	ask_second(40, 40);
	assert_int_equal(target.second.beside.sent, 40);
	assert_int_equal(target.second.beside.received, 40);
	sdr_path_weigh(&target, NULL, &loss);
	assert_int_equal(loss.kind, PATH_LOSS_TARGET); /* not limits: it loses nothing either */
	/* Now it loses, and the second does not. */
	for (; target.round <= 440; target.round++) {
		time_out(target.round - late);
		for (uint8_t ttl = 1; ttl <= LAST; ttl++)
			probe(ttl, ttl < LAST || target.round % 3 > 0);
	}
	ask_second(140, 140);
	sdr_path_weigh(&target, NULL, &loss);
	assert_int_equal(loss.kind, PATH_LOSS_NONE);
	assert_int_equal(loss.target, PATH_LIMITS);
}

/* Of a hundred that were sent one has ended, and was lost: that shows nothing. */
static void test_what_is_under_way_is_no_loss(void **state)
{
	struct path_loss loss;
	(void)state;
	for (target.round = 1; target.round <= 50; target.round++)
		for (uint8_t ttl = 1; ttl <= LAST; ttl++)
			probe(ttl, ttl < LAST || target.round % 5 > 0);
	for (uint32_t round = 1; round <= 50; round++)
		time_out(round);
	target.second.ttl = LAST;
	target.second.epoch = target.hops.epoch;
	target.second.round = target.round;
	target.second.sent_before = path_hops_at(&target.hops, LAST)->counters.sent;
	for (unsigned i = 0; i < 100; i++, target.round++)
		probe(LAST, false);
	for (uint32_t round = target.second.round; round < target.second.round + 12; round++)
		time_out(round);
	ask_second(20, 20);
	sdr_path_weigh(&target, NULL, &loss);
	assert_int_equal(loss.kind, PATH_LOSS_TARGET);
	for (uint32_t round = target.second.round; round < target.round; round++)
		time_out(round);
	sdr_path_weigh(&target, NULL, &loss);
	assert_int_equal(loss.target, PATH_LIMITS);
	assert_int_equal(loss.kind, PATH_LOSS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loss_is_no_limit),
		cmocka_unit_test(test_a_limit_is_no_loss),
		cmocka_unit_test_setup_teardown(
			test_what_is_found_is_of_an_epoch, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_limit_is_evidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_what_was_lost_before_the_second, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_what_is_under_way_is_no_loss, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
