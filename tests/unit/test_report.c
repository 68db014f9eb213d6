/* test_report.c - the sinks: JSON that is always valid and never acts on a terminal, CSV without
 * formulas, aligned text, exact totals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "report/report.h"
#include "sounder/sanitize.h"

#define S(text) \
	{ \
		text, sizeof(text) - 1 \
	}

/* Bytes that names, records, headers and banners can hold. */
static const struct {
	const char *bytes;
	size_t length;
} hostile[] = {
	S("plain"),
	S(""),
	S("\033[2J"),
	S("\033]52;c;ZXZpbA==\a"),
	S("\033]8;;http://x\033\\link\033]8;;\033\\"),
	S("\033]0;title\007"),
	S("\x9b"
	  "31m"),
	S("\xc2\x9b"
	  "31m"),
	S("\xc2\x85"),
	S("a\0b"),
	S("\0"),
	S("line\nfeed\r\ttab"),
	S("\x7f\x08\x08"),
	S("\xe2\x80\xae"
	  "evil"),
	S("\xe2\x81\xa6x\xe2\x81\xa9"),
	S("\xd8\x9c"),
	S("\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf"),
	S("\xc2\xad"),
	S("\xf3\xa0\x81\x81"),
	S("\xef\xb8\x8f"),
	S("\xe1\x85\x9f\xe3\x85\xa4"),
	S("\xc0\x9b"),
	S("\xed\xa0\x80"),
	S("\xf4\x90\x80\x80"),
	S("\xe2\x82"),
	S("\xff\xfe"),
	S("a\x80z"),
	S("\"quoted\\\""),
	S("%s%n%999999d"),
	S("=cmd|' /C calc'!A0"),
	S("+1"),
	S("-1"),
	S("@x"),
	S("\t=1"),
	S("\r=1"),
	S("a,b"),
	S("a\"b"),
	S("\xf0\x9f\x98\x80 \xc3\xa4 \xe6\xbc\xa2"),
	S("</script>"),
	S("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84"),
	S("\\x1b"),
	S("\\u{9b}"),
	S("\xee\x80\x80"),
	S("\xef\xbf\xbf"),
	S("\xe2\x80\xa8\xe2\x80\xa9"),
};

#define HOSTILE (sizeof(hostile) / sizeof(*hostile))

/* Memory that a sink writes into. */
struct capture {
	struct sdr_out out;
	struct sdr_report report;
	char *text;
	size_t length;
};

static void capture_begin(struct capture *capture, const struct sdr_report_format *format)
{
	memset(capture, 0, sizeof(*capture));
	FILE *file = open_memstream(&capture->text, &capture->length);
	capture->out = (struct sdr_out){.file = file};
	capture->report = (struct sdr_report){.format = format, .out = &capture->out};
}

static void capture_end(struct capture *capture)
{
	fclose(capture->out.file);
	assert_false(capture->out.failed);
}

static void print_sheet(struct capture *capture, const struct sdr_report_format *format,
	const struct sdr_sheet *sheet)
{
	capture_begin(capture, format);
	format->sheet(&capture->report, sdr_sheet_view(sheet));
	capture_end(capture);
}

/* Nothing that a terminal interprets, except line feeds at line ends. */
static void assert_harmless(const struct capture *capture)
{
	for (size_t at = 0; at < capture->length;) {
		uint32_t code;
		size_t n = sdr_text_decode(capture->text + at, capture->length - at, &code);
		if (!n || (code != '\n' && code < 0x80 && (code < 0x20 || code == 0x7f)) ||
			(code >= 0x80 && !sdr_text_is_plain(code)))
			fail_msg("code point %x at byte %zu of %s",
				n ? code : (unsigned char)capture->text[at], at, capture->text);
		at += n;
	}
}

static struct sdr_sheet *sheet_of(const char *bytes, size_t length)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_bytes(root, "text", "Text", bytes, length);
	struct sdr_item *list = sdr_item_list(root, "names", "Names");
	sdr_item_text(list, NULL, NULL, "first");
	sdr_item_bytes(list, NULL, NULL, bytes, length);
	struct sdr_item *rows = sdr_item_list(root, "rows", "Rows");
	rows->show = SDR_SHOW_TABLE;
	struct sdr_item *row = sdr_item_object(rows, NULL, NULL);
	sdr_item_bytes(row, "value", "Value", bytes, length);
	sdr_item_integer(row, "number", "Number", -5);
	return sheet;
}

static size_t unbase64(const char *text, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t used = 0;
	unsigned bits = 0, held = 0;
	for (; *text && *text != '='; text++) {
		held = held << 6 | (unsigned)(strchr(digits, *text) - digits);
		bits += 6;
		if (bits >= 8)
			out[used++] = (char)(held >> (bits -= 8));
	}
	return used;
}

static void check_text(const json_t *object, size_t i)
{
	const json_t *text = json_object_get(object, "text"),
		     *raw = json_object_get(object, "text_base64");
	char bytes[256];
	if (sdr_text_is_utf8(hostile[i].bytes, hostile[i].length)) {
		assert_null(raw);
		assert_int_equal(json_string_length(text), hostile[i].length);
		assert_memory_equal(json_string_value(text), hostile[i].bytes, hostile[i].length);
		return;
	}
	assert_non_null(strstr(json_string_value(text), "\\x"));
	assert_int_equal(unbase64(json_string_value(raw), bytes), hostile[i].length);
	assert_memory_equal(bytes, hostile[i].bytes, hostile[i].length);
	const json_t *twin = json_object_get(object, "names_base64");
	assert_true(
		json_is_null(json_array_get(twin, 0)) && json_is_string(json_array_get(twin, 1)));
}

