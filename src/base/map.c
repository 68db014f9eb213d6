/* map.c - linear probing; removing moves later pairs of the run back into the hole, so runs never
 * hold dead slots. */
#include "base/map.h"

#include <stdlib.h>

#define CAPACITY_MIN ((size_t)16)

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static size_t home_of(const struct sdr_map *map, uint64_t key)
{
	return (size_t)mix(key) & (map->capacity - 1);
}

/* The slot of the key, or the free slot where it would go. The capacity is not 0. */
static size_t slot_of(const struct sdr_map *map, uint64_t key)
{
	size_t i = home_of(map, key);
	while (map->values[i] != SDR_MAP_NONE && map->keys[i] != key)
		i = (i + 1) & (map->capacity - 1);
	return i;
}

void sdr_map_done(struct sdr_map *map)
{
	free(map->keys);
	free(map->values);
	*map = (struct sdr_map){0};
}

static enum sdr_status grow(struct sdr_map *map, size_t capacity)
{
	struct sdr_map larger = {.keys = calloc(capacity, sizeof(*map->keys)),
		.values = calloc(capacity, sizeof(*map->values)),
		.capacity = capacity};
	if (!larger.keys || !larger.values) {
		sdr_map_done(&larger);
		return SDR_ENOMEM;
	}
	for (size_t i = 0; i < capacity; i++)
		larger.values[i] = SDR_MAP_NONE;
	for (size_t i = 0; i < map->capacity; i++) {
		if (map->values[i] == SDR_MAP_NONE)
			continue;
		size_t slot = slot_of(&larger, map->keys[i]);
		larger.keys[slot] = map->keys[i];
		larger.values[slot] = map->values[i];
	}
	larger.count = map->count;
	sdr_map_done(map);
	*map = larger;
	return SDR_OK;
}

enum sdr_status sdr_map_reserve(struct sdr_map *map, size_t count)
{
	size_t capacity = map->capacity ? map->capacity : CAPACITY_MIN;
	if (count > SIZE_MAX / 64)
		return SDR_ENOMEM;
	while (capacity / 4 * 3 < count)
		capacity *= 2;
	return capacity == map->capacity ? SDR_OK : grow(map, capacity);
}

enum sdr_status sdr_map_add(struct sdr_map *map, uint64_t key, uint32_t value)
{
	enum sdr_status status = sdr_map_reserve(map, map->count + 1);
	if (status != SDR_OK)
		return status;
	size_t slot = slot_of(map, key);
	map->count += map->values[slot] ==
		SDR_MAP_NONE; /* NOLINT(clang-analyzer-unix.Malloc): grow leaves no old array */
	map->keys[slot] = key;
	map->values[slot] = value;
	return SDR_OK;
}

uint32_t sdr_map_find(const struct sdr_map *map, uint64_t key)
{
	return map->capacity ? map->values[slot_of(map, key)] : SDR_MAP_NONE;
}

uint32_t sdr_map_remove(struct sdr_map *map, uint64_t key)
{
	if (map->capacity == 0)
		return SDR_MAP_NONE;
	size_t mask = map->capacity - 1, hole = slot_of(map, key);
	uint32_t value = map->values[hole];
	if (value == SDR_MAP_NONE)
		return value;
	for (size_t i = (hole + 1) & mask; map->values[i] != SDR_MAP_NONE; i = (i + 1) & mask) {
		/* A pair may move back to the hole if its home is not between the two. */
		if (((i - home_of(map, map->keys[i])) & mask) < ((i - hole) & mask))
			continue;
		map->keys[hole] = map->keys[i];
		map->values[hole] = map->values[i];
		hole = i;
	}
	map->values[hole] = SDR_MAP_NONE;
	map->count--;
	return value;
}
