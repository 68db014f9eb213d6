/* The text of the daytime protocol: every form that servers send, and what is not one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/daytime_text.h"

struct sample {
	const char *text;
	enum sdr_daytime_form form;
	int64_t seconds;
	const char *zone;
	bool zone_known;
	int32_t zone_offset;
};

/* Seconds are those of `date -u -d ... +%s`. */
static const struct sample samples[] = {
	{"Fri Nov 20 13:29:25 2026\r\n", SDR_DAYTIME_CTIME, 1795181365, "", false, 0},
	{"Sun Nov  1 03:09:05 2026\n", SDR_DAYTIME_CTIME, 1793502545, "", false, 0},
	{"Fri Nov 20 13:29:25 UTC 2026\n", SDR_DAYTIME_CTIME, 1795181365, "UTC", true, 0},
	{"20 NOV 2026 13:29:25 UTC\r\n", SDR_DAYTIME_XINETD, 1795181365, "UTC", true, 0},
	{"20 NOV 2026 13:29:25 CET\r\n", SDR_DAYTIME_XINETD, 1795181365, "CET", true, 3600},
	{"20 NOV 2026 13:29:25 +0530\r\n", SDR_DAYTIME_XINETD, 1795181365, "+0530", true, 19800},
	{"20 NOV 2026 13:29:25 -03\r\n", SDR_DAYTIME_XINETD, 1795181365, "-03", true, -10800},
	{"20 NOV 2026 13:29:25 XYZ\r\n", SDR_DAYTIME_XINETD, 1795181365, "XYZ", false, 0},
	{"02 FEB 82 07:59:01 PST\r\n", SDR_DAYTIME_XINETD, 381484741, "PST", true, -28800},
	{"Tuesday, February 22, 1982 17:37:43-PST\r\n", SDR_DAYTIME_RFC867, 383247463, "PST", true,
		-28800},
	{"\n"
	 "61364 26-11-20 13:29:25 00 0 0  50.0 UTC(NIST) * \n",
		SDR_DAYTIME_NIST, 1795181365, "UTC", true, 0},
	{"Tuesday, February 22, 1982 17:37:43-Z", SDR_DAYTIME_RFC867, 383247463, "Z", true, 0},
	{"61364 26-11-20 13:29:25 00 0 0 50.0 UTC(NIST)", SDR_DAYTIME_NIST, 1795181365, "UTC", true,
		0}, /* the day number gives the century */
	{"77112 70-01-01 00:00:00 00 0 0 50.0 UTC(NIST) *", SDR_DAYTIME_NIST, 3155760000, "UTC",
		true, 0},
	{"25977 30-01-01 00:00:00 00 0 0 50.0 UTC(NIST) *", SDR_DAYTIME_NIST, -1262304000, "UTC",
		true, 0},
	{"Sat Dec 31 23:59:60 2016\r\n", SDR_DAYTIME_CTIME, 1483228800, "", false, 0},
	{"Tue Jan 19 03:14:08 2038\r\n", SDR_DAYTIME_CTIME, 2147483648, "", false, 0},
	{"Mon Feb 29 00:00:00 2096\r\n", SDR_DAYTIME_CTIME, 3981312000, "", false, 0},
	{"2026-11-20T13:29:25Z\n", SDR_DAYTIME_ISO, 1795181365, "Z", true, 0},
	{"2026-11-20 13:29:25.5+05:30", SDR_DAYTIME_ISO, 1795181365, "+05:30", true, 19800},
	{"2026-11-20T13:29:25", SDR_DAYTIME_ISO, 1795181365, "", false, 0},
	{"2026-11-20T13:29:25,123-03:00", SDR_DAYTIME_ISO, 1795181365, "-03:00", true, -10800},
	{"2026-11-20 13:29:25 CET", SDR_DAYTIME_ISO, 1795181365, "CET", true, 3600},
	{"2026-11-20 13:29:25.123456789 +0000 UTC m=+0.000012345\n", SDR_DAYTIME_GO, 1795181365,
		"UTC", true, 0},
	{"2026-11-20 13:29:25 -0300 -03", SDR_DAYTIME_GO, 1795181365, "-0300", true, -10800},
	{"2026-11-20 13:29:25.1 +0100 CET", SDR_DAYTIME_GO, 1795181365, "CET", true, 3600},
	{"2026-11-20 13:29:25.1 +1000 XYZ m=-1.5", SDR_DAYTIME_GO, 1795181365, "XYZ", true, 36000},
	{"Fri, 20 Nov 2026 13:29:25 +0000\n", SDR_DAYTIME_MAIL, 1795181365, "+0000", true, 0},
	{"Fri, 20 Nov 2026 13:29:25 GMT", SDR_DAYTIME_MAIL, 1795181365, "GMT", true, 0},
	{"Friday, 20-Nov-26 13:29:25 EST", SDR_DAYTIME_MAIL, 1795181365, "EST", true, -18000},
	{"Fri Nov 20 13:29:25 +0100 2026", SDR_DAYTIME_CTIME, 1795181365, "+0100", true, 3600},
	{"The time is: Fri Nov 20 13:29:25 2026\r\n", SDR_DAYTIME_CTIME, 1795181365, "", false, 0},
	{"time=2026-11-20T13:29:25Z", SDR_DAYTIME_ISO, 1795181365, "Z", true, 0},
	{"Fri 20 Nov 2026 13:29:25 UTC", SDR_DAYTIME_XINETD, 1795181365, "UTC", true, 0},
};

