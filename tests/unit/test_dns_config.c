/* The contents of resolv.conf, nsswitch.conf and the hosts file, and RFC 6724's order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "dns/address_order.h"
#include "dns/hosts_file.h"
#include "dns/nsswitch.h"
#include "dns/resolvconf.h"

static void check_server(const struct sdr_resolvconf *conf, unsigned index, const char *expected)
{
	char text[SDR_ENDPOINT_TEXT];
	assert_true(index < conf->server_count);
	assert_string_equal(sdr_endpoint_format(text, &conf->servers[index]), expected);
}

static void test_resolvconf(void **state)
{
	struct sdr_resolvconf conf;
	(void)state;
	sdr_resolvconf_parse("# nameserver 9.9.9.9\n"
			     "; comment\n"
			     "nameserver 10.0.0.1\n"
			     "nameserver\t2001:db8::53  \n"
			     " nameserver 10.9.9.9\n"
			     "nameserver bogus\n"
			     "nameserver\n"
			     "domain old.example\n"
			     "search corp.example. eu.corp.example\n"
			     "options edns0 ndots:2 timeout:1\n"
			     "sortlist 1.2.3.4",
		&conf);
	assert_int_equal(conf.server_count, 2);
	check_server(&conf, 0, "10.0.0.1:53");
	check_server(&conf, 1, "[2001:db8::53]:53");
	assert_int_equal(conf.search_count, 2);
	assert_string_equal(conf.search[0], "corp.example");
	assert_string_equal(conf.search[1], "eu.corp.example");
	assert_int_equal(conf.ndots, 2);
	assert_int_equal(conf.timeout, 1);
	assert_string_equal(conf.unfollowed, "");
	assert_int_equal(conf.sort_count, 1);
	assert_int_equal(conf.sort[0].mask, 0xff000000);
	sdr_resolvconf_parse(NULL, &conf);
	assert_int_equal(conf.server_count, 0);
	assert_int_equal(conf.ndots, 1);
	sdr_resolvconf_parse("nameserver fe80::1%lo\nsearch .\noptions ndots:99", &conf);
	assert_int_equal(conf.server_count, 1);
	assert_true(conf.servers[0].addr.scope_id != 0);
	assert_int_equal(conf.search_count, 0);
	assert_int_equal(conf.ndots, 15);
}

/* KN14: options, three servers, old spellings, `domain` takes one word; the environment goes over
 * the file. */
static void test_KN14_resolvconf_options(void **state)
{
	struct sdr_resolvconf conf;
	(void)state;
	sdr_resolvconf_parse("options timeout:99 attempts:9 rotate use-vc trust-ad "
			     "no-aaaa no-tld-query single-request\n"
			     "domain a.example b.example\n"
			     "nameserver 127.1\n"
			     "nameserver 10.0.0.2\n"
			     "nameserver 10.0.0.3\n"
			     "nameserver 10.0.0.4",
		&conf);
	assert_int_equal(conf.timeout, 30);
	assert_int_equal(conf.attempts, 5);
	assert_true(conf.rotate && conf.tcp && conf.authentic && conf.no_aaaa && conf.no_tld_query);
	assert_string_equal(conf.unfollowed, "single-request");
	assert_int_equal(conf.search_count, 1);
	assert_int_equal(conf.server_count, 3);
	check_server(&conf, 0, "127.0.0.1:53");
	sdr_resolvconf_override(&conf, "ndots:3 timeout:0", "x.example y.example");
	assert_int_equal(conf.ndots, 3);
	assert_int_equal(conf.timeout, 1);
	assert_int_equal(conf.search_count, 2);
	assert_string_equal(conf.search[1], "y.example");
}

