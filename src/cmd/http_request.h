/* http_request.h (internal) - what `head` and `get` share: options, the request, and the output. */
#ifndef SOUNDER_CMD_HTTP_REQUEST_H
#define SOUNDER_CMD_HTTP_REQUEST_H

#include "sounder/command.h"

extern const struct sdr_option sdr_http_request_options[];

/* Fills a watch request for the call's one TARGET.  EINVAL, ERANGE, ENOENT, ENOMEM with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_http_request_make(const struct sdr_call *call,
	const char *method, struct sdr_request *request, struct sdr_error *error);

/* Prints status line and headers as they came, then the phases, or why there was no answer. */
void sdr_http_request_print(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *detail);

#endif