static const char *const not_times[] = {
	"",
	"\r\n",
	"hello",
	"SSH-2.0-OpenSSH_9.2p1",
	"Fri Nov 20 13:29:25",
	"Fri Nov 20 13:29:25 26",
	"Fri Nov 31 13:29:25 2026",
	"Fri Nov 00 13:29:25 2026",
	"Mon Feb 29 00:00:00 2100",
	"Fri Nov 20 24:00:00 2026",
	"Fri Nov 20 13:60:25 2026",
	"Fri Nov 20 13:29:61 2026",
	"Fri Foo 20 13:29:25 2026",
	"Xyz Nov 20 13:29:25 2026",
	"Fri Nov 20 13:29:25 2026 and more",
	"Fri Nov 200 13:29:25 2026",
	"Fri Nov 20 13:29:25 20266",
	"20 NOV 2026 13:29",
	"20 NOV 2026 13:29:25 +99",
	"20 NOV 2026 13:29:25 +1260",
	"61363 26-11-20 13:29:25 00 0 0 50.0 UTC(NIST) *",
	"61364 26-11-20 13:29:25 00 0 0 50.0 UTC",
	"61364 26-11-20 13:29:25 00 0 0 50.0 UTC(NIST",
	"61364 26-11-20 13:29:25 00 0 0 50.0 UTC(NIST] *",
	"61364 026-11-20 13:29:25 00 0 0 50.0 UTC(NIST) *",
	"61364 26-011-20 13:29:25 00 0 0 50.0 UTC(NIST) *",
	"61364 26-11-020 13:29:25 00 0 0 50.0 UTC(NIST) *",
	"061364 26-11-20 13:29:25 00 0 0 50.0 UTC(NIST) *",
	"61364 26-11-20 13:29:25 000 0 0 50.0 UTC(NIST) *",
	"1 2 3 4 5 6 7 8 9",
	"Tuesday, February 30, 1982 17:37:43-PST",
	"20 \x1b[31mNOV 2026 13:29:25 UTC",
	"99999999999999999999",
	"the end is near: Fri Nov 31 13:29:25 2026",
	"2026-13-20T13:29:25Z",
	"2026-11-20X13:29:25Z",
	"2026-11-2013:29:25Z",
	"12026-11-20T13:29:25Z",
	"2026-11-20T13:29Z",
	"2026-11-20T13:29:25.Z",
	"2026-11-20 13:29:25 +0000 UTC m=0.1",
	"2026-11-20 13:29:25 +0000 UTC m=+x",
	"Fri, 20-Nov 26 13:29:25 GMT",
	"13:29:25",
};

static void parse_reads_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *sample = &samples[i];
		struct sdr_daytime got;
		if (!sdr_daytime_parse(sample->text, strlen(sample->text), &got))
			fail_msg("not read: %s", sample->text);
		assert_int_equal(got.form, sample->form);
		if (got.seconds != sample->seconds)
			fail_msg("%s: %lld", sample->text, (long long)got.seconds);
		assert_string_equal(got.zone, sample->zone);
		assert_int_equal(got.zone_known, sample->zone_known);
		assert_int_equal(got.zone_offset, sample->zone_offset);
	}
}

