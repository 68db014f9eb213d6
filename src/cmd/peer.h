/* peer.h (internal) - what tcp, echo and daytime make of HOST:PORT words: a watch with a spec
 * each. */
#ifndef SOUNDER_CMD_PEER_H
#define SOUNDER_CMD_PEER_H

#include "sounder/command.h"

/* What differs between the commands. */
struct sdr_peer_kind {
	const char *type; /* the probe type's name */
	uint16_t port;    /* where none is typed; 0: one must be */
};

/* Fills the request with a watch of every word. `--udp` and `--size` are read where the command has
 * them. EINVAL, ERANGE, ENOENT (no such service) with `error`; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_peer_make(const struct sdr_call *call,
	const struct sdr_peer_kind *kind, struct sdr_request *request, struct sdr_error *error);

#endif
