/* ping_source.h - where requests leave this host, -I: of what sends to many targets from one
 * socket. */
#ifndef SOUNDER_PROBE_PING_SOURCE_H
#define SOUNDER_PROBE_PING_SOURCE_H

#include "sounder/addr.h"
#include "sounder/host.h"

/* Where requests leave, -I. Few are named, for many targets. */
struct ping_source {
	struct sdr_addr addr;          /* version 0: the system's choice */
	uint32_t interface;            /* index; 0: none */
	char name[SDR_INTERFACE_NAME]; /* the interface's; "": none was named */
};

/* Reads -I: an address, or the name of an interface; NULL: the system's choice. EINVAL; ESYSTEM:
 * whether there is such an interface could not be looked at; with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_ping_source_parse(
	const char *text, struct ping_source *source, struct sdr_error *error);

#endif
