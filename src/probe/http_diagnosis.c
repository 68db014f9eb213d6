/* http_diagnosis.c - one row per way a transfer ends: outcome, stage, sentence, and a writer of its
 * own where the sentence has figures in it. */
#include "probe/http_diagnosis.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "http/guess.h"
#include "probe/http_tls.h"
#include "sounder/sanitize.h"

typedef void writer(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis);

struct end_rule {
	enum sdr_outcome outcome;
	const char *stage;
	const char *sentence;
	writer *write; /* may change all of it; or NULL */
};

static void set_why(struct http_diagnosis *diagnosis, const char *format, ...) SDR_PRINTF(2, 3);

static void set_why(struct http_diagnosis *diagnosis, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vsnprintf(diagnosis->why, sizeof(diagnosis->why), format, list);
	va_end(list);
}

static void set(struct http_diagnosis *diagnosis, enum sdr_outcome outcome, const char *stage)
{
	diagnosis->outcome = outcome;
	diagnosis->stage = stage;
}

static const char *bytes(char *out, size_t size, uint64_t count)
{
	if (count >= 1024 * 1024 && count % (1024 * 1024) == 0)
		snprintf(out, size, "%llu MiB", (unsigned long long)(count / (1024 * 1024)));
	else
		snprintf(out, size, "%llu bytes", (unsigned long long)count);
	return out;
}

static void write_done(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const struct sdr_transfer_answer *answer = of->answer;
	char span[SDR_DURATION_TEXT], size[32];
	size_t length;
	if (answer->status_code >= 400) {
		const char *line = sdr_headers_status_line(&answer->headers, &length);

		diagnosis->outcome = SDR_OUTCOME_HTTP_ERROR;
		set_why(diagnosis, "%.*s", (int)(length < 200 ? length : 200), line ? line : "");
	} else if (answer->body_cut) {
		set_why(diagnosis, "body cut at %s (limit)",
			bytes(size, sizeof(size), of->body_max));
	} else if (answer->left_open) {
		set_why(diagnosis, "the peer had not closed after %s",
			sdr_duration_display(span, of->timeout));
	}
}

/* Of one address its own reason; of several each with its own. Without any, libcurl's words: it
 * gave up a connection that was made for it. */
static void write_connect(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const struct sdr_transfer_answer *answer = of->answer;
	if (answer->dial_outcome != SDR_OUTCOME_OK)
		diagnosis->outcome = answer->dial_outcome;
	set_why(diagnosis, "connect%s: %s", answer->proxied ? " to the proxy" : "",
		answer->dial_why[0] ? answer->dial_why
			: answer->dial_outcome != SDR_OUTCOME_OK
			? sdr_outcome_sentence(answer->dial_outcome)
			: answer->text);
}

static void write_local(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const struct sdr_transfer_answer *answer = of->answer;
	set_why(diagnosis, "not sent%s: %s",
		answer->proxied && answer->dial_why[0] ? " to the proxy" : "",
		answer->dial_why[0]        ? answer->dial_why
			: answer->os_errno ? strerror(answer->os_errno)
					   : answer->text);
}

static void write_not_started(
	const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	char span[SDR_DURATION_TEXT];
	set_why(diagnosis, "not sent: all connections this program allows itself were busy for %s",
		sdr_duration_display(span, of->timeout));
}

/* Whether we waited for the proxy: it has not confirmed the tunnel yet. */
static bool is_proxys(const struct sdr_transfer_answer *answer)
{
	if (answer->tunnel >= 0)
		return answer->tunnel == 0;
	return answer->proxied && !answer->tls_wanted && answer->times.pretransfer == SDR_NS_NONE;
}

