/* test_recognise.c - pasted texts: how each form is recognised, and why others are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/recognise.h"

/* A text, how it is read, and what comes of it. */
struct row {
	const char *text;
	unsigned how;
	enum sdr_reading_kind kind;
	const char *prefix; /* with the length if one was given, else the address */
};

static const struct row rows[] = {
	{"192.0.2.1", 0, SDR_READING_ADDRESS, "192.0.2.1"},
	{"  2001:DB8::1\r\n", 0, SDR_READING_ADDRESS, "2001:db8::1"},
	{"::ffff:1.2.3.4", 0, SDR_READING_ADDRESS, "::ffff:1.2.3.4"},
	{"10.1.2.3/23", 0, SDR_READING_NETWORK, "10.1.2.3/23"},
	{"::/0", 0, SDR_READING_NETWORK, "::/0"},
	{"10.1.2.3/255.255.254.0", 0, SDR_READING_NETMASK, "10.1.2.3/23"},
	{"10.1.2.3 255.255.254.0", 0, SDR_READING_NETMASK, "10.1.2.3/23"},
	{"10.1.2.3 fffffe00", 0, SDR_READING_NETMASK, "10.1.2.3/23"},
	{"10.1.2.3/0xfffffe00", 0, SDR_READING_NETMASK, "10.1.2.3/23"},
	{"10.1.2.3 \t /23", 0, SDR_READING_NETWORK, "10.1.2.3/23"},
	{"10.1.2.3 23", 0, SDR_READING_NETWORK, "10.1.2.3/23"},
	{"10.1.2.3 0.0.1.255", 0, SDR_READING_WILDCARD, "10.1.2.3/23"},
	{"2001:db8::1/ffff:ffff::", 0, SDR_READING_NETMASK, "2001:db8::1/32"},
	{"10.0.0.1-10.0.0.9", 0, SDR_READING_RANGE, "10.0.0.1"},
	{"::1 - ::9", 0, SDR_READING_RANGE, "::1"},
	{"65536", 0, SDR_READING_INTEGER, "0.1.0.0"},
	{"4294967296", 0, SDR_READING_INTEGER, "::1:0:0"},
	{"340282366920938463463374607431768211455", 0, SDR_READING_INTEGER,
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	{"80", SDR_RECOGNISE_INTEGER, SDR_READING_INTEGER, "0.0.0.80"},
	{"0x7F000001", SDR_RECOGNISE_INTEGER, SDR_READING_INTEGER, "127.0.0.1"},
	{"00:11:22:33:44:55", 0, SDR_READING_HARDWARE, "fe80::211:22ff:fe33:4455"},
	{"00-11-22-33-44-55", 0, SDR_READING_HARDWARE, "fe80::211:22ff:fe33:4455"},
	{"0011.2233.4455", 0, SDR_READING_HARDWARE, "fe80::211:22ff:fe33:4455"},
	{"0011223344ff", 0, SDR_READING_HARDWARE, "fe80::211:22ff:fe33:44ff"},
	{"02-11-22-33-44-55-66-77", 0, SDR_READING_HARDWARE, "fe80::11:2233:4455:6677"},
	{"00:11:22:33:44:55:66:77", 0, SDR_READING_ADDRESS, "0:11:22:33:44:55:66:77"},
	{"192.0.2.1:80", 0, SDR_READING_ENDPOINT, "192.0.2.1"},
	{"[2001:db8::1]:http", 0, SDR_READING_ENDPOINT, "2001:db8::1"},
	{"[::1]", 0, SDR_READING_ENDPOINT, "::1"},
	{"https://u:p@192.0.2.7:8443/x?y#z", 0, SDR_READING_URL, "192.0.2.7"},
	{"http://[::1]/", 0, SDR_READING_URL, "::1"},
	{"4.3.2.1.in-addr.arpa", 0, SDR_READING_REVERSE, "1.2.3.4"},
	{"3.2.1.IN-ADDR.ARPA.", 0, SDR_READING_REVERSE, "1.2.3.0/24"},
	{"8.b.d.0.1.0.0.2.ip6.arpa", 0, SDR_READING_REVERSE, "2001:db8::/32"},
	{"127.1", SDR_RECOGNISE_INET_ATON, SDR_READING_OLD, "127.0.0.1"},
	{"0x7f.1", SDR_RECOGNISE_INET_ATON, SDR_READING_OLD, "127.0.0.1"},
	{"010.0.0.1", SDR_RECOGNISE_INET_ATON, SDR_READING_OLD, "8.0.0.1"},
	{"0177.0000.0000.0001", SDR_RECOGNISE_INET_ATON, SDR_READING_OLD, "127.0.0.1"},
	{"0011.0022.0033.4455", 0, SDR_READING_HARDWARE, "fe80::211:22:33:4455"},
	{"sshd: Failed password for root from 192.0.2.7 port 22 ssh2", 0, SDR_READING_LINE,
		"192.0.2.7"},
	{"src=10.0.0.1", 0, SDR_READING_LINE, "10.0.0.1"},
	{"route add 2001:db8::/32, then", 0, SDR_READING_LINE, "2001:db8::/32"},
	{"GET http://192.0.2.1:8080/index.html", 0, SDR_READING_LINE, "192.0.2.1"},
	{"12:30:45 192.0.2.1.", 0, SDR_READING_LINE, "192.0.2.1"},
	{"(2001:db8::)", 0, SDR_READING_LINE, "2001:db8::"},
};

static void takes_each_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sdr_reading reading;
		struct sdr_error error = {0};
		char text[SDR_PREFIX_TEXT];
		if (sdr_recognise(rows[i].text, rows[i].how, &reading, &error) != SDR_OK)
			fail_msg("%s: %s", rows[i].text, error.text);
		struct sdr_prefix prefix = sdr_reading_prefix(&reading);
		if (reading.has_length)
			sdr_prefix_format(text, &prefix);
		else
			sdr_addr_format(text, &reading.addr);
		if (reading.kind != rows[i].kind)
			fail_msg("%s: kind %d", rows[i].text, reading.kind);
		assert_string_equal(text, rows[i].prefix);
	}
}