/* What makes a difference, and what makes none. */
static void test_resolvconf_same(void **state)
{
	static const char *const differ[] = {"", "nameserver 10.0.0.1", "nameserver 10.0.0.2",
		"nameserver ::1", "nameserver 10.0.0.1\nnameserver 10.0.0.2",
		"nameserver 10.0.0.2\nnameserver 10.0.0.1", "search a.example", "search b.example",
		"search a.example b.example", "search a.example c.example",
		"search b.example a.example", "nameserver 10.0.0.1\nnameserver 10.0.0.3",
		"options ndots:2", "options ndots:3", "options timeout:2", "options timeout:3",
		"options attempts:2", "options attempts:3", "options rotate", "options use-vc",
		"options trust-ad", "options no-aaaa", "options no-tld-query",
		"options single-request", "options single-request-reopen", "sortlist 10.0.0.0",
		"sortlist 10.0.0.0/255.255.0.0", "sortlist 11.0.0.0", "sortlist 10.0.0.0 11.0.0.0"};
	enum { N = sizeof(differ) / sizeof(*differ) };
	static struct sdr_resolvconf confs[N];
	struct sdr_resolvconf again;
	(void)state;
	for (int i = 0; i < N; i++)
		sdr_resolvconf_parse(differ[i], &confs[i]);
	for (int i = 0; i < N; i++) {
		for (int k = 0; k < N; k++)
			if (sdr_resolvconf_same(&confs[i], &confs[k]) != (i == k))
				fail_msg("%s / %s", differ[i], differ[k]);
		memset(&again, 0x5a, sizeof(again)); /* what is beyond the counts means nothing */
		sdr_resolvconf_parse(differ[i], &again);
		memset(again.search[again.search_count], 'x', SDR_HOST_TEXT);
		assert_true(sdr_resolvconf_same(&confs[i], &again));
	}
}

static void test_sortlist(void **state)
{
	static const struct {
		const char *addr;
		unsigned rank;
	} rows[] = {{"130.155.160.1", 0}, {"130.155.192.1", 1}, {"130.156.0.1", 6}, {"9.1.2.3", 2},
		{"191.254.1.1", 3}, {"191.255.1.1", 6}, {"193.0.1.77", 4}, {"193.0.2.77", 6},
		{"127.255.0.1", 5}, {"128.0.0.1", 6}};
	struct sdr_resolvconf conf;
	struct sdr_addr addr;
	(void)state;
	sdr_resolvconf_parse("sortlist 130.155.160.0/255.255.240.0 130.155.0.0; 9.0.0.0 bogus "
			     "191.254.0.0 193.0.1.0&bogus 127.0.0.0",
		&conf);
	assert_int_equal(conf.sort_count, 6);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(sdr_addr_parse(rows[i].addr, &addr, NULL), SDR_OK);
		assert_int_equal(sdr_resolvconf_rank(&conf, &addr), rows[i].rank);
	}
	sdr_resolvconf_parse("sortlist 1.0.0.0 2.0.0.0 3.0.0.0 4.0.0.0 5.0.0.0 6.0.0.0 7.0.0.0 "
			     "8.0.0.0 9.0.0.0 10.0.0.0 11.0.0.0",
		&conf);
	assert_int_equal(conf.sort_count, 10);
}

/* The least and the most that a number may be, and words that libc takes and we have no use
 * for. */
static void test_options_at_their_ends(void **state)
{
	static const struct {
		const char *text;
		unsigned ndots, timeout, attempts;
	} rows[] = {{"options ndots:0 timeout:0 attempts:0", 0, 1, 1},
		{"options ndots:15 timeout:30 attempts:5", 15, 30, 5},
		{"options ndots:16 timeout:31 attempts:6", 15, 30, 5},
		{"options ndots:14 timeout:29 attempts:4", 14, 29, 4}, {"options ndots", 1, 0, 0}};
	struct sdr_resolvconf conf;
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		sdr_resolvconf_parse(rows[i].text, &conf);
		assert_int_equal(conf.ndots, rows[i].ndots);
		assert_int_equal(conf.timeout, rows[i].timeout);
		assert_int_equal(conf.attempts, rows[i].attempts);
		sdr_resolvconf_override(&conf, NULL, NULL);
		assert_int_equal(conf.ndots, rows[i].ndots);
	}
	sdr_resolvconf_parse("options single-request-reopen edns0 single-request debug "
			     "single-request-reopen",
		&conf);
	assert_string_equal(conf.unfollowed, "single-request-reopen");
	sdr_resolvconf_parse("options single-request single-request-reopen", &conf);
	assert_string_equal(conf.unfollowed, "single-request, single-request-reopen");
	sdr_resolvconf_parse("options no_tld_query", &conf);
	assert_true(conf.no_tld_query);
}

