/* json_sheet.c - a sheet as a line of JSON, written as it is walked: for answers by the hundred
 * thousand, where building a tree of json_t only to write it costs more than the answer. Byte for
 * byte what json.c writes; a sheet with bytes that are no UTF-8 is left to it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "sounder/sanitize.h"

#define EXACT_MAX ((int64_t)1 << 53) /* above, doubles skip integers (RFC 8259 sec. 6) */

/* Text that is written in pieces. */
struct writer {
	struct sdr_out *out;
	size_t used;
	char bytes[4096];
};

static void write_out(struct writer *w)
{
	sdr_out_raw(w->out, w->bytes, w->used);
	w->used = 0;
}

static void write_bytes(struct writer *w, const char *bytes, size_t length)
{
	if (length > sizeof(w->bytes) - w->used)
		write_out(w);
	if (length > sizeof(w->bytes)) {
		sdr_out_raw(w->out, bytes, length);
		return;
	}
	memcpy(w->bytes + w->used, bytes, length);
	w->used += length;
}

static void write_byte(struct writer *w, char byte)
{
	write_bytes(w, &byte, 1);
}

/* One character that can't stay as it is. RFC 8259 sec. 7. */
static void write_escape(struct writer *w, uint32_t code)
{
	static const char shorts[][2] = {{'"', '"'}, {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'},
		{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};
	char text[16];
	int length;
	for (size_t i = 0; i < sizeof(shorts) / sizeof(*shorts); i++)
		if (code == (uint32_t)shorts[i][0]) {
			write_byte(w, '\\');
			write_byte(w, shorts[i][1]);
			return;
		}
	if (code > 0xffff)
		length = snprintf(text, sizeof(text), "\\u%04x\\u%04x",
			0xd800u + ((code - 0x10000u) >> 10),
			0xdc00u + ((code - 0x10000u) & 0x3ffu));
	else
		length = snprintf(text, sizeof(text), code < 0x20 ? "\\u%04X" : "\\u%04x", code);
	write_bytes(w, text, (size_t)length);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void write_text(struct writer *w, const char *text, size_t length)
{
	write_byte(w, '"');
	for (size_t at = 0, bytes; at < length; at += bytes) {
		uint32_t code = (unsigned char)text[at];
		for (bytes = 0; at + bytes < length && is_plain((unsigned char)text[at + bytes]);)
			bytes++;
		if (bytes == 0) {
			bytes = code < 0x80 ? 1 : sdr_text_decode(text + at, length - at, &code);
			if (code < 0xa0 || w->out->ascii || !sdr_text_is_plain(code)) {
				write_escape(w, code);
				continue;
			}
		}
		write_bytes(w, text + at, bytes);
	}
	write_byte(w, '"');
}

static void write_integer(struct writer *w, int64_t value)
{
	char text[32];
	bool exact = value <= EXACT_MAX && value >= -EXACT_MAX;
	int length = snprintf(text, sizeof(text), exact ? "%" PRId64 : "\"%" PRId64 "\"", value);
	write_bytes(w, text, (size_t)length);
}

static void write_value(struct writer *w, const struct sdr_item *item);

static void write_children(struct writer *w, const struct sdr_item *parent)
{
	bool list = parent->kind == SDR_ITEM_LIST;
	write_byte(w, list ? '[' : '{');
	for (const struct sdr_item *item = parent->first; item; item = item->next) {
		if (item != parent->first)
			write_byte(w, ',');
		if (!list) {
			write_byte(w, '"'); /* keys are ours: plain words */
			write_bytes(w, item->key, strlen(item->key));
			write_bytes(w, "\":", 2);
		}
		write_value(w, item);
	}
	write_byte(w, list ? ']' : '}');
}

static void write_value(struct writer *w, const struct sdr_item *item)
{
	switch (item->kind) {
	case SDR_ITEM_TEXT:
		write_text(w, item->value.bytes, item->value.length);
		break;
	case SDR_ITEM_INTEGER:
		write_integer(w, item->value.integer);
		break;
	case SDR_ITEM_BOOLEAN:
		write_bytes(w, item->value.integer ? "true" : "false", item->value.integer ? 4 : 5);
		break;
	case SDR_ITEM_OBJECT:
	case SDR_ITEM_LIST:
		write_children(w, item);
		break;
	default:
		write_bytes(w, "null", 4);
		break;
	}
}

/* Whether this writer can do the whole tree: no invalid UTF-8, and no fractions, which jansson
 * formats. */
static bool is_simple(const struct sdr_item *parent)
{
	for (const struct sdr_item *item = parent->first; item; item = item->next) {
		if (item->kind == SDR_ITEM_REAL || item->kind == SDR_ITEM_DURATION ||
			!is_simple(item))
			return false;
		if (item->kind == SDR_ITEM_TEXT &&
			!sdr_text_is_utf8(item->value.bytes, item->value.length))
			return false;
	}
	return true;
}

bool sdr_json_sheet(struct sdr_out *out, const struct sdr_item *root)
{
	if (!is_simple(root))
		return false;
	struct writer writer;
	writer.out = out;
	writer.used = 0;
	write_children(&writer, root);
	write_out(&writer);
	sdr_out_end(out);
	return true;
}
