/* sha256.h (internal) - FIPS 180-4's SHA-256 of bytes that are all there: fingerprints of
 * certificates. */
#ifndef SOUNDER_BASE_SHA256_H
#define SOUNDER_BASE_SHA256_H

#include <stddef.h>

#define SDR_SHA256_TEXT 65

/* Writes the digest of bytes[length] in hexadecimal. Returns `out`. */
const char *sdr_sha256_text(char out[static SDR_SHA256_TEXT], const void *bytes, size_t length);

#endif
