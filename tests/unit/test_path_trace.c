/* test_path_trace.c - which hops are probed when: found out, known, longer, shorter, cut off, one
 * at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "path/trace.h"

static struct path_trace trace;

static int set_up(void **state)
{
	(void)state;
	path_trace_init(&trace, 1, 30);
	return 0;
}

/* What a path of `length` hops answers to a probe. */
static enum hop_answer_kind answer_of(const struct hop_tag *tag, unsigned length)
{
	return tag->ttl < length ? HOP_EXCEEDED : HOP_REACHED;
}

/* Runs a round in which each probe is answered before the next one. Returns how many left. */
static unsigned run_round(uint32_t round, unsigned length)
{
	struct hop_tag tag = {0};
	unsigned sent = 0;
	path_trace_begin(&trace, round);
	while (path_trace_next(&trace, &tag)) {
		sent++;
		(void)path_trace_answer(&trace, &tag, answer_of(&tag, length));
	}
	assert_true(path_trace_is_sent(&trace));
	return sent;
}

static void test_it_is_found_out_then_known(void **state)
{
	(void)state;
	assert_int_equal(run_round(1, 7), 7);
	assert_int_equal(path_trace_hops(&trace), 7);
	assert_int_equal(run_round(2, 7), 7);
	assert_false(trace.discovers);
}

/* Probes leave before the first answers come: those beyond the target are answered by it, too. */
static void test_the_target_counts_once(void **state)
{
	struct hop_tag tag = {0}, tags[12];
	unsigned counted = 0;
	(void)state;
	path_trace_begin(&trace, 1);
	for (unsigned i = 0; i < 12; i++) {
		assert_true(path_trace_next(&trace, &tag));
		tags[i] = tag;
	}
	for (unsigned i = 12; i-- > 0;) /* the farthest first */
		counted += path_trace_answer(&trace, &tags[i], answer_of(&tags[i], 5));
	assert_int_equal(path_trace_hops(&trace), 5);
	assert_int_equal(counted, 8 + 4); /* each nearer one, then the routers */
	assert_false(path_trace_next(&trace, &tag));
	assert_false(path_trace_answer(&trace, &tags[7], HOP_REACHED));
	assert_false(path_trace_lost(&trace, &tags[7]));
	assert_true(path_trace_lost(&trace, &tags[4]));
}

static void test_it_grows_and_shrinks(void **state)
{
	(void)state;
	run_round(1, 5);
	assert_int_equal(run_round(2, 8), 8); /* the round goes on where a router answers */
	assert_int_equal(path_trace_hops(&trace), 8);
	run_round(3, 6);
	assert_int_equal(path_trace_hops(&trace), 6);
	assert_int_equal(run_round(4, 6), 6);
}

/* An answer of an earlier round does not make a path longer that has become shorter since. */
static void test_what_is_late_changes_nothing(void **state)
{
	const struct hop_tag late = {.ttl = 5, .round = 1}, router = {.ttl = 7, .round = 2};
	(void)state;
	run_round(1, 8);
	run_round(2, 5);
	path_trace_begin(&trace, 3);
	assert_false(path_trace_answer(&trace, &late, HOP_EXCEEDED));
	assert_false(path_trace_answer(&trace, &router, HOP_EXCEEDED));
	assert_int_equal(path_trace_hops(&trace), 5);
}

/* Only the first three answer: later rounds look two hops beyond, and once as far as may be. */
static void test_cut_off_and_back(void **state)
{
	struct hop_tag tag = {0};
	unsigned sent = 0, far = 0;
	(void)state;
	path_trace_begin(&trace, 1);
	while (path_trace_next(&trace, &tag)) {
		sent++;
		if (tag.ttl <= 3)
			assert_true(path_trace_answer(&trace, &tag, HOP_EXCEEDED));
	}
	assert_int_equal(sent, 30);
	path_trace_begin(&trace, 2);
	for (sent = 0; path_trace_next(&trace, &tag); sent++)
		far += tag.far && tag.ttl == 30;
	assert_int_equal(sent, 6);
	assert_int_equal(far, 1);
	assert_int_equal(path_trace_hops(&trace), 3);
	assert_false(path_trace_lost(&trace, &tag));
	assert_false(path_trace_answer(&trace, &tag, HOP_REACHED)); /* somewhere */
	assert_true(path_trace_next(&trace, &tag));
	assert_int_equal(tag.ttl, 6);
	assert_true(path_trace_answer(&trace, &tag, HOP_REACHED));
	assert_int_equal(path_trace_hops(&trace), 6);
	assert_true(path_trace_is_sent(&trace));
}

