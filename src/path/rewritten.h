/* rewritten.h - what was made of probes on their way, from what each hop quotes of them: another
 * TOS, another TTL, a NAT. A hop quotes a probe as it came, or as it was about to leave: so what
 * differs was done there, or by who had it before. Pure. */
#ifndef SOUNDER_PATH_REWRITTEN_H
#define SOUNDER_PATH_REWRITTEN_H

#include "net/hop.h"

#define PATH_REWRITTEN_TEXT 128

/* What is known of a hop. */
struct path_quote {
	struct hop_quoted quoted;
	bool exceeded; /* the TTL was used up, by the error: then it should be 1, or 0 */
	bool labelled; /* it came with MPLS labels: within such a tunnel the TTL stands still */
};

struct path_quotes {
	const struct path_quote *hops; /* [count] hops[0] is hop 1 */
	unsigned count;
	uint8_t tos; /* that probes left with */
};

/* Writes what is to be put beside a hop, hops[at]: "TOS rewritten 0xb8 -> 0 here or after hop 3;
 * NAT here or after hop 3". A hop is named where all that are known from there on differ from what
 * was sent, and the one before it did not. "" if there is nothing. Returns `out`. */
const char *sdr_path_rewritten(
	const struct path_quotes *quotes, unsigned at, char out[static PATH_REWRITTEN_TEXT]);

#endif
