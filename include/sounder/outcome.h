/* outcome.h - how a probe or a question ended, as data: the same words in text, JSON and on the
 * screen, and the exit code that each stands for. */
#ifndef SOUNDER_OUTCOME_H
#define SOUNDER_OUTCOME_H

#include "sounder/status.h"

/* Every outcome: code, JSON word, short word for a column, exit code, sentence. */
#define SDR_OUTCOME_MAP(X) \
	X(OK, "ok", "ok", 0, "answered") \
	X(TIMEOUT, "timeout", "no answer", 1, "no answer in time") \
	X(UNREACHABLE, "unreachable", "unreachable", 1, "host or network unreachable") \
	X(PROHIBITED, "prohibited", "prohibited", 1, "administratively prohibited") \
	X(TTL_EXCEEDED, "ttl_exceeded", "TTL exceeded", 1, "time to live exceeded") \
	X(TOO_BIG, "too_big", "too big", 1, "packet too big for the path") \
	X(REFUSED, "refused", "refused", 1, "connection refused") \
	X(RESET, "reset", "reset", 1, "connection reset by the peer") \
	X(MISMATCH, "mismatch", "mismatch", 1, "the answer differs from what was expected") \
	X(MALFORMED, "malformed", "malformed", 1, "the answer is malformed") \
	X(NXDOMAIN, "nxdomain", "no such name", 1, "no such name") \
	X(NODATA, "nodata", "no such record", 1, "the name has no such record") \
	X(SERVFAIL, "servfail", "server failure", 2, "the name server could not answer") \
	X(RESOLVE_FAILED, "resolve_failed", "name not resolved", 2, \
		"the name could not be looked up") \
	X(TLS, "tls", "TLS failed", 1, "TLS failed") \
	X(HTTP_ERROR, "http_error", "HTTP error", 1, "HTTP status of 400 or above") \
	X(LOCAL, "local", "local fault", 2, "could not be sent from here")

enum sdr_outcome {
#define X(code, word, label, exit, sentence) SDR_OUTCOME_##code,
	SDR_OUTCOME_MAP(X)
#undef X
		SDR_OUTCOME_COUNT
};

/* Return the outcome's word for JSON, its label for a column, its sentence for a person (lower
 * case, no full stop). Static. `outcome` is below SDR_OUTCOME_COUNT. */
const char *sdr_outcome_word(enum sdr_outcome outcome);
const char *sdr_outcome_label(enum sdr_outcome outcome);
const char *sdr_outcome_sentence(enum sdr_outcome outcome);

/* Returns the exit code that the outcome stands for. */
enum sdr_exit sdr_outcome_exit(enum sdr_outcome outcome);

#endif
