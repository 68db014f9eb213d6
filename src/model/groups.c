/* groups.c - groups by number, found by kind and name in a chained hash table. */
#include "model/groups.h"

#include <stdlib.h>
#include <string.h>

#define WAITING 2 /* targets that a candidate may have */

struct group {
	uint32_t hash, next;       /* of its chain: a number, or SDR_GROUP_NONE */
	uint32_t members;          /* of a candidate: those that wait */
	uint8_t kind;              /* enum sdr_group_kind */
	bool made;                 /* no candidate */
	struct sdr_uptime *uptime; /* owned; NULL: of a candidate, or out of memory */
	union {
		uint32_t tally[SDR_STATES];
		uint32_t waiting[WAITING]; /* [members] ids */
	};
	char name[];
};

struct sdr_groups {
	struct group **by_number; /* [limit], owned; NULL: a hole */
	uint32_t *holes;          /* [hole_count] numbers to be used again; room as by_number */
	uint32_t *chains;         /* [chain_count], a power of two: first of each chain; owned */
	uint32_t limit, room, hole_count, chain_count;
	uint64_t version;
	sdr_ns now;
};

struct sdr_groups *sdr_groups_new(void)
{
	return calloc(1, sizeof(struct sdr_groups));
}

static void free_group(struct group *group)
{
	if (group)
		free(group->uptime);
	free(group);
}

void sdr_groups_free(struct sdr_groups *groups)
{
	if (!groups)
		return;
	for (uint32_t i = 0; i < groups->limit; i++)
		free_group(groups->by_number[i]);
	free(groups->by_number);
	free(groups->holes);
	free(groups->chains);
	free(groups);
}

void sdr_groups_set_time(struct sdr_groups *groups, sdr_ns now)
{
	groups->now = now;
}

/* ---- finding ---- */

/* FNV-1a. */
static uint32_t hash_of(enum sdr_group_kind kind, const char *name)
{
	uint32_t hash = (2166136261u ^ (uint32_t)kind) * 16777619u;
	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return hash;
}

static uint32_t *chain_of(const struct sdr_groups *groups, uint32_t hash)
{
	return &groups->chains[hash & (groups->chain_count - 1)];
}

static uint32_t find(const struct sdr_groups *groups, enum sdr_group_kind kind, const char *name)
{
	uint32_t hash = hash_of(kind, name),
		 at = groups->chain_count ? *chain_of(groups, hash) : SDR_GROUP_NONE;
	for (; at != SDR_GROUP_NONE; at = groups->by_number[at]->next) {
		const struct group *group = groups->by_number[at];
		if (group->hash == hash && group->kind == kind && strcmp(group->name, name) == 0)
			break;
	}
	return at;
}

static void link_in(struct sdr_groups *groups, uint32_t number)
{
	struct group *group = groups->by_number[number];
	uint32_t *chain = chain_of(groups, group->hash);
	group->next = *chain;
	*chain = number;
}

static void link_out(struct sdr_groups *groups, uint32_t number)
{
	uint32_t *at = chain_of(groups, groups->by_number[number]->hash);
	while (*at != number)
		at = &groups->by_number[*at]->next;
	*at = groups->by_number[number]->next;
}

/* ---- making ---- */

static bool grow_chains(struct sdr_groups *groups, uint32_t count)
{
	uint32_t *chains = malloc(count * sizeof(*chains));
	if (!chains)
		return false;
	memset(chains, 0xFF, count * sizeof(*chains)); /* SDR_GROUP_NONE */
	free(groups->chains);
	groups->chains = chains;
	groups->chain_count = count;
	for (uint32_t i = 0; i < groups->limit; i++)
		if (groups->by_number[i])
			link_in(groups, i);
	return true;
}

static bool make_room(struct sdr_groups *groups)
{
	uint32_t room = groups->room ? groups->room * 2 : 8;
	if (groups->hole_count > 0 || groups->limit < groups->room)
		return true;
	struct group **by_number = realloc(groups->by_number, room * sizeof(struct group *));
	if (!by_number)
		return false;
	groups->by_number = by_number;
	uint32_t *holes = realloc(groups->holes, room * sizeof(*holes));
	if (!holes)
		return false;
	groups->holes = holes;
	if (!grow_chains(groups, room))
		return false;
	groups->room = room;
	return true;
}

static uint32_t find_or_make(struct sdr_groups *groups, enum sdr_group_kind kind, const char *name)
{
	uint32_t number = find(groups, kind, name);
	size_t size = strlen(name) + 1;
	if (number != SDR_GROUP_NONE)
		return number;
	struct group *group = make_room(groups) ? calloc(1, sizeof(*group) + size) : NULL;
	if (!group)
		return SDR_GROUP_NONE;
	memcpy(group->name, name, size);
	group->hash = hash_of(kind, name);
	group->kind = (uint8_t)kind;
	group->made = kind != SDR_GROUP_PREFIX;
	group->uptime = group->made ? calloc(1, sizeof(*group->uptime)) : NULL;
	number = groups->hole_count > 0 ? groups->holes[--groups->hole_count] : groups->limit++;
	groups->by_number[number] = group;
	link_in(groups, number);
	groups->version += group->made;
	return number;
}

