/* http_target.h (internal) - takes apart what `head` and `get` are given: a URL or host:port. Pure
 * text, nothing is resolved. */
#ifndef SOUNDER_CMD_HTTP_TARGET_H
#define SOUNDER_CMD_HTTP_TARGET_H

#include "sounder/addr.h"

struct sdr_registry;

struct sdr_http_target {
	bool is_url; /* else host:port */
	bool is_tls;
	char host[SDR_HOST_TEXT]; /* a name, or an address without brackets (a zone as %zone) */
	uint16_t port;
};

/* Writes an accepted URL as it is sent: without user, password and fragment, and each byte of path
 * and query that RFC 3986 does not allow there as %XX; a percent sign that begins no %XX is %25.
 * `out` has room for three times the bytes of `url`, and one more. */
void sdr_http_target_url(char *out, const char *url);

/* Parses "http://host[:port]/...", "https://..." or "host:port" (the port may be a service name,
 * which `registry` knows; of an address alone it is 80). Here and below, without a registry the
 * system's table is read for each name. EINVAL, ERANGE, ENOENT with `error`, which names what was
 * typed but for user and password. RFC 3986 sec. 3. */
SDR_MUST_CHECK enum sdr_status sdr_http_target_parse(struct sdr_registry *registry,
	const char *text, struct sdr_http_target *target, struct sdr_error *error);

/* Parses a proxy as curl's --proxy: "[http|https|socks4a|socks5h://][user@]host[:port]", port 1080
 * (https: 443). EINVAL, ERANGE. */
SDR_MUST_CHECK enum sdr_status sdr_http_target_proxy(struct sdr_registry *registry,
	const char *text, struct sdr_http_target *target, struct sdr_error *error);

/* Applies curl's --connect-to HOST1:PORT1:HOST2:PORT2: where the first two are the target's (empty:
 * any), the last two replace them (empty: as they were). EINVAL, ERANGE. */
SDR_MUST_CHECK enum sdr_status sdr_http_target_connect_to(struct sdr_registry *registry,
	const char *text, struct sdr_http_target *target, struct sdr_error *error);

#endif
