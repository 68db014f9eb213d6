/* text_report.c - answers as text: labels and values aligned, tables in columns, and a default line
 * per probe if its type has none. */
#include "report/report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

#define COLUMNS_MAX 16
#define CELL_MAX 60 /* cells of a column but the last */

static bool is_scalar(const struct sdr_item *item)
{
	return item->kind != SDR_ITEM_OBJECT && item->kind != SDR_ITEM_LIST;
}

static void put_indent(struct sdr_out *out, int cells)
{
	if (cells > 0)
		sdr_out_put(out, SDR_TONE_PLAIN, "%*s", cells, "");
}

static void put_value(struct sdr_out *out, enum sdr_tone tone, const struct sdr_item *item)
{
	char text[128];
	if (item->kind == SDR_ITEM_TEXT) {
		sdr_out_bytes(out, tone, item->value.bytes, item->value.length, SDR_TEXT_CELLS_MAX);
		return;
	}
	sdr_item_format_value(text, sizeof(text), item);
	sdr_out_put(out, tone, "%s", text);
}

static int label_width(const struct sdr_item *parent)
{
	int width = 0;
	for (const struct sdr_item *item = parent->first; item; item = item->next) {
		int cells = sdr_text_cells(sdr_item_name(item));
		if (item->show == SDR_SHOW_FIELD && item->kind != SDR_ITEM_OBJECT && cells > width)
			width = cells;
	}
	return width;
}

static void put_label(struct sdr_out *out, const char *label, int width, int indent)
{
	put_indent(out, indent);
	sdr_out_put(out, SDR_TONE_DIM, "%s", label);
	put_indent(out, width - sdr_text_cells(label) + 2);
}

static void put_field(struct sdr_out *out, const struct sdr_item *item, int width, int indent)
{
	if (is_scalar(item)) {
		put_label(out, sdr_item_name(item), width, indent);
		put_value(out, SDR_TONE_PLAIN, item);
		sdr_out_end(out);
		return;
	}
	const char *label = sdr_item_name(item);
	for (const struct sdr_item *child = item->first; child; child = child->next, label = "") {
		put_label(out, label, width, indent);
		if (is_scalar(child))
			put_value(out, SDR_TONE_PLAIN, child);
		else
			for (const struct sdr_item *part = child->first; part; part = part->next) {
				put_value(out, SDR_TONE_PLAIN, part);
				put_indent(out, part->next ? 2 : 0);
			}
		sdr_out_end(out);
	}
}

/* ---- tables ---- */

/* Cleaned text of a cell in fresh memory, cut at CELL_MAX cells unless it is the last; NULL when
 * out of memory. */
static char *cell_text(const struct sdr_item *item, bool last, bool ascii)
{
	struct sdr_text_style style = {
		.ascii = ascii, .cells_max = last ? SDR_TEXT_CELLS_MAX : CELL_MAX};
	char text[128];
	if (item->kind == SDR_ITEM_TEXT)
		return sdr_sanitize_new(item->value.bytes, item->value.length, &style);
	sdr_item_format_value(text, sizeof(text), item);
	return sdr_sanitize_new(text, strlen(text), &style);
}

static unsigned table_widths(
	struct sdr_out *out, const struct sdr_item *list, int widths[COLUMNS_MAX])
{
	unsigned columns = 0;
	for (const struct sdr_item *row = list->first; row; row = row->next) {
		unsigned at = 0;
		for (const struct sdr_item *item = row->first; item && at < COLUMNS_MAX;
			item = item->next) {
			if (item->show == SDR_SHOW_HIDDEN)
				continue;
			char *text = cell_text(item, false, out->ascii);
			if (!text)
				sdr_out_fail(out, ENOMEM);
			int cells = text ? sdr_text_cells(text) : 0,
			    head = sdr_text_cells(sdr_item_name(item));
			free(text);
			widths[at] = cells > widths[at] ? cells : widths[at];
			widths[at] = head > widths[at] ? head : widths[at];
			at++;
		}
		columns = at > columns ? at : columns;
	}
	return columns;
}

/* A cell of a table as it is put. */
struct cell {
	const char *text;
	int width;  /* of its column */
	bool right; /* numbers stand to the right */
	bool last;  /* nothing follows on the line */
};

static void put_cell(struct sdr_out *out, enum sdr_tone tone, const struct cell *cell)
{
	int gap = cell->width - sdr_text_cells(cell->text);
	if (cell->right)
		put_indent(out, gap);
	sdr_out_put(out, tone, "%s", cell->text);
	if (!cell->last)
		put_indent(out, (cell->right ? 0 : gap) + 2);
}

