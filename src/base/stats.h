/* stats.h - figures of round trips in constant memory: mean and deviation, jitter, and percentiles
 * within 5 %. */
#ifndef SOUNDER_BASE_STATS_H
#define SOUNDER_BASE_STATS_H

#include <stdint.h>

#include "base/pack.h"
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

/* Return SDR_NS_NONE where there are too few (none; for jitter fewer than two). Deviation is of the
 * population, as iputils' mdev. */
sdr_ns sdr_stats_min(const struct sdr_stats *stats);
sdr_ns sdr_stats_avg(const struct sdr_stats *stats);
sdr_ns sdr_stats_max(const struct sdr_stats *stats);
sdr_ns sdr_stats_mdev(const struct sdr_stats *stats);
sdr_ns sdr_stats_jitter(const struct sdr_stats *stats);

/* A round trip in 12 bits: logarithmic from 1 us to 1000 s, beyond which it is clamped; off by 0.26
 * % at most. */
#define SDR_CODE_MAX 4091

uint16_t sdr_code_of(sdr_ns rtt);
sdr_ns sdr_code_value(uint16_t code); /* 0..SDR_CODE_MAX */

/* Codes go together into buckets 9.6 % wide. The middle of a bucket is within 5 % of all that is in
 * it. */
#define SDR_BUCKET_CODES 18 /* 2^(18 / 136.8): 9.6 % */
#define SDR_BUCKET_COUNT 228

static inline int sdr_bucket_of(uint16_t code)
{
	return code / SDR_BUCKET_CODES;
}

sdr_ns sdr_bucket_middle(int bucket);

#define SDR_SKETCH_BUCKETS 84 /* kept; even */

/* How many round trips were how long: 84 buckets in a row are kept (1 to 2,100). They follow the
 * data; where it spreads wider, the least go together into the lowest up to a third of all, then
 * those at the end with the fewer. When a count is full all are halved, and from then on one round
 * trip in 2, 4, 8 ... is taken, so that shares stay those of the whole: exact up to 4,095 in one
 * bucket, then as when some thousands are drawn at random. All-zero: empty. */
struct sdr_sketch {
	uint8_t counts[SDR_PACK_BYTES(
		SDR_SKETCH_BUCKETS)]; /* by bucket, from `base` on, 12 bits each */
	uint8_t base;                 /* number of the first bucket */
	uint8_t halvings;             /* one round trip in 2^halvings is taken */
};

/* Takes a round trip, of which `before` came before it. */
void sdr_sketch_add(struct sdr_sketch *sketch, uint64_t before, uint16_t code);

/* Returns the value below or at which the share `part` (0..1) lies, within 5 %; SDR_NS_NONE if
 * empty. */
sdr_ns sdr_sketch_percentile(const struct sdr_sketch *sketch, double part);

#endif
