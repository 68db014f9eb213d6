/* test_address_block.c - what IANA's registries say of an address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/given.h"
#include "sounder/address_block.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void knows_multicast_groups(void **state)
{
	static const char *const cases[][2] = {{"224.0.0.251", "mDNS"}, {"ff02::fb", "mDNS"},
		{"ff05::fb", "mDNS"}, {"224.0.0.200", "Local network control block"},
		{"232.1.1.1", "Source-specific multicast"},
		{"239.192.3.4", "IPv4 organization-local scope"},
		{"ff02::1:ff00:1", "Solicited-node groups"},
		{"ff3e::8000:1", "Source-specific multicast"},
		{"ff3e:40:2001:db8::1", "Unicast-prefix-based groups"},
		{"ff05::2", "All routers of the site"}, {"ff02::1234", NULL}, {"10.0.0.1", NULL}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sdr_addr addr = addr_of(cases[i][0]);
		struct sdr_group group;
		assert_int_equal(sdr_registry_group_find(&addr, &group), cases[i][1] != NULL);
		if (cases[i][1])
			assert_string_equal(group.name, cases[i][1]);
	}
}

/* Each row can be read, and of two rows that overlap the longer comes first. */
static void orders_groups_longest_first(void **state)
{
	struct sdr_group earlier, later;
	(void)state;
	assert_true(sdr_registry_group_at(40, &earlier));
	for (size_t i = 0; sdr_registry_group_at(i, &earlier); i++)
		for (size_t j = i + 1; sdr_registry_group_at(j, &later); j++)
			assert_false(later.prefix.length > earlier.prefix.length &&
				sdr_prefix_contains(&earlier.prefix, &later.prefix.addr));
}

static void test_blocks(void **state)
{
	/* address, kind, special prefix or "", holder or "" */
	static const char *const cases[][4] = {
		{"10.1.2.3", "Private-Use", "10.0.0.0/8", "IANA - Private Use"},
		{"0.0.0.0", "This host on this network", "0.0.0.0/32",
			"IANA - Local Identification"},
		{"0.0.0.1", "This network", "0.0.0.0/8", "IANA - Local Identification"},
		{"192.0.0.1", "IPv4 Service Continuity Prefix", "192.0.0.0/29",
			"Administered by ARIN"},
		{"255.255.255.255", "Limited Broadcast", "255.255.255.255/32", "Future use"},
		{"224.0.0.1", "Multicast", "", "Multicast"},
		{"8.8.8.8", "Global Unicast", "", "Administered by ARIN"},
		{"::1", "Loopback Address", "::1/128", ""},
		{"2001:db8::1", "Documentation", "2001:db8::/32", "APNIC"},
		{"2001:1::2", "Traversal Using Relays around NAT Anycast", "2001:1::2/128", "IANA"},
		{"2a00::1", "Global Unicast", "", "RIPE NCC"},
		{"ff02::1", "Multicast", "", ""},
		{"4000::1", "Unassigned", "", ""},
		{"fe80::1", "Link-Local Unicast", "fe80::/10", ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_addr addr;
		struct sdr_special special;
		struct sdr_holder holder;
		char text[SDR_PREFIX_TEXT];
		assert_int_equal(sdr_addr_parse(cases[i][0], &addr, NULL), SDR_OK);
		assert_string_equal(sdr_registry_kind(&addr), cases[i][1]);
		bool found = sdr_registry_special_find(&addr, &special);
		assert_string_equal(
			found ? sdr_prefix_format(text, &special.prefix) : "", cases[i][2]);
		found = sdr_registry_holder_find(&addr, &holder);
		assert_string_equal(found ? holder.name : "", cases[i][3]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_multicast_groups),
		cmocka_unit_test(orders_groups_longest_first),
		cmocka_unit_test(test_blocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
