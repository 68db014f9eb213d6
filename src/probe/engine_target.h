/* engine_target.h (internal) - making and changing what all see of a target. Only its source does
 * so: the engine. */
#ifndef SOUNDER_PROBE_ENGINE_TARGET_H
#define SOUNDER_PROBE_ENGINE_TARGET_H

#include "probe/spec_share.h"
#include "sounder/engine.h"

struct engine_set;
struct engine_target;

/* What few targets have: what was found of a name, what is wrong, a set. */
struct target_known {
	char *name, *why, *missing; /* the public ones, where they are no others' texts; owned */
	struct sdr_addr *addresses; /* [address_count], where there are several; else NULL; owned */
	struct engine_set *set;     /* held; NULL: none */
	struct engine_target *next_member; /* of that; borrowed */
	char *role;                        /* in that; owned; or NULL */
	const char *origin;                /* as sdr_target_origin */
	void *state;                       /* the type's; owned; NULL before the first probe */
	struct sdr_value *summary; /* what the type summed up at the end, with its texts; owned */
	sdr_ns again_at;           /* no probe before that */
	uint8_t address_count;
	bool member; /* it has not left the set */
};

struct target_block {
	struct sdr_target public;   /* first */
	struct target_known *known; /* owned; NULL: nothing yet */
	char text[];                /* public.typed, then public.host where it is another */
};

/* Returns what few targets have, NULL: it has none of it. */
static inline const struct target_known *sdr_target_found(const struct sdr_target *target)
{
	return target->counted ? ((const struct target_block *)target)->known : NULL;
}

/* Returns the type's own state of a target, see probe_type.h. */
static inline void *sdr_target_state(const struct sdr_target *target)
{
	return sdr_target_found(target) ? sdr_target_found(target)->state : NULL;
}

/* Returns a new target of the spec, held once, with its own text and a hold on what it shares
 * (`latest` as in spec_share.h); NULL when out of memory. */
struct sdr_target *sdr_target_new(const struct sdr_spec *spec, struct spec_share *latest);

/* The same, made where there is none; NULL when out of memory. */
struct target_known *sdr_target_find(struct sdr_target *target);

/* Returns what the target shares with others like it. */
struct spec_share *sdr_target_share(const struct sdr_target *target);

/* Set a text to a copy of the one given. NULL, or out of memory: the name is the host again, there
 * is no `missing`, `why` is the outcome's sentence. */
void sdr_target_set_name(struct sdr_target *target, const char *name);
void sdr_target_set_missing(struct sdr_target *target, const char *missing);
void sdr_target_set_why(struct sdr_target *target, enum sdr_outcome outcome, const char *why);

/* Sets its role to a copy of the text. Out of memory: it has none. */
void sdr_target_set_role(struct sdr_target *target, const char *role);

/* Makes the type's state, zeroed, where there is none yet; size 0: none is needed. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_target_make_state(struct sdr_target *target, size_t size);

/* Frees it, once the type is through with it. */
void sdr_target_free_state(struct sdr_target *target);

/* Keeps for `target` what the type sums up of `from`, since it can't later. Out of memory: nothing
 * is known then. */
void sdr_target_keep_summary(struct sdr_target *target, const struct sdr_target *from);

/* Sets the addresses it may be reached at, where they are more than one; fewer: `addr` alone.
 * ENOMEM: they stay as they are. */
SDR_MUST_CHECK enum sdr_status sdr_target_set_addresses(
	struct sdr_target *target, const struct sdr_addr *addresses, unsigned count);

#endif
