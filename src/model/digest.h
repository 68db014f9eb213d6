/* digest.h (internal) - a minute of one target in a dozen bytes or two: how many probes were lost,
 * and how many round trips were how long.
 *
 * From the longest down, each bucket that counts anything is written as its distance from the one
 * before and its count, in as few bits as these take. What still does not fit is thinned from
 * below: the longest few stay as they are, and of the others, in order of size, one represents 2,
 * 4, 8 ... around it. So counts and the longest are exact; others are off by half such a group of
 * places in their order. */
#ifndef SOUNDER_MODEL_DIGEST_H
#define SOUNDER_MODEL_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/stats.h"

/* The contents of a digest, or of several together. */
struct sdr_counts {
	uint32_t lost, received;       /* probes */
	uint32_t by[SDR_BUCKET_COUNT]; /* round trips by bucket; `received` in all */
};

/* Returns the bytes of a digest of a minute with so many probes; ample: hardly ever is anything
 * thinned. */
uint8_t sdr_digest_size(uint32_t probes, bool ample);

/* Adds a digest's contents to the counts. All-zero: nothing. */
void sdr_digest_add(const uint8_t *digest, size_t size, struct sdr_counts *counts);

/* Writes the counts of a minute into a digest, thinned as it must be. With more than 65,000 probes
 * in the least size: nothing. */
void sdr_digest_write(uint8_t *digest, size_t size, const struct sdr_counts *counts);

/* Returns the bucket in which the share `part` (0..1) of the round trips, of which there is one at
 * least, is reached: nearest rank. */
int sdr_counts_ranked(const struct sdr_counts *counts, double part);

#endif
