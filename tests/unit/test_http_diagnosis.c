/* From libcurl's code and our own observations to how a transfer ended, and from there to outcome,
 * stage and sentence. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/curl.h"
#include "http/transfer_end.h"
#include "probe/http_diagnosis.h"
#include "probe/http_tls.h"

#define DAY ((sdr_wall)24 * SDR_HOUR)
#define NOW (20000 * DAY)

struct row {
	const char *what;
	int code, os_errno;
	const char *text;
	bool tls_wanted, connected, tls, not_http, enough;
	const char *lines[4]; /* of headers */
	const char *first;    /* bytes that are not HTTP */
	enum sdr_outcome outcome;
	const char *stage; /* NULL: none */
	const char *why;   /* held in the sentence */
	enum sdr_outcome dial;
	const char *dial_why;
	int alert, verify; /* of TLS; 0: none */
	bool wanted;
	int tunnel; /* a proxy's answer to CONNECT; 0: not asked; 1: none came */
	bool proxied, sent;
	uint64_t received;
};

#define HEAD_OK \
	{ \
		"HTTP/1.1 200 OK\r\n", "\r\n" \
	}

static const struct row rows[] = {
	{"fine", CURLE_OK, .connected = true, .lines = HEAD_OK, .outcome = SDR_OUTCOME_OK,
		.why = ""},
	{"stopped by us", CURLE_WRITE_ERROR, .text = "Failed writing header", .connected = true,
		.enough = true, .lines = HEAD_OK, .outcome = SDR_OUTCOME_OK, .why = ""},
	{"404", CURLE_OK, .connected = true, .lines = {"HTTP/1.1 404 Not Found\r\n", "\r\n"},
		.outcome = SDR_OUTCOME_HTTP_ERROR, .why = "HTTP/1.1 404 Not Found"},
	{"refused", CURLE_COULDNT_CONNECT, .dial = SDR_OUTCOME_REFUSED,
		.outcome = SDR_OUTCOME_REFUSED, .stage = "connect", .why = "connection refused"},
	{"two dead", CURLE_COULDNT_CONNECT, .dial = SDR_OUTCOME_REFUSED,
		.dial_why = "::1 refused, 127.0.0.1 unreachable", .outcome = SDR_OUTCOME_REFUSED,
		.stage = "connect", .why = "connect: ::1 refused, 127.0.0.1 unreachable"},
	{"filtered", CURLE_COULDNT_CONNECT, .dial = SDR_OUTCOME_PROHIBITED,
		.dial_why = "a router said so", .outcome = SDR_OUTCOME_PROHIBITED,
		.stage = "connect", .why = "connect: a router said so"},
	{"libcurl's own", CURLE_COULDNT_CONNECT, .text = "Couldn't connect",
		.outcome = SDR_OUTCOME_UNREACHABLE, .stage = "connect",
		.why = "connect: Couldn't connect"},
	{"what it was handed can't be looked at", CURLE_COULDNT_CONNECT, .connected = true,
		.text = "Couldn't connect", .outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "Couldn't connect"},
	{"one dead", CURLE_OK, .connected = true, .dial_why = "::1 refused, 127.0.0.1 answered",
		.lines = HEAD_OK, .outcome = SDR_OUTCOME_OK,
		.why = "::1 refused, 127.0.0.1 answered"},
	{"one dead, 404", CURLE_OK, .connected = true, .dial_why = "::1 refused",
		.lines = {"HTTP/1.1 404 Gone\r\n", "\r\n"}, .outcome = SDR_OUTCOME_HTTP_ERROR,
		.why = "404 Gone; ::1 refused"},
	{"no connection", CURLE_OPERATION_TIMEDOUT, .outcome = SDR_OUTCOME_TIMEOUT,
		.stage = "connect", .why = "no connection in 5s"},
	{"no handshake", CURLE_OPERATION_TIMEDOUT, .tls_wanted = true, .connected = true,
		.outcome = SDR_OUTCOME_TIMEOUT, .stage = "tls",
		.why = "no TLS handshake in 5s (connected in 1.00ms)"},
	{"no response", CURLE_OPERATION_TIMEDOUT, .connected = true, .outcome = SDR_OUTCOME_TIMEOUT,
		.stage = "read", .why = "no response in 10s (connected in 1.00ms)"},
	{"half an answer", CURLE_OPERATION_TIMEDOUT, .connected = true, .lines = HEAD_OK,
		.outcome = SDR_OUTCOME_TIMEOUT, .stage = "read",
		.why = "answer not finished in 10s"},
	{"wrong protocol", CURLE_SSL_CONNECT_ERROR,
		.text = "OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number",
		.tls_wanted = true, .outcome = SDR_OUTCOME_TLS, .stage = "tls", .why = "not TLS"},
	{"handshake reset", CURLE_SSL_CONNECT_ERROR, ECONNRESET,
		.text = "OpenSSL SSL_connect: Connection reset by peer", .tls_wanted = true,
		.outcome = SDR_OUTCOME_RESET, .stage = "tls",
		.why = "reset during the TLS handshake"},
	{"alert", CURLE_SSL_CONNECT_ERROR,
		.text = "error:0A000458:SSL routines::tlsv1 unrecognized name", .tls_wanted = true,
		.outcome = SDR_OUTCOME_TLS, .stage = "tls", .why = "unrecognized name"},
	{"self-signed", CURLE_PEER_FAILED_VERIFICATION,
		.text = "SSL certificate problem: self-signed certificate", .tls_wanted = true,
		.outcome = SDR_OUTCOME_TLS, .stage = "tls", .verify = 18,
		.why = "self-signed certificate"},
	{"KW8 client certificate wanted, TLS 1.3", CURLE_RECV_ERROR,
		.text = "error:0A00045C:SSL routines::tlsv13 alert certificate required",
		.tls_wanted = true, .connected = true, .tls = true, .alert = 116,
		.outcome = SDR_OUTCOME_TLS, .stage = "tls", .why = "wants a client certificate"},
	{"KW8 client certificate wanted, TLS 1.2", CURLE_SSL_CONNECT_ERROR,
		.text = "sslv3 alert handshake failure", .tls_wanted = true, .connected = true,
		.alert = 40, .wanted = true, .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "wants a client certificate"},
	{"KW8 nothing in common", CURLE_SSL_CONNECT_ERROR, .text = "sslv3 alert handshake failure",
		.tls_wanted = true, .connected = true, .alert = 40, .outcome = SDR_OUTCOME_TLS,
		.stage = "tls", .why = "no cipher, curve or signature in common"},
	{"KW8 old", CURLE_SSL_CONNECT_ERROR,
		.text = "error:0A000102:SSL routines::unsupported protocol", .tls_wanted = true,
		.connected = true, .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "protocol too old"},
	{"KW8 SHA-1", CURLE_SSL_CONNECT_ERROR,
		.text = "error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported",
		.tls_wanted = true, .connected = true, .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "old, weak way (as SHA-1)"},
	{"KW8 words of OpenSSL's own", CURLE_SSL_CONNECT_ERROR,
		.text = "error:0A000000:SSL routines::a new reason", .tls_wanted = true,
		.connected = true, .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "TLS handshake: a new reason"},
	{"KW8 unknown root", CURLE_PEER_FAILED_VERIFICATION, .text = "x", .tls_wanted = true,
		.connected = true, .verify = 19, .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "not trusted here"},
	{"CA file", CURLE_SSL_CACERT_BADFILE, .tls_wanted = true, .outcome = SDR_OUTCOME_LOCAL,
		.stage = "tls", .why = "CA certificates"},
	{"send", CURLE_SEND_ERROR, EPIPE, .connected = true, .outcome = SDR_OUTCOME_RESET,
		.stage = "write", .why = "write: Broken pipe"},
	{"reset", CURLE_RECV_ERROR, ECONNRESET, .connected = true, .outcome = SDR_OUTCOME_RESET,
		.stage = "read", .why = "reset by peer"},
	{"proxy", CURLE_RECV_ERROR, .text = "Received HTTP code 403 from proxy after CONNECT",
		.connected = true, .outcome = SDR_OUTCOME_REFUSED, .stage = "connect",
		.why = "403 from proxy"},
	{"KW5 proxy, libcurl 7.88", CURLE_RECV_ERROR, .text = "CONNECT tunnel failed, response 407",
		.connected = true, .proxied = true, .tunnel = 407, .outcome = SDR_OUTCOME_REFUSED,
		.stage = "connect", .why = "proxy: CONNECT tunnel failed, response 407"},
	{"KW5 proxy, whatever code", CURLE_COULDNT_CONNECT,
		.text = "CONNECT tunnel failed, response 502", .connected = true, .proxied = true,
		.tunnel = 502, .outcome = SDR_OUTCOME_REFUSED, .stage = "connect",
		.why = "proxy: CONNECT tunnel failed"},
	{"KW5 proxy that closes", CURLE_RECV_ERROR, .text = "Proxy CONNECT aborted",
		.connected = true, .proxied = true, .tunnel = 1, .outcome = SDR_OUTCOME_REFUSED,
		.stage = "connect", .why = "proxy: Proxy CONNECT aborted"},
	{"KW5 silent proxy, CONNECT", CURLE_OPERATION_TIMEDOUT, .connected = true,
		.tls_wanted = true, .proxied = true, .tunnel = 1, .outcome = SDR_OUTCOME_TIMEOUT,
		.stage = "connect",
		.why = "no answer from the proxy in 5s (connected to it in 1.00ms)"},
	{"KW5 silent proxy, SOCKS", CURLE_OPERATION_TIMEDOUT, .connected = true, .proxied = true,
		.outcome = SDR_OUTCOME_TIMEOUT, .stage = "connect",
		.why = "no answer from the proxy"},
	{"KW5 silent behind the proxy", CURLE_OPERATION_TIMEDOUT, .connected = true,
		.proxied = true, .sent = true, .outcome = SDR_OUTCOME_TIMEOUT, .stage = "read",
		.why = "no response through the proxy in 10s"},
	{"KW5 no TLS behind the proxy", CURLE_OPERATION_TIMEDOUT, .connected = true,
		.tls_wanted = true, .proxied = true, .tunnel = 200, .outcome = SDR_OUTCOME_TIMEOUT,
		.stage = "tls", .why = "no TLS handshake through the proxy in 5s"},
	{"KW5 dead proxy", CURLE_COULDNT_CONNECT, .dial = SDR_OUTCOME_REFUSED, .proxied = true,
		.outcome = SDR_OUTCOME_REFUSED, .stage = "connect",
		.why = "connect to the proxy: connection refused"},
	{"KW5 dropped proxy", CURLE_OPERATION_TIMEDOUT, .proxied = true,
		.outcome = SDR_OUTCOME_TIMEOUT, .stage = "connect",
		.why = "no connection to the proxy in 5s"},
	{"KW5 HTTP where TLS was wanted", CURLE_SSL_CONNECT_ERROR, .text = "wrong version number",
		.tls_wanted = true, .connected = true, .first = "HTTP/1.1 400 Bad Request\r\n",
		.outcome = SDR_OUTCOME_TLS, .stage = "tls", .why = "(looks like HTTP without TLS)"},
	{"KW5 line ends alone", CURLE_WRITE_ERROR, .connected = true, .not_http = true,
		.first = "\n"
			 "\r\n",
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "not HTTP: \\x0a\\x0d\\x0a"},
	{"nothing", CURLE_GOT_NOTHING, .connected = true, .outcome = SDR_OUTCOME_MALFORMED,
		.stage = "read", .why = "without an answer"},
	{"early, body", CURLE_PARTIAL_FILE, .connected = true,
		.lines = {"HTTP/1.1 200 OK\r\n", "Content-Length: 50\r\n", "\r\n"},
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "closed early at 0 of 50 bytes"},
	{"early, headers", CURLE_OK, .connected = true, .lines = {"HTTP/1.1 200 OK\r\n"},
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read", .why = "within the headers"},
	{"SSH", CURLE_WRITE_ERROR, .connected = true, .not_http = true,
		.first = "SSH-2.0-x\r\n"
			 "more",
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read", .why = "not HTTP: SSH-2.0-x"},
	{"HTTP/9.9", CURLE_UNSUPPORTED_PROTOCOL,
		.text = "Unsupported HTTP version (9.9) in response", .connected = true,
		.sent = true, .outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "not HTTP: Unsupported HTTP version (9.9)"},
	{"fcntl fails", CURLE_UNSUPPORTED_PROTOCOL, .text = "Failed to connect", .connected = true,
		.outcome = SDR_OUTCOME_LOCAL, .stage = "connect", .why = "Failed to connect"},
	{"one line", CURLE_OUT_OF_MEMORY, .text = "Out of memory", .connected = true,
		.received = 32768, .lines = {"HTTP/1.1 200 OK\r\n"},
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "header line over 100 KB"},
	{"memory while it reads", CURLE_OUT_OF_MEMORY, .text = "Out of memory", .connected = true,
		.received = 300, .lines = {"HTTP/1.1 200 OK\r\n"}, .outcome = SDR_OUTCOME_LOCAL,
		.stage = "connect", .why = "Out of memory"},
	{"memory", CURLE_OUT_OF_MEMORY, .text = "Out of memory", .outcome = SDR_OUTCOME_LOCAL,
		.stage = "connect", .why = "Out of memory"},
	{"no buffers", CURLE_SEND_ERROR, .os_errno = ENOBUFS, .text = "Send failure",
		.connected = true, .outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "not sent"},
	{"negative", CURLE_WEIRD_SERVER_REPLY, .text = "Invalid Content-Length: value",
		.connected = true, .outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "bad header: Invalid Content-Length"},
	{"two lengths", CURLE_WRITE_ERROR, .connected = true,
		.lines = {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Content-Length: 6\r\n"},
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read", .why = "two Content-Length"},
	{"anything else", CURLE_URL_MALFORMAT, .text = "bad URL", .outcome = SDR_OUTCOME_LOCAL,
		.stage = "read", .why = "bad URL (curl code 3)"},
};

static void diagnose(const struct row *row, struct http_diagnosis *diagnosis)
{
	struct sdr_transfer_answer answer = {.curl_code = row->code,
		.os_errno = row->os_errno,
		.tls_wanted = row->tls_wanted,
		.tls = row->tls,
		.dial_outcome = row->dial,
		.tls_alert = row->alert ? row->alert : -1,
		.verify_error = row->verify,
		.certificate_wanted = row->wanted,
		.proxied = row->proxied,
		.tunnel = row->tunnel == 0 ? -1
			: row->tunnel == 1 ? 0
					   : row->tunnel,
		.times = {SDR_NS_NONE, SDR_NS_NONE, SDR_NS_NONE, SDR_NS_NONE, SDR_NS_NONE,
			SDR_NS_NONE, SDR_NS_NONE}};
	snprintf(
		answer.dial_why, sizeof(answer.dial_why), "%s", row->dial_why ? row->dial_why : "");

	snprintf(answer.text, sizeof(answer.text), "%s", row->text ? row->text : "");
	if (row->connected)
		answer.times.connect = SDR_MS;
	if (row->sent)
		answer.times.pretransfer = 2 * SDR_MS;
	for (size_t i = 0; i < 4 && row->lines[i]; i++)
		sdr_headers_add(&answer.headers, row->lines[i], strlen(row->lines[i]));
	answer.status_code = answer.headers.status;
	if (row->first) {
		answer.first_length = strlen(row->first);
		memcpy(answer.first_bytes, row->first, answer.first_length);
	}
	const struct sdr_transfer_end_facts facts = {
		row->code, row->enough, row->not_http, false, true, row->received, &answer};
	answer.end = sdr_transfer_end_of(&facts);
	const struct http_diagnosis_input of = {
		&answer, 10 * SDR_SECOND, 5 * SDR_SECOND, 1024 * 1024, NOW};
	sdr_http_diagnose(&of, diagnosis);
	sdr_headers_done(&answer.headers);
}

static void test_diagnoses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct http_diagnosis diagnosis;

		diagnose(row, &diagnosis);
		if (diagnosis.outcome != row->outcome || !strstr(diagnosis.why, row->why) ||
			(diagnosis.stage != NULL) != (row->stage != NULL) ||
			(row->stage && strcmp(diagnosis.stage, row->stage) != 0))
			fail_msg("%s: %s at %s: %s", row->what, sdr_outcome_word(diagnosis.outcome),
				diagnosis.stage ? diagnosis.stage : "-", diagnosis.why);
		if (row->why[0] == '\0')
			assert_string_equal(diagnosis.why, "");
	}
}

/* How a transfer ended, with what is known of it, and the whole of what is then reported. */
struct ending {
	enum sdr_transfer_end end;
	const char *text, *dial_why, *status_line; /* NULL: none */
	enum sdr_outcome dial;
	int os_errno;
	sdr_ns connect;
	uint64_t body;
	bool proxied, cut, open;
	enum sdr_outcome outcome;
	const char *stage, *why;
};

static const struct ending sentences[] = {
	{SDR_TRANSFER_DONE, .why = ""},
	{SDR_TRANSFER_DONE, .cut = true, .why = "body cut at 3 MiB (limit)"},
	{SDR_TRANSFER_DONE, .open = true, .why = "the peer had not closed after 10s"},
	{SDR_TRANSFER_DONE, .cut = true, .open = true, .why = "body cut at 3 MiB (limit)"},
	{SDR_TRANSFER_DONE, .cut = true, .status_line = "HTTP/1.1 400 B\r\n",
		.outcome = SDR_OUTCOME_HTTP_ERROR, .why = "HTTP/1.1 400 B"},
	{SDR_TRANSFER_DONE, .status_line = "HTTP/1.1 399 B\r\n", .why = ""},
	{SDR_TRANSFER_DONE, .connect = SDR_MS, .dial_why = "::1 refused", .why = "::1 refused"},
	{SDR_TRANSFER_DONE, .connect = SDR_MS, .dial_why = "::1 refused", .open = true,
		.why = "the peer had not closed after 10s; ::1 refused"},
	{SDR_TRANSFER_DONE, .connect = SDR_NS_NONE, .dial_why = "::1 refused", .why = ""},
	{SDR_TRANSFER_NOT_STARTED, .outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "not sent: all connections this program allows itself were busy for 10s"},
	{SDR_TRANSFER_LOCAL, .text = "Out of it", .outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "not sent: Out of it"},
	{SDR_TRANSFER_LOCAL, .text = "Out of it", .os_errno = EPERM, .proxied = true,
		.outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "not sent: Operation not permitted"},
	{SDR_TRANSFER_LOCAL, .dial_why = "no port left", .dial = SDR_OUTCOME_LOCAL,
		.os_errno = EPERM, .outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "not sent: no port left"},
	{SDR_TRANSFER_LOCAL, .dial_why = "no port left", .dial = SDR_OUTCOME_LOCAL, .proxied = true,
		.outcome = SDR_OUTCOME_LOCAL, .stage = "connect",
		.why = "not sent to the proxy: no port left"},
	{SDR_TRANSFER_CONNECT, .text = "gone", .outcome = SDR_OUTCOME_UNREACHABLE,
		.stage = "connect", .why = "connect: gone"},
	{SDR_TRANSFER_CONNECT, .text = "gone", .proxied = true, .dial = SDR_OUTCOME_RESET,
		.outcome = SDR_OUTCOME_RESET, .stage = "connect",
		.why = "connect to the proxy: connection reset by the peer"},
	{SDR_TRANSFER_TIMEOUT, .connect = SDR_NS_NONE, .dial_why = "::1 silent",
		.dial = SDR_OUTCOME_TIMEOUT, .outcome = SDR_OUTCOME_TIMEOUT, .stage = "connect",
		.why = "no connection in 5s: ::1 silent"},
	{SDR_TRANSFER_TIMEOUT, .connect = SDR_MS, .body = 1048577,
		.status_line = "HTTP/1.1 200 O\r\n", .outcome = SDR_OUTCOME_TIMEOUT,
		.stage = "read", .why = "answer not finished in 10s (1048577 bytes of body)"},
	{SDR_TRANSFER_TIMEOUT, .connect = SDR_MS, .body = 1048576,
		.status_line = "HTTP/1.1 200 O\r\n", .outcome = SDR_OUTCOME_TIMEOUT,
		.stage = "read", .why = "answer not finished in 10s (1 MiB of body)"},
	{SDR_TRANSFER_TIMEOUT, .connect = SDR_MS, .body = 0, .status_line = "HTTP/1.1 200 O\r\n",
		.outcome = SDR_OUTCOME_TIMEOUT, .stage = "read",
		.why = "answer not finished in 10s (0 bytes of body)"},
	{SDR_TRANSFER_TLS, .text = "SSL_ERROR_SYSCALL", .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "closed during the TLS handshake"},
	{SDR_TRANSFER_TLS, .text = "unexpected eof", .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "closed during the TLS handshake"},
	{SDR_TRANSFER_TLS, .text = "it was reset by peer", .outcome = SDR_OUTCOME_RESET,
		.stage = "tls", .why = "connection reset during the TLS handshake"},
	{SDR_TRANSFER_READ, .os_errno = ECONNRESET, .outcome = SDR_OUTCOME_RESET, .stage = "read",
		.why = "read: connection reset by peer"},
	{SDR_TRANSFER_READ, .text = "reset by peer", .outcome = SDR_OUTCOME_RESET, .stage = "read",
		.why = "read: connection reset by peer"},
	{SDR_TRANSFER_READ, .text = "bad", .outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "read: bad"},
	{SDR_TRANSFER_READ, .text = "bad", .os_errno = EIO, .outcome = SDR_OUTCOME_MALFORMED,
		.stage = "read", .why = "read: Input/output error"},
	{SDR_TRANSFER_WRITE, .text = "bad", .outcome = SDR_OUTCOME_RESET, .stage = "write",
		.why = "write: bad"},
	{SDR_TRANSFER_WRITE, .text = "bad", .os_errno = EPIPE, .outcome = SDR_OUTCOME_RESET,
		.stage = "write", .why = "write: Broken pipe"},
	{SDR_TRANSFER_CLOSED_EARLY, .status_line = "HTTP/1.1 200 O\r\n", .body = 7,
		.outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "closed early at 7 bytes"},
	{SDR_TRANSFER_NOT_HTTP, .text = "what", .outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "not HTTP: what"},
	{SDR_TRANSFER_NOT_TLS, .outcome = SDR_OUTCOME_TLS, .stage = "tls",
		.why = "not TLS: the peer answered in plain text or another protocol"},
	{SDR_TRANSFER_CA_FILE, .outcome = SDR_OUTCOME_LOCAL, .stage = "tls",
		.why = "the file of CA certificates cannot be used"},
	{SDR_TRANSFER_PROXY, .text = "no way", .outcome = SDR_OUTCOME_REFUSED, .stage = "connect",
		.why = "proxy: no way"},
	{SDR_TRANSFER_HEADERS_LONG, .outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "headers over 64 KiB (limit)"},
	{SDR_TRANSFER_HEADERS_MANY, .outcome = SDR_OUTCOME_MALFORMED, .stage = "read",
		.why = "too many headers: over 1,000 lines (limit)"},
	{SDR_TRANSFER_HEADER_BAD, .text = "colon", .outcome = SDR_OUTCOME_MALFORMED,
		.stage = "read", .why = "bad header: colon"},
};

static void diagnose_end(const struct ending *of, struct http_diagnosis *diagnosis)
{
	struct sdr_transfer_answer answer = {.end = of->end,
		.os_errno = of->os_errno,
		.dial_outcome = of->dial,
		.tls_alert = -1,
		.proxied = of->proxied,
		.tunnel = -1,
		.body_bytes = of->body,
		.body_cut = of->cut,
		.left_open = of->open,
		.times.connect = of->connect};
	snprintf(answer.text, sizeof(answer.text), "%s", of->text ? of->text : "");
	snprintf(answer.dial_why, sizeof(answer.dial_why), "%s", of->dial_why ? of->dial_why : "");
	if (of->status_line) {
		sdr_headers_add(&answer.headers, of->status_line, strlen(of->status_line));
		sdr_headers_add(&answer.headers, "\r\n", 2);
		answer.status_code = answer.headers.status;
	}
	const struct http_diagnosis_input input = {
		&answer, 10 * SDR_SECOND, 5 * SDR_SECOND, 3 * 1024 * 1024, NOW};
	sdr_http_diagnose(&input, diagnosis);
	sdr_headers_done(&answer.headers);
}

static void test_whole_sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		const struct ending *of = &sentences[i];
		struct http_diagnosis diagnosis;
		diagnose_end(of, &diagnosis);
		assert_string_equal(diagnosis.why, of->why);
		assert_int_equal(diagnosis.outcome, of->outcome);
		assert_string_equal(
			diagnosis.stage ? diagnosis.stage : "-", of->stage ? of->stage : "-");
	}
}

