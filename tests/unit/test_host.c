/* test_host.c - this host's interfaces, addresses and routes, followed live in a network namespace
 * of the test's own. Where the kernel grants none, the tests are skipped with the reason. */
#include <errno.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "host/machine.h"
#include "host/rtnetlink.h"
#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/skip.h"

struct fixture {
	uv_loop_t loop;
	struct sdr_host *host;
	bool namespaced; /* `ip` works on a network of our own */
};

static int setup(void **state)
{
	static struct fixture fixture;
	fixture.namespaced = own_net_enter() && system("ip link show lo >/dev/null 2>&1") == 0;
	*state = &fixture;
	return 0;
}

static struct fixture *begin(void **state)
{
	struct fixture *f = *state;
	if (!f->namespaced)
		SKIP_BECAUSE("no network namespaces here");
	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->host = sdr_host_new(&f->loop);
	assert_non_null(f->host);
	return f;
}

static void end(struct fixture *f)
{
	sdr_host_free(f->host);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
}

static void on_tick(uv_timer_t *timer)
{
	(void)timer;
}

/* Runs the loop until the check holds, for 3 s at most. */
static void run_until(struct fixture *f, bool (*check)(const struct sdr_host *host))
{
	uv_timer_t tick;
	uv_timer_init(&f->loop, &tick);
	uv_timer_start(&tick, on_tick, 10, 10);
	for (int i = 0; i < 300 && !check(f->host); i++)
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&tick, NULL);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_true(check(f->host));
}

static const struct sdr_interface *find_interface(const struct sdr_host *host, const char *name)
{
	for (unsigned i = 0; i < sdr_host_interface_count(host); i++)
		if (strcmp(sdr_host_interface(host, i)->name, name) == 0)
			return sdr_host_interface(host, i);
	return NULL;
}

static bool has_address(const struct sdr_host *host, const char *wanted)
{
	char text[SDR_PREFIX_TEXT];
	for (unsigned i = 0; i < sdr_host_address_count(host); i++)
		if (strcmp(sdr_prefix_format(text, &sdr_host_address(host, i)->prefix), wanted) ==
			0)
			return true;
	return false;
}

/* "10.9.0.0/24 via 10.1.0.1", where "via -" is on link. */
static bool has_route(const struct sdr_host *host, const char *wanted)
{
	char text[256], to[SDR_PREFIX_TEXT], via[SDR_ADDR_TEXT];
	for (unsigned i = 0; i < sdr_host_route_count(host); i++) {
		const struct sdr_route *route = sdr_host_route(host, i);
		sdr_addr_format(via, &route->via);
		snprintf(text, sizeof(text), "%s via %s", sdr_prefix_format(to, &route->to),
			via[0] != '\0' ? via : "-");
		if (strcmp(text, wanted) == 0)
			return true;
	}
	return false;
}

static bool lo_is_up(const struct sdr_host *host)
{
	const struct sdr_interface *lo = find_interface(host, "lo");
	return lo && lo->up && lo->loopback && has_address(host, "127.0.0.1/8") &&
		has_address(host, "::1/128");
}

static void test_dump_finds_loopback(void **state)
{
	struct fixture *f = begin(state);
	/* All of it before the loop has run at all. */
	assert_true(lo_is_up(f->host));
	assert_true(sdr_host_version(f->host) > 0);
	assert_int_equal(find_interface(f->host, "lo")->mtu, 65536);
	assert_int_equal(find_interface(f->host, "lo")->hardware_length, 0);
	assert_null(sdr_host_interface(f->host, sdr_host_interface_count(f->host)));
	end(f);
}

static bool veth_is_there(const struct sdr_host *host)
{
	const struct sdr_interface *veth = find_interface(host, "va");
	return veth && veth->up && veth->hardware_length == 6 && has_address(host, "10.1.0.2/24") &&
		has_address(host, "2001:db8::2/64") && has_address(host, "fe80::1:2%va/64");
}

static bool routes_are_there(const struct sdr_host *host)
{
	return has_route(host, "10.1.0.0/24 via -") && has_route(host, "0.0.0.0/0 via 10.1.0.1") &&
		has_route(host, "2001:db8:9::/48 via 2001:db8::1");
}

static bool replaced(const struct sdr_host *host)
{
	return has_route(host, "0.0.0.0/0 via 10.1.0.9") &&
		!has_route(host, "0.0.0.0/0 via 10.1.0.1");
}

static bool address_is_gone(const struct sdr_host *host)
{
	return !has_address(host, "10.1.0.2/24") && !has_route(host, "10.1.0.0/24 via -") &&
		!has_route(host, "0.0.0.0/0 via 10.1.0.9");
}

