/* http_sheet.c - keys are the JSON keys; curl's own names for its cumulative times are kept for
 * programs; text shows the length of each phase instead. */
#include "probe/http_sheet.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/sha256.h"
#include "http/guess.h"
#include "probe/http_tls.h"
#include "sounder/attempt.h"
#include "sounder/sanitize.h"

static void put_hidden(struct sdr_item *item)
{
	item->show = SDR_SHOW_HIDDEN;
}

static void put_headers(struct sdr_item *parent, const struct sdr_headers *headers)
{
	struct sdr_item *list = sdr_item_list(parent, "headers", "Headers");
	struct sdr_header header;
	list->show = SDR_SHOW_PAIRS;
	for (size_t at = 0; sdr_headers_next(headers, &at, &header);) {
		struct sdr_item *item = sdr_item_object(list, NULL, NULL);

		sdr_item_bytes(item, "name", "Name", header.name, header.name_length);
		sdr_item_bytes(item, "value", "Value", header.value, header.value_length);
	}
}

static void put_answer(struct sdr_item *root, const struct sdr_transfer_answer *answer)
{
	size_t length;
	const char *line = sdr_headers_status_line(&answer->headers, &length);
	struct sdr_item *item = line ? sdr_item_bytes(root, "status_line", "Status", line, length)
				     : sdr_item_null(root, "status_line", "Status");
	item->show = line ? SDR_SHOW_HEADLINE : SDR_SHOW_HIDDEN;
	put_hidden(answer->status_code
			? sdr_item_integer(root, "status_code", "Status", answer->status_code)
			: sdr_item_null(root, "status_code", "Status"));
	put_hidden(sdr_item_text(root, "http_version", "HTTP version", answer->http_version));
	put_headers(root, &answer->headers);
}

/* 1xx answers, each with its time: RFC 9110 sec. 15.2, RFC 8297. */
static void put_early(struct sdr_item *root, const struct sdr_headers *headers)
{
	unsigned count =
		headers->interim < SDR_HEADERS_EARLY_MAX ? headers->interim : SDR_HEADERS_EARLY_MAX;
	struct sdr_item *list = sdr_item_list(root, "early", "Before it");
	put_hidden(list);
	for (unsigned i = 0; i < count; i++) {
		struct sdr_headers early = sdr_headers_early(headers, i);
		struct sdr_item *item = sdr_item_object(list, NULL, NULL);
		size_t length;
		const char *line = sdr_headers_status_line(&early, &length);

		sdr_item_integer(item, "status_code", "Status", early.status);
		sdr_item_bytes(item, "status_line", "Status", line ? line : "", line ? length : 0);
		sdr_item_duration(item, "at_seconds", "After", early.at);
		put_headers(item, &early);
	}
}

static void put_times(struct sdr_item *root, const struct sdr_transfer_times *times)
{
	put_hidden(sdr_item_duration(root, "time_namelookup", "Name lookup", times->namelookup));
	put_hidden(sdr_item_duration(root, "waited_seconds", "Waited for others", times->waited));
	put_hidden(sdr_item_duration(root, "time_connect", "Connected", times->connect));
	put_hidden(sdr_item_duration(root, "time_appconnect", "TLS done", times->appconnect));
	put_hidden(
		sdr_item_duration(root, "time_pretransfer", "Ready to send", times->pretransfer));
	put_hidden(
		sdr_item_duration(root, "time_starttransfer", "First byte", times->starttransfer));
	put_hidden(sdr_item_duration(root, "time_total", "Total", times->total));
}

/* The phase from `*from` to `to`; moves `*from` on. Nothing where it did not get there. Returns the
 * item. */
static struct sdr_item *put_phase(
	struct sdr_item *parent, const char *key, const char *label, sdr_ns *from, sdr_ns to)
{
	struct sdr_item *item;
	if (to == SDR_NS_NONE) {
		item = sdr_item_null(parent, key, label);
		put_hidden(item);
		return item;
	}
	item = sdr_item_duration(parent, key, label, to > *from ? to - *from : 0);
	if (to > *from)
		*from = to;
	return item;
}

