/* diag.h - sock_diag's messages as the values of sounder/listeners.h. */
#ifndef SOUNDER_HOST_DIAG_H
#define SOUNDER_HOST_DIAG_H

#include <stdbool.h>

#include "sounder/listeners.h"

struct nlmsghdr;

/* Fills a listener from a SOCK_DIAG_BY_FAMILY message; false where it is none (no port, another family) or is too short. */
bool sdr_diag_decode(const struct nlmsghdr *message, enum sdr_transport transport, struct sdr_listener *listener);

/* Asks for the waiting sockets of a transport and address family and hands each to `take`. The calls return before this does.
 * ENOTSUP (the kernel knows no such dump), ESYSTEM. */
SDR_MUST_CHECK enum sdr_status sdr_diag_dump(
	enum sdr_transport transport, int family, void (*take)(void *context, const struct sdr_listener *listener), void *context);

#endif
