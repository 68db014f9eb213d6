/* path_weigh.c - counts of hops, and of the target by a second protocol, as evidence. */
#include "probe/path_weigh.h"

#include "sounder/path.h"

struct path_counts sdr_path_weigh_counts(const struct path_target *target, uint8_t ttl)
{
	const struct path_counters *counters = &path_hops_at(&target->hops, ttl)->counters;
	return (struct path_counts){.sent = counters->received + counters->lost,
		.received = counters->received,
		.bursts = counters->bursts};
}

static bool is_reached(const struct path_target *target)
{
	for (unsigned i = 0; i < target->flow_count; i++)
		if (target->traces[i].length != 0)
			return true;
	return false;
}

bool sdr_path_weigh_has_second(const struct path_target *target, uint8_t ttl)
{
	const struct path_second *second = &target->second;
	return second->counts.sent > 0 && second->ttl == ttl && second->epoch == target->hops.epoch;
}

enum path_half_rate sdr_path_weigh_half_rate(const struct path_target *target, uint8_t ttl)
{
	return target->half.epoch == target->hops.epoch ? target->half.found[ttl - 1]
							: PATH_HALF_OPEN;
}

/* What is known by the second protocol. The target gets the benefit of what is still under way. */
static void add_second(
	const struct path_target *target, uint8_t ttl, struct path_evidence *evidence)
{
	const struct path_second *second = &target->second;
	evidence->second_refused = second->refused;
	if (!sdr_path_weigh_has_second(target, ttl))
		return;
	evidence->second = second->counts;
	evidence->beside = second->beside;
	uint64_t sent = path_hops_at(&target->hops, ttl)->counters.sent - second->sent_before,
		 ended = second->beside.sent;
	if (sent > ended && sent - ended < sent) {
		evidence->beside.sent += sent - ended;
		evidence->beside.received += sent - ended;
	}
}

unsigned sdr_path_weigh(
	const struct path_target *target, struct path_hop *hops, struct path_loss *loss)
{
	struct path_counts counts[SDR_PATH_HOPS];
	struct path_evidence evidence = {
		.version = target->addr.version, .hops = counts, .reached = is_reached(target)};
	uint8_t count = sdr_path_hops(target);
	for (unsigned i = 0; i < count; i++)
		counts[i] = sdr_path_weigh_counts(target, (uint8_t)(i + 1));
	for (unsigned i = 0; i < count; i++)
		if (sdr_path_weigh_half_rate(target, (uint8_t)(i + 1)) == PATH_HALF_LIMIT)
			evidence.limiting |= (uint64_t)1 << i;
	evidence.count = count;
	if (evidence.reached) {
		evidence.target = counts[--evidence.count];
		add_second(target, count, &evidence);
	}
	sdr_path_loss(&evidence, hops, loss);
	if (evidence.reached && hops)
		hops[evidence.count] =
			(struct path_hop){.state = loss->target, .path_loss = loss->percent};
	return count;
}
