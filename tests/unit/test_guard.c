/* Which datagrams a service answers (the table of FAULTS F2), and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "serve/guard.h"

struct row {
	const char *from;
	uint16_t port;
	const char *to; /* NULL: not known */
	bool to_broadcast;
	size_t length;
	bool is_public, answers_empty;
	enum guard_decision decision;
};

/* The listener is 192.0.2.1:10007; ours are also *:10013, [::1]:40007 and 127.0.0.1:50001. */
static const struct row rows[] = {
	{"192.0.2.9", 40000, "192.0.2.1", false, 10, true, true, GUARD_ANSWER},
	{"2001:db8::9", 40000, "2001:db8::1", false, 10, true, true, GUARD_ANSWER},
	{"127.0.0.1", 40000, NULL, false, 0, false, false, GUARD_ANSWER},
	{"192.0.2.9", 1024, NULL, false, 1472, true, true, GUARD_ANSWER},
	{"192.0.2.9", 40000, NULL, false, 0, true, true, GUARD_ANSWER},
	{"127.0.0.1", 40000, NULL, false, 65507, false, true, GUARD_ANSWER},
	{"192.0.2.9", 0, NULL, false, 10, true, true, GUARD_NO_PORT},
	{"127.0.0.1", 7, NULL, false, 10, false, true, GUARD_LOW_PORT},
	{"192.0.2.9", 13, NULL, false, 10, true, true, GUARD_LOW_PORT},
	{"192.0.2.9", 19, NULL, false, 10, true, true, GUARD_LOW_PORT},
	{"192.0.2.9", 53, NULL, false, 10, true, true, GUARD_LOW_PORT},
	{"192.0.2.9", 123, NULL, false, 10, true, true, GUARD_LOW_PORT},
	{"2001:db8::9", 1023, NULL, false, 10, true, true, GUARD_LOW_PORT},
	{"192.0.2.9", 40000, "192.0.2.255", true, 10, true, true, GUARD_GROUP},
	{"192.0.2.9", 40000, "255.255.255.255", false, 10, true, true, GUARD_GROUP},
	{"192.0.2.9", 40000, "224.0.0.1", false, 10, true, true, GUARD_GROUP},
	{"2001:db8::9", 40000, "ff02::1", false, 10, true, true, GUARD_GROUP},
	{"255.255.255.255", 40000, NULL, false, 10, true, true, GUARD_GROUP},
	{"224.0.0.1", 40000, NULL, false, 10, true, true, GUARD_GROUP},
	{"127.0.0.1", 50001, NULL, false, 10, false, true, GUARD_OWN},
	{"198.51.100.7", 10013, NULL, false, 10, true, true, GUARD_OWN},
	{"::1", 40007, NULL, false, 10, false, true, GUARD_OWN},
	{"198.51.100.7", 10007, NULL, false, 10, true, true, GUARD_TWIN},
	{"2001:db8::9", 10013, NULL, false, 10, true, true, GUARD_TWIN},
	{"192.0.2.9", 40000, NULL, false, 0, true, false, GUARD_EMPTY},
	{"192.0.2.9", 40000, NULL, false, 1473, true, true, GUARD_TOO_LONG},
};

static struct sdr_endpoint endpoint(const char *text, uint16_t port)
{
	struct sdr_endpoint made = {.port = port};
	struct sdr_error error;
	assert_int_equal(sdr_addr_parse(text, &made.addr, &error), SDR_OK);
	return made;
}

static void test_F2_rules(void **state)
{
	(void)state;
	static const uint16_t ports[] = {10013, 10007};
	const struct sdr_endpoint own[] = {endpoint("192.0.2.1", 10007), endpoint("0.0.0.0", 10013),
		endpoint("::1", 40007), endpoint("127.0.0.1", 50001)};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const struct guard_rules rules = {
			own, 4, ports, 2, 10007, row->is_public, row->answers_empty};
		struct guard_datagram datagram = {.from = endpoint(row->from, row->port),
			.to_broadcast = row->to_broadcast,
			.length = row->length};
		if (row->to)
			datagram.to = endpoint(row->to, 0).addr;
		enum guard_decision decision = sdr_guard_check(&rules, &datagram);
		if (decision != row->decision)
			fail_msg("row %zu, %s:%u: %d instead of %d", i, row->from, row->port,
				decision, row->decision);
		assert_true((sdr_guard_text(decision) == NULL) == (decision == GUARD_ANSWER));
	}
}

