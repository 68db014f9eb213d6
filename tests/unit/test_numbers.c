/* test_numbers.c - the commands ip, mask, port and protocol: what their sheets hold, and how they
 * end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/app.h"

extern const struct sdr_command cmd_ip, cmd_mask, cmd_port, cmd_protocol;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct asked {
	enum sdr_exit exit;
	struct sdr_error error;
	struct sdr_sheet *sheets[32]; /* [count], copies */
	size_t count;
};

static void on_sheet(void *context, const struct sdr_sheet *sheet)
{
	struct asked *asked = context;
	assert_true(asked->count < COUNT(asked->sheets));
	asked->sheets[asked->count] = sdr_sheet_copy(sheet);
	assert_non_null(asked->sheets[asked->count++]);
}

/* Asks a command as a front does; `line` is split at blanks. */
static void ask(struct asked *asked, const struct sdr_command *command, const char *line)
{
	char text[256], *rest = text, *word;
	struct sdr_arg args[4] = {{0}};
	struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	struct sdr_call call = {
		.command = command, .app = sdr_app_new(&privilege, sdr_commands), .args = args};
	struct sdr_request request = {0};
	struct sdr_answers answers = {.context = asked, .emit = on_sheet};
	memset(asked, 0, sizeof(*asked));
	snprintf(text, sizeof(text), "%s", line);
	while ((word = strsep(&rest, " ")))
		args[call.count++].text = word;
	assert_int_equal(sdr_app_open(call.app, command->parts, NULL), SDR_OK);
	asked->exit = sdr_request_make(&call, &request, &asked->error) == SDR_OK ? SDR_EXIT_YES
										 : SDR_EXIT_FAIL;
	for (size_t i = 0; i < (request.lookup.each_word ? call.count : 1) &&
		request.kind == SDR_REQUEST_LOOKUP;
		i++) {
		enum sdr_exit exit = request.lookup.answer(&call,
			request.lookup.each_word ? args[i].text : NULL, &answers, &asked->error);
		asked->exit = exit > asked->exit ? exit : asked->exit;
	}
	sdr_request_done(&request);
	sdr_app_free(call.app);
}

static void forget(struct asked *asked)
{
	for (size_t i = 0; i < asked->count; i++)
		sdr_sheet_free(asked->sheets[i]);
}

static const char *value_of(const struct asked *asked, size_t sheet, const char *key)
{
	static char text[256];
	const struct sdr_item *item = sdr_item_find(sdr_sheet_view(asked->sheets[sheet]), key);
	assert_non_null(item);
	if (item->kind == SDR_ITEM_NULL)
		return "null";
	sdr_item_format_value(text, sizeof(text), item);
	return text;
}

static void test_ip(void **state)
{
	struct asked asked;
	(void)state;
	ask(&asked, &cmd_ip, "2001:DB8:0::1");
	assert_int_equal(asked.exit, SDR_EXIT_YES);
	assert_int_equal(asked.count, 1);
	assert_string_equal(value_of(&asked, 0, "address"), "2001:db8::1");
	assert_string_equal(value_of(&asked, 0, "input"), "2001:DB8:0::1");
	assert_string_equal(value_of(&asked, 0, "version"), "6");
	assert_string_equal(value_of(&asked, 0, "kind"), "Documentation");
	assert_string_equal(
		value_of(&asked, 0, "expanded"), "2001:0db8:0000:0000:0000:0000:0000:0001");
	forget(&asked);
	ask(&asked, &cmd_ip, "::ffff:1.2.3.4");
	assert_string_equal(value_of(&asked, 0, "address"), "::ffff:1.2.3.4");
	assert_string_equal(value_of(&asked, 0, "version"), "6");
	assert_string_equal(value_of(&asked, 0, "ipv4"), "1.2.3.4");
	forget(&asked);
	ask(&asked, &cmd_ip, "192.0.2.7");
	assert_string_equal(value_of(&asked, 0, "reverse_name"), "7.2.0.192.in-addr.arpa");
	assert_string_equal(value_of(&asked, 0, "zone"), "null");
	forget(&asked);
	ask(&asked, &cmd_ip, "127.1");
	assert_int_equal(asked.exit, SDR_EXIT_FAIL);
	assert_int_equal(asked.count, 0);
	assert_non_null(strstr(asked.error.text, "\"127.1\""));
}

