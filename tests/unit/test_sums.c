/* Every probe counts once: 10,000 random schedules of replies, repeated, late and after errors,
 * ICMP errors, time-outs and local faults go through ping's matching into the tally of the shell
 * and the model of the screen, and are computed a second time, probe by probe. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "model/model.h"
#include "probe/ping_receive.h"
#include "probe/ping_report.h"
#include "probe/ping_state.h"
#include "report/report.h"

#define SCHEDULES 10000
#define PROBES 40
#define EVENTS_MAX 6 /* of a probe */
#define START (1000 * SDR_SECOND)

enum event_kind { SEND, SEND_FAILS, REPLY, ICMP_ERROR };

struct event {
	sdr_ns at;
	unsigned probe; /* from 1 */
	enum event_kind kind;
};

enum fate { UNBORN, FLYING, ANSWERED, LOST, LOST_BY_ERROR, LOCAL };

/* The result of one probe by the reference computation. */
struct fate_of {
	enum fate fate;
	sdr_ns sent;
};

static struct {
	struct probe_env env; /* first: what emit gets */
	struct ping ping;
	struct sdr_target public;
	struct sdr_spec spec;
	struct sdr_tally tally;
	struct sdr_model *model;
	struct sdr_sink sink;
	struct event events[PROBES * EVENTS_MAX];
	unsigned event_count;
	struct fate_of fates[PROBES + 1];
	uint64_t random, repeated, late; /* `repeated`, `late`: answers that change nothing */
} s;

static uint64_t below(uint64_t limit)
{
	s.random ^= s.random << 13, s.random ^= s.random >> 7, s.random ^= s.random << 17;
	return s.random % limit;
}

static void on_emit(struct probe_env *env, uint32_t id, struct sdr_result *result)
{
	(void)env;
	(void)id;
	sdr_tally_add(&s.tally, result);
	s.sink.on_result(s.sink.context, &s.public, result);
}

/* ---- a schedule ---- */

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	if (x->at != y->at)
		return (x->at > y->at) - (x->at < y->at);
	return (x->kind > y->kind) - (x->kind < y->kind);
}

static void add_event(sdr_ns at, unsigned probe, enum event_kind kind)
{
	s.events[s.event_count++] = (struct event){at, probe, kind};
}

static void make_schedule(void)
{
	s.spec.interval = SDR_MS * (sdr_ns)(10 + below(1000));
	s.spec.timeout = SDR_MS * (sdr_ns)(50 + below(3000));
	s.event_count = 0;
	for (unsigned probe = 1; probe <= PROBES; probe++) {
		sdr_ns sent = START + probe * s.spec.interval;
		bool fails = below(6) == 0;
		add_event(sent, probe, fails ? SEND_FAILS : SEND);
		unsigned more = fails ? 0 : (unsigned)below(EVENTS_MAX - 1);
		for (unsigned i = 0; i < more;
			i++) /* odd: never at the very time that a time-out is due */
			add_event(sent + (sdr_ns)below((uint64_t)s.spec.timeout * 3) / 2 * 2 + 1,
				probe, below(3) ? REPLY : ICMP_ERROR);
	}
	qsort(s.events, s.event_count, sizeof(*s.events), by_time);
}

/* ---- the reference computation ---- */

static void compute_time(sdr_ns now)
{
	for (unsigned probe = 1; probe <= PROBES; probe++)
		if (s.fates[probe].fate == FLYING && s.fates[probe].sent + s.spec.timeout <= now)
			s.fates[probe].fate = LOST;
}

static void compute(const struct event *event)
{
	struct fate_of *fate = &s.fates[event->probe];
	bool in_time = event->at <= fate->sent + s.spec.timeout;
	if (event->kind == SEND || event->kind == SEND_FAILS) {
		*fate = (struct fate_of){event->kind == SEND ? FLYING : LOCAL, event->at};
	} else if (event->kind == ICMP_ERROR) {
		if (fate->fate == FLYING)
			fate->fate = LOST_BY_ERROR;
	} else if (fate->fate == FLYING || (fate->fate == LOST_BY_ERROR && in_time)) {
		fate->fate = ANSWERED;
	} else if (fate->fate == ANSWERED) {
		s.repeated++;
	} else {
		s.late++;
	}
}

static uint64_t how_many(enum fate fate)
{
	uint64_t n = 0;
	for (unsigned probe = 1; probe <= PROBES; probe++)
		n += s.fates[probe].fate == fate;
	return n;
}

/* ---- the same by the program ---- */

static struct icmp_echo echo_of(unsigned probe)
{
	uint32_t key = sdr_ping_table_key(&s.ping.table, s.public.id);
	return (struct icmp_echo){.sequence = (uint16_t)probe,
		.size = sdr_ping_size(s.public.spec),
		.has_token = true,
		.token = sdr_token_seal(&s.ping.token, key, probe)};
}

static void expire(sdr_ns now)
{
	uint32_t index;
	while ((index = sdr_inflight_expire(&s.ping.inflight, now)) != SDR_INFLIGHT_NONE) {
		const struct inflight_entry *entry = &s.ping.inflight.entries[index];
		struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT,
			.sequence = entry->sequence,
			.sent = entry->sent,
			.rtt = SDR_NS_NONE};
		on_emit(&s.env, s.public.id, &result);
	}
}

