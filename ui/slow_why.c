/* slow_why.c - the parts of an HTTP request, whose times curl gives from the start on, and the
 * servers that a name's answer had to wait for. */
#include "slow_why.h"

#include <stdio.h>
#include <string.h>

#include "number.h"

#define MOSTLY 0.5 /* share of the time from which a part is to blame */
#define ALL 0.99   /* from which it is all */

static const struct {
	const char *key, *who, *what;
} phases[] = {
	{"time_namelookup", "the name's lookup", ""},
	{"time_connect", "the way to the host", " (connect)"},
	{"time_appconnect", "the TLS handshake", ""},
	{"time_starttransfer", "the server", " (first byte)"},
	{"time_total", "the body", ""},
};

static sdr_ns duration_of(const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	return item && item->kind == SDR_ITEM_DURATION ? item->value.integer : 0;
}

/* "the server took 1.10 of 1.15 s", or "497 ms" that are all of it. */
static int format_share(const char *who, sdr_ns part, sdr_ns whole, char *out, size_t size)
{
	bool seconds = whole >= SDR_SECOND;
	double unit = seconds ? (double)SDR_SECOND : (double)SDR_MS;
	if ((double)part >= ALL * (double)whole)
		return snprintf(out, size, "%s took %.3g %s", who, (double)whole / unit,
			seconds ? "s" : "ms");
	return snprintf(out, size, "%s took %.3g of %.3g %s", who, (double)part / unit,
		(double)whole / unit, seconds ? "s" : "ms");
}

static void format_request(const struct sdr_item *root, char *out, size_t size)
{
	sdr_ns total = duration_of(root, "time_total"), from = 0;
	for (size_t i = 0; i < sizeof(phases) / sizeof(*phases); i++) {
		sdr_ns to = duration_of(root, phases[i].key);
		if (to <= from)
			continue;
		if ((double)(to - from) >= MOSTLY * (double)total) {
			int used = format_share(phases[i].who, to - from, total, out, size);
			snprintf(out + used, size - (size_t)used, "%s", phases[i].what);
			return;
		}
		from = to;
	}
}

static void format_question(const struct sdr_item *root, char *out, size_t size)
{
	sdr_ns query = duration_of(root, "query_seconds"),
	       waited = duration_of(root, "waited_seconds");
	const char *server = sdr_item_string(root, "server", ""),
		   *failed = sdr_item_string(root, "failed", "");
	char who[SDR_ENDPOINT_TEXT + 8];
	int used = 0;
	if (waited > query) {
		used = format_share("other servers", waited, waited + query, out, size);
		snprintf(out + used, size - (size_t)used, "%s%s", *failed ? ": " : "", failed);
	} else if (query > 0 && *server) {
		snprintf(who, sizeof(who), "server %s", server);
		format_share(who, query, query + waited, out, size);
	}
}

const char *ui_slow_part(const struct sdr_item *root, char *out, size_t size)
{
	out[0] = '\0';
	if (duration_of(root, "time_total") > 0)
		format_request(root, out, size);
	else
		format_question(root, out, size);
	return out;
}

const char *ui_slow_why(
	const struct sdr_model *model, uint32_t position, sdr_ns now, char *out, size_t size)
{
	struct sdr_row row;
	char part[SDR_ERROR_TEXT] = "";
	bool timed = sdr_model_slow_reason(model, position, now, out, size);
	sdr_model_row(model, position, &row);
	if (timed && row.detail)
		ui_slow_part(sdr_sheet_view(row.detail), part, sizeof(part));
	size_t used = strlen(out);
	if (part[0])
		snprintf(out + used, size - used, "%s%s", used ? "; " : "", part);
	return out;
}
