/* test_ping_cause.c - from an errno to its cause, beside links that fall, addresses that go and
 * neighbours that are silent, in a network namespace of the test's own. */
#include <errno.h>
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
#include "probe/ping_cause.h"
#include "sounder/probe_options.h"

static struct sdr_addr addr_or_none(const char *text)
{
	return text ? addr_of(text) : (struct sdr_addr){0};
}

struct rig {
	uv_loop_t loop;
	struct sdr_links *links;
	struct ping_routes routes;
	sdr_ns begun;
};

/* Two cables, ea to eb and ec to ed; ee has no address. */
static int rig_open(void **state)
{
	static struct rig rig;
	*state = &rig;
	memset(&rig, 0, sizeof(rig));
	sh("ip link add ea type veth peer name eb; ip link add ec type veth peer name ed;"
	   "ip link add ee type veth peer name ef;"
	   "for i in ea eb ec ed ee ef; do ip link set $i up; done;"
	   "ip addr add 10.9.0.1/16 dev ea; ip -6 addr add fd09::1/64 dev ea nodad;"
	   "ip addr add 10.7.0.1/24 dev ec; sysctl -qw net.ipv6.conf.ee.disable_ipv6=1;"
	   "ip route add blackhole 10.8.0.0/24; ip route add prohibit 10.8.1.0/24;"
	   "ip route add unreachable 10.8.2.0/24;"
	   "ip route add 10.6.0.0/24 via 10.9.0.6; ip route add 10.6.1.0/24 via 10.9.0.7");
	rig.begun = sdr_clock_now();
	rig.links = uv_loop_init(&rig.loop) == 0 ? sdr_links_new(&rig.loop) : NULL;
	return rig.links ? 0 : -1;
}

static int rig_close(void **state)
{
	struct rig *rig = *state;
	sdr_links_free(rig->links);
	sh("for i in ea eb ec ed ee ef; do ip link del $i; done 2>/dev/null; ip route flush type "
	   "blackhole; ip route flush type prohibit; ip route flush type unreachable; true");
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	return uv_loop_close(&rig->loop);
}

static void change(struct rig *rig, const char *command)
{
	sh(command);
	sdr_links_read(rig->links);
	usleep(120000); /* they are looked at ten times a second at most */
	sdr_links_look(rig->links);
}

/* A send that was refused, and what is to be said of it. */
struct refused {
	int error;
	const char *to, *interface, *source; /* -I: neither, a name, or an address */
	const char *why, *name;              /* of the errno in the end; NULL: as it was */
};

static void refuse(struct rig *rig, const struct refused *of, const struct sdr_links *links)
{
	static const struct sdr_spec spec = {.interval = SDR_SECOND};
	const struct sdr_addr to = addr_or_none(of->to);
	struct ping_source source = {.addr = addr_or_none(of->source)};
	snprintf(source.name, sizeof(source.name), "%s", of->interface ? of->interface : "");
	const struct ping_failure failure = {.links = links,
		.to = &to,
		.source = &source,
		.spec = &spec,
		.error = of->error,
		.routes = &rig->routes};
	struct ping_cause cause;
	memset(&cause, 'x', sizeof(cause));
	sdr_ping_cause(&failure, &cause);
	assert_string_equal(cause.why, of->why);
	assert_string_equal(cause.error, of->name ? of->name : sdr_errno_name(of->error));
	assert_int_equal(cause.mtu, 0);
}

static void refuse_all(struct rig *rig, const struct refused *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		refuse(rig, &cases[i], rig->links);
}

#define ALL(cases) cases, sizeof(cases) / sizeof(*(cases))

static void test_while_all_is_well(void **state)
{
	static const struct refused cases[] = {
		{EPERM, "10.9.0.2", .why = "blocked by local firewall"},
		{ENOBUFS, "10.9.0.2", .why = "local queue full"},
		{EIO, "10.9.0.2", .why = "Input/output error"},
		{ENETUNREACH, "10.1.0.1", .why = "no route to this network"},
		{EINVAL, "10.8.0.1", .why = "a route of this host drops it"},
		{EACCES, "10.8.1.1", .why = "a route of this host says: prohibited"},
		{EHOSTUNREACH, "10.8.2.1", .why = "a route of this host says: unreachable"},
		{ENETUNREACH, "10.1.0.1", "ea", .why = "no route to this network: no route by ea"},
		{ENODEV, "10.9.0.2", "eg", .why = "no such interface: eg", .name = "ENODEV"},
		{EADDRNOTAVAIL, "10.9.0.2", "eg", .why = "no such interface: eg", .name = "ENODEV"},
		{ENETUNREACH, "10.1.0.1", "ee",
			.why = "no route to this network: ee has no IPv4 address"},
		{ENETUNREACH, "fd01::1", "ee",
			.why = "no route to this network: ee has no IPv6 address"},
		{EINVAL, "fd09::2", .source = "10.9.0.1", .name = "EADDRNOTAVAIL",
			.why = "source address not available: 10.9.0.1 is no IPv6 address"},
		{EINVAL, "10.9.0.2", .source = "10.4.0.1", .name = "EADDRNOTAVAIL",
			.why = "source address not available: 10.4.0.1 is no address of this host"},
		{ENETUNREACH, "10.1.0.1", .source = "10.9.0.1", .why = "no route to this network"},
		{EHOSTUNREACH, "10.8.2.1", .source = "10.9.0.1",
			.why = "a route of this host says: unreachable"},
	};
	refuse_all(*state, ALL(cases));
}

