/* ping_state.h - ping's internal state, shared by its files: ping.c sends, ping_receive.c matches
 * what comes back, ping_report.c reports results. */
#ifndef SOUNDER_PROBE_PING_STATE_H
#define SOUNDER_PROBE_PING_STATE_H

#include <uv.h>

#include "net/icmp_socket.h"
#include "net/inflight.h"
#include "net/token.h"
#include "probe/ping_cause.h"
#include "probe/ping_table.h"
#include "probe/ping_text.h"
#include "probe/probe_type.h"

#define SDR_PING_LATE_WINDOW (10 * SDR_SECOND)
#define SDR_PING_RESPONDERS 4096 /* answers of different hosts that are kept apart; a power of 2 */

/* A result that came up while sending, reported in the next iteration. */
struct deferred {
	uint32_t id;
	uint32_t key; /* SDR_PING_NONE: the target could not even be entered */
	uint64_t sequence;
	sdr_ns sent;
	int error; /* errno; 0: "no answer yet" */
};

struct ping {
	struct probe_env *env;
	struct icmp_socket *sockets[2]; /* IPv4, IPv6; NULL if unavailable */
	struct inflight inflight;
	struct ping_table table;
	struct token_key token;
	struct sdr_links *links; /* changes of interfaces and own addresses; owned; NULL:
				    unavailable */
	struct ping_routes routes;
	uint64_t links_version;    /* up to which names of interfaces were looked up */
	uint64_t *responders;      /* [SDR_PING_RESPONDERS] who answered a broadcast; owned */
	uv_timer_t expiry;         /* the next time-out */
	uv_timer_t soon;           /* deferred results */
	uv_timer_t retry;          /* the kernel's queue was full */
	unsigned closing;          /* handles that are closing */
	unsigned retry_ms;         /* how long to wait for room; 0: there is room */
	sdr_ns expiry_at;          /* when `expiry` fires; SDR_NS_NONE: not set */
	struct deferred *deferred; /* [deferred_count]; owned */
	size_t deferred_count, deferred_capacity;
	sdr_ns asleep;     /* boot time less monotonic time: it grows by each suspension */
	sdr_ns resumed_at; /* what was sent before may have been answered while this host slept */
	sdr_ns heard_at;   /* the latest reply */
	sdr_ns renewed_at; /* when the sockets got their identifiers */
	uint64_t foreign;  /* replies that belong to none of our probes */
};

#endif
