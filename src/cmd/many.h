/* many.h (internal) - what lookups of many names share: how many at a time, how fast, in which
 * order. */
#ifndef SOUNDER_CMD_MANY_H
#define SOUNDER_CMD_MANY_H

#include "sounder/command.h"

/* Gives the request's lookup what --window, --rate and --ordered have; those count for the word `-`
 * alone. EINVAL with `error`: it is not among the words. */
SDR_MUST_CHECK enum sdr_status sdr_many_take(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error);

#endif
