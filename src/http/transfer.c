/* transfer.c - one libcurl easy handle from request to answer.
 *
 * HEAD is sent as a custom request whose answer we stop reading after the headers, not with CURLOPT_NOBODY: so a peer that is no HTTP server
 * shows its first bytes (libcurl drops them under NOBODY), and one that sends a body after all is read to its end where that is asked for.
 * HTTP/0.9 is let through for the same reason only, and ends the transfer as "not HTTP". */
#include "http/transfer.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "http/certificate.h"
#include "http/ending.h"
#include "http/multi.h"

#define BUFFER_BYTES (16L * 1024) /* a body is overshot by at most this much */
#define PROTOCOLS "http,https"

struct sdr_transfer {
	struct sdr_multi_job job; /* first: libcurl's private pointer leads here */
	struct sdr_multi *multi;  /* borrowed */
	const struct sdr_curl *curl;
	CURL *easy;
	struct curl_slist *headers, *resolve, *connect_to;
	struct sdr_transfer_answer answer;
	char text[CURL_ERROR_SIZE];
	bool is_head, to_the_end;
	bool enough; /* stopped by us, content */
	bool not_http;
	bool examining;   /* the second connection, for the certificate alone */
	int socket_errno; /* socket() failed with this */
	struct sdr_endpoint peer;
	sdr_ns begun, deadline, connect_timeout;
	sdr_ns spoke; /* after `begun`, when TLS said its first word; SDR_NS_NONE if it did not */
	uint64_t body_max;
	bool (*on_body)(void *context, const void *bytes, size_t length);
	void *on_body_context;
	void (*done)(void *context, const struct sdr_transfer_answer *answer);
	void *context;
};

/* Keeps the start of what turned out to be no HTTP, to show it. Returns 0, which ends the transfer. */
static size_t not_http(struct sdr_transfer *transfer, const char *bytes, size_t length)
{
	struct sdr_transfer_answer *answer = &transfer->answer;

	answer->first_length = length < sizeof(answer->first_bytes) ? length : sizeof(answer->first_bytes);
	memcpy(answer->first_bytes, bytes, answer->first_length);
	transfer->not_http = true;
	return 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct sdr_transfer *transfer = context;
	size_t length = size * count;

	if (!sdr_headers_add(&transfer->answer.headers, line, length))
		return 0;
	/* libcurl 7.88 refuses a status like 99999, 8.14 takes its first digits for one */
	if (transfer->answer.headers.used && transfer->answer.headers.status == 0)
		return not_http(transfer, line, length);
	if (transfer->is_head && !transfer->to_the_end && sdr_headers_final(&transfer->answer.headers)) {
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
	uint64_t room = transfer->body_max - answer->body_bytes;
	size_t taken = length < room ? length : (size_t)room;

	if (length == 0)
		return 0;
	if (!answer->headers.used)
		return not_http(transfer, bytes, length);
	answer->body_bytes += taken;
	if (taken && transfer->on_body && !transfer->on_body(transfer->on_body_context, bytes, taken)) {
		transfer->enough = true;
		return 0;
	}
	if (taken == length)
		return length;
	answer->body_cut = true;
	transfer->enough = true;
	return 0;
}

/* Makes the socket, to know whether and why that failed; libcurl only says "couldn't connect". */
static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct sdr_transfer *transfer = context;

	(void)purpose;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
	if (fd < 0) {
		transfer->socket_errno = errno;
		return CURL_SOCKET_BAD;
	}
	return fd;
}

/* Version and cipher are to be had from libcurl's own account only: "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384".
 * libcurl 7.88 notes the time of connecting only after the handshake, so the first byte of one stands in where it never ends. */
static int on_talk(CURL *easy, curl_infotype type, char *bytes, size_t length, void *context)
{
	static const char lead[] = "SSL connection using ";
	struct sdr_transfer *transfer = context;
	char line[128];

	(void)easy;
	if (type == CURLINFO_SSL_DATA_OUT && transfer->spoke == SDR_NS_NONE)
		transfer->spoke = sdr_clock_now() - transfer->begun;
	if (type != CURLINFO_TEXT || length < sizeof(lead) || memcmp(bytes, lead, sizeof(lead) - 1) != 0)
		return 0;
	snprintf(line, sizeof(line), "%.*s", (int)(length - sizeof(lead) + 1), bytes + sizeof(lead) - 1);
	sscanf(line, "%15s / %63s", transfer->answer.tls_version, transfer->answer.tls_cipher);
	return 0;
}

