/* ring.c - a fixed array written round and round. */
#include "base/ring.h"

#include <stdlib.h>
#include <string.h>

enum sdr_status sdr_ring_init(struct sdr_ring *ring, uint32_t capacity, size_t size)
{
	uint8_t *slots = calloc(capacity, size);
	if (!slots)
		return SDR_ENOMEM;
	*ring = (struct sdr_ring){.slots = slots, .size = size, .capacity = capacity};
	return SDR_OK;
}

enum sdr_status sdr_ring_copy(struct sdr_ring *copy, const struct sdr_ring *ring)
{
	enum sdr_status status = sdr_ring_init(copy, ring->capacity, ring->size);
	if (status != SDR_OK)
		return status;
	memcpy(copy->slots, ring->slots, ring->count * ring->size);
	copy->count = ring->count;
	copy->pushed = ring->pushed;
	return SDR_OK;
}

void sdr_ring_done(struct sdr_ring *ring)
{
	free(ring->slots);
	*ring = (struct sdr_ring){0};
}

void *sdr_ring_push(struct sdr_ring *ring)
{
	void *slot = ring->slots + ring->pushed % ring->capacity * ring->size;
	ring->pushed++;
	if (ring->count < ring->capacity)
		ring->count++;
	memset(slot, 0, ring->size);
	return slot;
}

void *sdr_ring_back(const struct sdr_ring *ring, uint32_t back)
{
	if (back >= ring->count)
		return NULL;
	return ring->slots + (ring->pushed - 1 - back) % ring->capacity * ring->size;
}
