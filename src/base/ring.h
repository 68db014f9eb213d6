/* ring.h - the last so many things of one size: a new one drops the oldest. */
#ifndef SOUNDER_BASE_RING_H
#define SOUNDER_BASE_RING_H

#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

struct sdr_ring {
	uint8_t *slots;    /* [capacity * size], owned */
	size_t size;       /* of one element, bytes */
	uint32_t capacity; /* elements */
	uint32_t count;    /* elements held */
	uint64_t pushed;   /* elements ever; the newest is in slot (pushed - 1) % capacity */
};

/* Makes room for `capacity` >= 1 elements of `size` bytes. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_ring_init(struct sdr_ring *ring, uint32_t capacity, size_t size);
SDR_MUST_CHECK enum sdr_status sdr_ring_copy(
	struct sdr_ring *copy, const struct sdr_ring *ring); /* ENOMEM */
void sdr_ring_done(struct sdr_ring *ring);

/* Takes the next slot, the oldest when full, zeroes it and returns it to be filled. */
void *sdr_ring_push(struct sdr_ring *ring);

/* Returns the element `back` before the newest (0 is the newest), or NULL past the oldest. */
void *sdr_ring_back(const struct sdr_ring *ring, uint32_t back);

#endif
