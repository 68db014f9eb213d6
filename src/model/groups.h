/* groups.h (internal) - which targets stand together, and how many of them are in each state; all
 * in constant time. Three ways, the first that holds: by the user's label; by the beginning of
 * their names, where three or more share it; by the network of their addresses.
 *
 * A beginning that fewer share is a candidate: its one or two targets wait in another group, and
 * come over when there is a third. Once made a group stays while it has members. */
#ifndef SOUNDER_MODEL_GROUPS_H
#define SOUNDER_MODEL_GROUPS_H

#include "model/entry.h"
#include "model/uptime.h"

struct sdr_groups;

struct sdr_groups *sdr_groups_new(void);         /* NULL when out of memory */
void sdr_groups_free(struct sdr_groups *groups); /* NULL is allowed */

/* Returns a copy with memory of its own, whose groups have the same numbers, or NULL when out of
 * memory. */
struct sdr_groups *sdr_groups_copy(const struct sdr_groups *groups);

/* Sets the time of all that happens until it is called again. */
void sdr_groups_set_time(struct sdr_groups *groups, sdr_ns now);

#define SDR_GROUPS_MOVED 3 /* targets that may change their group at once */

/* Puts an entry, which is in `by_id`, where its target belongs now; out of memory: nowhere. Fills
 * `moved` with the ids of those whose group is another than before; returns how many. */
unsigned sdr_groups_place(struct sdr_groups *groups, struct sdr_entry *entry,
	struct sdr_entry *const *by_id, uint32_t moved[static SDR_GROUPS_MOVED]);

/* Takes an entry out. */
void sdr_groups_leave(struct sdr_groups *groups, struct sdr_entry *entry);

/* Counts an entry's change of state. */
void sdr_groups_count(struct sdr_groups *groups, const struct sdr_entry *entry,
	const struct sdr_uptime_change *change);

/* A group's, which is valid until it changes; NULL: nothing is known. */
const struct sdr_uptime *sdr_groups_uptime(const struct sdr_groups *groups, uint32_t number);

/* As sdr_model_groups, _group and _group_version. */
uint32_t sdr_groups_limit(const struct sdr_groups *groups);
bool sdr_groups_view(
	const struct sdr_groups *groups, uint32_t number, struct sdr_target_group *group);
uint64_t sdr_groups_version(const struct sdr_groups *groups);

/* Fills in what follows from the members by state: those up, the worst. */
void sdr_groups_sum_up(struct sdr_target_group *group, const uint32_t tally[static SDR_STATES]);

/* Writes what a target's name begins with into out[64], small letters: its first label without the
 * digits at its end. Returns false where it has no such name. */
bool sdr_groups_prefix(char out[static 64], const struct sdr_target *target);

#endif
