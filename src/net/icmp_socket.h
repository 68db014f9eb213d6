/* icmp_socket.h - one ICMP socket per address family for any number of targets: requests go out and
 * replies, errors and kernel time stamps come in, in batches. It knows neither targets nor
 * sequences: a tag goes in with a request and comes back with its result. */
#ifndef SOUNDER_NET_ICMP_SOCKET_H
#define SOUNDER_NET_ICMP_SOCKET_H

#include "net/icmp.h"
#include "sounder/clock.h"
#include "sounder/privilege.h"

struct uv_loop_s;
struct icmp_socket;

/* Names a probe to the sender. */
struct icmp_tag {
	uint64_t sequence;
	uint32_t target; /* key */
	uint32_t index;  /* in the table of probes in flight */
};

struct icmp_reply {
	struct sdr_addr from;
	struct icmp_message message;
	int hop_limit;   /* -1 unknown */
	sdr_ns received; /* when the kernel had it, or when we read it */
	sdr_ns read;     /* when we read it */
	bool kernel;     /* `received` is the kernel's */
	bool damaged;    /* wrong checksum, or other payload than was sent */
};

/* An ICMP error about a request of ours, from the error queue. */
struct icmp_fault {
	struct sdr_addr to;       /* where the request was going */
	struct sdr_addr offender; /* the router that sent it; version 0: this host */
	struct icmp_echo echo;    /* the quoted request */
	int number;               /* errno */
	uint32_t mtu;             /* "too big" */
	uint8_t type, code;
	bool local; /* found by this host's own stack, not from a packet */
};

struct icmp_events {
	void *context;
	void (*on_reply)(void *context, const struct icmp_reply *reply);
	void (*on_fault)(void *context, const struct icmp_fault *fault);
	/* A request was handed to the kernel at `when` (error 0), or was refused with an errno.
	 * From within flush. */
	void (*on_sent)(void *context, const struct icmp_tag *tag, sdr_ns when, int error);
	/* The kernel sent it at `when`. */
	void (*on_stamp)(void *context, const struct icmp_tag *tag, sdr_ns when);
	void (*on_drained)(void *context); /* a batch of all of these is through */
};

struct icmp_socket_config {
	struct uv_loop_s *loop;
	int fd;          /* borrowed: stays open */
	uint8_t version; /* 4, 6 */
	enum sdr_icmp_kind kind;
	uint16_t identifier; /* raw: the high 8 bits are ours for good, the low ones may change; a
				ping socket has its own */
	uint32_t magic;      /* in each payload that has room for it */
	struct icmp_events events;
};

struct icmp_request {
	struct icmp_tag tag;
	struct sdr_addr to;
	struct sdr_addr source; /* version 0: the system's choice */
	uint32_t interface;     /* index; 0: the system's choice */
	uint32_t size;          /* payload bytes */
	uint64_t token;
	uint8_t hop_limit, tos; /* 0: the system's default */
	uint8_t fragment;       /* enum sdr_fragment */
};

/* Starts reading. ENOMEM, ESYSTEM. */
SDR_MUST_CHECK enum sdr_status sdr_icmp_socket_open(
	const struct icmp_socket_config *config, struct icmp_socket **socket);
void sdr_icmp_socket_close(struct icmp_socket *socket); /* is freed as the loop runs */

/* Puts a request into the batch, sending a full one first. Returns false while the kernel takes no
 * more (its queue is full). */
bool sdr_icmp_socket_queue(struct icmp_socket *socket, const struct icmp_request *request);

/* Reads at once what is there, before time-outs are reported: after this program was stopped,
 * time-outs are due together with answers that came in time. */
void sdr_icmp_socket_read(struct icmp_socket *socket);

/* Takes another identifier, for a NAT on the path that keeps a broken session. Replies to what was
 * sent under the old one are lost on a ping socket: call it while none are due. */
void sdr_icmp_socket_renew(struct icmp_socket *socket);

/* Takes a request that the kernel had no room for out of the batch: it will not be sent any
 * more. */
void sdr_icmp_socket_withdraw(struct icmp_socket *socket, uint32_t target, uint64_t sequence);

/* Has payloads filled with bytes[size] over and over, from now on. */
void sdr_icmp_socket_set_pattern(struct icmp_socket *socket, const uint8_t *bytes, size_t size);

/* Sends the batch. Returns false if some had to stay because the kernel's queue is full: call again
 * after a while. */
bool sdr_icmp_socket_flush(struct icmp_socket *socket);

#endif
