/* icmp_in.h (internal) - what comes in on an ICMP socket, a batch at a time: replies, or the error
 * queue with its errors and time stamps. */
#ifndef SOUNDER_NET_ICMP_IN_H
#define SOUNDER_NET_ICMP_IN_H

#include "net/control.h"
#include "net/icmp_out.h"

/* More than a batch of sends brings, so that one call shows that there is no more. */
#define SDR_ICMP_IN (SDR_ICMP_BATCH + 8)
#define SDR_ICMP_SLOT 512       /* bytes kept of a message; what lies beyond is only counted */
#define SDR_ICMP_IN_CONTROL 256 /* bytes of ancillary data a message */

struct icmp_in {
	struct mmsghdr messages[SDR_ICMP_IN];
	struct iovec parts[SDR_ICMP_IN][2]; /* own slot, then the scrap that all share */
	union icmp_address from[SDR_ICMP_IN];
	uint8_t slots[SDR_ICMP_IN][SDR_ICMP_SLOT];
	uint64_t control[SDR_ICMP_IN][SDR_ICMP_IN_CONTROL / 8]; /* aligned for cmsghdr */
	uint8_t *scrap; /* [SDR_ICMP_PAYLOAD_MAX + 1]; owned; NULL until something large was sent */
	unsigned used;  /* messages to be made ready again before the next read */
};

/* The ancillary data of one message. */
struct icmp_extras {
	int hop_limit; /* -1: unknown */
	struct timespec stamp;
	bool has_error;
	struct control_error error;
};

/* Zeroed before. */
void sdr_icmp_in_init(struct icmp_in *in);
void sdr_icmp_in_done(struct icmp_in *in);

/* Has what lies beyond a slot counted, from now on: without that a long message is only known to be
 * longer than SDR_ICMP_SLOT. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_icmp_in_enlarge(struct icmp_in *in);

/* Reads as recvmmsg without waiting; returns what it does. */
int sdr_icmp_in_read(struct icmp_in *in, int fd, int flags);

/* The size of message `i` on the wire, as far as it is known. */
size_t sdr_icmp_in_size(const struct icmp_in *in, unsigned i);

/* How many bytes of it are in its slot. */
size_t sdr_icmp_in_length(const struct icmp_in *in, unsigned i);

void sdr_icmp_in_extras(struct icmp_in *in, unsigned i, struct icmp_extras *extras);

/* When the kernel sent or got it, on the monotonic clock, which is `offset` behind the time of day;
 * SDR_NS_NONE: it has no stamp. */
sdr_ns sdr_icmp_in_stamp(const struct icmp_extras *extras, sdr_ns offset);

/* Whom a message is from; of an error whom it is about, with the port that was sent to. */
struct sdr_addr sdr_icmp_in_addr(const union icmp_address *from);
struct sdr_endpoint sdr_icmp_in_peer(const union icmp_address *from);

#endif
