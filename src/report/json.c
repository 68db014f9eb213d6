/* json.c - JSON lines: sheets, probes, summaries, servers. */
#include "report/json.h"

#include <errno.h>

#include "report/figure_fields.h"
#include "report/json_value.h"
#include "report/report.h"
#include "sounder/attempt.h"
#include "sounder/sanitize.h"

static json_t *value_of(const struct sdr_item *item);

static void set_item(json_t *object, const char *key, const struct sdr_item *item)
{
	if (item->kind == SDR_ITEM_TEXT)
		sdr_json_put_bytes(object, key, item->value.bytes, item->value.length);
	else
		sdr_json_put(object, key, value_of(item));
}

static bool is_broken(const struct sdr_item *item)
{
	return item->kind == SDR_ITEM_TEXT &&
		!sdr_text_is_utf8(item->value.bytes, item->value.length);
}

/* A list of text with bad bytes in it has a twin with their raw bytes, null where there is nothing
 * to add. */
static void set_raw_twin(json_t *object, const struct sdr_item *list)
{
	bool any = false;
	for (const struct sdr_item *item = list->first; item; item = item->next)
		any = any || is_broken(item);
	if (!any)
		return;
	char key[96];
	json_t *twin = json_array();
	snprintf(key, sizeof(key), "%s_base64", list->key);
	for (const struct sdr_item *item = list->first; item; item = item->next)
		twin = sdr_json_append(twin,
			is_broken(item)
				? sdr_json_base64_of_bytes((const unsigned char *)item->value.bytes,
					  item->value.length)
				: json_null());
	sdr_json_put(object, key, twin);
}

static void set_children(json_t *object, const struct sdr_item *parent)
{
	for (const struct sdr_item *item = parent->first; item; item = item->next) {
		set_item(object, item->key, item);
		if (item->kind == SDR_ITEM_LIST)
			set_raw_twin(object, item);
	}
}

static json_t *value_of(const struct sdr_item *item)
{
	json_t *made;
	switch (item->kind) {
	case SDR_ITEM_NULL:
		break;
	case SDR_ITEM_TEXT:
		return sdr_json_text_of_bytes(
			(const unsigned char *)item->value.bytes, item->value.length);
	case SDR_ITEM_INTEGER:
		return sdr_json_integer(item->value.integer);
	case SDR_ITEM_REAL:
		return sdr_json_real(item->value.real);
	case SDR_ITEM_DURATION:
		return sdr_json_seconds(item->value.integer);
	case SDR_ITEM_BOOLEAN:
		return json_boolean(item->value.integer != 0);
	case SDR_ITEM_OBJECT:
		made = sdr_json_new();
		set_children(made, item);
		return sdr_json_end(made);
	case SDR_ITEM_LIST:
		made = json_array();
		for (const struct sdr_item *child = item->first; child; child = child->next)
			made = sdr_json_append(made, value_of(child));
		return made;
	}
	return json_null();
}

static void on_sheet(struct sdr_report *report, const struct sdr_item *root)
{
	if (sdr_json_sheet(report->out, root))
		return;
	json_t *object = sdr_json_new();
	set_children(object, root);
	sdr_json_write(report->out, object);
}

static void on_header(struct sdr_report *report, const struct sdr_target *target)
{
	(void)report;
	(void)target;
}

static void set_address(json_t *object, const char *key, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	sdr_json_put_text(object, key, addr->version ? sdr_addr_format(text, addr) : NULL);
}

static void set_value(json_t *object, const struct sdr_field *field, const struct sdr_value *value)
{
	if (!value->present) {
		sdr_json_put(object, field->name, json_null());
		return;
	}
	switch (field->kind) {
	case SDR_FIELD_INTEGER:
		sdr_json_put(object, field->name, sdr_json_integer(value->number));
		break;
	case SDR_FIELD_DURATION:
		sdr_json_put(object, field->name, sdr_json_seconds(value->number));
		break;
	case SDR_FIELD_TEXT:
		sdr_json_put_text(object, field->name, value->text);
		break;
	case SDR_FIELD_BOOLEAN:
		sdr_json_put(object, field->name, json_boolean(value->number != 0));
		break;
	case SDR_FIELD_ADDRESS:
		set_address(object, field->name, value->addr);
		break;
	}
}

static json_t *about_target(const struct sdr_target *target, const char *type)
{
	json_t *object = sdr_json_new();
	sdr_json_put_text(object, "type", type);
	sdr_json_put_text(object, "probe", target->spec->type->name);
	sdr_json_put_text(object, "target", target->typed);
	set_address(object, "address", &target->addr);
	if (target->port)
		sdr_json_put(object, "port", json_integer(target->port));
	if (target->spec->group)
		sdr_json_put_text(object, "group", target->spec->group);
	sdr_json_put_text(object, "partial", sdr_target_missing(target));
	if (sdr_target_set(target) && sdr_target_set(target)->fed)
		sdr_json_put_text(object, "role", sdr_target_role(target));
	return object;
}

