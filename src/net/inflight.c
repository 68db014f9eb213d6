/* inflight.c - a pool of entries, a hash over (target, sequence), and a wheel of 4 ms slots for
 * what is due. */
#include "net/inflight.h"

#include <stdlib.h>
#include <string.h>

#define SLOT (4 * SDR_MS)
#define SLOTS 2048u /* 8.2 s; later ones stay for another round */
#define READY SLOTS
#define FIRST (1u << 31)
#define CAPACITY_MIN 256u
/* Entries a chain, were all that is reserved in flight; mostly a tenth of that is, and the heads
 * stay in the cache. */
#define HEAD_SHARE 8

static uint32_t head_of(const struct inflight *table, uint32_t target, uint64_t sequence)
{
	uint64_t mixed = (target + sequence * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
	return (uint32_t)(mixed >> 32) & table->head_mask;
}

static void unlink_entry(struct inflight *table, struct inflight_entry *entry)
{
	if (entry->previous & FIRST)
		table->slots[entry->previous & ~FIRST] = entry->next;
	else
		table->entries[entry->previous].next = entry->next;
	if (entry->next != SDR_INFLIGHT_NONE)
		table->entries[entry->next].previous = entry->previous;
}

static void link_entry(struct inflight *table, uint32_t index, uint32_t slot)
{
	struct inflight_entry *entry = &table->entries[index];
	if (entry->due < table->nothing)
		table->nothing = entry->due;
	entry->next = table->slots[slot];
	entry->previous = FIRST | slot;
	if (entry->next != SDR_INFLIGHT_NONE)
		table->entries[entry->next].previous = index;
	table->slots[slot] = index;
}

/* What is due before the wheel's present place goes into the next slot. */
static uint32_t slot_of(const struct inflight *table, sdr_ns due)
{
	sdr_ns at = due > table->turned ? due : table->turned;
	return (uint32_t)(at / SLOT) % SLOTS;
}

static enum sdr_status grow(struct inflight *table, uint32_t need)
{
	uint32_t capacity = table->capacity ? table->capacity : CAPACITY_MIN;
	while (capacity < need && capacity < FIRST / 2)
		capacity *= 2;
	if (capacity < need)
		return SDR_ENOMEM;
	struct inflight_entry *entries = realloc(table->entries, capacity * sizeof(*entries));
	if (!entries)
		return SDR_ENOMEM;
	table->entries = entries;
	uint32_t count = capacity / HEAD_SHARE;
	uint32_t *heads = malloc(count * sizeof(*heads));
	if (!heads)
		return SDR_ENOMEM;
	memset(heads, 0xff, count * sizeof(*heads)); /* SDR_INFLIGHT_NONE */
	uint32_t old = table->heads ? table->head_mask + 1 : 0;
	table->head_mask = count - 1;
	for (uint32_t i = 0; i < old; i++) {
		for (uint32_t at = table->heads[i], after; at != SDR_INFLIGHT_NONE; at = after) {
			uint32_t head = head_of(table, entries[at].target, entries[at].sequence);
			after = entries[at].chain;
			entries[at].chain = heads[head];
			heads[head] = at;
		}
	}
	free(table->heads);
	table->heads = heads;
	table->capacity = capacity;
	return SDR_OK;
}

enum sdr_status sdr_inflight_init(struct inflight *table, sdr_ns late_window, sdr_ns now)
{
	*table = (struct inflight){
		.late_window = late_window, .turned = now, .free = SDR_INFLIGHT_NONE};
	table->slots = malloc((SLOTS + 1) * sizeof(*table->slots));
	if (!table->slots || grow(table, CAPACITY_MIN) != SDR_OK) {
		sdr_inflight_done(table);
		return SDR_ENOMEM;
	}
	memset(table->slots, 0xff, (SLOTS + 1) * sizeof(*table->slots));
	return SDR_OK;
}

void sdr_inflight_done(struct inflight *table)
{
	free(table->entries);
	free(table->heads);
	free(table->slots);
	*table = (struct inflight){.free = SDR_INFLIGHT_NONE};
}

enum sdr_status sdr_inflight_reserve(struct inflight *table, uint32_t count)
{
	if (count > FIRST / 2 - table->reserved)
		return SDR_ENOMEM;
	if (table->reserved + count > table->capacity &&
		grow(table, table->reserved + count) != SDR_OK)
		return SDR_ENOMEM;
	table->reserved += count;
	return SDR_OK;
}

void sdr_inflight_release(struct inflight *table, uint32_t count)
{
	table->reserved -= count;
}

static uint32_t take_free(struct inflight *table)
{
	uint32_t index = table->free;
	if (index != SDR_INFLIGHT_NONE) {
		table->free = table->entries[index].chain;
		return index;
	}
	/* Targets that ended leave their last probes here for a while, beside those of who came
	 * after them. */
	if (table->touched == table->capacity && grow(table, table->capacity + 1) != SDR_OK)
		return SDR_INFLIGHT_NONE;
	return table->touched++;
}

uint32_t sdr_inflight_add(
	struct inflight *table, uint32_t target, uint64_t sequence, sdr_ns sent, sdr_ns timeout)
{
	uint32_t index = take_free(table);
	if (index == SDR_INFLIGHT_NONE)
		return index;
	uint32_t head = head_of(table, target, sequence);
	table->entries[index] = (struct inflight_entry){.sequence = sequence,
		.target = target,
		.chain = table->heads[head],
		.sent = sent,
		.stamp = SDR_NS_NONE,
		.due = sent + timeout};
	table->heads[head] = index;
	link_entry(table, index, slot_of(table, sent + timeout));
	table->count++;
	return index;
}

uint32_t sdr_inflight_find(const struct inflight *table, uint32_t target, uint64_t sequence)
{
	uint32_t index = table->heads[head_of(table, target, sequence)];
	while (index != SDR_INFLIGHT_NONE) {
		const struct inflight_entry *entry = &table->entries[index];
		if (entry->sequence == sequence && entry->target == target)
			break;
		index = entry->chain;
	}
	return index;
}

void sdr_inflight_remove(struct inflight *table, uint32_t index)
{
	struct inflight_entry *entry = &table->entries[index];
	uint32_t *at = &table->heads[head_of(table, entry->target, entry->sequence)];
	while (*at != index)
		at = &table->entries[*at].chain;
	*at = entry->chain;
	unlink_entry(table, entry);
	table->late -= entry->late;
	entry->late = false;
	entry->target = UINT32_MAX;
	entry->sequence = 0;
	entry->chain = table->free;
	table->free = index;
	table->count--;
}

/* Moves what is due into the list of the ready. */
static void advance(struct inflight *table, sdr_ns now)
{
	sdr_ns from = table->turned / SLOT, to = now / SLOT;
	if (to - from >= (sdr_ns)SLOTS)
		from = to - SLOTS + 1;
	for (sdr_ns slot = from; slot <= to; slot++) {
		uint32_t after;
		for (uint32_t index = table->slots[slot % SLOTS]; index != SDR_INFLIGHT_NONE;
			index = after) {
			struct inflight_entry *entry = &table->entries[index];
			after = entry->next;
			if (entry->due > now)
				continue;
			unlink_entry(table, entry);
			link_entry(table, index, READY);
		}
	}
	if (now > table->turned)
		table->turned = now;
}

static void make_late(struct inflight *table, uint32_t index)
{
	struct inflight_entry *entry = &table->entries[index];
	entry->late = true;
	table->late++;
	entry->due += table->late_window;
	unlink_entry(table, entry);
	link_entry(table, index, slot_of(table, entry->due));
}

void sdr_inflight_fail(struct inflight *table, uint32_t index)
{
	table->entries[index].failed = true;
	make_late(table, index);
}

uint32_t sdr_inflight_expire(struct inflight *table, sdr_ns now)
{
	for (;;) {
		if (table->slots[READY] == SDR_INFLIGHT_NONE)
			advance(table, now);
		uint32_t index = table->slots[READY];
		if (index == SDR_INFLIGHT_NONE)
			return index;
		struct inflight_entry *entry = &table->entries[index];
		if (entry->late) {
			sdr_inflight_remove(table, index);
			continue;
		}
		make_late(table, index);
		return index;
	}
}

sdr_ns sdr_inflight_next(struct inflight *table)
{
	if (table->count == 0)
		return SDR_NS_NONE;
	if (table->slots[READY] != SDR_INFLIGHT_NONE)
		return table->turned;
	sdr_ns from = (table->nothing > table->turned ? table->nothing : table->turned) / SLOT;
	for (sdr_ns slot = from; slot < from + (sdr_ns)SLOTS; slot++) {
		if (table->slots[slot % SLOTS] == SDR_INFLIGHT_NONE)
			continue;
		table->nothing = slot * SLOT;
		return (slot + 1) * SLOT;
	}
	return table->turned;
}
