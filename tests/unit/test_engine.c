/* test_engine.c - the engine, with ping, on a real loop, in a network namespace of the test's own:
 * loopback only. */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "lib/own_net.h"
#include "lib/skip.h"
#include "probe/engine.h"
#include "probe/probe_type.h"
#include "sounder/probe_options.h"

struct seen {
	struct sdr_engine *engine;
	unsigned added, changed, finished, removed;
	unsigned ok, other, extra;
	unsigned before_added; /* results of targets whose ADDED was not reported */
	unsigned kernel;       /* round trips by kernel stamps in both directions */
	sdr_ns longest;
	bool adding; /* within sdr_engine_add: no callback may come */
	unsigned while_adding;
	uint8_t hop_limit;
	bool known[70000];
};

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct seen *seen = context;
	seen->while_adding += seen->adding;
	seen->added += event == SDR_TARGET_ADDED;
	seen->changed += event == SDR_TARGET_CHANGED;
	seen->finished += event == SDR_TARGET_FINISHED;
	seen->removed += event == SDR_TARGET_REMOVED;
	if (event == SDR_TARGET_ADDED)
		seen->known[target->id] = true;
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct seen *seen = context;
	seen->while_adding += seen->adding;
	seen->before_added += !seen->known[target->id];
	if (result->kind != SDR_RESULT_ANSWER)
		seen->extra++;
	else if (result->outcome != SDR_OUTCOME_OK)
		seen->other++;
	else
		seen->ok++;
	if (result->outcome != SDR_OUTCOME_OK || result->kind != SDR_RESULT_ANSWER)
		return;
	seen->kernel += strcmp(sdr_result_value(result, 6)->text, "kernel") == 0;
	seen->longest = result->rtt > seen->longest ? result->rtt : seen->longest;
	seen->hop_limit = (uint8_t)sdr_result_value(result, 0)->number;
	assert_true(result->rtt > 0);
	assert_int_equal(sdr_addr_compare(&result->from.addr, &target->addr), 0);
}

static struct sdr_privilege open_sockets(enum sdr_icmp_kind kind)
{
	int type = (kind == SDR_ICMP_PING ? SOCK_DGRAM : SOCK_RAW) | SOCK_NONBLOCK | SOCK_CLOEXEC;
	struct sdr_privilege privilege = {.kind4 = kind, .kind6 = kind};
	privilege.icmp4 = socket(AF_INET, type, IPPROTO_ICMP);
	privilege.icmp6 = socket(AF_INET6, type, IPPROTO_ICMPV6);
	assert_true(privilege.icmp4 >= 0 && privilege.icmp6 >= 0);
	return privilege;
}

struct rig {
	uv_loop_t loop;
	struct sdr_privilege privilege;
	struct seen seen;
};

static struct rig rig;

static void rig_open(enum sdr_icmp_kind kind)
{
	memset(&rig, 0, sizeof(rig));
	rig.privilege = open_sockets(kind);
	assert_int_equal(uv_loop_init(&rig.loop), 0);
	rig.seen.engine = sdr_engine_new(&rig.loop, NULL, &rig.privilege);
	assert_non_null(rig.seen.engine);
	struct sdr_sink sink = {&rig.seen, on_target, on_result};
	assert_int_equal(sdr_engine_sink_add(rig.seen.engine, &sink), SDR_OK);
}

static void rig_close(void)
{
	sdr_engine_free(rig.seen.engine);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&rig.loop), 0); /* every handle is closed */
	close(rig.privilege.icmp4);
	close(rig.privilege.icmp6);
	assert_int_equal(rig.seen.while_adding, 0);
	assert_int_equal(rig.seen.before_added, 0);
}

static void on_wake(uv_timer_t *timer)
{
	(void)timer;
}

