/* dial.h (internal) - one connection to the first of several endpoints that answers, with the
 * outcome of each try. For everything that connects: probes by TCP, HTTP (libcurl is handed the
 * descriptor), DNS over TCP. Knows no probes and no names. RFC 8305.
 *
 * Address families are interleaved, the first endpoint's first (sec. 4). The next try begins 250 ms
 * after the last one (sec. 5), or at once when a try fails or an ICMP error comes for it.
 * IP_RECVERR is on while connecting, so that outcome, type, code and router are known, and off
 * again once connected: with it any router's error would break an established connection. An ICMP
 * error alone does not end a try: while the kernel still sends SYNs, it may be answered. Once every
 * address has failed or had an error, the dial fails with that. */
#ifndef SOUNDER_NET_DIAL_H
#define SOUNDER_NET_DIAL_H

#include "sounder/attempt.h"

#define SDR_DIAL_STAGGER (250 * SDR_MS) /* RFC 8305 sec. 8: Connection Attempt Delay */

#define SDR_DIAL_WHY 1024

struct uv_loop_s;
struct sdr_dial;

/* How it ended; valid during the callback. */
struct sdr_dial_result {
	int fd; /* connected, non-blocking, close-on-exec; now owned by the caller; -1: none
		   answered */
	unsigned winner; /* index in `attempts`; 0 where none answered */
	const struct sdr_attempt
		*attempts; /* [count], in the order they began; 1 at least but where `local` */
	unsigned count;
	enum sdr_outcome outcome; /* OK; else that of the most informative try */
	sdr_ns handshake;    /* the winner's own, SYN to SYN+ACK, by the kernel's clock where it can
				be; SDR_NS_NONE where none answered */
	sdr_ns waited;       /* from the start to where the winner's own try began */
	sdr_ns connected_at; /* monotonic: when the winner's handshake was complete, even if the
				loop saw it later; or SDR_NS_NONE */
	/* A sentence: each address with its own reason where all failed (the reason alone where
	 * there was one); a warning naming the dead ones where one answered; "" where there is
	 * nothing to add to the outcome. */
	char why[SDR_DIAL_WHY];
};

struct sdr_dial_spec {
	const struct sdr_endpoint
		*endpoints;     /* [count], in order of preference (RFC 6724); copied */
	unsigned count;         /* 1..SDR_ATTEMPTS_MAX */
	sdr_ns timeout;         /* in all; > 0 */
	const char *interface;  /* an interface's name or a source address to leave from, or NULL;
				   copied */
	uint8_t hop_limit, tos; /* 0: the system's */
	void (*done)(void *context,
		const struct sdr_dial_result
			*result); /* once, from the loop, never before start returns */
	void *context;
};

/* Begins. The first try leaves before this returns, so that its time is the caller's. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_dial_begin(
	struct uv_loop_s *loop, const struct sdr_dial_spec *spec, struct sdr_dial **dial);

/* Gives it up: `done` does not come. Not from within `done`. */
void sdr_dial_cancel(struct sdr_dial *dial);

#endif