static void test_A13_json_of_hostile_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < HOSTILE; i++) {
		struct sdr_sheet *sheet = sheet_of(hostile[i].bytes, hostile[i].length);
		struct capture capture;
		json_error_t error;
		print_sheet(&capture, &sdr_report_json, sheet);
		assert_harmless(&capture);
		assert_ptr_equal(strchr(capture.text, '\n'),
			capture.text + capture.length - 1); /* one line */
		json_t *object = json_loadb(capture.text, capture.length, JSON_ALLOW_NUL, &error);
		if (!object)
			fail_msg("string %zu: %s: %s", i, error.text, capture.text);
		check_text(object, i);
		json_decref(object);
		free(capture.text);
		sdr_sheet_free(sheet);
	}
}

/* Every code point there is, alone in a string: the line is harmless, ASCII in an ASCII locale, and
 * reads back as it was. */
static void test_A13_json_of_every_code_point(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code += code < 0x3100 ? 1 : 61) {
		char bytes[4];
		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		size_t length = sdr_text_encode(bytes, code);
		struct sdr_sheet *sheet = sdr_sheet_new();
		sdr_item_bytes(sdr_sheet_root(sheet), "text", NULL, bytes, length);
		struct capture capture;
		capture_begin(&capture, &sdr_report_json);
		capture.out.ascii = code & 1;
		sdr_report_json.sheet(&capture.report, sdr_sheet_view(sheet));
		capture_end(&capture);
		assert_harmless(&capture);
		for (size_t i = 0; code & 1 && i < capture.length; i++)
			assert_true((unsigned char)capture.text[i] < 0x80);
		json_t *object = json_loadb(capture.text, capture.length, JSON_ALLOW_NUL, NULL);
		assert_non_null(object);
		assert_memory_equal(
			json_string_value(json_object_get(object, "text")), bytes, length);
		json_decref(object);
		free(capture.text);
		sdr_sheet_free(sheet);
	}
}

/* A plain sheet is written directly; with a fraction at its end jansson writes it. Both write the
 * same bytes before that. */
static void test_json_both_ways(void **state)
{
	static const char end[] = ",\"fraction\":0.5}\n";
	(void)state;
	for (size_t i = 0; i < HOSTILE + 64; i++) {
		char bytes[4];
		struct capture quick, slow;
		size_t length = i < HOSTILE
			? hostile[i].length
			: sdr_text_encode(bytes, (uint32_t)(i - HOSTILE) * 17 % 0x2500);
		struct sdr_sheet *sheet = sheet_of(i < HOSTILE ? hostile[i].bytes : bytes, length);
		struct sdr_item *root = sdr_sheet_root(sheet);
		sdr_item_null(root, "absent", NULL);
		sdr_item_boolean(root, "yes", NULL, i & 1);
		sdr_item_integer(root, "exact", NULL, INT64_C(1) << 53);
		sdr_item_integer(root, "large", NULL, INT64_MIN);
		sdr_item_object(root, "empty", NULL);
		sdr_item_list(root, "none", NULL);
		print_sheet(&quick, &sdr_report_json, sheet);
		sdr_item_real(root, "fraction", NULL, 0.5);
		print_sheet(&slow, &sdr_report_json, sheet);
		assert_true(slow.length > sizeof(end));
		assert_string_equal(slow.text + slow.length - (sizeof(end) - 1), end);
		assert_int_equal(quick.length, slow.length - (sizeof(end) - 1) + 2);
		assert_memory_equal(quick.text, slow.text, quick.length - 2);
		free(quick.text);
		free(slow.text);
		sdr_sheet_free(sheet);
	}
}

static void test_A1_text_and_csv_of_hostile_text(void **state)
{
	static const struct sdr_report_format *const formats[] = {
		&sdr_report_text, &sdr_report_csv};
	(void)state;
	for (size_t i = 0; i < 2 * HOSTILE; i++) {
		struct sdr_sheet *sheet = sheet_of(hostile[i / 2].bytes, hostile[i / 2].length);
		struct capture capture;
		print_sheet(&capture, formats[i % 2], sheet);
		assert_harmless(&capture);
		free(capture.text);
		sdr_sheet_free(sheet);
	}
}

