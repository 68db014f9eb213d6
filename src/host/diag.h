/* diag.h - sock_diag's messages as the values of sounder/listeners.h. */
#ifndef SOUNDER_HOST_DIAG_H
#define SOUNDER_HOST_DIAG_H

#include <stdbool.h>

#include "sounder/listeners.h"

struct nlmsghdr;

/* Fills a listener from a SOCK_DIAG_BY_FAMILY message; false where it is no listener (no port,
 * another address family) or too short. */
bool sdr_diag_decode(const struct nlmsghdr *message, enum sdr_transport transport,
	struct sdr_listener *listener);

/* Reads the listening sockets of a transport and address family and passes each to `take`, before
 * it returns. Returns 0, or an errno value, possibly after some were passed: EINTR, the sockets
 * changed meanwhile, try again; ENOENT, the kernel has no such dump. */
SDR_MUST_CHECK int sdr_diag_dump(enum sdr_transport transport, int family,
	void (*take)(void *context, const struct sdr_listener *listener), void *context);

#endif
