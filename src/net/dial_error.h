/* dial_error.h (internal) - a socket's failure as outcome, errno, ICMP message with the router
 * that sent it, and text. For what connects (dial.c) and for UDP sockets that are connected to
 * one peer. */
#ifndef SOUNDER_NET_DIAL_ERROR_H
#define SOUNDER_NET_DIAL_ERROR_H

#include "sounder/addr.h"
#include "sounder/outcome.h"

#define SDR_FAULT_WORDS 192

/* Which call it was that failed: the same errno means different things of each. */
enum sdr_fault_stage {
	SDR_FAULT_OPEN,   /* socket, or setting an option of it */
	SDR_FAULT_SOURCE, /* taking the source address or interface that was asked for */
	SDR_FAULT_BEGIN,  /* connect or the first send: nothing has left yet, so the cause is this
			     host's */
	SDR_FAULT_WAIT,   /* later: as the network or the peer reported */
};

struct sdr_fault {
	enum sdr_outcome outcome;
	int number;                  /* errno; 0: none, it only took too long */
	const char *error_name;      /* "ECONNREFUSED"; static; NULL: none */
	int icmp_type, icmp_code;    /* -1: no ICMP message */
	struct sdr_addr router;      /* sender of that message; version 0: none, or this host
					itself */
	char words[SDR_FAULT_WORDS]; /* in addition to the outcome; "": nothing to add */
};

/* What a fault is about. */
struct sdr_fault_about {
	struct sdr_endpoint to;
	const char *source; /* the interface or address that was to be left from, or NULL */
	bool udp;
};

/* Writes what an errno means at that stage. */
void sdr_fault_of_errno(const struct sdr_fault_about *about, enum sdr_fault_stage stage, int number,
	struct sdr_fault *fault);

/* Has ICMP errors queued on a socket, or no more (what is queued is dropped). Returns 0 or an
 * errno. */
int sdr_fault_queue(int fd, uint8_t version, bool on);

/* Empties a socket's error queue. Returns whether an ICMP error was in it; then `fault` is the
 * first. */
bool sdr_fault_read(int fd, const struct sdr_fault_about *about, struct sdr_fault *fault);

/* Returns the socket's pending error, and clears it; 0 if there is none; EIO if it can't be had. */
int sdr_fault_pending(int fd);

/* Has a socket leave from an address of this host or through an interface (`source`; NULL: the
 * system's choice) with a hop limit and a type of service (0: the system's). Returns 0 or an errno,
 * with the stage that it came at. */
struct sdr_leave {
	const char *source;
	uint8_t hop_limit, tos;
};
int sdr_leave_set(
	int fd, uint8_t version, const struct sdr_leave *leave, enum sdr_fault_stage *stage);

#endif
