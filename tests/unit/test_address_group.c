/* All addresses of a name as targets: names come from a hosts file of the test's own, echo requests
 * go to the loopback interface of a network namespace of its own. Without namespaces: skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "dns/names.h"
#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/skip.h"
#include "probe/address_group.h"
#include "probe/engine.h"
#include "probe/engine_schedule.h"

#define ADDRESSES 256

/* What a sink saw, by the target's id. */
struct seen {
	struct sdr_engine *engine;
	unsigned added, removed, finished, cut, joined, leaders, labelled;
	unsigned answers[ADDRESSES];
	char last_why[128];
};

struct rig {
	uv_loop_t loop;
	struct sdr_privilege privilege;
	struct sdr_names *names;
	struct seen seen;
	char hosts[64], none[64];
};

static struct rig rig;

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct seen *seen = context;
	seen->added += event == SDR_TARGET_ADDED;
	seen->removed += event == SDR_TARGET_REMOVED;
	seen->finished += event == SDR_TARGET_FINISHED;
	const struct sdr_set *set = sdr_target_set(target);
	seen->cut += event == SDR_TARGET_CHANGED && set && set->notice && sdr_target_leads(target);
	seen->joined += event == SDR_TARGET_ADDED && sdr_target_origin(target);
	seen->leaders += event == SDR_TARGET_ADDED && set && sdr_target_leads(target);
	seen->labelled += event == SDR_TARGET_CHANGED && target->spec->group;
	if (target->phase == SDR_PHASE_FAILED || event == SDR_TARGET_REMOVED)
		snprintf(seen->last_why, sizeof(seen->last_why), "%s", target->why);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct seen *seen = context;
	assert_int_equal(result->outcome, SDR_OUTCOME_OK);
	assert_int_equal(sdr_addr_compare(&result->from.addr, &target->addr), 0);
	assert_true(target->id < ADDRESSES);
	seen->answers[target->id] += result->kind == SDR_RESULT_ANSWER;
}

static void write_hosts(const char *text)
{
	FILE *file = fopen(rig.hosts, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int rig_open(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof(rig));
	snprintf(rig.hosts, sizeof(rig.hosts), "/tmp/sounder-family-%d", (int)getpid());
	snprintf(rig.none, sizeof(rig.none), "/tmp/sounder-family-%d-none", (int)getpid());
	write_hosts("127.0.0.1 several\n127.0.0.2 several\n::1 several\n");
	struct sdr_names_files files = {rig.none, rig.hosts, rig.none};
	int type = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC;
	rig.privilege = (struct sdr_privilege){.kind4 = SDR_ICMP_RAW, .kind6 = SDR_ICMP_RAW};
	rig.privilege.icmp4 = socket(AF_INET, type, IPPROTO_ICMP);
	rig.privilege.icmp6 = socket(AF_INET6, type, IPPROTO_ICMPV6);
	assert_int_equal(uv_loop_init(&rig.loop), 0);
	rig.names = sdr_names_new_at(&rig.loop, &files);
	rig.seen.engine = sdr_engine_new(&rig.loop, rig.names, &rig.privilege);
	struct sdr_sink sink = {&rig.seen, on_target, on_result};
	assert_int_equal(sdr_engine_sink_add(rig.seen.engine, &sink), SDR_OK);
	return 0;
}

static int rig_close(void **state)
{
	(void)state;
	sdr_engine_free(rig.seen.engine);
	sdr_names_free(rig.names);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&rig.loop), 0); /* every handle is closed */
	close(rig.privilege.icmp4);
	close(rig.privilege.icmp6);
	unlink(rig.hosts);
	return 0;
}

static enum sdr_status add(const char *host, uint64_t count, uint8_t family, uint32_t *id)
{
	struct sdr_spec spec = {.type = sdr_probe_find("ping"),
		.target = host,
		.host = host,
		.count = count,
		.interval = 20 * SDR_MS};
	spec.family = family;
	spec.all_addresses = true;
	return sdr_engine_add(rig.seen.engine, &spec, id, NULL);
}

static void on_wake(uv_timer_t *timer)
{
	(void)timer;
}

