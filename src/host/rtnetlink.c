/* rtnetlink.c - rtnetlink's messages as values: pure over the message. RFC 3549; rtnetlink(7). */
#include "host/rtnetlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static bool fill_addr(struct sdr_addr *addr, int family, const void *bytes, size_t length)
{
	size_t wanted = family == AF_INET ? 4 : 16;
	if (length < wanted)
		return false;
	*addr = (struct sdr_addr){.version = family == AF_INET ? 4 : 6};
	memcpy(addr->bytes, bytes, wanted);
	return true;
}

static bool attr_addr(struct sdr_addr *addr, int family, const struct nlattr *attr)
{
	return fill_addr(addr, family, mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));
}

/* A link-local address means something only on its link. RFC 4007 sec. 6. */
static void set_zone(struct sdr_addr *addr, uint32_t index)
{
	if (addr->version == 6 && addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80)
		addr->scope_id = index;
}

/* Returns the attribute after `attr` (NULL: the first) in bytes[length], or NULL. libmnl's own
 * loops narrow the length that is left. */
static const struct nlattr *next_attr(const void *bytes, size_t length, const struct nlattr *attr)
{
	const struct nlattr *next = attr ? mnl_attr_next(attr) : bytes;
	const char *end = (const char *)bytes + length;
	return (const char *)next <= end && mnl_attr_ok(next, (int)(end - (const char *)next))
		? next
		: NULL;
}

/* The same for a message's attributes, which begin after a header of `size` bytes. */
static const struct nlattr *next_of(
	const struct nlmsghdr *message, size_t size, const struct nlattr *attr)
{
	const char *start = mnl_nlmsg_get_payload_offset(message, size);
	const char *end = (const char *)message + message->nlmsg_len;
	return start < end ? next_attr(start, (size_t)(end - start), attr) : NULL;
}

static uint32_t attr_u32(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) >= sizeof(uint32_t) ? mnl_attr_get_u32(attr) : 0;
}

bool sdr_decode_link(const struct nlmsghdr *message, struct sdr_interface *interface)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr = NULL;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) || info->ifi_family != AF_UNSPEC ||
		info->ifi_index <= 0)
		return false;
	memset(interface, 0, sizeof(*interface));
	interface->index = (uint32_t)info->ifi_index;
	interface->up = (info->ifi_flags & IFF_UP) != 0;
	interface->running = (info->ifi_flags & IFF_RUNNING) != 0;
	interface->loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
	interface->carrier = (info->ifi_flags & IFF_LOWER_UP) != 0;
	while ((attr = next_of(message, sizeof(*info), attr))) {
		size_t length = mnl_attr_get_payload_len(attr);
		int type = mnl_attr_get_type(attr);
		if (type == IFLA_IFNAME && length > 0)
			snprintf(interface->name, sizeof(interface->name), "%.*s", (int)length,
				(const char *)mnl_attr_get_payload(attr));
		else if (type == IFLA_MTU)
			interface->mtu = attr_u32(attr);
		else if (type == IFLA_ADDRESS && (length == 6 || length == 8) &&
			!interface->loopback) {
			memcpy(interface->hardware, mnl_attr_get_payload(attr), length);
			interface->hardware_length = (uint8_t)length;
		}
	}
	return interface->name[0] != '\0';
}

bool sdr_decode_address(const struct nlmsghdr *message, struct sdr_interface_address *address)
{
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr = NULL;
	struct sdr_addr local = {0}, other = {0};
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) ||
		(info->ifa_family != AF_INET && info->ifa_family != AF_INET6))
		return false;
	while ((attr = next_of(message, sizeof(*info), attr))) {
		if (mnl_attr_get_type(attr) == IFA_LOCAL)
			(void)attr_addr(&local, info->ifa_family, attr);
		else if (mnl_attr_get_type(attr) == IFA_ADDRESS)
			(void)attr_addr(&other, info->ifa_family, attr);
	}
	/* IFA_ADDRESS is the peer's on a point-to-point link, where IFA_LOCAL is ours; IPv6 gives
	 * IFA_LOCAL only there. */
	memset(address, 0, sizeof(*address));
	address->index = info->ifa_index;
	address->prefix.addr = local.version != 0 ? local : other;
	address->prefix.length = info->ifa_prefixlen;
	set_zone(&address->prefix.addr, info->ifa_index);
	return address->prefix.addr.version != 0 &&
		info->ifa_prefixlen <= sdr_addr_bits(&address->prefix.addr);
}

/* RTA_VIA: an IPv4 route through an IPv6 router (RFC 5549). */
static void take_via(struct sdr_route *route, const struct nlattr *attr)
{
	const struct rtvia *via = mnl_attr_get_payload(attr);
	size_t length = mnl_attr_get_payload_len(attr);
	if (length > sizeof(*via) &&
		(via->rtvia_family == AF_INET || via->rtvia_family == AF_INET6))
		(void)fill_addr(
			&route->via, via->rtvia_family, via->rtvia_addr, length - sizeof(*via));
}