static void test_mask(void **state)
{
	static const char *const keys[] = {"prefix_length", "netmask_hex", "network", "host_part",
		"broadcast", "first_host", "last_host", "usable_hosts", "class", "mask_given"};
	static const char *const cases[][11] = {
		{"127.0.0.1", "8", "ff000000", "127.0.0.0", "0.0.0.1", "127.255.255.255",
			"127.0.0.1", "127.255.255.254", "16777214", "A", "class"},
		{"172.16.75.200", "16", "ffff0000", "172.16.0.0", "0.0.75.200", "172.16.255.255",
			"172.16.0.1", "172.16.255.254", "65534", "B", "class"},
		{"192.168.1.9", "24", "ffffff00", "192.168.1.0", "0.0.0.9", "192.168.1.255",
			"192.168.1.1", "192.168.1.254", "254", "C", "class"},
		{"10.1.2.3/23", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255", "10.1.2.1",
			"10.1.3.254", "510", "A", "length"},
		{"10.1.2.3 255.255.254.0", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255",
			"10.1.2.1", "10.1.3.254", "510", "A", "netmask"},
		{"10.1.2.3/255.255.254.0", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255",
			"10.1.2.1", "10.1.3.254", "510", "A", "netmask"},
		{"10.1.2.3 0.0.1.255", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255",
			"10.1.2.1", "10.1.3.254", "510", "A", "wildcard"},
		{"10.1.2.3 0xfffffe00", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255",
			"10.1.2.1", "10.1.3.254", "510", "A", "netmask"},
		{"10.1.2.3 fffffe00", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255",
			"10.1.2.1", "10.1.3.254", "510", "A", "netmask"},
		{"10.1.2.3 /23", "23", "fffffe00", "10.1.2.0", "0.0.0.3", "10.1.3.255", "10.1.2.1",
			"10.1.3.254", "510", "A", "length"},
		{"10.1.2.3/30", "30", "fffffffc", "10.1.2.0", "0.0.0.3", "10.1.2.3", "10.1.2.1",
			"10.1.2.2", "2", "A", "length"},
		{"10.1.2.3/31", "31", "fffffffe", "10.1.2.2", "0.0.0.1", "null", "10.1.2.2",
			"10.1.2.3", "2", "A", "length"},
		{"10.1.2.3/32", "32", "ffffffff", "10.1.2.3", "0.0.0.0", "null", "10.1.2.3",
			"10.1.2.3", "1", "A", "length"},
		{"10.1.2.3/0", "0", "00000000", "0.0.0.0", "10.1.2.3", "255.255.255.255", "0.0.0.1",
			"255.255.255.254", "4294967294", "A", "length"},
		{"224.0.0.5/4", "4", "f0000000", "224.0.0.0", "0.0.0.5", "239.255.255.255",
			"224.0.0.1", "239.255.255.254", "268435454", "D", "length"},
		{"240.0.0.1/4", "4", "f0000000", "240.0.0.0", "0.0.0.1", "255.255.255.255",
			"240.0.0.1", "255.255.255.254", "268435454", "E", "length"},
		{"2001:db8::17/64", "64", "ffffffffffffffff0000000000000000", "2001:db8::", "::17",
			"null", "2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff",
			"18446744073709551615", "null", "length"},
		{"2001:db8::17/75", "75", "ffffffffffffffffffe0000000000000", "2001:db8::", "::17",
			"null", "2001:db8::1", "2001:db8::1f:ffff:ffff:ffff", "9007199254740991",
			"null", "length"},
		{"::1/128", "128", "ffffffffffffffffffffffffffffffff", "::1", "::", "null", "::1",
			"::1", "1", "null", "length"},
		{"::1/127", "127", "fffffffffffffffffffffffffffffffe", "::", "::1", "null",
			"::", "::1", "2", "null", "length"},
	};
	struct asked asked;
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		ask(&asked, &cmd_mask, cases[i][0]);
		if (asked.exit != SDR_EXIT_YES)
			fail_msg("%s: %s", cases[i][0], asked.error.text);
		assert_int_equal(asked.count, 1);
		for (size_t k = 0; k < COUNT(keys); k++)
			assert_string_equal(value_of(&asked, 0, keys[k]), cases[i][k + 1]);
		forget(&asked);
	}
}

/* 2^53 is the last that is a number; 2^54 is text. */
static void test_mask_large_counts(void **state)
{
	struct asked asked;
	(void)state;
	ask(&asked, &cmd_mask, "::/75");
	assert_int_equal(sdr_item_find(sdr_sheet_view(asked.sheets[0]), "usable_hosts")->kind,
		SDR_ITEM_INTEGER);
	forget(&asked);
	ask(&asked, &cmd_mask, "::/74");
	assert_int_equal(sdr_item_find(sdr_sheet_view(asked.sheets[0]), "usable_hosts")->kind,
		SDR_ITEM_TEXT);
	assert_string_equal(value_of(&asked, 0, "usable_hosts"), "18014398509481983");
	forget(&asked);
}

