/* http_sheet.c - keys are the JSON keys; curl's own names for its cumulative times are kept for programs and hidden from people, who get
 * the length of each phase instead. */
#include "probe/http_sheet.h"

#include <string.h>

static void put_hidden(struct sdr_item *item)
{
	item->show = SDR_SHOW_HIDDEN;
}

static void put_headers(struct sdr_item *root, const struct sdr_headers *headers)
{
	struct sdr_item *list = sdr_item_list(root, "headers", "Headers");
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
	struct sdr_item *item =
		line ? sdr_item_bytes(root, "status_line", "Status", line, length) : sdr_item_null(root, "status_line", "Status");

	item->show = line ? SDR_SHOW_HEADLINE : SDR_SHOW_HIDDEN;
	put_hidden(answer->status_code ? sdr_item_integer(root, "status_code", "Status", answer->status_code)
				       : sdr_item_null(root, "status_code", "Status"));
	put_hidden(sdr_item_text(root, "http_version", "HTTP version", answer->http_version));
	put_headers(root, &answer->headers);
}

static void put_times(struct sdr_item *root, const struct sdr_transfer_times *times)
{
	put_hidden(sdr_item_duration(root, "time_namelookup", "Name lookup", times->namelookup));
	put_hidden(sdr_item_duration(root, "time_connect", "Connected", times->connect));
	put_hidden(sdr_item_duration(root, "time_appconnect", "TLS done", times->appconnect));
	put_hidden(sdr_item_duration(root, "time_pretransfer", "Ready to send", times->pretransfer));
	put_hidden(sdr_item_duration(root, "time_starttransfer", "First byte", times->starttransfer));
	put_hidden(sdr_item_duration(root, "time_total", "Total", times->total));
}

/* The phase from `*from` to `to`; moves `*from` on. Nothing where it did not get there. */
static void put_phase(struct sdr_item *parent, const char *key, const char *label, sdr_ns *from, sdr_ns to)
{
	if (to == SDR_NS_NONE) {
		put_hidden(sdr_item_null(parent, key, label));
		return;
	}
	sdr_item_duration(parent, key, label, to > *from ? to - *from : 0);
	if (to > *from)
		*from = to;
}

static void put_phases(struct sdr_item *root, const struct sdr_transfer_times *times)
{
	struct sdr_item *phases = sdr_item_object(root, "phases", "Phases");
	sdr_ns at = 0;

	phases->show = SDR_SHOW_SECTION;
	put_phase(phases, "lookup_seconds", "Name lookup", &at, times->namelookup);
	put_phase(phases, "connect_seconds", "Connect", &at, times->connect);
	put_phase(phases, "tls_seconds", "TLS", &at, times->appconnect);
	put_phase(phases, "wait_seconds", "First byte", &at, times->starttransfer);
	put_phase(phases, "transfer_seconds", "Transfer", &at, times->starttransfer == SDR_NS_NONE ? SDR_NS_NONE : times->total);
	sdr_item_duration(phases, "total_seconds", "Total", times->total);
}

static void put_text(struct sdr_item *parent, const char *key, const char *label, const char *text)
{
	if (text[0])
		sdr_item_text(parent, key, label, text);
	else
		put_hidden(sdr_item_null(parent, key, label));
}

static void put_certificate(struct sdr_item *root, const struct sdr_transfer_certificate *certificate, sdr_wall now)
{
	char expiry[64], ends[SDR_WALL_TEXT];
	struct sdr_item *object = sdr_item_object(root, "certificate", "Certificate");

	object->show = SDR_SHOW_SECTION;
	sdr_item_text(object, "subject", "Subject", certificate->subject);
	put_text(object, "issuer", "Issuer", certificate->issuer);
	put_text(object, "names", "Names", certificate->names);
	if (!certificate->ends)
		return;
	sdr_item_format(object, "expires", "Expires", "%s, %s", sdr_wall_format(ends, certificate->ends),
		sdr_http_verdict_expiry(expiry, sizeof(expiry), certificate->ends, now));
	put_hidden(sdr_item_integer(object, "expires_in_days", "Days left", (certificate->ends - now) / (24 * SDR_HOUR)));
}

static void put_tls(struct sdr_item *root, const struct sdr_transfer_answer *answer, sdr_wall now)
{
	if (answer->tls_version[0])
		sdr_item_format(root, "tls", "TLS", "%s %s", answer->tls_version, answer->tls_cipher);
	if (answer->certificate.subject[0])
		put_certificate(root, &answer->certificate, now);
}

static void put_remote(struct sdr_item *root, const struct sdr_endpoint *remote)
{
	char address[SDR_ADDR_TEXT];

	if (remote->addr.version) {
		sdr_item_text(root, "remote_address", "Address", sdr_addr_format(address, &remote->addr));
		sdr_item_integer(root, "remote_port", "Port", remote->port);
		return;
	}
	put_hidden(sdr_item_null(root, "remote_address", "Address"));
	put_hidden(sdr_item_null(root, "remote_port", "Port"));
}

static void put_ending(struct sdr_item *root, const struct http_sheet_case *of)
{
	const struct sdr_transfer_answer *answer = of->answer;
	bool failed = of->verdict->stage != NULL;

	put_text(root, "note", "Note", of->verdict->why);
	put_text(root, "failed_at", "Failed at", failed ? of->verdict->stage : "");
	put_hidden(sdr_item_integer(root, "curl_code", "curl code", answer->curl_code));
	put_hidden(sdr_item_text(root, "curl_text", "curl says", answer->text[0] ? answer->text : NULL));
	put_hidden(sdr_item_text(root, "errno", "System error", failed && answer->os_errno ? strerrorname_np(answer->os_errno) : NULL));
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
	put_ending(root, of);
	put_remote(root, &of->answer->remote);
	put_times(root, &of->answer->times);
	put_phases(root, &of->answer->times);
	put_hidden(sdr_item_integer(root, "body_bytes", "Body", (int64_t)of->answer->body_bytes));
	put_hidden(sdr_item_boolean(root, "body_cut", "Body cut", of->answer->body_cut));
	put_tls(root, of->answer, of->now);
	if (!sdr_sheet_failed(sheet))
		return sheet;
	sdr_sheet_free(sheet);
	return NULL;
}
