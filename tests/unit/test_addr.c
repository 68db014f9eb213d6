/* test_addr.c - addresses, prefixes, endpoints and host:port: tables of text in, text out, and
 * where a text goes wrong. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "sounder/addr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_addr_canonical(void **state)
{
	static const char *const cases[][2] = {
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"0:0:0:0:0:0:0:0", "::"},
		{"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
		{"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
		{"::FFFF:102:304", "::ffff:1.2.3.4"},
		{"::1.2.3.4", "::102:304"},
		{"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
		{"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
		{"0001::000a", "1::a"},
		{"fe80::1%7777777", "fe80::1%7777777"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_addr addr, again;
		struct sdr_error error;
		char text[SDR_ADDR_TEXT];
		if (sdr_addr_parse(cases[i][0], &addr, &error) != SDR_OK)
			fail_msg("%s", error.text);
		assert_string_equal(sdr_addr_format(text, &addr), cases[i][1]);
		assert_int_equal(sdr_addr_parse(text, &again, NULL), SDR_OK);
		assert_int_equal(sdr_addr_compare(&addr, &again), 0);
	}
}

/* What is refused, the byte at which it goes wrong, and a piece of the reason. */
static void test_addr_refused(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
		const char *reason;
	} cases[] = {
		{"", 0, "missing"},
		{"127.1", 5, "old spelling of 127.0.0.1"},
		{"0x7f.0.0.1", 0, "hexadecimal"},
		{"0x7f000001", 0, "hexadecimal"},
		{"010.0.0.1", 0, "octal"},
		{"10.00.0.1", 3, "octal"},
		{"2130706433", 0, "old spelling of 127.0.0.1"},
		{"1.2.3.256", 6, "more than 255"},
		{"1.2.3.99999999999999999999", 6, "more than 255"},
		{"1.2.3.4.5", 7, "fourth number"},
		{"1.2.3.", 6, "at its end"},
		{"1..2.3", 2, "'.'"},
		{"1.2.3.4 ", 7, "blank"},
		{" 1.2.3.4", 0, "blank"},
		{"1.2.3.4/24", 7, "/length"},
		{"1.2.3.4:80", 7, "port"},
		{"-1.2.3.4", 0, "'-'"},
		{"host", 0, "'h'"},
		{"[::1]", 0, "brackets"},
		{":", 0, "single colon in front"},
		{":1", 0, "single colon in front"},
		{":::", 2, "three colons"},
		{"1:::2", 3, "three colons"},
		{"1::2::3", 4, "second ::"},
		{"1:", 1, "single colon at the end"},
		{"1:2:3:4:5:6:7", 13, "7 of eight"},
		{"1:2:3:4:5:6:7:8:9", 16, "more than eight"},
		{"1:2:3:4:5:6:7:8::", 17, "eight groups"},
		{"12345::", 4, "more than four"},
		{"::g", 2, "'g'"},
		{"::1.2.3", 7, "ends"},
		{"::1.2.3.256", 8, "more than 255"},
		{"1:2:3:4:5:6:7:1.2.3.4", 14, "no room"},
		{"1:2:1.2.3.4", 4, "after 2 groups"},
		{"::ffff:01.2.3.4", 7, "octal"},
		{"fe80::1%", 7, "nothing after %"},
		{"fe80::1%0", 8, "no interface number"},
		{"fe80::1%99999999999", 8, "no interface number"},
		{"fe80::1%no-such", 8, "no interface no-such"},
		{"fe80::1%lo:1", 8, "no interface lo:1"},
		{"\xc3\xa9", 0, "0xc3"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_addr addr = {.version = 99};
		struct sdr_error error = {0};
		if (sdr_addr_parse(cases[i].text, &addr, &error) != SDR_EINVAL)
			fail_msg("\"%s\" was accepted", cases[i].text);
		if (error.offset != cases[i].offset || !strstr(error.text, cases[i].reason))
			fail_msg("\"%s\": offset %zu, %s", cases[i].text, error.offset, error.text);
		assert_int_equal(addr.version, 99);
	}
}

static struct sdr_addr parsed(const char *text)
{
	struct sdr_addr addr;
	assert_int_equal(sdr_addr_parse(text, &addr, NULL), SDR_OK);
	return addr;
}