static void drop_empty(struct sdr_groups *groups, uint32_t number)
{
	struct group *group = groups->by_number[number];
	if (group->members > 0)
		return;
	groups->version += group->made;
	link_out(groups, number);
	groups->by_number[number] = NULL;
	groups->holes[groups->hole_count++] = number;
	free_group(group);
}

static void count_in(const struct sdr_groups *groups, struct group *group, enum sdr_state state)
{
	group->members++;
	group->tally[state]++;
	if (group->uptime)
		sdr_uptime_join(group->uptime, state, groups->now);
}

static void count_out(const struct sdr_groups *groups, struct group *group, enum sdr_state state)
{
	group->members--;
	group->tally[state]--;
	if (group->uptime)
		sdr_uptime_leave(group->uptime, state, groups->now);
}

/* Moves an entry to a group, or to none. Returns whether it was elsewhere. */
static bool move(struct sdr_groups *groups, struct sdr_entry *entry, uint32_t number)
{
	uint32_t before = entry->group;
	if (before == number)
		return false;
	entry->group = number;
	if (number != SDR_GROUP_NONE)
		count_in(groups, groups->by_number[number], entry->health.state);
	if (before != SDR_GROUP_NONE) {
		count_out(groups, groups->by_number[before], entry->health.state);
		drop_empty(groups, before);
	}
	return true;
}

/* ---- names that begin alike ---- */

bool sdr_groups_prefix(char out[static 64], const struct sdr_target *target)
{
	const char *host = target->host ? target->host : target->typed;
	struct sdr_addr literal;
	size_t length = strcspn(host, ".");
	if (length >= 64 || sdr_addr_parse(host, &literal, NULL) == SDR_OK)
		return false;
	while (length > 0 && host[length - 1] >= '0' && host[length - 1] <= '9')
		length--;
	while (length > 0 && (host[length - 1] == '-' || host[length - 1] == '_'))
		length--;
	for (size_t i = 0; i < length; i++)
		out[i] = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] - 'A' + 'a' : host[i]);
	out[length] = '\0';
	return length > 0;
}

static bool waits(const struct group *candidate, uint32_t id)
{
	for (uint32_t i = 0; i < candidate->members; i++)
		if (candidate->waiting[i] == id)
			return true;
	return false;
}

/* Makes a group of a candidate: those that waited come over. */
static unsigned promote(struct sdr_groups *groups, uint32_t number, struct sdr_entry *const *by_id,
	uint32_t moved[static WAITING])
{
	struct group *group = groups->by_number[number];
	memcpy(moved, group->waiting, sizeof(group->waiting));
	memset(group->tally, 0, sizeof(group->tally));
	group->members = 0;
	group->made = true;
	group->uptime = calloc(1, sizeof(*group->uptime));
	groups->version++;
	for (unsigned i = 0; i < WAITING; i++)
		(void)move(groups, by_id[moved[i]], number);
	return WAITING;
}

/* Returns the group that the name makes an entry part of; NONE: none yet, it waits. */
static uint32_t by_prefix(struct sdr_groups *groups, const struct sdr_entry *entry,
	struct sdr_entry *const *by_id, uint32_t *moved, unsigned *count)
{
	char prefix[64];
	uint32_t id = entry->target->id,
		 number = sdr_groups_prefix(prefix, entry->target)
		? find_or_make(groups, SDR_GROUP_PREFIX, prefix)
		: SDR_GROUP_NONE;
	if (number == SDR_GROUP_NONE || groups->by_number[number]->made)
		return number;
	struct group *candidate = groups->by_number[number];
	if (waits(candidate, id))
		return SDR_GROUP_NONE;
	if (candidate->members < WAITING) {
		candidate->waiting[candidate->members++] = id;
		return SDR_GROUP_NONE;
	}
	*count += promote(groups, number, by_id, moved);
	return number;
}

/* Has an entry wait no longer. */
static void stop_waiting(struct sdr_groups *groups, const struct sdr_entry *entry)
{
	char prefix[64];
	uint32_t id = entry->target->id,
		 number = sdr_groups_prefix(prefix, entry->target)
		? find(groups, SDR_GROUP_PREFIX, prefix)
		: SDR_GROUP_NONE;
	struct group *candidate = number == SDR_GROUP_NONE ? NULL : groups->by_number[number];
	if (!candidate || candidate->made || !waits(candidate, id))
		return;
	if (candidate->waiting[0] == id)
		candidate->waiting[0] = candidate->waiting[1];
	candidate->members--;
	drop_empty(groups, number);
}

