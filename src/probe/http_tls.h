/* http_tls.h (internal) - why a TLS handshake or a certificate failed, in words that a person can
 * act on. Pure. */
#ifndef SOUNDER_PROBE_HTTP_TLS_H
#define SOUNDER_PROBE_HTTP_TLS_H

#include "http/transfer.h"

/* Writes why the peer's certificate was not accepted. */
void sdr_http_tls_certificate(
	char *out, size_t size, const struct sdr_transfer_answer *answer, sdr_wall now);

/* Writes why the handshake failed otherwise. */
void sdr_http_tls_handshake(char *out, size_t size, const struct sdr_transfer_answer *answer);

/* Returns which certificate of the chain expires first, of those with a known end; -1: none. */
int sdr_http_tls_earliest(
	const struct sdr_certificates *chain, struct sdr_certificate *certificate);

/* Writes "expired 3 days ago" or "expires in 12 days"; "" where unknown. Returns `out`. */
const char *sdr_http_tls_expiry(char *out, size_t size, sdr_wall ends, sdr_wall now);

#endif
