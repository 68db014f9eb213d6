/* json_value.c - values, objects and lines of JSON. What jansson leaves raw and a terminal would
 * act upon (C1, bidi and other unprintable characters) is escaped in the finished text: outside a
 * string JSON has nothing above U+007E, so that is safe anywhere. */
#include "report/json_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

json_t *sdr_json_new(void)
{
	json_t *object = json_object();
	if (json_object_set_new(object, WHOLE, json_true()) == 0)
		return object;
	json_decref(object);
	return NULL;
}

void sdr_json_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		json_object_del(object, WHOLE);
}

/* Returns the object without its mark; NULL, and it is gone, if it lacks something. */
json_t *sdr_json_end(json_t *object)
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
void sdr_json_write(struct sdr_out *out, json_t *object)
{
	struct text text = {0};
	object = sdr_json_end(object);
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
json_t *sdr_json_text_of_bytes(const unsigned char *bytes, size_t length)
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
json_t *sdr_json_base64_of_bytes(const unsigned char *bytes, size_t length)
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

void sdr_json_put_bytes(json_t *object, const char *key, const char *bytes, size_t length)
{
	if (sdr_text_is_utf8(bytes, length)) {
		sdr_json_put(object, key, json_stringn(bytes, length));
		return;
	}
	char raw[96];
	snprintf(raw, sizeof(raw), "%s_base64", key);
	sdr_json_put(object, key, sdr_json_text_of_bytes((const unsigned char *)bytes, length));
	sdr_json_put(object, raw, sdr_json_base64_of_bytes((const unsigned char *)bytes, length));
}

void sdr_json_put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		sdr_json_put_bytes(object, key, text, strlen(text));
	else
		sdr_json_put(object, key, json_null());
}

json_t *sdr_json_integer(int64_t value)
{
	if (value <= EXACT_MAX && value >= -EXACT_MAX)
		return json_integer(value);
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	return json_string(text);
}

json_t *sdr_json_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *sdr_json_seconds(sdr_ns value)
{
	return value == SDR_NS_NONE ? json_null() : json_real((double)value / 1e9);
}

/* Returns the array; NULL, and it is gone, without memory. */
json_t *sdr_json_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
}
