/* json.c - JSON lines (RFC 8259). jansson builds and writes; what it leaves raw and a terminal
 * would interpret (C1, bidi and other unprintable characters) is then escaped in the text: outside
 * a string JSON has nothing above U+007E, so that is safe anywhere. */
#include "report/report.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "sounder/attempt.h"
#include "sounder/sanitize.h"

#define EXACT_MAX ((int64_t)1 << 53) /* above, doubles skip integers (RFC 8259 sec. 6) */

static void write_escaped(struct sdr_out *out, uint32_t code)
{
	char text[16];
	int length;
	if (code > 0xffff) /* a surrogate pair, RFC 8259 sec. 7 */
		length = snprintf(text, sizeof(text), "\\u%04x\\u%04x",
			0xd800u + ((code - 0x10000u) >> 10),
			0xdc00u + ((code - 0x10000u) & 0x3ffu));
	else
		length = snprintf(text, sizeof(text), "\\u%04x", code);
	sdr_out_raw(out, text, (size_t)length);
}

/* jansson leaves out what it has no memory for, and an object that lacks a member would be wrong.
 * So each begins with a mark, which is removed when adding a member fails, and by the code that
 * finishes the object. */
#define WHOLE ""

static json_t *object_new(void)
{
	json_t *object = json_object();
	if (json_object_set_new(object, WHOLE, json_true()) == 0)
		return object;
	json_decref(object);
	return NULL;
}

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		json_object_del(object, WHOLE);
}

/* Returns the object without its mark; NULL, and it is gone, if it lacks something. */
static json_t *object_end(json_t *object)
{
	if (json_object_del(object, WHOLE) == 0)
		return object;
	json_decref(object);
	return NULL;
}

/* Text that grows; owned. */
struct text {
	char *bytes;
	size_t length, room;
	bool failed; /* some is missing */
};

static int add_text(const char *bytes, size_t length, void *context)
{
	struct text *text = context;
	size_t room = text->room ? text->room : 512;
	while (room < text->length + length)
		room *= 2;
	char *grown = room > text->room ? realloc(text->bytes, room) : text->bytes;
	if (!grown) {
		text->failed = true;
		return -1;
	}
	text->bytes = grown;
	text->room = room;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	return 0;
}

/* Escapes what a terminal would interpret. */
static void write_text(struct sdr_out *out, const char *text, size_t length)
{
	size_t from = 0, at = 0;
	while (at < length) {
		uint32_t code = (unsigned char)text[at];
		size_t bytes = code < 0x80 ? 1 : sdr_text_decode(text + at, length - at, &code);
		bool keep = code < 0x7f || (code >= 0xa0 && !out->ascii && sdr_text_is_plain(code));
		if (!bytes)
			bytes = 1;
		if (!keep) {
			sdr_out_raw(out, text + from, at - from);
			write_escaped(out, code);
			from = at + bytes;
		}
		at += bytes;
	}
	sdr_out_raw(out, text + from, length - from);
	sdr_out_end(out);
}

/* Writes the object and frees it. jansson's own json_dumps (2.14) continues where it could not
 * write a key, and reports nothing. */
static void write_line(struct sdr_out *out, json_t *object)
{
	struct text text = {0};
	object = object_end(object);
	bool good = object &&
		json_dump_callback(
			object, add_text, &text, JSON_COMPACT | JSON_REAL_PRECISION(9)) == 0 &&
		!text.failed;
	json_decref(object);
	if (good)
		write_text(out, text.bytes, text.length);
	else
		sdr_out_fail(out, ENOMEM);
	free(text.bytes);
}

/* Valid characters stay, other bytes become \xHH. */
static json_t *text_of_bytes(const unsigned char *bytes, size_t length)
{
	char *text = malloc(4 * length + 1);
	size_t used = 0;
	if (!text)
		return NULL;
	for (size_t at = 0; at < length;) {
		uint32_t code;
		size_t n = sdr_text_decode(bytes + at, length - at, &code);
		if (n) {
			memcpy(text + used, bytes + at, n);
			used += n;
		} else {
			used += (size_t)sprintf(text + used, "\\x%02x", bytes[at]);
			n = 1;
		}
		at += n;
	}
	json_t *value = json_stringn(text, used);
	free(text);
	return value;
}

