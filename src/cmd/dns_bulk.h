/* dns_bulk.h (internal) - `dns -`: many names, a line each. */
#ifndef SOUNDER_CMD_DNS_BULK_H
#define SOUNDER_CMD_DNS_BULK_H

#include "sounder/command.h"
#include "sounder/spec.h"

/* Makes the request for a lookup of the lines that the word `-`, at that place among the words,
 * stands for; what `spec` points to lives as long as the request. EINVAL for an option that one
 * name alone can have, and as sdr_bulk_new; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_dns_bulk_make(const struct sdr_call *call,
	struct sdr_request *request, const struct sdr_spec *spec, size_t word,
	struct sdr_error *error);

#endif