/* Where the handshake failed, its phase is what it took to fail. */
static void put_phases(struct sdr_item *root, const struct http_sheet_case *of)
{
	const struct sdr_transfer_times *times = &of->answer->times;
	bool tls_failed = of->diagnosis->stage && strcmp(of->diagnosis->stage, "tls") == 0 &&
		times->connect != SDR_NS_NONE;
	sdr_ns before = times->namelookup == SDR_NS_NONE ? 0 : times->namelookup, at = 0;
	struct sdr_item *phases = sdr_item_object(root, "phases", "Phases");
	phases->show = SDR_SHOW_SECTION;
	put_phase(phases, "lookup_seconds", "Name lookup", &at, times->namelookup);
	struct sdr_item *waited = put_phase(phases, "waited_seconds", "Waited", &at,
		times->waited == SDR_NS_NONE ? SDR_NS_NONE : before + times->waited);
	if (times->waited == 0)
		put_hidden(waited);
	put_phase(phases, "connect_seconds", "Connect", &at, times->connect);
	put_phase(phases, "tls_seconds", "TLS", &at, tls_failed ? times->total : times->appconnect);
	/* What this program took from there until the request left is no time of the server's. */
	put_phase(phases, "prepare_seconds", "Prepare", &at,
		times->starttransfer == SDR_NS_NONE ? SDR_NS_NONE : times->pretransfer);
	put_phase(phases, "wait_seconds", "First byte", &at, times->starttransfer);
	put_phase(phases, "transfer_seconds", "Transfer", &at,
		times->starttransfer == SDR_NS_NONE ? SDR_NS_NONE : times->total);
	sdr_item_duration(phases, "total_seconds", "Total", times->total);
}

static void put_text(struct sdr_item *parent, const char *key, const char *label, const char *text)
{
	if (text[0])
		sdr_item_text(parent, key, label, text);
	else
		put_hidden(sdr_item_null(parent, key, label));
}

/* "DNS:a\nDNS:b\n" as one text. */
static void put_names(struct sdr_item *parent, const struct sdr_certificate *certificate)
{
	char joined[sizeof(certificate->names) * 2];
	size_t used = 0;
	for (const char *at = certificate->names; *at; at++) {
		if (*at != '\n')
			joined[used++] = *at;
		else if (at[1])
			used += (size_t)snprintf(joined + used, 3, ", ");
	}
	joined[used] = '\0';
	put_text(parent, "names", "Names", joined);
}

static void put_expiry(struct sdr_item *object, sdr_wall when, sdr_wall now)
{
	char expiry[64], ends[SDR_WALL_TEXT];
	if (!when)
		return;
	sdr_item_format(object, "expires", "Expires", "%s, %s", sdr_wall_format(ends, when),
		sdr_http_tls_expiry(expiry, sizeof(expiry), when, now));
	put_hidden(sdr_item_integer(
		object, "expires_in_days", "Days left", (when - now) / (24 * SDR_HOUR)));
}

static void put_certificate(
	struct sdr_item *root, const struct sdr_certificate *certificate, sdr_wall now)
{
	struct sdr_item *object = sdr_item_object(root, "certificate", "Certificate");
	object->show = SDR_SHOW_SECTION;
	sdr_item_text(object, "subject", "Subject", certificate->subject);
	put_text(object, "issuer", "Issuer", certificate->issuer);
	put_names(object, certificate);
	put_text(object, "key", "Key", certificate->key);
	put_expiry(object, certificate->ends, now);
}

