/* slow_why.c - the parts of an HTTP request, whose times curl gives from the start on, and the
 * servers that a name's answer had to wait for. */
#include "slow_why.h"

#include <stdio.h>
#include <string.h>

#include "http_phases.h"

#define MOSTLY 0.5 /* share of the time from which a part is to blame */
#define ALL 0.99   /* from which it is all */

/* Whom the phases of a request are about, and what they are. */
static const struct {
	const char *who, *what;
} blamed[UI_PHASES] = {
	{"the name's lookup", ""},
	{"the way to the host", " (connect)"},
	{"the TLS handshake", ""},
	{"the server", " (first byte)"},
	{"the body", ""},
};

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
	struct ui_http_phase phases[UI_PHASES];
	sdr_ns total = ui_http_phases(root, phases);
	for (int i = 0; i < UI_PHASES; i++) {
		sdr_ns took = phases[i].to - phases[i].from;
		if (took == 0 || (double)took < MOSTLY * (double)total)
			continue;
		int used = format_share(blamed[i].who, took, total, out, size);
		snprintf(out + used, size - (size_t)used, "%s", blamed[i].what);
		return;
	}
}

static void format_question(const struct sdr_item *root, char *out, size_t size)
{
	sdr_ns query = sdr_item_time(root, "query_seconds", 0),
	       waited = sdr_item_time(root, "waited_seconds", 0);
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
	if (sdr_item_time(root, "time_total", 0) > 0)
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
