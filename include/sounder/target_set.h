/* target_set.h - several targets that a rule makes of one: all addresses of a name, the hops of a
 * path. The first of them leads: it is the one that was added; the engine adds and removes the
 * others. */
#ifndef SOUNDER_TARGET_SET_H
#define SOUNDER_TARGET_SET_H

#include <stdbool.h>
#include <stdint.h>

struct sdr_target;

/* What all members share. Changed by their source alone, which sends CHANGED for the leader. */
struct sdr_set {
	const char *rule;   /* what makes a member: "addresses"; static */
	uint32_t number;    /* no other set's, growing as sets are added; never 0 */
	uint32_t leader;    /* id of the member that stands for all where one is enough */
	uint32_t count;     /* members */
	const char *notice; /* what is not right with the whole, after its name: "has more addresses
			       than can be followed"; NULL: nothing. Static */
	bool incomplete;    /* the notice is about a fault of this host */
	bool fed;           /* only the leader is probed: the others' results come of its probes */
};

/* Returns the set that a target is of, NULL: none. Borrowed as long as the target is held. */
const struct sdr_set *sdr_target_set(const struct sdr_target *target);

/* Whether a target stands for itself, or for its set: the one that a config has a line for. */
bool sdr_target_leads(const struct sdr_target *target);

/* Whether it is but a part of its leader, as a type's `parts` has it. */
bool sdr_target_is_part(const struct sdr_target *target);

/* Returns what it is in its set: an address, "hop 3"; NULL where it has no role or no set, or none
 * yet. Borrowed until the next callback. */
const char *sdr_target_role(const struct sdr_target *target);

/* Returns why it came by itself, when its set was there already: "its name has this address now";
 * NULL: it did not. Static. */
const char *sdr_target_origin(const struct sdr_target *target);

#endif
