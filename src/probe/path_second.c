/* path_second.c - when a second protocol is asked, and what its answers count. */
#include "probe/path_second.h"

#include "probe/path.h"
#include "probe/path_flows.h"
#include "probe/path_weigh.h"

#define LOST_LEAST 2 /* fewer are no loss: see loss.c */

/* Where it is known where loss begins, the target is not asked; where it was to know that, it goes
 * on being asked, for as long as there is loss. */
static bool is_wanted(const struct path_target *target, uint8_t ttl)
{
	const struct path_options *options = target->public->spec->options;
	struct path_loss loss;
	if (options->second == 0 || ttl == 0 ||
		path_hops_at(&target->hops, ttl)->counters.lost < LOST_LEAST)
		return false;
	sdr_path_weigh(target, NULL, &loss);
	return loss.kind == PATH_LOSS_TARGET || loss.kind == PATH_LOSS_UNDECIDED ||
		(loss.kind == PATH_LOSS_NONE && loss.target == PATH_LIMITS) ||
		(loss.kind == PATH_LOSS_PLACED && target->second.counts.sent > 0);
}

void sdr_path_second_forget(struct path_target *target)
{
	target->second.counts = (struct path_counts){0};
	target->second.first = target->second.probes + 1;
}

/* What it is asked by. */
static void choose(struct path_target *target)
{
	struct path_second *second = &target->second;
	const struct path_options *options = target->public->spec->options;
	struct hop_socket *socket;
	second->protocol = HOP_TCP;
	second->port = (uint16_t)options->second;
	if (target->protocol != HOP_TCP)
		return;
	second->protocol = HOP_ICMP;
	second->port = 0;
	if (sdr_path_socket(target->path, HOP_ICMP, target->addr.version, 0, &socket) == 0)
		return;
	second->protocol = HOP_UDP;
	second->port = PATH_UDP_PORT;
}

static void begin(struct path_target *target, uint8_t ttl)
{
	struct path_second *second = &target->second;
	sdr_path_second_forget(target);
	choose(target);
	second->ttl = ttl;
	second->epoch = target->hops.epoch;
	second->round = target->round;
	second->sent_before = path_hops_at(&target->hops, ttl)->counters.sent;
	second->beside = (struct path_counts){0};
}

void sdr_path_second_note(struct path_target *target, const struct hop_tag *tag, bool answered)
{
	struct path_second *second = &target->second;
	if (tag->ttl != second->ttl || path_round_is_earlier(tag->round, second->round))
		return;
	sdr_path_count(&second->beside, answered);
}

/* A SYN is given up before the kernel sends another. */
static sdr_ns wait_of(const struct path_target *target)
{
	sdr_ns timeout = target->public->spec->timeout;
	bool serial = target->second.protocol == HOP_TCP && timeout > PATH_SERIAL_MAX;
	return serial ? PATH_SERIAL_MAX : timeout;
}

static struct hop_tag tag_of(const struct path_target *target, uint32_t number)
{
	return (struct hop_tag){
		.trace = target->key, .round = number, .ttl = PATH_TTL_MAX, .second = true};
}

void sdr_path_second_step(struct path_target *target, sdr_ns now)
{
	struct path_second *second = &target->second;
	struct inflight *inflight = &target->path->inflight;
	uint8_t ttl = sdr_path_hops(target);
	if (second->under_way)
		return;
	if (!is_wanted(target, ttl)) {
		if (second->counts.sent > 0)
			sdr_path_second_forget(target);
		return;
	}
	if (!sdr_path_weigh_has_second(target, ttl))
		begin(target, ttl);
	const struct hop_tag tag = tag_of(target, ++second->probes);
	uint32_t index = sdr_inflight_add(
		inflight, target->key, sdr_path_sequence(&tag), now, wait_of(target));
	if (index == SDR_INFLIGHT_NONE)
		return;
	second->under_way = sdr_path_send_second(target, &tag) == 0;
	second->refused = !second->under_way;
	if (second->refused)
		sdr_inflight_remove(inflight, index);
}

/* A router's word, or this host's, shows neither that the target answers nor that it does not. */
void sdr_path_second_take(
	struct path_target *target, const struct hop_tag *tag, const struct hop_answer *answer)
{
	struct path_second *second = &target->second;
	const struct hop_tag sent = tag_of(target, tag->round);
	bool answered = answer &&
		(answer->kind == HOP_REACHED || sdr_addr_same(&answer->from, &target->addr));
	second->under_way = false;
	if (!answer)
		sdr_path_forget(target, &sent);
	second->connect = NULL;
	if (tag->round < second->first)
		return;
	second->refused = answer && !answered;
	if (second->refused)
		return;
	sdr_path_count(&second->counts, answered);
}
