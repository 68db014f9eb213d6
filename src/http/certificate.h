/* certificate.h (internal) - what libcurl's CERTINFO says of the peer's own certificate. */
#ifndef SOUNDER_HTTP_CERTIFICATE_H
#define SOUNDER_HTTP_CERTIFICATE_H

#include "http/curl.h"
#include "http/transfer.h"

/* Reads the first certificate of the chain; leaves `certificate` empty where there is none. */
void sdr_certificate_read(const struct sdr_curl *curl, CURL *easy, struct sdr_transfer_certificate *certificate);

/* Takes one "Name:value" line of CERTINFO. Without `curl` dates are left out. */
void sdr_certificate_take(const struct sdr_curl *curl, struct sdr_transfer_certificate *certificate, const char *line);

#endif
