/* easy.c - options. Every option's result is joined: the first that fails is what counts. */
#include "http/easy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BUFFER_BYTES (16L * 1024) /* a body is overshot by at most this much */
#define PROTOCOLS "http,https"

#define SET(option, value) \
	do { \
		if (code == CURLE_OK) \
			code = easy->curl->easy_setopt(easy->handle, option, value); \
	} while (0)

static CURLcode set_limits(const struct sdr_easy *easy)
{
	CURLcode code = CURLE_OK;
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, PROTOCOLS);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, PROTOCOLS);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP09_ALLOWED, 1L); /* ended by the transfer */
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
	SET(CURLOPT_ACCEPT_ENCODING, NULL);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_NOPROXY, "");
	SET(CURLOPT_FRESH_CONNECT, 1L);
	SET(CURLOPT_FORBID_REUSE, 1L);
	SET(CURLOPT_SSL_SESSIONID_CACHE, 0L); /* each handshake is measured whole */
	SET(CURLOPT_BUFFERSIZE, BUFFER_BYTES);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	return code;
}

/* What to trust: read already (then libcurl is to read nothing), a file that libcurl reads once for
 * all handles, or its folder. While a folder is set libcurl 7.88 keeps nothing it has read: some 30
 * ms a handshake with Debian's. */
static CURLcode set_trust(const struct sdr_easy *easy, const struct sdr_easy_spec *spec)
{
	bool checks = !spec->transfer->insecure, reads = checks && !spec->trust.store;
	CURLcode code = CURLE_OK;
	SET(CURLOPT_SSL_VERIFYPEER, checks ? 1L : 0L);
	SET(CURLOPT_SSL_VERIFYHOST, checks ? 2L : 0L);
	if (!reads || spec->trust.path) {
		SET(CURLOPT_CAPATH, NULL);
		SET(CURLOPT_CAINFO, reads ? spec->trust.path : NULL);
	}
	if (spec->trust.path)
		SET(CURLOPT_PROXY_CAPATH, NULL);
	if (spec->sight->tls) {
		SET(CURLOPT_SSL_CTX_FUNCTION, sdr_tls_hook);
		SET(CURLOPT_SSL_CTX_DATA, spec->sight);
	} else {
		SET(CURLOPT_CERTINFO, 1L);
	}
	return code;
}

static bool slist_add(const struct sdr_easy *easy, struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = easy->curl->slist_append(*list, text);
	if (longer)
		*list = longer;
	return longer;
}

static CURLcode set_headers(struct sdr_easy *easy, const struct sdr_transfer_spec *spec)
{
	static const char *const removed[] = {"Host:", "Accept:", "User-Agent:", "Connection:"};
	bool made = true;
	for (size_t i = 0; spec->bare && i < sizeof(removed) / sizeof(removed[0]); i++)
		made = made && slist_add(easy, &easy->headers, removed[i]);
	for (size_t i = 0; spec->headers && spec->headers[i]; i++)
		made = made && slist_add(easy, &easy->headers, spec->headers[i]);
	if (!made)
		return CURLE_OUT_OF_MEMORY;
	return easy->curl->easy_setopt(easy->handle, CURLOPT_HTTPHEADER, easy->headers);
}

static CURLcode set_request(struct sdr_easy *easy, const struct sdr_easy_spec *from)
{
	const struct sdr_transfer_spec *spec = from->transfer;
	CURLcode code = set_headers(easy, spec);
	SET(CURLOPT_URL, spec->url);
	SET(CURLOPT_CUSTOMREQUEST, spec->method);
	SET(CURLOPT_USERAGENT, spec->user_agent);
	if (spec->user) {
		SET(CURLOPT_USERNAME, spec->user);
		SET(CURLOPT_PASSWORD, spec->password ? spec->password : "");
	}
	if (spec->http10)
		SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_0);
	if (from->to_the_end)
		SET(CURLOPT_IGNORE_CONTENT_LENGTH, 1L);
	return code;
}

