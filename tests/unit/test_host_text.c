/* test_host_text.c - the gate in front of DNS and the wire: what passes. What does not is in tests/interop/no_host.tsv. Row KH5. */
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
	static const char *const hosts[] = {"db1", "db1.example", "db1.example.", "_dmarc.example", "a-b.example", "r3---sn-x.example",
		"x-.example", "127.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%lo", "1and1.example", "3com", "123.example", "0x7f.example",
		"xn--bcher-kva.example", "m\xc3\xbcnchen.example", "\xe4\xbe\x8b\xe5\xad\x90.test", "a.b.c.d.e.f.g", "DB1.Example"};
	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		struct sdr_error error = {0};
		if (sdr_host_check(hosts[i], &error) != SDR_OK)
			fail_msg("%s", error.text);
	}
}

/* RFC 2181 sec. 11: any byte may stand in a name, written as RFC 1035 sec. 5.1 has it. */
static void test_names_that_pass(void **state)
{
	static const char *const names[] = {"db1.example", ".", "*.example", "_sip._tcp.example", "0/25.2.0.192.in-addr.arpa",
		"a\\.b.example", "a\\032b.example", "10.0.0.1", "::1", "x,y", "a=b", "-a"};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sdr_error error = {0};
		if (sdr_domain_check(names[i], &error) != SDR_OK)
			fail_msg("%s", error.text);
	}
}

static void test_KH5_mapped_addresses_are_IPv4(void **state)
{
	static const char *const cases[][2] = {{"::ffff:10.77.0.2", "10.77.0.2"}, {"::10.0.0.1", "::a00:1"}, {"::1", "::1"},
		{"10.0.0.1", "10.0.0.1"}, {"64:ff9b::1.2.3.4", "64:ff9b::102:304"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
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
	assert_true(sdr_host_ends_in_number("a.1") && sdr_host_ends_in_number("a.0x") && sdr_host_ends_in_number("1.2.3.4.") &&
		sdr_host_ends_in_number("7"));
	assert_false(sdr_host_ends_in_number("1.a") || sdr_host_ends_in_number("") || sdr_host_ends_in_number(".") ||
		sdr_host_ends_in_number("a.0xg") || sdr_host_ends_in_number("a1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_hosts_that_pass), cmocka_unit_test(test_names_that_pass),
		cmocka_unit_test(test_KH5_mapped_addresses_are_IPv4), cmocka_unit_test(test_numbers_at_the_end)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