static void write_timeout(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const struct sdr_transfer_times *times = &of->answer->times;
	char all[SDR_DURATION_TEXT], connected[SDR_DURATION_TEXT], size[32];
	const char *through = of->answer->proxied ? " through the proxy" : "";
	bool answering = sdr_headers_final(&of->answer->headers);
	if (times->connect == SDR_NS_NONE) {
		diagnosis->stage = "connect";
		set_why(diagnosis, "no connection%s in %s%s%s",
			of->answer->proxied ? " to the proxy" : "",
			sdr_duration_display(all, of->connect_timeout),
			of->answer->dial_why[0] ? ": " : "", of->answer->dial_why);
		return;
	}
	sdr_duration_display(all, of->timeout);
	sdr_duration_display(connected, times->connect);
	if (is_proxys(of->answer)) {
		diagnosis->stage = "connect";
		set_why(diagnosis, "no answer from the proxy in %s (connected to it in %s)",
			sdr_duration_display(all, of->connect_timeout), connected);
	} else if (of->answer->tls_wanted && !of->answer->tls) {
		diagnosis->stage = "tls";
		set_why(diagnosis, "no TLS handshake%s in %s (connected in %s)", through,
			sdr_duration_display(all, of->connect_timeout), connected);
	} else if (answering) {
		set_why(diagnosis, "answer not finished in %s (%s of body)", all,
			bytes(size, sizeof(size), of->answer->body_bytes));
	} else {
		set_why(diagnosis, "no response%s in %s (connected in %s)", through, all,
			connected);
	}
}

static void write_certificate(
	const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	sdr_http_tls_certificate(diagnosis->why, sizeof(diagnosis->why), of->answer, of->now);
}

static void write_tls(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const char *text = of->answer->text;
	bool alerted = of->answer->tls_alert >= 0 || of->answer->certificate_wanted;
	if (!alerted && (of->answer->os_errno == ECONNRESET || strstr(text, "reset by peer"))) {
		set(diagnosis, SDR_OUTCOME_RESET, "tls");
		set_why(diagnosis, "connection reset during the TLS handshake");
	} else if (!alerted &&
		(strstr(text, "SSL_ERROR_SYSCALL") || strstr(text, "unexpected eof"))) {
		set_why(diagnosis, "closed during the TLS handshake");
	} else {
		sdr_http_tls_handshake(diagnosis->why, sizeof(diagnosis->why), of->answer);
	}
}

static void write_read(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	int number = of->answer->os_errno;
	if (number == ECONNRESET || strstr(of->answer->text, "reset by peer")) {
		diagnosis->outcome = SDR_OUTCOME_RESET;
		set_why(diagnosis, "read: connection reset by peer");
	} else {
		set_why(diagnosis, "read: %s", number ? strerror(number) : of->answer->text);
	}
}

static void write_write(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	set_why(diagnosis, "write: %s",
		of->answer->os_errno ? strerror(of->answer->os_errno) : of->answer->text);
}

static void write_early(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const struct sdr_transfer_answer *answer = of->answer;
	if (!sdr_headers_final(&answer->headers))
		set_why(diagnosis, "closed early, within the headers");
	else if (answer->headers.has_length)
		set_why(diagnosis, "closed early at %llu of %lld bytes",
			(unsigned long long)answer->body_bytes,
			(long long)answer->headers.content_length);
	else
		set_why(diagnosis, "closed early at %llu bytes",
			(unsigned long long)answer->body_bytes);
}

/* All of what came, escaped here, since a NUL byte would end the sentence; then what it looks
 * like. */
static void format_bytes(struct http_diagnosis *diagnosis, const char *lead,
	const struct sdr_transfer_answer *answer)
{
	const char *guess = answer->end == SDR_TRANSFER_NOT_TLS
		? sdr_guess_plain(answer->first_bytes, answer->first_length)
		: sdr_guess_protocol(answer->first_bytes, answer->first_length);
	size_t length = answer->first_length, used;
	while (length &&
		(answer->first_bytes[length - 1] == '\n' ||
			answer->first_bytes[length - 1] == '\r'))
		length--;
	if (length == 0) /* line ends are all there is */
		length = answer->first_length;
	set_why(diagnosis, "%s: ", lead);
	used = strlen(diagnosis->why);
	sdr_sanitize(diagnosis->why + used, sizeof(diagnosis->why) - used - 128,
		answer->first_bytes, length, &(struct sdr_text_style){.cells_max = -1});
	used = strlen(diagnosis->why);
	if (guess)
		snprintf(diagnosis->why + used, sizeof(diagnosis->why) - used, " (looks like %s)",
			guess);
}

static void write_not_http(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	if (of->answer->first_length)
		format_bytes(diagnosis, "not HTTP", of->answer);
	else
		set_why(diagnosis, "not HTTP: %s", of->answer->text);
}

static void write_not_tls(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	if (of->answer->first_length)
		format_bytes(diagnosis,
			"not TLS, the peer answered in plain text or another protocol", of->answer);
}

