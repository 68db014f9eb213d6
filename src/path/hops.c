/* hops.c - addresses, counts and round trips by hop; epochs. */
#include "path/hops.h"

#include <stdlib.h>
#include <string.h>

#define CHANGE_ROUNDS 3 /* in a row that only newcomers answered in, at the least */
/* By a balancer that sends half the probes each way, so long a row of one after so long a row of
 * the other is once in 2^(9 - 1) rows. */
#define CHANGE_ANSWERS 9

enum sdr_status path_hops_init(struct path_hops *hops, uint8_t max)
{
	*hops = (struct path_hops){.max = max, .epoch = 1, .first_round = 1};
	hops->list = calloc(max, sizeof(*hops->list));
	return hops->list ? SDR_OK : SDR_ENOMEM;
}

void path_hops_done(struct path_hops *hops)
{
	for (unsigned i = 0; i < PATH_EPOCHS; i++)
		free(hops->past[i].hops);
	free(hops->list);
	*hops = (struct path_hops){0};
}

struct path_record *path_hops_at(const struct path_hops *hops, uint8_t ttl)
{
	return &hops->list[ttl - 1];
}

/* ---- addresses ---- */

static bool holds(const struct sdr_addr *list, unsigned count, const struct sdr_addr *addr)
{
	for (unsigned i = 0; i < count; i++)
		if (sdr_addr_same(&list[i], addr))
			return true;
	return false;
}

static void know(struct path_record *hop, const struct sdr_addr *addr)
{
	if (hop->known_count < PATH_ADDRESSES)
		hop->known[hop->known_count++] = *addr;
	else if (hop->more < UINT16_MAX)
		hop->more++;
}

static void drop_newcomers(struct path_record *hop)
{
	hop->new_count = 0;
	hop->new_rounds = 0;
}

/* One of the old ones is there as well: they stand beside each other. */
static void accept_newcomers(struct path_record *hop)
{
	for (unsigned i = 0; i < hop->new_count; i++)
		know(hop, &hop->newer[i]);
	drop_newcomers(hop);
}

static void note_newcomer(struct path_record *hop, const struct sdr_addr *from, uint32_t round)
{
	if (!holds(hop->newer, hop->new_count, from) && hop->new_count < PATH_NEWCOMERS)
		hop->newer[hop->new_count++] = *from;
	if (round == hop->new_round && hop->new_rounds > 0)
		return;
	hop->new_round = round;
	hop->new_rounds++;
}

static bool is_change(const struct path_record *hop)
{
	return hop->new_rounds >= CHANGE_ROUNDS &&
		hop->new_rounds + (uint64_t)hop->steady >= CHANGE_ANSWERS;
}

/* ---- epochs ---- */

static sdr_ns typical(const struct path_record *hop)
{
	return hop->stats.count > 0 ? sdr_sketch_percentile(&hop->sketch, 0.5) : SDR_NS_NONE;
}

static void put_away(struct path_hops *hops, uint8_t count, uint32_t round, sdr_wall when)
{
	struct path_past *past = &hops->past[hops->epoch % PATH_EPOCHS];
	free(past->hops);
	*past = (struct path_past){.from = hops->since,
		.to = when,
		.rounds = round - hops->first_round,
		.count = count,
		.hops = calloc(count ? count : 1, sizeof(*past->hops))};
	for (unsigned i = 0; past->hops && i < count; i++) {
		const struct path_record *hop = &hops->list[i];
		past->hops[i] = (struct path_past_hop){.addr = hop->known[0],
			.more = hop->known_count > 1 ? (uint8_t)(hop->known_count - 1) : 0,
			.received = (uint32_t)hop->counters.received,
			.lost = (uint32_t)hop->counters.lost,
			.typical = typical(hop)};
	}
}

/* What stays of a hop in the next epoch: who is there. */
static void begin_again(struct path_record *hop, bool another)
{
	struct path_record next = {.latest = SDR_NS_NONE};
	const struct sdr_addr *from = another ? hop->newer : hop->known;
	next.known_count = another ? hop->new_count : hop->known_count;
	memcpy(next.known, from, next.known_count * sizeof(*from));
	*hop = next;
}

static void begin_epoch(struct path_hops *hops, const struct hop_answer *answer, sdr_wall when,
	struct path_change *change)
{
	uint32_t begun = answer->tag.round - path_hops_at(hops, answer->tag.ttl)->new_rounds + 1;
	uint8_t count = 0;
	*change = (struct path_change){.ttl = 0};
	for (uint8_t i = 0; i < hops->max; i++)
		count = hops->list[i].known_count > 0 ? (uint8_t)(i + 1) : count;
	put_away(hops, count, begun, when);
	for (uint8_t i = 0; i < hops->max; i++) {
		struct path_record *hop = &hops->list[i];
		/* Others of the same change are as far, or one round behind. */
		bool another = hop->new_rounds + 1 >= CHANGE_ROUNDS;
		if (another && change->ttl == 0) {
			change->ttl = (uint8_t)(i + 1);
			change->before = hop->known[0];
			change->now = hop->newer[0];
		}
		change->hops |= (uint64_t)another << i;
		begin_again(hop, another);
	}
	hops->past[hops->epoch % PATH_EPOCHS].hop = change->ttl;
	hops->past[hops->epoch % PATH_EPOCHS].before = change->before;
	hops->epoch++;
	hops->first_round = begun;
	hops->since = when;
}