/* RFC 4648 sec. 4. */
static json_t *base64_of_bytes(const unsigned char *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *text = malloc((length + 2) / 3 * 4 + 1);
	size_t used = 0;
	if (!text)
		return NULL;
	for (size_t at = 0; at < length; at += 3) {
		size_t left = length - at;
		unsigned triple = (unsigned)bytes[at] << 16 |
			(left > 1 ? (unsigned)bytes[at + 1] << 8 : 0) |
			(left > 2 ? bytes[at + 2] : 0u);
		text[used++] = digits[triple >> 18];
		text[used++] = digits[triple >> 12 & 63];
		text[used++] = left > 1 ? digits[triple >> 6 & 63] : '=';
		text[used++] = left > 2 ? digits[triple & 63] : '=';
	}
	json_t *value = json_stringn(text, used);
	free(text);
	return value;
}

static void set_bytes(json_t *object, const char *key, const char *bytes, size_t length)
{
	if (sdr_text_is_utf8(bytes, length)) {
		put(object, key, json_stringn(bytes, length));
		return;
	}
	char raw[96];
	snprintf(raw, sizeof(raw), "%s_base64", key);
	put(object, key, text_of_bytes((const unsigned char *)bytes, length));
	put(object, raw, base64_of_bytes((const unsigned char *)bytes, length));
}

static void set_text(json_t *object, const char *key, const char *text)
{
	if (text)
		set_bytes(object, key, text, strlen(text));
	else
		put(object, key, json_null());
}

static json_t *integer(int64_t value)
{
	if (value <= EXACT_MAX && value >= -EXACT_MAX)
		return json_integer(value);
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	return json_string(text);
}

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *seconds(sdr_ns value)
{
	return value == SDR_NS_NONE ? json_null() : json_real((double)value / 1e9);
}

static json_t *value_of(const struct sdr_item *item);

static void set_item(json_t *object, const char *key, const struct sdr_item *item)
{
	if (item->kind == SDR_ITEM_TEXT)
		set_bytes(object, key, item->value.bytes, item->value.length);
	else
		put(object, key, value_of(item));
}

static bool is_broken(const struct sdr_item *item)
{
	return item->kind == SDR_ITEM_TEXT &&
		!sdr_text_is_utf8(item->value.bytes, item->value.length);
}

/* Returns the array; NULL, and it is gone, without memory. */
static json_t *append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
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
		twin = append(twin,
			is_broken(item) ? base64_of_bytes((const unsigned char *)item->value.bytes,
						  item->value.length)
					: json_null());
	put(object, key, twin);
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
		return text_of_bytes((const unsigned char *)item->value.bytes, item->value.length);
	case SDR_ITEM_INTEGER:
		return integer(item->value.integer);
	case SDR_ITEM_REAL:
		return real(item->value.real);
	case SDR_ITEM_DURATION:
		return seconds(item->value.integer);
	case SDR_ITEM_BOOLEAN:
		return json_boolean(item->value.integer != 0);
	case SDR_ITEM_OBJECT:
		made = object_new();
		set_children(made, item);
		return object_end(made);
	case SDR_ITEM_LIST:
		made = json_array();
		for (const struct sdr_item *child = item->first; child; child = child->next)
			made = append(made, value_of(child));
		return made;
	}
	return json_null();
}

static void on_sheet(struct sdr_report *report, const struct sdr_item *root)
{
	if (sdr_json_sheet(report->out, root))
		return;
	json_t *object = object_new();
	set_children(object, root);
	write_line(report->out, object);
}

static void on_header(struct sdr_report *report, const struct sdr_target *target)
{
	(void)report;
	(void)target;
}

static void set_address(json_t *object, const char *key, const struct sdr_addr *addr)
{
	char text[SDR_ADDR_TEXT];
	set_text(object, key, addr->version ? sdr_addr_format(text, addr) : NULL);
}

static void set_value(json_t *object, const struct sdr_field *field, const struct sdr_value *value)
{
	if (!value->present) {
		put(object, field->name, json_null());
		return;
	}
	switch (field->kind) {
	case SDR_FIELD_INTEGER:
		put(object, field->name, integer(value->number));
		break;
	case SDR_FIELD_DURATION:
		put(object, field->name, seconds(value->number));
		break;
	case SDR_FIELD_TEXT:
		set_text(object, field->name, value->text);
		break;
	case SDR_FIELD_BOOLEAN:
		put(object, field->name, json_boolean(value->number != 0));
		break;
	case SDR_FIELD_ADDRESS:
		set_address(object, field->name, value->addr);
		break;
	}
}