/* Nothing at all has answered: all is tried again. */
static void test_nobody_answers(void **state)
{
	struct hop_tag tag = {0};
	unsigned sent = 0;
	(void)state;
	for (uint32_t round = 1; round <= 2; round++)
		for (path_trace_begin(&trace, round); path_trace_next(&trace, &tag);)
			sent++;
	assert_int_equal(sent, 60);
	assert_int_equal(path_trace_hops(&trace), 0);
}

static void test_a_router_refuses(void **state)
{
	struct hop_tag tag = {0}, tags[6];
	(void)state;
	path_trace_begin(&trace, 1);
	for (unsigned i = 0; i < 6; i++) {
		assert_true(path_trace_next(&trace, &tag));
		tags[i] = tag;
	}
	assert_true(path_trace_answer(&trace, &tags[3], HOP_REFUSED));
	assert_true(path_trace_answer(&trace, &tags[2], HOP_REFUSED));
	assert_false(path_trace_answer(&trace, &tags[4], HOP_REFUSED));
	assert_int_equal(path_trace_hops(&trace), 3);
	assert_true(path_trace_is_sent(&trace));
	assert_int_equal(run_round(2, 7), 7); /* it goes on again */
	path_trace_begin(&trace, 3);
	tag = (struct hop_tag){.ttl = 9, .round = 3};
	assert_false(path_trace_answer(&trace, &tag, HOP_REFUSED)); /* beyond the target */
	tag.ttl = 4;
	assert_true(path_trace_answer(&trace, &tag, HOP_REFUSED));
	assert_int_equal(path_trace_hops(&trace), 4);
	assert_false(path_trace_answer(&trace, &tag, HOP_TOO_BIG));
}

static void test_one_at_a_time(void **state)
{
	struct hop_tag tag = {0};
	(void)state;
	trace.serial = true;
	path_trace_begin(&trace, 1);
	assert_true(path_trace_next(&trace, &tag));
	assert_true(tag.far && tag.ttl == 30); /* whether it is there at all */
	assert_false(path_trace_next(&trace, &tag));
	assert_false(path_trace_answer(&trace, &tag, HOP_REACHED));
	for (unsigned ttl = 1; ttl <= 4; ttl++) {
		assert_true(path_trace_next(&trace, &tag));
		assert_true(!tag.far && tag.ttl == ttl);
		assert_false(path_trace_next(&trace, &tag));
		if (ttl == 2)
			assert_true(path_trace_lost(&trace, &tag) == false);
		else
			assert_true(path_trace_answer(&trace, &tag, answer_of(&tag, 4)));
	}
	assert_false(path_trace_next(&trace, &tag));
	assert_int_equal(path_trace_hops(&trace), 4);
	path_trace_begin(&trace, 2);
	for (unsigned i = 0; i < 4; i++) { /* the target first: its answer is waited for */
		assert_true(path_trace_next(&trace, &tag));
		assert_int_equal(tag.ttl, i == 0 ? 4 : i);
		assert_false(tag.far);
		assert_true(path_trace_answer(&trace, &tag, answer_of(&tag, 4)));
	}
	assert_false(path_trace_next(&trace, &tag));
	path_trace_begin(&trace, 3);
	assert_true(path_trace_next(&trace, &tag)); /* it is farther now */
	assert_true(path_trace_answer(&trace, &tag, HOP_EXCEEDED));
	unsigned sent = 1;
	for (; path_trace_next(&trace, &tag); sent++)
		(void)path_trace_answer(&trace, &tag, answer_of(&tag, 6));
	assert_int_equal(path_trace_hops(&trace), 6);
	assert_int_equal(sent, 7);
}

