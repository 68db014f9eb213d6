/* stats.c - running figures of round trips. */
#include "base/stats.h"

#include <math.h>
#include <string.h>

#define CODE_FLOOR SDR_US
#define CODE_STEPS 136.8  /* codes an octave: 4091 of them make 29.9 octaves, a factor of 10^9 */
#define CODES_A_BUCKET 16 /* 2^(16 / 136.8): 8.5 % */
#define BUCKET_LAST (SDR_CODE_MAX / CODES_A_BUCKET)

void sdr_stats_add(struct sdr_stats *stats, sdr_ns rtt)
{
	double difference = fabs((double)(rtt - stats->last));
	if (stats->count == 1)
		stats->jitter = difference;
	else if (stats->count > 1)
		stats->jitter += (difference - stats->jitter) / 16;
	if (stats->count == 0 || rtt < stats->min)
		stats->min = rtt;
	if (stats->count == 0 || rtt > stats->max)
		stats->max = rtt;
	stats->last = rtt;
	stats->count++;
	double delta = (double)rtt - stats->mean;
	stats->mean += delta / (double)stats->count;
	stats->m2 += delta * ((double)rtt - stats->mean);
}

sdr_ns sdr_stats_min(const struct sdr_stats *stats)
{
	return stats->count ? stats->min : SDR_NS_NONE;
}

sdr_ns sdr_stats_avg(const struct sdr_stats *stats)
{
	return stats->count ? llround(stats->mean) : SDR_NS_NONE;
}

sdr_ns sdr_stats_max(const struct sdr_stats *stats)
{
	return stats->count ? stats->max : SDR_NS_NONE;
}

sdr_ns sdr_stats_mdev(const struct sdr_stats *stats)
{
	return stats->count ? llround(sqrt(fmax(stats->m2, 0) / (double)stats->count)) : SDR_NS_NONE;
}

sdr_ns sdr_stats_jitter(const struct sdr_stats *stats)
{
	return stats->count > 1 ? llround(stats->jitter) : SDR_NS_NONE;
}

uint16_t sdr_code_of(sdr_ns rtt)
{
	if (rtt <= CODE_FLOOR)
		return 0;
	double code = log2((double)rtt / (double)CODE_FLOOR) * CODE_STEPS;
	return code >= SDR_CODE_MAX ? SDR_CODE_MAX : (uint16_t)lround(code);
}

sdr_ns sdr_code_value(uint16_t code)
{
	return llround((double)CODE_FLOOR * exp2(code / CODE_STEPS));
}

/* Moves the kept buckets so that `bucket` is among them, if no count falls off the other end. */
static void follow(struct sdr_sketch *sketch, int bucket)
{
	int first = 0, last = SDR_SKETCH_BUCKETS - 1, base = sketch->base;
	while (sketch->counts[first] == 0)
		first++;
	while (sketch->counts[last] == 0)
		last--;
	int low = base + first < bucket ? base + first : bucket, high = base + last > bucket ? base + last : bucket;
	if (high - low >= SDR_SKETCH_BUCKETS)
		return;
	/* In the middle of what is kept, so that it need not move again soon. */
	int to = (low + high - SDR_SKETCH_BUCKETS) / 2 + 1;
	to = to > low ? low : to;
	to = to < 0 ? 0 : to > BUCKET_LAST + 1 - SDR_SKETCH_BUCKETS ? BUCKET_LAST + 1 - SDR_SKETCH_BUCKETS : to;
	uint16_t counts[SDR_SKETCH_BUCKETS] = {0};
	memcpy(&counts[base + first - to], &sketch->counts[first], (size_t)(last - first + 1) * sizeof *counts);
	memcpy(sketch->counts, counts, sizeof counts);
	sketch->base = (uint8_t)to;
}

static void halve(struct sdr_sketch *sketch)
{
	sketch->total = 0;
	for (int i = 0; i < SDR_SKETCH_BUCKETS; i++)
		sketch->total += sketch->counts[i] /= 2;
}

void sdr_sketch_add(struct sdr_sketch *sketch, sdr_ns rtt)
{
	int bucket = sdr_code_of(rtt) / CODES_A_BUCKET, last = BUCKET_LAST + 1 - SDR_SKETCH_BUCKETS;
	if (sketch->total == 0)
		sketch->base = (uint8_t)(bucket < SDR_SKETCH_BUCKETS / 2 ? 0
				: bucket - SDR_SKETCH_BUCKETS / 2 > last ? last
									 : bucket - SDR_SKETCH_BUCKETS / 2);
	else if (bucket < sketch->base || bucket >= sketch->base + SDR_SKETCH_BUCKETS)
		follow(sketch, bucket);
	int i = bucket - sketch->base;
	i = i < 0 ? 0 : i >= SDR_SKETCH_BUCKETS ? SDR_SKETCH_BUCKETS - 1 : i;
	if (sketch->counts[i] == UINT16_MAX)
		halve(sketch);
	sketch->counts[i]++;
	sketch->total++;
}

sdr_ns sdr_sketch_percentile(const struct sdr_sketch *sketch, double part)
{
	if (sketch->total == 0)
		return SDR_NS_NONE;
	double rank = fmax(ceil(part * sketch->total), 1);
	uint32_t sum = 0;
	int i = 0;
	while (i < SDR_SKETCH_BUCKETS - 1 && (sum += sketch->counts[i]) < rank)
		i++;
	/* Codes 16 n .. 16 n + 15 are one bucket; its middle is half way between the two in the middle. */
	return llround((double)CODE_FLOOR * exp2(((sketch->base + i) * CODES_A_BUCKET + (CODES_A_BUCKET - 1) / 2.0) / CODE_STEPS));
}
