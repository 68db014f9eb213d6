/* diag.h - sock_diag's messages as the values of sounder/listeners.h. */
#ifndef SOUNDER_HOST_DIAG_H
#define SOUNDER_HOST_DIAG_H

#include <stdbool.h>

#include "sounder/listeners.h"

struct nlmsghdr;

/* Fills a listener from a SOCK_DIAG_BY_FAMILY message; false where it is none (no port, another
 * family) or is too short. */
bool sdr_diag_decode(const struct nlmsghdr *message, enum sdr_transport transport,
	struct sdr_listener *listener);

/* Asks for the waiting sockets of a transport and address family and hands each to `take`. The
 * calls return before this does. Returns 0, or the errno value that it failed with, and then some
 * may have been handed out: EINTR, the sockets changed meanwhile, and to ask again may help;
 * ENOENT, the kernel knows no such dump. */
SDR_MUST_CHECK int sdr_diag_dump(enum sdr_transport transport, int family,
	void (*take)(void *context, const struct sdr_listener *listener), void *context);

#endif
