/* prefix_set.h (internal) - a fixed set of IPv4 and IPv6 networks with longest-prefix match.
 *
 * Networks are sorted by address, the wider first, and each knows the next wider one that holds it.
 * The one with the highest start at or below an address either holds it or its holder does, and so
 * on; so a look-up is a search and a few steps to wider ones. The search begins at a table over the
 * leading bits that differ, about half a bucket to a network, so it mostly ends soon. Before it a
 * bit for each of 16 times as many ranges of addresses shows whether there is anything to search
 * for: most addresses of a log are in no network at all. 11 to 13 bytes an IPv4 network (5 of its
 * own), 23 to 25 an IPv6 one (17 of its own). */
#ifndef SOUNDER_NET_PREFIX_SET_H
#define SOUNDER_NET_PREFIX_SET_H

#include "sounder/addr.h"

struct sdr_prefix_set;

#define SDR_PREFIX_NONE UINT32_MAX

/* Makes a set of prefixes[count], sorted or not; host bits and zones are dropped, and so are
 * repetitions. NULL when out of memory. */
struct sdr_prefix_set *sdr_prefix_set_new(const struct sdr_prefix *prefixes, size_t count);
void sdr_prefix_set_free(struct sdr_prefix_set *set); /* NULL is allowed */

/* How many networks of a version the set holds. */
size_t sdr_prefix_set_count(const struct sdr_prefix_set *set, unsigned version);

/* The bytes that the set takes in total. */
size_t sdr_prefix_set_bytes(const struct sdr_prefix_set *set);

/* Finds the longest network that holds an address, as a number to ask sdr_prefix_set_at for;
 * SDR_PREFIX_NONE where none does. The first takes IPv4 as a number in host byte order, the second
 * IPv6's 16 bytes. */
uint32_t sdr_prefix_set_find4(const struct sdr_prefix_set *set, uint32_t address);
uint32_t sdr_prefix_set_find6(const struct sdr_prefix_set *set, const uint8_t bytes[static 16]);

/* The network of that number and version. */
struct sdr_prefix sdr_prefix_set_at(
	const struct sdr_prefix_set *set, unsigned version, uint32_t index);

/* Finds the longest network that holds `addr`; false where none does. */
bool sdr_prefix_set_find(
	const struct sdr_prefix_set *set, const struct sdr_addr *addr, struct sdr_prefix *match);

/* Finds the longest network that holds the whole of `prefix`; false where none does. */
bool sdr_prefix_set_holds(const struct sdr_prefix_set *set, const struct sdr_prefix *prefix,
	struct sdr_prefix *match);

#endif
