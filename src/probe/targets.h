/* targets.h - the engine's targets by id: dense ids, reused after removal. */
#ifndef SOUNDER_PROBE_TARGETS_H
#define SOUNDER_PROBE_TARGETS_H

#include "probe/target.h"

struct targets {
	struct engine_target **by_id; /* [limit], NULL for a hole; owned, the targets too */
	uint32_t *holes; /* [hole_count] ids to be reused; owned, room for `capacity` */
	uint32_t limit, capacity, hole_count;
};

/* Returns a new target for the spec (`latest` as in spec_share.h); NULL when out of memory. */
struct engine_target *sdr_targets_make(const struct sdr_spec *spec, struct spec_share *latest);

/* Finds a free id and makes its place, NULL so far. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_targets_take(struct targets *targets, uint32_t *id);

/* Returns a target that has not been removed, or NULL. */
struct engine_target *sdr_targets_find(const struct targets *targets, uint32_t id);

/* Frees a target and its id. */
void sdr_targets_drop(struct targets *targets, struct engine_target *target);

/* Frees one target. */
void sdr_targets_free(struct engine_target *target);

/* Frees the table; the caller frees its targets. */
void sdr_targets_done(struct targets *targets);

#endif