/* Runs the loop until the condition holds, 10 s at most. */
#define RUN_UNTIL(condition) \
	do { \
		uv_timer_t wake; \
		uv_timer_init(&rig.loop, &wake); \
		uv_timer_start(&wake, on_wake, 5, 5); \
		sdr_ns end = sdr_clock_now() + 10 * SDR_SECOND; \
		while (!(condition) && sdr_clock_now() < end) \
			uv_run(&rig.loop, UV_RUN_ONCE); \
		uv_close((uv_handle_t *)&wake, NULL); \
		uv_run(&rig.loop, UV_RUN_NOWAIT); \
		assert_true(condition); \
	} while (0)

/* The number of a target's set; 0: it has none. */
static uint32_t set_number(uint32_t id)
{
	const struct sdr_set *set = sdr_target_set(sdr_engine_find(rig.seen.engine, id));
	return set ? set->number : 0;
}

static void test_each_address_is_a_target(void **state)
{
	(void)state;
	uint32_t id;
	assert_int_equal(add("several", 3, 0, &id), SDR_OK);
	uint32_t family = set_number(id);
	assert_true(family > 0 && sdr_engine_limit(rig.seen.engine) == 1);
	RUN_UNTIL(rig.seen.finished == 3);
	assert_int_equal(rig.seen.added, 3);
	assert_int_equal(rig.seen.leaders, 1);
	assert_int_equal(rig.seen.joined + rig.seen.cut + rig.seen.removed, 0);
	assert_int_equal(sdr_engine_running(rig.seen.engine), 0);
	for (uint32_t i = 0; i < 3; i++) {
		const struct sdr_target *target = sdr_engine_find(rig.seen.engine, i);
		char label[SDR_TARGET_LABEL];
		assert_int_equal(sdr_target_leads(target), i == id);
		assert_string_equal(sdr_target_set(target)->rule, "addresses");
		assert_string_equal(target->typed, "several");
		assert_int_equal(strncmp(sdr_target_label(label, target), "several (", 9), 0);
		assert_int_equal(set_number(i), family);
		assert_int_equal(rig.seen.answers[i], 3);
	}
}

static void test_one_family_of_addresses(void **state)
{
	(void)state;
	assert_int_equal(add("several", 1, 4, NULL), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 2);
	assert_int_equal(add("several", 1, 6, NULL), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 3);
	assert_int_equal(rig.seen.added, 3);
}

static void test_a_literal_has_no_group(void **state)
{
	(void)state;
	uint32_t id;
	char label[SDR_TARGET_LABEL];
	assert_int_equal(add("127.0.0.9", 1, 0, &id), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 1);
	assert_int_equal(set_number(id), 0);
	assert_string_equal(
		sdr_target_label(label, sdr_engine_find(rig.seen.engine, id)), "127.0.0.9");
}

static void test_removing_one_removes_all(void **state)
{
	(void)state;
	uint32_t id, other;
	assert_int_equal(add("several", 0, 0, &id), SDR_OK);
	assert_int_equal(add("several", 0, 0, &other), SDR_OK);
	RUN_UNTIL(rig.seen.added == 6 && rig.seen.answers[5] > 1);
	assert_true(set_number(other) > set_number(id));
	uint32_t member = 2; /* the two names were answered one after the other */
	assert_int_equal(set_number(member), set_number(id));
	assert_int_equal(sdr_engine_remove(rig.seen.engine, member), SDR_OK);
	assert_null(sdr_engine_find(rig.seen.engine, id));
	RUN_UNTIL(rig.seen.removed == 3);
	assert_string_equal(rig.seen.last_why, "");
	assert_non_null(sdr_engine_find(rig.seen.engine, other));
	assert_int_equal(sdr_engine_running(rig.seen.engine), 3);
	assert_int_equal(sdr_engine_remove(rig.seen.engine, other), SDR_OK);
	RUN_UNTIL(rig.seen.removed == 6);
	assert_int_equal(sdr_engine_running(rig.seen.engine), 0);
}

static void test_removed_before_its_name_is_known(void **state)
{
	(void)state;
	uint32_t id;
	assert_int_equal(add("several", 0, 0, &id), SDR_OK);
	assert_int_equal(sdr_engine_remove(rig.seen.engine, id), SDR_OK);
	RUN_UNTIL(rig.seen.removed == 1);
	assert_int_equal(rig.seen.added, 1);
}