/* In no second whatever are there more than the limit, and the limit is reached. */
static void test_F3_pace_is_exact(void **state)
{
	(void)state;
	struct guard_pace pace;
	static sdr_ns taken[4000];
	unsigned count = 0;
	assert_int_equal(sdr_guard_pace_init(&pace, 200), SDR_OK);
	for (sdr_ns now = 5; now < 10 * SDR_SECOND; now += 10 * SDR_US)
		if (sdr_guard_pace_ready(&pace, now)) {
			sdr_guard_pace_take(&pace, now);
			taken[count++] = now;
		}
	assert_int_equal(count, 2000);
	for (unsigned i = 200; i < count; i++)
		assert_true(taken[i] - taken[i - 200] >= SDR_SECOND);
	sdr_guard_pace_done(&pace);
}

static void no_limit_is_always_ready(void **state)
{
	(void)state;
	struct guard_pace pace;
	assert_int_equal(sdr_guard_pace_init(&pace, 0), SDR_OK);
	for (int i = 0; i < 1000; i++) {
		assert_true(sdr_guard_pace_ready(&pace, i));
		sdr_guard_pace_take(&pace, i);
	}
	sdr_guard_pace_done(&pace);
}

static unsigned answered(
	struct guard_sources *sources, const struct sdr_endpoint *from, unsigned tries, sdr_ns now)
{
	unsigned count = 0;
	for (unsigned i = 0; i < tries; i++) {
		struct guard_source *source = sdr_guard_sources_touch(sources, from, now);
		if (sdr_guard_pace_ready(&source->pace, now)) {
			sdr_guard_pace_take(&source->pace, now);
			count++;
		}
	}
	return count;
}

static void test_F3_sources_share_their_prefix(void **state)
{
	(void)state;
	struct guard_sources *sources = sdr_guard_sources_new(10);
	assert_non_null(sources);
	const struct sdr_endpoint a = endpoint("192.0.2.9", 40000),
				  b = endpoint("192.0.2.200", 40001),
				  c = endpoint("192.0.3.9", 40000);
	const struct sdr_endpoint d = endpoint("2001:db8:0:1::1", 40000),
				  e = endpoint("2001:db8:0:ff::1", 40000),
				  f = endpoint("2001:db8:0:100::1", 1);
	assert_int_equal(answered(sources, &a, 7, 1), 7);
	assert_int_equal(answered(sources, &b, 7, 1), 3);
	assert_int_equal(answered(sources, &c, 20, 1), 10);
	assert_int_equal(answered(sources, &d, 7, 1), 7);
	assert_int_equal(answered(sources, &e, 7, 1), 3);
	assert_int_equal(answered(sources, &f, 20, 1), 10);
	assert_int_equal(answered(sources, &a, 20, 1 + SDR_SECOND), 10);
	assert_int_equal(sdr_guard_sources_count(sources, 0), 4);
	assert_int_equal(sdr_guard_sources_count(sources, SDR_SECOND), 1);
	assert_non_null(sdr_guard_sources_at(sources, 3, 0));
	assert_null(sdr_guard_sources_at(sources, 4, 0));
	sdr_guard_sources_free(sources);
}

/* Ten thousand forged sources take no memory and do not disturb one that is there. */
static void sources_are_bounded(void **state)
{
	(void)state;
	struct guard_sources *sources = sdr_guard_sources_new(0);
	assert_non_null(sources);
	for (unsigned i = 0; i < 10000; i++) {
		struct sdr_endpoint from = endpoint("10.0.0.0", 40000);
		from.addr.bytes[1] = (uint8_t)(i >> 8);
		from.addr.bytes[2] = (uint8_t)i;
		struct guard_source *source = sdr_guard_sources_touch(sources, &from, i);
		assert_int_equal(source->seen, i);
		assert_memory_equal(&source->last, &from, sizeof(from));
	}
	unsigned count = sdr_guard_sources_count(sources, 0);
	assert_true(count > 100 && count <= 256);
	sdr_guard_sources_free(sources);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_F2_rules),
		cmocka_unit_test(test_F3_pace_is_exact),
		cmocka_unit_test(no_limit_is_always_ready),
		cmocka_unit_test(test_F3_sources_share_their_prefix),
		cmocka_unit_test(sources_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
