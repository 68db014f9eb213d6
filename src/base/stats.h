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

#define SDR_SKETCH_BUCKETS 128

/* How many round trips were how long: buckets 8.5 % wide, of which 128 in a row are kept (1 to 30,000). They follow the data as long
 * as none has to be given up; what lies outside counts in the first or last. Counts are halved when one is full. All-zero: empty. */
struct sdr_sketch {
	uint16_t counts[SDR_SKETCH_BUCKETS]; /* by bucket, from `base` on */
	uint8_t base;                        /* number of the first bucket: the code's upper 8 bits */
	uint32_t total;                      /* sum of the counts */
};

void sdr_sketch_add(struct sdr_sketch *sketch, sdr_ns rtt);

/* Returns the value below or at which the share `part` (0..1) lies, within 5 %; SDR_NS_NONE if empty. */
sdr_ns sdr_sketch_percentile(const struct sdr_sketch *sketch, double part);

#endif