static void test_more_than_are_followed(void **state)
{
	(void)state;
	char text[4096] = "";
	for (int i = 1; i <= 70; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "127.0.1.%d crowd\n", i);
	write_hosts(text);
	assert_int_equal(add("crowd", 1, 0, NULL), SDR_OK);
	RUN_UNTIL(rig.seen.finished == SDR_NAMES_ADDRESSES_MAX);
	assert_int_equal(rig.seen.added, SDR_NAMES_ADDRESSES_MAX);
	assert_int_equal(rig.seen.cut, 1);
}

/* Without a group, too: what could not be resolved at first is probed once it can. */
static void test_a_name_that_comes_later(void **state)
{
	(void)state;
	uint32_t id, plain;
	struct sdr_spec spec = {.type = sdr_probe_find("ping"),
		.target = "later",
		.host = "later",
		.interval = 20 * SDR_MS};
	assert_int_equal(add("later", 0, 0, &id), SDR_OK);
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, &plain, NULL), SDR_OK);
	RUN_UNTIL(sdr_engine_find(rig.seen.engine, id)->phase == SDR_PHASE_FAILED);
	RUN_UNTIL(sdr_engine_find(rig.seen.engine, plain)->phase == SDR_PHASE_FAILED);
	write_hosts("127.0.0.3 later\n127.0.0.4 later\n");
	RUN_UNTIL(rig.seen.added == 3 && rig.seen.answers[id] > 0 && rig.seen.answers[plain] > 0 &&
		rig.seen.answers[2] > 0);
	assert_string_equal(sdr_engine_find(rig.seen.engine, id)->why, "");
	assert_int_equal(rig.seen.joined, 0);
}

static void test_a_refused_address_is_one_of_them(void **state)
{
	(void)state;
	write_hosts("224.0.0.1 mixed\n127.0.0.1 mixed\n");
	assert_int_equal(add("mixed", 2, 4, NULL), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 1 && rig.seen.last_why[0]);
	assert_int_equal(rig.seen.added, 2);
	assert_int_equal(sdr_engine_running(rig.seen.engine), 0);
}

/* The name has these addresses now: 127.NET.0.1 to 127.NET.0.COUNT. */
static void answer_with(uint32_t id, uint8_t net, unsigned count)
{
	struct sdr_names_address addresses[SDR_NAMES_ADDRESSES_MAX];
	for (unsigned i = 0; i < count; i++)
		addresses[i] = (struct sdr_names_address){
			{.version = 4, .bytes = {127, net, 0, (uint8_t)(i + 1)}}, 3600};
	const struct sdr_names_answer answer = {
		.outcome = SDR_OUTCOME_OK, .count = count, .addresses = addresses};
	sdr_address_group_take(rig.seen.engine, rig.seen.engine->targets.by_id[id], &answer);
}

static unsigned count_in(uint8_t net)
{
	unsigned count = 0;
	for (uint32_t id = 0; id < sdr_engine_limit(rig.seen.engine); id++) {
		const struct sdr_target *target = sdr_engine_find(rig.seen.engine, id);
		count += target && target->addr.bytes[1] == net;
	}
	return count;
}

/* As many as are followed may all change at once. */
static void test_all_of_a_full_group_change(void **state)
{
	(void)state;
	uint32_t id;
	assert_int_equal(add("several", 0, 4, &id), SDR_OK);
	RUN_UNTIL(rig.seen.added == 2);
	answer_with(id, 1, SDR_NAMES_ADDRESSES_MAX);
	assert_int_equal(count_in(1), SDR_NAMES_ADDRESSES_MAX);
	uint32_t leader = id;
	for (uint32_t i = 0; i < sdr_engine_limit(rig.seen.engine); i++)
		leader = sdr_engine_find(rig.seen.engine, i) &&
				sdr_target_leads(sdr_engine_find(rig.seen.engine, i))
			? i
			: leader;
	answer_with(leader, 2, SDR_NAMES_ADDRESSES_MAX);
	assert_int_equal(count_in(1), 0);
	assert_int_equal(count_in(2), SDR_NAMES_ADDRESSES_MAX);
	uv_run(&rig.loop, UV_RUN_NOWAIT);
	assert_int_equal(rig.seen.cut, 0);
}