static void test_addr_kinds_and_steps(void **state)
{
	static const char *const steps[][3] = {
		{"10.0.0.255", "1", "10.0.1.0"},
		{"10.0.1.0", "-1", "10.0.0.255"},
		{"255.255.255.255", "1", "0.0.0.0"},
		{"0.0.0.0", "-1", "255.255.255.255"},
		{"::ffff:ffff:ffff:ffff", "1", "0:0:0:1::"},
		{"::", "-1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"2001:db8::", "1000000007", "2001:db8::3b9a:ca07"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		char text[SDR_ADDR_TEXT];
		struct sdr_addr from = parsed(steps[i][0]),
				to = sdr_addr_add(&from, atoll(steps[i][1]));
		assert_string_equal(sdr_addr_format(text, &to), steps[i][2]);
	}
	struct sdr_addr a = parsed("127.9.9.9"), b = parsed("::1"), c = parsed("ff02::1"),
			d = parsed("239.255.255.255"), e = parsed("::");
	assert_true(
		sdr_addr_is_loopback(&a) && sdr_addr_is_loopback(&b) && !sdr_addr_is_loopback(&c));
	assert_true(sdr_addr_is_multicast(&c) && sdr_addr_is_multicast(&d) &&
		!sdr_addr_is_multicast(&a));
	struct sdr_addr first = parsed("fe80::1"), last = parsed("febf:ffff::1"),
			beyond = parsed("fec0::1"), four = parsed("254.128.0.1");
	assert_true(sdr_addr_is_link_local(&first) && sdr_addr_is_link_local(&last) &&
		!sdr_addr_is_link_local(&beyond) && !sdr_addr_is_link_local(&four));
	assert_true(sdr_addr_is_any(&e) && !sdr_addr_is_any(&b) &&
		!sdr_addr_is_any(&(struct sdr_addr){0}));
	assert_true(sdr_addr_compare(&a, &b) < 0 && sdr_addr_compare(&c, &b) > 0 &&
		sdr_addr_compare(&a, &a) == 0);
	assert_int_equal(sdr_addr_bits(&a), 32);
	assert_int_equal(sdr_addr_bits(&b), 128);
}

static void test_prefix_pieces(void **state)
{
	/* prefix, netmask, network, host part, last */
	static const char *const cases[][5] = {
		{"10.1.2.3/23", "255.255.254.0", "10.1.2.0", "0.0.0.3", "10.1.3.255"},
		{"1.2.3.4/0", "0.0.0.0", "0.0.0.0", "1.2.3.4", "255.255.255.255"},
		{"10.0.0.1/31", "255.255.255.254", "10.0.0.0", "0.0.0.1", "10.0.0.1"},
		{"10.0.0.1/32", "255.255.255.255", "10.0.0.1", "0.0.0.0", "10.0.0.1"},
		{"200.1.1.1/1", "128.0.0.0", "128.0.0.0", "72.1.1.1", "255.255.255.255"},
		{"2001:db8::17/64", "ffff:ffff:ffff:ffff::", "2001:db8::", "::17",
			"2001:db8::ffff:ffff:ffff:ffff"},
		{"2001:db8::17/0", "::", "::", "2001:db8::17",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"2001:db8::17/127", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", "2001:db8::16",
			"::1", "2001:db8::17"},
		{"2001:db8::17/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::17",
			"::", "2001:db8::17"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_prefix prefix;
		char text[SDR_PREFIX_TEXT];
		assert_int_equal(sdr_prefix_parse(cases[i][0], &prefix, NULL), SDR_OK);
		assert_string_equal(sdr_prefix_format(text, &prefix), cases[i][0]);
		struct sdr_addr pieces[] = {sdr_prefix_netmask(&prefix),
			sdr_prefix_network(&prefix), sdr_prefix_host_part(&prefix),
			sdr_prefix_last(&prefix)};
		for (size_t k = 0; k < 4; k++)
			assert_string_equal(sdr_addr_format(text, &pieces[k]), cases[i][k + 1]);
		assert_true(sdr_prefix_contains(&prefix, &pieces[1]) &&
			sdr_prefix_contains(&prefix, &pieces[3]));
		struct sdr_addr beyond = sdr_addr_add(&pieces[3], 1);
		assert_int_equal(sdr_prefix_contains(&prefix, &beyond), prefix.length == 0);
		struct sdr_addr other = parsed(prefix.addr.version == 4 ? "::" : "0.0.0.0");
		assert_false(sdr_prefix_contains(&prefix, &other));
	}
}

static void test_prefix_refused(void **state)
{
	static const struct {
		const char *text;
		enum sdr_status status;
		size_t offset;
	} cases[] = {
		{"10.0.0.0", SDR_EINVAL, 8},
		{"10.0.0.0/", SDR_EINVAL, 9},
		{"10.0.0.0/33", SDR_ERANGE, 9},
		{"::/129", SDR_ERANGE, 3},
		{"::/99999999999", SDR_ERANGE, 3},
		{"10.0.0.0/08", SDR_EINVAL, 9},
		{"10.0.0.0/8x", SDR_EINVAL, 10},
		{"10.0.0/8", SDR_EINVAL, 6},
		{"/8", SDR_EINVAL, 0},
		{"10.0.0.0/-1", SDR_EINVAL, 9},
		{"10.0.0.0/8/8", SDR_EINVAL, 10},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_prefix prefix;
		struct sdr_error error = {0};
		if (sdr_prefix_parse(cases[i].text, &prefix, &error) != cases[i].status ||
			error.offset != cases[i].offset)
			fail_msg("\"%s\": offset %zu, %s", cases[i].text, error.offset, error.text);
	}
}

static void test_prefix_masks(void **state)
{
	static const struct {
		const char *mask;
		int length; /* -1: none */
		bool wildcard;
	} cases[] = {
		{"255.255.254.0", 23, false},
		{"0.0.1.255", 23, true},
		{"0.0.0.0", 0, false},
		{"255.255.255.255", 32, false},
		{"127.255.255.255", 1, true},
		{"0.0.0.1", 31, true},
		{"255.0.255.0", -1, false},
		{"0.0.2.255", -1, false},
		{"1.2.3.4", -1, false},
		{"ffff:ffff::", 32, false},
		{"::1", 127, true},
		{"ffff::1", -1, false},
		{"128.0.0.1", -1, false},
		{"::2", -1, false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_addr mask = parsed(cases[i].mask);
		uint8_t length = 99;
		bool wildcard = false;
		enum sdr_status status = sdr_prefix_from_mask(&mask, &length, &wildcard, NULL);
		assert_int_equal(status, cases[i].length < 0 ? SDR_EINVAL : SDR_OK);
		assert_int_equal(length, cases[i].length < 0 ? 99 : cases[i].length);
		assert_int_equal(wildcard, cases[i].wildcard);
	}
}

static void test_counts(void **state)
{
	char text[SDR_COUNT_TEXT];
	(void)state;
	assert_string_equal(sdr_count_format(text, 0, 0), "1");
	assert_string_equal(sdr_count_format(text, 0, 2), "0");
	assert_string_equal(sdr_count_format(text, 8, 2), "254");
	assert_string_equal(sdr_count_format(text, 64, 0), "18446744073709551616");
	assert_string_equal(
		sdr_count_format(text, 128, 0), "340282366920938463463374607431768211456");
	assert_string_equal(
		sdr_count_format(text, 128, 1), "340282366920938463463374607431768211455");
}

static void test_hostport(void **state)
{
	/* text, host, service */
	static const char *const cases[][3] = {
		{"db1", "db1", ""},
		{"db1:5432", "db1", "5432"},
		{"www.x:http", "www.x", "http"},
		{"[::1]:23", "::1", "23"},
		{"[::1]", "::1", ""},
		{"::1", "::1", ""},
		{"2001:db8::1:80", "2001:db8::1:80", ""},
		{":80", "", "80"},
		{"192.0.2.1:whois++", "192.0.2.1", "whois++"},
		{"b\xc3\xbc"
		 "cher.example:443",
			"b\xc3\xbc"
			"cher.example",
			"443"},
		{"_sip._tcp.x.", "_sip._tcp.x.", ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_hostport out;
		struct sdr_error error;
		if (sdr_hostport_parse(cases[i][0], &out, &error) != SDR_OK)
			fail_msg("%s", error.text);
		assert_string_equal(out.host, cases[i][1]);
		assert_string_equal(out.service, cases[i][2]);
		assert_int_equal(out.has_service, cases[i][2][0] != '\0');
		assert_int_equal(out.bracketed, cases[i][0][0] == '[');
	}
}

static void test_hostport_refused(void **state)
{
	char name[300];
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{"", 0},
		{":", 0},
		{"a:", 1},
		{"[::1", 0},
		{"[::1]x", 5},
		{"[::1]:", 5},
		{"[1.2.3.4]:80", 1},
		{"[::g]:1", 3},
		{"a:b:c", 5},
		{"1:2:3", 5},
		{"a b", 1},
		{"a:8 0", 3},
		{"http://x/", 0},
		{"a/b", 1},
		{"x\x1b[31m", 1},
		{"user@host", 4},
		{"host]", 4},
		{"[]", 1},
		{"1.2.3.4:80:90", 7},
		{"x\x7f", 1},
		{"h:a/b", 3},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_hostport out = {.host = "untouched"};
		struct sdr_error error = {0};
		if (sdr_hostport_parse(cases[i].text, &out, &error) != SDR_EINVAL ||
			error.offset != cases[i].offset)
			fail_msg("\"%s\": offset %zu, %s", cases[i].text, error.offset, error.text);
		assert_string_equal(out.host, "untouched");
	}
	struct sdr_hostport out;
	memset(name, 'a', sizeof(name));
	name[63] = name[127] = name[191] = '.'; /* labels of 63 */
	name[253] = '\0';
	assert_int_equal(sdr_hostport_parse(name, &out, NULL), SDR_OK);
	memcpy(name + 253, ".", 2);
	assert_int_equal(sdr_hostport_parse(name, &out, NULL), SDR_OK);
	memcpy(name + 253, "a", 2);
	assert_int_equal(sdr_hostport_parse(name, &out, NULL), SDR_EINVAL);
	memcpy(name, "a:", 2);
	name[2 + SDR_SERVICE_TEXT] = '\0';
	assert_int_equal(sdr_hostport_parse(name, &out, NULL), SDR_EINVAL);
	name[1 + SDR_SERVICE_TEXT] = '\0';
	assert_int_equal(sdr_hostport_parse(name, &out, NULL), SDR_OK);
}

static void test_ports_and_endpoints(void **state)
{
	uint16_t port = 7;
	struct sdr_error error;
	struct sdr_endpoint endpoint, back;
	struct sockaddr_storage storage;
	char text[SDR_ENDPOINT_TEXT];
	(void)state;
	assert_int_equal(sdr_port_parse("65536", &port, &error), SDR_ERANGE);
	assert_int_equal(sdr_port_parse("99999999999999999999", &port, NULL), SDR_ERANGE);
	assert_int_equal(sdr_port_parse("", &port, NULL), SDR_EINVAL);
	assert_int_equal(sdr_port_parse("+1", &port, NULL), SDR_EINVAL);
	assert_int_equal(sdr_port_parse("80x", &port, &error), SDR_EINVAL);
	assert_int_equal(error.offset, 2);
	assert_int_equal(port, 7);
	assert_int_equal(sdr_port_parse("65535", &port, NULL), SDR_OK);
	assert_int_equal(port, 65535);
	for (int i = 0; i < 2; i++) {
		endpoint =
			(struct sdr_endpoint){parsed(i == 0 ? "192.0.2.1" : "fe80::1%7777777"), 80};
		assert_string_equal(sdr_endpoint_format(text, &endpoint),
			i == 0 ? "192.0.2.1:80" : "[fe80::1%7777777]:80");
		unsigned length = sdr_endpoint_to_sockaddr(&endpoint, &storage);
		assert_int_equal(length, i == 0 ? 16 : 28);
		assert_int_equal(
			sdr_endpoint_from_sockaddr((struct sockaddr *)&storage, &back), SDR_OK);
		assert_int_equal(sdr_addr_compare(&back.addr, &endpoint.addr), 0);
		assert_int_equal(back.port, 80);
	}
	storage.ss_family = AF_UNIX;
	assert_int_equal(
		sdr_endpoint_from_sockaddr((struct sockaddr *)&storage, &back), SDR_ENOTSUP);
}

/* Numbers of 128 bits beside the compiler's own. */
static void test_decimals_and_counts(void **state)
{
	static const struct {
		const char *first, *last, *decimal, *count, *network;
	} cases[] = {
		{"0.0.0.0", "0.0.0.0", "0", "1", "0.0.0.0/32"},
		{"10.0.0.1", "10.0.0.9", "167772161", "9", "10.0.0.0/28"},
		{"0.0.0.0", "255.255.255.255", "0", "4294967296", "0.0.0.0/0"},
		{"192.168.0.255", "192.168.1.0", "3232235775", "2", "192.168.0.0/23"},
		{"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "0",
			"340282366920938463463374607431768211456", "::/0"},
		{"::1", "::1", "1", "1", "::1/128"},
		{"fe80::", "fe80::ffff:ffff:ffff:ffff", "338288524927261089654018896841347694592",
			"18446744073709551616", "fe80::/64"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
			"340282366920938463463374607431768211455", "1",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[SDR_COUNT_TEXT], network[SDR_PREFIX_TEXT];
		struct sdr_addr first = parsed(cases[i].first), last = parsed(cases[i].last);
		assert_ptr_equal(sdr_addr_decimal(text, &first), text);
		assert_string_equal(text, cases[i].decimal);
		assert_string_equal(sdr_range_count(text, &first, &last), cases[i].count);
		struct sdr_prefix prefix = sdr_range_network(&first, &last);
		assert_string_equal(sdr_prefix_format(network, &prefix), cases[i].network);
	}
}

static void test_interface_index(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(sdr_interface_index("lo"), 1);
	assert_int_equal(sdr_interface_index("no-such-if0"), 0);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(sdr_interface_index("a-name-that-is-longer-than-any"), 0);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(sdr_interface_index(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decimals_and_counts),
		cmocka_unit_test(test_interface_index),
		cmocka_unit_test(test_addr_canonical),
		cmocka_unit_test(test_addr_refused),
		cmocka_unit_test(test_addr_kinds_and_steps),
		cmocka_unit_test(test_prefix_pieces),
		cmocka_unit_test(test_prefix_refused),
		cmocka_unit_test(test_prefix_masks),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_hostport),
		cmocka_unit_test(test_hostport_refused),
		cmocka_unit_test(test_ports_and_endpoints),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