/* Row KA7: what is no address's, what is all, what is a mask itself. */
static void test_KA7_what_an_address_is(void **state)
{
	static const struct {
		const char *word, *key, *value;
	} cases[] = {{"::", "scope", "none"}, {"0.0.0.0", "scope", "none"},
		{"::1", "scope", "host"}, {"0.0.0.0/0", "kind", "default route"},
		{"::/0", "description", "Default route: all IPv6 addresses"},
		{"2001:db8::/64", "router_anycast", "2001:db8::"},
		{"2001:db8::/64", "first_host", "2001:db8::1"},
		{"2001:db8::/127", "first_host", "2001:db8::"}};
	struct asked asked;
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		ask(&asked, &cmd_ip, cases[i].word);
		assert_int_equal(asked.exit, SDR_EXIT_YES);
		assert_string_equal(value_of(&asked, 0, cases[i].key), cases[i].value);
		forget(&asked);
	}
	ask(&asked, &cmd_mask, "255.255.254.0");
	assert_int_equal(asked.exit, SDR_EXIT_FAIL);
	assert_non_null(strstr(asked.error.text, "a netmask itself, /23"));
	forget(&asked);
}

static void test_mask_refused(void **state)
{
	static const char *const lines[] = {"224.0.0.1", "240.0.0.1", "2001:db8::1", "10.0.0.1/33",
		"10.0.0.1 255.0.255.0", "10.0.0.1/24 255.0.0.0", "10.0.0.1 ::", "::1 255.0.0.0",
		"10.0.0.1 xyz", "10.0.0/8", "10.0.0.1/", "10.0.0.1 33", "::/129", "10.0.0.1/8/8"};
	struct asked asked;
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		ask(&asked, &cmd_mask, lines[i]);
		if (asked.exit != SDR_EXIT_FAIL || asked.count != 0 || asked.error.text[0] == '\0')
			fail_msg("%s was not refused properly", lines[i]);
	}
}

static void test_port(void **state)
{
	struct asked asked;
	(void)state;
	ask(&asked, &cmd_port, "tcp telnet");
	assert_int_equal(asked.exit, SDR_EXIT_YES);
	assert_int_equal(asked.count, 1);
	assert_string_equal(value_of(&asked, 0, "port"), "23");
	assert_string_equal(value_of(&asked, 0, "protocol"), "tcp");
	assert_string_equal(value_of(&asked, 0, "name"), "telnet");
	forget(&asked);
	ask(&asked, &cmd_port, "80");
	assert_true(asked.count >= 2);
	assert_string_equal(value_of(&asked, 0, "name"), "http");
	forget(&asked);
	ask(&asked, &cmd_port, "sctp 80");
	assert_int_equal(asked.count, 1);
	assert_string_equal(value_of(&asked, 0, "source"), "iana");
	forget(&asked);
}

static void test_port_ends(void **state)
{
	static const struct {
		const char *line;
		enum sdr_exit exit;
		const char *reason;
	} cases[] = {
		{"no-such-service", SDR_EXIT_NO, "no-such-service"},
		{"0", SDR_EXIT_NO, "\"0\""},
		{"tcp biff", SDR_EXIT_NO, "but with udp"},
		{"65536", SDR_EXIT_FAIL, "65535"},
		{"icmp 80", SDR_EXIT_FAIL, "tcp, udp, sctp, dccp or ddp"},
	};
	struct asked asked;
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		ask(&asked, &cmd_port, cases[i].line);
		assert_int_equal(asked.exit, cases[i].exit);
		assert_int_equal(asked.count, 0);
		assert_non_null(strstr(asked.error.text, cases[i].reason));
	}
}

static void test_protocol(void **state)
{
	struct asked asked;
	(void)state;
	ask(&asked, &cmd_protocol, "Tcp");
	assert_int_equal(asked.exit, SDR_EXIT_YES);
	assert_int_equal(asked.count, 1);
	assert_string_equal(value_of(&asked, 0, "number"), "6");
	forget(&asked);
	ask(&asked, &cmd_protocol, "253");
	assert_int_equal(asked.count, 1);
	assert_string_equal(value_of(&asked, 0, "name"), "null");
	forget(&asked);
	ask(&asked, &cmd_protocol, "200");
	assert_int_equal(asked.exit, SDR_EXIT_NO);
	ask(&asked, &cmd_protocol, "256");
	assert_int_equal(asked.exit, SDR_EXIT_FAIL);
	ask(&asked, &cmd_protocol, "nonesuch");
	assert_int_equal(asked.exit, SDR_EXIT_NO);
	assert_non_null(strstr(asked.error.text, "nonesuch"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ip),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_mask_large_counts),
		cmocka_unit_test(test_KA7_what_an_address_is),
		cmocka_unit_test(test_mask_refused),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_port_ends),
		cmocka_unit_test(test_protocol),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
