/* engine_schedule.h - the phases of targets, and when the engine has its next turn. From the
 * loop, never from a sink. */
#ifndef SOUNDER_PROBE_ENGINE_SCHEDULE_H
#define SOUNDER_PROBE_ENGINE_SCHEDULE_H

#include "probe/engine_internal.h"

/* Notes a target's event for the sinks; it is reported in the next iteration. */
void sdr_engine_notify(
	struct sdr_engine *engine, struct engine_target *target, enum sdr_target_event event);

/* Gives a new target its id and place; nothing is reported yet. ENOMEM: the target is freed. */
SDR_MUST_CHECK enum sdr_status sdr_engine_place(
	struct sdr_engine *engine, struct engine_target *target);

/* Makes a target as `like` is, which is or was of the set, and puts it into that, with an id and,
 * if any, a role; nothing is reported yet. NULL when out of memory. */
struct engine_target *sdr_engine_add_like(struct sdr_engine *engine, struct engine_set *set,
	const struct engine_target *like, const char *role);

/* Continues with a target whose address is resolved, or could not be. */
void sdr_engine_resolved(struct sdr_engine *engine, struct engine_target *target);

/* Ends a target's probes: no result follows. */
void sdr_engine_stop(struct sdr_engine *engine, struct engine_target *target);

/* Removes a single target. `why` is a static string. */
void sdr_engine_drop(struct sdr_engine *engine, struct engine_target *target, const char *why);

/* Schedules the next tick by what there is to do. */
void sdr_engine_arm(struct sdr_engine *engine);

/* Moves a target on, and notifies the sinks. */
void sdr_engine_set_phase(
	struct sdr_engine *engine, struct engine_target *target, enum sdr_phase phase);

/* Has one probe beside the schedule, or not. */
void sdr_engine_set_again(struct sdr_engine *engine, struct engine_target *target, bool again);

/* Puts a target with an address (or that needs none) on the schedule. */
void sdr_engine_set_going(struct sdr_engine *engine, struct engine_target *target);

/* The types' files know a target by its type's verbs and by what they share. */
static inline const struct probe_type *sdr_engine_type_of(const struct engine_target *target)
{
	return (const struct probe_type *)target->public->spec->type;
}

/* Whether all probes that were asked for are begun. */
static inline bool sdr_engine_all_begun(const struct engine_target *target)
{
	return target->public->spec->count != 0 &&
		target->public->begun >= target->public->spec->count;
}

#endif