/* What joins a name that is paused is paused, too. */
static void test_who_joins_a_paused_group(void **state)
{
	(void)state;
	uint32_t id, joined = UINT32_MAX;
	assert_int_equal(add("several", 0, 4, &id), SDR_OK);
	RUN_UNTIL(rig.seen.added == 2);
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(sdr_engine_pause(rig.seen.engine, i, true), SDR_OK);
	answer_with(id, 1, 1);
	for (uint32_t i = 0; i < sdr_engine_limit(rig.seen.engine); i++) {
		const struct sdr_target *target = sdr_engine_find(rig.seen.engine, i);
		joined = target && target->addr.bytes[1] == 1 ? i : joined;
	}
	assert_int_not_equal(joined, UINT32_MAX);
	assert_int_equal(sdr_engine_find(rig.seen.engine, joined)->phase, SDR_PHASE_PAUSED);
	assert_int_equal(sdr_engine_pause(rig.seen.engine, joined, false), SDR_OK);
	RUN_UNTIL(rig.seen.answers[joined] > 0);
}

static void test_a_finished_group_stays_as_it_is(void **state)
{
	(void)state;
	uint32_t id;
	assert_int_equal(add("several", 2, 4, &id), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 2);
	answer_with(id, 1, 3);
	uv_run(&rig.loop, UV_RUN_NOWAIT);
	assert_int_equal(rig.seen.added, 2);
	assert_int_equal(rig.seen.removed, 0);
}

/* A name that moves to an address that is no target is not probed any more. */
static void test_a_target_that_fails_is_left_alone(void **state)
{
	(void)state;
	uint32_t id;
	assert_int_equal(add("127.0.0.1", 0, 0, &id), SDR_OK);
	RUN_UNTIL(rig.seen.answers[id] > 0);
	struct engine_target *target = rig.seen.engine->targets.by_id[id];
	sdr_resolve_fail(target, SDR_OUTCOME_LOCAL, "the broadcast address is no target");
	target->hopeless = true;
	sdr_engine_resolved(rig.seen.engine, target);
	assert_false(sdr_pace_has(&rig.seen.engine->pace, id));
}

/* What is typed can be no target: it is not tried again, whether later or when asked to. */
static void test_what_is_hopeless_is_not_tried_again(void **state)
{
	static const struct {
		const char *host;
		uint8_t family;
		const char *why;
	} cases[] = {
		{"127.0.0.1", 6, "an IPv4 address, but IPv6 was asked for"},
		{"::1", 4, "an IPv6 address, but IPv4 was asked for"},
		{"::ffff:127.0.0.1", 6, "an IPv4 address, but IPv6 was asked for"},
		{"255.255.255.255", 0, NULL},
		{"127.0.0.1", 4, ""},
		{"::1", 0, ""},
	};
	(void)state;
	assert_int_equal(add("127.0.0.400", 0, 0, NULL), SDR_EINVAL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t id = 0;
		bool good = cases[i].why && !*cases[i].why;
		assert_int_equal(add(cases[i].host, 0, cases[i].family, &id), SDR_OK);
		uv_run(&rig.loop, UV_RUN_NOWAIT);
		struct engine_target *target = rig.seen.engine->targets.by_id[id];
		assert_int_equal(target->hopeless, !good);
		assert_int_equal(
			target->public->phase, good ? SDR_PHASE_RUNNING : SDR_PHASE_FAILED);
		if (cases[i].why)
			assert_string_equal(target->public->why, cases[i].why);
		assert_int_equal(sdr_engine_again(rig.seen.engine, id), SDR_OK);
		assert_int_equal(
			target->public->phase, good ? SDR_PHASE_RUNNING : SDR_PHASE_FAILED);
		assert_int_equal(sdr_engine_remove(rig.seen.engine, id), SDR_OK);
	}
}

/* ---- types that connect to the first that answers ---- */

static int listen_at(uint8_t last, uint16_t *port)
{
	int fd = loopback_socket(SOCK_STREAM | SOCK_NONBLOCK, last, port);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

static void test_by_names_all_addresses_are_there_and_the_winner_is_shown(void **state)
{
	(void)state;
	uint16_t port = 0;
	uint32_t id;
	const struct sdr_addr *addresses;
	int listener = listen_at(4, &port);
	write_hosts("127.0.0.1 several\n"
		    "127.0.0.4 several\n"
		    "::1 several\n"
		    "224.0.0.1 several\n"
		    "127.0.0.4 one\n");
	struct sdr_spec spec = {.type = sdr_probe_find("tcp"),
		.target = "several",
		.host = "several",
		.port = port,
		.count = 1};
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, &id, NULL), SDR_OK);
	const struct sdr_target *target = sdr_engine_find(rig.seen.engine, id);
	assert_int_equal(sdr_target_addresses(target, &addresses), 0);
	RUN_UNTIL(rig.seen.finished == 1);
	assert_int_equal(
		sdr_target_addresses(target, &addresses), 3); /* a multicast address is no target */
	assert_true(target->resolve_time >= 0);
	assert_int_equal(target->addr.bytes[3], 4);
	for (unsigned i = 0; i < 3; i++)
		assert_true(addresses[i].bytes[0] != 224);
	spec.all_addresses = true; /* then each is a target of its own */
	spec.family = 4;
	spec.target = spec.host = "one";
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, &id, NULL), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 2);
	assert_int_equal(sdr_target_addresses(sdr_engine_find(rig.seen.engine, id), &addresses), 1);
	close(listener);
}

