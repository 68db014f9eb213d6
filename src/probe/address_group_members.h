/* address_group_members.h - an address group as its own files see it. */
#ifndef SOUNDER_PROBE_ADDRESS_GROUP_MEMBERS_H
#define SOUNDER_PROBE_ADDRESS_GROUP_MEMBERS_H

#include "probe/target.h"

struct address_group {
	uint32_t number; /* of the engine's groups */
	uint32_t count;  /* members */
	struct engine_target *first,
		*last; /* members, oldest first: linked by their lookups; borrowed */
	bool known;    /* its name was resolved once */
};

/* Returns the group that a target is of; NULL: none. */
struct address_group *sdr_address_group_of(const struct engine_target *target);

/* Makes a target its youngest member. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_address_group_enter(
	struct address_group *group, struct engine_target *target);

#endif