static void test_A14_csv(void **state)
{
	static const struct {
		const char *value, *row;
	} rows[] = {
		{"plain", "plain"},
		{"a,b", "\"a,b\""},
		{"a\"b", "\"a\"\"b\""},
		{"=1+1", "\"'=1+1\""},
		{"+1", "\"'+1\""},
		{"-1", "\"'-1\""},
		{"@x", "\"'@x\""},
		{"\tx", "\"'\\x09x\""},
		{"a\nb", "a\\x0ab"},
		{"", ""},
		{"=\"x\",1", "\"'=\"\"x\"\",1\""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_sheet *sheet = sdr_sheet_new();
		struct sdr_item *root = sdr_sheet_root(sheet);
		struct capture capture;
		char expected[128];
		sdr_item_text(root, "value", NULL, rows[i].value);
		sdr_item_integer(root, "number", NULL, -5);
		sdr_item_null(root, "nothing", NULL);
		print_sheet(&capture, &sdr_report_csv, sheet);
		snprintf(expected, sizeof(expected), "value,number,nothing\n%s,-5,\n", rows[i].row);
		assert_string_equal(capture.text, expected);
		free(capture.text);
		sdr_sheet_free(sheet);
	}
}

/* A list of words is one field; a long text is whole. */
static void test_csv_of_a_list(void **state)
{
	static const char *const words[] = {"one", "twenty-two", "", "3"};
	struct capture capture;
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_item *list = sdr_item_list(sdr_sheet_root(sheet), "words", NULL);
	(void)state;
	char large[2001] = "", expected[2100];
	memset(large, 'x', sizeof(large) - 1);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		sdr_item_text(list, NULL, NULL, words[i]);
	sdr_item_text(sdr_sheet_root(sheet), "large", NULL, large);
	print_sheet(&capture, &sdr_report_csv, sheet);
	snprintf(expected, sizeof(expected), "words,large\none twenty-two  3,%s\n", large);
	assert_string_equal(capture.text, expected);
	free(capture.text);
	sdr_sheet_free(sheet);
}

static void test_json_numbers(void **state)
{
	(void)state;
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_item *root = sdr_sheet_root(sheet);
	struct capture capture;
	sdr_item_integer(root, "exact", NULL, INT64_C(9007199254740992));
	sdr_item_integer(root, "large", NULL, INT64_C(9007199254740993));
	sdr_item_integer(root, "low", NULL, -INT64_C(9007199254740993));
	sdr_item_real(root, "third", NULL, 1.0 / 3);
	sdr_item_real(root, "nan", NULL, (double)NAN);
	sdr_item_duration(root, "wait_seconds", NULL, 57123);
	sdr_item_duration(root, "none_seconds", NULL, SDR_NS_NONE);
	sdr_item_boolean(root, "yes", NULL, true);
	sdr_item_null(root, "absent", NULL);
	print_sheet(&capture, &sdr_report_json, sheet);
	assert_string_equal(capture.text,
		"{\"exact\":9007199254740992,\"large\":\"9007199254740993\","
		"\"low\":\"-9007199254740993\",\"third\":0.333333333,\"nan\":null,"
		"\"wait_seconds\":5.7123e-5,\"none_seconds\":null,\"yes\":true,\"absent\":null}\n");
	free(capture.text);
	sdr_sheet_free(sheet);
}

static void test_text_layout(void **state)
{
	(void)state;
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_item *root = sdr_sheet_root(sheet);
	struct capture capture;
	sdr_item_text(root, "status", NULL, "HTTP/1.1 200 OK")->show = SDR_SHOW_HEADLINE;
	sdr_item_text(root, "a", "Address", "192.0.2.1");
	struct sdr_item *names = sdr_item_list(root, "names", "Also");
	sdr_item_text(names, NULL, NULL, "one");
	sdr_item_text(names, NULL, NULL, "two");
	sdr_item_text(root, "hidden", "Hidden", "x")->show = SDR_SHOW_HIDDEN;
	struct sdr_item *pairs = sdr_item_list(root, "headers", NULL);
	pairs->show = SDR_SHOW_PAIRS;
	struct sdr_item *pair = sdr_item_object(pairs, NULL, NULL);
	sdr_item_text(pair, "name", NULL, "Server");
	sdr_item_text(pair, "value", NULL, "x");
	struct sdr_item *table = sdr_item_list(root, "records", NULL);
	table->show = SDR_SHOW_TABLE;
	for (int i = 9; i < 11; i++) {
		struct sdr_item *row = sdr_item_object(table, NULL, NULL);
		sdr_item_text(row, "name", "Name", i == 9 ? "a" : "\xe6\xbc\xa2\xe5\xad\x97");
		sdr_item_integer(row, "ttl", "TTL", i * 10);
		sdr_item_text(row, "data", "Data", "d");
	}
	print_sheet(&capture, &sdr_report_text, sheet);
	assert_string_equal(capture.text,
		"HTTP/1.1 200 OK\n"
		"Address  192.0.2.1\n"
		"Also     one\n"
		"         two\n"
		"Server: x\n"
		"Name  TTL  Data\n"
		"a      90  d\n"
		"\xe6\xbc\xa2\xe5\xad\x97  100  d\n");
	free(capture.text);
	sdr_sheet_free(sheet);
}

static const struct sdr_field fields[] = {
	{"ttl", "TTL", NULL, "hop limit", SDR_FIELD_INTEGER},
	{"tls_seconds", "TLS", "ms", "handshake", SDR_FIELD_DURATION},
	{"banner", "Banner", NULL, "what it said", SDR_FIELD_TEXT},
};
static const struct sdr_probe_type type = {
	.name = "trial", .label = "trial", .fields = fields, .field_count = 3};

static void fill_target(struct sdr_target *target, struct sdr_result *result)
{
	memset(target, 0, sizeof(*target));
	memset(result, 0, sizeof(*result));
	static const struct sdr_spec spec = {.type = &type};
	target->spec = &spec;
	target->typed = "db1:53";
	target->port = 53;
	assert_int_equal(sdr_addr_parse("192.0.2.9", &target->addr, NULL), SDR_OK);
	result->sequence = 3;
	result->rtt = 1234567;
	result->when = INT64_C(1795181008873857123);
	static const struct sdr_value values[] = {
		{.present = true, .number = 64}, {0}, {.present = true, .text = "\033[1m"}};
	result->values = values;
	result->value_count = 3;
}

/* A label is a key, or a column, of those who have one. */
static void test_labels(void **state)
{
	(void)state;
	struct sdr_target target;
	struct sdr_result result;
	struct capture capture;
	fill_target(&target, &result);
	struct sdr_spec labelled = *target.spec;
	labelled.group = "rack 3";
	target.spec = &labelled;
	capture_begin(&capture, &sdr_report_json);
	sdr_report_json.probe(&capture.report, &target, &result);
	capture_end(&capture);
	assert_non_null(strstr(capture.text, "\"port\":53,\"group\":\"rack 3\",\"partial\""));
	free(capture.text);
	const struct sdr_totals totals = {0};
	capture_begin(&capture, &sdr_report_csv);
	sdr_report_csv.probe(&capture.report, &target, &result);
	sdr_report_csv.summary(&capture.report, &target, &totals, NULL);
	capture_end(&capture);
	assert_non_null(strstr(capture.text, ",from,why,group,ttl,"));
	assert_non_null(strstr(capture.text, "857Z,,,rack 3,64,,"));
	assert_non_null(
		strstr(capture.text, "\nsummary,trial,db1:53,192.0.2.9,,,,,,,rack 3,,,,0,"));
	free(capture.text);
}

/* Three digits of a short time, all of a long one: no powers of ten. */
static void test_times_in_text(void **state)
{
	static const struct {
		sdr_ns rtt;
		const char *text;
	} rows[] = {{1234567, " 1.23 ms"}, {999400 * SDR_US, " 999 ms"},
		{999600 * SDR_US, " 1000 ms"}, {1512345678, " 1512 ms"},
		{INT64_C(123456789) * SDR_MS, " 123456789 ms"}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_target target;
		struct sdr_result result;
		struct capture capture;
		fill_target(&target, &result);
		result.rtt = rows[i].rtt;
		capture_begin(&capture, &sdr_report_text);
		sdr_report_text.probe(&capture.report, &target, &result);
		capture_end(&capture);
		assert_non_null(strstr(capture.text, rows[i].text));
		free(capture.text);
	}
}

static void test_probe_lines(void **state)
{
	(void)state;
	struct sdr_target target;
	struct sdr_result result;
	struct capture capture;
	fill_target(&target, &result);
	capture_begin(&capture, &sdr_report_json);
	sdr_report_json.probe(&capture.report, &target, &result);
	capture_end(&capture);
	assert_string_equal(capture.text,
		"{\"type\":\"probe\",\"probe\":\"trial\",\"target\":\"db1:53\","
		"\"address\":\"192.0.2.9\",\"port\":53,\"partial\":null,\"sequence\":3,"
		"\"outcome\":\"ok\",\"rtt_seconds\":0.001234567,"
		"\"when\":\"2026-11-20T13:23:28.873857Z\",\"from\":null,\"why\":null,\"ttl\":64,"
		"\"tls_seconds\":null,\"banner\":\"\\u001B[1m\"}\n");
	free(capture.text);
	capture_begin(&capture, &sdr_report_csv);
	capture.report.single = true; /* no summary will follow: no columns for one */
	sdr_report_csv.probe(&capture.report, &target, &result);
	sdr_report_csv.probe(&capture.report, &target, &result);
	capture_end(&capture);
	assert_string_equal(capture.text,
		"type,probe,target,address,sequence,outcome,rtt_seconds,when,from,why,ttl,"
		"tls_seconds,banner\n"
		"probe,trial,db1:53,192.0.2.9,3,ok,0.001234567,2026-11-20T13:23:28.873857Z,,,64,,"
		"\\x1b[1m\n"
		"probe,trial,db1:53,192.0.2.9,3,ok,0.001234567,2026-11-20T13:23:28.873857Z,,,64,,"
		"\\x1b[1m\n");
	free(capture.text);
	capture_begin(&capture, &sdr_report_text);
	sdr_report_text.probe(&capture.report, &target, &result);
	capture_end(&capture);
	assert_string_equal(
		capture.text, "db1:53 (192.0.2.9) 3: ok  1.23 ms  TTL 64  Banner \\x1b[1m\n");
	free(capture.text);
}

static void take(
	struct sdr_tally *tally, enum sdr_result_kind kind, enum sdr_outcome outcome, sdr_ns rtt)
{
	struct sdr_result result = {
		.kind = kind, .outcome = outcome, .rtt = rtt, .sent = SDR_SECOND};
	sdr_tally_add(tally, &result);
}

static void test_tally(void **state)
{
	(void)state;
	struct sdr_tally tally = {0};
	struct sdr_totals totals;
	sdr_tally_totals(&tally, 0, true, 0, &totals);
	assert_true(isnan(sdr_report_loss(&totals)) && totals.rtt_min == SDR_NS_NONE &&
		totals.elapsed == 0);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_LOCAL, SDR_NS_NONE);
	sdr_tally_totals(&tally, 0, true, 0, &totals);
	assert_true(totals.transmitted == 1 && totals.local == 1 &&
		isnan(sdr_report_loss(&totals))); /* a local fault is no loss */
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_OK, 2000);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_OK, 4000);
	take(&tally, SDR_RESULT_DUPLICATE, SDR_OUTCOME_OK, 9000);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_TIMEOUT, SDR_NS_NONE);
	take(&tally, SDR_RESULT_LATE, SDR_OUTCOME_OK, SDR_SECOND);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_UNREACHABLE, SDR_NS_NONE);
	sdr_tally_totals(&tally, 0, false, 3 * SDR_SECOND, &totals);
	assert_true(totals.transmitted == 5 && totals.received == 2 && totals.lost == 2 &&
		totals.errors == 1 && totals.late == 1 && totals.duplicates == 1);
	assert_true(sdr_report_loss(&totals) == 50.0 && totals.elapsed == 2 * SDR_SECOND);
	assert_true(totals.rtt_min == 2000 && totals.rtt_avg == 3000 && totals.rtt_max == 4000 &&
		totals.rtt_mdev == 1000);
	sdr_tally_totals(&tally, 0, true, 3 * SDR_SECOND, &totals);
	assert_true(totals.rtt_max == 9000 && totals.rtt_avg == 5000 &&
		totals.rtt_mdev == 2943); /* sqrt(26e6/3), rounded down */
}

