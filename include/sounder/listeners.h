/* listeners.h - who listens on this machine: sockets by sock_diag(7), and the programs behind them
 * as far as /proc shows them to us.
 *
 * Nothing here waits: the kernel answers a dump while it is read. Other users' programs are named
 * where privilege.h's SDR_PRIVILEGE_SOCKET_OWNERS is held. */
#ifndef SOUNDER_LISTENERS_H
#define SOUNDER_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/clock.h"
#include "sounder/status.h"

#define SDR_PROCESS_TEXT 16 /* TASK_COMM_LEN, with the NUL */

/* A socket that waits for others: TCP and SCTP in the state LISTEN, UDP bound and not connected. */
struct sdr_listener {
	enum sdr_transport transport;
	struct sdr_endpoint endpoint;
	bool dual;                      /* bound to ::, takes IPv4 as well */
	uint32_t interface;             /* that it is bound to; 0: any */
	uint32_t uid;                   /* who opened it */
	uint32_t inode;                 /* of the socket; 0: the kernel's own */
	int32_t pid;                    /* 0: not known; the reason: sdr_listener_why */
	char process[SDR_PROCESS_TEXT]; /* its name, any bytes; "" if not known */
};

struct sdr_listeners;
struct sdr_privilege;

/* Reads nothing yet. `privilege` (may be NULL) is borrowed: with it other users' programs can be
 * named. NULL when out of memory. */
struct sdr_listeners *sdr_listeners_new(const struct sdr_privilege *privilege);

/* Frees it with its view. NULL is allowed. */
void sdr_listeners_free(struct sdr_listeners *listeners);

/* Reads the table from the kernel again if the present one is `age` old by `now` or older (age 0:
 * always). What is known about a socket's program is kept. ESYSTEM: the kernel's answer is
 * incomplete, and so is the view; see sdr_listeners_look. ENOTSUP: likewise, and it is empty. */
SDR_MUST_CHECK enum sdr_status sdr_listeners_refresh(
	struct sdr_listeners *listeners, sdr_ns now, sdr_ns age);

/* Looks whether the view holds all sockets with these transports (bits 1 << enum sdr_transport), as
 * of the last refresh. ESYSTEM, with `error`: a sentence that names those which could not be looked
 * at, and why. */
SDR_MUST_CHECK enum sdr_status sdr_listeners_look(
	const struct sdr_listeners *listeners, unsigned transports, struct sdr_error *error);

/* Returns a socket of the view by its position: by port, then transport, then address. NULL past
 * the end. Valid until the next refresh. */
const struct sdr_listener *sdr_listeners_at(const struct sdr_listeners *listeners, size_t index);

/* Returns a number that grows with each change of the view. */
uint64_t sdr_listeners_version(const struct sdr_listeners *listeners);

/* Returns the first index whose port is `port` or above; the count if there is none. */
size_t sdr_listeners_find(const struct sdr_listeners *listeners, uint16_t port);

/* Looks for the programs of those sockets in the view that have none yet, for at most `budget` ns
 * of this thread's work; the next call continues where this one stopped. Returns true once all of
 * /proc was read since the view changed. */
bool sdr_listeners_name(struct sdr_listeners *listeners, sdr_ns budget);

/* Returns in a clause why a program is not named: "naming it needs CAP_SYS_PTRACE and
 * CAP_DAC_READ_SEARCH"; "" for one that is. Returns false where we are allowed to know its name but
 * could not look for it (/proc could not be read, or not yet). */
#define SDR_LISTENER_WHY 160
bool sdr_listener_why(const struct sdr_listeners *listeners, const struct sdr_listener *listener,
	char out[static SDR_LISTENER_WHY]);

/* Reads the ports that this system gives to outgoing connections (net.ipv4.ip_local_port_range),
 * first <= last. ENOENT where it has no such thing; ESYSTEM it can't be read, with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_listeners_ephemeral(
	uint16_t *first, uint16_t *last, struct sdr_error *error);

#endif