/* What is refused, where, and a part of why. */
static const struct {
	const char *text;
	size_t offset;
	const char *why;
} errors[] = {
	{"", 0, "missing"},
	{"10.1.2.300", 7, "more than 255"},
	{"  10.1.2.300", 9, "more than 255"},
	{"127.1", 5, "--inet-aton"},
	{"010.0.0.1", 0, "octal"},
	{"0177.0000.0000.0001", 0, "octal"},
	{"80", 0, "--integer"},
	{"340282366920938463463374607431768211456", 0, "2^128"},
	{"10.0.0.1/33", 9, "0 to 32"},
	{"10.0.0.1/", 9, "length"},
	{"10.0.0.1/08", 9, "decimal"},
	{"10.0.0.1 255.0.255.0", 9, "one piece"},
	{"10.0.0.1/ffff::", 9, "IPv6 mask"},
	{"10.0.0.9-10.0.0.1", 9, "backwards"},
	{"10.0.0.1-::1", 9, "one kind"},
	{"10.0.0.1-5", 9, "in full"},
	{"10.0.0.1:99999", 9, "65535"},
	{"[::1]:99999", 6, "65535"},
	{"www.example.org", 0, "resolve"},
	{"http://www.example.org/", 7, "resolve"},
	{"256.in-addr.arpa", 0, "0 to 255"},
	{"1.2.3.4.5.in-addr.arpa", 0, "at most four"},
	{"nothing to see here", 0, "no address"},
	{"std::string x", 0, "no address"},
};

static void error_names_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct sdr_reading reading;
		struct sdr_error error = {0};
		if (sdr_recognise(errors[i].text, 0, &reading, &error) == SDR_OK)
			fail_msg("%s was taken", errors[i].text);
		if (!strstr(error.text, errors[i].why) || error.offset != errors[i].offset)
			fail_msg("%s: at %zu: %s", errors[i].text, error.offset, error.text);
	}
}

static void lists_what_it_could_be(void **state)
{
	static const char *const both[] = {
		"10.0.0.1 0.0.0.0", "10.0.0.1/255.255.255.255", "01:02:03:04:05:06:07:08"};
	static const char *const one[] = {
		"10.0.0.1 255.255.255.0", "10.0.0.1 0.0.0.255", "10.0.0.1/32"};
	struct sdr_reading reading;
	char formatted[SDR_READING_TEXT];
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(sdr_recognise(both[i], 0, &reading, NULL), SDR_OK);
		assert_non_null(strstr(sdr_reading_format(formatted, &reading), "could also be"));
		assert_int_equal(sdr_recognise(one[i], 0, &reading, NULL), SDR_OK);
		assert_null(strstr(sdr_reading_format(formatted, &reading), "could also be"));
	}
}

static void counts_the_addresses_of_a_line(void **state)
{
	static const char line[] =
		"  a 192.0.2.1, b=2001:db8::1/64 [192.0.2.3]:80 10.0.0.1x 1.2.3 end";
	struct sdr_reading reading;
	char formatted[SDR_READING_TEXT];
	(void)state;
	assert_int_equal(sdr_recognise(line, 0, &reading, NULL), SDR_OK);
	assert_int_equal(reading.others, 2);
	assert_memory_equal(line + reading.offset, "192.0.2.1", reading.size);
	assert_string_equal(sdr_reading_format(formatted, &reading),
		"line of text with an IPv4 address, the first of 3");
}

/* What we print we read; another machine's zones; masks and ports that stand behind an address;
 * ports as programs write them. */
