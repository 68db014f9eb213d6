/* ping_cause.h (internal) - why a probe could not leave, or had no answer, as far as this host
 * knows. Asked only once a probe has failed. */
#ifndef SOUNDER_PROBE_PING_CAUSE_H
#define SOUNDER_PROBE_PING_CAUSE_H

#include "net/icmp_socket.h"
#include "probe/ping_table.h"
#include "sounder/links.h"

#define SDR_PING_CAUSE_TEXT 256

/* The route to a network of 256 addresses. */
struct ping_route {
	uint64_t network;       /* with its version; 0: none */
	uint32_t index;         /* of the link; 0: no route */
	bool silent;            /* the router did not answer ARP or neighbour discovery */
	struct sdr_addr router; /* version 0: on link */
	sdr_ns asked;           /* when */
};

/* Recent routes, so that thousands of silent hosts cost few requests to the kernel. All zero:
 * none. */
#define SDR_PING_ROUTES 256
struct ping_routes {
	struct ping_route places[SDR_PING_ROUTES];
};

/* A failed probe. */
struct ping_failure {
	const struct sdr_links *links;    /* up to date; NULL: unknown */
	const struct sdr_addr *to;        /* the target */
	const struct ping_source *source; /* -I */
	const struct sdr_spec *spec;      /* the target's */
	int error;                        /* errno of the send */
	struct ping_routes *routes;       /* NULL: none are kept */
};

/* What is known about it. */
struct ping_cause {
	char why[SDR_PING_CAUSE_TEXT]; /* for a person */
	const char *error;             /* the errno's name; NULL: none that we know */
	uint32_t mtu; /* the MTU that was too small; 0: another cause, or unknown */
};

/* The source address that packets to `to` get, by the interface `name` ("": by any). False if there
 * is no route. */
bool sdr_ping_source(const struct sdr_addr *to, const char *name, struct sdr_addr *source);

/* Why a send was refused. */
void sdr_ping_cause(const struct ping_failure *failure, struct ping_cause *cause);

/* Whether a link was in trouble while an unanswered probe was in flight, from `sent` to `until`, or
 * a neighbour is silent; the reason is in cause->why. */
bool sdr_ping_silence(
	const struct ping_failure *failure, sdr_ns sent, sdr_ns until, struct ping_cause *cause);

/* An ICMP error from an address of ours: which neighbour did not answer, and where: "no ARP answer
 * on ea". False for other errors (a local firewall). */
bool sdr_ping_neighbour(const struct ping_failure *failure, const struct icmp_fault *fault,
	struct ping_cause *cause);

#endif