static void test_candidates(void **state)
{
	struct sdr_resolvconf conf;
	char names[SDR_RESOLVCONF_SEARCH + 1][SDR_MESSAGE_NAME];
	(void)state;
	sdr_resolvconf_parse("search a.example b.example", &conf);
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1", names), 3);
	assert_string_equal(names[0], "db1.a.example");
	assert_string_equal(names[1], "db1.b.example");
	assert_string_equal(names[2], "db1");
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1.x", names), 3);
	assert_string_equal(names[0], "db1.x");
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1.", names), 1);
	assert_string_equal(names[0], "db1.");
	conf.ndots = 0;
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1", names), 3);
	assert_string_equal(names[0], "db1");
	sdr_resolvconf_parse("search a.example\noptions no-tld-query ndots:2", &conf);
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1", names), 1);
	assert_string_equal(names[0], "db1.a.example");
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1.x", names), 2);
	assert_string_equal(names[1], "db1.x");
	assert_int_equal(sdr_resolvconf_candidates(&conf, "d.b.x", names), 2);
	assert_string_equal(names[0], "d.b.x");
	sdr_resolvconf_parse("options no-tld-query", &conf);
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1", names), 1);
}

#define LABEL63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* KN16: a search domain that makes no name of what was typed, or one too long, is passed over; the
 * others and the name itself are asked for. */
static void test_KN16_candidates_that_are_no_names(void **state)
{
	struct sdr_resolvconf conf;
	char names[SDR_RESOLVCONF_SEARCH + 1][SDR_MESSAGE_NAME];
	(void)state;
	sdr_resolvconf_parse("search .b.example c..example x" LABEL63 ".example d.example", &conf);
	assert_int_equal(conf.search_count, 4);
	assert_int_equal(sdr_resolvconf_candidates(&conf, "db1", names), 2);
	assert_string_equal(names[0], "db1.d.example");
	assert_string_equal(names[1], "db1");
	const char longest[] = LABEL63 "." LABEL63 "." LABEL63 "." LABEL63;
	assert_int_equal(sdr_resolvconf_candidates(&conf, longest + 2, names), 1);
	assert_string_equal(names[0], longest + 2);
	assert_int_equal(sdr_resolvconf_candidates(&conf, longest + 12, names),
		2); /* 243 and ".d.example" are 253 */
	assert_int_equal(sdr_resolvconf_candidates(&conf, longest + 11, names), 1);
}

/* KN16: as many search domains as Kubernetes gives, 2048 characters of them, and what is after the
 * last that is kept is reported. */
static void test_KN16_long_search_lists(void **state)
{
	struct sdr_resolvconf conf;
	char text[65 * 72] = "search", tail[80];
	(void)state;
	for (int i = 0; i < 32; i++) {
		snprintf(tail, sizeof(tail), " d%02d." LABEL63, i);
		strcat(text, tail);
	}
	sdr_resolvconf_parse(text, &conf);
	assert_int_equal(conf.search_count, 32);
	assert_string_equal(conf.search[31], "d31." LABEL63);
	assert_string_equal(conf.unfollowed, "");
	for (int i = 32; i < 65; i++) {
		snprintf(tail, sizeof(tail), " d%02d", i);
		strcat(text, tail);
	}
	sdr_resolvconf_parse(text, &conf);
	assert_int_equal(conf.search_count, 64);
	assert_string_equal(conf.unfollowed, "search domains past the 64th");
}

