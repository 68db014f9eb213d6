/* csv.c - comma-separated values (RFC 4180, LF line ends as Unix tools want them). A text that a
 * spreadsheet would take for a formula (it begins with = + - @ TAB or CR) gets an apostrophe before
 * it, as OWASP advises; numbers are written as they are. */
#include "report/report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

/* A row being written. */
struct row {
	struct sdr_out *out;
	unsigned cells; /* so far */
};

static void comma(struct row *row)
{
	if (row->cells++)
		sdr_out_raw(row->out, ",", 1);
}

/* Writes a cell that is sanitised already. */
static void put_clean(struct row *row, const char *clean, bool formula)
{
	bool quoted = strpbrk(clean, ",\"") || formula;
	if (quoted)
		sdr_out_raw(row->out, formula ? "\"'" : "\"", formula ? 2 : 1);
	for (const char *at = clean; *at;) {
		size_t run = quoted ? strcspn(at, "\"") : strlen(at);
		sdr_out_raw(row->out, at, run);
		at += run;
		if (*at) {
			sdr_out_raw(row->out, "\"\"", 2); /* RFC 4180 sec. 2.7 */
			at++;
		}
	}
	if (quoted)
		sdr_out_raw(row->out, "\"", 1);
}

/* A cell that there is no memory for ends the output: an empty one would be another answer. */
static void put_text(struct row *row, const char *bytes, size_t length)
{
	struct sdr_text_style style = {.ascii = row->out->ascii, .cells_max = -1};
	char small[1024], *large = NULL;
	size_t need = sdr_sanitize(small, sizeof(small), bytes, length, &style);
	if (need >= sizeof(small) && !(large = sdr_sanitize_new(bytes, length, &style))) {
		sdr_out_fail(row->out, ENOMEM);
		return;
	}
	comma(row);
	put_clean(row, large ? large : small, length && strchr("=+-@\t\r", bytes[0]) && bytes[0]);
	free(large);
}

static void put_word(struct row *row, const char *word)
{
	put_text(row, word ? word : "", word ? strlen(word) : 0);
}

/* Numbers need no quoting. */
static void put_number(struct row *row, const char *text)
{
	comma(row);
	sdr_out_raw(row->out, text, strlen(text));
}

static void put_integer(struct row *row, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, value);
	put_number(row, text);
}

static void put_real(struct row *row, double value)
{
	char text[40];
	snprintf(text, sizeof(text), "%.9g", value);
	put_number(row, isfinite(value) ? text : "");
}

static void put_seconds(struct row *row, sdr_ns value)
{
	put_real(row, value == SDR_NS_NONE ? (double)NAN : (double)value / 1e9);
}

static void put_address(struct row *row, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	put_word(row, addr->version ? sdr_addr_format(text, addr) : NULL);
}

/* ---- sheets: scalars are columns, a list of scalars one column, the first list of objects gives
 * the rows ---- */

static const struct sdr_item *rows_of(const struct sdr_item *root)
{
	for (const struct sdr_item *item = root->first; item; item = item->next)
		if (item->kind == SDR_ITEM_LIST && item->first &&
			item->first->kind == SDR_ITEM_OBJECT)
			return item;
	return NULL;
}

static bool is_column(const struct sdr_item *item)
{
	bool objects =
		item->kind == SDR_ITEM_LIST && item->first && item->first->kind == SDR_ITEM_OBJECT;
	return item->kind != SDR_ITEM_OBJECT && !objects;
}

static void put_list(struct row *row, const struct sdr_item *list)
{
	size_t room = 1, used = 0;
	for (const struct sdr_item *item = list->first; item; item = item->next)
		room += sdr_item_format_value(NULL, 0, item) + 1;
	char *text = malloc(room);
	if (!text) {
		sdr_out_fail(row->out, ENOMEM);
		return;
	}
	for (const struct sdr_item *item = list->first; item; item = item->next) {
		if (used)
			text[used++] = ' ';
		used += sdr_item_format_value(text + used, room - used, item);
	}
	put_text(row, text, used);
	free(text);
}

static void put_item(struct row *row, const struct sdr_item *item)
{
	switch (item->kind) {
	case SDR_ITEM_TEXT:
		put_text(row, item->value.bytes, item->value.length);
		break;
	case SDR_ITEM_INTEGER:
		put_integer(row, item->value.integer);
		break;
	case SDR_ITEM_REAL:
		put_real(row, item->value.real);
		break;
	case SDR_ITEM_DURATION:
		put_seconds(row, item->value.integer);
		break;
	case SDR_ITEM_BOOLEAN:
		put_word(row, item->value.integer ? "true" : "false");
		break;
	case SDR_ITEM_LIST:
		put_list(row, item);
		break;
	case SDR_ITEM_NULL:
	case SDR_ITEM_OBJECT:
		put_word(row, NULL);
		break;
	}
}

static void put_columns(struct row *row, const struct sdr_item *parent, bool head)
{
	for (const struct sdr_item *item = parent->first; item; item = item->next) {
		if (!is_column(item))
			continue;
		if (head)
			put_word(row, item->key);
		else
			put_item(row, item);
	}
}

