/* Whose a reply is: the matching of ping on made-up replies, without sockets. 200,000 probes across
 * the wraps of the wire's 16 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/ping_receive.h"
#include "probe/ping_state.h"

#define PROBES 200000u
#define OUT 4000u /* in flight at once: 4 s at one per millisecond */
#define DELAY(sequence) \
	((sdr_ns)((sequence)*7919u % 3900u) * SDR_MS) /* so that they overtake each other */

struct seen {
	struct probe_env env; /* first: what emit gets */
	uint64_t answers, wrong, extra;
	uint64_t before;   /* sequences begin behind it */
	uint8_t *reported; /* [PROBES + 1] */
};

static struct ping ping;
static struct seen seen;
static struct sdr_target public;
static struct sdr_spec spec; /* the target's */
static struct sdr_ping_options options;

static void on_emit(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	struct seen *at = (struct seen *)env;
	(void)id;
	if (result->kind != SDR_RESULT_ANSWER) {
		at->extra++;
		return;
	}
	at->answers++;
	uint64_t number = result->sequence - at->before;
	at->wrong += result->outcome != SDR_OUTCOME_OK || number == 0 || number > PROBES;
	at->wrong += result->rtt != DELAY(result->sequence) + 1;
	at->wrong += number > PROBES || at->reported[number]++ != 0;
}

static int set_up(void **state)
{
	static const uint32_t key[4] = {1, 2, 3, 4};
	(void)state;
	memset(&ping, 0, sizeof(ping));
	memset(&seen, 0, sizeof(seen));
	seen.reported = calloc(PROBES + 1, 1);
	seen.env.emit = on_emit;
	ping.env = &seen.env;
	options = (struct sdr_ping_options){0};
	spec = (struct sdr_spec){
		.timeout = 5 * SDR_SECOND, .interval = SDR_MS, .options = &options};
	public = (struct sdr_target){
		.id = 3, .spec = &spec, .addr = {.version = 4, .bytes = {127, 0, 0, 1}}};
	sdr_token_init(&ping.token, key);
	assert_int_equal(sdr_inflight_init(&ping.inflight, SDR_PING_LATE_WINDOW, 0), SDR_OK);
	assert_non_null(sdr_ping_table_add(&ping.table, &public));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdr_inflight_done(&ping.inflight);
	sdr_ping_table_done(&ping.table);
	free(seen.reported);
	return 0;
}

static struct icmp_reply reply_to(uint64_t sequence, sdr_ns sent)
{
	struct icmp_reply reply = {.from = public.addr, .hop_limit = 64, .kernel = true};
	uint32_t key = sdr_ping_table_key(&ping.table, public.id);
	reply.received = reply.read = sent + DELAY(sequence) + 1;
	reply.message.kind = ICMP_KIND_REPLY;
	reply.message.echo = (struct icmp_echo){
		.sequence = (uint16_t)sequence, .size = sdr_ping_size(public.spec)};
	reply.message.echo.has_token = reply.message.echo.size >= SDR_ICMP_TOKEN;
	reply.message.echo.token = sdr_token_seal(&ping.token, key, (uint32_t)sequence);
	return reply;
}

static void send_one(uint64_t sequence)
{
	sdr_ns now = (sdr_ns)sequence * SDR_MS;
	uint32_t index = sdr_inflight_add(&ping.inflight,
		sdr_ping_table_key(&ping.table, public.id), sequence, now, public.spec->timeout);
	assert_int_not_equal(index, SDR_INFLIGHT_NONE);
	ping.inflight.entries[index].stamp = now;
	public.begun = sequence;
}

