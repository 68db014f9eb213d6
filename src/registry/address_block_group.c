/* address_block_group.c - well-known multicast groups: a small selection of IANA's registries,
 * those that are met on most networks. Longest first. */
#include <string.h>

#include "sounder/registry.h"

struct row {
	const char *prefix;
	bool any_scope; /* ff0X: the scope does not matter */
	const char *name, *rfc;
};

static const struct row rows[] = {
	{"224.0.0.1/32", false, "All systems on this subnet", "RFC 1112"},
	{"224.0.0.2/32", false, "All routers on this subnet", "RFC 1256"},
	{"224.0.0.4/32", false, "DVMRP routers", "RFC 1075"},
	{"224.0.0.5/32", false, "All OSPF routers", "RFC 2328"},
	{"224.0.0.6/32", false, "OSPF designated routers", "RFC 2328"},
	{"224.0.0.9/32", false, "RIP version 2 routers", "RFC 2453"},
	{"224.0.0.10/32", false, "EIGRP routers", "RFC 7868"},
	{"224.0.0.13/32", false, "All PIM routers", "RFC 7761"},
	{"224.0.0.18/32", false, "VRRP", "RFC 5798"},
	{"224.0.0.22/32", false, "IGMP version 3 reports", "RFC 3376"},
	{"224.0.0.251/32", false, "mDNS", "RFC 6762"},
	{"224.0.0.252/32", false, "LLMNR", "RFC 4795"},
	{"224.0.1.1/32", false, "NTP", "RFC 5905"},
	{"224.2.127.254/32", false, "SAP announcements", "RFC 2974"},
	{"224.0.0.0/24", false, "Local network control block", "RFC 5771"},
	{"224.0.1.0/24", false, "Internetwork control block", "RFC 5771"},
	{"239.255.0.0/16", false, "IPv4 local scope", "RFC 2365"},
	{"239.192.0.0/14", false, "IPv4 organization-local scope", "RFC 2365"},
	{"232.0.0.0/8", false, "Source-specific multicast", "RFC 4607"},
	{"233.0.0.0/8", false, "GLOP block", "RFC 3180"},
	{"234.0.0.0/8", false, "Unicast-prefix-based groups", "RFC 6034"},
	{"239.0.0.0/8", false, "Administratively scoped", "RFC 2365"},
	{"ff01::1/128", false, "All nodes of the interface", "RFC 4291"},
	{"ff02::1/128", false, "All nodes of the link", "RFC 4291"},
	{"ff01::2/128", false, "All routers of the interface", "RFC 4291"},
	{"ff02::2/128", false, "All routers of the link", "RFC 4291"},
	{"ff05::2/128", false, "All routers of the site", "RFC 4291"},
	{"ff02::5/128", false, "All OSPF routers", "RFC 5340"},
	{"ff02::6/128", false, "OSPF designated routers", "RFC 5340"},
	{"ff02::9/128", false, "RIPng routers", "RFC 2080"},
	{"ff02::a/128", false, "EIGRP routers", "RFC 7868"},
	{"ff02::d/128", false, "All PIM routers", "RFC 7761"},
	{"ff02::12/128", false, "VRRP", "RFC 5798"},
	{"ff02::16/128", false, "MLD version 2 reports", "RFC 3810"},
	{"ff02::1a/128", false, "All RPL nodes", "RFC 6550"},
	{"ff02::1:2/128", false, "All DHCP relay agents and servers", "RFC 8415"},
	{"ff05::1:3/128", false, "All DHCP servers", "RFC 8415"},
	{"ff02::1:3/128", false, "LLMNR", "RFC 4795"},
	{"ff00::fb/128", true, "mDNS", "RFC 6762"},
	{"ff00::101/128", true, "NTP", "RFC 5905"},
	{"ff02::1:ff00:0/104", false, "Solicited-node groups", "RFC 4291"},
	{"ff30::/32", true, "Source-specific multicast", "RFC 4607"},
	{"ff30::/12", true, "Unicast-prefix-based groups", "RFC 3306"},
	{"ff70::/12", true, "Groups with an embedded rendezvous point", "RFC 3956"},
};

bool sdr_registry_group_at(size_t index, struct sdr_group *group)
{
	if (index >= sizeof(rows) / sizeof(rows[0]) ||
		sdr_prefix_parse(rows[index].prefix, &group->prefix, NULL) != SDR_OK)
		return false;
	group->name = rows[index].name;
	group->rfc = rows[index].rfc;
	return true;
}

bool sdr_registry_group_find(const struct sdr_addr *addr, struct sdr_group *group)
{
	struct sdr_group row;
	if (!sdr_addr_is_multicast(addr))
		return false;
	for (size_t i = 0; sdr_registry_group_at(i, &row); i++) {
		struct sdr_addr asked = *addr;
		if (rows[i].any_scope && addr->version == 6)
			asked.bytes[1] &= 0xf0;
		if (!sdr_prefix_contains(&row.prefix, &asked))
			continue;
		*group = row;
		return true;
	}
	return false;
}
