/* http_secret.h (internal) - what no output may show: user and password of a URL or proxy, values
 * of headers that carry secrets. Pure text. */
#ifndef SOUNDER_CMD_HTTP_SECRET_H
#define SOUNDER_CMD_HTTP_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "sounder/status.h"

#define SDR_SECRET_MARK "***" /* replaces what is hidden */

/* Where user and password are in a URL, proxy or HOST:PORT: all before the last '@' of its
 * authority. Length 0: it has none. */
struct sdr_userinfo {
	size_t at, length;
};
struct sdr_userinfo sdr_userinfo_find(const char *url);

/* Writes `url` with *** for its user and password into out[size], cut where it does not fit.
 * Returns `out`. */
const char *sdr_secret_url(char *out, size_t size, const char *url);

/* Writes "Name: value" with *** for the value of a header whose name marks a secret; also for a
 * line that is no header and may be part of one. Returns `out`. */
const char *sdr_secret_header(char *out, size_t size, const char *line);

/* Decodes user and password, each into room for as many bytes as `url` has; `has_password`: there
 * was a colon. EINVAL with `error`, which shows neither: a NUL byte, or *** alone, which is what
 * outputs show instead. */
struct sdr_credentials {
	char *user, *password;
	bool has_password;
};
SDR_MUST_CHECK enum sdr_status sdr_credentials_decode(
	const char *url, struct sdr_credentials *into, struct sdr_error *error);

#endif