/* A fraction is read to the nanosecond, and gives the text's precision. */
static void a_fraction_gives_its_precision(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t nanoseconds, resolution;
	} cases[] = {{"2026-11-20T13:29:25Z", 0, 1000000000},
		{"2026-11-20T13:29:25.5Z", 500000000, 100000000},
		{"2026-11-20T13:29:25.012Z", 12000000, 1000000},
		{"2026-11-20 13:29:25.123456789 +0000 UTC", 123456789, 1},
		{"2026-11-20T13:29:25.1234567899999Z", 123456789, 1},
		{"Fri Nov 20 13:29:25 2026", 0, 1000000000}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_daytime got;
		assert_true(sdr_daytime_parse(cases[i].text, strlen(cases[i].text), &got));
		assert_int_equal(got.nanoseconds, cases[i].nanoseconds);
		assert_int_equal(got.resolution, cases[i].resolution);
	}
}

static void parse_refuses_what_is_no_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(not_times) / sizeof(not_times[0]); i++) {
		struct sdr_daytime got = {.seconds = 42};
		if (sdr_daytime_parse(not_times[i], strlen(not_times[i]), &got))
			fail_msg("taken for a time: %s", not_times[i]);
		assert_int_equal(got.seconds, 42);
	}
}

static void parse_survives_every_cut_and_flip(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		size_t length = strlen(samples[i].text);
		for (size_t cut = 0; cut <= length; cut++)
			for (unsigned flip = 0; flip < 256; flip++) {
				char *copy = malloc(
					cut ? cut : 1); /* of the exact size, for the sanitizer */
				assert_non_null(copy);
				memcpy(copy, samples[i].text, cut);
				if (cut > 0)
					copy[cut / 2] = (char)flip;
				struct sdr_daytime got;
				if (sdr_daytime_parse(copy, cut, &got))
					assert_true(got.form < SDR_DAYTIME_FORMS &&
						strlen(got.zone) < SDR_DAYTIME_ZONE);
				free(copy);
			}
	}
}

static void nist_gives_health_and_advance(void **state)
{
	(void)state;
	static const char text[] = "61364 26-11-20 13:29:25 50 0 1 123.5 UTC(NIST) #";
	struct sdr_daytime got;
	assert_true(sdr_daytime_parse(text, strlen(text), &got));
	assert_int_equal(got.health, 1);
	assert_true(got.advance_ms > 123.4 && got.advance_ms < 123.6);
}

static void format_is_ctime_and_reads_back(void **state)
{
	(void)state;
	for (int64_t second = -86400LL * 365 * 60; second < 86400LL * 365 * 160;
		second += 86400LL * 13 + 12347) {
		time_t when = (time_t)second;
		struct tm tm;
		char text[SDR_DAYTIME_TEXT], libc[32];
		gmtime_r(&when, &tm);
		size_t length = sdr_daytime_format(text, &tm);
		assert_non_null(asctime_r(&tm, libc));
		assert_memory_equal(text, libc, 24);
		assert_string_equal(text + 24, "\r\n");
		struct sdr_daytime got;
		assert_true(sdr_daytime_parse(text, length, &got));
		assert_int_equal(got.seconds, second);
	}
}

static void format_stays_in_its_room(void **state)
{
	(void)state;
	char text[SDR_DAYTIME_TEXT];
	struct tm wild;
	memset(&wild, 0x7f, sizeof(wild));
	assert_int_equal(sdr_daytime_format(text, &wild), 26);
	memset(&wild, 0x80, sizeof(wild));
	assert_int_equal(sdr_daytime_format(text, &wild), 26);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_reads_every_form),
		cmocka_unit_test(a_fraction_gives_its_precision),
		cmocka_unit_test(parse_refuses_what_is_no_time),
		cmocka_unit_test(parse_survives_every_cut_and_flip),
		cmocka_unit_test(nist_gives_health_and_advance),
		cmocka_unit_test(format_is_ctime_and_reads_back),
		cmocka_unit_test(format_stays_in_its_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
