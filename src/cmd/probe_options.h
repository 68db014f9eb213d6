/* probe_options.h - a spec's options by the table of its probe type. */
#ifndef SOUNDER_CMD_PROBE_OPTIONS_H
#define SOUNDER_CMD_PROBE_OPTIONS_H

#include "sounder/request.h"

/* Gives the spec, whose type is set, the options that the call has by the names in the type's
 * table, and the table's defaults for the others; they live as long as the request. ERANGE with
 * `error`: out of the table's bounds. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_probe_options(const struct sdr_call *call,
	struct sdr_request *request, struct sdr_spec *spec, struct sdr_error *error);

#endif