/* KN16: a keyword with blanks alone has no effect, as in libc: earlier lines count. */
static void test_KN16_keyword_alone(void **state)
{
	struct sdr_resolvconf conf;
	(void)state;
	sdr_resolvconf_parse("search a.example\nsearch \ndomain \t\nsearch\n", &conf);
	assert_int_equal(conf.search_count, 1);
	sdr_resolvconf_parse("search a.example\nsearch .\n", &conf);
	assert_int_equal(conf.search_count, 0);
}

static bool has_none(const char *service)
{
	(void)service;
	return false;
}

/* "FfDdm": an upper-case letter for a service that ends the list with that result, in the order of
 * `enum sdr_service_end`. */
static const char *services_text(const struct sdr_nsswitch *order)
{
	static char text[SDR_NSSWITCH_SERVICES * 8];
	size_t length = 0;
	for (unsigned i = 0; i < order->count; i++) {
		text[length++] = "fdm"[order->services[i].kind];
		for (int end = 0; end < SDR_SERVICE_ENDS; end++)
			text[length++] = order->services[i].returns[end] ? '1' : '0';
	}
	text[length] = '\0';
	return text;
}

static void check_services(const char *text, bool (*has_module)(const char *), const char *expected,
	const char *skipped)
{
	struct sdr_nsswitch order;
	sdr_nsswitch_parse(text, has_module, &order);
	assert_string_equal(services_text(&order), expected);
	assert_string_equal(order.skipped, skipped);
}

static void test_KN14_nsswitch(void **state)
{
	(void)state;
	check_services("passwd: files\nhosts: files dns # comment\n", NULL, "f1000d1000", "");
	check_services("hosts:\tmymachines resolve [!UNAVAIL=return] files myhostname dns\n", NULL,
		"d1101f1000m1000d1000", "mymachines");
	check_services("hosts:\tmymachines resolve [!UNAVAIL=return] files myhostname dns\n",
		has_none, "f1000d1000", "");
	check_services("hosts: files [NOTFOUND=return] dns", NULL, "f1100d1000", "");
	check_services("hosts:files[notfound=RETURN tryagain=return]dns[SUCCESS=continue]files",
		NULL, "f1101d0000f1000", "");
	check_services("  hosts : dns\n", NULL, "d1000", "");
	check_services("hosts:\n", NULL, "", "");
	check_services("hosts: files [NOTFOUND=nonsense] dns", NULL, "f1000", "");
	check_services(NULL, NULL, "f1000d1000", "");
}

static void test_hosts(void **state)
{
	struct sdr_hosts_match match;
	struct sdr_addr addr;
	struct sdr_hosts *hosts = sdr_hosts_new("127.0.0.1 localhost\r\n"
						"# x\n"
						"10.0.0.1\tdb1.corp.example   db1 # no db9\n"
						"::1 localhost ip6-localhost\n"
						"10.0.0.2 db1\n"
						"bogus name\n"
						"10.0.0.3\n"
						"10.0.0.1 again");
	(void)state;
	assert_non_null(hosts);
	assert_true(sdr_hosts_find(hosts, "DB1", 0, &match));
	assert_int_equal(match.count, 2);
	assert_string_equal(match.canonical, "db1.corp.example");
	assert_int_equal(match.name_count, 1);
	assert_string_equal(match.names[0], "db1");
	assert_true(sdr_hosts_find(hosts, "localhost", 6, &match));
	assert_int_equal(match.count, 1);
	assert_int_equal(match.addrs[0].version, 6);
	assert_false(sdr_hosts_find(hosts, "db9", 0, &match));
	assert_false(sdr_hosts_find(hosts, "name", 0, &match));
	assert_false(sdr_hosts_find(hosts, "db1", 6, &match));
	assert_int_equal(sdr_addr_parse("10.0.0.1", &addr, NULL), SDR_OK);
	assert_true(sdr_hosts_find_addr(hosts, &addr, &match));
	assert_string_equal(match.canonical, "db1.corp.example");
	assert_int_equal(match.name_count, 2);
	assert_string_equal(match.names[1], "again");
	sdr_hosts_free(hosts);
}

