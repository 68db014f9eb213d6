/* scan.h (internal) - finds the addresses in lines of text, and the lines whose addresses are in a
 * set of networks.
 *
 * What counts as an address in text: an IPv4 one is four decimal numbers without leading zeros,
 * with no digit or number and dot before it and no letter, digit, or dot and letter or digit after
 * it (so 1.2.3.4.5 and 1.2.3.4.example.net hold none, and a dot may end a sentence). An IPv6 one is
 * the longest run of digits, colons and dots, less a colon in front and a colon or dot behind, with
 * no letter or digit on either side. The dotted end of an IPv6 address counts as an IPv4 address
 * too. */
#ifndef SOUNDER_NET_SCAN_H
#define SOUNDER_NET_SCAN_H

#include "net/prefix_set.h"

/* An address found. */
struct sdr_scan_hit {
	size_t start, end; /* where its text is */
	struct sdr_addr addr;
	uint32_t index; /* of the longest network that holds it, for its version; SDR_PREFIX_NONE
			   where none does */
};

/* A text to scan; all members are the caller's to set. Nothing outside bytes[at..end) is read. */
struct sdr_scan {
	const struct sdr_prefix_set *set;
	const char *bytes;
	size_t at, end; /* where to begin and to stop: both at the bounds of lines */
	bool any;       /* every address is a hit, not only those that a network holds */
	bool six;       /* look for IPv6; without, text is scanned faster */
};

/* Prepares a scan for a set: IPv6 is looked for where the set has any, or `any` is set. */
struct sdr_scan sdr_scan_of(const struct sdr_prefix_set *set, bool any);

/* Finds the first hit from `at` on; false where there is none. */
bool sdr_scan_find(const struct sdr_scan *scan, struct sdr_scan_hit *hit);

#endif
