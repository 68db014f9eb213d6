/* map.h - a hash map from 64-bit keys to 32-bit values (indices), open addressing, no tombstones.
 *
 * Only sdr_map_reserve allocates, and sdr_map_add when the reserve is used up; finding and removing
 * never do. */
#ifndef SOUNDER_BASE_MAP_H
#define SOUNDER_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

#define SDR_MAP_NONE UINT32_MAX /* no value: may not be stored */

struct sdr_map {
	uint64_t *keys;   /* [capacity], owned */
	uint32_t *values; /* [capacity], owned; SDR_MAP_NONE marks a free slot */
	size_t capacity;  /* a power of two, or 0 */
	size_t count;     /* pairs held; at most 3/4 of the capacity */
};

/* An all-zero struct sdr_map is empty and ready. */
void sdr_map_done(struct sdr_map *map);

/* Makes room for `count` pairs in all. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_map_reserve(struct sdr_map *map, size_t count);

/* Stores or replaces. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_map_add(struct sdr_map *map, uint64_t key, uint32_t value);

/* Returns the value, or SDR_MAP_NONE. */
uint32_t sdr_map_find(const struct sdr_map *map, uint64_t key);

/* Removes the pair and returns its value, or SDR_MAP_NONE. */
uint32_t sdr_map_remove(struct sdr_map *map, uint64_t key);

#endif
