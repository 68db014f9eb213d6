/* test_found.c - what of a lookup depends on this host: its name, its domain, its own addresses
 * and their networks, in namespaces of the test's own. */
#include <sched.h>
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

#include "dns/found.h"
#include "dns/names.h"
#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/skip.h"

static void call_host(const char *name)
{
	assert_int_equal(sethostname(name, strlen(name)), 0);
}

/* All that was found, addresses then names, blank-separated. */
static void holds(const struct found *found, const char *wanted)
{
	char text[512] = "", addr[SDR_ADDR_TEXT];
	size_t used = 0;
	for (unsigned i = 0; i < found->count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s ",
			sdr_addr_format(addr, &found->items[i].address.addr));
	for (unsigned i = 0; i < found->text_count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s ", found->texts[i]);
	assert_string_equal(text, wanted);
}

static void own(const char *name, uint8_t family, const char *wanted)
{
	struct found found = {0};
	assert_int_equal(found_own(&found, name, family), wanted != NULL);
	holds(&found, wanted ? wanted : "");
	for (unsigned i = 0; i < found.count; i++)
		assert_int_equal(found.items[i].address.ttl, -1);
	found_clear(&found);
}

/* Its addresses but for those of the loopback and of a link; without any, what stands for them. */
static void test_this_hosts_own_name(void **state)
{
	(void)state;
	call_host("me.example.org");
	own("me.example.org", 0, "::1 127.0.0.2 me.example.org ");
	own("me.example.org", 4, "127.0.0.2 me.example.org ");
	own("me.example.org", 6, "::1 me.example.org ");
	sh("ip addr add 10.9.1.1/20 dev lo; ip addr add fd09::1/64 dev lo nodad;"
	   "ip addr add fe80::9/64 dev lo nodad; ip addr add fec0::9/64 dev lo nodad");
	own("me.example.org", 4, "10.9.1.1 me.example.org ");
	own("ME.Example.org.", 4, "10.9.1.1 ME.Example.org ");
	own("me", 0, NULL);
	own("me.example.orgs", 0, NULL);
	own("me.example.or", 0, NULL);
	own("me.example.org..", 0, NULL);
	own(".", 0, NULL);
	struct found found = {0};
	assert_true(found_own(&found, "me.example.org", 6));
	assert_int_equal(found.count, 2);
	for (unsigned i = 0; i < found.count; i++)
		assert_int_equal(found.items[i].address.addr.version, 6);
	assert_true(found_own(&found, "me.example.org", 0)); /* each once */
	assert_int_equal(found.count, 3);
	found_clear(&found);
	sh("ip addr flush dev lo; ip addr add 127.0.0.1/8 dev lo; ip addr add ::1/128 dev lo");
}

/* Where the kernel would send from decides, and for IPv4 in which network that is. */
static void test_order_by_the_networks_of_sources(void **state)
{
	static const char *const hosts[] = {"10.9.128.9", "10.7.0.9", "10.9.0.200", "127.0.0.9"};
	struct sdr_gaiconf tables;
	struct found found = {0};
	(void)state;
	sh("ip link add ea type veth peer name eb; ip link set ea up; ip link set eb up;"
	   "ip addr add 10.9.0.1/16 dev ea; ip addr add 10.7.0.1/25 dev eb");
	sdr_gaiconf_parse(NULL, "2.36", &tables);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct sdr_addr addr = addr_of(hosts[i]);
		found_address(&found, &addr, 7);
	}
	found_order(&found, &tables);
	assert_int_equal(found.unseen, 0);
	for (unsigned i = 0; i < found.count; i++) {
		const struct sdr_order_item *item = &found.items[i];
		const uint8_t *to = item->address.addr.bytes;
		assert_int_equal(item->source_length, to[0] == 127 ? 8 : to[1] == 9 ? 16 : 25);
		assert_int_equal(item->address.ttl, 7);
	}
	holds(&found, "127.0.0.9 10.7.0.9 10.9.0.200 10.9.128.9 ");
	found_clear(&found);
	sh("ip link del ea");
}

