/* sets.c - sets by slot, found by their number in chains. */
#include "model/sets.h"

#include <stdlib.h>
#include <string.h>

#include "model/groups.h"
#include "sounder/engine.h"

#define ROOM_FIRST 8

struct sdr_sets_slot {
	uint32_t number; /* as the set has it, never 0; 0: a hole */
	uint32_t next;   /* of its chain or of the holes, or SDR_SET_NONE */
	uint32_t members;
	uint32_t tally[SDR_STATES];
	const char *rule; /* static */
};

void sdr_sets_done(struct sdr_sets *sets)
{
	free(sets->slots);
	free(sets->chains);
	*sets = (struct sdr_sets){0};
}

/* ---- finding ---- */

static uint32_t *chain_of(const struct sdr_sets *sets, uint32_t number)
{
	return &sets->chains[number & (sets->room - 1)];
}

static uint32_t find(const struct sdr_sets *sets, uint32_t number)
{
	uint32_t at = sets->room > 0 ? *chain_of(sets, number) : SDR_SET_NONE;
	while (at != SDR_SET_NONE && sets->slots[at].number != number)
		at = sets->slots[at].next;
	return at;
}

static void link_in(struct sdr_sets *sets, uint32_t at)
{
	uint32_t *chain = chain_of(sets, sets->slots[at].number);
	sets->slots[at].next = *chain;
	*chain = at;
}

static void link_out(struct sdr_sets *sets, uint32_t at)
{
	uint32_t *from = chain_of(sets, sets->slots[at].number);
	while (*from != at)
		from = &sets->slots[*from].next;
	*from = sets->slots[at].next;
}

/* ---- making ---- */

/* Called where there is no hole. */
static bool make_room(struct sdr_sets *sets)
{
	uint32_t room = sets->room > 0 ? sets->room * 2 : ROOM_FIRST;
	if (sets->limit < sets->room)
		return true;
	struct sdr_sets_slot *slots = realloc(sets->slots, room * sizeof(*slots));
	if (!slots)
		return false;
	sets->slots = slots;
	uint32_t *chains = malloc(room * sizeof(*chains));
	if (!chains)
		return false;
	memset(chains, 0xFF, room * sizeof(*chains)); /* SDR_SET_NONE */
	free(sets->chains);
	sets->chains = chains;
	sets->room = room;
	for (uint32_t i = 0; i < sets->limit; i++)
		link_in(sets, i);
	return true;
}

static uint32_t make(struct sdr_sets *sets, const struct sdr_set *set)
{
	uint32_t at = sets->limit > sets->count ? sets->hole : SDR_SET_NONE;
	if (at != SDR_SET_NONE) {
		sets->hole = sets->slots[at].next;
	} else {
		if (!make_room(sets))
			return SDR_SET_NONE;
		at = sets->limit++;
	}
	sets->slots[at] = (struct sdr_sets_slot){.number = set->number, .rule = set->rule};
	link_in(sets, at);
	sets->count++;
	return at;
}

static void drop(struct sdr_sets *sets, uint32_t at)
{
	link_out(sets, at);
	sets->slots[at].number = 0;
	sets->slots[at].next = sets->limit > sets->count ? sets->hole : SDR_SET_NONE;
	sets->hole = at;
	if (--sets->count == 0)
		sdr_sets_done(sets);
}

/* ---- members ---- */

uint32_t sdr_sets_of(const struct sdr_entry *entry)
{
	return entry->set_slot > 0 ? entry->set_slot - 1u : SDR_SET_NONE;
}

void sdr_sets_place(struct sdr_sets *sets, struct sdr_entry *entry)
{
	const struct sdr_set *set = entry->set_slot > 0 ? NULL : sdr_target_set(entry->target);
	if (!set)
		return;
	uint32_t at = find(sets, set->number);
	if (at == SDR_SET_NONE)
		at = make(sets, set);
	if (at == SDR_SET_NONE)
		return;
	entry->set_slot = (at + 1) & SDR_SET_SLOT_MAX;
	sets->slots[at].members++;
	sets->slots[at].tally[entry->health.state]++;
}

void sdr_sets_leave(struct sdr_sets *sets, struct sdr_entry *entry)
{
	uint32_t at = sdr_sets_of(entry);
	if (at == SDR_SET_NONE)
		return;
	entry->set_slot = 0;
	sets->slots[at].tally[entry->health.state]--;
	if (--sets->slots[at].members == 0)
		drop(sets, at);
}

void sdr_sets_count(struct sdr_sets *sets, const struct sdr_entry *entry, enum sdr_state from,
	enum sdr_state to)
{
	uint32_t at = sdr_sets_of(entry);
	if (at == SDR_SET_NONE)
		return;
	sets->slots[at].tally[from]--;
	sets->slots[at].tally[to]++;
}

bool sdr_sets_view(const struct sdr_sets *sets, uint32_t number, struct sdr_target_group *group)
{
	const struct sdr_sets_slot *slot = number < sets->limit ? &sets->slots[number] : NULL;
	if (!slot || slot->number == 0)
		return false;
	*group = (struct sdr_target_group){
		.name = slot->rule, .kind = SDR_GROUP_SET, .members = slot->members};
	sdr_groups_sum_up(group, slot->tally);
	return true;
}

/* ---- a copy ---- */

enum sdr_status sdr_sets_copy(struct sdr_sets *copy, const struct sdr_sets *sets)
{
	if (sets->room == 0)
		return SDR_OK;
	copy->slots = malloc(sets->room * sizeof(*copy->slots));
	copy->chains = malloc(sets->room * sizeof(*copy->chains));
	if (!copy->slots || !copy->chains) {
		sdr_sets_done(copy);
		return SDR_ENOMEM;
	}
	memcpy(copy->slots, sets->slots, sets->limit * sizeof(*copy->slots));
	memcpy(copy->chains, sets->chains, sets->room * sizeof(*copy->chains));
	copy->limit = sets->limit;
	copy->room = sets->room;
	copy->count = sets->count;
	copy->hole = sets->hole;
	return SDR_OK;
}