static bool link_is_down(const struct sdr_host *host)
{
	const struct sdr_interface *veth = find_interface(host, "va");
	return veth && !veth->up && !has_route(host, "10.2.0.0/24 via -") &&
		!has_route(host, "2001:db8:9::/48 via 2001:db8::1");
}

static bool second_address(const struct sdr_host *host)
{
	return has_address(host, "10.2.0.2/24") && has_route(host, "10.2.0.0/24 via -");
}

static bool link_is_gone(const struct sdr_host *host)
{
	return !find_interface(host, "va") && !has_address(host, "10.2.0.2/24");
}

static void test_changes_are_followed(void **state)
{
	struct fixture *f = begin(state);
	run_until(f, lo_is_up);
	uint64_t before = sdr_host_version(f->host);
	sh("ip link add va type veth peer name vb && ip link set vb up && ip link set va up "
	   "&& ip addr add 10.1.0.2/24 dev va && ip addr add 2001:db8::2/64 dev va nodad "
	   "&& ip addr add fe80::1:2/64 dev va nodad");
	run_until(f, veth_is_there);
	assert_true(sdr_host_version(f->host) > before);
	sh("ip route add default via 10.1.0.1 && ip route add 2001:db8:9::/48 via 2001:db8::1");
	run_until(f, routes_are_there);
	assert_int_equal(sdr_host_route(f->host, 0)->to.length, 0);
	char via[SDR_ADDR_TEXT];
	assert_non_null(sdr_host_gateway(f->host, 0));
	assert_string_equal(sdr_addr_format(via, &sdr_host_gateway(f->host, 0)->via), "10.1.0.1");
	assert_null(sdr_host_gateway(f->host, 1)); /* other routes lead to no default */
	sh("ip route replace default via 10.1.0.9");
	run_until(f, replaced);
	sh("ip addr del 10.1.0.2/24 dev va");
	run_until(f, address_is_gone);
	sh("ip addr add 10.2.0.2/24 dev va");
	run_until(f, second_address);
	sh("ip link set va down");
	run_until(f, link_is_down);
	sh("ip link del va");
	run_until(f, link_is_gone);
	end(f);
}

static bool many_routes(const struct sdr_host *host)
{
	return sdr_host_route_count(host) >= 1000 && has_route(host, "10.250.3.0/30 via -");
}

/* More changes than the socket's buffer holds while nobody reads: the kernel drops some and reports
 * it, and all is read again. */
static void test_overrun_is_made_good(void **state)
{
	struct fixture *f = begin(state);
	sh("ip link add d0 type veth peer name d1 && ip link set d1 up && ip link set d0 up");
	run_until(f, lo_is_up);
	sh("for a in $(seq 0 19); do for b in $(seq 0 199); do echo route add "
	   "10.$a.$b.0/30 dev d0; done; done >/tmp/test_host.$$ && for b in $(seq 0 "
	   "9); do echo route add 10.250.$b.0/30 dev d0; done "
	   ">>/tmp/test_host.$$ && ip -batch /tmp/test_host.$$; rm /tmp/test_host.$$");
	run_until(f, many_routes);
	sh("ip link del d0");
	end(f);
}

static void test_free_while_dumping(void **state)
{
	struct fixture *f = begin(state);
	end(f);
	sdr_host_free(NULL);
}

static void test_KS1_the_end_of_a_dump_has_its_errno(void **state)
{
	struct {
		struct nlmsghdr header;
		int number;
	} message = {.header = {.nlmsg_type = NLMSG_DONE, .nlmsg_len = sizeof(message)}};
	(void)state;
	assert_int_equal(sdr_decode_end(&message.header), 0);
	message.number = -ENOMEM; /* a dump that had begun */
	assert_int_equal(sdr_decode_end(&message.header), -ENOMEM);
	message.header.nlmsg_type = NLMSG_ERROR;
	assert_int_equal(sdr_decode_end(&message.header), -ENOMEM);
	message.header.nlmsg_len = sizeof(message.header);
	assert_int_equal(sdr_decode_end(&message.header), -EPROTO);
	message.header.nlmsg_type = NLMSG_DONE;
	assert_int_equal(sdr_decode_end(&message.header), 0);
}

static void test_KS1_all_was_looked_at(void **state)
{
	struct fixture *f = begin(state);
	struct sdr_error error = {0};
	for (int table = SDR_HOST_INTERFACES; table <= SDR_HOST_ROUTES; table++)
		assert_int_equal(
			sdr_host_look(f->host, (enum sdr_host_table)table, &error), SDR_OK);
	assert_string_equal(error.text, "");
	end(f);
}

