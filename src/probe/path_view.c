/* path_view.c - what is known of a path, from its counts. */
#include "sounder/path.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "path/rewritten.h"
#include "probe/path.h"
#include "probe/path_names.h"
#include "probe/path_weigh.h"

static const char *const protocol_words[] = {
	[HOP_ICMP] = "icmp", [HOP_UDP] = "udp", [HOP_TCP] = "tcp"};

static const char *const half_rate_words[] = {
	[PATH_HALF_OPEN] = NULL, [PATH_HALF_LIMIT] = "limit", [PATH_HALF_SHARE] = "share"};

static sdr_ns deviation_of(const struct sdr_stats *stats)
{
	return stats->count > 1 ? (sdr_ns)sqrt(stats->m2 / (double)(stats->count - 1)) : 0;
}

/* What was made of probes on their way stands behind what is made of losses. */
static void fill_quoted(const struct path_target *target, struct sdr_path *path)
{
	struct path_quote hops[SDR_PATH_HOPS];
	const struct path_quotes quotes = {hops, path->count, target->public->spec->tos};
	char text[PATH_REWRITTEN_TEXT];
	for (unsigned i = 0; i < path->count; i++) {
		const struct path_record *hop = path_hops_at(&target->hops, (uint8_t)(i + 1));
		const struct hop_quoted *quoted = &hop->quoted;
		hops[i] = (struct path_quote){.quoted = *quoted,
			.exceeded = hop->quoted_exceeded,
			.labelled = hop->label_count > 0};
		path->hops[i].quoted_ttl = quoted->known ? quoted->ttl : -1;
		path->hops[i].quoted_tos = quoted->known ? quoted->tos : -1;
		path->hops[i].nat =
			quoted->nat == HOP_NAT_UNKNOWN ? -1 : quoted->nat == HOP_NAT_SEEN;
	}
	for (unsigned i = 0; i < path->count; i++) {
		char *why = path->hops[i].why;
		size_t used = strlen(why), room = sizeof(path->hops[i].why) - used;
		if (*sdr_path_rewritten(&quotes, i, text))
			snprintf(why + used, room, "%s%s", used > 0 ? "; " : "", text);
	}
}

static void fill_half_rate(const struct path_target *target, struct sdr_path *path)
{
	for (unsigned i = 0; i < path->count; i++) {
		struct sdr_path_hop *hop = &path->hops[i];
		enum path_half_rate found = sdr_path_weigh_half_rate(target, (uint8_t)(i + 1));
		size_t used = strlen(hop->why);
		hop->half_rate = half_rate_words[found];
		if (found != PATH_HALF_OPEN)
			snprintf(hop->why + used, sizeof(hop->why) - used, "%s%s",
				used > 0 ? "; " : "", sdr_path_half_rate_words(found));
	}
}

static void fill_addresses(const struct path_record *record, const struct sdr_as_numbers *numbers,
	struct sdr_path_hop *hop)
{
	struct sdr_as as;
	hop->addrs = record->known;
	hop->addr_count = record->known_count;
	if (record->known_count == 0)
		return;
	hop->addr = record->known[0];
	hop->more = record->known_count - 1u + (record->more > 0);
	if (numbers && sdr_as_numbers_find(numbers, &hop->addr, &as))
		hop->as = as.number;
}

static void fill_hop(
	const struct path_record *record, const struct path_hop *weighed, struct sdr_path_hop *hop)
{
	bool any = record->stats.count > 0;
	*hop = (struct sdr_path_hop){.sent = record->counters.sent,
		.received = record->counters.received,
		.lost = record->counters.lost,
		.path_loss = weighed->path_loss,
		.p50 = any ? sdr_sketch_percentile(&record->sketch, 0.5) : SDR_NS_NONE,
		.p95 = any ? sdr_sketch_percentile(&record->sketch, 0.95) : SDR_NS_NONE,
		.last = record->latest,
		.least = sdr_stats_min(&record->stats),
		.average = sdr_stats_avg(&record->stats),
		.most = sdr_stats_max(&record->stats),
		.deviation = deviation_of(&record->stats),
		.jitter = sdr_stats_jitter(&record->stats),
		.state = sdr_path_state_word(weighed->state)};
	snprintf(hop->why, sizeof(hop->why), "%s", weighed->why);
}

static void fill_loss(const struct path_loss *loss, struct sdr_path *path)
{
	path->loss = loss->percent;
	path->placed = loss->kind == PATH_LOSS_PLACED;
	path->after = loss->after;
	path->by = loss->by;
	snprintf(path->why, sizeof(path->why), "%s", loss->why);
}

static void fill_second(const struct path_target *target, struct sdr_path *path)
{
	if (path->count == 0 || !sdr_path_weigh_has_second(target, (uint8_t)path->count))
		return;
	path->second = protocol_words[target->second.protocol];
	path->second_port = target->second.port;
	path->second_sent = target->second.counts.sent;
	path->second_received = target->second.counts.received;
}

static void weigh(const struct path_target *target, struct sdr_path *path)
{
	struct path_hop hops[SDR_PATH_HOPS];
	struct path_loss loss;
	path->count = sdr_path_weigh(target, hops, &loss);
	for (unsigned i = 0; i < path->count; i++) {
		const struct path_record *record = path_hops_at(&target->hops, (uint8_t)(i + 1));
		fill_hop(record, &hops[i], &path->hops[i]);
		fill_addresses(record, target->numbers, &path->hops[i]);
		const char *name = sdr_path_name(target, &path->hops[i].addr);
		snprintf(path->hops[i].name, sizeof(path->hops[i].name), "%s", name ? name : "");
	}
	fill_half_rate(target, path);
	fill_quoted(target, path);
	fill_loss(&loss, path);
	fill_second(target, path);
}