/* As JSON's other times are: UTC. What never ends (RFC 5280 sec. 4.1.2.5) is beyond this clock. */
static const char *when_text(char out[static SDR_WALL_TEXT], sdr_wall when)
{
	time_t seconds = (time_t)(when / SDR_SECOND);
	struct tm tm;
	if (when == INT64_MAX || !gmtime_r(&seconds, &tm))
		snprintf(out, SDR_WALL_TEXT, "9999-12-31T23:59:59Z");
	else
		strftime(out, SDR_WALL_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

static void put_when(struct sdr_item *object, const char *key, const char *label, sdr_wall when)
{
	char text[SDR_WALL_TEXT];
	sdr_item_text(object, key, label, when ? when_text(text, when) : NULL);
}

/* What a name is of shows by itself where it is DNS's or an address. */
static void put_name(struct sdr_item *list, const char *name, size_t length)
{
	size_t lead = strncmp(name, "DNS:", 4) == 0 ? 4 : strncmp(name, "IP:", 3) == 0 ? 3 : 0;
	sdr_item_bytes(list, NULL, NULL, name + lead, length - lead);
}

static void put_link(struct sdr_item *list, const struct sdr_certificates_link *link, sdr_wall now)
{
	struct sdr_certificate certificate;
	struct sdr_item *object = sdr_item_object(list, NULL, NULL);
	char digest[SDR_SHA256_TEXT];
	sdr_certificate_read(link->der, link->length, &certificate);
	put_text(object, "subject", "Subject", certificate.subject);
	put_text(object, "issuer", "Issuer", certificate.issuer);
	put_when(object, "begins", "Begins", certificate.begins);
	put_when(object, "expires", "Expires", certificate.ends);
	if (certificate.ends)
		sdr_item_integer(object, "expires_in_days", "Days left",
			(certificate.ends - now) / (24 * SDR_HOUR));
	else
		sdr_item_null(object, "expires_in_days", "Days left");
	put_text(object, "key", "Key", certificate.key);
	put_text(object, "signature", "Signature", certificate.signature);
	struct sdr_item *names = sdr_item_list(object, "names", "Names");
	for (const char *at = certificate.names; *at; at += strcspn(at, "\n") + 1)
		put_name(names, at, strcspn(at, "\n"));
	sdr_item_text(
		object, "sha256", "SHA-256", sdr_sha256_text(digest, link->der, link->length));
}

/* All that the peer sent, for programs. */
static void put_chain(struct sdr_item *root, const struct sdr_certificates *chain, sdr_wall now)
{
	struct sdr_item *list = sdr_item_list(root, "chain", "Chain");
	put_hidden(list);
	for (unsigned i = 0; i < chain->count; i++)
		put_link(list, &chain->links[i], now);
}

/* Shown in text only where another one expires before the peer's own certificate. */
static void put_earliest(struct sdr_item *root, const struct sdr_certificates *chain, sdr_wall now)
{
	struct sdr_certificate earliest;
	char expiry[64], ends[SDR_WALL_TEXT];
	int index = sdr_http_tls_earliest(chain, &earliest);
	if (index < 0) {
		put_hidden(sdr_item_null(root, "chain_earliest_expiry", "Chain ends"));
		return;
	}
	put_hidden(sdr_item_text(
		root, "chain_earliest_expiry", "Chain ends", when_text(ends, earliest.ends)));
	put_hidden(sdr_item_integer(root, "chain_earliest_in_days", "Days left",
		(earliest.ends - now) / (24 * SDR_HOUR)));
	put_hidden(sdr_item_integer(root, "chain_earliest_index", "Which", index));
	put_hidden(sdr_item_text(root, "chain_earliest_subject", "Which", earliest.subject));
	if (index > 0)
		sdr_item_format(root, "chain_note", "Chain", "%s, which %s", earliest.subject,
			sdr_http_tls_expiry(expiry, sizeof(expiry), earliest.ends, now));
}

static void put_tls(struct sdr_item *root, const struct http_sheet_case *of)
{
	const struct sdr_transfer_answer *answer = of->answer;
	struct sdr_certificate own;
	if (answer->tls_version[0])
		sdr_item_format(root, "tls", "TLS", "%s%s%s", answer->tls_version,
			answer->tls_cipher[0] ? " " : "", answer->tls_cipher);
	if (answer->chain.count == 0)
		return;
	if (sdr_certificate_read(answer->chain.links[0].der, answer->chain.links[0].length, &own))
		put_certificate(root, &own, of->now);
	if (of->chain)
		put_chain(root, &answer->chain, of->now);
	put_earliest(root, &answer->chain, of->now);
}

/* The whole answer that is not HTTP, escaped. */
static void put_first_bytes(struct sdr_item *root, const struct sdr_transfer_answer *answer)
{
	const struct sdr_text_style style = {.cells_max = -1};
	char clean[SDR_TRANSFER_FIRST * 4 + 1];
	if ((answer->end != SDR_TRANSFER_NOT_HTTP && answer->end != SDR_TRANSFER_NOT_TLS) ||
		answer->first_length == 0)
		return;
	/* A byte takes at most four characters, unless it is part of a multibyte character. */
	sdr_sanitize(clean, sizeof(clean), answer->first_bytes, answer->first_length, &style);
	put_hidden(sdr_item_text(root, "first_bytes", "Received", clean));
	put_hidden(sdr_item_boolean(root, "first_bytes_cut", "More came", answer->first_cut));
	put_hidden(sdr_item_text(root, "looks_like", "Looks like",
		answer->end == SDR_TRANSFER_NOT_TLS
			? sdr_guess_plain(answer->first_bytes, answer->first_length)
			: sdr_guess_protocol(answer->first_bytes, answer->first_length)));
}

static void put_remote(struct sdr_item *root, const struct sdr_endpoint *remote)
{
	char address[SDR_ADDR_TEXT];
	if (remote->addr.version) {
		sdr_item_text(
			root, "remote_address", "Address", sdr_addr_format(address, &remote->addr));
		sdr_item_integer(root, "remote_port", "Port", remote->port);
		return;
	}
	put_hidden(sdr_item_null(root, "remote_address", "Address"));
	put_hidden(sdr_item_null(root, "remote_port", "Port"));
}

static void put_end(struct sdr_item *root, const struct http_sheet_case *of)
{
	const struct sdr_transfer_answer *answer = of->answer;
	bool failed = of->diagnosis->stage;
	put_text(root, "note", "Note", of->diagnosis->why);
	put_text(root, "failed_at", "Failed at", failed ? of->diagnosis->stage : "");
	put_hidden(sdr_item_integer(root, "curl_code", "curl code", answer->curl_code));
	put_hidden(sdr_item_text(
		root, "curl_text", "curl text", answer->text[0] ? answer->text : NULL));
	put_hidden(sdr_item_text(root, "errno", "System error",
		!failed                      ? NULL
			: answer->dial_error ? answer->dial_error
					     : sdr_errno_name(answer->os_errno)));
}

struct sdr_sheet *sdr_http_sheet_new(const struct http_sheet_case *of)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (!sheet)
		return NULL;
	struct sdr_item *root = sdr_sheet_root(sheet);
	put_hidden(sdr_item_text(root, "url", "URL", of->url));
	put_hidden(sdr_item_text(root, "method", "Method", of->method));
	put_answer(root, of->answer);
	put_end(root, of);
	put_first_bytes(root, of->answer);
	put_remote(root, &of->answer->remote);
	put_times(root, &of->answer->times);
	put_phases(root, of);
	put_early(root, &of->answer->headers);
	if (of->answer->attempt_count)
		sdr_attempts_write(
			root, "address", of->answer->attempts, of->answer->attempt_count);
	put_hidden(sdr_item_integer(root, "body_bytes", "Body", (int64_t)of->answer->body_bytes));
	put_hidden(sdr_item_boolean(root, "body_cut", "Body cut", of->answer->body_cut));
	put_tls(root, of);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}
