/* leave.h (internal) - how packets leave, of the commands that send packets themselves. */
#ifndef SOUNDER_CMD_LEAVE_H
#define SOUNDER_CMD_LEAVE_H

#include "sounder/addr.h"
#include "sounder/command.h"

/* Reads -Q: a number, or a code point by its name; NULL: 0. EINVAL with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_leave_tos(
	const char *word, uint8_t *tos, struct sdr_error *error);

/* Reads the option of that name, the port of a service or its name, where it was given. EINVAL with
 * `error`. */
SDR_MUST_CHECK enum sdr_status sdr_leave_port(const struct sdr_call *call, const char *option,
	enum sdr_transport transport, uint16_t *port, struct sdr_error *error);

/* -4, -6; else the address family of -I's address: others could not be reached from there. 0:
 * either. */
uint8_t sdr_leave_family(const struct sdr_call *call);

#endif