/* Sends one a millisecond; each reply comes in its own time. */
static void across_the_wrap(uint64_t before, uint64_t probes)
{
	seen.before = before;
	for (uint64_t now = before + 1; now <= before + probes + OUT; now++) {
		if (now <= before + probes)
			send_one(now);
		for (uint64_t sequence = now > before + OUT ? now - OUT : before + 1;
			sequence <= now && sequence <= before + probes; sequence++)
			if ((sdr_ns)(now - sequence) * SDR_MS == DELAY(sequence)) {
				struct icmp_reply reply =
					reply_to(sequence, (sdr_ns)sequence * SDR_MS);
				sdr_ping_on_reply(&ping, &reply);
			}
	}
	assert_int_equal(seen.answers, probes);
	assert_int_equal(seen.wrong, 0);
	assert_int_equal(seen.extra, 0);
	assert_int_equal(ping.inflight.count, 0);
}

static void test_D1_none_misattributed_across_the_wrap(void **state)
{
	(void)state;
	across_the_wrap(0, PROBES);
}

/* 2^31 and 2^32 probes, and as many milliseconds of uptime, are passed unseen. */
static void test_H12_none_misattributed_past_31_and_32_bits(void **state)
{
	for (unsigned bits = 31; bits <= 32; bits++)
		for (uint32_t size = 4; size <= 56; size += 52) {
			tear_down(state);
			set_up(state);
			options = (struct sdr_ping_options){.size = size, .has_size = true};
			across_the_wrap(((uint64_t)1 << bits) - 5000, 10000);
		}
}

static void test_D1_none_misattributed_without_a_token(void **state)
{
	(void)state;
	options = (struct sdr_ping_options){.size = 4, .has_size = true};
	across_the_wrap(0, PROBES);
}

static void test_D4_a_hundred_thousand_forged_none_accepted(void **state)
{
	(void)state;
	uint64_t random = 88172645463325252u;
	for (uint64_t sequence = 1; sequence <= OUT; sequence++)
		send_one(sequence);
	for (unsigned i = 0; i < 100000; i++) {
		struct icmp_reply reply = reply_to(i % OUT + 1, (sdr_ns)(i % OUT + 1) * SDR_MS);
		random ^= random << 13, random ^= random >> 7, random ^= random << 17;
		if (i % 4 == 0) /* another source */
			reply.from.bytes[3] = (uint8_t)(2 + random % 250);
		else if (i % 4 == 1) /* a token for a probe that does not exist */
			reply.message.echo.token = random;
		else if (i % 4 == 2) /* one bit off */
			reply.message.echo.token ^= (uint64_t)1 << random % 64;
		else /* the token of another probe */
			reply.message.echo.sequence++;
		sdr_ping_on_reply(&ping, &reply);
	}
	assert_int_equal(seen.answers, 0);
	assert_int_equal(ping.inflight.count, OUT);
	assert_true(ping.foreign == 100000);
}

/* What the wall clock does to stamps: the socket drops those that can't be; here a stamp after the
 * receipt must give no negative time. */
static void test_D9_no_negative_round_trip(void **state)
{
	const uint64_t stamps = 1000000;
	(void)state;
	for (uint64_t sequence = 1; sequence <= stamps; sequence++) {
		send_one(sequence);
		uint32_t index = sdr_inflight_find(
			&ping.inflight, sdr_ping_table_key(&ping.table, public.id), sequence);
		struct icmp_reply reply = reply_to(sequence, (sdr_ns)sequence * SDR_MS);
		ping.inflight.entries[index].stamp =
			reply.received + (sdr_ns)(sequence % 3) * SDR_HOUR; /* from the future */
		if (sequence % 5 == 0)
			reply.received = 1; /* from long ago */
		sdr_ping_on_reply(&ping, &reply);
	}
	assert_int_equal(seen.answers, stamps);
}

/* A name that has got another address: what is in flight to the old one is answered from there,
 * what leaves from now on is not. */