static CURLcode set_proxy(struct sdr_easy *easy, const struct sdr_transfer_spec *spec,
	const struct sdr_endpoint *peer)
{
	char address[SDR_ADDR_TEXT], line[SDR_HOST_TEXT + SDR_ENDPOINT_TEXT + 16];
	struct sdr_addr literal;
	CURLcode code = CURLE_OK;
	SET(CURLOPT_PROXY, spec->proxy ? spec->proxy : "");
	if (!spec->proxy)
		return code;
	if (spec->proxy_user) {
		SET(CURLOPT_PROXYUSERNAME, spec->proxy_user);
		SET(CURLOPT_PROXYPASSWORD, spec->proxy_password ? spec->proxy_password : "");
	}
	if (spec->proxy_host && sdr_addr_parse(spec->proxy_host, &literal, NULL) != SDR_OK) {
		/* Permanently: an entry with a time-out would leave libcurl's cache before it is
		 * used, and libcurl would ask DNS. */
		snprintf(line, sizeof(line), "%s:%u:%s", spec->proxy_host, peer->port,
			sdr_addr_format(address, &peer->addr));
		if (!slist_add(easy, &easy->resolve, line))
			return CURLE_OUT_OF_MEMORY;
		SET(CURLOPT_RESOLVE, easy->resolve);
	}
	return code;
}

/* Gives libcurl the address it is connected to: as the one to connect to, whatever the URL has, or
 * as the proxy's resolved address. */
static CURLcode set_peer(struct sdr_easy *easy, const struct sdr_easy_spec *from)
{
	const struct sdr_transfer_spec *spec = from->transfer;
	struct sdr_endpoint peer = *from->peer;
	char endpoint[SDR_ENDPOINT_TEXT], here[SDR_ENDPOINT_TEXT + 2];
	const char *line = spec->connect_to;
	peer.addr.scope_id = 0; /* set separately: libcurl knows no zone in these lists */
	CURLcode code = set_proxy(easy, spec, &peer);
	if (from->peer->addr.scope_id)
		SET(CURLOPT_ADDRESS_SCOPE, (long)from->peer->addr.scope_id);
	if (!spec->proxy) {
		snprintf(here, sizeof(here), "::%s", sdr_endpoint_format(endpoint, &peer));
		line = here;
	}
	if (line) {
		if (!slist_add(easy, &easy->connect_to, line))
			return CURLE_OUT_OF_MEMORY;
		SET(CURLOPT_CONNECT_TO, easy->connect_to);
	}
	return code;
}

CURLcode sdr_easy_make(struct sdr_easy *easy, const struct sdr_easy_spec *spec)
{
	CURLcode code;
	easy->handle = easy->curl->easy_init();
	if (!easy->handle)
		return CURLE_OUT_OF_MEMORY;
	code = set_limits(easy);
	if (code == CURLE_OK)
		code = set_request(easy, spec);
	if (code == CURLE_OK)
		code = set_peer(easy, spec);
	if (code == CURLE_OK && (spec->is_tls || spec->transfer->proxy))
		code = set_trust(easy, spec);
	return code;
}

void sdr_easy_done(struct sdr_easy *easy)
{
	if (!easy->curl)
		return;
	if (easy->handle)
		easy->curl->easy_cleanup(easy->handle);
	easy->curl->slist_free_all(easy->headers);
	easy->curl->slist_free_all(easy->resolve);
	easy->curl->slist_free_all(easy->connect_to);
	*easy = (struct sdr_easy){.curl = easy->curl};
}

int sdr_easy_tunnel(const struct sdr_easy *easy, const struct sdr_transfer_spec *spec)
{
	bool by_http = spec->proxy && strncasecmp(spec->proxy, "socks", 5) != 0;
	long code = 0;
	if (!by_http || (strncasecmp(spec->url, "https:", 6) != 0 && !spec->connect_to))
		return -1;
	easy->curl->easy_getinfo(easy->handle, CURLINFO_HTTP_CONNECTCODE, &code);
	return (int)code;
}

const char *sdr_easy_version(const struct sdr_easy *easy)
{
	long version = 0;
	easy->curl->easy_getinfo(easy->handle, CURLINFO_HTTP_VERSION, &version);
	switch (version) {
	case CURL_HTTP_VERSION_1_0:
		return "1.0";
	case CURL_HTTP_VERSION_1_1:
		return "1.1";
	case CURL_HTTP_VERSION_2_0:
		return "2";
	case CURL_HTTP_VERSION_3:
		return "3";
	default:
		return NULL;
	}
}