static json_t *about_target(const struct sdr_target *target, const char *type)
{
	json_t *object = object_new();
	set_text(object, "type", type);
	set_text(object, "probe", target->spec->type->name);
	set_text(object, "target", target->typed);
	set_address(object, "address", &target->addr);
	if (target->port)
		put(object, "port", json_integer(target->port));
	set_text(object, "partial", target->missing);
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
	put(object, key,
		target->spec->type->counts & which ? integer((int64_t)count) : json_null());
}

static void on_probe(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_result *result)
{
	char when[SDR_WALL_TEXT];
	json_t *object = about_target(target, sdr_report_kind_word(result->kind));
	put(object, "sequence",
		result->sequence ? integer((int64_t)result->sequence) : json_null());
	set_text(object, "outcome", sdr_outcome_word(result->outcome));
	put(object, "rtt_seconds", seconds(result->rtt));
	set_text(object, "when", result->when ? sdr_report_time(when, result->when) : NULL);
	set_address(object, "from", &result->from.addr);
	set_text(object, "why", result->why);
	for (unsigned i = 0; i < target->spec->type->field_count; i++)
		set_value(object, &target->spec->type->fields[i], &result->values[i]);
	set_attempts(report, object, result);
	if (report->single && result->detail)
		set_children(object, sdr_sheet_view(result->detail));
	write_line(report->out, object);
}

static void on_summary(
	struct sdr_report *report, const struct sdr_target *target, const struct sdr_totals *totals)
{
	json_t *object = about_target(target, "summary");
	put(object, "transmitted", integer((int64_t)totals->transmitted));
	put(object, "received", integer((int64_t)totals->received));
	put(object, "lost", integer((int64_t)totals->lost));
	put(object, "local", integer((int64_t)totals->local));
	put(object, "in_flight", integer((int64_t)totals->in_flight));
	set_count(object, target, SDR_COUNT_DUPLICATES, totals->duplicates);
	set_count(object, target, SDR_COUNT_LATE, totals->late);
	set_count(object, target, SDR_COUNT_CORRUPT, totals->corrupt);
	put(object, "errors", integer((int64_t)totals->local)); /* what `local` was called before */
	put(object, "loss_percent", real(sdr_report_loss(totals)));
	put(object, "unsent_percent", real(sdr_report_unsent(totals)));
	put(object, "rtt_min_seconds", seconds(totals->rtt_min));
	put(object, "rtt_avg_seconds", seconds(totals->rtt_avg));
	put(object, "rtt_max_seconds", seconds(totals->rtt_max));
	put(object, "rtt_mdev_seconds", seconds(totals->rtt_mdev));
	put(object, "elapsed_seconds", seconds(totals->elapsed));
	write_line(report->out, object);
}

static json_t *about_listener(const char *event, const struct sdr_service_type *type,
	enum sdr_transport transport, const struct sdr_endpoint *local)
{
	json_t *object = object_new();
	set_text(object, "event", event);
	set_text(object, "service", type->name);
	set_text(object, "transport", transport == SDR_TCP ? "tcp" : "udp");
	set_address(object, "address", &local->addr);
	put(object, "port", json_integer(local->port));
	return object;
}

static void on_event(struct sdr_report *report, const struct sdr_service_event *event)
{
	char when[SDR_WALL_TEXT];
	json_t *object = about_listener(
		sdr_service_event_word(event->kind), event->type, event->transport, &event->local);
	set_address(object, "peer_address", &event->peer.addr);
	put(object, "peer_port",
		event->peer.addr.version ? json_integer(event->peer.port) : json_null());
	put(object, "bytes_in", integer((int64_t)event->bytes_in));
	put(object, "bytes_out", integer((int64_t)event->bytes_out));
	set_text(object, "when", event->when ? sdr_report_time(when, event->when) : NULL);
	set_text(object, "why", event->why);
	write_line(report->out, object);
}

static void on_counters(struct sdr_report *report, const struct sdr_service_view *view)
{
	json_t *object = about_listener("counters", view->type, view->transport, &view->local);
	put(object, "served", integer((int64_t)view->served));
	put(object, "refused", integer((int64_t)view->refused));
	put(object, "dropped", integer((int64_t)view->dropped));
	put(object, "bytes_in", integer((int64_t)view->bytes_in));
	put(object, "bytes_out", integer((int64_t)view->bytes_out));
	write_line(report->out, object);
}

const struct sdr_report_format sdr_report_json = {
	.sheet = on_sheet,
	.header = on_header,
	.probe = on_probe,
	.summary = on_summary,
	.event = on_event,
	.counters = on_counters,
};