/* While the target is looked for, and while one is under way of one at a time. */
static void test_the_next_round_waits(void **state)
{
	struct hop_tag tag = {0};
	(void)state;
	assert_false(path_trace_is_busy(&trace)); /* none was begun */
	path_trace_begin(&trace, 1);
	for (unsigned ttl = 1; ttl <= 4; ttl++) {
		assert_true(path_trace_is_busy(&trace));
		assert_true(path_trace_next(&trace, &tag));
		assert_true(path_trace_answer(&trace, &tag, answer_of(&tag, 4)));
	}
	assert_false(path_trace_is_busy(&trace));
	path_trace_begin(&trace, 2);
	assert_false(path_trace_is_busy(&trace)); /* all of a known path go at once */
	trace.serial = true;
	path_trace_begin(&trace, 3);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(path_trace_next(&trace, &tag));
		assert_true(path_trace_is_busy(&trace));
		assert_true(path_trace_answer(&trace, &tag, answer_of(&tag, 4)));
	}
	assert_false(path_trace_is_busy(&trace));
}

static void test_this_host_can_not_send(void **state)
{
	struct hop_tag tag = {0};
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		trace.serial = i == 1;
		path_trace_begin(&trace, i + 1);
		assert_true(path_trace_next(&trace, &tag));
		path_trace_give_up(&trace);
		assert_false(path_trace_next(&trace, &tag));
		assert_true(path_trace_is_sent(&trace));
		assert_false(path_trace_is_busy(&trace));
	}
	assert_true(run_round(3, 5) > 0);
	assert_int_equal(path_trace_hops(&trace), 5);
}

/* One hop is left out of odd rounds; the last never is. */
static void test_half_as_often(void **state)
{
	struct hop_tag tag = {0};
	(void)state;
	run_round(1, 5);
	trace.sparse = 3;
	assert_int_equal(run_round(2, 5), 5);
	path_trace_begin(&trace, 3);
	for (uint8_t ttl = 1; ttl <= 5; ttl++)
		if (ttl != 3) {
			assert_true(path_trace_next(&trace, &tag));
			assert_int_equal(tag.ttl, ttl);
			(void)path_trace_answer(&trace, &tag, answer_of(&tag, 5));
		}
	assert_false(path_trace_next(&trace, &tag));
	assert_true(path_trace_is_sent(&trace));
	trace.sparse = 5;
	path_trace_begin(&trace, 5);
	while (path_trace_next(&trace, &tag)) {
		assert_in_range(tag.ttl, 1, 5);
		(void)path_trace_answer(&trace, &tag, answer_of(&tag, 5));
	}
	assert_int_equal(tag.ttl, 5);
	trace.sparse = 1;
	assert_int_equal(run_round(7, 5), 4);
	trace.serial = true;
	assert_int_equal(run_round(9, 5), 4);
}

static void test_bounds(void **state)
{
	struct hop_tag tag = {0};
	unsigned sent = 0;
	(void)state;
	path_trace_init(&trace, 3, 5);
	for (path_trace_begin(&trace, 1); path_trace_next(&trace, &tag); sent++) {
		assert_in_range(tag.ttl, 3, 5);
		if (tag.ttl == 4)
			(void)path_trace_answer(&trace, &tag, HOP_EXCEEDED);
	}
	assert_int_equal(sent, 3);
	path_trace_begin(&trace, 2);
	for (sent = 0; path_trace_next(&trace, &tag); sent++)
		assert_false(tag.far); /* it is among the others */
	assert_int_equal(sent, 3);
	path_trace_go_serial(&trace);
	assert_true(path_trace_next(&trace, &tag));
	assert_false(path_trace_next(&trace, &tag));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_it_is_found_out_then_known, set_up),
		cmocka_unit_test_setup(test_the_target_counts_once, set_up),
		cmocka_unit_test_setup(test_it_grows_and_shrinks, set_up),
		cmocka_unit_test_setup(test_what_is_late_changes_nothing, set_up),
		cmocka_unit_test_setup(test_cut_off_and_back, set_up),
		cmocka_unit_test_setup(test_nobody_answers, set_up),
		cmocka_unit_test_setup(test_a_router_refuses, set_up),
		cmocka_unit_test_setup(test_one_at_a_time, set_up),
		cmocka_unit_test_setup(test_the_next_round_waits, set_up),
		cmocka_unit_test_setup(test_this_host_can_not_send, set_up),
		cmocka_unit_test_setup(test_half_as_often, set_up),
		cmocka_unit_test_setup(test_bounds, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
