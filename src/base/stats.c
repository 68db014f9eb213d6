/* stats.c - running figures of round trips. */
#include "base/stats.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define CODE_FLOOR SDR_US
#define CODE_STEPS 136.8  /* codes an octave: 4091 of them make 29.9 octaves, a factor of 10^9 */
#define CODES_A_BUCKET 18 /* 2^(18 / 136.8): 9.6 % */
#define HALVINGS_MAX 15   /* `seen` has 16 bits */

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

int sdr_sketch_bucket(sdr_ns rtt)
{
	return sdr_code_of(rtt) / CODES_A_BUCKET;
}

sdr_ns sdr_sketch_middle(int bucket)
{
	/* Codes 18 n .. 18 n + 17 are one bucket; its middle is half way between the two in the middle. */
	return llround((double)CODE_FLOOR * exp2((bucket * CODES_A_BUCKET + (CODES_A_BUCKET - 1) / 2.0) / CODE_STEPS));
}

/* A third below, two thirds above: slow answers matter more than fast ones. */
int sdr_sketch_first(int bucket)
{
	int first = bucket - SDR_SKETCH_BUCKETS / 3, last = SDR_SKETCH_ALL - SDR_SKETCH_BUCKETS;
	return first < 0 ? 0 : first > last ? last : first;
}

/* Moves the kept buckets so that `bucket` is among them: up at the cost of the lowest, down as far as the highest allows. */
static void follow(struct sdr_sketch *sketch, int bucket)
{
	uint16_t *counts = sketch->counts;
	int last = SDR_SKETCH_BUCKETS - 1;
	for (; bucket >= sketch->base + SDR_SKETCH_BUCKETS; sketch->base++) {
		uint32_t low = (uint32_t)counts[0] + counts[1];
		memmove(counts, counts + 1, (size_t)last * sizeof *counts);
		counts[0] = low > UINT16_MAX ? UINT16_MAX : (uint16_t)low;
		counts[last] = 0;
	}
	for (; bucket < sketch->base && counts[last] == 0; sketch->base--) {
		memmove(counts + 1, counts, (size_t)last * sizeof *counts);
		counts[0] = 0;
	}
}

/* Odd counts are rounded up and down in turn. */
static void halve(struct sdr_sketch *sketch)
{
	for (unsigned i = 0; i < SDR_SKETCH_BUCKETS; i++)
		sketch->counts[i] = (uint16_t)((sketch->counts[i] + i % 2) / 2);
	if (sketch->halvings < HALVINGS_MAX)
		sketch->halvings++;
}

static bool is_empty(const struct sdr_sketch *sketch)
{
	return sketch->seen == 0 && sketch->halvings == 0 && sketch->base == 0 && sketch->counts[0] == 0;
}

void sdr_sketch_add(struct sdr_sketch *sketch, sdr_ns rtt)
{
	int bucket = sdr_sketch_bucket(rtt);
	if (is_empty(sketch))
		sketch->base = (uint8_t)sdr_sketch_first(bucket);
	if (sketch->seen++ & ((1u << sketch->halvings) - 1))
		return;
	if (bucket < sketch->base || bucket >= sketch->base + SDR_SKETCH_BUCKETS)
		follow(sketch, bucket);
	int i = bucket < sketch->base ? 0 : bucket - sketch->base;
	if (sketch->counts[i] == UINT16_MAX)
		halve(sketch);
	sketch->counts[i]++;
}

sdr_ns sdr_sketch_percentile(const struct sdr_sketch *sketch, double part)
{
	uint32_t total = 0, sum = 0;
	int i = 0;
	for (unsigned n = 0; n < SDR_SKETCH_BUCKETS; n++)
		total += sketch->counts[n];
	if (total == 0)
		return SDR_NS_NONE;
	double rank = fmax(ceil(part * total), 1);
	while (i < SDR_SKETCH_BUCKETS - 1 && (sum += sketch->counts[i]) < rank)
		i++;
	return sdr_sketch_middle(sketch->base + i);
}