static void run_for(sdr_ns time)
{
	uv_timer_t wake;
	uv_timer_init(&rig.loop, &wake);
	uv_timer_start(&wake, on_wake, 5, 5);
	sdr_ns end = sdr_clock_now() + time;
	while (sdr_clock_now() < end)
		uv_run(&rig.loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&wake, NULL);
	uv_run(&rig.loop, UV_RUN_NOWAIT);
}

static void run_until_done(void)
{
	sdr_ns end = sdr_clock_now() + 10 * SDR_SECOND;
	while (sdr_engine_running(rig.seen.engine) > 0 && sdr_clock_now() < end)
		uv_run(&rig.loop, UV_RUN_ONCE);
	uv_run(&rig.loop, UV_RUN_NOWAIT);
	assert_int_equal(sdr_engine_running(rig.seen.engine), 0);
}

static uint32_t add(const char *host, uint64_t count, sdr_ns interval, uint32_t size)
{
	struct sdr_spec spec = {.type = sdr_probe_find("ping"),
		.target = host,
		.host = host,
		.count = count,
		.interval = interval};
	const struct sdr_ping_options options = {.size = size, .has_size = true};
	spec.options = &options;
	spec.hop_limit = 33;
	uint32_t id = UINT32_MAX;
	rig.seen.adding = true;
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, &id, NULL), SDR_OK);
	rig.seen.adding = false;
	return id;
}

static void each_kind_answers(enum sdr_icmp_kind kind)
{
	static const uint32_t sizes[] = {0, 1, 7, 8, 11, 12, 13, 56, 1000, 60000};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		rig_open(kind);
		add("127.0.0.1", 3, 20 * SDR_MS, sizes[i]);
		add("::1", 3, 20 * SDR_MS, sizes[i]);
		run_until_done();
		assert_int_equal(rig.seen.ok, 6);
		assert_int_equal(rig.seen.other + rig.seen.extra, 0);
		assert_int_equal(rig.seen.finished, 2);
		assert_int_equal(rig.seen.hop_limit, 64); /* the answer's, not ours */
		assert_true(rig.seen.kernel >= 5); /* a step of the wall clock may spoil one */
		rig_close();
	}
}

static void test_ping_socket(void **state)
{
	(void)state;
	each_kind_answers(SDR_ICMP_PING);
}

static void test_raw_socket(void **state)
{
	(void)state;
	each_kind_answers(SDR_ICMP_RAW);
}

static void test_many_targets_none_lost(void **state)
{
	(void)state;
	enum { N = 5000 };
	char host[32];
	rig_open(SDR_ICMP_PING);
	sdr_engine_set_rate(rig.seen.engine, 20000);
	for (int i = 0; i < N; i++) {
		snprintf(host, sizeof(host), "127.1.%d.%d", i / 250, i % 250 + 1);
		add(host, 2, 500 * SDR_MS, 56);
	}
	run_until_done();
	assert_int_equal(rig.seen.ok, 2 * N);
	assert_int_equal(rig.seen.other + rig.seen.extra, 0);
	assert_true(rig.seen.kernel >= 2 * N * 99 / 100);
	assert_true(rig.seen.longest < 100 * SDR_MS);
	rig_close();
}

static void test_same_address_twice(void **state)
{
	(void)state;
	rig_open(SDR_ICMP_PING);
	for (int i = 0; i < 20; i++)
		add("127.0.0.1", 5, 20 * SDR_MS, i % 2 ? 4 : 56);
	run_until_done();
	assert_int_equal(rig.seen.ok + rig.seen.extra, 100);
	assert_true(rig.seen.ok >= 50 &&
		rig.seen.other <= 50); /* those with a token are distinguished for certain */
	rig_close();
}