static void set_attempts(struct sdr_report *report, json_t *object, const struct sdr_result *result)
{
	if (!result->attempts)
		return;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		sdr_attempts_write(
			sdr_sheet_root(sheet), "address", result->attempts, result->attempt_count);
	if (!sheet || sdr_sheet_failed(sheet))
		sdr_out_fail(report->out, ENOMEM);
	else
		set_children(object, sdr_sheet_root(sheet));
	sdr_sheet_free(sheet);
}

/* A count that the type can't know is null, not 0. */
static void set_count(
	json_t *object, const struct sdr_target *target, enum sdr_count which, uint64_t count)
{
	const char *key = which == SDR_COUNT_DUPLICATES ? "duplicates"
		: which == SDR_COUNT_LATE               ? "late"
							: "corrupt";
	sdr_json_put(object, key,
		target->spec->type->counts & which ? sdr_json_integer((int64_t)count)
						   : json_null());
}

static void on_probe(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	char when[SDR_WALL_TEXT];
	json_t *object = about_target(target, sdr_report_kind_word(result->kind));
	sdr_json_put(object, "sequence",
		result->sequence ? sdr_json_integer((int64_t)result->sequence) : json_null());
	sdr_json_put_text(object, "outcome", sdr_outcome_word(result->outcome));
	sdr_json_put(object, "rtt_seconds", sdr_json_seconds(result->rtt));
	sdr_json_put_text(
		object, "when", result->when ? sdr_report_time(when, result->when) : NULL);
	set_address(object, "from", &result->from.addr);
	sdr_json_put_text(object, "why", result->why);
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		set_value(object, &target->spec->type->fields[i], sdr_result_value(result, i));
	set_attempts(report, object, result);
	if (report->single && result->detail)
		set_children(object, sdr_sheet_view(result->detail));
	sdr_json_write(report->out, object);
}

static json_t *figure(const struct sdr_figures *figures, const struct figure_field *field)
{
	switch (field->kind) {
	case FIGURE_COUNT:
		return sdr_json_integer((int64_t)sdr_figure_count(figures, field));
	case FIGURE_PERCENT:
		return sdr_json_real(sdr_figure_percent(figures, field));
	case FIGURE_TIME:
		break;
	}
	return sdr_json_seconds(sdr_figure_time(figures, field));
}

static void set_figures(json_t *object, const struct sdr_figures *figures, size_t from)
{
	for (size_t i = from; i < SDR_FIGURES; i++)
		sdr_json_put(
			object, sdr_figure_fields[i].name, figure(figures, &sdr_figure_fields[i]));
}

static json_t *window(const struct sdr_figures *figures, sdr_ns length)
{
	json_t *object = sdr_json_new();
	sdr_json_put(object, "window_seconds", sdr_json_seconds(length));
	set_figures(object, figures, 0);
	return sdr_json_end(object);
}

static json_t *outage(const struct sdr_outage *outage)
{
	char from[SDR_WALL_TEXT], to[SDR_WALL_TEXT];
	json_t *object = sdr_json_new();
	sdr_json_put_text(object, "from", sdr_report_time(from, outage->from));
	sdr_json_put_text(object, "to", outage->to ? sdr_report_time(to, outage->to) : NULL);
	sdr_json_put(object, "duration_seconds", sdr_json_seconds(outage->lasted));
	sdr_json_put_text(object, "why", outage->why[0] ? outage->why : NULL);
	return sdr_json_end(object);
}

/* What the dashboard shows of a target: figures of the whole run and of its last stretches, and
 * the outages, oldest first. */
static void set_record(json_t *object, const struct sdr_report_record *record)
{
	static const sdr_ns lengths[] = {10 * SDR_SECOND, SDR_MINUTE, 10 * SDR_MINUTE};
	json_t *windows = json_array(), *outages = json_array();
	set_figures(object, &record->windows[SDR_WINDOW_ALL], SDR_FIGURES_WHOLE);
	for (unsigned i = 0; i < SDR_WINDOW_ALL; i++)
		windows = sdr_json_append(windows, window(&record->windows[i], lengths[i]));
	for (uint32_t i = record->outage_count; i-- > 0;)
		outages = sdr_json_append(outages, outage(&record->outages[i]));
	sdr_json_put(object, "windows", windows);
	sdr_json_put(object, "outages", outages);
}

