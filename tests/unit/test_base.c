/* Small things of base: status, durations, sheets, figures of round trips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/stats.h"
#include "sounder/sheet.h"

static void test_status_sentences_and_errno(void **state)
{
	(void)state;
	for (int i = 0; i < SDR_STATUS_COUNT; i++)
		assert_true(strlen(sdr_status_text((enum sdr_status)i)) > 3);
	assert_string_equal(sdr_status_text(SDR_STATUS_COUNT), "unknown status");
	assert_string_equal(sdr_status_text((enum sdr_status) - 1), "unknown status");
	assert_int_equal(sdr_status_of_errno(EADDRINUSE), SDR_EINUSE);
	assert_int_equal(sdr_status_of_errno(EPERM), SDR_EPERM);
	assert_int_equal(sdr_status_of_errno(EUCLEAN), SDR_ESYSTEM);
	sdr_error_set(NULL, 0, "nowhere");
	struct sdr_error error;
	sdr_error_set(&error, 3, "%0400d", 7);
	assert_int_equal(error.offset, 3);
	assert_int_equal(strlen(error.text), SDR_ERROR_TEXT - 1);
}

static void test_durations_are_read_back(void **state)
{
	(void)state;
	char text[SDR_DURATION_TEXT];
	uint64_t seed = 5;
	for (int i = 0; i < 100000; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		sdr_ns back,
			ns = (sdr_ns)((seed >> 2) % (uint64_t)(1000000 * SDR_HOUR)) >> (seed % 61);
		assert_int_equal(
			sdr_duration_parse(sdr_duration_format(text, ns), &back, NULL), SDR_OK);
		assert_true(back == ns);
	}
	assert_string_equal(sdr_duration_format(text, 200 * SDR_MS), "200ms");
	assert_string_equal(sdr_duration_format(text, 1500 * SDR_MS), "1.5s");
	assert_string_equal(sdr_duration_format(text, 2 * SDR_HOUR), "2h");
	assert_string_equal(sdr_duration_format(text, 0), "0s");
	assert_string_equal(sdr_duration_format(text, 90 * SDR_MINUTE), "90m");
	assert_string_equal(sdr_duration_format(text, SDR_SECOND - 1), "999.999999ms");
	assert_string_equal(sdr_duration_format(text, -1), "-");
	assert_string_equal(sdr_duration_format(text, SDR_NS_NONE), "-");
}

static void test_clocks_and_what_lies_between(void **state)
{
	(void)state;
	sdr_ns offset = sdr_clock_offset(), now = sdr_clock_now();
	assert_true(llabs(now + offset - sdr_clock_wall()) < 10 * SDR_SECOND);
	assert_true(llabs(sdr_clock_wall() / SDR_SECOND - (int64_t)time(NULL)) < 10);
	assert_true(sdr_clock_now() >= now && sdr_clock_boot() >= now);
}

static void test_durations_are_said(void **state)
{
	(void)state;
	static const struct {
		sdr_ns ns;
		const char *text;
	} said[] = {{136 * SDR_SECOND, "2m16s"}, {SDR_HOUR * 3 + SDR_MINUTE * 2, "3h02m"},
		{12400 * SDR_US, "12.4ms"}, {310 * SDR_US, "0.31ms"}, {0, "0s"}, {SDR_NS_NONE, "-"},
		{1500 * SDR_MS, "1.5s"}, {10 * SDR_SECOND, "10s"}, {-SDR_MINUTE, "-1m00s"},
		{50 * SDR_HOUR, "2d02h"}, {842 * SDR_MS, "842ms"}, {59999 * SDR_MS, "59s"},
		{1, "0.00ms"}, {SDR_MS, "1.00ms"}, {1009 * SDR_US, "1.00ms"},
		{9999 * SDR_US, "9.99ms"}, {10 * SDR_MS, "10.0ms"}, {99999 * SDR_US, "99.9ms"},
		{100 * SDR_MS, "100ms"}, {SDR_SECOND - 1, "999ms"}, {SDR_SECOND, "1s"},
		{1099 * SDR_MS, "1s"}, {1100 * SDR_MS, "1.1s"}, {9999 * SDR_MS, "9.9s"},
		{10900 * SDR_MS, "10s"}, {SDR_MINUTE, "1m00s"}, {SDR_HOUR - 1, "59m59s"},
		{SDR_HOUR, "1h00m"}, {24 * SDR_HOUR - 1, "23h59m"}, {24 * SDR_HOUR, "1d00h"},
		{-2500 * SDR_US, "-2.50ms"}};
	char text[SDR_DURATION_TEXT];
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		assert_string_equal(sdr_duration_display(text, said[i].ns), said[i].text);
}

static void say_is(const struct sdr_item *item, const char *text)
{
	char out[64];
	assert_int_equal(sdr_item_format_value(out, sizeof(out), item), strlen(text));
	assert_string_equal(out, text);
}

static void test_values_are_said(void **state)
{
	static const struct {
		sdr_ns ns;
		const char *text;
	} durations[] = {{0, "0.000 ms"}, {9999 * SDR_US, "9.999 ms"}, {10 * SDR_MS, "10.00 ms"},
		{99990 * SDR_US, "99.99 ms"}, {100 * SDR_MS, "100.0 ms"},
		{999 * SDR_MS, "999.0 ms"}, {SDR_SECOND, "1.000 s"}, {59999 * SDR_MS, "59.999 s"},
		{SDR_MINUTE, "1m00s"}, {-5 * SDR_MS, "-5.000 ms"}, {-2 * SDR_SECOND, "-2.000 s"},
		{-SDR_HOUR, "-1h00m"}};
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_item *root = sdr_sheet_root(sheet), *item;
	(void)state;
	for (size_t i = 0; i < sizeof(durations) / sizeof(*durations); i++)
		say_is(sdr_item_duration(root, NULL, NULL, durations[i].ns), durations[i].text);
	item = sdr_item_duration(root, NULL, NULL, SDR_NS_NONE);
	assert_true(item->kind == SDR_ITEM_NULL && item->value.integer == 0);
	say_is(sdr_item_boolean(root, NULL, NULL, false), "no");
	item = sdr_item_real(root, NULL, NULL, 1e100);
	item->unit = "bit/s";
	say_is(item, "1e+100 bit/s");
	item = sdr_item_real(root, NULL, NULL, INFINITY);
	assert_true(item->kind == SDR_ITEM_NULL && item->value.real == 0);
	say_is(item, "-");
	assert_null(sdr_item_find(root, ""));
	sdr_sheet_free(sheet);
}

/* As snprintf: what fits, ended by NUL, and the length of the whole. */
static void test_text_of_any_room(void **state)
{
	char out[8];
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_item *item = sdr_item_text(sdr_sheet_root(sheet), "k", "K", "abcde");
	(void)state;
	assert_int_equal(sdr_item_format_value(NULL, 0, item), 5);
	for (size_t size = 1; size <= sizeof(out); size++) {
		memset(out, '#', sizeof(out));
		assert_int_equal(sdr_item_format_value(out, size, item), 5);
		size_t fits = size > 5 ? 5 : size - 1;
		assert_memory_equal(out, "abcde", fits);
		assert_int_equal(out[fits], '\0');
		for (size_t i = fits + 1; i < sizeof(out); i++)
			assert_int_equal(out[i], '#');
	}
	sdr_sheet_free(sheet);
}

