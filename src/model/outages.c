/* outages.c - two rings; open entries are found through a map, so that ten thousand losses a second
 * need no search. */
#include "model/outages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE 0

struct outage {
	uint32_t serial;
	sdr_ns at, end;           /* `end` SDR_NS_NONE: it is open */
	struct sdr_outage public; /* `lasted` is computed when read */
};

struct fault {
	uint32_t serial;
	struct sdr_fault public;
};

static uint64_t fault_key(uint32_t serial, enum sdr_outcome outcome)
{
	return (uint64_t)serial << 8 | outcome;
}

static uint32_t next_slot(const struct sdr_ring *ring)
{
	return (uint32_t)(ring->pushed % ring->capacity) + 1;
}

/* The link that leads to the slot with that key, or to NONE. Fibonacci hashing. */
static const uint32_t *link_of(const struct sdr_slot_index *index, uint64_t key)
{
	const uint32_t *link = &index->heads[(key * 0x9e3779b97f4a7c15 >> 32) % SDR_OUTAGES_KEPT];
	while (*link != NONE && index->keys[*link - 1] != key)
		link = &index->next[*link - 1];
	return link;
}

/* Neither the key nor the slot is in the index. */
static void index_add(struct sdr_slot_index *index, uint64_t key, uint32_t slot)
{
	uint32_t *link = (uint32_t *)link_of(index, key);
	index->keys[slot - 1] = key;
	index->next[slot - 1] = NONE;
	*link = slot;
}

static uint32_t index_remove(struct sdr_slot_index *index, uint64_t key)
{
	uint32_t *link = (uint32_t *)link_of(index, key), slot = *link;
	if (slot != NONE)
		*link = index->next[slot - 1];
	return slot;
}

static void *slot_at(const struct sdr_ring *ring, uint32_t slot)
{
	return ring->slots + (slot - 1) * ring->size;
}

enum sdr_status sdr_outages_init(struct sdr_outage_log *log)
{
	memset(log, 0, sizeof(*log));
	if (sdr_ring_init(&log->outages, SDR_OUTAGES_KEPT, sizeof(struct outage)) == SDR_OK &&
		sdr_ring_init(&log->faults, SDR_OUTAGES_KEPT, sizeof(struct fault)) == SDR_OK)
		return SDR_OK;
	sdr_outages_done(log);
	return SDR_ENOMEM;
}

void sdr_outages_done(struct sdr_outage_log *log)
{
	sdr_ring_done(&log->outages);
	sdr_ring_done(&log->faults);
}

enum sdr_status sdr_outages_copy(struct sdr_outage_log *copy, const struct sdr_outage_log *log)
{
	memcpy(copy, log, sizeof(*copy));
	copy->outages = copy->faults = (struct sdr_ring){0};
	if (sdr_ring_copy(&copy->outages, &log->outages) == SDR_OK &&
		sdr_ring_copy(&copy->faults, &log->faults) == SDR_OK)
		return SDR_OK;
	sdr_outages_done(copy);
	return SDR_ENOMEM;
}

void sdr_outages_begin(
	struct sdr_outage_log *log, uint32_t serial, sdr_ns at, sdr_wall wall, const char *why)
{
	uint32_t slot = next_slot(&log->outages);
	struct outage *outage = slot_at(&log->outages, slot);
	if (outage->serial && *link_of(&log->open, outage->serial) == slot)
		index_remove(&log->open, outage->serial);
	index_remove(&log->open, serial);
	outage = sdr_ring_push(&log->outages);
	*outage = (struct outage){
		.serial = serial, .at = at, .end = SDR_NS_NONE, .public = {.from = wall}};
	snprintf(outage->public.why, sizeof(outage->public.why), "%s", why ? why : "");
	index_add(&log->open, serial, slot);
}

