/* http_diagnosis.h (internal) - what an ended transfer means: outcome, the stage at which it
 * failed, and a sentence. Pure. */
#ifndef SOUNDER_PROBE_HTTP_DIAGNOSIS_H
#define SOUNDER_PROBE_HTTP_DIAGNOSIS_H

#include "http/transfer.h"
#include "sounder/outcome.h"

/* Room for all addresses with their reasons, and for what is no HTTP: each of its bytes may take
 * four characters. */
#define HTTP_WHY_TEXT 4352

struct http_diagnosis {
	enum sdr_outcome outcome;
	const char *stage;       /* "connect" "tls" "write" "read"; NULL if nothing failed */
	char why[HTTP_WHY_TEXT]; /* "" if there is nothing to add; unsanitised */
};

/* What a diagnosis is made of.
 *   timeout  what was allowed for the whole, connect_timeout for the connection: both only for
 *            the sentence
 *   now      wall time, to count a certificate's days from */
struct http_diagnosis_input {
	const struct sdr_transfer_answer *answer;
	sdr_ns timeout, connect_timeout;
	uint64_t body_max;
	sdr_wall now;
};
void sdr_http_diagnose(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis);

#endif