/* What was typed is quoted in messages, and may be a URL with a password: from "://" to the last
 * '@' of the word nothing is shown, even where the message was cut before the '@'. */
static void test_userinfo_is_hidden(void **state)
{
	static const struct {
		const char *typed, *shown;
	} cases[] = {{"\"http://a:b@host/\" is bad", "\"http://***@host/\" is bad"},
		{"http://a@b@c x@y", "http://***@c x@y"}, {"http://host/ x@y", "http://host/ x@y"},
		{"http://@host/", "http://@host/"},
		{"x://u@h and y://v@i", "x://***@h and y://***@i"}, {"http://u@", "http://***@"},
		{"a@b", "a@b"}, {"http://user:pass", "http://user:pass"}};
	struct sdr_error error;
	char typed[2 * SDR_ERROR_TEXT];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sdr_error_set(&error, 0, "%s", cases[i].typed);
		assert_string_equal(error.text, cases[i].shown);
	}
	for (int lead = 0; lead < SDR_ERROR_TEXT + 8; lead++) {
		memset(typed, '.', sizeof(typed));
		memcpy(typed + lead, "://secret:secret@h", 18);
		typed[sizeof(typed) - 1] = '\0';
		memset(&error, '#', sizeof(error));
		sdr_error_set(&error, 0, "%s", typed);
		assert_true(memchr(error.text, '\0', sizeof(error.text)) != NULL);
		assert_null(strstr(error.text, "secret"));
		assert_null(strstr(error.text, "://s"));
	}
}