static struct sdr_order_item item(const char *to, const char *from)
{
	struct sdr_order_item made = {.address.ttl = -1};
	assert_int_equal(sdr_addr_parse(to, &made.address.addr, NULL), SDR_OK);
	if (from)
		assert_int_equal(sdr_addr_parse(from, &made.source, NULL), SDR_OK);
	return made;
}

/* The examples of RFC 6724 sec. 10.2, and some of our own. Each pair: the first must come first, in
 * whatever order they were given. */
static void test_order(void **state)
{
	static const struct {
		const char *first, *first_source, *second, *second_source;
	} pairs[] = {
		{"2001:db8:1::1", "2001:db8:1::2", "198.51.100.121", "169.254.13.78"},
		{"198.51.100.121", "198.51.100.117", "2001:db8:1::1", "fe80::1"},
		{"2001:db8:1::1", "2001:db8:1::2", "10.1.2.3", "10.1.2.4"},
		{"fe80::1", "fe80::2", "2001:db8:1::1", "2001:db8:1::2"},
		{"2001:db8:1::1", "2001:db8:1::2", "2002:c633:6401::1", "2002:c633:6401::2"},
		{"10.1.2.3", "10.1.2.4", "2001:db8:1::1", NULL},
		{"fd00::1", "fd00::2", "10.1.2.3", "10.1.2.4"}, /* glibc's table, not RFC 6724's */
		{"2001:db8:1::1", "2001:db8:1::2", "2001:db8:3ffe::1", "2001:db8:1::2"},
		{"::1", "::1", "127.0.0.1", "127.0.0.1"},
	};
	struct sdr_gaiconf tables;
	(void)state;
	sdr_gaiconf_parse(NULL, NULL, &tables);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		for (int turned = 0; turned < 2; turned++) {
			struct sdr_order_item items[2];
			items[turned] = item(pairs[i].first, pairs[i].first_source);
			items[!turned] = item(pairs[i].second, pairs[i].second_source);
			char text[SDR_ADDR_TEXT];
			sdr_order_sort(&tables, items, 2);
			assert_string_equal(
				sdr_addr_format(text, &items[0].address.addr), pairs[i].first);
		}
}

static void test_order_is_stable(void **state)
{
	struct sdr_order_item items[3] = {item("10.0.0.3", "10.0.0.9"),
		item("10.0.0.1", "10.0.0.9"), item("10.0.0.2", "10.0.0.9")};
	struct sdr_gaiconf tables;
	(void)state;
	sdr_gaiconf_parse("", NULL, &tables);
	sdr_order_sort(&tables, items, 3);
	assert_int_equal(items[0].address.addr.bytes[3], 3);
	assert_int_equal(items[1].address.addr.bytes[3], 1);
	assert_int_equal(items[2].address.addr.bytes[3], 2);
}

/* KN14: gai.conf's lines replace libc's tables, the longest prefix counts, bad lines do not. */
static void test_KN14_gaiconf(void **state)
{
	struct sdr_gaiconf tables;
	struct sdr_addr v4 = item("10.1.2.3", NULL).address.addr,
			v6 = item("2001:db8::1", NULL).address.addr;
	(void)state;
	sdr_gaiconf_parse("precedence ::ffff:0:0/96 100 # as Debian suggests\n"
			  "label 2001:db8::/32 9\n"
			  "label 2001:db8::1/128 11\n"
			  "label ::2/128\n"
			  "scopev4 10.0.0.0/8 5\n"
			  "precedence ::/x 7\n"
			  "precedence 10.0.0.0/8 7\n"
			  "label ::/x 3\n"
			  "scopev4 ::1/128 2\n",
		NULL, &tables);
	assert_int_equal(sdr_gaiconf_precedence(&tables, &v4), 100);
	assert_int_equal(sdr_gaiconf_precedence(&tables, &v6), 40);
	assert_int_equal(sdr_gaiconf_label(&tables, &v6), 11);
	assert_int_equal(sdr_gaiconf_label(&tables, &v4), 1);
	assert_int_equal(sdr_gaiconf_scope(&tables, &v4), 5);
	sdr_gaiconf_parse(NULL, NULL, &tables);
	assert_int_equal(sdr_gaiconf_precedence(&tables, &v4), 10);
	assert_int_equal(sdr_gaiconf_label(&tables, &v4), 4);
	assert_int_equal(sdr_gaiconf_scope(&tables, &v4), 14);
}

