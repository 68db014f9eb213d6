/* set_target.h - targets of a set, without an engine. */
#ifndef SOUNDER_TESTS_SET_TARGET_H
#define SOUNDER_TESTS_SET_TARGET_H

#include <stdlib.h>

#include "probe/target.h"

/* Returns a target of the spec: the first of a new set with a NULL leader, else one more of the
 * leader's. */
static inline struct engine_target *set_target_new(
	struct engine_target *leader, const struct sdr_spec *spec, uint32_t id, const char *role)
{
	struct engine_target *target = calloc(1, sizeof(*target));
	assert_non_null(target);
	target->public = sdr_target_new(spec, NULL);
	assert_non_null(target->public);
	target->public->id = id;
	target->public->phase = SDR_PHASE_RUNNING;
	assert_int_equal(leader ? sdr_set_enter(sdr_set_of(leader), target)
				: sdr_set_begin(target, "addresses", 1),
		SDR_OK);
	sdr_set_placed(target);
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
