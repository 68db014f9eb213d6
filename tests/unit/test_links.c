/* test_links.c - what recently happened to links and own addresses, in a network namespace of the
 * test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <cmocka.h>

#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/skip.h"
#include "sounder/links.h"

struct rig {
	uv_loop_t loop;
	struct sdr_links *links;
	sdr_ns begun;
};

/* Two ends of a cable, ea and eb; ea has addresses. */
static int rig_open(void **state)
{
	static struct rig rig;
	*state = &rig;
	sh("ip link add ea type veth peer name eb; ip link set ea up; ip link set eb up;"
	   "ip addr add 10.9.0.1/16 dev ea; ip addr add 10.9.1.1/24 dev ea;"
	   "ip -6 addr add fd09::1/64 dev ea nodad");
	rig.begun = sdr_clock_now();
	rig.links = uv_loop_init(&rig.loop) == 0 ? sdr_links_new(&rig.loop) : NULL;
	return rig.links ? 0 : -1;
}

static int rig_close(void **state)
{
	struct rig *rig = *state;
	sdr_links_free(rig->links);
	sh("ip link del ea 2>/dev/null; ip link del eb 2>/dev/null; true");
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	return uv_loop_close(&rig->loop);
}

/* Changes something and takes it in: news that the kernel owes to a call are there after it. */
static void change(struct rig *rig, const char *command)
{
	uint64_t version = sdr_links_version(rig->links);
	sh(command);
	sdr_links_read(rig->links);
	assert_true(sdr_links_version(rig->links) > version);
}

static void said(const struct sdr_link *link, bool over, const char *wanted)
{
	char text[SDR_LINK_TEXT];
	assert_string_equal(sdr_link_format(text, link, over), wanted);
}

static void test_nothing_is_known_of_none(void **state)
{
	const struct sdr_addr addr = addr_of("127.0.0.1");
	(void)state;
	sdr_links_free(NULL);
	sdr_links_read(NULL);
	sdr_links_look(NULL);
	assert_int_equal(sdr_links_version(NULL), 0);
	assert_null(sdr_links_find(NULL, 1));
	assert_null(sdr_links_named(NULL, "lo"));
	assert_null(sdr_links_own(NULL, &addr));
	assert_null(sdr_links_network(NULL, &addr));
	assert_null(sdr_links_latest(NULL));
	assert_null(sdr_links_latest_gone(NULL, 4));
	assert_false(sdr_links_has(NULL, 1, 4));
	assert_false(sdr_links_any_trouble(NULL, 0, INT64_MAX));
}

static void test_what_is_there_at_once(void **state)
{
	struct rig *rig = *state;
	const struct sdr_link *lo = sdr_links_named(rig->links, "lo"),
			      *ea = sdr_links_named(rig->links, "ea");
	assert_true(lo && lo->public.loopback && lo->public.up);
	assert_ptr_equal(sdr_links_find(rig->links, ea->public.index), ea);
	assert_int_equal(ea->trouble, SDR_LINK_FINE);
	assert_int_equal(ea->latest, SDR_LINK_FINE);
	assert_null(sdr_links_find(rig->links, 99999));
	assert_null(sdr_links_named(rig->links, "ec"));
	assert_true(sdr_links_has(rig->links, ea->public.index, 4) &&
		sdr_links_has(rig->links, ea->public.index, 6));
	assert_false(sdr_links_has(rig->links, 99999, 4));
	assert_null(sdr_links_latest(rig->links));
	assert_null(sdr_links_latest_gone(rig->links, 4));
	assert_false(sdr_links_any_trouble(rig->links, rig->begun, sdr_clock_now()));
}

/* An own address is the one that equals, a network's the one of the longest prefix; zones count. */
static void test_own_addresses(void **state)
{
	static const struct {
		const char *addr;
		int own, network; /* prefix lengths; -1: none */
	} cases[] = {{"10.9.0.1", 16, 16}, {"10.9.1.1", 24, 24}, {"10.9.1.7", -1, 24},
		{"10.9.2.7", -1, 16}, {"10.8.0.1", -1, -1}, {"127.0.0.1", 8, 8},
		{"127.8.8.8", -1, 8}, {"fd09::1", 64, 64}, {"fd09::2", -1, 64}, {"::1", 128, 128},
		{"fd08::1", -1, -1}};
	struct rig *rig = *state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_addr addr = addr_of(cases[i].addr);
		const struct sdr_own_address *own = sdr_links_own(rig->links, &addr),
					     *network = sdr_links_network(rig->links, &addr);
		assert_int_equal(own ? own->public.prefix.length : -1, cases[i].own);
		assert_int_equal(network ? network->public.prefix.length : -1, cases[i].network);
		assert_true(!own || own->gone == SDR_NS_NONE);
		addr.scope_id = 99999;
		assert_null(sdr_links_own(rig->links, &addr));
		assert_null(sdr_links_network(rig->links, &addr));
	}
}