#define MANY "ip link add many type veth peer name many1 2>/dev/null && ip link set many up"

/* The kernel's table changes under its dump, again and again: what is there all along is found, and
 * reported as complete or not. */
static void test_KS1_tables_that_change_under_the_dump(void **state)
{
	struct fixture *f = begin(state);
	end(f);
	if (system(MANY) != 0)
		SKIP_BECAUSE("no veth pairs can be made here");
	assert_int_equal(system("for i in $(seq 1 250); do for k in 1 2 3 4; do "
				"echo addr add 10.77.$i.$k/32 "
				"dev many; done; done >/tmp/many.$$; "
				"ip -b /tmp/many.$$; rm -f /tmp/many.$$"),
		0);
	assert_int_equal(system("(for i in $(seq 1 150); do ip addr add 10.78.0.1/32 dev many; ip "
				"addr del 10.78.0.1/32 dev many; done) 2>/dev/null &"),
		0);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(uv_loop_init(&f->loop), 0);
		f->host = sdr_host_new(&f->loop);
		enum sdr_status status = sdr_host_look(f->host, SDR_HOST_ADDRESSES, NULL);
		assert_true(status == SDR_ESYSTEM || sdr_host_address_count(f->host) >= 1002);
		end(f);
	}
	assert_int_equal(system("ip link del many"), 0);
}

static void test_KS1_more_than_are_kept(void **state)
{
	struct fixture *f = begin(state);
	struct sdr_error error = {0};
	end(f);
	if (system(MANY) != 0)
		SKIP_BECAUSE("no veth pairs can be made here");
	assert_int_equal(system("for i in $(seq 1 21); do for k in $(seq 1 200); do echo addr add "
				"10.$i.$k.1/32 dev many; done; done >/tmp/many.$$; "
				"ip -b /tmp/many.$$; rm -f /tmp/many.$$"),
		0);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->host = sdr_host_new(&f->loop);
	assert_int_equal(sdr_host_look(f->host, SDR_HOST_ADDRESSES, &error), SDR_ERANGE);
	assert_non_null(strstr(error.text, "more than 4096 addresses"));
	assert_int_equal(sdr_host_look(f->host, SDR_HOST_INTERFACES, NULL), SDR_OK);
	end(f);
	assert_int_equal(system("ip link del many"), 0);
}

static void test_ways_in_words(void **state)
{
	static const struct {
		enum sdr_route_choice_kind kind;
		const char *via, *source, *name, *said;
	} cases[] = {
		{SDR_ROUTE_CHOICE_UNICAST, "10.2.0.1", "10.2.0.17", "unicast",
			"by eth0 via 10.2.0.1 from 10.2.0.17"},
		{SDR_ROUTE_CHOICE_UNICAST, NULL, "fe80::1", "unicast", "by eth0 from fe80::1"},
		{SDR_ROUTE_CHOICE_UNICAST, NULL, NULL, "unicast", "by eth0"},
		{SDR_ROUTE_CHOICE_MULTICAST, NULL, NULL, "multicast", "multicast, by eth0"},
		{SDR_ROUTE_CHOICE_BROADCAST, NULL, NULL, "broadcast", "broadcast, by eth0"},
		{SDR_ROUTE_CHOICE_ANYCAST, NULL, NULL, "anycast", "anycast, by eth0"},
		{SDR_ROUTE_CHOICE_LOCAL, NULL, NULL, "local", "an address of this host"},
		{SDR_ROUTE_CHOICE_NONE, NULL, NULL, "no route", "no route from this host"},
		{SDR_ROUTE_CHOICE_UNREACHABLE, NULL, NULL, "unreachable", NULL},
		{SDR_ROUTE_CHOICE_PROHIBITED, NULL, NULL, "prohibited", NULL},
		{SDR_ROUTE_CHOICE_BLACKHOLE, NULL, NULL, "blackhole", NULL},
	};
	(void)state;
	assert_int_equal(sizeof(cases) / sizeof(*cases), SDR_ROUTE_CHOICE_COUNT + 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_route_choice choice = {.kind = cases[i].kind, .interface = "eth0"};
		char out[SDR_ROUTE_CHOICE_TEXT];
		if (cases[i].via)
			assert_int_equal(sdr_addr_parse(cases[i].via, &choice.via, NULL), SDR_OK);
		if (cases[i].source)
			assert_int_equal(
				sdr_addr_parse(cases[i].source, &choice.source, NULL), SDR_OK);
		assert_string_equal(sdr_route_choice_name(cases[i].kind), cases[i].name);
		assert_ptr_equal(sdr_route_choice_format(out, &choice), out);
		if (cases[i].said)
			assert_string_equal(out, cases[i].said);
		else
			assert_non_null(strstr(out, "a route of this host"));
	}
}