/* Where netlink is refused the errno is all there is. */
static void test_without_knowledge_of_links(void **state)
{
	static const struct refused cases[] = {
		{ENODEV, "10.9.0.2", "eg", .why = "no such interface"},
		{ENETUNREACH, "10.1.0.1", "ea", .why = "no route to this network"},
		{EADDRNOTAVAIL, "10.9.0.2", .source = "10.4.0.1",
			.why = "source address not available"},
		{ENETDOWN, "10.9.0.2", .why = "the interface is down"},
		{ENOBUFS, "10.9.0.2", .why = "local queue full"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		refuse(*state, &cases[i], NULL);
}

static void test_a_link_that_is_down(void **state)
{
	static const struct refused cases[] = {
		{ENETUNREACH, "10.9.0.2", .why = "no route to this network: ea is down"},
		{ENETDOWN, "10.9.0.2", "ea", .why = "the interface is down: ea is down"},
		{EINVAL, "10.9.0.2", .source = "10.9.0.1",
			.why = "refused by this system: invalid argument: ea is down"},
		/* It takes its IPv6 with it. */
		{EADDRNOTAVAIL, "fd09::2", .source = "fd09::1",
			.why = "source address not available: fd09::1 is no address of this host "
			       "any more: ea is down"},
		{ENOBUFS, "10.9.0.2", .why = "local queue full: ea is down"},
		{ENOBUFS, "10.7.0.2", .why = "local queue full"},
		{ENOBUFS, "10.7.0.2", "ea", .why = "local queue full: ea is down"},
		{ENOBUFS, "10.9.0.2", "ec", .why = "local queue full"},
		{EHOSTUNREACH, "10.7.0.2", .why = "no route to this host"},
	};
	change(*state, "ip link set ea down");
	refuse_all(*state, ALL(cases));
}

static void test_a_link_that_is_gone(void **state)
{
	static const struct refused cases[] = {
		{ENETUNREACH, "10.9.0.2", .why = "no route to this network: ea is gone"},
		{ENETDOWN, "10.9.0.2", "ea", .why = "no such interface: ea is gone",
			.name = "ENODEV"},
		{EINVAL, "10.9.0.2", .source = "10.9.0.1", .name = "EADDRNOTAVAIL",
			.why = "source address not available: 10.9.0.1 is no address of this host "
			       "any more: ea is gone"},
	};
	change(*state, "ip link del ea");
	refuse_all(*state, ALL(cases));
}

static void test_an_address_that_is_gone(void **state)
{
	static const struct refused cases[] = {
		{ENETUNREACH, "10.9.0.2",
			.why = "no route to this network: the address 10.9.0.1 was taken from ea"},
		{ENETUNREACH, "10.1.0.1",
			.why = "no route to this network: the address 10.9.0.1 was taken from ea"},
		{ENETUNREACH, "fd01::1", .why = "no route to this network"},
		{ENETUNREACH, "10.9.0.2", "ea",
			.why = "no route to this network: ea has no IPv4 address"},
		{EINVAL, "10.9.0.2", .source = "10.9.0.1", .name = "EADDRNOTAVAIL",
			.why = "source address not available: 10.9.0.1 is no address of this host "
			       "any more"},
	};
	change(*state, "ip addr del 10.9.0.1/16 dev ea");
	refuse_all(*state, ALL(cases));
}

/* A zone names the link, whatever else is in trouble. */
static void test_the_link_of_a_zone(void **state)
{
	change(*state, "ip link set ea down; ip link set ee down");
	static const struct refused cases[] = {
		{ENETUNREACH, "fe80::9%ea", .why = "no route to this network: ea is down"},
		{ENETUNREACH, "fe80::9%ec", .why = "no route to this network"},
		{ENETUNREACH, "fe80::9%ee", .why = "no route to this network: ee is down"},
	};
	refuse_all(*state, ALL(cases));
}

struct question {
	const char *to, *interface;
	const char *why; /* NULL: nothing is known */
};

static bool ask(struct rig *rig, const struct question *of, sdr_ns interval, sdr_ns times[2],
	struct ping_cause *cause)
{
	const struct sdr_spec spec = {.interval = interval};
	const struct sdr_addr to = addr_or_none(of->to);
	struct ping_source source = {0};
	snprintf(source.name, sizeof(source.name), "%s", of->interface ? of->interface : "");
	const struct ping_failure failure = {.links = rig->links,
		.to = &to,
		.source = &source,
		.spec = &spec,
		.routes = &rig->routes};
	return sdr_ping_silence(&failure, times[0], times[1], cause);
}

static void silent(struct rig *rig, const struct question *cases, size_t count, sdr_ns sent)
{
	sdr_ns times[] = {sent, sdr_clock_now()};
	for (size_t i = 0; i < count; i++) {
		struct ping_cause cause = {.why = ""};
		assert_int_equal(
			ask(rig, &cases[i], SDR_SECOND, times, &cause), cases[i].why != NULL);
		assert_string_equal(cause.why, cases[i].why ? cases[i].why : "");
	}
}

/* Of silence a link that was in trouble meanwhile is the cause, if the target is behind it. */
static void test_silence_behind_a_link(void **state)
{
	static const struct question down[] = {
		{"10.9.0.2", .why = "ea has no carrier"},
		{"10.6.0.1", .why = "ea has no carrier"},
		{"10.6.0.1", "ea", .why = "ea has no carrier"},
		{"10.7.0.2"},
		{"10.9.0.2", "ec"},
		{"10.7.0.2", "ea", .why = "ea has no carrier"},
		{"10.1.0.1"},
	};
	static const struct question over[] = {
		{"10.9.0.2", .why = "ea had no carrier"},
		{"10.6.0.1", .why = "ea had no carrier"},
		{"10.7.0.2"},
	};
	static const struct question none[] = {{"10.9.0.2"}, {"10.6.0.1"}, {"10.6.0.1", "ea"}};
	struct rig *rig = *state;
	silent(rig, ALL(none), rig->begun);
	change(rig, "ip link set eb down");
	silent(rig, ALL(down), rig->begun);
	change(rig, "ip link set eb up");
	silent(rig, ALL(over), rig->begun);
	silent(rig, ALL(none), sdr_links_named(rig->links, "ea")->until + 1);
}

static void test_silent_neighbours(void **state)
{
	static const struct question cases[] = {
		{"10.9.0.2", .why = "no ARP answer on ea"},
		{"fd09::2", .why = "no neighbour answer on ea"},
		{"10.9.0.3"},
		{"10.9.0.4"},
		{"10.6.0.1", .why = "no ARP answer on ea from the router 10.9.0.6"},
		{"10.6.1.1"},
		{"10.1.0.1"},
	};
	struct rig *rig = *state;
	change(rig,
		"ip neigh add 10.9.0.2 dev ea nud failed; ip neigh add fd09::2 dev ea nud failed;"
		"ip neigh add 10.9.0.3 lladdr 02:00:00:00:00:03 dev ea;"
		"ip neigh add 10.9.0.6 dev ea nud failed;"
		"ip neigh add 10.9.0.7 lladdr 02:00:00:00:00:03 dev ea");
	silent(rig, ALL(cases), rig->begun);
	/* A route is asked for once a second and network: 10.6.0.1 and .2 are of one. */
	sh("ip neigh del 10.9.0.6 dev ea; ip route del 10.6.0.0/24");
	static const struct question again[] = {
		{"10.6.0.2", .why = "no ARP answer on ea from the router 10.9.0.6"}};
	silent(rig, ALL(again), rig->begun);
	for (size_t i = 0; i < SDR_PING_ROUTES; i++)
		if (rig->routes.places[i].network)
			rig->routes.places[i].asked -= SDR_SECOND + SDR_MS;
	static const struct question later[] = {{"10.6.0.2"}};
	silent(rig, ALL(later), rig->begun);
}

/* A sweep has too many that are silent. */
static void test_no_neighbours_in_a_sweep(void **state)
{
	static const struct question of = {"10.9.0.2"};
	struct rig *rig = *state;
	struct ping_cause cause;
	sdr_ns times[] = {rig->begun, sdr_clock_now()};
	change(rig, "ip neigh add 10.9.0.2 dev ea nud failed");
	assert_true(ask(rig, &of, SDR_SECOND, times, &cause));
	assert_false(ask(rig, &of, 0, times, &cause));
}

/* What a link is too small for. */
static void test_too_long(void **state)
{
	static const struct {
		const char *to, *interface;
		enum sdr_fragment fragment;
		unsigned mtu;
		const char *why;
	} cases[] = {
		{"10.9.0.2", NULL, SDR_FRAGMENT_NEVER, 700, "message too long, mtu=700 of ea"},
		{"10.9.0.2", "ea", SDR_FRAGMENT_NEVER, 700, "message too long, mtu=700 of ea"},
		{"10.6.0.1", NULL, SDR_FRAGMENT_NEVER, 600,
			"message too long, mtu=600 of the path"},
		{"10.6.0.1", NULL, SDR_FRAGMENT_PROBE, 700, "message too long, mtu=700 of ea"},
		{"10.1.0.1", NULL, SDR_FRAGMENT_NEVER, 0, "message too long"},
	};
	struct rig *rig = *state;
	change(rig, "ip link set ea mtu 700; ip route change 10.6.0.0/24 via 10.9.0.6 mtu 600");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct sdr_ping_options options = {.fragment = (uint8_t)cases[i].fragment};
		const struct sdr_spec spec = {.options = &options};
		const struct sdr_addr to = addr_or_none(cases[i].to);
		struct ping_source source = {0};
		snprintf(source.name, sizeof(source.name), "%s",
			cases[i].interface ? cases[i].interface : "");
		const struct ping_failure failure = {.links = rig->links,
			.to = &to,
			.source = &source,
			.spec = &spec,
			.error = EMSGSIZE};
		struct ping_cause cause;
		sdr_ping_cause(&failure, &cause);
		assert_string_equal(cause.why, cases[i].why);
		assert_string_equal(cause.error, "EMSGSIZE");
		assert_int_equal(cause.mtu, cases[i].mtu);
	}
}

/* An error that this host made itself: of a neighbour, or of a firewall. */
static void test_errors_from_this_host(void **state)
{
	static const struct {
		const char *to, *interface;
		uint8_t type, code;
		const char *why;
	} cases[] = {
		{"10.9.0.2", NULL, 3, 1, "no ARP answer on ea"},
		{"10.9.0.2", "ea", 3, 1, "no ARP answer on ea"},
		{"10.9.0.2", "ec", 3, 1, NULL},
		{"10.9.0.2", NULL, 3, 3, NULL},
		{"10.9.0.2", NULL, 11, 1, NULL},
		{"10.9.0.3", NULL, 3, 1, NULL},
		{"10.6.0.1", NULL, 3, 1, "no ARP answer on ea from the router 10.9.0.6"},
		/* Not by its route's link: itself, without the other link's router. */
		{"10.6.0.1", "ec", 3, 1, "no ARP answer on ec"},
		{"10.6.0.2", "ec", 3, 1, NULL},
		{"fd09::2", NULL, 1, 3, "no neighbour answer on ea"},
		{"fd09::2", NULL, 3, 1, NULL},
		{"fd09::2", NULL, 1, 1, NULL},
	};
	static const struct sdr_spec spec = {.interval = SDR_SECOND};
	struct rig *rig = *state;
	change(rig,
		"ip neigh add 10.9.0.2 dev ea nud failed; ip neigh add fd09::2 dev ea nud failed;"
		"ip neigh add 10.9.0.6 dev ea nud failed; ip neigh add 10.6.0.1 dev ec nud failed");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct sdr_addr to = addr_or_none(cases[i].to);
		struct ping_source source = {0};
		snprintf(source.name, sizeof(source.name), "%s",
			cases[i].interface ? cases[i].interface : "");
		const struct ping_failure failure = {
			.links = rig->links, .to = &to, .source = &source, .spec = &spec};
		const struct icmp_fault fault = {.type = cases[i].type, .code = cases[i].code};
		struct ping_cause cause = {.why = ""};
		assert_int_equal(
			sdr_ping_neighbour(&failure, &fault, &cause), cases[i].why != NULL);
		assert_string_equal(cause.why, cases[i].why ? cases[i].why : "");
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_while_all_is_well),
		CASE(test_without_knowledge_of_links),
		CASE(test_a_link_that_is_down),
		CASE(test_a_link_that_is_gone),
		CASE(test_an_address_that_is_gone),
		CASE(test_the_link_of_a_zone),
		CASE(test_silence_behind_a_link),
		CASE(test_silent_neighbours),
		CASE(test_no_neighbours_in_a_sweep),
		CASE(test_too_long),
		CASE(test_errors_from_this_host),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespaces here");
	if (system("ip link add ec type veth peer name ed 2>/dev/null && ip link del ec") != 0)
		SKIP_ALL_BECAUSE(tests, "no pairs of links (veth) here, or no ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