static void test_names_and_addresses_each_once(void **state)
{
	const struct sdr_addr one = addr_of("10.9.0.1"), two = addr_of("fd09::1");
	struct found found = {0};
	(void)state;
	found_address(&found, &one, 5);
	found_address(&found, &two, 6);
	found_address(&found, &one, 4);
	found_text(&found, "a.example.");
	found_text(&found, ".");
	found_text(&found, "b");
	holds(&found, "10.9.0.1 fd09::1 a.example . b ");
	assert_int_equal(found.items[0].address.ttl, 5);
	assert_int_equal(found.items[1].address.ttl, 6);
	assert_int_equal(found.more + found.more_texts, 0);
	found_clear(&found);
	holds(&found, "");
}

static void test_more_than_there_is_room_for(void **state)
{
	struct found found = {0};
	(void)state;
	for (unsigned i = 0; i < SDR_NAMES_ADDRESSES_MAX + 3; i++) {
		struct sdr_addr addr = {
			.version = 4, .bytes = {10, 9, (uint8_t)(i >> 8), (uint8_t)i}};
		found_address(&found, &addr, -1);
	}
	for (unsigned i = 0; i < FOUND_TEXTS + 3; i++)
		found_text(&found, "a");
	assert_int_equal(found.count, SDR_NAMES_ADDRESSES_MAX);
	assert_int_equal(found.more, 3);
	assert_int_equal(found.text_count, FOUND_TEXTS - 1);
	assert_int_equal(found.more_texts, 4);
	assert_null(found.texts[FOUND_TEXTS - 1]);
	found_clear(&found);
	assert_int_equal(found.count + found.more + found.text_count + found.more_texts, 0);
}

static void test_localhost(void **state)
{
	struct found found = {0};
	(void)state;
	found_localhost(&found, "localhost", 0);
	holds(&found, "::1 127.0.0.1 localhost ");
	found_clear(&found);
	found_localhost(&found, "a.localhost", 4);
	holds(&found, "127.0.0.1 a.localhost ");
	found_clear(&found);
	found_localhost(&found, "localhost.", 6);
	holds(&found, "::1 localhost ");
	found_clear(&found);
}

/* Without a search list what follows the first dot of this host's name is searched. */
static void test_the_domain_of_this_hosts_name(void **state)
{
	static const struct {
		const char *host, *conf, *search;
	} cases[] = {
		{"me.example.org", "", "example.org"},
		{"me.org", "", "org"},
		{"me", "", ""},
		{"me.", "", ""},
		{"me.example.org", "search a.example b.example\n", "a.example b.example"},
		{"me.example.org", "domain c.example\n", "c.example"},
	};
	char path[64];
	uv_loop_t loop;
	(void)state;
	unsetenv("LOCALDOMAIN");
	snprintf(path, sizeof(path), "/tmp/sounder-found-%d", (int)getpid());
	const struct sdr_names_files files = {path, "/nonesuch/hosts", "/nonesuch/nsswitch.conf"};
	assert_int_equal(uv_loop_init(&loop), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(cases[i].conf, file) >= 0);
		assert_int_equal(fclose(file), 0);
		call_host(cases[i].host);
		struct sdr_names *names = sdr_names_new_at(&loop, &files);
		assert_non_null(names);
		assert_string_equal(sdr_names_search(names), cases[i].search);
		sdr_names_free(names);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	unlink(path);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_addresses_each_once),
		cmocka_unit_test(test_more_than_there_is_room_for),
		cmocka_unit_test(test_localhost),
		cmocka_unit_test(test_this_hosts_own_name),
		cmocka_unit_test(test_order_by_the_networks_of_sources),
		cmocka_unit_test(test_the_domain_of_this_hosts_name),
	};
	if (!own_net_enter() || unshare(CLONE_NEWUTS) != 0)
		SKIP_ALL_BECAUSE(tests, "no namespaces here");
	if (system("ip link add ec type veth peer name ed 2>/dev/null && ip link del ec") != 0)
		SKIP_ALL_BECAUSE(tests, "no pairs of links (veth) here, or no ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