static void test_down_and_up_again(void **state)
{
	struct rig *rig = *state;
	sdr_ns before = sdr_clock_now();
	change(rig, "ip link set ea down");
	const struct sdr_link *ea = sdr_links_named(rig->links, "ea");
	sdr_ns after = sdr_clock_now();
	said(ea, false, "ea is down");
	said(ea, true, "ea was down");
	assert_int_equal(ea->trouble, SDR_LINK_DOWN);
	assert_true(ea->since >= before && ea->since <= after && ea->until == SDR_NS_NONE);
	const struct sdr_link *latest = sdr_links_latest(rig->links);
	assert_true(latest == ea || latest == sdr_links_named(rig->links, "eb"));
	assert_false(sdr_link_in_trouble(ea, rig->begun, before - 1));
	assert_true(sdr_link_in_trouble(ea, rig->begun, after));
	assert_true(sdr_links_any_trouble(rig->links, after, after));
	/* IPv6 goes with its link, IPv4 stays. */
	const struct sdr_own_address *gone = sdr_links_latest_gone(rig->links, 6);
	assert_true(gone && gone->gone >= before && gone->gone <= after);
	assert_null(sdr_links_latest_gone(rig->links, 4));
	assert_false(sdr_links_has(rig->links, ea->public.index, 6));
	assert_true(sdr_links_has(rig->links, ea->public.index, 4));
	change(rig, "ip link set ea up");
	ea = sdr_links_named(rig->links, "ea");
	if (ea->trouble == SDR_LINK_NO_CARRIER) { /* for the moment in which the cable comes up */
		sdr_links_look(rig->links);
		assert_int_equal(ea->trouble, SDR_LINK_FINE);
	}
	said(ea, false, "ea is fine");
	assert_true(ea->until >= after);
	assert_true(sdr_link_in_trouble(ea, after, ea->until));
	assert_false(sdr_link_in_trouble(ea, ea->until + 1, INT64_MAX));
}

static void test_no_carrier(void **state)
{
	struct rig *rig = *state;
	sh("ip link set eb down");
	sdr_links_look(rig->links); /* the kernel reports by itself within a second */
	const struct sdr_link *ea = sdr_links_named(rig->links, "ea");
	said(ea, false, "ea has no carrier");
	said(ea, true, "ea had no carrier");
	assert_true(ea->public.up && !ea->public.carrier);
	said(sdr_links_named(rig->links, "eb"), false, "eb is down");
}

/* What is gone is remembered; one made again under its name goes before it. */
static void test_gone_and_made_again(void **state)
{
	struct rig *rig = *state;
	uint32_t index = sdr_links_named(rig->links, "ea")->public.index;
	const struct sdr_addr addr = addr_of("10.9.1.1"), near = addr_of("10.9.1.9");
	change(rig, "ip link del ea");
	const struct sdr_link *ea = sdr_links_named(rig->links, "ea");
	said(ea, false, "ea is gone");
	said(ea, true, "ea was gone");
	assert_ptr_equal(sdr_links_find(rig->links, index), ea);
	assert_int_equal(sdr_links_latest(rig->links)->trouble, SDR_LINK_GONE);
	assert_int_not_equal(sdr_links_own(rig->links, &addr)->gone, SDR_NS_NONE);
	assert_int_not_equal(sdr_links_network(rig->links, &near)->gone, SDR_NS_NONE);
	assert_non_null(sdr_links_latest_gone(rig->links, 4));
	assert_false(sdr_links_has(rig->links, index, 4));
	change(rig,
		"ip link add ea type veth peer name eb; ip link set ea up; ip link set eb up;"
		"ip addr add 10.9.1.1/24 dev ea");
	assert_int_not_equal(sdr_links_named(rig->links, "ea")->trouble, SDR_LINK_GONE);
	assert_int_not_equal(sdr_links_named(rig->links, "ea")->public.index, index);
	assert_int_equal(sdr_links_find(rig->links, index)->trouble, SDR_LINK_GONE);
	assert_int_equal(sdr_links_own(rig->links, &addr)->gone, SDR_NS_NONE);
	assert_int_equal(sdr_links_network(rig->links, &near)->gone, SDR_NS_NONE);
	assert_null(sdr_links_latest(rig->links)); /* there again under its name */
}

static void test_trouble_from_before(void **state)
{
	struct rig *rig = *state;
	sh("ip link set ea down");
	struct sdr_links *later = sdr_links_new(&rig->loop);
	const struct sdr_link *ea = sdr_links_named(later, "ea");
	assert_int_equal(ea->trouble, SDR_LINK_DOWN);
	assert_true(ea->since == 0 && ea->until == SDR_NS_NONE);
	assert_null(sdr_links_latest(later));
	sdr_links_free(later);
}