static sdr_ns time_get(const struct sdr_transfer *transfer, CURLINFO what)
{
	curl_off_t microseconds = 0;

	transfer->curl->easy_getinfo(transfer->easy, what, &microseconds);
	return microseconds > 0 ? (sdr_ns)microseconds * SDR_US : SDR_NS_NONE;
}

static const char *version_text(long version)
{
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

static void times_read(struct sdr_transfer *transfer)
{
	struct sdr_transfer_times *times = &transfer->answer.times;

	times->namelookup = time_get(transfer, CURLINFO_NAMELOOKUP_TIME_T);
	times->connect = time_get(transfer, CURLINFO_CONNECT_TIME_T);
	times->appconnect = time_get(transfer, CURLINFO_APPCONNECT_TIME_T);
	times->pretransfer = time_get(transfer, CURLINFO_PRETRANSFER_TIME_T);
	times->starttransfer = time_get(transfer, CURLINFO_STARTTRANSFER_TIME_T);
	times->total = time_get(transfer, CURLINFO_TOTAL_TIME_T);
	if (times->connect == SDR_NS_NONE)
		times->connect = transfer->spoke;
}

static void answer_fill(struct sdr_transfer *transfer, CURLcode code)
{
	struct sdr_transfer_answer *answer = &transfer->answer;
	long number = 0;

	transfer->curl->easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	answer->os_errno = transfer->socket_errno ? transfer->socket_errno : (int)number;
	times_read(transfer);
	if (answer->times.connect != SDR_NS_NONE)
		answer->remote = transfer->peer;
	answer->status_code = answer->headers.status;
	number = 0;
	transfer->curl->easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &number);
	answer->http_version = answer->headers.used ? version_text(number) : NULL;
	answer->tls = transfer->answer.tls_wanted && answer->times.appconnect != SDR_NS_NONE;
	answer->curl_code = (int)code;
	if (transfer->answer.tls_wanted)
		sdr_certificate_read(transfer->curl, transfer->easy, &answer->certificate);
	snprintf(answer->text, sizeof(answer->text), "%s", transfer->text[0] ? transfer->text : transfer->curl->easy_strerror(code));
}

static void transfer_free(struct sdr_transfer *transfer)
{
	if (transfer->easy)
		transfer->curl->easy_cleanup(transfer->easy);
	transfer->curl->slist_free_all(transfer->headers);
	transfer->curl->slist_free_all(transfer->resolve);
	transfer->curl->slist_free_all(transfer->connect_to);
	sdr_headers_done(&transfer->answer.headers);
	free(transfer);
}

static void deliver(struct sdr_transfer *transfer)
{
	transfer->done(transfer->context, &transfer->answer);
	transfer_free(transfer);
}

/* OpenSSL does not say which certificate it refused. A second handshake shows it: nothing is checked, and nothing is sent over it. */
static bool examine(struct sdr_transfer *transfer)
{
	CURL *easy = transfer->easy;

	if (transfer->answer.end != SDR_TRANSFER_CERTIFICATE || transfer->answer.certificate.subject[0] || transfer->examining ||
		sdr_clock_now() >= transfer->deadline)
		return false;
	transfer->examining = true;
	if (transfer->curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L) != CURLE_OK ||
		transfer->curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L) != CURLE_OK ||
		transfer->curl->easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK)
		return false;
	sdr_multi_add(transfer->multi, &transfer->job);
	return true;
}

