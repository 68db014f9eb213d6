/* path_mtu.c - the search for a path's MTU beside its rounds: one probe at a time, outside of all
 * figures. */
#include <errno.h>

#include "probe/path.h"
#include "probe/path_flows.h"
#include "probe/path_mtu.h"
#include "probe/ping_cause.h"

#define WAIT_MIN (80 * SDR_MS) /* for an answer */
#define WAIT_MAX (500 * SDR_MS)
#define HEADER_FOUR 28 /* of IP, and of ICMP or UDP */
#define HEADER_SIX 48

/* Returns what the link that packets leave by carries, not what the kernel remembers of paths; 0:
 * that could not be looked up. */
static uint32_t link_mtu(const struct path_target *target)
{
	struct path *path = target->path;
	struct sdr_addr source = target->source.addr;
	const struct sdr_link *link = NULL;
	if (!path->links)
		path->links = sdr_links_new(path->env->loop);
	if (target->source.name[0]) {
		link = sdr_links_named(path->links, target->source.name);
	} else if (source.version != 0 || sdr_ping_source(&target->addr, "", &source)) {
		const struct sdr_own_address *own = sdr_links_own(path->links, &source);
		link = own ? sdr_links_find(path->links, own->public.index) : NULL;
	}
	uint32_t mtu = link ? link->public.mtu : 0;
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

static void begin(struct path_target *target)
{
	uint32_t link = link_mtu(target);
	if (link == 0) {
		target->mtu.phase = PATH_MTU_DONE;
		sdr_path_note_trouble(target, "what the first link carries could not be looked up");
		return;
	}
	path_mtu_begin(&target->mtu, target->addr.version, link, target->traces[0].length);
}

void sdr_path_mtu_step(struct path_target *target, sdr_ns now)
{
	uint32_t size;
	uint8_t ttl;
	if (target->mtu.phase == PATH_MTU_IDLE)
		begin(target);
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