static void put_row(struct sdr_out *out, const struct sdr_item *row, const int *widths,
	unsigned columns, bool head)
{
	unsigned at = 0;
	for (const struct sdr_item *item = row->first; item && at < columns; item = item->next) {
		if (item->show == SDR_SHOW_HIDDEN)
			continue;
		bool last = at + 1 == columns;
		char *text = head ? NULL : cell_text(item, last, out->ascii);
		struct cell cell = {head ? sdr_item_name(item)
				: text   ? text
					 : "",
			widths[at], sdr_item_is_number(item), last};
		if (!head && !text)
			sdr_out_fail(out, ENOMEM); /* an empty cell would be another answer */
		put_cell(out, head ? SDR_TONE_DIM : SDR_TONE_PLAIN, &cell);
		free(text);
		at++;
	}
	sdr_out_end(out);
}

static void put_table(struct sdr_out *out, const struct sdr_item *list, int indent)
{
	int widths[COLUMNS_MAX] = {0};
	unsigned columns = table_widths(out, list, widths);
	if (!columns)
		return;
	put_indent(out, indent);
	put_row(out, list->first, widths, columns, true);
	for (const struct sdr_item *row = list->first; row; row = row->next) {
		put_indent(out, indent);
		put_row(out, row, widths, columns, false);
	}
}

static void put_pairs(struct sdr_out *out, const struct sdr_item *list, int indent)
{
	for (const struct sdr_item *pair = list->first; pair; pair = pair->next) {
		if (!pair->first)
			continue;
		put_indent(out, indent);
		put_value(out, SDR_TONE_PLAIN, pair->first);
		sdr_out_put(out, SDR_TONE_PLAIN, ": ");
		if (pair->first->next)
			put_value(out, SDR_TONE_PLAIN, pair->first->next);
		sdr_out_end(out);
	}
}

static void put_section(struct sdr_out *out, const struct sdr_item *item, int indent)
{
	put_indent(out, indent);
	sdr_out_line(out, SDR_TONE_STRONG, "%s", sdr_item_name(item));
	if (item->kind == SDR_ITEM_LIST && item->first && item->first->kind == SDR_ITEM_OBJECT)
		put_table(out, item, indent + 2);
	else if (item->kind == SDR_ITEM_LIST)
		for (const struct sdr_item *child = item->first; child; child = child->next) {
			put_indent(out, indent + 2);
			put_value(out, SDR_TONE_PLAIN, child);
			sdr_out_end(out);
		}
	else
		sdr_text_report_tree(out, item, indent + 2);
}

void sdr_text_report_tree(struct sdr_out *out, const struct sdr_item *root, int indent)
{
	int width = label_width(root);
	for (const struct sdr_item *item = root->first; item; item = item->next) {
		switch (item->show) {
		case SDR_SHOW_HEADLINE:
			put_indent(out, indent);
			put_value(out, SDR_TONE_STRONG, item);
			sdr_out_end(out);
			break;
		case SDR_SHOW_FIELD:
			if (item->kind == SDR_ITEM_OBJECT)
				put_section(out, item, indent);
			else
				put_field(out, item, width, indent);
			break;
		case SDR_SHOW_TABLE:
			put_table(out, item, indent);
			break;
		case SDR_SHOW_PAIRS:
			put_pairs(out, item, indent);
			break;
		case SDR_SHOW_SECTION:
			put_section(out, item, indent);
			break;
		case SDR_SHOW_HIDDEN:
			break;
		}
	}
}

static void on_sheet(struct sdr_report *report, const struct sdr_item *root)
{
	if (report->rows++)
		sdr_out_end(report->out);
	sdr_text_report_tree(report->out, root, 0);
}

/* ---- probes ---- */

static void on_header(struct sdr_report *report, const struct sdr_target *target)
{
	if (target->spec->type->text.header)
		target->spec->type->text.header(report->out, target);
}

/* Three digits, or as many as a long time has. */
static void put_ms(struct sdr_out *out, const char *before, sdr_ns time)
{
	double ms = (double)time / 1e6;
	sdr_out_put(out, SDR_TONE_PLAIN, "%s%.*g ms", before, ms < 999.5 ? 3 : 12,
		ms < 999.5 ? ms : round(ms));
}