/* What its type sums up. */
static void set_summary(json_t *object, const struct sdr_target *target)
{
	const struct sdr_probe_type *type = target->spec->type;
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	if (type->summary_field_count == 0)
		return;
	sdr_target_summary(target, values);
	for (unsigned i = 0; i < type->summary_field_count; i++)
		set_value(object, &type->summary_fields[i], &values[i]);
}

/* What it knows beyond that. */
static void set_sheet(struct sdr_report *report, json_t *object, const struct sdr_target *target)
{
	struct sdr_sheet *sheet = NULL;
	if (sdr_target_sheet(target, &sheet) != SDR_OK)
		sdr_out_fail(report->out, ENOMEM);
	else if (sheet)
		set_children(object, sdr_sheet_view(sheet));
	sdr_sheet_free(sheet);
}

static void on_summary(struct sdr_report *report, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record)
{
	json_t *object = about_target(target, "summary");
	sdr_json_put(object, "transmitted", sdr_json_integer((int64_t)totals->transmitted));
	sdr_json_put(object, "received", sdr_json_integer((int64_t)totals->received));
	sdr_json_put(object, "lost", sdr_json_integer((int64_t)totals->lost));
	sdr_json_put(object, "local", sdr_json_integer((int64_t)totals->local));
	sdr_json_put(object, "in_flight", sdr_json_integer((int64_t)totals->in_flight));
	set_count(object, target, SDR_COUNT_DUPLICATES, totals->duplicates);
	set_count(object, target, SDR_COUNT_LATE, totals->late);
	set_count(object, target, SDR_COUNT_CORRUPT, totals->corrupt);
	sdr_json_put(object, "errors",
		sdr_json_integer((int64_t)totals->local)); /* what `local` was called before */
	sdr_json_put(object, "loss_percent", sdr_json_real(sdr_report_loss(totals)));
	sdr_json_put(object, "unsent_percent", sdr_json_real(sdr_report_unsent(totals)));
	sdr_json_put(object, "rtt_min_seconds", sdr_json_seconds(totals->rtt_min));
	sdr_json_put(object, "rtt_avg_seconds", sdr_json_seconds(totals->rtt_avg));
	sdr_json_put(object, "rtt_max_seconds", sdr_json_seconds(totals->rtt_max));
	sdr_json_put(object, "rtt_mdev_seconds", sdr_json_seconds(totals->rtt_mdev));
	sdr_json_put(object, "elapsed_seconds", sdr_json_seconds(totals->elapsed));
	set_summary(object, target);
	set_sheet(report, object, target);
	if (record)
		set_record(object, record);
	sdr_json_write(report->out, object);
}

static json_t *about_listener(const char *event, const struct sdr_service_type *type,
	enum sdr_transport transport, const struct sdr_endpoint *local)
{
	json_t *object = sdr_json_new();
	sdr_json_put_text(object, "event", event);
	sdr_json_put_text(object, "service", type->name);
	sdr_json_put_text(object, "transport", transport == SDR_TCP ? "tcp" : "udp");
	set_address(object, "address", &local->addr);
	sdr_json_put(object, "port", json_integer(local->port));
	return object;
}

static void on_event(struct sdr_report *report, const struct sdr_service_event *event)
{
	char when[SDR_WALL_TEXT];
	json_t *object = about_listener(
		sdr_service_event_word(event->kind), event->type, event->transport, &event->local);
	set_address(object, "peer_address", &event->peer.addr);
	sdr_json_put(object, "peer_port",
		event->peer.addr.version ? json_integer(event->peer.port) : json_null());
	sdr_json_put(object, "bytes_in", sdr_json_integer((int64_t)event->bytes_in));
	sdr_json_put(object, "bytes_out", sdr_json_integer((int64_t)event->bytes_out));
	sdr_json_put_text(object, "when", event->when ? sdr_report_time(when, event->when) : NULL);
	sdr_json_put_text(object, "why", event->why);
	sdr_json_write(report->out, object);
}

static void on_counters(struct sdr_report *report, const struct sdr_service_view *view)
{
	json_t *object = about_listener("counters", view->type, view->transport, &view->local);
	sdr_json_put(object, "served", sdr_json_integer((int64_t)view->served));
	sdr_json_put(object, "refused", sdr_json_integer((int64_t)view->refused));
	sdr_json_put(object, "dropped", sdr_json_integer((int64_t)view->dropped));
	sdr_json_put(object, "bytes_in", sdr_json_integer((int64_t)view->bytes_in));
	sdr_json_put(object, "bytes_out", sdr_json_integer((int64_t)view->bytes_out));
	sdr_json_write(report->out, object);
}

const struct sdr_report_format sdr_report_json = {
	.sheet = on_sheet,
	.header = on_header,
	.probe = on_probe,
	.summary = on_summary,
	.event = on_event,
	.counters = on_counters,
};
