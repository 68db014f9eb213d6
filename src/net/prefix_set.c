/* prefix_set.c - longest match over sorted networks. The same code serves IPv4 and IPv6 through the
 * two key types; see prefix_set.h. */
#include "net/prefix_set.h"

#include <stdlib.h>
#include <string.h>

#include "net/space.h"
#include "net/wide.h"

/* What the IPv4 and the IPv6 table share. */
struct frame {
	uint32_t count;   /* networks */
	uint32_t buckets; /* a power of two, 0 where there is no network */
	unsigned shift;   /* (key - lowest) >> shift is the bucket */
	/* [count]: the next wider network that holds this one, or SDR_PREFIX_NONE. */
	uint32_t *holder;
	uint8_t *length;  /* [count] */
	uint32_t *bucket; /* [buckets + 1]: the first network of each bucket */
	/* A bit for each stretch of addresses that some network is in: most addresses that none
	 * holds are known by theirs. */
	uint64_t *touched;  /* [stretches / 64] */
	uint64_t stretches; /* a power of two, 64 or more; the last goes on to the end */
	unsigned fine;      /* (key - lowest) >> fine is the stretch */
};

struct sdr_prefix_set {
	struct frame four, six;
	uint32_t *start4; /* [four.count], ascending */
	sdr_wide *start6; /* [six.count] */
};

static void frame_free(struct frame *frame)
{
	free(frame->holder);
	free(frame->length);
	free(frame->bucket);
	free(frame->touched);
}

void sdr_prefix_set_free(struct sdr_prefix_set *set)
{
	if (!set)
		return;
	frame_free(&set->four);
	frame_free(&set->six);
	free(set->start4);
	free(set->start6);
	free(set);
}

/* How far to shift a distance of up to `spread` right so that it takes no more than `bits`. */
static unsigned shift_for(sdr_wide spread, unsigned bits)
{
	unsigned wide = 0;
	while (wide < 128 && spread >> wide != 0)
		wide++;
	return wide > bits ? wide - bits : 0;
}

/* One to two bytes of buckets a network, and as many of stretches; `spread` is the distance from
 * the lowest start to the highest. */
static bool frame_make(struct frame *frame, uint32_t count, sdr_wide spread)
{
	unsigned bits = 0;
	while (count >> bits > 1)
		bits++;
	unsigned coarse = bits > 1 ? bits - 1 : bits, fine = bits > 2 ? bits + 4 : 6;
	frame->count = count;
	frame->buckets = UINT32_C(1) << coarse;
	frame->shift = shift_for(spread, coarse);
	frame->stretches = UINT64_C(1) << fine;
	frame->fine = shift_for(spread, fine);
	frame->holder = calloc(count, sizeof(*frame->holder));
	frame->length = calloc(count, sizeof(*frame->length));
	frame->bucket = calloc((size_t)frame->buckets + 1, sizeof(*frame->bucket));
	frame->touched = calloc(frame->stretches / 64, sizeof(*frame->touched));
	return frame->holder && frame->length && frame->bucket && frame->touched;
}

static uint64_t stretch_of(const struct frame *frame, sdr_wide away)
{
	sdr_wide stretch = away >> frame->fine;
	return stretch < frame->stretches ? (uint64_t)stretch : frame->stretches - 1;
}

/* Marks the stretches from one address to another, both as their distances from the lowest. */
static void touch(struct frame *frame, sdr_wide first, sdr_wide last)
{
	uint64_t to = stretch_of(frame, last);
	for (uint64_t at = stretch_of(frame, first); at <= to; at++)
		frame->touched[at / 64] |= UINT64_C(1) << at % 64;
}

/* Links prefixes[i] to its holder; those before it are linked. */
static void link_holder(struct frame *frame, const struct sdr_prefix *prefixes, uint32_t i)
{
	uint32_t up = i == 0 ? SDR_PREFIX_NONE : i - 1;
	while (up != SDR_PREFIX_NONE && !sdr_prefix_contains(&prefixes[up], &prefixes[i].addr))
		up = frame->holder[up];
	frame->holder[i] = up;
	frame->length[i] = prefixes[i].length;
}

