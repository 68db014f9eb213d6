/* stats.c - running figures of round trips. */
#include "base/stats.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define CODE_FLOOR SDR_US
#define CODE_STEPS 136.8 /* codes an octave: 4091 of them make 29.9 octaves, a factor of 10^9 */

/* sdr_code_of computes in units of 1/65,536 of a code. */
#define CODE_BITS 16
#define OCTAVE_PARTS 64
/* log2(CODE_FLOOR) in codes, less the half that rounds, less half of what a chord lies below the
 * logarithm at most. */
#define CODE_ZERO 89313528

/* 65536 * 136.8 * log2(1 + i / 64) */
static const uint32_t octave[OCTAVE_PARTS + 1] = {0, 200535, 398008, 592511, 784133, 972957,
	1159064, 1342532, 1523433, 1701839, 1877817, 2051434, 2222751, 2391828, 2558724, 2723493,
	2886190, 3046866, 3205570, 3362350, 3517253, 3670323, 3821602, 3971132, 4118954, 4265105,
	4409623, 4552544, 4693903, 4833734, 4972069, 5108941, 5244379, 5378413, 5511073, 5642387,
	5772380, 5901080, 6028512, 6154700, 6279670, 6403443, 6526043, 6647492, 6767812, 6887022,
	7005144, 7122196, 7238199, 7353171, 7467129, 7580093, 7692078, 7803102, 7913182, 8022332,
	8130569, 8237907, 8344363, 8449949, 8554680, 8658570, 8761632, 8863879, 8965325};

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
	stats->mean += delta / (double)(int64_t)stats->count; /* signed: the faster conversion */
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
	return stats->count ? llround(sqrt(fmax(stats->m2, 0) / (double)stats->count))
			    : SDR_NS_NONE;
}

sdr_ns sdr_stats_jitter(const struct sdr_stats *stats)
{
	return stats->count > 1 ? llround(stats->jitter) : SDR_NS_NONE;
}

/* The logarithm by octave (the highest bit), by the six bits behind it, and along the chord between
 * two of the table. That is within a 300th of a code, so that rounding differs from the exact only
 * where two codes are equally near. */
uint16_t sdr_code_of(sdr_ns rtt)
{
	if (rtt <= CODE_FLOOR)
		return 0;
	int zeros = __builtin_clzll((unsigned long long)rtt);
	uint64_t bits = (uint64_t)rtt << zeros << 1; /* the highest bit itself goes */
	uint32_t part = (uint32_t)(bits >> 58), rest = bits >> 42 & 0xFFFF;
	uint32_t along = (uint32_t)((uint64_t)(octave[part + 1] - octave[part]) * rest >> 16);
	int64_t code =
		((int64_t)(63 - zeros) * octave[OCTAVE_PARTS] + octave[part] + along - CODE_ZERO) >>
		CODE_BITS;
	return code < SDR_CODE_MAX ? (uint16_t)code : SDR_CODE_MAX;
}

sdr_ns sdr_code_value(uint16_t code)
{
	return llround((double)CODE_FLOOR * exp2(code / CODE_STEPS));
}

sdr_ns sdr_bucket_middle(int bucket)
{
	/* Codes 18 n .. 18 n + 17 are one bucket; its middle is half way between the two in the
	 * middle. */
	return llround((double)CODE_FLOOR *
		exp2((bucket * SDR_BUCKET_CODES + (SDR_BUCKET_CODES - 1) / 2.0) / CODE_STEPS));
}

/* ---- the sketch ---- */

#define BUCKETS SDR_SKETCH_BUCKETS

static void unpack(const struct sdr_sketch *sketch, uint16_t *counts)
{
	for (uint32_t i = 0; i < BUCKETS; i++)
		counts[i] = sdr_pack_get(sketch->counts, i);
}

static void pack(struct sdr_sketch *sketch, const uint16_t *counts)
{
	for (uint32_t i = 0; i < BUCKETS; i++)
		sdr_pack_set(sketch->counts, i, counts[i]);
}

/* Where to begin when one bucket is all there is: a third below, two thirds above, since slow
 * answers matter more than fast ones. */
static uint8_t first_base(int bucket)
{
	int first = bucket - BUCKETS / 3, last = SDR_BUCKET_COUNT - BUCKETS;
	return (uint8_t)(first < 0 ? 0 : first > last ? last : first);
}

/* A half left over goes to the next bucket up, so that the sum over all buckets up to any is halved
 * and rounded down: no rank is off by more than one, however often this is done. */