static void put_sheet_row(
	struct sdr_out *out, const struct sdr_item *root, const struct sdr_item *element, bool head)
{
	struct row row = {.out = out};
	put_columns(&row, root, head);
	if (element)
		put_columns(&row, element, head);
	sdr_out_end(out);
}

static void on_sheet(struct sdr_report *report, const struct sdr_item *root)
{
	const struct sdr_item *list = rows_of(root);
	const struct sdr_item *element = list ? list->first : NULL;
	if (!report->rows++)
		put_sheet_row(report->out, root, element, true);
	do {
		put_sheet_row(report->out, root, element, false);
		element = element ? element->next : NULL;
	} while (element);
}

/* ---- probes ---- */

static void on_header(struct sdr_report *report, const struct sdr_target *target)
{
	static const char *const fixed[] = {"type", "probe", "target", "address", "sequence",
		"outcome", "rtt_seconds", "when", "from", "why"};
	struct row row = {.out = report->out};
	if (report->rows++)
		return; /* all targets of a call are of one type */
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		put_word(&row, fixed[i]);
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		put_word(&row, target->spec->type->fields[i].name);
	sdr_out_end(report->out);
}

static void put_value(struct row *row, const struct sdr_field *field, const struct sdr_value *value)
{
	if (!value->present)
		put_word(row, NULL);
	else if (field->kind == SDR_FIELD_INTEGER)
		put_integer(row, value->number);
	else if (field->kind == SDR_FIELD_DURATION)
		put_seconds(row, value->number);
	else if (field->kind == SDR_FIELD_TEXT)
		put_word(row, value->text);
	else if (field->kind == SDR_FIELD_BOOLEAN)
		put_word(row, value->number ? "true" : "false");
	else
		put_address(row, value->addr);
}

static void on_probe(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	struct row row = {.out = report->out};
	char when[SDR_WALL_TEXT];
	on_header(report, target);
	put_word(&row, sdr_report_kind_word(result->kind));
	put_word(&row, target->spec->type->name);
	put_word(&row, target->typed);
	put_address(&row, &target->addr);
	if (result->sequence)
		put_integer(&row, (int64_t)result->sequence);
	else
		put_word(&row, NULL);
	put_word(&row, sdr_outcome_word(result->outcome));
	put_seconds(&row, result->rtt);
	put_word(&row, result->when ? sdr_report_time(when, result->when) : NULL);
	put_address(&row, &result->from.addr);
	put_word(&row, result->why);
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		put_value(&row, &target->spec->type->fields[i], &result->values[i]);
	sdr_out_end(report->out);
}

/* A summary has other columns; users of CSV can sum up themselves. */
static void on_summary(struct sdr_report *report, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record)
{
	(void)record;
	(void)report;
	(void)target;
	(void)totals;
}

/* ---- servers ---- */

/* The columns of a line about a listener. */
struct line {
	const char *event;
	const struct sdr_service_type *type;
	enum sdr_transport transport;
	const struct sdr_endpoint *local, *peer; /* peer: NULL if there is none */
	uint64_t bytes_in, bytes_out;
	const char *why;
};

static void put_line(struct sdr_report *report, const struct line *line)
{
	static const char *const heads[] = {"event", "service", "transport", "address", "port",
		"peer_address", "peer_port", "bytes_in", "bytes_out", "why"};
	static const struct sdr_addr none = {0};
	bool peer = line->peer && line->peer->addr.version;
	if (!report->rows++) {
		struct row head = {.out = report->out};
		for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
			put_word(&head, heads[i]);
		sdr_out_end(report->out);
	}
	struct row row = {.out = report->out};
	put_word(&row, line->event);
	put_word(&row, line->type->name);
	put_word(&row, line->transport == SDR_TCP ? "tcp" : "udp");
	put_address(&row, &line->local->addr);
	put_integer(&row, line->local->port);
	put_address(&row, peer ? &line->peer->addr : &none);
	if (peer)
		put_integer(&row, line->peer->port);
	else
		put_word(&row, NULL);
	put_integer(&row, (int64_t)line->bytes_in);
	put_integer(&row, (int64_t)line->bytes_out);
	put_word(&row, line->why);
	sdr_out_end(report->out);
}

static void on_event(struct sdr_report *report, const struct sdr_service_event *event)
{
	put_line(report,
		&(struct line){sdr_service_event_word(event->kind), event->type, event->transport,
			&event->local, &event->peer, event->bytes_in, event->bytes_out,
			event->why});
}

static void on_counters(struct sdr_report *report, const struct sdr_service_view *view)
{
	put_line(report,
		&(struct line){"counters", view->type, view->transport, &view->local, NULL,
			view->bytes_in, view->bytes_out, view->why});
}

const struct sdr_report_format sdr_report_csv = {
	.sheet = on_sheet,
	.header = on_header,
	.probe = on_probe,
	.summary = on_summary,
	.event = on_event,
	.counters = on_counters,
};
