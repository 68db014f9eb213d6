/* icmp_out.h - the sending half of an ICMP socket: a batch of requests being filled, each a header
 * with token and magic of its own and the pattern that all share. */
#ifndef SOUNDER_NET_ICMP_OUT_H
#define SOUNDER_NET_ICMP_OUT_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/control.h"
#include "net/icmp_socket.h"

#define SDR_ICMP_BATCH 64
/* Bytes of ICMP up to which a request is one piece, and fits every link unbroken. */
#define SDR_ICMP_SMALL 128
#define SDR_ICMP_HEAD (SDR_ICMP_HEADER + SDR_ICMP_TOKEN + SDR_ICMP_MAGIC)

union icmp_address {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct icmp_out {
	uint8_t version;
	bool sum; /* the checksum is ours to fill in */
	uint16_t identifier;
	uint32_t magic;
	uint8_t *pattern;     /* [SDR_ICMP_PAYLOAD_MAX + 1]; owned */
	uint32_t summed_size; /* pattern_sum is of this payload size */
	uint32_t pattern_sum;
	unsigned count; /* requests in the batch */
	struct mmsghdr messages[SDR_ICMP_BATCH];
	struct iovec parts[SDR_ICMP_BATCH][2];
	union icmp_address to[SDR_ICMP_BATCH];
	uint8_t heads[SDR_ICMP_BATCH][SDR_ICMP_SMALL]; /* small requests whole; of others what comes
							  before the pattern that all share */
	uint64_t control[SDR_ICMP_BATCH][SDR_CONTROL_LEAVE / 8]; /* aligned for cmsghdr */
	struct icmp_tag tags[SDR_ICMP_BATCH];
};

/* ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_icmp_out_init(
	struct icmp_out *out, uint8_t version, uint16_t identifier, uint32_t magic);
void sdr_icmp_out_done(struct icmp_out *out);

/* Adds a request; count < SDR_ICMP_BATCH. */
void sdr_icmp_out_put(struct icmp_out *out, const struct icmp_request *request);

/* Writes an address as the kernel wants it, port 0. Returns its length. */
socklen_t sdr_icmp_out_address(union icmp_address *to, const struct sdr_addr *addr);

/* Drops `count` requests, from the one at `first` on; those behind move up. */
void sdr_icmp_out_drop(struct icmp_out *out, unsigned first, unsigned count);

#endif
