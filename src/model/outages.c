/* outages.c - two rings; open entries are found through a map, so that ten thousand losses a second
 * need no search. */
#include "model/outages.h"

#include <stdio.h>
#include <string.h>

#define KEPT 4096

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
	return (uint32_t)(ring->pushed % ring->capacity);
}

static void *slot_at(const struct sdr_ring *ring, uint32_t slot)
{
	return ring->slots + slot * ring->size;
}

enum sdr_status sdr_outages_init(struct sdr_outage_log *log)
{
	*log = (struct sdr_outage_log){0};
	if (sdr_ring_init(&log->outages, KEPT, sizeof(struct outage)) == SDR_OK &&
		sdr_ring_init(&log->faults, KEPT, sizeof(struct fault)) == SDR_OK &&
		sdr_map_reserve(&log->open, KEPT) == SDR_OK &&
		sdr_map_reserve(&log->known, KEPT) == SDR_OK)
		return SDR_OK;
	sdr_outages_done(log);
	return SDR_ENOMEM;
}

void sdr_outages_done(struct sdr_outage_log *log)
{
	sdr_ring_done(&log->outages);
	sdr_ring_done(&log->faults);
	sdr_map_done(&log->open);
	sdr_map_done(&log->known);
}

static enum sdr_status copy_map(struct sdr_map *copy, const struct sdr_map *map)
{
	enum sdr_status status = sdr_map_reserve(copy, map->count);
	for (size_t i = 0; i < map->capacity && status == SDR_OK; i++)
		if (map->values[i] != SDR_MAP_NONE)
			status = sdr_map_add(copy, map->keys[i], map->values[i]);
	return status;
}

enum sdr_status sdr_outages_copy(struct sdr_outage_log *copy, const struct sdr_outage_log *log)
{
	*copy = (struct sdr_outage_log){0};
	if (sdr_ring_copy(&copy->outages, &log->outages) == SDR_OK &&
		sdr_ring_copy(&copy->faults, &log->faults) == SDR_OK &&
		copy_map(&copy->open, &log->open) == SDR_OK &&
		copy_map(&copy->known, &log->known) == SDR_OK)
		return SDR_OK;
	sdr_outages_done(copy);
	return SDR_ENOMEM;
}

void sdr_outages_begin(
	struct sdr_outage_log *log, uint32_t serial, sdr_ns at, sdr_wall wall, const char *why)
{
	uint32_t slot = next_slot(&log->outages);
	struct outage *outage = slot_at(&log->outages, slot);
	if (outage->serial && outage->end == SDR_NS_NONE)
		sdr_map_remove(&log->open, outage->serial);
	outage = sdr_ring_push(&log->outages);
	*outage = (struct outage){
		.serial = serial, .at = at, .end = SDR_NS_NONE, .public = {.from = wall}};
	snprintf(outage->public.why, sizeof(outage->public.why), "%s", why ? why : "");
	/* The reserve is for as many as the ring holds, so there is room. */
	if (sdr_map_add(&log->open, serial, slot) != SDR_OK)
		outage->end = at;
}

void sdr_outages_end(struct sdr_outage_log *log, uint32_t serial, sdr_ns at, sdr_wall wall)
{
	uint32_t slot = sdr_map_remove(&log->open, serial);
	if (slot == SDR_MAP_NONE)
		return;
	struct outage *outage = slot_at(&log->outages, slot);
	outage->end = at;
	outage->public.to = wall;
}

void sdr_outages_explain(struct sdr_outage_log *log, uint32_t serial, const char *why)
{
	uint32_t slot = sdr_map_find(&log->open, serial);
	if (slot == SDR_MAP_NONE)
		return;
	struct outage *outage = slot_at(&log->outages, slot);
	snprintf(outage->public.why, sizeof(outage->public.why), "%s", why);
}

void sdr_outages_fault(struct sdr_outage_log *log, uint32_t serial, enum sdr_outcome outcome,
	const char *why, sdr_wall when)
{
	uint64_t key = fault_key(serial, outcome);
	uint32_t slot = sdr_map_find(&log->known, key);
	struct fault *fault;
	if (slot == SDR_MAP_NONE) {
		slot = next_slot(&log->faults);
		fault = slot_at(&log->faults, slot);
		if (fault->serial)
			sdr_map_remove(
				&log->known, fault_key(fault->serial, fault->public.outcome));
		fault = sdr_ring_push(&log->faults);
		if (sdr_map_add(&log->known, key, slot) != SDR_OK)
			return;
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
		uint32_t slot =
			sdr_map_find(&log->known, fault_key(serial, (enum sdr_outcome)outcome));
		if (slot != SDR_MAP_NONE)
			faults[found++] =
				((const struct fault *)slot_at(&log->faults, slot))->public;
	}
	return found;
}
