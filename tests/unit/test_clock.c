/* test_clock.c - two kinds of time, and how durations are written and read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "sounder/clock.h"

static void test_durations_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		sdr_ns ns;
	} good[] = {{"2", 2 * SDR_SECOND}, {"0.2", 200 * SDR_MS}, {"200ms", 200 * SDR_MS},
		{"1s", SDR_SECOND}, {"5m", 5 * SDR_MINUTE}, {"2h", 2 * SDR_HOUR},
		{".5", 500 * SDR_MS}, {"1.000000001", SDR_SECOND + 1}, {"0.000000001", 1}, {"0", 0},
		{"1.5h", 90 * SDR_MINUTE}, {"1000000h", 1000000 * SDR_HOUR},
		{"0.0000000000000000000000000001", 0}};
	static const char *const bad[] = {"", ".", "-1", "+1", "1 s", " 1", "x", "1x", "1e3",
		"0x10", "1,5", "1sm", "1.2.3", "s", "1S", "\xd9\xa1"};
	static const char *const far[] = {
		"1000000.1h", "99999999999999999999999", "3600000001", "18446744073709551617ms"};
	struct sdr_error error;
	sdr_ns ns = 42;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		error.text[0] = '\0';
		assert_int_equal(sdr_duration_parse(bad[i], &ns, &error), SDR_EINVAL);
		assert_non_null(strstr(error.text, "write 200ms"));
	}
	for (size_t i = 0; i < sizeof(far) / sizeof(*far); i++)
		assert_int_equal(sdr_duration_parse(far[i], &ns, NULL), SDR_ERANGE);
	assert_int_equal(ns, 42);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(sdr_duration_parse(good[i].text, &ns, NULL), SDR_OK);
		assert_true(ns == good[i].ns);
	}
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
		{50 * SDR_HOUR, "2d02h"}, {842 * SDR_MS, "842ms"}, {59999 * SDR_MS, "59s"}};
	char text[SDR_DURATION_TEXT];
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		assert_string_equal(sdr_duration_display(text, said[i].ns), said[i].text);
}

static void test_wall_times(void **state)
{
	(void)state;
	char text[SDR_WALL_TEXT];
	setenv("TZ", "CET-1", 1);
	tzset();
	assert_string_equal(
		sdr_wall_format(text, 1795267791 * SDR_SECOND + 1), "2026-11-21T14:29:51+0100");
	assert_string_equal(sdr_wall_clock(text, 1795267791 * SDR_SECOND + 1), "14:29:51");
	assert_string_equal(sdr_wall_clock(text, -1), "00:59:59");
	assert_string_equal(sdr_wall_format(text, 0), "-");
	assert_string_equal(
		sdr_wall_format(text, 2147483648 * SDR_SECOND), "2038-01-19T04:14:08+0100");
}

/* The clocks go on, the boot clock leads, and the wall clock is the monotonic one and the offset.
 */
static void test_clocks(void **state)
{
	(void)state;
	sdr_ns before = sdr_clock_now(), boot = sdr_clock_boot();
	assert_true(before > 0 && boot >= before);
	for (int i = 0; i < 1000; i++) {
		sdr_ns now = sdr_clock_now();
		assert_true(now >= before);
		before = now;
	}
	/* Between two readings lies what else this machine does: the least counts. */
	sdr_ns least = SDR_SECOND;
	for (int i = 0; i < 100; i++) {
		sdr_ns off = sdr_clock_wall() - sdr_clock_now() - sdr_clock_offset();
		off = off < 0 ? -off : off;
		least = off < least ? off : least;
	}
	assert_true(least < SDR_MS);
	assert_true(sdr_clock_wall() / SDR_SECOND - time(NULL) <= 1);
}

static void test_what_cannot_be_read_back(void **state)
{
	char text[SDR_DURATION_TEXT];
	(void)state;
	assert_string_equal(sdr_duration_format(text, -1), "-");
	assert_string_equal(sdr_duration_format(text, SDR_NS_NONE), "-");
	sdr_ns kept = 42;
	struct sdr_error error = {0};
	assert_int_equal(sdr_duration_parse("1000001h", &kept, &error), SDR_ERANGE);
	assert_true(kept == 42 && error.text[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_what_cannot_be_read_back),
		cmocka_unit_test(test_durations_parse),
		cmocka_unit_test(test_durations_are_read_back),
		cmocka_unit_test(test_durations_are_said),
		cmocka_unit_test(test_wall_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
