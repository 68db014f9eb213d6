/* target_set_members.h - a set as the engine has it: who belongs to it, who leads. */
#ifndef SOUNDER_PROBE_TARGET_SET_MEMBERS_H
#define SOUNDER_PROBE_TARGET_SET_MEMBERS_H

#include <stdlib.h>

#include "sounder/status.h"
#include "sounder/target_set.h"

struct engine_target;

struct engine_set {
	struct sdr_set public;              /* first */
	uint32_t holders;                   /* targets, and copies of them */
	struct engine_target *first, *last; /* members, oldest first; borrowed */
	bool known;                         /* addresses: its name was resolved once */
};

/* Makes a target the first member of a new set, which leads it. `rule` is static. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_set_begin(
	struct engine_target *target, const char *rule, uint32_t number);

/* Makes a target its youngest member. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_set_enter(struct engine_set *set, struct engine_target *target);

/* Takes a target out of its set, if it has one: the oldest of the others then leads. */
void sdr_set_leave(struct engine_target *target);

/* Notes the id that a target has been given. */
void sdr_set_placed(const struct engine_target *target);

/* Returns the set that a target is a member of, NULL: none. */
struct engine_set *sdr_set_of(const struct engine_target *target);

/* Returns the next younger member, NULL after the last. */
struct engine_target *sdr_set_next(const struct engine_target *target);

/* Returns another member of its set, NULL: there is none. */
struct engine_target *sdr_set_other(const struct engine_target *target);

/* Hold a set, and end that; the last one frees it. NULL is allowed. */
static inline struct engine_set *sdr_set_hold(struct engine_set *set)
{
	if (set)
		set->holders++;
	return set;
}

static inline void sdr_set_release(struct engine_set *set)
{
	if (set && --set->holders == 0)
		free(set);
}

#endif
