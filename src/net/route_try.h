/* route_try.h (internal) - what this host would do to reach an address, found out by connecting a
 * UDP socket: nothing is sent, but the kernel chooses route and source. udp(7). */
#ifndef SOUNDER_NET_ROUTE_TRY_H
#define SOUNDER_NET_ROUTE_TRY_H

#include <stdbool.h>

#include "sounder/addr.h"

struct sdr_route_try {
	/* Port 0: any will do, since routing rules rarely use it. */
	struct sdr_endpoint to;
	const char *interface; /* to leave by; NULL or "": the kernel's choice */
	bool broadcast;        /* an address that stands for many will do */
};

/* The result. */
struct sdr_route_found {
	int fd;        /* connected, close-on-exec, the caller's to close; -1: none */
	int number;    /* an errno value, 0 with a socket */
	bool answered; /* `number` is the kernel's word; else why it was not asked */
};

struct sdr_route_found sdr_route_try(const struct sdr_route_try *route);

/* Finds the address that this host would send from. `fd` is -1, a socket is not kept. */
struct sdr_route_found sdr_route_source(const struct sdr_route_try *route, struct sdr_addr *source);

#endif
