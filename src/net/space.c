/* space.c - sets of addresses as sorted ranges, and the fewest networks that make them up.
 * A range's least cover is greedy: from its first address on, always the widest network that begins
 * there and does not reach past its last. Joined ranges do not touch, so the covers of all of them
 * are together the least cover of the set. */
#include "net/space.h"

#include <stdlib.h>
#include <string.h>

#include "net/wide.h"

static unsigned trailing_zeros(sdr_wide value, unsigned bits)
{
	unsigned zeros = 0;
	while (zeros < bits && (value & 1) == 0) {
		value >>= 1;
		zeros++;
	}
	return zeros;
}

struct sdr_prefix sdr_prefix_cut(const struct sdr_prefix *prefix)
{
	struct sdr_prefix cut = {.addr = sdr_prefix_network(prefix), .length = prefix->length};
	cut.addr.scope_id = 0;
	return cut;
}

struct sdr_range sdr_range_of(const struct sdr_prefix *prefix)
{
	struct sdr_prefix cut = sdr_prefix_cut(prefix);
	return (struct sdr_range){cut.addr, sdr_prefix_last(&cut)};
}

bool sdr_range_take(struct sdr_range *range, struct sdr_prefix *prefix)
{
	if (range->first.version == 0)
		return false;
	unsigned bits = sdr_addr_bits(&range->first);
	sdr_wide first = sdr_wide_of(&range->first), last = sdr_wide_of(&range->last);
	unsigned host = trailing_zeros(first, bits);
	while (host > 0 && sdr_wide_ones(host) > last - first)
		host--;
	*prefix = (struct sdr_prefix){.addr = range->first, .length = (uint8_t)(bits - host)};
	sdr_wide end = first + sdr_wide_ones(host);
	if (end == last)
		*range = (struct sdr_range){0};
	else
		range->first = sdr_wide_addr(range->first.version, end + 1);
	return true;
}

bool sdr_range_prefix(const struct sdr_range *range, struct sdr_prefix *prefix)
{
	struct sdr_range rest = *range;
	struct sdr_prefix first;
	if (!sdr_range_take(&rest, &first) || rest.first.version != 0)
		return false;
	*prefix = first;
	return true;
}

struct sdr_prefix sdr_range_holder(const struct sdr_range *range)
{
	sdr_wide differ = sdr_wide_of(&range->first) ^ sdr_wide_of(&range->last);
	unsigned host = 0;
	while (differ != 0) {
		differ >>= 1;
		host++;
	}
	struct sdr_prefix holder = {
		.addr = range->first, .length = (uint8_t)(sdr_addr_bits(&range->first) - host)};
	return sdr_prefix_cut(&holder);
}

/* ---- sets ---- */

void sdr_space_done(struct sdr_space *space)
{
	free(space->ranges);
	*space = (struct sdr_space){0};
}

enum sdr_status sdr_space_add(struct sdr_space *space, const struct sdr_range *range)
{
	if (space->count == space->room) {
		size_t room = space->room ? 2 * space->room : 16;
		struct sdr_range *grown = reallocarray(space->ranges, room, sizeof(*grown));
		if (!grown)
			return SDR_ENOMEM;
		space->ranges = grown;
		space->room = room;
	}
	space->ranges[space->count++] = *range;
	return SDR_OK;
}

static int by_first(const void *a, const void *b)
{
	const struct sdr_range *one = a, *other = b;
	return sdr_addr_compare(&one->first, &other->first);
}

/* Whether `next`, which begins no earlier, overlaps `range` or begins right after it. */
static bool touches(const struct sdr_range *range, const struct sdr_range *next)
{
	if (range->last.version != next->first.version)
		return false;
	sdr_wide last = sdr_wide_of(&range->last), first = sdr_wide_of(&next->first);
	return first <= last || first - last == 1;
}

void sdr_space_join(struct sdr_space *space)
{
	size_t kept = 0;
	if (space->count > 1)
		qsort(space->ranges, space->count, sizeof(*space->ranges), by_first);
	for (size_t i = 1; i < space->count; i++) {
		struct sdr_range *range = &space->ranges[kept], *next = &space->ranges[i];
		if (!touches(range, next))
			space->ranges[++kept] = *next;
		else if (sdr_addr_compare(&next->last, &range->last) > 0)
			range->last = next->last;
	}
	space->count = space->count ? kept + 1 : 0;
}

/* Adds what of `range` none of less[count] holds; those that end before it are left out by the
 * caller. */
