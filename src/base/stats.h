/* stats.h - figures of round trips in constant memory: mean and deviation, jitter, and percentiles within 5 %. */
#ifndef SOUNDER_BASE_STATS_H
#define SOUNDER_BASE_STATS_H

#include <stdint.h>

#include "sounder/clock.h"

/* Mean, extremes, deviation and jitter. All-zero: empty. */
struct sdr_stats {
	uint64_t count;  /* round trips */
	double mean, m2; /* ns; sum of squared differences from the mean (Welford 1962) */
	double jitter;   /* ns, RFC 3550 sec. 6.4.1, begun with the first difference */
	sdr_ns min, max; /* valid if count > 0 */
	sdr_ns last;     /* the latest, for the jitter */
};

/* Takes one round trip, in the order of arrival. */
void sdr_stats_add(struct sdr_stats *stats, sdr_ns rtt);

/* Return SDR_NS_NONE where there are too few (none; for jitter fewer than two). Deviation is of the population, as iputils' mdev. */
sdr_ns sdr_stats_min(const struct sdr_stats *stats);
sdr_ns sdr_stats_avg(const struct sdr_stats *stats);
sdr_ns sdr_stats_max(const struct sdr_stats *stats);
sdr_ns sdr_stats_mdev(const struct sdr_stats *stats);
sdr_ns sdr_stats_jitter(const struct sdr_stats *stats);

/* A round trip in 12 bits: logarithmic from 1 us to 1000 s, beyond which it is clamped; off by 0.26 % at most. */
#define SDR_CODE_MAX 4091

uint16_t sdr_code_of(sdr_ns rtt);
sdr_ns sdr_code_value(uint16_t code); /* 0..SDR_CODE_MAX */

#define SDR_SKETCH_BUCKETS 84 /* kept */
#define SDR_SKETCH_ALL 228    /* there are: 4092 codes, 18 to a bucket */

/* How many round trips were how long: buckets 9.6 % wide, of which 84 in a row are kept (1 to 2,100). They follow the data; where it spreads
 * wider, the least go together into the lowest. When a count is full all are halved, and from then on one round trip in 2, 4, 8 ... is
 * taken, so that shares stay those of the whole. All-zero: empty. */
struct sdr_sketch {
	uint16_t counts[SDR_SKETCH_BUCKETS]; /* by bucket, from `base` on */
	uint16_t seen;                       /* round trips, modulo 2^16 */
	uint8_t base;                        /* number of the first bucket */
	uint8_t halvings;                    /* one round trip in 2^halvings is taken */
};

void sdr_sketch_add(struct sdr_sketch *sketch, sdr_ns rtt);

/* Returns the value below or at which the share `part` (0..1) lies, within 5 %; SDR_NS_NONE if empty. */
sdr_ns sdr_sketch_percentile(const struct sdr_sketch *sketch, double part);

/* The number of a round trip's bucket, the round trip in the middle of a bucket, and which bucket to keep first where one is all there is. */
int sdr_sketch_bucket(sdr_ns rtt);
sdr_ns sdr_sketch_middle(int bucket);
int sdr_sketch_first(int bucket);

#endif
