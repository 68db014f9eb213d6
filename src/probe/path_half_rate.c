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
#define ROUNDS_MOST 1200
#define LOST_PERCENT 10 /* of what loses less, twice the share shows too little */

static struct path_counts since(const struct path_target *target)
{
	const struct path_half *half = &target->half;
	const struct path_counters *now = &path_hops_at(&target->hops, half->ttl)->counters;
	uint64_t received = now->received - half->base.received, lost = now->lost - half->base.lost;
	return (struct path_counts){.sent = received + lost, .received = received};
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
		const struct path_counters *counters = &path_hops_at(&target->hops, ttl)->counters;
		const struct path_counts counts = {.sent = counters->received + counters->lost,
			.received = counters->received};
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
	half->base = path_hops_at(&target->hops, ttl)->counters;
}

static void halve(struct path_target *target)
{
	struct path_half *half = &target->half;
	half->full = since(target);
	if (!loses(&half->full)) {
		end(target, PATH_HALF_OPEN);
		return;
	}
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
		if (ttl != 0)
			begin(target, ttl);
	} else if (half->ttl != 0 && !half->halved && rounds >= ROUNDS_FULL) {
		const struct path_counts counts = since(target);
		if (is_enough(&counts) || rounds >= ROUNDS_PATIENT)
			halve(target);
	} else if (half->halved && rounds >= ROUNDS_HALF) {
		const struct path_counts counts = since(target);
		enum path_half_rate found = sdr_path_half_rate(&half->full, &counts);
		if (found != PATH_HALF_OPEN || rounds >= ROUNDS_MOST)
			end(target, found);
	}
}