/* Mean and deviation of numbers that lie far from zero, against two passes in long double (fault
 * row D21). */
static void test_D21_mean_and_deviation(void **state)
{
	(void)state;
	struct sdr_stats stats = {0};
	assert_true(
		sdr_stats_avg(&stats) == SDR_NS_NONE && sdr_stats_jitter(&stats) == SDR_NS_NONE);
	sdr_stats_add(&stats, SDR_SECOND);
	assert_true(sdr_stats_mdev(&stats) == 0 && sdr_stats_jitter(&stats) == SDR_NS_NONE);
	sdr_stats_add(&stats, SDR_SECOND);
	assert_true(sdr_stats_mdev(&stats) == 0 && sdr_stats_jitter(&stats) == 0);
	stats = (struct sdr_stats){0};
	enum { N = 1000000 };
	static sdr_ns samples[N];
	long double sum = 0, squares = 0, jitter = 0;
	uint64_t seed = 11;
	for (int i = 0; i < N; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		samples[i] = SDR_SECOND + (sdr_ns)(seed >> 40);
		sdr_stats_add(&stats, samples[i]);
		sum += samples[i];
		long double step = i ? fabsl((long double)(samples[i] - samples[i - 1])) : 0;
		jitter = i == 1 ? step : jitter + (step - jitter) / 16;
	}
	const long double count = N, mean = sum / count;
	for (int i = 0; i < N; i++)
		squares += (samples[i] - mean) * (samples[i] - mean);
	assert_true(fabsl(stats.mean - mean) <= 1e-9 * mean);
	assert_true(fabsl(stats.m2 - squares) <= 1e-9 * squares);
	assert_true(fabsl(stats.jitter - jitter) <= 1e-6 * jitter);
	assert_true(llabs(sdr_stats_mdev(&stats) - llroundl(sqrtl(squares / count))) <= 1);
}

/* As the kept buckets move up and down nothing is lost: what lies beyond an end counts there. */
static void test_sketch_counts_all(void **state)
{
	(void)state;
	for (int shape = 0; shape < 4; shape++) {
		struct sdr_sketch sketch = {0};
		for (uint32_t i = 0; i < 600; i++) {
			uint32_t sum = 0;
			int octave = shape == 0 ? (int)i / 24
				: shape == 1    ? 25 - (int)i / 24
				: shape == 2    ? (int)(i * i % 26)
						: (i < 9 ? 25 - (int)i : (int)(i % 3));
			sdr_sketch_add(&sketch, i, sdr_code_of(SDR_US * 2 << octave));
			for (uint32_t k = 0; k < SDR_SKETCH_BUCKETS; k++)
				sum += sdr_pack_get(sketch.counts, k);
			assert_int_equal(sum, i + 1);
			assert_true(sketch.base + SDR_SKETCH_BUCKETS <= SDR_BUCKET_COUNT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_sentences_and_errno),
		cmocka_unit_test(test_durations_are_read_back),
		cmocka_unit_test(test_durations_are_said),
		cmocka_unit_test(test_clocks_and_what_lies_between),
		cmocka_unit_test(test_values_are_said),
		cmocka_unit_test(test_text_of_any_room),
		cmocka_unit_test(test_userinfo_is_hidden),
		cmocka_unit_test(test_D21_mean_and_deviation),
		cmocka_unit_test(test_sketch_counts_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