/* Of very many that went some are forgotten, the oldest first; those that are there never. */
static void test_many_come_and_go(void **state)
{
	struct rig *rig = *state;
	for (int round = 0; round < 12; round++)
		change(rig,
			"for i in 1 2 3 4 5; do echo link add d$i type veth peer name e$i; echo "
			"addr add 10.7.$i.1/24 dev d$i; echo link del d$i; done | ip -batch -");
	const struct sdr_addr addr = addr_of("10.9.1.1"), last = addr_of("10.7.5.1");
	assert_int_equal(sdr_links_named(rig->links, "ea")->trouble, SDR_LINK_FINE);
	assert_int_equal(sdr_links_own(rig->links, &addr)->gone, SDR_NS_NONE);
	assert_int_equal(sdr_links_named(rig->links, "d5")->trouble, SDR_LINK_GONE);
	assert_int_not_equal(sdr_links_own(rig->links, &last)->gone, SDR_NS_NONE);
}

/* News that the kernel had to drop are made good by asking for everything. */
static void test_an_overrun_is_made_good(void **state)
{
	struct rig *rig = *state;
	sh("for i in $(seq 3000); do echo addr add 10.7.0.1/32 dev lo; echo addr del 10.7.0.1/32 "
	   "dev lo; done | ip -batch -; ip addr add 10.7.0.9/32 dev lo; ip link set eb down");
	sdr_links_read(rig->links);
	sdr_links_look(rig->links);
	const struct sdr_addr addr = addr_of("10.7.0.9"), gone = addr_of("10.7.0.1");
	assert_true(sdr_links_own(rig->links, &addr) &&
		sdr_links_own(rig->links, &addr)->gone == SDR_NS_NONE);
	const struct sdr_own_address *own = sdr_links_own(rig->links, &gone);
	assert_true(!own || own->gone != SDR_NS_NONE);
	assert_int_equal(sdr_links_named(rig->links, "eb")->trouble, SDR_LINK_DOWN);
	sh("ip addr del 10.7.0.9/32 dev lo");
}

/* As many changes as no receive buffer holds, and then one; they leave things as they were but for
 * that. */
static void overrun(const char *last)
{
	char command[400];
	snprintf(command, sizeof(command),
		"for i in $(seq 3000); do echo addr add 10.7.0.1/32 dev lo; echo addr del "
		"10.7.0.1/32 dev lo; done | ip -batch -; %s",
		last);
	sh(command);
}

/* What is there before and after an overrun is not taken to have been gone in between. */
static void test_an_overrun_makes_no_trouble(void **state)
{
	struct rig *rig = *state;
	const struct sdr_addr addr = addr_of("10.9.0.1");
	change(rig, "ip addr add 10.7.0.1/32 dev lo; ip addr del 10.7.0.1/32 dev lo");
	sdr_links_look(rig->links);
	uint64_t version = sdr_links_version(rig->links);
	sdr_ns before = sdr_clock_now();
	overrun("true");
	sdr_links_read(rig->links);
	assert_int_equal(sdr_links_version(rig->links), version);
	assert_false(sdr_links_any_trouble(rig->links, before, sdr_clock_now()));
	assert_int_equal(sdr_links_named(rig->links, "ea")->latest, SDR_LINK_FINE);
	assert_int_equal(sdr_links_own(rig->links, &addr)->gone, SDR_NS_NONE);
}

/* An address that went while changes were lost is a change as any other. */
static void test_an_overrun_hides_no_address_that_went(void **state)
{
	struct rig *rig = *state;
	const struct sdr_addr addr = addr_of("10.9.1.1");
	change(rig, "ip addr add 10.7.0.1/32 dev lo; ip addr del 10.7.0.1/32 dev lo");
	sdr_links_look(rig->links);
	uint64_t version = sdr_links_version(rig->links);
	sdr_ns before = sdr_clock_now();
	overrun("ip addr del 10.9.1.1/24 dev ea");
	sdr_links_read(rig->links);
	assert_int_equal(sdr_links_version(rig->links), version + 1);
	assert_true(sdr_links_own(rig->links, &addr)->gone >= before);
	assert_ptr_equal(sdr_links_latest_gone(rig->links, 4), sdr_links_own(rig->links, &addr));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_known_of_none),
		CASE(test_what_is_there_at_once),
		CASE(test_own_addresses),
		CASE(test_down_and_up_again),
		CASE(test_no_carrier),
		CASE(test_gone_and_made_again),
		CASE(test_trouble_from_before),
		CASE(test_many_come_and_go),
		CASE(test_an_overrun_is_made_good),
		CASE(test_an_overrun_makes_no_trouble),
		CASE(test_an_overrun_hides_no_address_that_went),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	if (system("ip link add ec type veth peer name ed 2>/dev/null && ip link del ec") != 0)
		SKIP_ALL_BECAUSE(tests, "no pairs of links (veth) here, or no ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