/* Sums stay exact where doubles would not: a billion hours-long round trips, one nanosecond
 * apart. */
static void test_D21_tally_is_exact(void **state)
{
	(void)state;
	struct sdr_tally tally = {0};
	struct sdr_totals totals;
	for (int i = 0; i < 1000000; i++)
		take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_OK, SDR_HOUR + (i % 2 ? 1000 : -1000));
	sdr_tally_totals(&tally, 0, true, 0, &totals);
	assert_true(totals.rtt_avg == SDR_HOUR && totals.rtt_mdev == 1000);
}

/* An error that came back is a loss with a word; a time-out is one without; what was never sent is
 * no loss. */
static void test_tally_of_errors(void **state)
{
	(void)state;
	struct sdr_tally tally = {0};
	struct sdr_totals totals;
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_OK, SDR_MS);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_TIMEOUT, SDR_NS_NONE);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_TIMEOUT, SDR_NS_NONE);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_PROHIBITED, SDR_NS_NONE);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_LOCAL, SDR_NS_NONE);
	sdr_tally_totals(&tally, 6, true, 0, &totals);
	assert_int_equal(totals.errors, 1);
	assert_int_equal(totals.lost, 3);
	assert_int_equal(totals.local, 1);
	assert_int_equal(totals.in_flight, 1);
}