/* ---- where a target belongs ---- */

static uint32_t by_network(struct sdr_groups *groups, const struct sdr_target *target)
{
	char text[SDR_PREFIX_TEXT];
	struct sdr_prefix network = {
		.addr = target->addr, .length = target->addr.version == 4 ? 24 : 64};
	if (target->addr.version == 0)
		return SDR_GROUP_NONE;
	network.addr = sdr_prefix_network(&network);
	return find_or_make(groups, SDR_GROUP_NETWORK, sdr_prefix_format(text, &network));
}

unsigned sdr_groups_place(struct sdr_groups *groups, struct sdr_entry *entry,
	struct sdr_entry *const *by_id, uint32_t moved[static SDR_GROUPS_MOVED])
{
	const char *label = entry->target->spec->group;
	uint32_t number;
	unsigned count = 0;
	if (label) {
		stop_waiting(groups, entry);
		number = find_or_make(groups, SDR_GROUP_LABEL, label);
	} else {
		number = by_prefix(groups, entry, by_id, moved, &count);
	}
	if (number == SDR_GROUP_NONE)
		number = by_network(groups, entry->target);
	if (move(groups, entry, number))
		moved[count++] = entry->target->id;
	return count;
}

void sdr_groups_leave(struct sdr_groups *groups, struct sdr_entry *entry)
{
	stop_waiting(groups, entry);
	(void)move(groups, entry, SDR_GROUP_NONE);
}

void sdr_groups_count(struct sdr_groups *groups, const struct sdr_entry *entry,
	const struct sdr_uptime_change *change)
{
	if (entry->group == SDR_GROUP_NONE)
		return;
	struct group *group = groups->by_number[entry->group];
	group->tally[change->from]--;
	group->tally[change->to]++;
	if (group->uptime)
		sdr_uptime_change(group->uptime, change, groups->now);
}

/* ---- reading ---- */

uint32_t sdr_groups_limit(const struct sdr_groups *groups)
{
	return groups->limit;
}

uint64_t sdr_groups_version(const struct sdr_groups *groups)
{
	return groups->version;
}

void sdr_groups_sum_up(struct sdr_target_group *group, const uint32_t tally[static SDR_STATES])
{
	unsigned rank = 0;
	while (rank < SDR_STATES - 1 && tally[sdr_state_ranked(rank)] == 0)
		rank++;
	memcpy(group->tally, tally, sizeof(group->tally));
	group->up = tally[SDR_STATE_UP] + tally[SDR_STATE_SLOW];
	group->worst = sdr_state_ranked(rank);
}

bool sdr_groups_view(
	const struct sdr_groups *groups, uint32_t number, struct sdr_target_group *group)
{
	const struct group *found = number < groups->limit ? groups->by_number[number] : NULL;
	if (!found || !found->made)
		return false;
	*group = (struct sdr_target_group){.name = found->name,
		.kind = (enum sdr_group_kind)found->kind,
		.members = found->members};
	sdr_groups_sum_up(group, found->tally);
	return true;
}

const struct sdr_uptime *sdr_groups_uptime(const struct sdr_groups *groups, uint32_t number)
{
	return number < groups->limit && groups->by_number[number]
		? groups->by_number[number]->uptime
		: NULL;
}

/* ---- a copy ---- */

static void *twin(const void *from, size_t size)
{
	void *copy = malloc(size);
	return copy ? memcpy(copy, from, size) : NULL;
}

/* Without memory for its uptime nothing is known of that. */
static struct group *copy_group(const struct group *group)
{
	struct group *copy = twin(group, sizeof(*group) + strlen(group->name) + 1);
	if (copy && group->uptime)
		copy->uptime = twin(group->uptime, sizeof(*group->uptime));
	return copy;
}

struct sdr_groups *sdr_groups_copy(const struct sdr_groups *groups)
{
	struct sdr_groups *copy = sdr_groups_new();
	if (!copy || groups->room == 0)
		return copy;
	*copy = *groups;
	copy->limit = 0;
	copy->by_number = malloc(groups->room * sizeof(struct group *));
	copy->holes = twin(groups->holes, groups->room * sizeof(*groups->holes));
	copy->chains = twin(groups->chains, groups->chain_count * sizeof(*groups->chains));
	bool whole = copy->by_number && copy->holes && copy->chains;
	for (uint32_t i = 0; whole && i < groups->limit; i++) {
		const struct group *group = groups->by_number[i];
		copy->by_number[copy->limit++] = group ? copy_group(group) : NULL;
		whole = copy->by_number[i] || !group;
	}
	if (whole)
		return copy;
	sdr_groups_free(copy);
	return NULL;
}