/* A status line is the peer's: no more than 200 bytes of it are shown. */
static void test_a_long_status_line(void **state)
{
	static const int lengths[] = {199, 200, 201, 300};
	char line[303], why[301];
	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int length = lengths[i];
		const struct ending of = {SDR_TRANSFER_DONE, .status_line = line};
		struct http_diagnosis diagnosis;
		snprintf(why, sizeof(why), "HTTP/1.1 404 %0*d", length - 13, 7);
		snprintf(line, sizeof(line), "%s\r\n", why);
		diagnose_end(&of, &diagnosis);
		why[length < 200 ? length : 200] = '\0';
		assert_string_equal(diagnosis.why, why);
	}
}

/* A HEAD that is read to the end may end by time-out or reset once its headers are there. */
static void test_to_the_end(void **state)
{
	static const int codes[] = {
		CURLE_OK, CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_RECV_ERROR};
	struct sdr_transfer_answer answer = {0};
	(void)state;
	sdr_headers_add(&answer.headers, "HTTP/1.0 200 OK\r\n", 17);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct sdr_transfer_end_facts facts = {
			codes[i], false, false, true, true, 0, &answer};

		assert_int_not_equal(sdr_transfer_end_of(&facts), SDR_TRANSFER_DONE);
	}
	sdr_headers_add(&answer.headers, "\r\n", 2);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct sdr_transfer_end_facts facts = {
			codes[i], false, false, true, true, 0, &answer};

		assert_int_equal(sdr_transfer_end_of(&facts), SDR_TRANSFER_DONE);
	}
	sdr_headers_done(&answer.headers);
}

static void test_C11_days(void **state)
{
	char text[64];
	(void)state;
	assert_string_equal(
		sdr_http_tls_expiry(text, sizeof(text), NOW - 3 * DAY, NOW), "expired 3 days ago");
	assert_string_equal(
		sdr_http_tls_expiry(text, sizeof(text), NOW + DAY, NOW), "expires in 1 day");
	assert_string_equal(sdr_http_tls_expiry(text, sizeof(text), 0, NOW), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diagnoses),
		cmocka_unit_test(test_whole_sentences),
		cmocka_unit_test(test_a_long_status_line),
		cmocka_unit_test(test_to_the_end),
		cmocka_unit_test(test_C11_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