/* Fills the table of one IP version from its sorted prefixes. */
static bool fill(struct sdr_prefix_set *set, struct frame *frame, const struct sdr_prefix *prefixes,
	uint32_t count)
{
	if (count == 0)
		return true;
	unsigned version = prefixes[0].addr.version;
	sdr_wide lowest = sdr_wide_of(&prefixes[0].addr);
	bool made = frame_make(frame, count, sdr_wide_of(&prefixes[count - 1].addr) - lowest);
	if (version == 4)
		set->start4 = calloc(count, sizeof(*set->start4));
	else
		set->start6 = calloc(count, sizeof(*set->start6));
	if (!made || (version == 4 ? !set->start4 : !set->start6))
		return false;
	uint32_t at = 0;
	for (uint32_t i = 0; i < count; i++) {
		sdr_wide start = sdr_wide_of(&prefixes[i].addr), away = start - lowest;
		uint32_t bucket = (uint32_t)(away >> frame->shift);
		for (; at <= bucket && at <= frame->buckets; at++)
			frame->bucket[at] = i;
		link_holder(frame, prefixes, i);
		if (frame->holder[i] == SDR_PREFIX_NONE) /* what has a holder is marked with it, so
							    all marks are made about once */
			touch(frame, away,
				away + sdr_wide_ones(sdr_wide_bits(version) - prefixes[i].length));
		if (version == 4)
			set->start4[i] = (uint32_t)start;
		else
			set->start6[i] = start;
	}
	for (; at <= frame->buckets; at++)
		frame->bucket[at] = count;
	return true;
}

static int by_place(const void *a, const void *b)
{
	return sdr_prefix_compare(a, b);
}

/* Long lists mostly are, and looking costs a twentieth of sorting. */
static bool in_order(const struct sdr_prefix *prefixes, size_t count)
{
	size_t i = 1;
	while (i < count && by_place(&prefixes[i - 1], &prefixes[i]) <= 0)
		i++;
	return i >= count;
}

