/* ping_table.c - an array by id with a chained hash over addresses laid through it. */
#include "probe/ping_table.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#define ID_MASK (SDR_PING_TARGETS - 1)

static uint32_t head_of(const struct ping_table *table, const struct sdr_addr *addr)
{
	uint64_t a, b;
	memcpy(&a, addr->bytes, 8);
	memcpy(&b, addr->bytes + 8, 8);
	uint64_t mixed = (a ^ b * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
	return (uint32_t)(mixed >> 32) & (table->capacity - 1);
}

static void chain_in(struct ping_table *table, uint32_t id)
{
	uint32_t head = head_of(table, &table->targets[id].addr);
	table->targets[id].chain = table->heads[head];
	table->heads[head] = id;
}

static bool grow(struct ping_table *table, uint32_t id)
{
	uint32_t capacity = table->capacity ? table->capacity : 16;
	while (capacity <= id)
		capacity *= 2;
	if (capacity == table->capacity)
		return true;
	struct ping_target *targets = realloc(table->targets, capacity * sizeof(*targets));
	if (!targets)
		return false;
	memset(targets + table->capacity, 0, (capacity - table->capacity) * sizeof(*targets));
	table->targets = targets;
	uint32_t *heads = realloc(table->heads, capacity * sizeof(*heads));
	if (!heads)
		return false;
	memset(heads, 0xff, capacity * sizeof(*heads)); /* SDR_PING_NONE */
	table->heads = heads;
	uint32_t old = table->capacity;
	table->capacity = capacity;
	for (uint32_t i = 0; i < old; i++)
		if (targets[i].public)
			chain_in(table, i);
	return true;
}

void sdr_ping_table_done(struct ping_table *table)
{
	free(table->targets);
	free(table->heads);
	free(table->sources);
	*table = (struct ping_table){0};
}

struct ping_target *sdr_ping_table_add(struct ping_table *table, const struct sdr_target *public)
{
	if (public->id >= SDR_PING_TARGETS || !grow(table, public->id))
		return NULL;
	struct ping_target *target = &table->targets[public->id];
	*target = (struct ping_target){
		.public = public, .addr = public->addr, .generation = target->generation};
	chain_in(table, public->id);
	return target;
}

static void chain_out(struct ping_table *table, uint32_t id)
{
	uint32_t *at = &table->heads[head_of(table, &table->targets[id].addr)];
	while (*at != id)
		at = &table->targets[*at].chain;
	*at = table->targets[id].chain;
}

void sdr_ping_table_move(struct ping_table *table, uint32_t id, uint32_t sequence)
{
	chain_out(table, id);
	table->targets[id].addr = table->targets[id].public->addr;
	table->targets[id].moved = sequence;
	chain_in(table, id);
}

void sdr_ping_table_remove(struct ping_table *table, uint32_t id)
{
	struct ping_target *target = &table->targets[id];
	chain_out(table, id);
	target->public = NULL;
	target->generation++;
}

enum sdr_status sdr_ping_table_set_source(
	struct ping_table *table, uint32_t id, const struct ping_source *source)
{
	uint16_t number = 0;
	if (source->addr.version == 0 && !*source->name)
		return SDR_OK;
	while (number < table->source_count &&
		(strcmp(table->sources[number].name, source->name) != 0 ||
			sdr_addr_compare(&table->sources[number].addr, &source->addr) != 0))
		number++;
	if (number == table->source_count) {
		struct ping_source *sources = number < UINT16_MAX - 1
			? realloc(table->sources, (number + 1u) * sizeof(*sources))
			: NULL;
		if (!sources)
			return SDR_ENOMEM;
		sources[number] = *source;
		table->sources = sources;
		table->source_count++;
	}
	table->targets[id].source = (uint16_t)(number + 1);
	return SDR_OK;
}

void sdr_ping_table_renew_sources(struct ping_table *table)
{
	for (uint16_t i = 0; i < table->source_count; i++) {
		struct ping_source *source = &table->sources[i];
		uint32_t index = *source->name ? sdr_interface_index(source->name) : 0;
		source->interface = index ? index : source->interface;
	}
}

const struct ping_source *sdr_ping_table_source(
	const struct ping_table *table, const struct ping_target *target)
{
	static const struct ping_source none = {0};
	return target->source > 0 ? &table->sources[target->source - 1] : &none;
}

uint32_t sdr_ping_table_key(const struct ping_table *table, uint32_t id)
{
	return id | table->targets[id].generation << SDR_PING_ID_BITS;
}

struct ping_target *sdr_ping_table_by_id(const struct ping_table *table, uint32_t id)
{
	return id < table->capacity && table->targets[id].public ? &table->targets[id] : NULL;
}

struct ping_target *sdr_ping_table_by_key(const struct ping_table *table, uint32_t key)
{
	uint32_t id = key & ID_MASK;
	return sdr_ping_table_by_id(table, id) && sdr_ping_table_key(table, id) == key
		? &table->targets[id]
		: NULL;
}

static uint32_t matching(const struct ping_table *table, uint32_t id, const struct sdr_addr *addr)
{
	while (id != SDR_PING_NONE && !sdr_ping_same_address(addr, &table->targets[id].addr))
		id = table->targets[id].chain;
	return id;
}

uint32_t sdr_ping_table_first(const struct ping_table *table, const struct sdr_addr *addr)
{
	return table->capacity > 0 ? matching(table, table->heads[head_of(table, addr)], addr)
				   : SDR_PING_NONE;
}

uint32_t sdr_ping_table_next(
	const struct ping_table *table, uint32_t id, const struct sdr_addr *addr)
{
	return matching(table, table->targets[id].chain, addr);
}

bool sdr_ping_same_address(const struct sdr_addr *from, const struct sdr_addr *to)
{
	return from->version == to->version &&
		memcmp(from->bytes, to->bytes, sizeof(from->bytes)) == 0 &&
		(from->scope_id == 0 || to->scope_id == 0 || from->scope_id == to->scope_id);
}

uint64_t sdr_ping_widen(uint64_t last, uint64_t low, unsigned bits)
{
	uint64_t lap = (uint64_t)1 << bits;
	uint64_t sequence = (last & ~(lap - 1)) | low;
	if (sequence > last)
		sequence = sequence >= lap ? sequence - lap : 0;
	return sequence;
}
