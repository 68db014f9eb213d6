/* path_half_rate.h (internal) - a router that leaves probes unanswered is asked half as often for a
 * while, one at a time and once in an epoch: see path/half_rate.h. */
#ifndef SOUNDER_PROBE_PATH_HALF_RATE_H
#define SOUNDER_PROBE_PATH_HALF_RATE_H

#include "path/half_rate.h"
#include "path/hops.h"

struct path_target;

struct path_half {
	uint32_t epoch;            /* that all of it belongs to */
	uint8_t ttl;               /* of the hop that is looked at; 0: none */
	bool halved;               /* it is asked half as often now */
	uint32_t since;            /* round that this began with */
	uint64_t sent_before;      /* to the hop until then */
	struct path_counts counts; /* of rounds since then that ended */
	uint32_t full_since;       /* halved: the same of the full rate before */
	struct path_counts full;
	uint64_t tried;              /* bit TTL - 1 of each hop that was looked at */
	uint8_t found[PATH_TTL_MAX]; /* enum path_half_rate, by TTL - 1 */
};

/* Takes a step, as a round begins. */
void sdr_path_half_rate_step(struct path_target *target);

/* Takes what became of a probe of a hop. */
void sdr_path_half_rate_note(struct path_target *target, const struct hop_tag *tag, bool answered);

/* Has it begin again: the path's own figures do. */
void sdr_path_half_rate_forget(struct path_target *target);

#endif
