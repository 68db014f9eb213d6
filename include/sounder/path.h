/* path.h - a path as it is known now: each hop, and where loss begins. Of targets of the probe type
 * `path`, whose hops are members of their set by the role "hop 3".
 *
 * Figures belong to one stretch of one path, an epoch. Where loss begins follows from the counts of
 * all hops together: a router need not answer, so its own figure is no loss of the path. */
#ifndef SOUNDER_PATH_H
#define SOUNDER_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/clock.h"

struct sdr_target;

#define SDR_PATH_HOPS 64
#define SDR_PATH_WHY 80
#define SDR_PATH_HOP_WHY 208
#define SDR_PATH_NAME 64
#define SDR_PATH_ADDRESSES 16 /* of a hop that are kept */
#define SDR_PATH_PAST 8

struct sdr_path_hop {
	struct sdr_addr addr;         /* the first that answered; version 0: none did */
	unsigned more;                /* further addresses, of balanced paths */
	const struct sdr_addr *addrs; /* [addr_count] those that are kept, `addr` the first;
					  borrowed until the next callback */
	unsigned addr_count;
	char name[SDR_PATH_NAME]; /* of `addr`, cut; "": not known, or not wanted */
	uint32_t as; /* the autonomous system of `addr`, as the user's file has it; 0: unknown */
	uint64_t sent, received, lost; /* sent: with those under way */
	double path_loss; /* percent that the path lost up to here; below 0: not known */
	sdr_ns last, least, average, most; /* SDR_NS_NONE: no answer yet, or (last) it was lost */
	sdr_ns deviation;                  /* of the sample: over n - 1 */
	sdr_ns p50, p95, jitter;           /* SDR_NS_NONE: no answer yet */
	const char *state; /* "ok", "limits", "silent", "loss", "unreached"; static */
	/* As the latest error from there quotes a probe: hops that it had left, its type of
	 * service, whether its addresses or checksum were others than those sent. -1: not known, as
	 * where CAP_NET_RAW is not held. */
	int quoted_ttl, quoted_tos, nat;
	/* What it did when it was asked half as often: "limit", it answered as many a second;
	 * "share", as large a share. NULL: it was not, or that decides nothing. Static. */
	const char *half_rate;
	char why[SDR_PATH_HOP_WHY]; /* of its losses, and of what was made of probes on their way
				       to it; "": nothing to add */
};

/* An epoch that is over. */
struct sdr_path_past {
	sdr_wall from, to;
	uint32_t rounds;
	uint8_t hop;            /* that changed then */
	struct sdr_addr before; /* who was there; version 0: nobody */
	double loss;            /* percent of the last hop's probes; NAN: none ended */
	sdr_ns typical;         /* its median; SDR_NS_NONE */
};

struct sdr_path {
	const char *protocol; /* "icmp", "udp", "tcp"; static */
	bool reached;         /* the target has answered */
	unsigned flows;
	uint32_t round;         /* the latest, from 1 */
	uint32_t epoch;         /* from 1 */
	sdr_wall since;         /* of the epoch; 0: nothing has answered */
	sdr_wall until;         /* 0: it is the present one */
	double loss;            /* percent of the path; 0: none to be seen; below 0: not reached */
	bool placed;            /* it is known where loss begins: */
	unsigned after, by;     /* after this hop (0: this host), by this one at the latest */
	char why[SDR_PATH_WHY]; /* that in words; "": nothing to say */
	/* The target by another protocol, once a round, while it alone seems to lose: it limits its
	 * answers where that loses less. NULL: nobody asked, or no longer. */
	const char *second;                    /* as `protocol` */
	uint16_t second_port;                  /* TCP, UDP; else 0 */
	uint64_t second_sent, second_received; /* that ended */
	unsigned mtu;     /* bytes of the largest packet that gets through whole; 0: not known */
	bool mtu_hole;    /* larger ones vanish without a word, after hop `mtu_hop` */
	unsigned mtu_hop; /* else the hop that reported what it can pass on; 0: none did */
	char mtu_why[SDR_PATH_WHY]; /* that in words; "": nothing to say */
	unsigned count;
	struct sdr_path_hop hops[SDR_PATH_HOPS]; /* [count]: hops[0] is hop 1; the target is last
						    where it was reached */
	unsigned past_count;
	struct sdr_path_past past[SDR_PATH_PAST]; /* [past_count], latest first */
};

/* Fills in what is known of a target's path. False: it has none, or is being looked up, or is
 * removed. Well under a millisecond. */
bool sdr_path_view(const struct sdr_target *target, struct sdr_path *path);

/* Fills in what a path was in the epoch so many before the present one, 1 the latest that is over:
 * its hops with their first addresses, answers and medians, nothing that follows from them. False:
 * it is not kept, or as above. */
bool sdr_path_view_past(const struct sdr_target *target, unsigned back, struct sdr_path *path);

#endif