static const struct {
	const char *text, *address, *service, *expected;
	int length; /* -1: none */
} pasted[] = {
	{"0xc0a80101", "192.168.1.1", "", "integer", -1},
	{"0xc0a80101/24", "192.168.1.1", "", "network", 24},
	{"0x20010db8000000000000000000000001", "2001:db8::1", "", "integer", -1},
	{"fe80::1%en0", "fe80::1", "", "no zone en0", -1},
	{"fe80::1%en0/64", "fe80::1", "", "no zone en0", 64},
	{"http://[fe80::1%25en0]:8080/", "fe80::1", "8080", "no zone en0", -1},
	{"from fe80::1%en0 dev x", "fe80::1", "", "no zone en0", -1},
	{"inet 10.0.0.1 netmask 0xffffff00 broadcast 10.0.0.255", "10.0.0.1", "",
		"with the mask behind it", 24},
	{"ip route 10.1.0.0 255.255.0.0 10.0.0.254", "10.1.0.0", "", "with the mask behind it", 16},
	{"permit ip 10.1.2.0 0.0.0.255 any", "10.1.2.0", "", "with the wildcard behind it", 24},
	{"10.1.2.0 wildcard 0.0.0.255", "10.1.2.0", "", "with the wildcard behind it", 24},
	{"inet addr:10.0.0.1  Bcast:10.0.0.255  Mask:255.255.255.0", "10.0.0.1", "",
		"with the mask behind it", 24},
	{"Accepted publickey for x from 10.0.0.1 port 22 ssh2", "10.0.0.1", "22",
		"with the port behind it", -1},
	{"from 10.0.0.1 to 10.0.0.2 port 22", "10.0.0.1", "", "the first of 2", -1},
	{"10.0.0.1#53", "10.0.0.1", "53", "as dig writes it", -1},
	{"10.0.0.1.443", "10.0.0.1", "443", "as tcpdump writes it", -1},
	{"2001:db8::1.443", "2001:db8::1", "443", "as tcpdump writes it", -1},
	{"10.0.0.1.", "10.0.0.1", "", "without the dot behind it", -1},
	{"10.0.0.1:443/tcp", "10.0.0.1", "443", "over TCP", -1},
	{"[::1]:53/UDP", "::1", "53", "over UDP", -1},
	{"1.2.3.4/ 8", "1.2.3.4", "", "network", 8},
	{"0x20010db8000000000000000000000001/64", "2001:db8::1", "", "network", 64},
	{"0xc0a80101 255.255.255.0", "192.168.1.1", "", "netmask", 24},
	{"fe80::1%en0 /64", "fe80::1", "", "no zone en0", 64},
	{"0xc0a80101/ffffff00", "192.168.1.1", "", "netmask", 24},
	{"0x20010db80000000000000000000000001/64", NULL, NULL, NULL, -1},
	{"1.2.3.4 / 8", "1.2.3.4", "", "network", 8},
	{"(10.9.8.7) said so", "10.9.8.7", "", "line", -1},
	{"on fe80::1%en0.", "fe80::1", "", "no zone en0", -1},
	{"on fe80::1%br-lan: up", "fe80::1", "", "no zone br-lan", -1},
	{"10.0.0.1#", NULL, NULL, NULL, -1},
	{"10.0.0.1#65536", NULL, NULL, NULL, -1},
	{"x10.0.0.1 is a name", NULL, NULL, NULL, -1},
	{"db1%en0", NULL, NULL, NULL, -1},
	{"10.0.0.1%en0", NULL, NULL, NULL, -1},
};

static void test_KA3_KA4_KA5_pasted_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pasted) / sizeof(pasted[0]); i++) {
		struct sdr_reading reading = {0};
		struct sdr_error error = {0};
		char text[SDR_ADDR_TEXT], expected[SDR_READING_TEXT];
		enum sdr_status status = sdr_recognise(pasted[i].text, 0, &reading, &error);
		if ((status == SDR_OK) != (pasted[i].address != NULL))
			fail_msg("%s: %s", pasted[i].text, error.text);
		if (status != SDR_OK)
			continue;
		assert_string_equal(sdr_addr_format(text, &reading.addr), pasted[i].address);
		assert_string_equal(reading.service, pasted[i].service);
		assert_int_equal(reading.has_length ? reading.length : -1, pasted[i].length);
		if (!strstr(sdr_reading_format(expected, &reading), pasted[i].expected))
			fail_msg("%s: %s", pasted[i].text, expected);
	}
}

static void test_KA5_what_is_no_mask(void **state)
{
	struct sdr_reading reading;
	struct sdr_error error = {0};
	(void)state;
	assert_int_equal(sdr_recognise("::1/::1", 0, &reading, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "no IPv6 mask"));
	assert_int_equal(sdr_recognise("1.2.3.4.70000", 0, &reading, &error), SDR_EINVAL);
	assert_int_equal(sdr_recognise("0x7f000001.1", 0, &reading, &error), SDR_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_KA3_KA4_KA5_pasted_texts),
		cmocka_unit_test(test_KA5_what_is_no_mask),

		cmocka_unit_test(takes_each_form),
		cmocka_unit_test(error_names_what_is_wrong),
		cmocka_unit_test(lists_what_it_could_be),
		cmocka_unit_test(counts_the_addresses_of_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