static void test_KC1_an_address_that_moved_loses_no_probe(void **state)
{
	(void)state;
	struct sdr_addr old = public.addr;
	for (uint64_t sequence = 1; sequence <= 10; sequence++)
		send_one(sequence);
	uint32_t key = sdr_ping_table_key(&ping.table, public.id);
	public.addr.bytes[3] = 9;
	sdr_ping_table_move(&ping.table, public.id, 11);
	assert_int_equal(sdr_ping_table_key(&ping.table, public.id), key);
	assert_int_equal(sdr_ping_table_first(&ping.table, &old), SDR_PING_NONE);
	assert_int_equal(sdr_ping_table_first(&ping.table, &public.addr), public.id);
	for (uint64_t sequence = 11; sequence <= 20; sequence++)
		send_one(sequence);
	for (uint64_t sequence = 1; sequence <= 20; sequence++) {
		struct icmp_reply reply = reply_to(sequence, (sdr_ns)sequence * SDR_MS);
		reply.from = old;
		sdr_ping_on_reply(&ping, &reply);
	}
	assert_int_equal(seen.answers, 10);
	assert_int_equal(seen.wrong, 0);
	assert_int_equal(ping.foreign, 10);
	for (uint64_t sequence = 11; sequence <= 20; sequence++) {
		struct icmp_reply reply = reply_to(sequence, (sdr_ns)sequence * SDR_MS);
		sdr_ping_on_reply(&ping, &reply);
	}
	assert_int_equal(seen.answers, 20);
	assert_int_equal(ping.inflight.count, 0);
}

/* What an error quotes of a target that has ended is no word about the next one with its address
 * and the same sequence; where the token is not quoted, address and sequence are all there is. */
static void an_error_of_one_that_ended_is_not_the_next_ones(void **state)
{
	(void)state;
	uint32_t key = sdr_ping_table_key(&ping.table, public.id);
	struct icmp_fault fault = {.to = public.addr, .type = 3, .code = 1, .number = 113};
	fault.echo = (struct icmp_echo){.sequence = 1,
		.size = sdr_ping_size(public.spec),
		.has_token = true,
		.token = sdr_token_seal(&ping.token, key, 1)};
	send_one(1);
	sdr_ping_table_remove(&ping.table, public.id);
	assert_non_null(sdr_ping_table_add(&ping.table, &public));
	send_one(1);
	sdr_ping_on_fault(&ping, &fault);
	assert_int_equal(seen.answers, 0);
	fault.echo.has_token = false;
	sdr_ping_on_fault(&ping, &fault);
	assert_int_equal(seen.answers, 1);
}

/* ---- what kind of answer it is ---- */

static struct sdr_result last; /* the latest that was emitted; its texts are gone */

static void on_emit_last(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	(void)env;
	assert_int_equal(id, public.id);
	last = *result;
}

static int set_up_last(void **state)
{
	int failed = set_up(state);
	seen.env.emit = on_emit_last;
	return failed;
}

/* Has a reply come in from 127.0.0.`host` at a time, ms. */
static enum sdr_result_kind kind_of_reply(uint64_t sequence, uint8_t host, sdr_ns at)
{
	struct icmp_reply reply = reply_to(sequence, 0);
	reply.from.bytes[3] = host;
	reply.received = reply.read = at * SDR_MS;
	last = (struct sdr_result){.kind = SDR_RESULT_PENDING};
	sdr_ping_on_reply(&ping, &reply);
	return last.kind;
}

/* Of the latest answer one more has its round trip too; of those before it is known that they were
 * answered, and what comes beyond the time-out was lost before. */
static void one_more_answer_is_a_duplicate_or_late(void **state)
{
	(void)state;
	for (uint64_t sequence = 1; sequence <= 7000; sequence++)
		send_one(sequence);
	assert_int_equal(kind_of_reply(1, 1, 7000), SDR_RESULT_ANSWER);
	assert_int_equal(kind_of_reply(1, 1, 7002), SDR_RESULT_DUPLICATE);
	assert_true(last.rtt == 7001 * SDR_MS && last.sent == SDR_MS);
	assert_int_equal(kind_of_reply(7000, 1, 7003), SDR_RESULT_ANSWER);
	assert_int_equal(kind_of_reply(2000, 1, 7003), SDR_RESULT_ANSWER);
	assert_int_equal(kind_of_reply(7000, 1, 7004), SDR_RESULT_DUPLICATE);
	assert_true(last.rtt == SDR_NS_NONE && last.sequence == 7000);
	assert_int_equal(kind_of_reply(1, 1, 7004), SDR_RESULT_LATE); /* 6999 ms ago: over 5 s */
	assert_true(last.rtt == SDR_NS_NONE);
}