/* Which way the kernel would go, asked in each of the ways that there are. */
static void test_ways(void **state)
{
	static const struct {
		const char *to;
		enum sdr_route_choice_kind kind;
		const char *network, *via, *interface;
	} cases[] = {
		{"127.0.0.1", SDR_ROUTE_CHOICE_LOCAL, NULL, NULL, "lo"},
		{"10.8.0.7", SDR_ROUTE_CHOICE_UNICAST, "10.8.0.0/16", NULL, "wa"},
		{"10.8.0.1", SDR_ROUTE_CHOICE_LOCAL, NULL, NULL, "lo"},
		{"10.8.255.255", SDR_ROUTE_CHOICE_BROADCAST, NULL, NULL, "wa"},
		{"10.20.0.7", SDR_ROUTE_CHOICE_UNICAST, "10.20.0.0/16", "10.8.0.254", "wa"},
		{"10.21.0.7", SDR_ROUTE_CHOICE_UNREACHABLE, NULL, NULL, ""},
		{"10.22.0.7", SDR_ROUTE_CHOICE_PROHIBITED, NULL, NULL, ""},
		{"10.23.0.7", SDR_ROUTE_CHOICE_BLACKHOLE, NULL, NULL, ""},
		{"10.24.0.7", SDR_ROUTE_CHOICE_NONE, NULL, NULL, ""},
	};
	struct fixture *f = begin(state);
	sh("ip link add wa type veth peer name wb && ip link set wa up && ip link set wb up &&"
	   "ip addr add 10.8.0.1/16 broadcast + dev wa &&"
	   "ip route add 10.20.0.0/16 via 10.8.0.254 &&"
	   "ip route add unreachable 10.21.0.0/16 && ip route add prohibit 10.22.0.0/16 &&"
	   "ip route add blackhole 10.23.0.0/16");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_addr to;
		struct sdr_route_choice choice;
		char text[SDR_PREFIX_TEXT];
		assert_int_equal(sdr_addr_parse(cases[i].to, &to, NULL), SDR_OK);
		assert_int_equal(sdr_host_route_lookup(&to, &choice, NULL), SDR_OK);
		if (choice.kind != cases[i].kind ||
			strcmp(choice.interface, cases[i].interface) != 0)
			fail_msg("%s: %s by %s", cases[i].to, sdr_route_choice_name(choice.kind),
				choice.interface);
		if (cases[i].network && choice.to.addr.version != 0)
			assert_string_equal(sdr_prefix_format(text, &choice.to), cases[i].network);
		assert_int_equal(choice.via.version, cases[i].via ? 4 : 0);
		if (cases[i].via)
			assert_string_equal(sdr_addr_format(text, &choice.via), cases[i].via);
		assert_int_equal(choice.index != 0, cases[i].interface[0] != '\0');
	}
	sh("ip link del wa; ip route flush table main");
	end(f);
}

static void test_views_by_index_and_network(void **state)
{
	struct fixture *f = begin(state);
	const struct sdr_interface *lo = find_interface(f->host, "lo");
	struct sdr_addr addr;
	assert_ptr_equal(sdr_host_interface_find(f->host, lo->index), lo);
	assert_null(sdr_host_interface_find(f->host, 99999));
	assert_null(sdr_host_interface(f->host, sdr_host_interface_count(f->host)));
	assert_null(sdr_host_address(f->host, sdr_host_address_count(f->host)));
	assert_null(sdr_host_route(f->host, sdr_host_route_count(f->host)));
	assert_int_equal(sdr_addr_parse("127.9.9.9", &addr, NULL), SDR_OK);
	const struct sdr_interface_address *network = sdr_host_network_find(f->host, &addr);
	assert_true(network && network->index == lo->index && network->prefix.length == 8);
	addr.bytes[0] = 9;
	assert_null(sdr_host_network_find(f->host, &addr));
	assert_true(strlen(sdr_host_name(f->host)) > 0);
	end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways_in_words),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_views_by_index_and_network),
		cmocka_unit_test(test_dump_finds_loopback),
		cmocka_unit_test(test_changes_are_followed),
		cmocka_unit_test(test_overrun_is_made_good),
		cmocka_unit_test(test_free_while_dumping),
		cmocka_unit_test(test_KS1_the_end_of_a_dump_has_its_errno),
		cmocka_unit_test(test_KS1_all_was_looked_at),
		cmocka_unit_test(test_KS1_tables_that_change_under_the_dump),
		cmocka_unit_test(test_KS1_more_than_are_kept),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
