/* test_host_text.c - the gate in front of DNS and the wire: what passes. What does not is in
 * tests/interop/no_host.tsv. Row KH5. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <string.h>

#include "sounder/addr.h"

static void test_hosts_that_pass(void **state)
{
	static const char *const hosts[] = {"db1", "db1.example", "db1.example.", "_dmarc.example",
		"a-b.example", "r3---sn-x.example", "x-.example", "127.0.0.1", "::1",
		"::ffff:10.0.0.1", "fe80::1%lo", "1and1.example", "3com", "123.example",
		"0x7f.example", "xn--bcher-kva.example", "m\xc3\xbcnchen.example",
		"\xe4\xbe\x8b\xe5\xad\x90.test", "a.b.c.d.e.f.g", "DB1.Example"};
	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct sdr_error error = {0};
		if (sdr_host_check(hosts[i], &error) != SDR_OK)
			fail_msg("%s", error.text);
	}
}

/* RFC 2181 sec. 11: any byte may stand in a name, written as RFC 1035 sec. 5.1 has it. */
static void test_names_that_pass(void **state)
{
	static const char *const names[] = {"db1.example", ".", "*.example", "_sip._tcp.example",
		"0/25.2.0.192.in-addr.arpa", "a\\.b.example", "a\\032b.example", "10.0.0.1", "::1",
		"x,y", "a=b", "-a"};
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct sdr_error error = {0};
		if (sdr_domain_check(names[i], &error) != SDR_OK)
			fail_msg("%s", error.text);
	}
}

/* What is refused, and by which reason: the right one where several would do. */
static void test_the_reason_is_the_reason(void **state)
{
	static const struct {
		const char *host, *why,
			*name_why; /* as a host, as a name of any kind; NULL: passes */
	} cases[] = {
		{"db1:53", "before a port", "before a port"},
		{"beef:80", "before a port", "before a port"},
		{"::1.", "a dot at its end", "a dot at its end"},
		{"0x", "hexadecimal", "hexadecimal"},
		{"\xef\xbc\x91.0.0.1", "other digits", "other digits"},
		{"\xe2\x91\xa0.0.0.1", "other digits", "other digits"},
		{"\xe2\x80\x8b"
		 "10.0.0.1",
			"U+200B", "U+200B"},
		{"db1.7", "ends in a number", NULL},
		{"fe80::1%nope", "no interface nope", "no interface nope"},
		{"::/0", "a slash", "is a network"},
		{"10/8", "a slash", "is a network"},
		{"10.0.0.0/255.0.0.0", "a slash", "is a network"},
		{"10.0.0.0/99", "a slash", "is a network"},
		{"0/25.2.0.192.in-addr.arpa", "a slash", NULL},
		{"\\300", "a backslash", "three digits"},
		{"\\25", "a backslash", "three digits"},
		{"a\\", "a backslash", "nothing behind"},
		{"a\\.b", "a backslash", NULL},
		{"-", "a hyphen", "standard input"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_error host = {0}, name = {0};
		assert_int_equal(sdr_host_check(cases[i].host, &host), SDR_EINVAL);
		if (!strstr(host.text, cases[i].why))
			fail_msg("%s", host.text);
		assert_true(host.offset <= strlen(cases[i].host));
		bool passes = sdr_domain_check(cases[i].host, &name) == SDR_OK;
		if (passes != (cases[i].name_why == NULL) ||
			(!passes && !strstr(name.text, cases[i].name_why)))
			fail_msg("%s: %s", cases[i].host, name.text);
	}
}

/* RFC 6763 sec. 4.1: the first label of a service's name is what users call it; and what a master
 * file wants escaped in a label with others behind it may stand bare there. Nowhere else, and
 * nothing that a shell would have meant otherwise. */
static void test_blanks_and_signs_in_a_label(void **state)
{
	static const struct {
		const char *name;
		bool passes;
	} rows[] = {{"My Printer._ipp._tcp.example", true}, {"My Printer._ipp._UDP.example", true},
		{"My Printer._ipp._sctp.example", false}, {"My Printer.ipp._tcp.example", false},
		{" Printer._ipp._tcp.example", false}, {"a. b._ipp._tcp.example", false},
		{"My Printer", false}, {"My Printer.", false},
		{"My $Printer._ipp._tcp.example", false}, {"a;b.example", true},
		{"a(b).example", true}, {"a;b", false}, {"a;b.", false}, {";b.example", false},
		{"a.;b.example", false}, {"a;b|c.example", false}, {"a&b.example", false}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_error error = {0};
		bool passes = sdr_domain_check(rows[i].name, &error) == SDR_OK;
		if (passes != rows[i].passes)
			fail_msg("%s: %s", rows[i].name, passes ? "passes" : error.text);
	}
}

static void test_KH5_mapped_addresses_are_IPv4(void **state)
{
	static const char *const cases[][2] = {{"::ffff:10.77.0.2", "10.77.0.2"},
		{"::10.0.0.1", "::a00:1"}, {"::1", "::1"}, {"10.0.0.1", "10.0.0.1"},
		{"64:ff9b::1.2.3.4", "64:ff9b::102:304"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[SDR_ADDR_TEXT];
		struct sdr_addr addr;
		assert_int_equal(sdr_addr_parse(cases[i][0], &addr, NULL), SDR_OK);
		addr = sdr_addr_unmap(&addr);
		assert_string_equal(sdr_addr_format(text, &addr), cases[i][1]);
	}
}

static void test_numbers_at_the_end(void **state)
{
	(void)state;
	assert_true(sdr_host_ends_in_number("a.1") && sdr_host_ends_in_number("a.0x") &&
		sdr_host_ends_in_number("1.2.3.4.") && sdr_host_ends_in_number("7"));
	assert_false(sdr_host_ends_in_number("1.a") || sdr_host_ends_in_number("") ||
		sdr_host_ends_in_number(".") || sdr_host_ends_in_number("a.0xg") ||
		sdr_host_ends_in_number("a1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_hosts_that_pass),
		cmocka_unit_test(test_names_that_pass),
		cmocka_unit_test(test_the_reason_is_the_reason),
		cmocka_unit_test(test_blanks_and_signs_in_a_label),
		cmocka_unit_test(test_KH5_mapped_addresses_are_IPv4),
		cmocka_unit_test(test_numbers_at_the_end)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
