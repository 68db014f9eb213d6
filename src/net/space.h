/* space.h (internal) - arithmetic on networks: a set of addresses as ranges, joined, subtracted,
 * and written as the fewest networks; a pool that networks are cut from; neighbours. IPv4 and IPv6,
 * exact to 2^128. RFC 4632 sec. 3. */
#ifndef SOUNDER_NET_SPACE_H
#define SOUNDER_NET_SPACE_H

#include "sounder/addr.h"

/* Addresses from first to last, both of one version. */
struct sdr_range {
	struct sdr_addr first, last;
};

/* Reads an address, a network (host bits are cut off) or a range "a-b" (blanks around the dash are
 * allowed); what follows a # is a comment. EINVAL, ERANGE with `error`: the ends of different
 * versions, or in the wrong order. */
SDR_MUST_CHECK enum sdr_status sdr_range_parse(
	const char *text, struct sdr_range *range, struct sdr_error *error);

struct sdr_range sdr_range_of(const struct sdr_prefix *prefix);

/* Returns whether the range is one network, and which. */
bool sdr_range_prefix(const struct sdr_range *range, struct sdr_prefix *prefix);

/* Returns the smallest network that holds both ends. */
struct sdr_prefix sdr_range_holder(const struct sdr_range *range);

/* Cuts the first of the fewest networks that make up `range` off into `prefix`, and leaves the
 * rest. Returns false once nothing is left. */
bool sdr_range_take(struct sdr_range *range, struct sdr_prefix *prefix);

/* ---- a set of addresses ---- */

struct sdr_space {
	struct sdr_range *ranges; /* [count], owned */
	size_t count, room;
};

void sdr_space_done(struct sdr_space *space);

/* Adds a range; the set is unordered until sdr_space_join.  ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_space_add(
	struct sdr_space *space, const struct sdr_range *range);

/* Sorts, and joins what overlaps or touches: afterwards as few ranges as can be, IPv4 first. */
void sdr_space_join(struct sdr_space *space);

/* Takes the addresses of `less` away. Both are joined; so is the result. ENOMEM (`space` is
 * unchanged). */
SDR_MUST_CHECK enum sdr_status sdr_space_subtract(
	struct sdr_space *space, const struct sdr_space *less);

/* Writes how many addresses of that version a joined set holds, in decimal: at most 2^128, exactly.
 * Returns `out`. */
const char *sdr_space_count(
	char out[static SDR_COUNT_TEXT], const struct sdr_space *space, unsigned version);

/* ---- cutting networks out of one ---- */

struct sdr_pool {
	struct sdr_prefix *free; /* [count], owned, none overlapping */
	size_t count, room;
};

void sdr_pool_done(struct sdr_pool *pool);

/* Adds free space.  ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_pool_add(struct sdr_pool *pool, const struct sdr_prefix *prefix);

/* Takes a network of that length from the smallest free one that holds it, the first of equals.
 * ENOENT (no free network is large enough), ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_pool_take(
	struct sdr_pool *pool, unsigned length, struct sdr_prefix *taken);

/* Sorts what is free by address. */
void sdr_pool_sort(struct sdr_pool *pool);

/* ---- neighbours ---- */

/* Finds the network of the same length `step` places on (back where negative). Returns false where
 * the address space ends first. */
bool sdr_prefix_step(const struct sdr_prefix *prefix, int64_t step, struct sdr_prefix *neighbour);

/* Returns the network without host bits and zone. */
struct sdr_prefix sdr_prefix_cut(const struct sdr_prefix *prefix);

#endif
