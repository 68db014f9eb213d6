/* sets.h (internal) - the sets that a model has members of, and how many of these are in each
 * state; all in constant time. Without sets there is no memory. */
#ifndef SOUNDER_MODEL_SETS_H
#define SOUNDER_MODEL_SETS_H

#include "model/entry.h"
#include "sounder/groups.h"

struct sdr_sets_slot;

/* Zeroed is valid: there are none. */
struct sdr_sets {
	struct sdr_sets_slot *slots; /* [room], owned; those below `limit` are used, or holes */
	uint32_t *chains;            /* [room], a power of two: slots by number; owned */
	uint32_t limit, room, count; /* slots that were used, that there are, that are no holes */
	uint32_t hole;               /* the first of the holes, or SDR_SET_NONE */
};

void sdr_sets_done(struct sdr_sets *sets);

/* Fills a zeroed copy, whose sets have the same numbers. ENOMEM: it is to be thrown away. */
SDR_MUST_CHECK enum sdr_status sdr_sets_copy(struct sdr_sets *copy, const struct sdr_sets *sets);

/* Counts an entry to its target's set, if that has one and it is not counted yet. Out of memory:
 * it stays uncounted. */
void sdr_sets_place(struct sdr_sets *sets, struct sdr_entry *entry);

/* Takes an entry out. */
void sdr_sets_leave(struct sdr_sets *sets, struct sdr_entry *entry);

/* Counts an entry's change of state. */
void sdr_sets_count(struct sdr_sets *sets, const struct sdr_entry *entry, enum sdr_state from,
	enum sdr_state to);

/* As sdr_model_set, and as sdr_model_set_of. */
bool sdr_sets_view(const struct sdr_sets *sets, uint32_t number, struct sdr_target_group *group);
uint32_t sdr_sets_of(const struct sdr_entry *entry);

#endif
