/* The log of outages and faults against plain arrays of them. Serials are few, so that they come,
 * go and collide often, and the rings go round many times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/outages.h"

#define SERIALS 300u
#define SPREAD 2654435761u /* what a serial is multiplied by: also large ones are met */
#define STEPS 200000

/* All that was ever reported, in order; the log knows the newest SDR_OUTAGES_KEPT. */
struct known {
	uint32_t serial;
	sdr_ns at, end; /* outages; `end` SDR_NS_NONE: goes on */
	enum sdr_outcome outcome;
	uint64_t count; /* faults */
	int why;        /* 0: none */
};

struct plain {
	struct known outages[STEPS], faults[STEPS];
	unsigned outage_count, fault_count;
};

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	return *state ^= *state << 17;
}

static unsigned oldest(unsigned count)
{
	return count > SDR_OUTAGES_KEPT ? count - SDR_OUTAGES_KEPT : 0;
}

static struct known *open_of(struct plain *plain, uint32_t serial)
{
	for (unsigned i = plain->outage_count; i-- > oldest(plain->outage_count);)
		if (plain->outages[i].serial == serial && plain->outages[i].end == SDR_NS_NONE)
			return &plain->outages[i];
	return NULL;
}

static struct known *fault_of(struct plain *plain, uint32_t serial, enum sdr_outcome outcome)
{
	for (unsigned i = plain->fault_count; i-- > oldest(plain->fault_count);)
		if (plain->faults[i].serial == serial && plain->faults[i].outcome == outcome)
			return &plain->faults[i];
	return NULL;
}

static void check_why(const char *text, int why)
{
	char expected[16] = "";
	if (why)
		snprintf(expected, sizeof(expected), "why %d", why);
	assert_string_equal(text, expected);
}

static void check(const struct sdr_outage_log *log, struct plain *plain, uint32_t serial)
{
	static struct sdr_outage outages[SDR_OUTAGES_KEPT];
	struct sdr_fault faults[SDR_OUTCOME_COUNT];
	sdr_ns now = STEPS + 1;
	uint32_t found = sdr_outages_list(log, serial, now, outages, SDR_OUTAGES_KEPT), n = 0;
	for (unsigned i = plain->outage_count; i-- > oldest(plain->outage_count);) {
		const struct known *one = &plain->outages[i];
		if (one->serial != serial)
			continue;
		assert_true(n < found);
		assert_true(
			outages[n].lasted == (one->end == SDR_NS_NONE ? now : one->end) - one->at);
		assert_true(outages[n].to == (one->end == SDR_NS_NONE ? 0 : one->end));
		check_why(outages[n++].why, one->why);
	}
	assert_int_equal(n, found);
	found = sdr_outages_faults(log, serial, faults, SDR_OUTCOME_COUNT);
	n = 0;
	for (unsigned outcome = 0; outcome < SDR_OUTCOME_COUNT; outcome++) {
		const struct known *one = fault_of(plain, serial, (enum sdr_outcome)outcome);
		if (!one)
			continue;
		assert_true(n < found);
		assert_int_equal(faults[n].outcome, outcome);
		assert_true(faults[n].count == one->count);
		check_why(faults[n++].why, one->why);
	}
	assert_int_equal(n, found);
}

/* One event of that serial at time `at`, given to both. */
static void step(
	struct sdr_outage_log *log, struct plain *plain, uint32_t serial, sdr_ns at, uint64_t dice)
{
	struct known *open = open_of(plain, serial);
	enum sdr_outcome outcome = (enum sdr_outcome)(dice >> 8 & 3);
	int why = (int)(dice >> 16) % 9;
	char text[16];
	snprintf(text, sizeof(text), "why %d", why);
	if (dice % 4 == 0 && !open) {
		sdr_outages_begin(log, serial, at, at, why ? text : NULL);
		plain->outages[plain->outage_count++] =
			(struct known){.serial = serial, .at = at, .end = SDR_NS_NONE, .why = why};
	} else if (dice % 4 == 1) {
		sdr_outages_end(log, serial, at, at);
		if (open)
			open->end = at;
	} else if (dice % 4 == 2 && why) {
		sdr_outages_explain(log, serial, text);
		if (open)
			open->why = why;
	} else if (dice % 4 == 3) {
		struct known *fault = fault_of(plain, serial, outcome);
		sdr_outages_fault(log, serial, outcome, why ? text : NULL, at);
		if (!fault) {
			fault = &plain->faults[plain->fault_count++];
			*fault = (struct known){.serial = serial, .outcome = outcome};
		}
		fault->count++;
		fault->why = why ? why : fault->why;
	}
}

/* `serials` of them; a copy holds the same. */
static void run(uint32_t serials, int steps, unsigned *outages, unsigned *faults)
{
	struct plain *plain = calloc(1, sizeof(*plain));
	struct sdr_outage_log *log = malloc(sizeof(*log)), *copy = malloc(sizeof(*copy));
	uint64_t seed = 42;
	assert_non_null(plain);
	assert_non_null(log);
	assert_non_null(copy);
	assert_int_equal(sdr_outages_init(log), SDR_OK);
	for (int i = 1; i <= steps; i++) {
		uint32_t serial = (uint32_t)(random_next(&seed) % serials + 1) * SPREAD;
		step(log, plain, serial, i, random_next(&seed) >> 8);
		if (i % 64 == 0)
			check(log, plain, serial);
	}
	assert_int_equal(sdr_outages_copy(copy, log), SDR_OK);
	sdr_outages_done(log);
	for (uint32_t i = 0; i < serials; i += serials / 100 + 1)
		check(copy, plain, (i + 1) * SPREAD);
	*outages = plain->outage_count;
	*faults = plain->fault_count;
	sdr_outages_done(copy);
	free(copy);
	free(log);
	free(plain);
}

static void test_few_targets(void **state)
{
	unsigned outages, faults;
	(void)state;
	run(SERIALS, 80000, &outages, &faults);
	assert_true(outages > 2 * SDR_OUTAGES_KEPT);
}

/* More than the rings hold: outages that go on, and faults, are forgotten. */
static void test_more_targets_than_are_kept(void **state)
{
	unsigned outages, faults;
	(void)state;
	run(20000, 40000, &outages, &faults);
	assert_true(outages > SDR_OUTAGES_KEPT);
	assert_true(faults > 2 * SDR_OUTAGES_KEPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_targets),
		cmocka_unit_test(test_more_targets_than_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
