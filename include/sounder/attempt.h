/* attempt.h - one try of a question or a connection: the server or address, the outcome, the time
 * it took. Kept by name lookups and by the dialer, shown as `attempts` in JSON. */
#ifndef SOUNDER_ATTEMPT_H
#define SOUNDER_ATTEMPT_H

#include "sounder/addr.h"
#include "sounder/clock.h"
#include "sounder/outcome.h"
#include "sounder/sheet.h"

#define SDR_ATTEMPTS_MAX 64 /* kept of one question or connection; later ones are not */

struct sdr_attempt {
	struct sdr_endpoint to;   /* the server asked, or the address connected to */
	const char *transport;    /* "udp", "tcp", "tls"; static */
	sdr_ns began;             /* since the question or connection was begun, >= 0 */
	sdr_ns took;              /* from there to its end; SDR_NS_NONE while it is `open` */
	enum sdr_outcome outcome; /* of this try alone; not of one that is `open` */
	bool unopened;            /* this host gave no socket for it: nobody was asked */
	bool open; /* it was still running when another one won: its outcome is unknown */
	const char *error_name;   /* "ECONNREFUSED"; static; NULL: no system call failed */
	int icmp_type, icmp_code; /* of the ICMP message; -1: none came */
	struct sdr_addr router;   /* sender of that message; version 0: none, or this host itself */
};

/* Adds the list `attempts`, for JSON alone: objects of (`server` or `address`), transport,
 * began_seconds, outcome, errno, icmp_type, icmp_code, router, took_seconds. `who` is the first
 * key: "server" or "address" (static). Memory that runs out marks the sheet. */
void sdr_attempts_write(struct sdr_item *parent, const char *who,
	const struct sdr_attempt *attempts, unsigned count);

/* Writes those that failed where another one answered (that there is no such name or record is an
 * answer), each server and reason once, into out[size]: "127.0.0.1:53: server failure, [::1]:53: no
 * answer"; "" if none did, or none answered. One that answered another try is left out. */
void sdr_attempts_failed(
	char *out, size_t size, const struct sdr_attempt *attempts, unsigned count);

#endif