static void test_KC11_an_address_is_looked_up_in_no_time_at_all(void **state)
{
	(void)state;
	uint32_t id;
	const struct sdr_addr *addresses;
	assert_int_equal(add("127.0.0.9", 1, 0, &id), SDR_OK);
	RUN_UNTIL(rig.seen.finished == 1);
	assert_int_equal(sdr_engine_find(rig.seen.engine, id)->resolve_time, SDR_NS_NONE);
	assert_int_equal(sdr_target_addresses(sdr_engine_find(rig.seen.engine, id), &addresses), 1);
	assert_int_equal(addresses[0].bytes[3], 9);
}

static void test_a_type_without_addresses(void **state)
{
	(void)state;
	struct sdr_error error = {0};
	struct sdr_spec spec = {.type = sdr_probe_find("dns"),
		.target = "several",
		.host = "several",
		.all_addresses = true};
	assert_int_equal(sdr_engine_add(rig.seen.engine, &spec, NULL, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "no addresses to follow"));
}

/* All addresses of a name get the label, in one block; a sink that kept the target sees it. */
static void test_a_label_is_of_all_addresses(void **state)
{
	(void)state;
	uint32_t id, other;
	char group[] = "rack3";
	assert_int_equal(add("several", 0, 0, &id), SDR_OK);
	assert_int_equal(add("127.0.0.9", 0, 0, &other), SDR_OK);
	RUN_UNTIL(rig.seen.added == 4 && rig.seen.answers[3] > 1);
	const struct sdr_target *held = sdr_target_hold(sdr_engine_find(rig.seen.engine, 3));
	assert_int_equal(sdr_engine_set_group(rig.seen.engine, 3, group), SDR_OK);
	memset(group, 'x', sizeof(group) - 1);
	const struct sdr_spec *spec = held->spec;
	for (uint32_t i = 0; i < 4; i++) {
		const struct sdr_target *target = sdr_engine_find(rig.seen.engine, i);
		assert_int_equal(target->spec == spec, i != other);
		if (i == other)
			assert_null(target->spec->group);
		else
			assert_string_equal(target->spec->group, "rack3");
		assert_true(target->spec->interval == 20 * SDR_MS);
	}
	unsigned answers = rig.seen.answers[3];
	RUN_UNTIL(rig.seen.labelled == 3 && rig.seen.answers[3] > answers + 1);
	assert_int_equal(sdr_engine_set_group(rig.seen.engine, id, NULL), SDR_OK);
	assert_null(held->spec->group);
	assert_int_equal(sdr_engine_set_group(rig.seen.engine, 99, "x"), SDR_ENOENT);
	assert_int_equal(sdr_engine_remove(rig.seen.engine, id), SDR_OK);
	sdr_target_release(held);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_joins_a_paused_group, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_each_address_is_a_target, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_one_family_of_addresses, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_a_literal_has_no_group, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_removing_one_removes_all, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_a_label_is_of_all_addresses, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_removed_before_its_name_is_known, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_more_than_are_followed, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_what_is_hopeless_is_not_tried_again, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_a_name_that_comes_later, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_a_refused_address_is_one_of_them, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_by_names_all_addresses_are_there_and_the_winner_is_shown, rig_open,
			rig_close),
		cmocka_unit_test_setup_teardown(
			test_KC11_an_address_is_looked_up_in_no_time_at_all, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(test_a_type_without_addresses, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_all_of_a_full_group_change, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_a_finished_group_stays_as_it_is, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(
			test_a_target_that_fails_is_left_alone, rig_open, rig_close),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	return cmocka_run_group_tests_name("family", tests, NULL, NULL);
}