static void test_pause_again_remove(void **state)
{
	(void)state;
	rig_open(SDR_ICMP_PING);
	uint32_t id = add("127.0.0.1", 0, 20 * SDR_MS, 56);
	run_for(200 * SDR_MS);
	assert_in_range(rig.seen.ok, 7, 11);
	assert_int_equal(sdr_engine_pause(rig.seen.engine, id, true), SDR_OK);
	run_for(30 * SDR_MS);
	unsigned paused = rig.seen.ok;
	run_for(100 * SDR_MS);
	assert_int_equal(rig.seen.ok, paused);
	assert_int_equal(sdr_engine_find(rig.seen.engine, id)->phase, SDR_PHASE_PAUSED);
	assert_int_equal(sdr_engine_again(rig.seen.engine, id), SDR_OK);
	run_for(50 * SDR_MS);
	assert_int_equal(rig.seen.ok, paused + 1);
	assert_int_equal(sdr_engine_pause(rig.seen.engine, id, false), SDR_OK);
	run_for(100 * SDR_MS);
	assert_true(rig.seen.ok > paused + 2);
	assert_int_equal(sdr_engine_remove(rig.seen.engine, id), SDR_OK);
	assert_null(sdr_engine_find(rig.seen.engine, id));
	assert_int_equal(sdr_engine_remove(rig.seen.engine, id), SDR_ENOENT);
	unsigned before = rig.seen.ok;
	run_for(60 * SDR_MS);
	assert_int_equal(rig.seen.ok, before);
	assert_int_equal(rig.seen.removed, 1);
	assert_int_equal(add("127.0.0.2", 1, 0, 56), id); /* the id is used again */
	run_until_done();
	assert_int_equal(sdr_engine_again(rig.seen.engine, id), SDR_OK);
	run_until_done();
	assert_int_equal(rig.seen.ok, before + 2);
	assert_int_equal(rig.seen.finished, 2);
	rig_close();
}

static void test_D10_unreachable_is_local_and_D19_refused(void **state)
{
	(void)state;
	static const char *const refused[] = {"224.0.0.1", "239.255.255.255", "255.255.255.255",
		"0.0.0.0", "0.1.2.3", "240.0.0.1", "::", "ff02::1", "ff0e::1234"};
	rig_open(SDR_ICMP_PING);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		uint32_t id = add(refused[i], 2, 20 * SDR_MS, 56);
		assert_int_equal(sdr_engine_find(rig.seen.engine, id)->phase, SDR_PHASE_FAILED);
	}
	run_until_done();
	assert_int_equal(rig.seen.ok + rig.seen.other + rig.seen.extra, 0);
	add("192.0.2.1", 3, 20 * SDR_MS, 56);
	run_until_done();
	assert_int_equal(rig.seen.other, 3);
	rig_close();
}

/* Without a resolver every name fails: for good where there is a count, else it is tried again. */
static void test_names_that_fail(void **state)
{
	(void)state;
	rig_open(SDR_ICMP_PING);
	uint32_t finite = add("some.name.invalid", 2, 20 * SDR_MS, 56);
	uint32_t endless = add("other.name.invalid", 0, 20 * SDR_MS, 56);
	assert_int_equal(sdr_engine_running(rig.seen.engine), 2);
	run_for(50 * SDR_MS);
	const struct sdr_target *target = sdr_engine_find(rig.seen.engine, finite);
	assert_int_equal(target->phase, SDR_PHASE_FAILED);
	assert_int_equal(target->outcome, SDR_OUTCOME_LOCAL);
	assert_string_equal(target->why, "no name resolver");
	assert_int_equal(sdr_engine_running(rig.seen.engine), 1);
	unsigned changed = rig.seen.changed;
	run_for(1700 * SDR_MS); /* the second try comes after 1 s and up to half a second */
	assert_int_equal(rig.seen.changed, changed + 1);
	assert_int_equal(sdr_engine_again(rig.seen.engine, endless), SDR_OK);
	run_for(30 * SDR_MS);
	assert_int_equal(rig.seen.changed, changed + 3); /* resolving, and failed again */
	assert_int_equal(rig.seen.ok + rig.seen.other + rig.seen.extra, 0);
	assert_int_equal(sdr_engine_remove(rig.seen.engine, endless), SDR_OK);
	run_for(20 * SDR_MS);
	assert_int_equal(sdr_engine_running(rig.seen.engine), 0);
	rig_close();
}

