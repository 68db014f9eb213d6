/* fed_members.h - the other rule of a set: members that have no probes of their own but are given
 * results by the probes of their leader, as the hops of a path are. From the loop's callbacks. */
#ifndef SOUNDER_PROBE_FED_MEMBERS_H
#define SOUNDER_PROBE_FED_MEMBERS_H

#include "probe/engine_internal.h"

/* The verbs of struct probe_env. */
enum sdr_status sdr_fed_emit(
	struct probe_env *env, uint32_t leader_id, const char *role, struct sdr_result *result);
void sdr_fed_remove(struct probe_env *env, uint32_t leader_id, const char *role, const char *why);

/* Has the members be in the phase that their leader is in now. */
void sdr_fed_follow(struct sdr_engine *engine, const struct engine_target *leader);

/* Returns the target whose probes a target's results come of: itself, or its leader. */
struct engine_target *sdr_fed_driver(struct engine_target *target);

#endif
