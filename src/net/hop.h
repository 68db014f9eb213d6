/* hop.h - a probe that may go so many hops only, and what comes back: the words that the sockets
 * for it, hop_socket and hop_connect, share. RFC 792, RFC 4443, RFC 1812 sec. 4.3. */
#ifndef SOUNDER_NET_HOP_H
#define SOUNDER_NET_HOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/clock.h"

enum hop_protocol { HOP_ICMP, HOP_UDP, HOP_TCP };

#define HOP_SIZE_MIN 12    /* bytes of payload that a probe needs to be known again */
#define HOP_SIZE_MAX 65507 /* 65,535 less 20 of IPv4 and 8 of ICMP or UDP */

/* Names a probe to who sent it. */
struct hop_tag {
	uint32_t trace; /* the sender's own number */
	uint32_t round;
	uint8_t ttl;
	uint8_t flow;
	bool far;    /* it goes beyond what is known, to see whether the target is there */
	bool mtu;    /* it is about what the path carries, and belongs to no round */
	bool second; /* it asks the target by another protocol; the same */
};

struct hop_probe {
	struct hop_tag tag;
	struct sdr_addr to;
	uint16_t port;          /* UDP, TCP */
	uint16_t size;          /* payload bytes; not of TCP */
	uint8_t tos;            /* 0: the system's */
	bool whole;             /* nobody may take it apart, whatever is known of the path's MTU */
	struct sdr_addr source; /* version 0: the system's choice */
	uint32_t interface;     /* index; 0: the same */
};

enum hop_answer_kind {
	HOP_EXCEEDED, /* a router dropped it after that many hops */
	HOP_REACHED,  /* the target answered: an echo, a closed port, a handshake */
	HOP_REFUSED,  /* a router, or the target's, has no way for it: `type`, `code` */
	HOP_TOO_BIG,  /* `mtu` */
	HOP_LOCAL,    /* it could not leave this host: `number` */
};

enum hop_nat { HOP_NAT_UNKNOWN, HOP_NAT_NONE, HOP_NAT_SEEN };

/* A probe as who sent an error had got it: what is quoted of its IP header. */
struct hop_quoted {
	bool known; /* else nothing of it is: that takes a raw socket */
	uint8_t ttl, tos;
	enum hop_nat nat; /* whether addresses or the checksum were others than those sent */
};

struct hop_answer {
	struct hop_tag tag;
	enum hop_answer_kind kind;
	struct sdr_addr from;     /* version 0: this host */
	uint8_t type, code;       /* of the ICMP error; 0 of a reply */
	int number;               /* errno; 0: none */
	uint32_t mtu;             /* next hop's; 0: unknown */
	sdr_ns sent, rtt;         /* rtt SDR_NS_NONE of a local fault */
	int hop_limit;            /* that the answer had left; -1: unknown */
	bool bare;                /* it quotes so little that the probe is known only by being the
				   only one under way */
	struct hop_quoted quoted; /* of an ICMP error */
	const uint8_t *extension; /* [extension_length] RFC 4884, unchecked; NULL: none; borrowed */
	size_t extension_length;
};

struct hop_events {
	void *context;
	void (*on_answer)(void *context, const struct hop_answer *answer);
	/* An error quotes too little to be one probe's of several: `tag` is that of one of them,
	 * so that its sender may have one under way at a time. */
	void (*on_ambiguous)(void *context, const struct hop_tag *tag);
};

#endif