static void do_send(const struct event *event)
{
	uint32_t key = sdr_ping_table_key(&s.ping.table, s.public.id);
	s.public.begun = event->probe;
	uint32_t index =
		sdr_inflight_add(&s.ping.inflight, key, event->probe, event->at, s.spec.timeout);
	assert_int_not_equal(index, SDR_INFLIGHT_NONE);
	if (event->kind == SEND)
		return;
	struct deferred failure = {s.public.id, key, event->probe, event->at, ENOBUFS};
	sdr_inflight_remove(&s.ping.inflight, index);
	sdr_ping_report_local(&s.ping, &failure);
}

static void perform(const struct event *event)
{
	if (event->kind == REPLY) {
		struct icmp_reply reply = {.from = s.public.addr,
			.hop_limit = 64,
			.received = event->at,
			.read = event->at};
		reply.message.kind = ICMP_KIND_REPLY;
		reply.message.echo = echo_of(event->probe);
		sdr_ping_on_reply(&s.ping, &reply);
	} else if (event->kind == ICMP_ERROR) {
		struct icmp_fault fault = {.to = s.public.addr,
			.echo = echo_of(event->probe),
			.number = EHOSTUNREACH,
			.type = 3,
			.code = 1};
		fault.offender = (struct sdr_addr){.version = 4, .bytes = {10, 0, 0, 1}};
		sdr_ping_on_fault(&s.ping, &fault);
	} else {
		do_send(event);
	}
}

/* ---- both ---- */

static void compare(bool reset)
{
	struct sdr_totals totals;
	struct sdr_row row;
	uint64_t received = how_many(ANSWERED), lost = how_many(LOST) + how_many(LOST_BY_ERROR),
		 local = how_many(LOCAL), flying = how_many(FLYING);
	sdr_tally_totals(&s.tally, s.public.begun, false, START, &totals);
	assert_true(totals.received == received && totals.lost == lost && totals.local == local &&
		totals.in_flight == flying);
	assert_true(totals.transmitted == s.public.begun);
	assert_true(totals.transmitted ==
		totals.received + totals.lost + totals.local + totals.in_flight);
	assert_true(totals.duplicates + totals.late == s.repeated + s.late);
	double loss = sdr_report_loss(&totals), unsent = sdr_report_unsent(&totals);
	assert_true(received + lost == 0
			? isnan(loss)
			: fabs(loss - 100.0 * (double)lost / (double)(received + lost)) < 1e-9);
	assert_true(s.public.begun == 0
			? isnan(unsent)
			: fabs(unsent - 100.0 * (double)local / (double)s.public.begun) < 1e-9);
	sdr_model_row(s.model, 0, &row);
	assert_true(row.transmitted == row.received + row.lost + row.local + row.in_flight &&
		row.in_flight == flying);
	if (!reset)
		assert_true(row.received == received && row.lost == lost && row.local == local &&
			row.transmitted == s.public.begun);
}

static void begin(void)
{
	static const uint32_t key[4] = {1, 2, 3, 4};
	static const struct sdr_probe_type type = {.name = "made-up"};
	memset(s.fates, 0, sizeof(s.fates));
	memset(&s.ping, 0, sizeof(s.ping));
	s.tally = (struct sdr_tally){0};
	s.repeated = s.late = 0;
	s.env.emit = on_emit;
	s.ping.env = &s.env;
	s.spec = (struct sdr_spec){.type = &type};
	make_schedule();
	s.public = (struct sdr_target){.id = 0,
		.spec = &s.spec,
		.typed = "db1",
		.name = "db1",
		.why = "",
		.phase = SDR_PHASE_RUNNING};
	s.public.addr = (struct sdr_addr){.version = 4, .bytes = {127, 0, 0, 1}};
	sdr_token_init(&s.ping.token, key);
	assert_int_equal(sdr_inflight_init(&s.ping.inflight, SDR_PING_LATE_WINDOW, START), SDR_OK);
	assert_non_null(sdr_ping_table_add(&s.ping.table, &s.public));
	s.sink = sdr_model_sink(s.model);
	s.sink.on_target(s.sink.context, &s.public, SDR_TARGET_ADDED);
}

static void end(void)
{
	s.sink.on_target(s.sink.context, &s.public, SDR_TARGET_REMOVED);
	sdr_inflight_done(&s.ping.inflight);
	sdr_ping_table_done(&s.ping.table);
}

/* Runs a schedule up to some point, checking the sums now and then; the model is reset meanwhile in
 * one of four. */
static void run_schedule(void)
{
	begin();
	unsigned until = 1 + (unsigned)below(s.event_count),
		 reset_at = below(4) ? UINT32_MAX : (unsigned)below(until);
	for (unsigned i = 0; i < until; i++) {
		const struct event *event = &s.events[i];
		compute_time(event->at);
		expire(event->at);
		compute(event);
		perform(event);
		if (i == reset_at)
			sdr_model_reset(s.model, 0);
		if (below(8) == 0 || i + 1 == until)
			compare(i >= reset_at);
	}
	compute_time(INT64_MAX);
	expire(START + SDR_HOUR);
	compare(until >= reset_at);
	assert_int_equal(how_many(FLYING), 0);
	end();
}

static void test_KC1_sums_add_up_in_random_schedules(void **state)
{
	(void)state;
	s.model = sdr_model_new();
	assert_non_null(s.model);
	for (uint64_t i = 1; i <= SCHEDULES; i++) {
		s.random = i * 0x9e3779b97f4a7c15u;
		run_schedule();
	}
	sdr_model_free(s.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_KC1_sums_add_up_in_random_schedules)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
