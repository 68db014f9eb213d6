/* groups.h - which of a model's targets stand together, how many of them are in which state, and
 * which state is worse than which. */
#ifndef SOUNDER_GROUPS_H
#define SOUNDER_GROUPS_H

#include "sounder/model.h"

#define SDR_STATES (SDR_STATE_PAUSED + 1)

/* Returns how well a state is: 0 the worst, DOWN, to SDR_STATES - 1; a new one, of which
 * nothing is known yet, comes behind those that are up. */
static inline uint8_t sdr_state_rank(enum sdr_state state)
{
	static const uint8_t ranks[SDR_STATES] = {[SDR_STATE_DOWN] = 0,
		[SDR_STATE_SLOW] = 1,
		[SDR_STATE_PAUSED] = 2,
		[SDR_STATE_UP] = 3,
		[SDR_STATE_UNKNOWN] = 4};
	return ranks[state];
}

/* Returns the state of a rank. */
static inline enum sdr_state sdr_state_ranked(unsigned rank)
{
	enum sdr_state state = SDR_STATE_UNKNOWN;
	while (sdr_state_rank(state) != rank)
		state++;
	return state;
}

/* A group of targets: those that have a label (`--group`); of the others three or more whose names
 * begin alike, up to the digits at the end of the first label (web1 web2 web3: "web"); else those
 * of a /24 or /64. A beginning that makes a group does so as long as it has members. All counts are
 * kept up to date, so that reading them takes no time. */
enum sdr_group_kind { SDR_GROUP_LABEL, SDR_GROUP_PREFIX, SDR_GROUP_NETWORK, SDR_GROUP_SET };

struct sdr_target_group {
	const char
		*name; /* borrowed until a target comes, goes or changes; of labels unsanitised */
	enum sdr_group_kind kind;
	uint32_t members;
	uint32_t up;                /* members that are UP or SLOW: they answer */
	uint32_t tally[SDR_STATES]; /* members by state */
	enum sdr_state worst;       /* of them: DOWN, SLOW, PAUSED, UNKNOWN, UP */
};

#define SDR_GROUP_NONE UINT32_MAX

/* Returns what the numbers of groups are below, which stay while the group does. */
uint32_t sdr_model_groups(const struct sdr_model *model);

/* Fills in a group; false: there is none of that number. */
bool sdr_model_group(
	const struct sdr_model *model, uint32_t number, struct sdr_target_group *group);

/* Returns a number that grows when a group comes or goes. */
uint64_t sdr_model_group_version(const struct sdr_model *model);

/* Returns the group of the target at a position; SDR_GROUP_NONE before it has an address. */
uint32_t sdr_model_group_of(const struct sdr_model *model, uint32_t position);

/* Fills figures of the last ten minutes of the targets at positions[count] together, as exact as
 * each one's (model.h); no jitter. */
void sdr_model_pool(const struct sdr_model *model, const uint32_t *positions, uint32_t count,
	sdr_ns now, struct sdr_figures *figures);

#define SDR_SET_NONE UINT32_MAX

/* The same of sets (target_set.h), whose members count together whatever group they are of: returns
 * what their numbers are below, 0 while there is no set. They stay while the set has members. */
uint32_t sdr_model_sets(const struct sdr_model *model);

/* Fills in a set: `kind` is SDR_GROUP_SET, `name` its rule; false: there is none of that number. */
bool sdr_model_set(const struct sdr_model *model, uint32_t number, struct sdr_target_group *group);

/* Returns the set of the target at a position, SDR_SET_NONE: it is of none. */
uint32_t sdr_model_set_of(const struct sdr_model *model, uint32_t position);

#endif