static void halve(struct sdr_sketch *sketch, uint16_t *counts)
{
	unsigned left = 0;
	for (uint32_t i = 0; i < BUCKETS; i++) {
		left += counts[i];
		counts[i] = (uint16_t)(left / 2);
		left %= 2;
	}
	sketch->halvings++;
}

/* Adds one end's count to its neighbour, and moves the others over: by one bucket up, or down. */
static void move_up(struct sdr_sketch *sketch, uint16_t *counts)
{
	if (counts[0] + counts[1] > SDR_PACK_MAX)
		halve(sketch, counts);
	counts[1] = (uint16_t)(counts[1] + counts[0]);
	memmove(counts, counts + 1, (BUCKETS - 1) * sizeof(*counts));
	counts[BUCKETS - 1] = 0;
	sketch->base++;
}

static void move_down(struct sdr_sketch *sketch, uint16_t *counts)
{
	if (counts[BUCKETS - 1] + counts[BUCKETS - 2] > SDR_PACK_MAX)
		halve(sketch, counts);
	counts[BUCKETS - 2] = (uint16_t)(counts[BUCKETS - 2] + counts[BUCKETS - 1]);
	memmove(counts + 1, counts, (BUCKETS - 1) * sizeof(*counts));
	counts[0] = 0;
	sketch->base--;
}

static uint32_t total_of(const uint16_t *counts)
{
	uint32_t total = 0;
	for (uint32_t i = 0; i < BUCKETS; i++)
		total += counts[i];
	return total;
}

/* Only percentiles from the median up are used. So the low end may be merged up to a third of all;
 * beyond that, the end with more values keeps its resolution: a single outlier must not degrade all
 * other values, even if it comes first. */
static bool may_move_up(const uint16_t *counts)
{
	return counts[0] <= counts[BUCKETS - 1] ||
		(uint32_t)(counts[0] + counts[1]) * 3 <= total_of(counts);
}

static bool may_move_down(const uint16_t *counts)
{
	uint16_t high = counts[BUCKETS - 1];
	return high == 0 || (high <= counts[0] && (uint32_t)counts[0] * 3 > total_of(counts));
}

/* Moves the kept buckets towards `bucket`. */
static void follow(struct sdr_sketch *sketch, int bucket)
{
	uint16_t counts[BUCKETS];
	uint8_t base = sketch->base;
	unpack(sketch, counts);
	while (bucket >= sketch->base + BUCKETS && may_move_up(counts))
		move_up(sketch, counts);
	while (bucket < sketch->base && may_move_down(counts))
		move_down(sketch, counts);
	if (base != sketch->base)
		pack(sketch, counts);
}

static void make_room(struct sdr_sketch *sketch)
{
	uint16_t counts[BUCKETS];
	unpack(sketch, counts);
	halve(sketch, counts);
	pack(sketch, counts);
}

/* Of each 2^halvings round trips one is taken, at a place that looks random: what comes and goes
 * with a period must not be missed. */
static bool is_taken(const struct sdr_sketch *sketch, uint64_t before)
{
	uint64_t mask = (UINT64_C(1) << sketch->halvings) - 1, group = before >> sketch->halvings;
	uint64_t place = (group + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 29; /* Fibonacci hashing */
	return ((before ^ place) & mask) == 0;
}

void sdr_sketch_add(struct sdr_sketch *sketch, uint64_t before, uint16_t code)
{
	int bucket = sdr_bucket_of(code);
	if (before == 0)
		sketch->base = first_base(bucket);
	if (sketch->halvings > 0 && !is_taken(sketch, before))
		return;
	if (bucket < sketch->base || bucket >= sketch->base + BUCKETS)
		follow(sketch, bucket);
	int place = bucket - sketch->base;
	uint32_t i = place < 0 ? 0 : place < BUCKETS ? (uint32_t)place : BUCKETS - 1;
	uint16_t count = sdr_pack_get(sketch->counts, i);
	if (count == SDR_PACK_MAX) {
		make_room(sketch);
		count = sdr_pack_get(sketch->counts, i);
	}
	sdr_pack_set(sketch->counts, i, (uint16_t)(count + 1));
}

sdr_ns sdr_sketch_percentile(const struct sdr_sketch *sketch, double part)
{
	uint16_t counts[BUCKETS];
	uint32_t sum = 0;
	int i = 0;
	unpack(sketch, counts);
	uint32_t total = total_of(counts);
	if (total == 0)
		return SDR_NS_NONE;
	double rank = fmax(ceil(part * total), 1);
	while (i < BUCKETS - 1 && (sum += counts[i]) < rank)
		i++;
	return sdr_bucket_middle(sketch->base + i);
}