static void fill_past(const struct path_past *from, struct sdr_path_past *past)
{
	const struct path_past_hop *last =
		from->hops && from->count > 0 ? &from->hops[from->count - 1] : NULL;
	uint32_t ended = last ? last->received + last->lost : 0;
	*past = (struct sdr_path_past){.from = from->from,
		.to = from->to,
		.rounds = from->rounds,
		.hop = from->hop,
		.before = from->before,
		.loss = ended > 0 ? 100.0 * last->lost / ended : NAN,
		.typical = last ? last->typical : SDR_NS_NONE};
}

static unsigned hop_at(const struct path_target *target, const struct sdr_addr *addr)
{
	for (uint8_t ttl = 1; ttl <= target->hops.max; ttl++) {
		const struct path_record *hop = path_hops_at(&target->hops, ttl);
		for (unsigned i = 0; i < hop->known_count; i++)
			if (sdr_addr_same(&hop->known[i], addr))
				return ttl;
	}
	return 0;
}

static void fill_mtu(const struct path_target *target, struct sdr_path *path)
{
	const struct path_mtu *mtu = &target->mtu;
	char by[SDR_ADDR_TEXT];
	if (mtu->phase != PATH_MTU_DONE || mtu->low == 0)
		return;
	path->mtu = mtu->low;
	path->mtu_hole = mtu->vanished;
	path->mtu_hop = mtu->vanished ? mtu->hole_after
		: mtu->by.version     ? hop_at(target, &mtu->by)
				      : 0;
	if (mtu->vanished)
		snprintf(path->mtu_why, sizeof(path->mtu_why),
			"MTU black hole after hop %u: packets above %u bytes vanish", path->mtu_hop,
			path->mtu);
	else if (mtu->reported)
		snprintf(path->mtu_why, sizeof(path->mtu_why), "MTU %u behind hop %u, told by %s",
			path->mtu, path->mtu_hop, sdr_addr_format(by, &mtu->by));
	else if (mtu->by.version)
		snprintf(path->mtu_why, sizeof(path->mtu_why),
			"MTU %u behind hop %u; %s named other sizes", path->mtu, path->mtu_hop,
			sdr_addr_format(by, &mtu->by));
	else
		snprintf(path->mtu_why, sizeof(path->mtu_why), "MTU %u", path->mtu);
}

bool sdr_path_view(const struct sdr_target *target, struct sdr_path *path)
{
	const struct path_own *own =
		strcmp(target->spec->type->name, "path") == 0 ? sdr_target_state(target) : NULL;
	const struct path_target *of = own ? own->own : NULL;
	if (!of)
		return false;
	memset(path, 0, sizeof(*path));
	path->protocol = protocol_words[of->protocol];
	path->reached = of->ever_reached;
	path->flows = of->flow_count;
	path->round = of->round - of->before;
	path->epoch = of->hops.epoch;
	path->since = of->hops.since;
	weigh(of, path);
	if (of->loop_from != 0)
		snprintf(path->why, sizeof(path->why),
			"a loop: hops %u to %u pass packets round and round", of->loop_from,
			of->loop_to);
	fill_mtu(of, path);
	for (uint32_t epoch = path->epoch; epoch-- > 1 && path->past_count < SDR_PATH_PAST;)
		fill_past(&of->hops.past[epoch % PATH_EPOCHS], &path->past[path->past_count++]);
	return true;
}

static void fill_past_hop(const struct path_past_hop *from, struct sdr_path_hop *hop)
{
	*hop = (struct sdr_path_hop){.addr = from->addr,
		.more = from->more,
		.sent = from->received + from->lost,
		.received = from->received,
		.lost = from->lost,
		.path_loss = -1,
		.last = SDR_NS_NONE,
		.least = SDR_NS_NONE,
		.average = SDR_NS_NONE,
		.most = SDR_NS_NONE,
		.deviation = SDR_NS_NONE,
		.p50 = from->typical,
		.p95 = SDR_NS_NONE,
		.jitter = SDR_NS_NONE,
		.state = sdr_path_state_word(from->addr.version ? PATH_OK : PATH_SILENT),
		.quoted_ttl = -1,
		.quoted_tos = -1,
		.nat = -1};
}

bool sdr_path_view_past(const struct sdr_target *target, unsigned back, struct sdr_path *path)
{
	if (!sdr_path_view(target, path) || back == 0 || back > path->past_count)
		return false;
	const struct path_own *own = sdr_target_state(target);
	const struct path_past *past = &own->own->hops.past[(path->epoch - back) % PATH_EPOCHS];
	if (!past->hops)
		return false;
	path->epoch -= back;
	path->since = past->from;
	path->until = past->to;
	path->round = past->rounds;
	path->loss = -1;
	path->placed = false;
	path->second = NULL;
	path->why[0] = path->mtu_why[0] = '\0';
	path->mtu = 0;
	path->mtu_hole = false;
	path->count = past->count;
	for (unsigned i = 0; i < past->count; i++)
		fill_past_hop(&past->hops[i], &path->hops[i]);
	if (past->hop >= 1 && past->hop <= past->count)
		snprintf(path->hops[past->hop - 1].why, sizeof(path->hops->why),
			"another router since then");
	return true;
}