static void write_header_bad(
	const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	enum sdr_headers_fault fault = of->answer->headers.fault;
	if (fault == SDR_HEADERS_BAD_LENGTH)
		set_why(diagnosis, "bad header: Content-Length is no number of 63 bits");
	else if (fault == SDR_HEADERS_TWO_LENGTHS)
		set_why(diagnosis, "bad header: two Content-Length that differ");
	else
		set_why(diagnosis, "bad header: %s", of->answer->text);
}

static void write_proxy(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	set_why(diagnosis, "proxy: %s", of->answer->text);
}

static void write_other(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	set_why(diagnosis, "%s (curl code %d)", of->answer->text, of->answer->curl_code);
}

static const struct end_rule end_rules[SDR_TRANSFER_END_COUNT] = {
	[SDR_TRANSFER_DONE] = {SDR_OUTCOME_OK, NULL, "", write_done},
	[SDR_TRANSFER_NOT_STARTED] = {SDR_OUTCOME_LOCAL, "connect", "", write_not_started},
	[SDR_TRANSFER_LOCAL] = {SDR_OUTCOME_LOCAL, "connect", "", write_local},
	[SDR_TRANSFER_PROXY] = {SDR_OUTCOME_REFUSED, "connect", "", write_proxy},
	[SDR_TRANSFER_CONNECT] = {SDR_OUTCOME_UNREACHABLE, "connect", "", write_connect},
	[SDR_TRANSFER_TIMEOUT] = {SDR_OUTCOME_TIMEOUT, "read", "", write_timeout},
	[SDR_TRANSFER_NOT_TLS] = {SDR_OUTCOME_TLS, "tls",
		"not TLS: the peer answered in plain text or another protocol", write_not_tls},
	[SDR_TRANSFER_TLS] = {SDR_OUTCOME_TLS, "tls", "", write_tls},
	[SDR_TRANSFER_CERTIFICATE] = {SDR_OUTCOME_TLS, "tls", "", write_certificate},
	[SDR_TRANSFER_CA_FILE] = {SDR_OUTCOME_LOCAL, "tls",
		"the file of CA certificates cannot be used", NULL},
	[SDR_TRANSFER_WRITE] = {SDR_OUTCOME_RESET, "write", "", write_write},
	[SDR_TRANSFER_READ] = {SDR_OUTCOME_MALFORMED, "read", "", write_read},
	[SDR_TRANSFER_CLOSED_EMPTY] = {SDR_OUTCOME_MALFORMED, "read", "closed without an answer",
		NULL},
	[SDR_TRANSFER_CLOSED_EARLY] = {SDR_OUTCOME_MALFORMED, "read", "", write_early},
	[SDR_TRANSFER_NOT_HTTP] = {SDR_OUTCOME_MALFORMED, "read", "", write_not_http},
	[SDR_TRANSFER_HEADERS_LONG] = {SDR_OUTCOME_MALFORMED, "read", "headers over 64 KiB (limit)",
		NULL},
	[SDR_TRANSFER_HEADERS_MANY] = {SDR_OUTCOME_MALFORMED, "read",
		"too many headers: over 1,000 lines (limit)", NULL},
	[SDR_TRANSFER_HEADER_LINE] = {SDR_OUTCOME_MALFORMED, "read",
		"a header line over 100 KB (limit)", NULL},
	[SDR_TRANSFER_HEADER_BAD] = {SDR_OUTCOME_MALFORMED, "read", "", write_header_bad},
	[SDR_TRANSFER_OTHER] = {SDR_OUTCOME_LOCAL, "read", "", write_other},
};

/* Addresses that did not answer are always reported, whatever the result of the one that did. */
static void add_dead(const struct sdr_transfer_answer *answer, struct http_diagnosis *diagnosis)
{
	size_t used = strlen(diagnosis->why);
	if (answer->dial_outcome == SDR_OUTCOME_OK && answer->dial_why[0] &&
		answer->times.connect != SDR_NS_NONE)
		snprintf(diagnosis->why + used, sizeof(diagnosis->why) - used, "%s%s",
			used ? "; " : "", answer->dial_why);
}

void sdr_http_diagnose(const struct http_diagnosis_input *of, struct http_diagnosis *diagnosis)
{
	const struct end_rule *rule = &end_rules[of->answer->end];
	set(diagnosis, rule->outcome, rule->stage);
	set_why(diagnosis, "%s", rule->sentence);
	if (rule->write)
		rule->write(of, diagnosis);
	add_dead(of->answer, diagnosis);
}
