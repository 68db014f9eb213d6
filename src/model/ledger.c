/* ledger.c - two rings; what still changes in them is found through a map, so that ten thousand losses a second cost no walk. */
#include "model/ledger.h"

#include <stdio.h>
#include <string.h>

#define KEPT 4096

struct outage {
	uint32_t serial;
	sdr_ns at, end;         /* `end` SDR_NS_NONE: it goes on */
	struct sdr_outage face; /* `lasted` is reckoned when asked for */
};

struct fault {
	uint32_t serial;
	struct sdr_fault face;
};

static uint64_t fault_key(uint32_t serial, enum sdr_outcome outcome)
{
	return (uint64_t)serial << 8 | outcome;
}

static uint32_t next_slot(const struct sdr_ring *ring)
{
	return (uint32_t)(ring->pushed % ring->capacity);
}

static void *slot_at(const struct sdr_ring *ring, uint32_t slot)
{
	return ring->slots + slot * ring->size;
}

enum sdr_status sdr_ledger_init(struct sdr_ledger *ledger)
{
	*ledger = (struct sdr_ledger){0};
	if (sdr_ring_init(&ledger->outages, KEPT, sizeof(struct outage)) == SDR_OK &&
		sdr_ring_init(&ledger->faults, KEPT, sizeof(struct fault)) == SDR_OK && sdr_map_reserve(&ledger->open, KEPT) == SDR_OK &&
		sdr_map_reserve(&ledger->known, KEPT) == SDR_OK)
		return SDR_OK;
	sdr_ledger_done(ledger);
	return SDR_ENOMEM;
}

void sdr_ledger_done(struct sdr_ledger *ledger)
{
	sdr_ring_done(&ledger->outages);
	sdr_ring_done(&ledger->faults);
	sdr_map_done(&ledger->open);
	sdr_map_done(&ledger->known);
}

static enum sdr_status copy_map(struct sdr_map *copy, const struct sdr_map *map)
{
	enum sdr_status status = sdr_map_reserve(copy, map->count);
	for (size_t i = 0; i < map->capacity && status == SDR_OK; i++)
		if (map->values[i] != SDR_MAP_NONE)
			status = sdr_map_add(copy, map->keys[i], map->values[i]);
	return status;
}

enum sdr_status sdr_ledger_copy(struct sdr_ledger *copy, const struct sdr_ledger *ledger)
{
	*copy = (struct sdr_ledger){0};
	if (sdr_ring_copy(&copy->outages, &ledger->outages) == SDR_OK && sdr_ring_copy(&copy->faults, &ledger->faults) == SDR_OK &&
		copy_map(&copy->open, &ledger->open) == SDR_OK && copy_map(&copy->known, &ledger->known) == SDR_OK)
		return SDR_OK;
	sdr_ledger_done(copy);
	return SDR_ENOMEM;
}

void sdr_ledger_begin(struct sdr_ledger *ledger, uint32_t serial, sdr_ns at, sdr_wall wall, const char *why)
{
	uint32_t slot = next_slot(&ledger->outages);
	struct outage *outage = slot_at(&ledger->outages, slot);
	if (outage->serial && outage->end == SDR_NS_NONE)
		sdr_map_remove(&ledger->open, outage->serial);
	outage = sdr_ring_push(&ledger->outages);
	*outage = (struct outage){.serial = serial, .at = at, .end = SDR_NS_NONE, .face = {.from = wall}};
	snprintf(outage->face.why, sizeof outage->face.why, "%s", why ? why : "");
	/* The reserve is for as many as the ring holds, so there is room. */
	if (sdr_map_add(&ledger->open, serial, slot) != SDR_OK)
		outage->end = at;
}

void sdr_ledger_end(struct sdr_ledger *ledger, uint32_t serial, sdr_ns at, sdr_wall wall)
{
	uint32_t slot = sdr_map_remove(&ledger->open, serial);
	if (slot == SDR_MAP_NONE)
		return;
	struct outage *outage = slot_at(&ledger->outages, slot);
	outage->end = at;
	outage->face.to = wall;
}

void sdr_ledger_explain(struct sdr_ledger *ledger, uint32_t serial, const char *why)
{
	uint32_t slot = sdr_map_find(&ledger->open, serial);
	if (slot == SDR_MAP_NONE)
		return;
	struct outage *outage = slot_at(&ledger->outages, slot);
	snprintf(outage->face.why, sizeof outage->face.why, "%s", why);
}

void sdr_ledger_fault(struct sdr_ledger *ledger, uint32_t serial, enum sdr_outcome outcome, const char *why, sdr_wall when)
{
	uint64_t key = fault_key(serial, outcome);
	uint32_t slot = sdr_map_find(&ledger->known, key);
	struct fault *fault;
	if (slot == SDR_MAP_NONE) {
		slot = next_slot(&ledger->faults);
		fault = slot_at(&ledger->faults, slot);
		if (fault->serial)
			sdr_map_remove(&ledger->known, fault_key(fault->serial, fault->face.outcome));
		fault = sdr_ring_push(&ledger->faults);
		if (sdr_map_add(&ledger->known, key, slot) != SDR_OK)
			return;
		fault->serial = serial;
		fault->face.outcome = outcome;
	}
	fault = slot_at(&ledger->faults, slot);
	fault->face.count++;
	fault->face.last = when;
	if (why && strncmp(fault->face.why, why, sizeof fault->face.why - 1) != 0)
		snprintf(fault->face.why, sizeof fault->face.why, "%s", why);
}

uint32_t sdr_ledger_outages(const struct sdr_ledger *ledger, uint32_t serial, sdr_ns now, struct sdr_outage *outages, uint32_t n)
{
	const struct outage *outage;
	uint32_t found = 0;
	for (uint32_t back = 0; found < n && (outage = sdr_ring_back(&ledger->outages, back)); back++) {
		if (outage->serial != serial)
			continue;
		outages[found] = outage->face;
		outages[found++].lasted = (outage->end == SDR_NS_NONE ? now : outage->end) - outage->at;
	}
	return found;
}

uint32_t sdr_ledger_faults(const struct sdr_ledger *ledger, uint32_t serial, struct sdr_fault *faults, uint32_t n)
{
	uint32_t found = 0;
	for (unsigned outcome = 0; outcome < SDR_OUTCOME_COUNT && found < n; outcome++) {
		uint32_t slot = sdr_map_find(&ledger->known, fault_key(serial, (enum sdr_outcome)outcome));
		if (slot != SDR_MAP_NONE)
			faults[found++] = ((const struct fault *)slot_at(&ledger->faults, slot))->face;
	}
	return found;
}