static void take_route_attr(struct sdr_route *route, int family, const struct nlattr *attr);

/* Several next hops: the first stands for all. */
static void take_multipath(struct sdr_route *route, int family, const struct nlattr *nest)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(nest);
	size_t length = mnl_attr_get_payload_len(nest);
	const struct nlattr *attr = NULL;
	if (length < sizeof(*hop) || hop->rtnh_len < sizeof(*hop) || hop->rtnh_len > length)
		return;
	route->index = (uint32_t)hop->rtnh_ifindex;
	while ((attr = next_attr(hop + 1, hop->rtnh_len - sizeof(*hop), attr))) {
		if (mnl_attr_get_type(attr) != RTA_MULTIPATH)
			take_route_attr(route, family, attr);
	}
}

static void take_route_attr(struct sdr_route *route, int family, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case RTA_DST:
		(void)attr_addr(&route->to.addr, family, attr);
		break;
	case RTA_GATEWAY:
		(void)attr_addr(&route->via, family, attr);
		break;
	case RTA_VIA:
		take_via(route, attr);
		break;
	case RTA_PREFSRC:
		(void)attr_addr(&route->source, family, attr);
		break;
	case RTA_OIF:
		route->index = attr_u32(attr);
		break;
	case RTA_PRIORITY:
		route->metric = attr_u32(attr);
		break;
	case RTA_MULTIPATH:
		take_multipath(route, family, attr);
		break;
	}
}

static bool is_kept(const struct rtmsg *info)
{
	bool known = info->rtm_family == AF_INET || info->rtm_family == AF_INET6;
	return known && info->rtm_table == RT_TABLE_MAIN && info->rtm_type == RTN_UNICAST &&
		(info->rtm_flags & RTM_F_CLONED) == 0;
}

bool sdr_decode_route(const struct nlmsghdr *message, struct sdr_route *route)
{
	const struct rtmsg *info = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr = NULL;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) || !is_kept(info))
		return false;
	memset(route, 0, sizeof(*route));
	route->to.addr.version = info->rtm_family == AF_INET ? 4 : 6;
	route->to.length = info->rtm_dst_len;
	while ((attr = next_of(message, sizeof(*info), attr))) {
		take_route_attr(route, info->rtm_family, attr);
	}
	set_zone(&route->via, route->index);
	set_zone(&route->source, route->index);
	return info->rtm_dst_len <= sdr_addr_bits(&route->to.addr);
}

bool sdr_decode_route_choice(const struct nlmsghdr *message, struct sdr_route_choice *choice)
{
	static const enum sdr_route_choice_kind kinds[] = {[RTN_UNICAST] = SDR_ROUTE_CHOICE_UNICAST,
		[RTN_LOCAL] = SDR_ROUTE_CHOICE_LOCAL,
		[RTN_BROADCAST] = SDR_ROUTE_CHOICE_BROADCAST,
		[RTN_ANYCAST] = SDR_ROUTE_CHOICE_ANYCAST,
		[RTN_MULTICAST] = SDR_ROUTE_CHOICE_MULTICAST,
		[RTN_BLACKHOLE] = SDR_ROUTE_CHOICE_BLACKHOLE,
		[RTN_UNREACHABLE] = SDR_ROUTE_CHOICE_UNREACHABLE,
		[RTN_PROHIBIT] = SDR_ROUTE_CHOICE_PROHIBITED};
	const struct rtmsg *info = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr = NULL;
	struct sdr_route route = {0};
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) ||
		(info->rtm_family != AF_INET && info->rtm_family != AF_INET6))
		return false;
	*choice = (struct sdr_route_choice){.kind = info->rtm_type < sizeof(kinds) / sizeof(*kinds)
			? kinds[info->rtm_type]
			: SDR_ROUTE_CHOICE_UNICAST,
		.table = info->rtm_table};
	route.to.addr.version = info->rtm_family == AF_INET ? 4 : 6;
	route.to.length = info->rtm_dst_len;
	while ((attr = next_of(message, sizeof(*info), attr))) {
		take_route_attr(&route, info->rtm_family, attr);
		if (mnl_attr_get_type(attr) == RTA_TABLE)
			choice->table = attr_u32(attr);
	}
	set_zone(&route.via, route.index);
	set_zone(&route.source, route.index);
	choice->to = route.to;
	choice->via = route.via;
	choice->source = route.source;
	choice->index = route.index;
	choice->metric = route.metric;
	return info->rtm_dst_len <= sdr_addr_bits(&route.to.addr);
}

/* Both begin with the number: NLMSG_DONE carries what a dump that had begun failed with. */
int sdr_decode_end(const struct nlmsghdr *message)
{
	int number = 0;
	bool done = message->nlmsg_type == NLMSG_DONE;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(number))
		return done ? 0 : -EPROTO;
	memcpy(&number, mnl_nlmsg_get_payload(message), sizeof(number));
	return number > 0 && done ? 0 : number;
}
