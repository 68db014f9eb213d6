/* hop_quote.h (internal) - what an ICMP error quotes of the packet that it is about, as far as a
 * raw socket shows it: the IP header, which no error queue has, shows what was made of the packet
 * on its way. Pure. RFC 792, RFC 1812 sec. 4.3.2.3, RFC 4443 sec. 3. */
#ifndef SOUNDER_NET_HOP_QUOTE_H
#define SOUNDER_NET_HOP_QUOTE_H

#include "net/hop.h"

#define HOP_QUOTE_BYTES 64 /* kept of what lies behind the quoted IP header */

struct hop_quote {
	struct sdr_addr from;       /* who sent the error */
	struct sdr_addr own;        /* this host's address that it came to */
	struct sdr_addr source, to; /* of the packet quoted; no scopes */
	uint8_t type, code;         /* of the error */
	uint8_t protocol, ttl, tos; /* of the packet quoted */
	uint8_t length;
	uint8_t bytes[HOP_QUOTE_BYTES]; /* [length] from the packet's transport header on */
};

/* Which quote is meant: that of an error whose answer was accepted. */
struct hop_quote_wanted {
	const struct hop_answer *answer; /* from, type, code */
	const struct sdr_addr *to;
	enum hop_protocol protocol;
	uint16_t ports[2];    /* from, to; not of ICMP */
	const uint8_t *bytes; /* [length] of the packet, as the queue had them: of UDP without
				 its header */
	size_t length;
};

/* Reads a message of a raw ICMP socket, which has its IP header if `version` is 4. False: it is no
 * error, or quotes no more than an IP header. `from` and `own` are filled in of version 4 alone. */
bool sdr_hop_quote_parse(
	const uint8_t *bytes, size_t length, uint8_t version, struct hop_quote *quote);

bool sdr_hop_quote_is(const struct hop_quote *quote, const struct hop_quote_wanted *wanted);

/* Whether addresses or the checksum are others than those sent. `sum` is the one's complement sum
 * over bytes[size] that were sent, their checksum zero, without what IP adds to it. */
enum hop_nat sdr_hop_quote_nat(const struct hop_quote *quote, uint32_t sum, size_t size);

/* The same of a TCP segment without data, of whose numbers nobody knows: whether its checksum is
 * right. */
enum hop_nat sdr_hop_quote_nat_tcp(const struct hop_quote *quote);

#endif
