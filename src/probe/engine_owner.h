/* engine_owner.h (internal) - targets that belong to a job: which sinks get their reports, and how
 * many have not been probed yet. */
#ifndef SOUNDER_PROBE_ENGINE_OWNER_H
#define SOUNDER_PROBE_ENGINE_OWNER_H

#include "probe/engine_internal.h"

/* Gives a new target its owner; NULL: none. */
void sdr_owner_take(struct engine_target *target, struct sdr_owner *owner);

/* Notes that a target's first probe has left, or never will. */
void sdr_owner_begun(struct engine_target *target);

/* Returns the sinks that get what comes of a target: [count]. */
const struct sdr_sink *sdr_owner_sinks(
	const struct sdr_engine *engine, const struct engine_target *target, unsigned *count);

#endif