/* KN14: what glibc took for a 0 until 2.41, a number that is missing, is no number since. */
static void test_KN14_numbers_missing_in_gaiconf(void **state)
{
	static const struct {
		const char *line;
		unsigned until, since; /* the label of 2001:db8::1; 1 where the line is none */
	} cases[] = {{"label ::/0\n", 0, 1}, {"label ::/0 # 5\n", 0, 1},
		{"label fc00::/ 5\n", 5, 1}, {"label ::/0 5\n", 5, 5}, {"label ::/0 +5\n", 5, 5},
		{"label ::/0 -5\n", 1, 1}, {"label ::/0 5x\n", 1, 1}, {"label ::/x 5\n", 1, 1},
		{"label\n", 1, 1}, {"label ::/0 2147483648\n", 1, 1}};
	struct sdr_addr v6 = item("2001:db8::1", NULL).address.addr;
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_gaiconf tables;
		sdr_gaiconf_parse(cases[i].line, "2.36", &tables);
		assert_int_equal(sdr_gaiconf_label(&tables, &v6), cases[i].until);
		sdr_gaiconf_parse(cases[i].line, "2.40.9000", &tables);
		assert_int_equal(sdr_gaiconf_label(&tables, &v6), cases[i].until);
		sdr_gaiconf_parse(cases[i].line, "2.41", &tables);
		assert_int_equal(sdr_gaiconf_label(&tables, &v6), cases[i].since);
		sdr_gaiconf_parse(cases[i].line, NULL, &tables);
		assert_int_equal(sdr_gaiconf_label(&tables, &v6), cases[i].since);
	}
}

/* KN14: among IPv4 addresses the longer match counts only within the source's own network, as in
 * libc. */
static void test_KN14_order_within_the_network(void **state)
{
	struct sdr_order_item items[2] = {
		item("10.0.1.1", "10.0.0.9"), item("10.0.0.8", "10.0.0.9")};
	struct sdr_gaiconf tables;
	(void)state;
	sdr_gaiconf_parse(NULL, NULL, &tables);
	items[0].source_length = items[1].source_length = 24;
	sdr_order_sort(&tables, items, 2);
	assert_int_equal(items[0].address.addr.bytes[2], 0);
	items[0] = item("10.0.1.1", "10.0.0.9");
	items[1] = item("10.0.2.9", "10.0.0.9");
	items[0].source_length = items[1].source_length = 24;
	sdr_order_sort(&tables, items, 2);
	assert_int_equal(items[0].address.addr.bytes[2], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resolvconf),
		cmocka_unit_test(test_resolvconf_same),
		cmocka_unit_test(test_sortlist),
		cmocka_unit_test(test_options_at_their_ends),
		cmocka_unit_test(test_candidates),
		cmocka_unit_test(test_KN16_candidates_that_are_no_names),
		cmocka_unit_test(test_KN16_long_search_lists),
		cmocka_unit_test(test_KN16_keyword_alone),
		cmocka_unit_test(test_KN14_resolvconf_options),
		cmocka_unit_test(test_KN14_nsswitch),
		cmocka_unit_test(test_KN14_gaiconf),
		cmocka_unit_test(test_KN14_numbers_missing_in_gaiconf),
		cmocka_unit_test(test_KN14_order_within_the_network),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_is_stable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