/* ---- what goes out about servers ---- */

static const struct sdr_service_type echo = {.name = "echo", .port = 7};

static struct sdr_endpoint endpoint_of(const char *addr, uint16_t port)
{
	struct sdr_endpoint endpoint = {.port = port};
	assert_int_equal(sdr_addr_parse(addr, &endpoint.addr, NULL), SDR_OK);
	return endpoint;
}

/* A format's lines for two events and of a listener's counters. */
static char *said_of_servers(const struct sdr_report_format *format)
{
	struct capture capture;
	const struct sdr_service_event closed = {.kind = SDR_SERVICE_CLOSED,
		.when = INT64_C(1795181008873857123),
		.type = &echo,
		.transport = SDR_TCP,
		.local = endpoint_of("127.0.0.1", 7),
		.peer = endpoint_of("::1", 40000),
		.bytes_in = 5,
		.bytes_out = 6,
		.why = "idle for 60s"};
	const struct sdr_service_event listening = {.kind = SDR_SERVICE_LISTENING,
		.type = &echo,
		.transport = SDR_UDP,
		.local = endpoint_of("0.0.0.0", 10007)};
	const struct sdr_service_view view = {.type = &echo,
		.transport = SDR_UDP,
		.local = endpoint_of("::1", 7),
		.served = 1,
		.refused = 2,
		.dropped = 3,
		.bytes_in = 4,
		.bytes_out = 5};
	capture_begin(&capture, format);
	format->event(&capture.report, &closed);
	format->event(&capture.report, &listening);
	format->counters(&capture.report, &view);
	capture_end(&capture);
	return capture.text;
}

