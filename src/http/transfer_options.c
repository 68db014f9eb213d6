/* transfer_options.c - a transfer's easy handle: what is set on it, and what libcurl calls. */
#include "http/transfer_options.h"

#include <string.h>

#include "http/transfer_times.h"

#define LINGER (200 * SDR_MS) /* how long to wait for more of what is not HTTP */

/* ---- libcurl's callbacks ---- */

/* Keeps the start of what turned out not to be HTTP, to show it: as much as comes within a moment.
 * Returns the value for libcurl. */
static size_t not_http(struct sdr_transfer *transfer, const char *bytes, size_t length)
{
	struct sdr_transfer_answer *answer = &transfer->answer;
	if (!transfer->not_http) {
		transfer->not_http = true;
		if (answer->tls_wanted)
			sdr_tls_take(&transfer->sight, transfer->easy.curl, transfer->easy.handle);
		answer->first_length =
			0; /* what was seen on the wire may have been TLS, or a proxy's */
		answer->times.starttransfer = sdr_transfer_stamp(transfer);
		sdr_multi_hurry(transfer->multi, &transfer->job, LINGER);
	}
	size_t room = sizeof(answer->first_bytes) - answer->first_length,
	       taken = length < room ? length : room;
	memcpy(answer->first_bytes + answer->first_length, bytes, taken);
	answer->first_length += taken;
	answer->first_cut = taken < length;
	return taken < room ? length : 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct sdr_transfer *transfer = context;
	struct sdr_headers *headers = &transfer->answer.headers;
	size_t length = size * count;
	if (!transfer->sight.cipher[0] && transfer->answer.tls_wanted)
		sdr_tls_take(&transfer->sight, transfer->easy.curl, transfer->easy.handle);
	headers->now = sdr_transfer_stamp(transfer);
	if (!sdr_headers_add(headers, line, length))
		return 0;
	/* libcurl takes "http/1.1" for HTTP; 7.88 refuses a status like 99999, 8.14 takes its first
	 * digits for one */
	if (headers->status == 0)
		return not_http(transfer, line, length);
	if (transfer->is_head && !transfer->to_the_end && sdr_headers_final(headers)) {
		transfer->enough = true;
		return 0;
	}
	return length;
}

static size_t on_data(char *bytes, size_t size, size_t count, void *context)
{
	struct sdr_transfer *transfer = context;
	struct sdr_transfer_answer *answer = &transfer->answer;
	size_t length = size * count;
	uint64_t room = transfer->spec.body_max - answer->body_bytes;
	size_t taken = length < room ? length : (size_t)room;
	if (length == 0)
		return 0;
	if (!answer->headers.used || transfer->not_http)
		return not_http(transfer, bytes, length);
	/* What comes after the first piece may have come since poll returned. */
	transfer->latest = answer->body_bytes ? sdr_transfer_since(transfer, sdr_clock_now())
					      : sdr_transfer_stamp(transfer);
	answer->body_bytes += taken;
	if (taken && transfer->spec.on_body &&
		!transfer->spec.on_body(transfer->spec.on_body_context, bytes, taken)) {
		transfer->enough = true;
		return 0;
	}
	if (taken == length)
		return length;
	answer->body_cut = true;
	transfer->enough = true;
	return 0;
}

/* libcurl gets the connection that was made; it makes none. */
static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct sdr_transfer *transfer = context;
	int fd = transfer->fd;
	(void)purpose;
	(void)address;
	transfer->fd = -1;
	transfer->job.fd = fd;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int on_opened(void *context, curl_socket_t fd, curlsocktype purpose)
{
	(void)context;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* ---- options ---- */

CURLcode sdr_transfer_set_limits(const struct sdr_transfer *transfer)
{
	const struct sdr_easy *easy = &transfer->easy;
	sdr_ns now = sdr_clock_now(), left = transfer->deadline - now,
	       to_connect = transfer->begun + transfer->spec.connect_timeout - now;
	long all_ms = left > SDR_MS ? (long)(left / SDR_MS) : 1,
	     connect_ms = to_connect > SDR_MS ? (long)(to_connect / SDR_MS) : 1;
	CURLcode code = easy->curl->easy_setopt(easy->handle, CURLOPT_TIMEOUT_MS, all_ms);
	if (code == CURLE_OK)
		code = easy->curl->easy_setopt(easy->handle, CURLOPT_CONNECTTIMEOUT_MS,
			connect_ms < all_ms ? connect_ms : all_ms);
	return code;
}

#define SET(option, value) \
	do { \
		if (code == CURLE_OK) \
			code = transfer->easy.curl->easy_setopt( \
				transfer->easy.handle, option, value); \
	} while (0)

static CURLcode set_callbacks(struct sdr_transfer *transfer)
{
	CURLcode code = CURLE_OK;
	SET(CURLOPT_ERRORBUFFER, transfer->text);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, transfer);
	SET(CURLOPT_WRITEFUNCTION, on_data);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
	SET(CURLOPT_OPENSOCKETDATA, transfer);
	SET(CURLOPT_SOCKOPTFUNCTION, on_opened);
	SET(CURLOPT_CLOSESOCKETFUNCTION, sdr_multi_close_socket);
	SET(CURLOPT_CLOSESOCKETDATA, transfer->multi);
	if (transfer->answer.tls_wanted && !transfer->sight.tls) {
		SET(CURLOPT_DEBUGFUNCTION, sdr_tls_talk);
		SET(CURLOPT_DEBUGDATA, &transfer->sight);
		SET(CURLOPT_VERBOSE, 1L);
	}
	return code;
}

CURLcode sdr_transfer_make_easy(struct sdr_transfer *transfer, const struct sdr_trust_found *found)
{
	const struct sdr_easy_spec spec = {.transfer = &transfer->spec,
		.peer = &transfer->peers[0],
		.trust = *found,
		.sight = &transfer->sight,
		.to_the_end = transfer->to_the_end,
		.is_tls = transfer->answer.tls_wanted};
	transfer->easy.curl = sdr_multi_curl(transfer->multi);
	transfer->sight.tls = sdr_multi_tls(transfer->multi);
	transfer->sight.store = found->store;
	CURLcode code = sdr_easy_make(&transfer->easy, &spec);
	if (code == CURLE_OK)
		code = set_callbacks(transfer);
	transfer->job.easy = transfer->easy.handle;
	return code;
}