/* Not all of the request came back, or a bit of it is another. */
static void what_comes_back_otherwise_is_corrupt(void **state)
{
	(void)state;
	send_one(1);
	struct icmp_reply reply = reply_to(1, SDR_MS);
	reply.damaged = true;
	sdr_ping_on_reply(&ping, &reply);
	assert_int_equal(last.kind, SDR_RESULT_CORRUPT);
	assert_int_equal(last.outcome, SDR_OUTCOME_MALFORMED);
	reply = reply_to(1, SDR_MS);
	reply.message.echo.size--;
	last.kind = SDR_RESULT_PENDING;
	sdr_ping_on_reply(&ping, &reply);
	assert_int_equal(last.kind, SDR_RESULT_CORRUPT);
	assert_true(last.rtt == SDR_NS_NONE && last.sequence == 1);
	assert_int_equal(kind_of_reply(1, 1, 2), SDR_RESULT_ANSWER); /* it was none of those */
}

/* An answer after an ICMP error takes its place, but not beyond the time-out. */
static void an_answer_after_an_error_amends_it(void **state)
{
	(void)state;
	for (uint64_t sequence = 1; sequence <= 2; sequence++) {
		struct icmp_fault fault = {.to = public.addr, .type = 3, .code = 1, .number = 113};
		fault.echo = (struct icmp_echo){
			.sequence = (uint16_t)sequence, .size = sdr_ping_size(public.spec)};
		fault.echo.has_token = true;
		fault.echo.token = sdr_token_seal(&ping.token,
			sdr_ping_table_key(&ping.table, public.id), (uint32_t)sequence);
		send_one(sequence);
		sdr_ping_on_fault(&ping, &fault);
		assert_int_equal(last.kind, SDR_RESULT_ANSWER);
		assert_int_equal(last.outcome, SDR_OUTCOME_UNREACHABLE);
		assert_int_equal(kind_of_reply(sequence, 1, sequence == 1 ? 5001 : 5003),
			sequence == 1 ? SDR_RESULT_AMENDED : SDR_RESULT_LATE);
	}
}

/* Many hosts answer a broadcast: the first answer of each further one is none too many. */
static void further_hosts_answer_a_broadcast(void **state)
{
	(void)state;
	spec.broadcast = true;
	ping.responders = calloc(SDR_PING_RESPONDERS, sizeof(*ping.responders));
	assert_non_null(ping.responders);
	send_one(1);
	send_one(2);
	assert_int_equal(kind_of_reply(1, 7, 2), SDR_RESULT_ANSWER);
	for (uint8_t host = 8; host < 40; host++) {
		assert_int_equal(kind_of_reply(1, host, 3), SDR_RESULT_FURTHER);
		assert_int_equal(kind_of_reply(1, host, 3), SDR_RESULT_DUPLICATE);
		assert_int_equal(last.from.addr.bytes[3], host);
	}
	assert_int_equal(kind_of_reply(1, 7, 4), SDR_RESULT_DUPLICATE);
	assert_int_equal(kind_of_reply(2, 8, 4), SDR_RESULT_ANSWER); /* of another probe */
	assert_int_equal(kind_of_reply(2, 7, 4), SDR_RESULT_FURTHER);
	free(ping.responders);
	ping.responders = NULL;
}

static struct {
	char why[256];
	struct sdr_addr router;
} last_texts;

static void on_emit_fault(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	on_emit_last(env, id, result);
	assert_non_null(result->why);
	snprintf(last_texts.why, sizeof(last_texts.why), "%s", result->why);
	if (result->values[PING_ROUTER].present)
		last_texts.router = *result->values[PING_ROUTER].addr;
}