static void on_done(struct sdr_multi_job *job, bool run, CURLcode code)
{
	struct sdr_transfer *transfer = (struct sdr_transfer *)job;
	struct sdr_transfer_answer *answer = &transfer->answer;

	if (transfer->examining) {
		sdr_certificate_read(transfer->curl, transfer->easy, &answer->certificate);
		deliver(transfer);
		return;
	}
	answer_fill(transfer, code);
	struct sdr_ending_facts facts = {
		.code = (int)code,
		.enough = transfer->enough,
		.not_http = transfer->not_http,
		.to_the_end = transfer->to_the_end,
		.is_head = transfer->is_head,
		.answer = answer,
	};
	answer->end = run ? sdr_ending_of(&facts) : SDR_TRANSFER_NO_TURN;
	if (answer->end == SDR_TRANSFER_DONE) {
		answer->left_open = code == CURLE_OPERATION_TIMEDOUT;
		answer->curl_code = 0;
		answer->text[0] = '\0';
	}
	if (!examine(transfer))
		deliver(transfer);
}

/* The time spent in the queue is part of the time allowed. */
static void on_begin(struct sdr_multi_job *job)
{
	struct sdr_transfer *transfer = (struct sdr_transfer *)job;
	sdr_ns left = transfer->deadline - sdr_clock_now();
	long timeout_ms = left > SDR_MS ? (long)(left / SDR_MS) : 1;
	long connect_ms = (long)(transfer->connect_timeout / SDR_MS);

	transfer->curl->easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	transfer->curl->easy_setopt(
		transfer->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms > 0 && connect_ms < timeout_ms ? connect_ms : timeout_ms);
}

/* Every option's result is joined: the first that fails is what counts. */
#define SET(option, value) \
	do { \
		if (code == CURLE_OK) \
			code = transfer->curl->easy_setopt(transfer->easy, option, value); \
	} while (0)

static CURLcode set_limits(const struct sdr_transfer *transfer)
{
	CURLcode code = CURLE_OK;

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, PROTOCOLS);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, PROTOCOLS);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP09_ALLOWED, 1L); /* ended by on_data */
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
	if (transfer->answer.tls_wanted) {
		SET(CURLOPT_CERTINFO, 1L);
		SET(CURLOPT_DEBUGFUNCTION, on_talk);
		SET(CURLOPT_DEBUGDATA, transfer);
		SET(CURLOPT_VERBOSE, 1L);
	}
	return code;
}

static bool slist_add(const struct sdr_transfer *transfer, struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = transfer->curl->slist_append(*list, text);

	if (longer)
		*list = longer;
	return longer != NULL;
}

static CURLcode set_headers(struct sdr_transfer *transfer, const struct sdr_transfer_spec *spec)
{
	static const char *const removed[] = {"Host:", "Accept:", "User-Agent:", "Connection:"};
	bool made = true;

	for (size_t i = 0; spec->bare && i < sizeof(removed) / sizeof(removed[0]); i++)
		made = made && slist_add(transfer, &transfer->headers, removed[i]);
	for (size_t i = 0; spec->headers && spec->headers[i]; i++)
		made = made && slist_add(transfer, &transfer->headers, spec->headers[i]);
	if (!made)
		return CURLE_OUT_OF_MEMORY;
	return transfer->curl->easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static CURLcode set_request(struct sdr_transfer *transfer, const struct sdr_transfer_spec *spec)
{
	CURLcode code = set_headers(transfer, spec);

	SET(CURLOPT_URL, spec->url);
	SET(CURLOPT_CUSTOMREQUEST, spec->method);
	SET(CURLOPT_USERAGENT, spec->user_agent);
	if (spec->http10)
		SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_0);
	if (transfer->to_the_end)
		SET(CURLOPT_IGNORE_CONTENT_LENGTH, 1L);
	if (spec->cacert)
		SET(CURLOPT_CAINFO, spec->cacert);
	SET(CURLOPT_SSL_VERIFYPEER, spec->insecure ? 0L : 1L);
	SET(CURLOPT_SSL_VERIFYHOST, spec->insecure ? 0L : 2L);
	return code;
}