static void put_field_value(
	struct sdr_out *out, const struct sdr_field *field, const struct sdr_value *value)
{
	char text[SDR_ADDR_TEXT];
	sdr_out_put(out, SDR_TONE_PLAIN, "  ");
	sdr_out_put(out, SDR_TONE_DIM, "%s ", field->label);
	switch (field->kind) {
	case SDR_FIELD_INTEGER:
		sdr_out_put(out, SDR_TONE_PLAIN, "%lld%s%s", (long long)value->number,
			field->unit ? " " : "", field->unit ? field->unit : "");
		break;
	case SDR_FIELD_DURATION:
		put_ms(out, "", value->number);
		break;
	case SDR_FIELD_TEXT:
		sdr_out_bytes(
			out, SDR_TONE_PLAIN, value->text, strlen(value->text), SDR_TEXT_CELLS_MAX);
		break;
	case SDR_FIELD_BOOLEAN:
		sdr_out_put(out, SDR_TONE_PLAIN, "%s", value->number ? "yes" : "no");
		break;
	case SDR_FIELD_ADDRESS:
		sdr_out_put(out, SDR_TONE_PLAIN, "%s", sdr_addr_format(text, value->addr));
		break;
	}
}

/* No time at all, as that waited where nothing was waited for, is left out. */
static bool is_worth_a_word(const struct sdr_field *field, const struct sdr_value *value)
{
	return value->present && (field->kind != SDR_FIELD_DURATION || value->number != 0);
}

static enum sdr_tone tone_of(enum sdr_outcome outcome)
{
	return outcome == SDR_OUTCOME_OK ? SDR_TONE_OK : SDR_TONE_BAD;
}

static void general_line(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_out *out = report->out;
	char addr[SDR_ADDR_TEXT] = "";
	const struct sdr_set *set = sdr_target_set(target);
	if (target->addr.version)
		sdr_addr_format(addr, &target->addr);
	sdr_out_put(out, SDR_TONE_PLAIN, "%s", target->typed);
	if (set && set->fed && sdr_target_role(target))
		sdr_out_put(out, SDR_TONE_PLAIN, " %s", sdr_target_role(target));
	if (*addr && !strstr(target->typed, addr))
		sdr_out_put(out, SDR_TONE_DIM, " (%s)", addr);
	if (!report->single && result->sequence)
		sdr_out_put(out, SDR_TONE_PLAIN, " %llu", (unsigned long long)result->sequence);
	sdr_out_put(out, SDR_TONE_PLAIN, ": ");
	if (result->kind != SDR_RESULT_ANSWER && result->kind != SDR_RESULT_AMENDED)
		sdr_out_put(out, SDR_TONE_WARNING, "%s ", sdr_report_kind_word(result->kind));
	sdr_out_put(out, tone_of(result->outcome), "%s", sdr_outcome_label(result->outcome));
	if (result->rtt != SDR_NS_NONE)
		put_ms(out, "  ", result->rtt);
	if (result->why)
		sdr_out_put(out, SDR_TONE_PLAIN, "  %s", result->why);
	for (unsigned i = 0; i < target->spec->type->field_count; i++) {
		const struct sdr_field *field = &target->spec->type->fields[i];
		if (is_worth_a_word(field, sdr_result_value(result, i)))
			put_field_value(out, field, sdr_result_value(result, i));
	}
	sdr_out_end(out);
}

static void on_probe(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	if (report->stamps &&
		!target->spec->type->text
			 .line) /* as iputils -D has it; ping's own text does it by itself */
		sdr_out_put(report->out, SDR_TONE_PLAIN, "[%lld.%06lld] ",
			(long long)(result->when / SDR_SECOND),
			(long long)(result->when % SDR_SECOND / SDR_US));
	if (target->spec->type->text.line)
		target->spec->type->text.line(report->out, target, result);
	else
		general_line(report, target, result);
	if (report->single && result->detail)
		sdr_text_report_tree(report->out, sdr_sheet_view(result->detail), 2);
}

/* What its type sums up, as far as it is known. */
static void put_type_summary(struct sdr_out *out, const struct sdr_target *target)
{
	const struct sdr_probe_type *type = target->spec->type;
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	bool any = false;
	sdr_target_summary(target, values);
	for (unsigned i = 0; i < type->summary_field_count; i++) {
		if (values[i].present)
			put_field_value(out, &type->summary_fields[i], &values[i]);
		any = any || values[i].present;
	}
	if (any)
		sdr_out_end(out);
	struct sdr_sheet *sheet = NULL;
	if (sdr_target_sheet(target, &sheet) != SDR_OK)
		sdr_out_fail(out, ENOMEM);
	else if (sheet)
		sdr_text_report_tree(out, sdr_sheet_view(sheet), 0);
	sdr_sheet_free(sheet);
}

