/* test_outage_sum.c - outages of a time against a plain sum over those that were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/random.h"
#include "model/outages.h"
#include "sounder/outage_sum.h"

#define TARGETS 40
#define OUTAGES 3000

struct known {
	uint32_t serial;
	sdr_ns begin, end; /* `end` SDR_NS_NONE: it goes on */
};

static struct sdr_outage_log outages; /* all of them are kept */
static struct known known[OUTAGES];

/* Each target has one after the other; some go on. */
static void make(uint64_t *seed)
{
	sdr_ns free_from[TARGETS] = {0};
	unsigned count = 0;
	memset(&outages, 0, sizeof(outages));
	assert_int_equal(sdr_outages_init(&outages), SDR_OK);
	while (count < OUTAGES) {
		uint32_t serial = random_below(seed, TARGETS) + 1;
		struct known *one = &known[count];
		if (free_from[serial - 1] == SDR_NS_NONE)
			continue;
		one->serial = serial;
		one->begin = free_from[serial - 1] + (sdr_ns)random_below(seed, 1000);
		one->end = one->begin + (sdr_ns)random_below(seed, 500);
		if (count > OUTAGES - TARGETS / 2)
			one->end = SDR_NS_NONE;
		sdr_outages_begin(&outages, serial, one->begin, one->begin, "why");
		if (one->end != SDR_NS_NONE)
			sdr_outages_end(&outages, serial, one->end, one->end);
		free_from[serial - 1] = one->end == SDR_NS_NONE ? SDR_NS_NONE : one->end + 1;
		count++;
	}
}

/* The same by looking at every nanosecond. */
static void plain_sum(sdr_ns from, sdr_ns to, struct sdr_outage_sum *sum)
{
	bool had[TARGETS] = {false};
	*sum = (struct sdr_outage_sum){0};
	for (unsigned i = 0; i < OUTAGES; i++) {
		sdr_ns end = known[i].end == SDR_NS_NONE ? INT64_MAX : known[i].end;
		bool any = known[i].begin >= from && known[i].begin <= to;
		for (sdr_ns at = from; at < to; at++) {
			bool in = at >= known[i].begin && at < end;
			sum->lasted += in;
			any = any || in;
		}
		sum->outages += any;
		sum->targets += any && !had[known[i].serial - 1];
		had[known[i].serial - 1] = had[known[i].serial - 1] || any;
	}
}

static void test_against_a_plain_sum(void **state)
{
	uint64_t seed = 77;
	(void)state;
	make(&seed);
	for (unsigned round = 0; round < 60; round++) {
		struct sdr_outage_sum right, found;
		sdr_ns from = (sdr_ns)random_below(&seed, 60000),
		       to = from + (sdr_ns)random_below(&seed, 700);
		plain_sum(from, to, &right);
		sdr_outages_sum(&outages, from, to, &found);
		assert_int_equal(found.outages, right.outages);
		assert_int_equal(found.targets, right.targets);
		assert_int_equal(found.lasted, right.lasted);
		assert_false(found.at_least);
	}
	sdr_outages_done(&outages);
}

/* Of more than are kept it is known that there were more, and not of those before the time. */
static void test_what_is_forgotten(void **state)
{
	struct sdr_outage_sum sum;
	(void)state;
	assert_int_equal(sdr_outages_init(&outages), SDR_OK);
	for (sdr_ns at = 1; at <= SDR_OUTAGES_KEPT + 10; at++) {
		sdr_outages_begin(&outages, 1, at * 10, at * 10, NULL);
		sdr_outages_end(&outages, 1, at * 10 + 5, at * 10 + 5);
	}
	sdr_outages_sum(&outages, 0, INT64_MAX, &sum);
	assert_int_equal(sum.outages, SDR_OUTAGES_KEPT);
	assert_int_equal(sum.targets, 1);
	assert_int_equal(sum.lasted, 5 * SDR_OUTAGES_KEPT);
	assert_true(sum.at_least);
	sdr_outages_sum(&outages, 10000, INT64_MAX, &sum);
	assert_false(sum.at_least);
	sdr_outages_sum(&outages, INT64_MAX - 1, INT64_MAX, &sum);
	assert_int_equal(sum.outages, 0);
	sdr_outages_done(&outages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_plain_sum),
		cmocka_unit_test(test_what_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
