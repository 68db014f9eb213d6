/* peer.h (internal) - what tcp, echo and daytime make of HOST:PORT words: a watch with a spec
 * each. */
#ifndef SOUNDER_CMD_PEER_H
#define SOUNDER_CMD_PEER_H

#include "sounder/command.h"

/* A command's `make`: fills the request with a watch of every word, by the probe type that has the
 * command's name. `--udp` and `--size` are read where the command has them. EINVAL, ERANGE, ENOENT
 * (no such service) with `error`; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_peer_make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error);

#endif
