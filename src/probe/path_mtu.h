/* path_mtu.h (internal) - the search for a path's MTU beside its rounds. */
#ifndef SOUNDER_PROBE_PATH_MTU_H
#define SOUNDER_PROBE_PATH_MTU_H

#include "probe/path.h"

/* Whether the path's MTU is wanted and not known yet. */
static inline bool sdr_path_mtu_is_due(const struct path_target *target)
{
	const struct path_options *options = target->public->spec->options;
	return options->mtu && target->protocol != HOP_TCP && target->traces[0].length != 0 &&
		target->mtu.phase != PATH_MTU_DONE;
}

/* Sends the next probe about it, if none is under way. */
void sdr_path_mtu_step(struct path_target *target, sdr_ns now);

/* Takes what came of it; NULL: it was lost. */
void sdr_path_mtu_take(struct path_target *target, const struct hop_answer *answer);

#endif