struct sdr_prefix_set *sdr_prefix_set_new(const struct sdr_prefix *prefixes, size_t count)
{
	struct sdr_prefix_set *set = calloc(1, sizeof(*set));
	struct sdr_prefix *sorted = calloc(count ? count : 1, sizeof(*sorted));
	if (!set || !sorted || count >= SDR_PREFIX_NONE) {
		free(sorted);
		free(set);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		sorted[i] = sdr_prefix_cut(&prefixes[i]);
	if (!in_order(sorted, count))
		qsort(sorted, count, sizeof(*sorted), by_place);
	uint32_t kept = 0, fours = 0;
	for (size_t i = 0; i < count; i++)
		if (i == 0 || sdr_prefix_compare(&sorted[i], &sorted[kept - 1]) != 0)
			sorted[kept++] = sorted[i];
	while (fours < kept && sorted[fours].addr.version == 4)
		fours++;
	bool made = fill(set, &set->four, sorted, fours) &&
		fill(set, &set->six, sorted + fours, kept - fours);
	free(sorted);
	if (made)
		return set;
	sdr_prefix_set_free(set);
	return NULL;
}

size_t sdr_prefix_set_count(const struct sdr_prefix_set *set, unsigned version)
{
	return version == 4 ? set->four.count : set->six.count;
}

static size_t frame_bytes(const struct frame *frame, size_t key)
{
	size_t each = key + sizeof(*frame->holder) + sizeof(*frame->length);
	return frame->count * each +
		(frame->count ? (frame->buckets + (size_t)1) * sizeof(*frame->bucket) +
					frame->stretches / 8
			      : 0);
}

size_t sdr_prefix_set_bytes(const struct sdr_prefix_set *set)
{
	return sizeof(*set) + frame_bytes(&set->four, sizeof(*set->start4)) +
		frame_bytes(&set->six, sizeof(*set->start6));
}

/* The look-up, for a key type: nothing where no network is near; else the last network that starts
 * at or below the key, then up while it does not hold it. */
#define FIND(frame, starts, key, bits, type) \
	do { \
		if ((frame)->count == 0 || (key) < (starts)[0]) \
			return SDR_PREFIX_NONE; \
		type away = (key) - (starts)[0], reached = away >> (frame)->fine; \
		uint64_t stretch = \
			reached < (frame)->stretches ? (uint64_t)reached : (frame)->stretches - 1; \
		if (((frame)->touched[stretch / 64] >> stretch % 64 & 1) == 0) \
			return SDR_PREFIX_NONE; \
		type bucket = away >> (frame)->shift; \
		bool inside = bucket < (frame)->buckets; \
		uint32_t low = (frame)->bucket[inside ? (uint32_t)bucket : (frame)->buckets - 1]; \
		uint32_t high = inside ? (frame)->bucket[(uint32_t)bucket + 1] : (frame)->count; \
		while (low < high) { \
			uint32_t middle = low + (high - low) / 2; \
			if ((starts)[middle] <= (key)) \
				low = middle + 1; \
			else \
				high = middle; \
		} \
		uint32_t at = low - 1; /* the first starts at or below the key, so there is one */ \
		while (at != SDR_PREFIX_NONE && (frame)->length[at] != 0 && \
			((key) ^ (starts)[at]) >> ((bits) - (frame)->length[at]) != 0) \
			at = (frame)->holder[at]; \
		return at; \
	} while (0)

uint32_t sdr_prefix_set_find4(const struct sdr_prefix_set *set, uint32_t address)
{
	FIND(&set->four, set->start4, address, 32, uint32_t);
}

static uint32_t find_wide(const struct sdr_prefix_set *set, sdr_wide key)
{
	FIND(&set->six, set->start6, key, 128, sdr_wide);
}

uint32_t sdr_prefix_set_find6(const struct sdr_prefix_set *set, const uint8_t bytes[static 16])
{
	sdr_wide key = 0;
	for (unsigned i = 0; i < 16; i++)
		key = key << 8 | bytes[i];
	return find_wide(set, key);
}

struct sdr_prefix sdr_prefix_set_at(
	const struct sdr_prefix_set *set, unsigned version, uint32_t index)
{
	if (version == 4)
		return (struct sdr_prefix){.addr = sdr_wide_addr(4, set->start4[index]),
			.length = set->four.length[index]};
	return (struct sdr_prefix){
		.addr = sdr_wide_addr(6, set->start6[index]), .length = set->six.length[index]};
}

bool sdr_prefix_set_find(
	const struct sdr_prefix_set *set, const struct sdr_addr *addr, struct sdr_prefix *match)
{
	uint32_t at = addr->version == 4 ? sdr_prefix_set_find4(set, (uint32_t)sdr_wide_of(addr))
		: addr->version == 6     ? find_wide(set, sdr_wide_of(addr))
					 : SDR_PREFIX_NONE;
	if (at == SDR_PREFIX_NONE)
		return false;
	*match = sdr_prefix_set_at(set, addr->version, at);
	return true;
}

bool sdr_prefix_set_holds(
	const struct sdr_prefix_set *set, const struct sdr_prefix *prefix, struct sdr_prefix *match)
{
	const struct frame *frame = prefix->addr.version == 4 ? &set->four : &set->six;
	struct sdr_addr network = sdr_prefix_network(prefix);
	sdr_wide key = sdr_wide_of(&network);
	uint32_t at = prefix->addr.version == 4 ? sdr_prefix_set_find4(set, (uint32_t)key)
						: find_wide(set, key);
	/* Of those that hold the network's first address the ones with no longer length hold all of
	 * it. */
	while (at != SDR_PREFIX_NONE && frame->length[at] > prefix->length)
		at = frame->holder[at];
	if (at == SDR_PREFIX_NONE)
		return false;
	*match = sdr_prefix_set_at(set, prefix->addr.version, at);
	return true;
}
