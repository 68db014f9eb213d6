/* digest.c - how a minute is written: lost, received, how it is thinned, the highest bucket, its
 * count, the distance to the next, its count ... */
#include "model/digest.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/bits.h"

/* Bytes, for a minute at 1 s or slower; the last of the layouts below fits up to 65,000 answers and
 * as many losses. */
#define SIZE_LEAST 13
#define SIZE_MOST 192 /* bytes: 228 counts of 7 bits */
#define LAYOUT_BITS 3
#define BUCKET_BITS 8

/* How to thin. Places are counted from the longest down. The shortest stays as it is, too. */
struct layout {
	uint32_t whole; /* so many of the longest are kept exactly */
	uint32_t group; /* of the others, one represents so many */
};

static const struct layout layouts[1 << LAYOUT_BITS] = {
	{UINT32_MAX, 1},
	{8, 2},
	{8, 4},
	{8, 8},
	{6, 16},
	{4, 16},
	{2, 32},
	{1, UINT32_MAX},
};

uint8_t sdr_digest_size(uint32_t probes, bool ample)
{
	uint32_t size = ample ? probes / 4 + 8 : probes / 8 + 5;
	return (uint8_t)(size < SIZE_LEAST ? SIZE_LEAST : size > SIZE_MOST ? SIZE_MOST : size);
}

/* The groups of a minute. */
struct groups {
	uint32_t whole; /* at the top, in groups of one */
	uint32_t size;  /* of the groups below */
	uint32_t full;  /* groups of that size; then comes one of `rest`, if that is not 0, and one
			   of one */
	uint32_t rest;
	uint32_t total; /* round trips */
};

static struct groups groups_of(const struct layout *layout, uint32_t total)
{
	if (total <= layout->whole)
		return (struct groups){.whole = total, .size = 1, .total = total};
	uint32_t between = total - layout->whole - 1;
	return (struct groups){.whole = layout->whole,
		.size = layout->group,
		.full = between / layout->group,
		.rest = between % layout->group,
		.total = total};
}

/* How many groups have their representative among the first `n` round trips. It is the middle one;
 * of two in the middle, alternately the first and the second, to avoid a bias. */
static uint32_t groups_before(const struct groups *groups, uint32_t n)
{
	if (n <= groups->whole)
		return n;
	if (n == groups->total)
		return groups->whole + groups->full + (groups->rest > 0) + 1;
	uint32_t below = n - groups->whole, full = below / groups->size,
		 more = below % groups->size;
	uint32_t middle = full < groups->full ? (groups->size - full % 2) / 2 : groups->rest / 2;
	bool has_middle = (full < groups->full || groups->rest > 0) && more > middle;
	return groups->whole + full + has_middle;
}

/* How many round trips the first `n` groups represent. */
static uint32_t members_before(const struct groups *groups, uint32_t n)
{
	if (n <= groups->whole)
		return n;
	uint32_t below = n - groups->whole;
	if (below <= groups->full)
		return groups->whole + below * groups->size;
	uint32_t full = groups->whole + groups->full * groups->size;
	return groups->rest > 0 && below == groups->full + 1 ? full + groups->rest : groups->total;
}

static bool write_buckets(
	struct sdr_bits *bits, const struct sdr_counts *counts, const struct groups *groups)
{
	uint32_t seen = 0, reported = 0;
	int above = -1;
	for (int bucket = SDR_BUCKET_COUNT - 1; seen < groups->total; bucket--) {
		if (counts->by[bucket] == 0)
			continue;
		seen += counts->by[bucket];
		uint32_t until = groups_before(groups, seen);
		if (until == reported)
			continue;
		bool fits = above < 0 ? sdr_bits_put(bits, BUCKET_BITS, (uint32_t)bucket)
				      : sdr_bits_put_any(bits, (uint32_t)(above - bucket - 1));
		if (!fits || !sdr_bits_put_any(bits, until - reported - 1))
			return false;
		reported = until;
		above = bucket;
	}
	return true;
}

static bool write_thinned(
	uint8_t *digest, size_t size, const struct sdr_counts *counts, unsigned layout)
{
	struct sdr_bits bits = {.bytes = digest, .size = (uint32_t)size * 8};
	struct groups groups = groups_of(&layouts[layout], counts->received);
	memset(digest, 0, size);
	return sdr_bits_put_any(&bits, counts->lost) && sdr_bits_put_any(&bits, counts->received) &&
		sdr_bits_put(&bits, LAYOUT_BITS, layout) && write_buckets(&bits, counts, &groups);
}

void sdr_digest_write(uint8_t *digest, size_t size, const struct sdr_counts *counts)
{
	for (unsigned layout = 0; layout < sizeof(layouts) / sizeof(*layouts); layout++)
		if (write_thinned(digest, size, counts, layout))
			return;
	memset(digest, 0, size);
}

void sdr_digest_add(const uint8_t *digest, size_t size, struct sdr_counts *counts)
{
	struct sdr_bits bits = {.bytes = (uint8_t *)(uintptr_t)digest, .size = (uint32_t)size * 8};
	uint32_t lost = sdr_bits_get_any(&bits), received = sdr_bits_get_any(&bits), seen = 0,
		 reported = 0;
	counts->lost += lost;
	counts->received += received;
	if (received == 0)
		return;
	struct groups groups = groups_of(&layouts[sdr_bits_get(&bits, LAYOUT_BITS)], received);
	for (int bucket = (int)sdr_bits_get(&bits, BUCKET_BITS); seen < received;
		bucket -= (int)sdr_bits_get_any(&bits) + 1) {
		assert(bucket >= 0 && bucket < SDR_BUCKET_COUNT);
		reported += sdr_bits_get_any(&bits) + 1;
		uint32_t until = members_before(&groups, reported);
		counts->by[bucket] += until - seen;
		seen = until;
	}
}

int sdr_counts_ranked(const struct sdr_counts *counts, double part)
{
	double rank = fmax(ceil(part * counts->received), 1);
	uint32_t sum = 0;
	int bucket = 0;
	while ((sum += counts->by[bucket]) < rank)
		bucket++;
	return bucket;
}