static void test_lines_about_servers(void **state)
{
	(void)state;
	const struct {
		const struct sdr_report_format *format;
		const char *expected;
	} cases[] = {
		{&sdr_report_text,
			"closed echo tcp 127.0.0.1:7 from [::1]:40000 5 bytes in 6 out: idle for "
			"60s\n"
			"listening echo udp 0.0.0.0:10007 PUBLIC\n"
			"counters echo udp [::1]:7 served 1 refused 2 dropped 3 4 bytes in 5 "
			"out\n"},
		{&sdr_report_json,
			"{\"event\":\"closed\",\"service\":\"echo\",\"transport\":\"tcp\","
			"\"address\":\"127.0.0.1\",\"port\":7,\"peer_address\":\"::1\","
			"\"peer_port\":40000,\"bytes_in\":5,\"bytes_out\":6,"
			"\"when\":\"2026-11-20T13:23:28.873857Z\",\"why\":\"idle for 60s\"}\n"
			"{\"event\":\"listening\",\"service\":\"echo\",\"transport\":\"udp\","
			"\"address\":\"0.0.0.0\",\"port\":10007,\"peer_address\":null,"
			"\"peer_port\":null,\"bytes_in\":0,\"bytes_out\":0,\"when\":null,"
			"\"why\":null}\n"
			"{\"event\":\"counters\",\"service\":\"echo\",\"transport\":\"udp\","
			"\"address\":\"::1\",\"port\":7,\"served\":1,\"refused\":2,"
			"\"dropped\":3,\"bytes_in\":4,\"bytes_out\":5}\n"},
		{&sdr_report_csv,
			"event,service,transport,address,port,peer_address,peer_port,bytes_in,"
			"bytes_out,why\n"
			"closed,echo,tcp,127.0.0.1,7,::1,40000,5,6,idle for 60s\n"
			"listening,echo,udp,0.0.0.0,10007,,,0,0,\n"
			"counters,echo,udp,::1,7,,,4,5,\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *said = said_of_servers(cases[i].format);
		assert_string_equal(said, cases[i].expected);
		free(said);
	}
}

/* ---- what goes out about targets ---- */

static const struct sdr_field fields_of_all_kinds[] = {
	{"bytes", "Size", "B", "", SDR_FIELD_INTEGER},
	{"wait_seconds", "Wait", "ms", "", SDR_FIELD_DURATION},
	{"banner", "Banner", NULL, "", SDR_FIELD_TEXT},
	{"reused", "Reused", NULL, "", SDR_FIELD_BOOLEAN},
	{"router", "Router", NULL, "", SDR_FIELD_ADDRESS},
};
static const struct sdr_probe_type typical = {.name = "trial",
	.label = "Trial",
	.fields = fields_of_all_kinds,
	.field_count = 5,
	.counts = SDR_COUNT_LATE};

static const struct sdr_target *typical_target(void)
{
	static const struct sdr_spec spec = {.type = &typical, .count = 3};
	static struct sdr_target target = {.spec = &spec, .typed = "db1"};
	assert_int_equal(sdr_addr_parse("192.0.2.9", &target.addr, NULL), SDR_OK);
	return &target;
}

/* A format's lines for a late answer with all its values, and of one that was refused. */
static char *said_of_probes(const struct sdr_report_format *format, bool single)
{
	struct capture capture;
	struct sdr_endpoint router = endpoint_of("192.0.2.1", 0);
	struct sdr_sheet *sheet = sdr_sheet_new();
	sdr_item_text(sdr_sheet_root(sheet), "key", "Key", "x");
	const struct sdr_value all[] = {{.present = true, .number = 64},
		{.present = true, .number = 1500000}, {.present = true, .text = "hello"},
		{.present = true, .number = 1}, {.present = true, .addr = &router.addr}};
	const struct sdr_value some[] = {[1] = {.present = true}, [3] = {.present = true}};
	const struct sdr_result late = {.kind = SDR_RESULT_LATE,
		.sequence = 4,
		.rtt = 1234567,
		.when = SDR_SECOND,
		.detail = sheet,
		.values = all,
		.value_count = 5};
	const struct sdr_result refused = {.outcome = SDR_OUTCOME_REFUSED,
		.rtt = SDR_NS_NONE,
		.why = "RST",
		.from = router,
		.values = some,
		.value_count = 4};
	capture_begin(&capture, format);
	capture.report.single = single;
	capture.report.stamps = single;
	format->probe(&capture.report, typical_target(), &late);
	format->probe(&capture.report, typical_target(), &refused);
	capture_end(&capture);
	sdr_sheet_free(sheet);
	return capture.text;
}

static void test_values_of_each_kind(void **state)
{
	(void)state;
	const struct {
		const struct sdr_report_format *format;
		bool single;
		const char *expected;
	} cases[] = {
		{&sdr_report_text, false,
			"db1 (192.0.2.9) 4: late ok  1.23 ms  Size 64 B  Wait 1.5 ms  "
			"Banner hello  Reused yes  Router 192.0.2.1\n"
			"db1 (192.0.2.9): refused  RST  Reused no\n"},
		{&sdr_report_text, true,
			"[1.000000] db1 (192.0.2.9): late ok  1.23 ms  Size 64 B  Wait 1.5 ms  "
			"Banner hello  Reused yes  Router 192.0.2.1\n"
			"  Key  x\n"
			"[0.000000] db1 (192.0.2.9): refused  RST  Reused no\n"},
		{&sdr_report_json, true,
			"{\"type\":\"late\",\"probe\":\"trial\",\"target\":\"db1\","
			"\"address\":\"192.0.2.9\",\"partial\":null,\"sequence\":4,"
			"\"outcome\":\"ok\",\"rtt_seconds\":0.001234567,"
			"\"when\":\"1970-01-01T00:00:01.000000Z\",\"from\":null,\"why\":null,"
			"\"bytes\":64,\"wait_seconds\":0.0015,\"banner\":\"hello\","
			"\"reused\":true,\"router\":\"192.0.2.1\",\"key\":\"x\"}\n"
			"{\"type\":\"probe\",\"probe\":\"trial\",\"target\":\"db1\","
			"\"address\":\"192.0.2.9\",\"partial\":null,\"sequence\":null,"
			"\"outcome\":\"refused\",\"rtt_seconds\":null,\"when\":null,"
			"\"from\":\"192.0.2.1\",\"why\":\"RST\",\"bytes\":null,"
			"\"wait_seconds\":0.0,\"banner\":null,\"reused\":false,"
			"\"router\":null}\n"},
		{&sdr_report_csv, true,
			"type,probe,target,address,sequence,outcome,rtt_seconds,when,from,why,"
			"bytes,wait_seconds,banner,reused,router\n"
			"late,trial,db1,192.0.2.9,4,ok,0.001234567,1970-01-01T00:00:01.000000Z,,,"
			"64,0.0015,hello,true,192.0.2.1\n"
			"probe,trial,db1,192.0.2.9,,refused,,,192.0.2.1,RST,,0,,false,\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *said = said_of_probes(cases[i].format, cases[i].single);
		assert_string_equal(said, cases[i].expected);
		free(said);
	}
}

static const struct sdr_totals totals_of_all = {.transmitted = 20,
	.received = 6,
	.lost = 2,
	.local = 4,
	.in_flight = 8,
	.duplicates = 9,
	.late = 10,
	.corrupt = 11,
	.errors = 1,
	.rtt_min = SDR_MS,
	.rtt_avg = 2 * SDR_MS,
	.rtt_max = 3 * SDR_MS,
	.rtt_mdev = 500 * SDR_US,
	.elapsed = 5 * SDR_SECOND};

static char *said_of_totals(const struct sdr_report_format *format, const struct sdr_totals *totals,
	const struct sdr_report_record *record)
{
	struct capture capture;
	capture_begin(&capture, format);
	format->summary(&capture.report, typical_target(), totals, record);
	capture_end(&capture);
	return capture.text;
}

static void test_summaries(void **state)
{
	(void)state;
	const struct sdr_totals none = {.transmitted = 2,
		.local = 2,
		.rtt_min = SDR_NS_NONE,
		.rtt_avg = SDR_NS_NONE,
		.rtt_max = SDR_NS_NONE,
		.rtt_mdev = SDR_NS_NONE};
	char *said = said_of_totals(&sdr_report_text, &totals_of_all, NULL);
	assert_string_equal(said,
		"\n--- db1 Trial statistics ---\n"
		"20 probes, 6 answered, 2 lost (+1 errors), 4 not sent, 8 in flight, 25% lost, "
		"time 5000ms\n"
		"rtt min/avg/max/mdev = 1.000/2.000/3.000/0.500 ms\n");
	free(said);
	said = said_of_totals(&sdr_report_text, &none, NULL);
	assert_string_equal(said,
		"\n--- db1 Trial statistics ---\n"
		"2 probes, 0 answered, 0 lost, 2 not sent\n");
	free(said);
	said = said_of_totals(&sdr_report_json, &totals_of_all, NULL);
	assert_string_equal(said,
		"{\"type\":\"summary\",\"probe\":\"trial\",\"target\":\"db1\","
		"\"address\":\"192.0.2.9\",\"partial\":null,\"transmitted\":20,"
		"\"received\":6,\"lost\":2,\"local\":4,\"in_flight\":8,\"duplicates\":null,"
		"\"late\":10,\"corrupt\":null,\"errors\":4,\"loss_percent\":25.0,"
		"\"unsent_percent\":20.0,\"rtt_min_seconds\":0.001,\"rtt_avg_seconds\":0.002,"
		"\"rtt_max_seconds\":0.003,\"rtt_mdev_seconds\":0.0005,"
		"\"elapsed_seconds\":5.0}\n");
	free(said);
	said = said_of_totals(&sdr_report_csv, &totals_of_all, NULL);
	const char *row = strchr(said, '\n');
	assert_non_null(row);
	assert_string_equal(row + 1,
		"summary,trial,db1,192.0.2.9,,,,,,,,,,,,20,6,2,4,8,,10,,25,20,"
		"0.001,0.002,0.003,0.0005,5,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
	free(said);
}

/* The windows in their order, the outages oldest first; one that goes on has no end. */
static void test_a_record_is_part_of_the_summary(void **state)
{
	(void)state;
	struct sdr_report_record record = {.outage_count = 2,
		.outages = {{.from = 3 * SDR_SECOND, .lasted = 2 * SDR_SECOND, .why = "RST"},
			{.from = SDR_SECOND, .to = 2 * SDR_SECOND, .lasted = SDR_SECOND}}};
	for (unsigned i = 0; i < SDR_WINDOW_COUNT; i++) {
		sdr_ns unit = (i + 1) * SDR_SECOND;
		record.windows[i] = (struct sdr_figures){.received = i + 1,
			.lost = i + 2,
			.loss = 50 + i,
			.min = unit,
			.avg = 10 * unit,
			.max = 100 * unit,
			.mdev = SDR_NS_NONE,
			.jitter = unit / 2,
			.p50 = 20 * unit,
			.p95 = 30 * unit,
			.p99 = 40 * unit};
	}
	char *said = said_of_totals(&sdr_report_json, &totals_of_all, &record);
	const char *more = strstr(said, "\"elapsed_seconds\"");
	assert_non_null(more);
	assert_string_equal(more,
		"\"elapsed_seconds\":5.0,\"rtt_p50_seconds\":80.0,\"rtt_p95_seconds\":120.0,"
		"\"rtt_p99_seconds\":160.0,\"jitter_seconds\":2.0,\"windows\":["
		"{\"window_seconds\":10.0,\"received\":1,\"lost\":2,\"loss_percent\":50.0,"
		"\"rtt_min_seconds\":1.0,\"rtt_avg_seconds\":10.0,\"rtt_max_seconds\":100.0,"
		"\"rtt_mdev_seconds\":null,\"rtt_p50_seconds\":20.0,\"rtt_p95_seconds\":30.0,"
		"\"rtt_p99_seconds\":40.0,\"jitter_seconds\":0.5},"
		"{\"window_seconds\":60.0,\"received\":2,\"lost\":3,\"loss_percent\":51.0,"
		"\"rtt_min_seconds\":2.0,\"rtt_avg_seconds\":20.0,\"rtt_max_seconds\":200.0,"
		"\"rtt_mdev_seconds\":null,\"rtt_p50_seconds\":40.0,\"rtt_p95_seconds\":60.0,"
		"\"rtt_p99_seconds\":80.0,\"jitter_seconds\":1.0},"
		"{\"window_seconds\":600.0,\"received\":3,\"lost\":4,\"loss_percent\":52.0,"
		"\"rtt_min_seconds\":3.0,\"rtt_avg_seconds\":30.0,\"rtt_max_seconds\":300.0,"
		"\"rtt_mdev_seconds\":null,\"rtt_p50_seconds\":60.0,\"rtt_p95_seconds\":90.0,"
		"\"rtt_p99_seconds\":120.0,\"jitter_seconds\":1.5}],\"outages\":["
		"{\"from\":\"1970-01-01T00:00:01.000000Z\",\"to\":\"1970-01-01T00:00:02.000000Z\","
		"\"duration_seconds\":1.0,\"why\":null},"
		"{\"from\":\"1970-01-01T00:00:03.000000Z\",\"to\":null,\"duration_seconds\":2.0,"
		"\"why\":\"RST\"}]}\n");
	free(said);
}

/* Two targets as fping has them: with -c, with -C (each time), and with -q (summaries only). */
static char *said_as_fping(bool all_times, bool quiet)
{
	struct capture capture;
	static const struct sdr_value bytes = {.present = true, .number = 64};
	const struct sdr_result results[] = {
		{.sequence = 1, .rtt = 123400, .values = &bytes, .value_count = 1},
		{.sequence = 2, .outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE},
		{.sequence = 18, .rtt = 12340000, .values = &bytes, .value_count = 1},
		{.kind = SDR_RESULT_DUPLICATE, .sequence = 18, .rtt = 1},
	};
	const struct sdr_totals totals = {.transmitted = 3,
		.received = 2,
		.rtt_min = 123400,
		.rtt_avg = 6231700,
		.rtt_max = 1234 * SDR_MS};
	const struct sdr_totals nothing = {0};
	capture_begin(&capture, &sdr_report_fping);
	capture.report.err = &capture.out;
	capture.report.width = 5;
	capture.report.all_times = all_times;
	capture.report.quiet = quiet;
	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++) {
		capture.report.row = i == 2 ? 17 : 0; /* the third is of another target */
		(quiet ? sdr_report_fping.note : sdr_report_fping.probe)(
			&capture.report, typical_target(), &results[i]);
	}
	for (uint32_t row = 0; row < 34; row += 17) {
		capture.report.row = row;
		sdr_report_fping.summary(
			&capture.report, typical_target(), row ? &nothing : &totals, NULL);
	}
	sdr_report_done(&capture.report);
	assert_null(capture.report.fping);
	capture_end(&capture);
	return capture.text;
}

static void test_lines_of_fping(void **state)
{
	(void)state;
	static const char lines[] = "db1   : [0], 64 bytes, 0.123 ms (0.123 avg, 0% loss)\n"
				    "db1   : [1], timed out (0.123 avg, 50% loss)\n"
				    "db1   : [17], 64 bytes, 12.3 ms (12.3 avg, 0% loss)\n";
	static const char *const summaries[] = {
		"db1   : xmt/rcv/%loss = 3/2/33%, min/avg/max = 0.123/6.23/1234\n"
		"db1   : xmt/rcv/%loss = 0/0/0%\n",
		"db1   : 0.123 - -\n"
		"db1   : - - -\n",
	};
	for (int all_times = 0; all_times < 2; all_times++) {
		char *said = said_as_fping(all_times, false),
		     *quiet = said_as_fping(all_times, true);
		assert_memory_equal(said, lines, strlen(lines));
		assert_int_equal(said[strlen(lines)], '\n');
		assert_string_equal(said + strlen(lines) + 1, summaries[all_times]);
		assert_string_equal(quiet, summaries[all_times]);
		free(said);
		free(quiet);
	}
}

/* An answer after an error takes its place; what came corrupt or belongs to nobody ends nothing. */
static void test_tally_of_what_is_amended(void **state)
{
	(void)state;
	struct sdr_tally tally = {0};
	struct sdr_totals totals;
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_UNREACHABLE, SDR_NS_NONE);
	take(&tally, SDR_RESULT_AMENDED, SDR_OUTCOME_OK, 8000);
	take(&tally, SDR_RESULT_ANSWER, SDR_OUTCOME_OK, 16000);
	take(&tally, SDR_RESULT_CORRUPT, SDR_OUTCOME_OK, 1);
	take(&tally, SDR_RESULT_FOREIGN, SDR_OUTCOME_OK, 1);
	sdr_tally_totals(&tally, 5, false, SDR_SECOND, &totals);
	assert_int_equal(totals.received, 2);
	assert_int_equal(totals.lost, 0);
	assert_int_equal(totals.corrupt, 1);
	assert_int_equal(totals.in_flight, 3);
	assert_int_equal(totals.transmitted, 5);
	assert_int_equal(totals.rtt_min, 8000);
	assert_int_equal(totals.rtt_max, 16000);
	assert_int_equal(totals.rtt_ewma, 9000); /* an eighth of the way */
	assert_int_equal(totals.elapsed, 0);
	assert_true(sdr_report_unsent(&totals) == 0);
	assert_true(isnan(sdr_report_unsent(&(struct sdr_totals){0})));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_A13_json_of_hostile_text),
		cmocka_unit_test(test_A13_json_of_every_code_point),
		cmocka_unit_test(test_json_both_ways),
		cmocka_unit_test(test_A1_text_and_csv_of_hostile_text),
		cmocka_unit_test(test_A14_csv),
		cmocka_unit_test(test_csv_of_a_list),
		cmocka_unit_test(test_json_numbers),
		cmocka_unit_test(test_text_layout),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_probe_lines),
		cmocka_unit_test(test_times_in_text),
		cmocka_unit_test(test_tally),
		cmocka_unit_test(test_tally_of_errors),
		cmocka_unit_test(test_D21_tally_is_exact),
		cmocka_unit_test(test_lines_about_servers),
		cmocka_unit_test(test_values_of_each_kind),
		cmocka_unit_test(test_summaries),
		cmocka_unit_test(test_a_record_is_part_of_the_summary),
		cmocka_unit_test(test_lines_of_fping),
		cmocka_unit_test(test_tally_of_what_is_amended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
