/* fuzz_json.c - a sheet of any shape with any bytes in it, written as a line of JSON: jansson reads
 * back the same tree, and nothing in the line acts upon a terminal. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "report/report.h"
#include "sounder/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH 6
#define CHILDREN 8
#define EXACT ((int64_t)1 << 53)

static const char *const keys[CHILDREN] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static int64_t take_integer(struct input *input)
{
	int64_t near = (int64_t)take_number(input, 1) - 128;
	switch (take_byte(input) % 4) {
	case 0:
		return near;
	case 1:
		return EXACT + near;
	case 2:
		return -EXACT + near;
	default:
		return (int64_t)take_number(input, 8);
	}
}

static void build(struct input *input, struct sdr_item *parent, int depth)
{
	unsigned count = take_byte(input) % (CHILDREN + 1);
	for (unsigned i = 0; i < count; i++) {
		const char *key = parent->kind == SDR_ITEM_LIST ? NULL : keys[i];
		uint8_t what = take_byte(input);
		size_t length;
		const uint8_t *bytes;
		switch (what % 8) {
		case 0:
			sdr_item_null(parent, key, NULL);
			break;
		case 1:
			sdr_item_integer(parent, key, NULL, take_integer(input));
			break;
		case 2:
			sdr_item_boolean(parent, key, NULL, what & 8);
			break;
		case 3: /* has the line written by the slower of two writers */
			sdr_item_duration(parent, key, NULL, (sdr_ns)take_number(input, 5));
			break;
		case 4:
			if (depth < DEPTH)
				build(input, sdr_item_object(parent, key, NULL), depth + 1);
			break;
		case 5: /* no list has lists in it: see sheet.h */
			if (depth < DEPTH && key)
				build(input, sdr_item_list(parent, key, NULL), depth + 1);
			break;
		default:
			bytes = take_bytes(input, what >> 3, &length);
			sdr_item_bytes(parent, key, NULL, bytes, length);
		}
	}
}

static int digit_of(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : 0;
}

/* Whether the text is base64 of bytes[length]. */
static void check_base64(const json_t *text, const uint8_t *bytes, size_t length)
{
	must(json_is_string(text) && json_string_length(text) == (length + 2) / 3 * 4);
	const char *at = json_string_value(text);
	for (size_t i = 0; i < length; i++) {
		unsigned bit = (unsigned)(i % 3 * 8), place = bit / 6;
		const char *four = at + i / 3 * 4;
		unsigned two =
			(unsigned)digit_of(four[place]) << 6 | (unsigned)digit_of(four[place + 1]);
		must((two >> (4 - bit % 6) & 0xff) == bytes[i]);
	}
}

static void check_text(const json_t *value, const json_t *twin, const struct sdr_item *item)
{
	const char *bytes = item->value.bytes;
	size_t length = item->value.length;
	must(json_is_string(value));
	if (!sdr_text_is_utf8(bytes, length))
		check_base64(twin, (const uint8_t *)bytes, length);
	else
		must(json_string_length(value) == length &&
			memcmp(json_string_value(value), bytes, length) == 0 &&
			(!twin || json_is_null(twin)));
}

static void check_integer(const json_t *value, int64_t number)
{
	char text[32];
	if (number >= -EXACT && number <= EXACT) {
		must(json_is_integer(value) && json_integer_value(value) == number);
		return;
	}
	snprintf(text, sizeof(text), "%lld", (long long)number);
	must(json_is_string(value) && strcmp(json_string_value(value), text) == 0);
}

static void check_value(const json_t *value, const json_t *twin, const struct sdr_item *item);

static void check_children(const json_t *value, const json_t *twins, const struct sdr_item *parent)
{
	size_t index = 0, more = 0;
	bool list = parent->kind == SDR_ITEM_LIST;
	must(list ? json_is_array(value) : json_is_object(value));
	for (const struct sdr_item *item = parent->first; item; item = item->next, index++) {
		char raw[16] = "";
		if (!list)
			snprintf(raw, sizeof(raw), "%s_base64", item->key);
		const json_t *twin =
			list ? json_array_get(twins, index) : json_object_get(value, raw);
		more += !list && twin;
		check_value(list ? json_array_get(value, index) : json_object_get(value, item->key),
			twin, item);
	}
	must((list ? json_array_size(value) : json_object_size(value)) == index + more);
}

static void check_value(const json_t *value, const json_t *twin, const struct sdr_item *item)
{
	must(value != NULL);
	switch (item->kind) {
	case SDR_ITEM_NULL:
		must(json_is_null(value));
		break;
	case SDR_ITEM_TEXT:
		check_text(value, twin, item);
		break;
	case SDR_ITEM_INTEGER:
		check_integer(value, item->value.integer);
		break;
	case SDR_ITEM_BOOLEAN:
		must(json_is_boolean(value) && json_is_true(value) == (item->value.integer != 0));
		break;
	case SDR_ITEM_DURATION:
	case SDR_ITEM_REAL:
		must(json_is_real(value));
		break;
	case SDR_ITEM_OBJECT:
	case SDR_ITEM_LIST:
		check_children(value, twin, item);
		break;
	}
}

/* One line, without anything that a terminal would act upon. */
static void check_clean(const char *text, size_t length, bool ascii)
{
	uint32_t code;
	must(length > 0 && text[length - 1] == '\n');
	for (size_t n; length > 1; text += n, length -= n) {
		n = sdr_text_decode(text, length, &code);
		must(n > 0 && sdr_text_is_plain(code) && (!ascii || code < 0x7f));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct sdr_sheet *sheet = sdr_sheet_new();
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	must(sheet && file);
	struct sdr_out out = {.file = file, .ascii = take_byte(&input) & 1};
	struct sdr_report report = {.format = &sdr_report_json, .out = &out};
	build(&input, sdr_sheet_root(sheet), 0);
	sdr_report_json.sheet(&report, sdr_sheet_view(sheet));
	fclose(file);
	check_clean(text, length, out.ascii);
	json_t *read = json_loadb(text, length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
	must(read != NULL);
	check_value(read, NULL, sdr_sheet_view(sheet));
	json_decref(read);
	free(text);
	sdr_sheet_free(sheet);
	return 0;
}