static void on_summary(struct sdr_report *report, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record)
{
	(void)record;
	struct sdr_out *out = report->out;
	if (target->spec->type->text.summary) {
		target->spec->type->text.summary(out, target, totals);
		return;
	}
	double loss = sdr_report_loss(totals);
	char label[SDR_TARGET_LABEL];
	sdr_out_end(out);
	sdr_out_line(out, SDR_TONE_PLAIN, "--- %s %s statistics ---",
		sdr_target_label(label, target), target->spec->type->label);
	sdr_out_put(out, SDR_TONE_PLAIN, "%llu probes, %llu answered, %llu lost",
		(unsigned long long)totals->transmitted, (unsigned long long)totals->received,
		(unsigned long long)totals->lost);
	if (totals->errors)
		sdr_out_put(
			out, SDR_TONE_PLAIN, " (+%llu errors)", (unsigned long long)totals->errors);
	if (totals->local)
		sdr_out_put(out, SDR_TONE_WARNING, ", %llu not sent",
			(unsigned long long)totals->local);
	if (totals->in_flight)
		sdr_out_put(out, SDR_TONE_PLAIN, ", %llu in flight",
			(unsigned long long)totals->in_flight);
	if (isfinite(loss))
		sdr_out_put(out, SDR_TONE_PLAIN, ", %g%% lost, time %lldms", loss,
			(long long)(totals->elapsed / SDR_MS));
	sdr_out_end(out);
	if (totals->rtt_min != SDR_NS_NONE)
		sdr_out_line(out, SDR_TONE_PLAIN, "rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms",
			(double)totals->rtt_min / 1e6, (double)totals->rtt_avg / 1e6,
			(double)totals->rtt_max / 1e6, (double)totals->rtt_mdev / 1e6);
	put_type_summary(out, target);
}

/* ---- servers ---- */

static enum sdr_tone event_tone(enum sdr_service_event_kind kind)
{
	bool bad = kind == SDR_SERVICE_FAILED;
	bool warning = kind == SDR_SERVICE_REFUSED || kind == SDR_SERVICE_DROPPED;
	return bad                              ? SDR_TONE_BAD
		: warning                       ? SDR_TONE_WARNING
		: kind == SDR_SERVICE_LISTENING ? SDR_TONE_OK
						: SDR_TONE_PLAIN;
}

static void on_event(struct sdr_report *report, const struct sdr_service_event *event)
{
	struct sdr_out *out = report->out;
	char local[SDR_ENDPOINT_TEXT], peer[SDR_ENDPOINT_TEXT];
	sdr_out_put(out, event_tone(event->kind), "%s", sdr_service_event_word(event->kind));
	sdr_out_put(out, SDR_TONE_PLAIN, " %s %s %s", event->type->name,
		event->transport == SDR_TCP ? "tcp" : "udp",
		sdr_endpoint_format(local, &event->local));
	if (event->peer.addr.version)
		sdr_out_put(
			out, SDR_TONE_PLAIN, " from %s", sdr_endpoint_format(peer, &event->peer));
	if (event->kind == SDR_SERVICE_CLOSED || event->kind == SDR_SERVICE_ANSWERED)
		sdr_out_put(out, SDR_TONE_PLAIN, " %llu bytes in %llu out",
			(unsigned long long)event->bytes_in, (unsigned long long)event->bytes_out);
	if (event->kind == SDR_SERVICE_LISTENING && !sdr_addr_is_loopback(&event->local.addr))
		sdr_out_put(out, SDR_TONE_BAD, " PUBLIC");
	if (event->why)
		sdr_out_put(out, SDR_TONE_PLAIN, ": %s", event->why);
	sdr_out_end(out);
}

static void on_counters(struct sdr_report *report, const struct sdr_service_view *view)
{
	char local[SDR_ENDPOINT_TEXT];
	sdr_out_line(report->out, SDR_TONE_PLAIN,
		"counters %s %s %s served %llu refused %llu dropped %llu %llu bytes in %llu out",
		view->type->name, view->transport == SDR_TCP ? "tcp" : "udp",
		sdr_endpoint_format(local, &view->local), (unsigned long long)view->served,
		(unsigned long long)view->refused, (unsigned long long)view->dropped,
		(unsigned long long)view->bytes_in, (unsigned long long)view->bytes_out);
}

const struct sdr_report_format sdr_report_text = {
	.sheet = on_sheet,
	.header = on_header,
	.probe = on_probe,
	.summary = on_summary,
	.event = on_event,
	.counters = on_counters,
};
