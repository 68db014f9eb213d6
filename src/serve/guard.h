/* guard.h - what a datagram must pass before it is answered, and how often: plain functions of
 * (rules, datagram | state, now).
 *
 * A service that answers every datagram is a weapon: a forged source makes two of them talk to each
 * other for ever (CVE-1999-0103, CVE-2024-2169) or floods a third party. So only ordinary clients
 * are answered, and away from loopback only so often. */
#ifndef SOUNDER_SERVE_GUARD_H
#define SOUNDER_SERVE_GUARD_H

#include <stdbool.h>

#include "sounder/addr.h"
#include "sounder/clock.h"

/* Bytes: what an Ethernet frame carries over IPv4; longer ones are answered on loopback only. */
#define GUARD_DATAGRAM_MAX 1472

enum guard_decision {
	GUARD_ANSWER,
	GUARD_NO_PORT,  /* from port 0 */
	GUARD_LOW_PORT, /* from below 1024: a service, not a client */
	GUARD_GROUP,    /* from or to a multicast or broadcast address */
	GUARD_OWN,      /* from a socket of our own services */
	GUARD_TWIN,     /* from a port on which such services live: the same port elsewhere, or a
			   fallback port */
	GUARD_EMPTY,    /* nothing asked, and the answer would be larger */
	GUARD_TOO_LONG,
	GUARD_SOURCE_RATE, /* too many from this source */
	GUARD_TOTAL_RATE,  /* too many in all */
	GUARD_DECISIONS
};

/* Returns a few words ("source port below 1024"); NULL for GUARD_ANSWER. */
const char *sdr_guard_text(enum guard_decision decision);

/* What is known of a datagram. */
struct guard_datagram {
	struct sdr_endpoint from;
	struct sdr_addr to; /* as in its header; version 0 if unknown */
	bool to_broadcast;  /* `to` is no address of this host */
	size_t length;      /* bytes of payload */
};

/* What its listener knows. */
struct guard_rules {
	const struct sdr_endpoint *own; /* [own_count]: every UDP socket of our services */
	unsigned own_count;
	const uint16_t *ports; /* [port_count]: ports that such services take by default */
	unsigned port_count;
	uint16_t port;      /* the listener's own */
	bool is_public;     /* bound wider than loopback */
	bool answers_empty; /* the answer is not longer than the question */
};

/* Returns the first rule that the datagram offends, or GUARD_ANSWER. */
enum guard_decision sdr_guard_check(
	const struct guard_rules *rules, const struct guard_datagram *datagram);

/* At most `limit` events in any second, exactly: the times of the last `limit` ones. */
struct guard_pace {
	sdr_ns *times;  /* [limit], oldest at `next`; owned where sdr_guard_pace_init made it */
	uint32_t limit; /* 0: no limit */
	uint32_t next;
};

SDR_MUST_CHECK enum sdr_status sdr_guard_pace_init(struct guard_pace *pace, uint32_t limit);
void sdr_guard_pace_done(struct guard_pace *pace);
bool sdr_guard_pace_ready(const struct guard_pace *pace, sdr_ns now);
void sdr_guard_pace_take(struct guard_pace *pace, sdr_ns now);

/* Recent clients: a fixed table, the least recently seen is replaced first. */
struct guard_source {
	struct sdr_addr key;      /* the address, or its prefix where sources are limited */
	struct sdr_endpoint last; /* the latest of that prefix */
	sdr_ns since, seen;       /* first and latest datagram; version 0 of `key`: free */
	uint64_t bytes_in, bytes_out;
	struct guard_pace pace; /* times borrowed from the table */
};

struct guard_sources;

/* Makes a table; per_second 0: sources are only remembered, by full address; else limited, by /24
 * or /56. NULL when out of memory. */
struct guard_sources *sdr_guard_sources_new(uint32_t per_second);
void sdr_guard_sources_free(struct guard_sources *sources);

/* Returns the entry of the datagram's source, made if need be; never NULL. */
struct guard_source *sdr_guard_sources_touch(
	struct guard_sources *sources, const struct sdr_endpoint *from, sdr_ns now);

/* Iterates over those seen since `after`: the index-th, or NULL past the end. */
const struct guard_source *sdr_guard_sources_at(
	const struct guard_sources *sources, unsigned index, sdr_ns after);
unsigned sdr_guard_sources_count(const struct guard_sources *sources, sdr_ns after);

/* Cuts an address to its /24 (IPv4) or /56 (IPv6). */
struct sdr_addr sdr_guard_prefix(const struct sdr_addr *addr);

#endif
