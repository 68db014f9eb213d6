/* dns_views.h (internal) - `dns` with several views: side by side, or watched. */
#ifndef SOUNDER_CMD_DNS_VIEWS_H
#define SOUNDER_CMD_DNS_VIEWS_H

#include "sounder/command.h"
#include "sounder/views.h"

/* Makes the request for a lookup of these views; what `spec` points to lives as long as the
 * request. As sdr_views_check, EINVAL for an option that one view alone can have; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_dns_views_make(const struct sdr_call *call,
	struct sdr_request *request, const struct sdr_views_spec *spec, struct sdr_error *error);

#endif
