/* path_half_rate.c - when a router is asked half as often. At first a limit lets a burst through,
 * so the full rate is counted once that is over, and the half rate right behind it. */
#include "probe/path_half_rate.h"

#include <string.h>

#include "probe/path.h"
#include "probe/path_weigh.h"
#include "sounder/path.h"

#define ROUNDS_FULL 30 /* that are counted at the full rate at least, after as many that are not */
#define ANSWERS 40     /* that are waited for there, and losses: few decide little, */
#define LOSSES 8
#define ROUNDS_PATIENT 600 /* no longer than this */
#define ROUNDS_HALF 30     /* at least, at half the rate */
#define ROUNDS_LOOK 15     /* from one look to the next: each takes a tenth of a millisecond */
#define ROUNDS_MOST 1200
#define LOST_PERCENT 10 /* of what loses less, twice the share shows too little */

/* Probes that were sent since then, those under way included. */
static uint64_t sent_since(const struct path_target *target)
{
	const struct path_half *half = &target->half;
	uint64_t sent = path_hops_at(&target->hops, half->ttl)->counters.sent;
	return sent > half->sent_before ? sent - half->sent_before : 0;
}

void sdr_path_half_rate_note(struct path_target *target, const struct hop_tag *tag, bool answered)
{
	struct path_half *half = &target->half;
	if (half->ttl == 0 || tag->ttl != half->ttl)
		return;
	if (!path_round_is_earlier(tag->round, half->since))
		sdr_path_count(&half->counts, answered);
	else if (half->halved && !path_round_is_earlier(tag->round, half->full_since))
		sdr_path_count(&half->full, answered);
}

/* What is under way still may go either way, and decides nothing; of the full rate, which came
 * before, there is none where that is little. */
static enum path_half_rate compare(const struct path_target *target)
{
	const struct path_half *half = &target->half;
	struct path_counts lost = half->counts, answered = half->counts;
	uint64_t sent = sent_since(target), open = sent > lost.sent ? sent - lost.sent : 0;
	lost.sent += open;
	answered.sent += open;
	answered.received += open;
	enum path_half_rate worst = sdr_path_half_rate(&half->full, &lost),
			    best = sdr_path_half_rate(&half->full, &answered);
	return worst == best ? worst : PATH_HALF_OPEN;
}

static bool loses(const struct path_counts *counts)
{
	return counts->received > 0 &&
		(counts->sent - counts->received) * 100 >= counts->sent * LOST_PERCENT;
}

static bool is_enough(const struct path_counts *counts)
{
	return counts->received >= ANSWERS && counts->sent - counts->received >= LOSSES;
}

static void set_sparse(struct path_target *target, uint8_t ttl)
{
	for (unsigned i = 0; i < target->flow_limit; i++)
		target->traces[i].sparse = ttl;
}

static void end(struct path_target *target, enum path_half_rate found)
{
	struct path_half *half = &target->half;
	half->tried |= (uint64_t)1 << (half->ttl - 1);
	half->found[half->ttl - 1] = (uint8_t)found;
	half->ttl = 0;
	half->halved = false;
	set_sparse(target, 0);
}

void sdr_path_half_rate_forget(struct path_target *target)
{
	memset(&target->half, 0, sizeof(target->half));
	target->half.epoch = target->hops.epoch;
	target->half.since = target->round;
	set_sparse(target, 0);
}

/* The first router that leaves enough unanswered, and not by loss of the path. */
static uint8_t candidate(const struct path_target *target)
{
	struct path_hop hops[SDR_PATH_HOPS];
	struct path_loss loss;
	unsigned count = sdr_path_hops(target), seems = 0;
	for (uint8_t ttl = 1; ttl < count; ttl++) {
		const struct path_counts counts = sdr_path_weigh_counts(target, ttl);
		seems += loses(&counts) && !(target->half.tried >> (ttl - 1) & 1);
	}
	if (seems == 0)
		return 0;
	count = sdr_path_weigh(target, hops, &loss);
	for (uint8_t ttl = 1; ttl < count; ttl++)
		if (hops[ttl - 1].state == PATH_LIMITS && !(target->half.tried >> (ttl - 1) & 1))
			return ttl;
	return 0;
}

static void begin(struct path_target *target, uint8_t ttl)
{
	struct path_half *half = &target->half;
	half->ttl = ttl;
	half->since = target->round;
	half->sent_before = path_hops_at(&target->hops, ttl)->counters.sent;
	half->counts = (struct path_counts){0};
}

static void halve(struct path_target *target)
{
	struct path_half *half = &target->half;
	if (!loses(&half->counts)) {
		end(target, PATH_HALF_OPEN);
		return;
	}
	half->full = half->counts;
	half->full_since = half->since;
	begin(target, half->ttl);
	half->halved = true;
	set_sparse(target, half->ttl);
}

void sdr_path_half_rate_step(struct path_target *target)
{
	struct path_half *half = &target->half;
	if (half->epoch != target->hops.epoch)
		sdr_path_half_rate_forget(target);
	uint32_t rounds = target->round - half->since;
	if (half->ttl == 0 && rounds >= ROUNDS_FULL) {
		uint8_t ttl = candidate(target);
		half->since = target->round; /* else it is looked for again after as many */
		if (ttl != 0)
			begin(target, ttl);
	} else if (half->ttl != 0 && !half->halved && rounds >= ROUNDS_FULL) {
		if (is_enough(&half->counts) || rounds >= ROUNDS_PATIENT)
			halve(target);
	} else if (half->halved && rounds >= ROUNDS_HALF && rounds % ROUNDS_LOOK == 0) {
		enum path_half_rate found = compare(target);
		if (found != PATH_HALF_OPEN || rounds >= ROUNDS_MOST)
			end(target, found);
	}
}
