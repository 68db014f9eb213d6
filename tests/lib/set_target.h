/* set_target.h - targets of a set, without an engine. */
#ifndef SOUNDER_TESTS_SET_TARGET_H
#define SOUNDER_TESTS_SET_TARGET_H

#include <stdlib.h>

#include "probe/target.h"

static inline void set_target_check(bool right)
{
	if (!right)
		abort();
}

/* Returns a target of the spec that runs, of no set. */
static inline struct engine_target *set_target_plain(const struct sdr_spec *spec, uint32_t id)
{
	struct engine_target *target = calloc(1, sizeof(*target));
	set_target_check(target);
	target->public = sdr_target_new(spec, NULL);
	set_target_check(target->public);
	target->public->id = id;
	target->public->phase = SDR_PHASE_RUNNING;
	return target;
}

/* Has a target lead a new set: of a path where it is fed, else of addresses. */
static inline void set_target_lead(struct engine_target *target, uint32_t number, bool fed)
{
	set_target_check(sdr_set_begin(target, fed ? "path" : "addresses", number) == SDR_OK);
	sdr_set_of(target)->public.fed = fed;
	sdr_set_placed(target);
}

/* Has a target be one more of the leader's. */
static inline void set_target_join(struct engine_target *leader, struct engine_target *target)
{
	set_target_check(sdr_set_enter(sdr_set_of(leader), target) == SDR_OK);
}

/* Returns a target of the spec: the first of a new set with a NULL leader, else one more of the
 * leader's. */
static inline struct engine_target *set_target_new(
	struct engine_target *leader, const struct sdr_spec *spec, uint32_t id, const char *role)
{
	struct engine_target *target = set_target_plain(spec, id);
	if (!leader)
		set_target_lead(target, 1, false);
	else
		set_target_join(leader, target);
	sdr_target_set_role(target->public, role);
	return target;
}

static inline void set_target_free(struct engine_target *target)
{
	sdr_set_leave(target);
	sdr_target_release(target->public);
	free(target);
}

#endif