/* ---- answers ---- */

static void count_answer(struct path_record *hop, const struct hop_answer *answer)
{
	uint64_t before = hop->stats.count;
	hop->counters.received++;
	hop->latest = answer->rtt;
	sdr_stats_add(&hop->stats, answer->rtt);
	sdr_sketch_add(&hop->sketch, before, sdr_code_of(answer->rtt));
}

bool path_hops_answer(struct path_hops *hops, const struct hop_answer *answer, sdr_wall when,
	struct path_change *change)
{
	struct path_record *hop = path_hops_at(hops, answer->tag.ttl);
	bool changed = false;
	if (path_round_is_earlier(answer->tag.round, hops->from_round))
		return false;
	if (hops->since == 0)
		hops->since = when;
	if (hop->known_count == 0) {
		know(hop, &answer->from);
	} else if (!holds(hop->known, hop->known_count, &answer->from)) {
		note_newcomer(hop, &answer->from, answer->tag.round);
		changed = is_change(hop);
	} else if (hop->new_count > 0 &&
		!path_round_is_earlier(answer->tag.round, hop->new_round)) {
		accept_newcomers(hop);
	}
	if (changed)
		begin_epoch(hops, answer, when, change);
	if (hop->new_count == 0)
		hop->steady++;
	count_answer(hop, answer);
	return changed;
}

void path_hops_sent(struct path_hops *hops, uint8_t ttl, uint32_t round)
{
	if (!path_round_is_earlier(round, hops->from_round))
		path_hops_at(hops, ttl)->counters.sent++;
}

void path_hops_unsent(struct path_hops *hops, uint8_t ttl, uint32_t round)
{
	struct path_counters *counters = &path_hops_at(hops, ttl)->counters;
	if (!path_round_is_earlier(round, hops->from_round) && counters->sent > 0)
		counters->sent--;
}

void path_hops_lost(struct path_hops *hops, uint8_t ttl, uint32_t round)
{
	struct path_counters *counters = &path_hops_at(hops, ttl)->counters;
	if (path_round_is_earlier(round, hops->first_round) ||
		path_round_is_earlier(round, hops->from_round))
		return; /* it belongs to the path that was */
	counters->lost++;
	counters->bursts +=
		counters->lost_round == 0 || path_round_is_earlier(counters->lost_round + 1, round);
	counters->lost_round = round;
	path_hops_at(hops, ttl)->latest = SDR_NS_NONE;
}

unsigned path_hops_flows(const struct path_hops *hops)
{
	static const uint8_t needed[] = {6, 6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63};
	unsigned most = 0;
	for (unsigned i = 0; i < hops->max; i++)
		if (hops->list[i].known_count > most)
			most = hops->list[i].known_count;
	return most < sizeof(needed) ? needed[most] : 64;
}

/* Whether each of `period` hops up to `ttl` is the router of `period` hops before. */
static bool repeats(const struct path_hops *hops, unsigned ttl, unsigned period)
{
	for (unsigned i = 0; i < period; i++) {
		const struct path_record *hop = &hops->list[ttl - 1 - i],
					 *before = &hops->list[ttl - 1 - i - period];
		if (hop->known_count == 0 || before->known_count == 0 ||
			!sdr_addr_same(&hop->known[0], &before->known[0]))
			return false;
	}
	return true;
}

uint8_t path_hops_loop(const struct path_hops *hops, uint8_t ttl)
{
	for (unsigned period = 2; period * 2 <= ttl; period++)
		if (repeats(hops, ttl, period) &&
			!sdr_addr_same(
				&hops->list[ttl - 1].known[0], &hops->list[ttl - 2].known[0]))
			return (uint8_t)(ttl - period * 2 + 1);
	return 0;
}

void path_hops_cut(struct path_hops *hops, uint8_t count)
{
	for (unsigned i = count; i < hops->max; i++)
		hops->list[i] = (struct path_record){.latest = SDR_NS_NONE};
}

enum sdr_status path_hops_restart(struct path_hops *hops, uint32_t round, struct path_hops *kept)
{
	struct path_hops next = {.max = hops->max,
		.list = malloc(hops->max * sizeof(*hops->list)),
		.epoch = 1,
		.first_round = round + 1,
		.from_round = round + 1};
	enum sdr_status status = next.list ? SDR_OK : SDR_ENOMEM;
	*kept = *hops;
	if (next.list) {
		memcpy(next.list, hops->list, hops->max * sizeof(*hops->list));
	} else {
		next.list = kept->list;
		kept->list = NULL;
		path_hops_done(kept);
	}
	*hops = next;
	for (unsigned i = 0; i < hops->max; i++)
		begin_again(&hops->list[i], false);
	return status;
}

/* What was under way at either time is in neither. */
void path_hops_give_back(
	struct path_hops *hops, struct path_hops *kept, uint32_t apart, uint32_t round)
{
	path_hops_done(hops);
	*hops = *kept;
	hops->first_round += apart;
	hops->from_round = round + 1;
	for (unsigned i = 0; i < hops->max; i++) {
		struct path_counters *counters = &hops->list[i].counters;
		counters->sent = counters->received + counters->lost;
		hops->list[i].new_round += apart;
		if (counters->lost_round != 0)
			counters->lost_round += apart;
	}
}

void path_hops_reset(struct path_hops *hops)
{
	path_hops_cut(hops, 0);
	hops->epoch = 1;
	hops->since = 0;
}