static int set_up_fault(void **state)
{
	int failed = set_up(state);
	seen.env.emit = on_emit_fault;
	return failed;
}

/* An error is reported with its words, its numbers, who sent it, and, if a packet was too big, what
 * would have fitted; once for each probe. */
static void an_error_is_reported_whole(void **state)
{
	static const struct {
		uint8_t type, code;
		uint32_t mtu;
		enum sdr_outcome outcome;
		const char *why;
	} cases[] = {
		{3, 1, 0, SDR_OUTCOME_UNREACHABLE, "Destination Host Unreachable"},
		{3, 4, 1400, SDR_OUTCOME_TOO_BIG, "Frag needed and DF set (mtu = 1400)"},
		{3, 13, 1400, SDR_OUTCOME_PROHIBITED, "Packet filtered"},
		{11, 0, 0, SDR_OUTCOME_TTL_EXCEEDED, "Time to live exceeded"},
	};
	(void)state;
	for (uint16_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint16_t sequence = i + 1;
		struct icmp_fault fault = {.to = public.addr,
			.offender = {.version = 4, .bytes = {10, 9, 9, 9}},
			.type = cases[i].type,
			.code = cases[i].code,
			.mtu = cases[i].mtu,
			.number = 113,
			.echo = {.sequence = sequence, .size = sdr_ping_size(public.spec)}};
		send_one(sequence);
		memset(&last_texts, 0, sizeof(last_texts));
		fault.echo.has_token = true;
		fault.echo.token = sdr_token_seal(
			&ping.token, sdr_ping_table_key(&ping.table, public.id), sequence);
		sdr_ping_on_fault(&ping, &fault);
		assert_string_equal(last_texts.why, cases[i].why);
		assert_int_equal(last.outcome, cases[i].outcome);
		assert_int_equal(last.sequence, sequence);
		assert_true(last.sent == sequence * SDR_MS && last.rtt == SDR_NS_NONE);
		assert_int_equal(last.values[PING_ICMP_TYPE].number, cases[i].type);
		assert_int_equal(last.values[PING_ICMP_CODE].number, cases[i].code);
		assert_int_equal(sdr_addr_compare(&last.from.addr, &fault.offender), 0);
		assert_int_equal(sdr_addr_compare(&last_texts.router, &fault.offender), 0);
		bool too_big = cases[i].outcome == SDR_OUTCOME_TOO_BIG;
		assert_int_equal(last.values[PING_MTU].present, too_big);
		if (too_big)
			assert_int_equal(last.values[PING_MTU].number, cases[i].mtu);
		last.sequence = 0;
		sdr_ping_on_fault(&ping, &fault);
		assert_int_equal(last.sequence, 0);
	}
}

static void on_emit_rtt(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	(void)id;
	((struct seen *)env)->answers++;
	assert_true(result->rtt >= 0);
}

static int set_up_rtt(void **state)
{
	int failed = set_up(state);
	seen.env.emit = on_emit_rtt;
	return failed;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_D1_none_misattributed_across_the_wrap, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_H12_none_misattributed_past_31_and_32_bits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_D1_none_misattributed_without_a_token, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_D4_a_hundred_thousand_forged_none_accepted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_KC1_an_address_that_moved_loses_no_probe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_error_of_one_that_ended_is_not_the_next_ones, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_D9_no_negative_round_trip, set_up_rtt, tear_down),
		cmocka_unit_test_setup_teardown(
			one_more_answer_is_a_duplicate_or_late, set_up_last, tear_down),
		cmocka_unit_test_setup_teardown(
			what_comes_back_otherwise_is_corrupt, set_up_last, tear_down),
		cmocka_unit_test_setup_teardown(
			an_answer_after_an_error_amends_it, set_up_last, tear_down),
		cmocka_unit_test_setup_teardown(
			an_error_is_reported_whole, set_up_fault, tear_down),
		cmocka_unit_test_setup_teardown(
			further_hosts_answer_a_broadcast, set_up_last, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