static enum sdr_status add_rest(
	struct sdr_space *rest, struct sdr_range range, const struct sdr_range *less, size_t count)
{
	for (size_t i = 0; i < count && sdr_addr_compare(&less[i].first, &range.last) <= 0; i++) {
		struct sdr_range before = {range.first, sdr_addr_add(&less[i].first, -1)};
		if (sdr_addr_compare(&less[i].first, &range.first) > 0 &&
			sdr_space_add(rest, &before) != SDR_OK)
			return SDR_ENOMEM;
		if (sdr_addr_compare(&less[i].last, &range.last) >= 0)
			return SDR_OK;
		range.first = sdr_addr_add(&less[i].last, 1);
	}
	return sdr_space_add(rest, &range);
}

enum sdr_status sdr_space_subtract(struct sdr_space *space, const struct sdr_space *less)
{
	struct sdr_space rest = {0};
	size_t from = 0;
	for (size_t i = 0; i < space->count; i++) {
		while (from < less->count &&
			sdr_addr_compare(&less->ranges[from].last, &space->ranges[i].first) < 0)
			from++;
		if (add_rest(&rest, space->ranges[i], less->ranges + from, less->count - from) !=
			SDR_OK) {
			sdr_space_done(&rest);
			return SDR_ENOMEM;
		}
	}
	sdr_space_done(space);
	*space = rest;
	return SDR_OK;
}

const char *sdr_space_count(
	char out[static SDR_COUNT_TEXT], const struct sdr_space *space, unsigned version)
{
	sdr_wide sum = 0;
	bool any = false;
	for (size_t i = 0; i < space->count; i++) {
		const struct sdr_range *range = &space->ranges[i];
		if (range->first.version != version)
			continue;
		sum += sdr_wide_of(&range->last) - sdr_wide_of(&range->first) + 1;
		any = true;
	}
	if (any && sum == 0) /* all 2^128, which wrapped */
		return sdr_count_format(out, 128, 0);
	char digits[SDR_COUNT_TEXT];
	size_t at = sizeof(digits);
	digits[--at] = '\0';
	do
		digits[--at] = (char)('0' + (unsigned)(sum % 10));
	while ((sum /= 10) != 0);
	memcpy(out, digits + at, sizeof(digits) - at);
	return out;
}

/* ---- the pool ---- */

void sdr_pool_done(struct sdr_pool *pool)
{
	free(pool->free);
	*pool = (struct sdr_pool){0};
}

enum sdr_status sdr_pool_add(struct sdr_pool *pool, const struct sdr_prefix *prefix)
{
	if (pool->count == pool->room) {
		size_t room = pool->room ? 2 * pool->room : 130;
		struct sdr_prefix *grown = reallocarray(pool->free, room, sizeof(*grown));
		if (!grown)
			return SDR_ENOMEM;
		pool->free = grown;
		pool->room = room;
	}
	pool->free[pool->count++] = sdr_prefix_cut(prefix);
	return SDR_OK;
}

enum sdr_status sdr_pool_take(struct sdr_pool *pool, unsigned length, struct sdr_prefix *taken)
{
	size_t best = pool->count;
	for (size_t i = 0; i < pool->count; i++) {
		const struct sdr_prefix *one = &pool->free[i];
		if (one->length > length)
			continue;
		if (best == pool->count || one->length > pool->free[best].length ||
			(one->length == pool->free[best].length &&
				sdr_addr_compare(&one->addr, &pool->free[best].addr) < 0))
			best = i;
	}
	if (best == pool->count)
		return SDR_ENOENT;
	struct sdr_prefix cut = pool->free[best];
	pool->free[best] = pool->free[--pool->count];
	while (cut.length < length) {
		struct sdr_prefix half;
		cut.length++;
		if (sdr_prefix_step(&cut, 1, &half) && sdr_pool_add(pool, &half) != SDR_OK)
			return SDR_ENOMEM;
	}
	*taken = cut;
	return SDR_OK;
}

static int by_place(const void *a, const void *b)
{
	return sdr_prefix_compare(a, b);
}

void sdr_pool_sort(struct sdr_pool *pool)
{
	if (pool->count > 1)
		qsort(pool->free, pool->count, sizeof(*pool->free), by_place);
}

/* ---- neighbours ---- */

bool sdr_prefix_step(const struct sdr_prefix *prefix, int64_t step, struct sdr_prefix *neighbour)
{
	struct sdr_prefix cut = sdr_prefix_cut(prefix);
	unsigned bits = sdr_addr_bits(&cut.addr), host = bits - cut.length;
	sdr_wide places = step < 0 ? (sdr_wide)(uint64_t)-step : (sdr_wide)(uint64_t)step;
	if (step == 0) {
		*neighbour = cut;
		return true;
	}
	if (host == bits)
		return false; /* /0 is alone */
	sdr_wide number = sdr_wide_of(&cut.addr) >> host, end = sdr_wide_ones(cut.length);
	if (step < 0 ? places > number : places > end - number)
		return false;
	number = step < 0 ? number - places : number + places;
	*neighbour = (struct sdr_prefix){
		.addr = sdr_wide_addr(cut.addr.version, number << host), .length = cut.length};
	return true;
}
