/* csv.c - comma-separated values (RFC 4180, LF line ends as Unix tools want them). A text that a
 * spreadsheet would take for a formula (it begins with = + - @ TAB or CR) gets an apostrophe before
 * it, as OWASP advises; numbers are written as they are. */
#include "report/csv_row.h"
#include "report/csv_summary.h"
#include "report/report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void put_list(struct csv_row *row, const struct sdr_item *list)
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
	sdr_csv_text(row, text, used);
	free(text);
}

static void put_item(struct csv_row *row, const struct sdr_item *item)
{
	switch (item->kind) {
	case SDR_ITEM_TEXT:
		sdr_csv_text(row, item->value.bytes, item->value.length);
		break;
	case SDR_ITEM_INTEGER:
		sdr_csv_integer(row, item->value.integer);
		break;
	case SDR_ITEM_REAL:
		sdr_csv_real(row, item->value.real);
		break;
	case SDR_ITEM_DURATION:
		sdr_csv_seconds(row, item->value.integer);
		break;
	case SDR_ITEM_BOOLEAN:
		sdr_csv_word(row, item->value.integer ? "true" : "false");
		break;
	case SDR_ITEM_LIST:
		put_list(row, item);
		break;
	case SDR_ITEM_NULL:
	case SDR_ITEM_OBJECT:
		sdr_csv_word(row, NULL);
		break;
	}
}

/* But for `rows`, the list that gives the rows, also where it is empty. */
static void put_columns(
	struct csv_row *row, const struct sdr_item *parent, const char *rows, bool head)
{
	for (const struct sdr_item *item = parent->first; item; item = item->next) {
		bool is_rows = rows && item->key && strcmp(item->key, rows) == 0;
		if (is_rows || !is_column(item))
			continue;
		if (head)
			sdr_csv_word(row, item->key);
		else
			put_item(row, item);
	}
}

static void put_sheet_row(struct sdr_report *report, const struct sdr_item *root,
	const struct sdr_item *element, bool head)
{
	struct csv_row row = {.out = report->out};
	put_columns(&row, root, report->rows_list, head);
	if (element)
		put_columns(&row, element, NULL, head);
	if (head)
		report->columns = row.cells;
	while (row.cells < report->columns)
		sdr_csv_word(&row, NULL);
	sdr_out_end(report->out);
}

/* Each line has as many cells as the first (RFC 4180 sec. 2.4), also of a sheet whose list is
 * empty. */
static void on_sheet(struct sdr_report *report, const struct sdr_item *root)
{
	const struct sdr_item *list = rows_of(root);
	const struct sdr_item *element = list ? list->first : NULL;
	if (!report->rows++) {
		report->rows_list = list ? list->key : NULL;
		put_sheet_row(report, root, element, true);
	}
	do {
		put_sheet_row(report, root, element, false);
		element = element ? element->next : NULL;
	} while (element);
}

/* ---- probes ---- */

static void on_header(struct sdr_report *report, const struct sdr_target *target)
{
	static const char *const fixed[] = {"type", "probe", "target", "address", "sequence",
		"outcome", "rtt_seconds", "when", "from", "why"};
	struct csv_row row = {.out = report->out};
	if (report->rows++)
		return; /* all targets of a call are of one type and one group */
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		sdr_csv_word(&row, fixed[i]);
	if (target->spec->group)
		sdr_csv_word(&row, "group");
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		sdr_csv_word(&row, target->spec->type->fields[i].name);
	if (!report->single)
		sdr_csv_summary_heads(&row);
	for (unsigned i = 0; !report->single && i < target->spec->type->summary_field_count; i++)
		sdr_csv_word(&row, target->spec->type->summary_fields[i].name);
	sdr_out_end(report->out);
}

static void put_value(
	struct csv_row *row, const struct sdr_field *field, const struct sdr_value *value)
{
	if (!value->present)
		sdr_csv_word(row, NULL);
	else if (field->kind == SDR_FIELD_INTEGER)
		sdr_csv_integer(row, value->number);
	else if (field->kind == SDR_FIELD_DURATION)
		sdr_csv_seconds(row, value->number);
	else if (field->kind == SDR_FIELD_TEXT)
		sdr_csv_word(row, value->text);
	else if (field->kind == SDR_FIELD_BOOLEAN)
		sdr_csv_word(row, value->number ? "true" : "false");
	else
		sdr_csv_address(row, value->addr);
}

static void put_target(struct csv_row *row, const char *type, const struct sdr_target *target)
{
	sdr_csv_word(row, type);
	sdr_csv_word(row, target->spec->type->name);
	sdr_csv_word(row, target->typed);
	sdr_csv_address(row, &target->addr);
}

/* A column that is there for those who label their targets. */
static void put_group(struct csv_row *row, const struct sdr_target *target)
{
	if (target->spec->group)
		sdr_csv_word(row, target->spec->group);
}

static void on_probe(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	struct csv_row row = {.out = report->out};
	char when[SDR_WALL_TEXT];
	on_header(report, target);
	put_target(&row, sdr_report_kind_word(result->kind), target);
	if (result->sequence)
		sdr_csv_integer(&row, (int64_t)result->sequence);
	else
		sdr_csv_word(&row, NULL);
	sdr_csv_word(&row, sdr_outcome_word(result->outcome));
	sdr_csv_seconds(&row, result->rtt);
	sdr_csv_word(&row, result->when ? sdr_report_time(when, result->when) : NULL);
	sdr_csv_address(&row, &result->from.addr);
	sdr_csv_word(&row, result->why);
	put_group(&row, target);
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		put_value(&row, &target->spec->type->fields[i], sdr_result_value(result, i));
	if (!report->single)
		sdr_csv_summary_none(&row);
	for (unsigned i = 0; !report->single && i < target->spec->type->summary_field_count; i++)
		sdr_csv_word(&row, NULL);
	sdr_out_end(report->out);
}

/* A row of the same table: the columns of one probe are empty, those of the sum follow. */
static void on_summary(struct sdr_report *report, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record)
{
	struct csv_row row = {.out = report->out};
	on_header(report, target);
	put_target(&row, "summary", target);
	for (int i = 0; i < 5; i++) /* sequence to from */
		sdr_csv_word(&row, NULL);
	sdr_csv_word(&row, sdr_target_missing(target));
	put_group(&row, target);
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		sdr_csv_word(&row, NULL);
	sdr_csv_summary_cells(&row, target, totals, record);
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	sdr_target_summary(target, values);
	for (unsigned i = 0; i < target->spec->type->summary_field_count; i++)
		put_value(&row, &target->spec->type->summary_fields[i], &values[i]);
	sdr_out_end(report->out);
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
		struct csv_row head = {.out = report->out};
		for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
			sdr_csv_word(&head, heads[i]);
		sdr_out_end(report->out);
	}
	struct csv_row row = {.out = report->out};
	sdr_csv_word(&row, line->event);
	sdr_csv_word(&row, line->type->name);
	sdr_csv_word(&row, line->transport == SDR_TCP ? "tcp" : "udp");
	sdr_csv_address(&row, &line->local->addr);
	sdr_csv_integer(&row, line->local->port);
	sdr_csv_address(&row, peer ? &line->peer->addr : &none);
	if (peer)
		sdr_csv_integer(&row, line->peer->port);
	else
		sdr_csv_word(&row, NULL);
	sdr_csv_integer(&row, (int64_t)line->bytes_in);
	sdr_csv_integer(&row, (int64_t)line->bytes_out);
	sdr_csv_word(&row, line->why);
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