static void test_specs_out_of_bounds(void **state)
{
	(void)state;
	struct sdr_error error;
	rig_open(SDR_ICMP_PING);
	struct sdr_spec good = {.type = sdr_probe_find("ping"),
				.target = "127.0.0.1",
				.host = "127.0.0.1",
				.count = 1},
			spec = good;
	spec.interval = 9 * SDR_MS;
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_ERANGE);
	spec = good;
	spec.timeout = 2 * SDR_HOUR;
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_ERANGE);
	spec = good;
	const struct sdr_ping_options large = {.size = 65508, .has_size = true};
	spec.options = &large;
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_ERANGE);
	spec = good;
	spec.source = "no-such-if0";
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_EINVAL);
	spec = good;
	spec.type = NULL;
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_EINVAL);
	spec = good;
	spec.host = "";
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_EINVAL);
	assert_int_equal(sdr_engine_limit(rig.seen.engine), 0);
	rig_close();
}

static void test_sinks_and_rates(void **state)
{
	(void)state;
	unsigned many[9] = {0};
	rig_open(SDR_ICMP_PING);
	struct sdr_engine *engine = rig.seen.engine;
	assert_int_equal(sdr_engine_rate(engine), 1000);
	sdr_engine_set_rate(engine, 0);
	assert_int_equal(sdr_engine_rate(engine), 1);
	sdr_engine_set_rate(engine, 5000);
	assert_true(sdr_engine_demand(engine) == 0);
	uint32_t id = add("127.0.0.1", 0, 100 * SDR_MS, 56),
		 other = add("127.0.0.2", 0, 50 * SDR_MS, 56);
	assert_true(sdr_engine_demand(engine) > 29.9 && sdr_engine_demand(engine) < 30.1);
	assert_int_equal(sdr_engine_running(engine), 2);
	assert_null(sdr_target_set(sdr_engine_find(engine, id)));
	/* Eight at the most: one is there. */
	for (int i = 0; i < 9; i++) {
		struct sdr_sink sink = {&many[i], NULL, NULL};
		assert_int_equal(sdr_engine_sink_add(engine, &sink), i < 7 ? SDR_OK : SDR_ENOMEM);
	}
	for (int i = 0; i < 7; i++)
		sdr_engine_sink_remove(engine, &many[i]);
	sdr_engine_sink_remove(engine, &rig.seen);
	unsigned before = rig.seen.ok;
	run_for(200 * SDR_MS);
	assert_int_equal(rig.seen.ok, before); /* none is called any more */
	struct sdr_sink sink = {&rig.seen, on_target, on_result};
	assert_int_equal(sdr_engine_sink_add(engine, &sink), SDR_OK);
	rig.seen.known[id] = rig.seen.known[other] = true;
	for (int wait = 0; wait < 50 && rig.seen.ok == before; wait++)
		run_for(100 * SDR_MS);
	assert_true(rig.seen.ok > before);
	assert_int_equal(sdr_engine_remove(engine, 99), SDR_ENOENT);
	assert_int_equal(sdr_engine_again(engine, 99), SDR_ENOENT);
	assert_int_equal(sdr_engine_pause(engine, 99, true), SDR_ENOENT);
	assert_null(sdr_engine_find(engine, 99));
	rig_close();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sinks_and_rates),
		cmocka_unit_test(test_ping_socket),
		cmocka_unit_test(test_raw_socket),
		cmocka_unit_test(test_many_targets_none_lost),
		cmocka_unit_test(test_same_address_twice),
		cmocka_unit_test(test_pause_again_remove),
		cmocka_unit_test(test_D10_unreachable_is_local_and_D19_refused),
		cmocka_unit_test(test_names_that_fail),
		cmocka_unit_test(test_specs_out_of_bounds),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