/* Hands libcurl the address: as the place to connect to, whatever the URL says, or as what the proxy's name resolves to. */
static CURLcode set_peer(struct sdr_transfer *transfer, const struct sdr_transfer_spec *spec)
{
	struct sdr_addr plain = spec->peer.addr;
	struct sdr_endpoint peer = {.addr = plain, .port = spec->peer.port};
	char endpoint[SDR_ENDPOINT_TEXT], address[SDR_ADDR_TEXT], line[SDR_HOST_TEXT + SDR_ENDPOINT_TEXT + 16];
	CURLcode code = CURLE_OK;

	plain.scope_id = peer.addr.scope_id = 0; /* goes apart: libcurl knows no zone in these lists */
	SET(CURLOPT_PROXY, spec->proxy ? spec->proxy : "");
	if (spec->peer.addr.scope_id)
		SET(CURLOPT_ADDRESS_SCOPE, (long)spec->peer.addr.scope_id);
	if (spec->proxy && spec->proxy_host && sdr_addr_parse(spec->proxy_host, &plain, NULL) != SDR_OK) {
		snprintf(line, sizeof(line), "+%s:%u:%s", spec->proxy_host, spec->peer.port, sdr_addr_format(address, &peer.addr));
		if (!slist_add(transfer, &transfer->resolve, line))
			return CURLE_OUT_OF_MEMORY;
		SET(CURLOPT_RESOLVE, transfer->resolve);
	}
	if (!spec->proxy)
		snprintf(line, sizeof(line), "::%s", sdr_endpoint_format(endpoint, &peer));
	else
		snprintf(line, sizeof(line), "%s", spec->connect_to ? spec->connect_to : "");
	if (line[0] && (!spec->proxy || spec->connect_to)) {
		if (!slist_add(transfer, &transfer->connect_to, line))
			return CURLE_OUT_OF_MEMORY;
		SET(CURLOPT_CONNECT_TO, transfer->connect_to);
	}
	return code;
}

static CURLcode set_all(struct sdr_transfer *transfer, const struct sdr_transfer_spec *spec)
{
	CURLcode code = set_limits(transfer);

	if (code == CURLE_OK)
		code = set_callbacks(transfer);
	if (code == CURLE_OK)
		code = set_request(transfer, spec);
	if (code == CURLE_OK)
		code = set_peer(transfer, spec);
	return code;
}

static struct sdr_transfer *transfer_new(struct sdr_multi *multi, const struct sdr_transfer_spec *spec)
{
	struct sdr_transfer *transfer = calloc(1, sizeof(*transfer));
	const struct sdr_curl *curl = sdr_multi_curl(multi);
	CURL *easy = transfer ? curl->easy_init() : NULL;

	if (!easy) {
		free(transfer);
		return NULL;
	}
	transfer->multi = multi;
	transfer->curl = curl;
	transfer->easy = easy;
	transfer->is_head = strcmp(spec->method, "HEAD") == 0;
	transfer->to_the_end = spec->to_the_end && transfer->is_head;
	transfer->answer.tls_wanted = strncasecmp(spec->url, "https:", 6) == 0;
	transfer->peer = spec->peer;
	transfer->spoke = SDR_NS_NONE;
	transfer->begun = sdr_clock_now();
	transfer->deadline = transfer->begun + spec->timeout;
	transfer->connect_timeout = spec->connect_timeout;
	transfer->body_max = spec->body_max;
	transfer->on_body = spec->on_body;
	transfer->on_body_context = spec->on_body_context;
	transfer->done = spec->done;
	transfer->context = spec->context;
	transfer->job = (struct sdr_multi_job){.easy = easy, .deadline = transfer->deadline, .begin = on_begin, .done = on_done};
	return transfer;
}

enum sdr_status sdr_transfer_start(
	struct sdr_multi *multi, const struct sdr_transfer_spec *spec, struct sdr_transfer **transfer, struct sdr_error *error)
{
	struct sdr_transfer *made = transfer_new(multi, spec);

	if (!made)
		return SDR_ENOMEM;
	CURLcode code = set_all(made, spec);
	if (code != CURLE_OK) {
		sdr_error_set(error, 0, "libcurl does not take \"%s\" as it is: %s", spec->url, made->curl->easy_strerror(code));
		transfer_free(made);
		return code == CURLE_OUT_OF_MEMORY ? SDR_ENOMEM : SDR_EINVAL;
	}
	sdr_multi_add(multi, &made->job);
	*transfer = made;
	return SDR_OK;
}

void sdr_transfer_stop(struct sdr_transfer *transfer)
{
	sdr_multi_remove(transfer->multi, &transfer->job);
	transfer_free(transfer);
}