void sdr_outages_end(struct sdr_outage_log *log, uint32_t serial, sdr_ns at, sdr_wall wall)
{
	uint32_t slot = index_remove(&log->open, serial);
	if (slot == NONE)
		return;
	struct outage *outage = slot_at(&log->outages, slot);
	outage->end = at;
	outage->public.to = wall;
}

void sdr_outages_explain(struct sdr_outage_log *log, uint32_t serial, const char *why)
{
	uint32_t slot = *link_of(&log->open, serial);
	if (slot == NONE)
		return;
	struct outage *outage = slot_at(&log->outages, slot);
	snprintf(outage->public.why, sizeof(outage->public.why), "%s", why);
}

void sdr_outages_fault(struct sdr_outage_log *log, uint32_t serial, enum sdr_outcome outcome,
	const char *why, sdr_wall when)
{
	uint64_t key = fault_key(serial, outcome);
	uint32_t slot = *link_of(&log->known, key);
	struct fault *fault;
	if (slot == NONE) {
		slot = next_slot(&log->faults);
		fault = slot_at(&log->faults, slot);
		if (fault->serial)
			index_remove(&log->known, fault_key(fault->serial, fault->public.outcome));
		fault = sdr_ring_push(&log->faults);
		index_add(&log->known, key, slot);
		fault->serial = serial;
		fault->public.outcome = outcome;
	}
	fault = slot_at(&log->faults, slot);
	fault->public.count++;
	fault->public.last = when;
	if (why && strncmp(fault->public.why, why, sizeof(fault->public.why) - 1) != 0)
		snprintf(fault->public.why, sizeof(fault->public.why), "%s", why);
}

uint32_t sdr_outages_list(const struct sdr_outage_log *log, uint32_t serial, sdr_ns now,
	struct sdr_outage *outages, uint32_t n)
{
	const struct outage *outage;
	uint32_t found = 0;
	for (uint32_t back = 0; found < n && (outage = sdr_ring_back(&log->outages, back));
		back++) {
		if (outage->serial != serial)
			continue;
		outages[found] = outage->public;
		outages[found++].lasted =
			(outage->end == SDR_NS_NONE ? now : outage->end) - outage->at;
	}
	return found;
}

uint32_t sdr_outages_faults(
	const struct sdr_outage_log *log, uint32_t serial, struct sdr_fault *faults, uint32_t n)
{
	uint32_t found = 0;
	for (unsigned outcome = 0; outcome < SDR_OUTCOME_COUNT && found < n; outcome++) {
		uint32_t slot = *link_of(&log->known, fault_key(serial, (enum sdr_outcome)outcome));
		if (slot != NONE)
			faults[found++] =
				((const struct fault *)slot_at(&log->faults, slot))->public;
	}
	return found;
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static uint32_t count_different(uint32_t *numbers, uint32_t count)
{
	uint32_t different = 0;
	qsort(numbers, count, sizeof(*numbers), by_number);
	for (uint32_t i = 0; i < count; i++)
		different += i == 0 || numbers[i] != numbers[i - 1];
	return different;
}

void sdr_outages_sum(
	const struct sdr_outage_log *log, sdr_ns from, sdr_ns to, struct sdr_outage_sum *sum)
{
	uint32_t serials[SDR_OUTAGES_KEPT], back = 0;
	const struct outage *outage, *oldest = NULL;
	*sum = (struct sdr_outage_sum){0};
	for (; (outage = sdr_ring_back(&log->outages, back)); back++) {
		sdr_ns end = outage->end == SDR_NS_NONE || outage->end > to ? to : outage->end,
		       begin = outage->at > from ? outage->at : from;
		oldest = outage;
		if (end <= begin && !(outage->at >= from && outage->at <= to))
			continue;
		serials[sum->outages++] = outage->serial;
		sum->lasted += end > begin ? end - begin : 0;
	}
	sum->targets = count_different(serials, sum->outages);
	sum->at_least = back == SDR_OUTAGES_KEPT && oldest->at >= from;
}
