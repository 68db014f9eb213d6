/* target_filter.c - the addresses that stand for many by their form, and first and last address of
 * the networks this host is on. */
#include "probe/target_filter.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#define KEEP SDR_SECOND

/* A fifth of the cost of the clock, a target. */
static sdr_ns coarse_now(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec * SDR_SECOND + now.tv_nsec;
}

static void read_nets(struct target_filter *target_filter)
{
	struct ifaddrs *list;
	target_filter->count = 0;
	target_filter->read_at = coarse_now();
	if (getifaddrs(&list) < 0)
		return;
	for (const struct ifaddrs *at = list; at && target_filter->count < SDR_TARGET_FILTER_NETS;
		at = at->ifa_next) {
		if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET || !at->ifa_netmask ||
			!(at->ifa_flags & IFF_BROADCAST))
			continue;
		struct sdr_prefix net = {.addr = {.version = 4}};
		memcpy(net.addr.bytes, &((const struct sockaddr_in *)at->ifa_addr)->sin_addr, 4);
		net.length = (uint8_t)__builtin_popcount(
			((const struct sockaddr_in *)at->ifa_netmask)->sin_addr.s_addr);
		if (net.length <= 30) /* RFC 3021: a /31 has neither */
			target_filter->nets[target_filter->count++] = net;
	}
	freeifaddrs(list);
}

static const char *local_reason(struct target_filter *target_filter, const struct sdr_addr *addr)
{
	if (target_filter->read_at == 0 || coarse_now() - target_filter->read_at > KEEP)
		read_nets(target_filter);
	for (unsigned i = 0; i < target_filter->count; i++) {
		struct sdr_addr first = sdr_prefix_network(&target_filter->nets[i]),
				last = sdr_prefix_last(&target_filter->nets[i]);
		if (memcmp(addr->bytes, first.bytes, 4) == 0)
			return "the network's own address is no target";
		if (memcmp(addr->bytes, last.bytes, 4) == 0)
			return "the network's broadcast address is no target: many would answer";
	}
	return NULL;
}

const char *sdr_target_filter_reason(
	struct target_filter *target_filter, const struct sdr_addr *addr)
{
	static const uint8_t broadcast[4] = {255, 255, 255, 255};
	if (sdr_addr_is_any(addr))
		return "the unspecified address is no target";
	if (sdr_addr_is_multicast(addr))
		return "a multicast address is no target: many would answer";
	if (addr->version != 4)
		return NULL;
	if (memcmp(addr->bytes, broadcast, sizeof(broadcast)) == 0)
		return "the broadcast address is no target: many would answer";
	if (addr->bytes[0] == 0 || addr->bytes[0] >= 240)
		return "addresses of 0.0.0.0/8 and 240.0.0.0/4 are no targets";
	return local_reason(target_filter, addr);
}
