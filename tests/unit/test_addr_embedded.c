/* test_addr_embedded.c - what an address carries within itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/given.h"
#include "sounder/addr_embedded.h"

static void finds_ipv4_within(void **state)
{
	static const struct {
		const char *text, *by, *within;
	} cases[] = {
		{"::ffff:1.2.3.4", "IPv4-mapped", "1.2.3.4"},
		{"::ffff:0:1.2.3.4", "IPv4-translated", "1.2.3.4"},
		{"2002:c000:204::1", "6to4", "192.0.2.4"},
		{"2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo", "192.0.2.45"},
		{"64:ff9b::192.0.2.33", "NAT64", "192.0.2.33"},
		{"fe80::5efe:192.0.2.1", "ISATAP", "192.0.2.1"},
		{"2001:db8::200:5efe:1.2.3.4", "ISATAP", "1.2.3.4"},
		{"::1.2.3.4", "IPv4-compatible (deprecated)", "1.2.3.4"},
		{"::1", NULL, NULL},
		{"::", NULL, NULL},
		{"2001:db8::1", NULL, NULL},
		{"64:ff9b:1::1", NULL, NULL},
		{"1.2.3.4", NULL, NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sdr_addr addr = addr_of(cases[i].text);
		struct sdr_embedded embedded;
		char text[SDR_ADDR_TEXT];
		assert_int_equal(sdr_addr_embedded_ipv4(&addr, &embedded), cases[i].by != NULL);
		if (!cases[i].by)
			continue;
		assert_string_equal(embedded.by, cases[i].by);
		assert_string_equal(sdr_addr_format(text, &embedded.addr), cases[i].within);
	}
	struct sdr_addr teredo = addr_of(cases[3].text);
	struct sdr_embedded embedded;
	char text[SDR_ADDR_TEXT];
	assert_true(sdr_addr_embedded_ipv4(&teredo, &embedded));
	assert_int_equal(embedded.port, 40000); /* RFC 4380 sec. 4's example */
	assert_string_equal(sdr_addr_format(text, &embedded.server), "65.54.227.120");
}

static void names_scopes(void **state)
{
	static const char *const cases[][2] = {{"127.0.0.1", "host"}, {"::1", "host"},
		{"169.254.1.1", "link-local"}, {"10.0.0.1", "global"}, {"224.0.0.5", "link-local"},
		{"224.0.1.1", "global"}, {"239.255.1.1", "local (administrative)"},
		{"239.192.0.1", "organization-local"}, {"239.1.1.1", "administrative"},
		{"fe80::1", "link-local"}, {"fec0::1", "site-local"}, {"fd00::1", "global"},
		{"ff01::1", "interface-local"}, {"ff02::1", "link-local"},
		{"ff03::1", "realm-local"}, {"ff05::2", "site-local"},
		{"ff08::1", "organization-local"}, {"ff0e::1", "global"}, {"ff06::1", "unassigned"},
		{"ff0f::1", "reserved"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sdr_addr addr = addr_of(cases[i][0]);
		assert_string_equal(sdr_addr_scope(&addr), cases[i][1]);
	}
}

static void finds_hardware_and_groups(void **state)
{
	struct sdr_addr addr = addr_of("fe80::211:22ff:fe33:4455"), group;
	const uint8_t wanted[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};
	uint8_t hardware[6];
	char text[SDR_ADDR_TEXT];
	(void)state;
	assert_true(sdr_addr_embedded_eui48(&addr, hardware));
	assert_memory_equal(hardware, wanted, 6);
	assert_true(sdr_addr_solicited_node(&addr, &group));
	assert_string_equal(sdr_addr_format(text, &group), "ff02::1:ff33:4455");
	addr = addr_of("ff02::1:ff33:4455");
	assert_false(sdr_addr_solicited_node(&addr, &group));
	assert_false(sdr_addr_embedded_eui48(&addr, hardware));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_ipv4_within),
		cmocka_unit_test(names_scopes),
		cmocka_unit_test(finds_hardware_and_groups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
