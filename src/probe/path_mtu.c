/* path_mtu.c - the search for a path's MTU beside its rounds: one probe at a time, outside of all
 * figures. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "probe/path.h"
#include "probe/ping_cause.h"

#define WAIT_MIN (80 * SDR_MS) /* for an answer */
#define WAIT_MAX (500 * SDR_MS)
#define USUAL 1500
#define HEADER_FOUR 28 /* of IP, and of ICMP or UDP */
#define HEADER_SIX 48

static bool is_at(const struct ifaddrs *entry, const struct sdr_addr *addr)
{
	struct sdr_endpoint its;
	return entry->ifa_addr && sdr_endpoint_from_sockaddr(entry->ifa_addr, &its) == SDR_OK &&
		sdr_addr_same(&its.addr, addr);
}

/* The name of the interface that has an address of this host's. */
static bool find_interface(const struct sdr_addr *addr, char name[static IFNAMSIZ])
{
	struct ifaddrs *list = NULL;
	bool found = false;
	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *at = list; at && !found; at = at->ifa_next) {
		found = is_at(at, addr);
		if (found)
			snprintf(name, IFNAMSIZ, "%s", at->ifa_name);
	}
	freeifaddrs(list);
	return found;
}

/* Returns what the link that packets leave by carries: not what the kernel remembers of paths. */
static uint32_t link_mtu(const struct path_target *target)
{
	struct ifreq request = {0};
	struct sdr_addr source = target->source.addr;
	uint32_t mtu = USUAL;
	if (target->source.name[0])
		snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", target->source.name);
	else if ((source.version == 0 && !sdr_ping_source(&target->addr, "", &source)) ||
		!find_interface(&source, request.ifr_name))
		return mtu;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return mtu;
	if (ioctl(fd, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0)
		mtu = (uint32_t)request.ifr_mtu;
	close(fd);
	return mtu > UINT16_MAX ? UINT16_MAX : mtu;
}

static sdr_ns wait_of(const struct path_target *target)
{
	sdr_ns wait = target->slowest * 3;
	return wait < WAIT_MIN ? WAIT_MIN : wait > WAIT_MAX ? WAIT_MAX : wait;
}

static void send_probe(struct path_target *target, uint32_t size, uint8_t ttl, sdr_ns now)
{
	struct inflight *inflight = &target->path->inflight;
	const struct path_options *options = target->public->spec->options;
	const uint32_t header = target->addr.version == 4 ? HEADER_FOUR : HEADER_SIX;
	const struct hop_tag tag = {.trace = target->key,
		.round = ++target->mtu_probes,
		.ttl = ttl ? ttl : (uint8_t)options->max,
		.mtu = true};
	struct hop_answer local = {.kind = HOP_LOCAL};
	uint32_t index = sdr_inflight_add(
		inflight, target->key, sdr_path_sequence(&tag), now, wait_of(target));
	local.number = index == SDR_INFLIGHT_NONE
		? ENOMEM
		: sdr_path_send_size(target, &tag, (uint16_t)(size - header), true);
	target->mtu_under_way = local.number == 0;
	if (local.number == 0)
		return;
	if (index != SDR_INFLIGHT_NONE)
		sdr_inflight_remove(inflight, index);
	if (local.number == EMSGSIZE)
		path_mtu_answer(&target->mtu, &local);
	else
		path_mtu_lost(&target->mtu);
}

void sdr_path_mtu_step(struct path_target *target, sdr_ns now)
{
	uint32_t size;
	uint8_t ttl;
	if (target->mtu.phase == PATH_MTU_IDLE)
		path_mtu_begin(&target->mtu, target->addr.version, link_mtu(target),
			target->traces[0].length);
	while (!target->mtu_under_way && path_mtu_next(&target->mtu, &size, &ttl))
		send_probe(target, size, ttl, now);
}

void sdr_path_mtu_take(struct path_target *target, const struct hop_answer *answer)
{
	target->mtu_under_way = false;
	if (answer)
		path_mtu_answer(&target->mtu, answer);
	else
		path_mtu_lost(&target->mtu);
	sdr_path_wake(target);
}
