/* path_weigh.h (internal) - where the loss of a target's path begins, by what was counted of it. */
#ifndef SOUNDER_PROBE_PATH_WEIGH_H
#define SOUNDER_PROBE_PATH_WEIGH_H

#include "probe/path.h"

/* What ended of a hop's probes. */
struct path_counts sdr_path_weigh_counts(const struct path_target *target, uint8_t ttl);

/* Finds where loss begins; `hops`: SDR_PATH_HOPS of them, or NULL. Returns how many hops there are,
 * the target included where it was reached. */
unsigned sdr_path_weigh(
	const struct path_target *target, struct path_hop *hops, struct path_loss *loss);

/* Whether what a second protocol counted belongs to the path as it is, whose target is that hop. */
bool sdr_path_weigh_has_second(const struct path_target *target, uint8_t ttl);

/* What a hop of the path as it is was found to do at half the rate. */
enum path_half_rate sdr_path_weigh_half_rate(const struct path_target *target, uint8_t ttl);

#endif
