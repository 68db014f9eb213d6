/* test_mtr_text.c - reports of the real mtr come out of our own code to the byte; and what no trial
 * network gave: long columns, hostile names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mtr_again.h"
#include "mtr_texts.inc"
#include "report/mtr_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char *print(const struct sdr_mtr_report *report, bool ascii)
{
	char *text = NULL;
	size_t size;
	struct sdr_out out;
	FILE *file = open_memstream(&text, &size);
	assert_non_null(file);
	sdr_out_init(&out, file, SDR_COLOUR_NEVER);
	out.ascii = ascii;
	sdr_mtr_text(&out, report);
	assert_false(out.failed);
	fclose(file);
	return text;
}

static void test_as_mtr_prints(void **state)
{
	static const char *const whole[] = {
		"a-vantage-point-with-a-name-of-more-than-thirty-three.example",
		"a-router-with-a-rather-long-name.lab.example.net",
		"one-of-two-parallel-routers-with-a-long-name.lab.example",
		"two-of-two-parallel-routers-with-an-even-much-longer-name-than-eighty-characters-"
		"have.lab.example",
		NULL};
	static const struct {
		const char *text;
		bool wide;
	} texts[] = {
		{mtr_plain, false},
		{mtr_as_plain, false},
		{mtr_as_wide, true},
		{mtr_wide, true},
		{mtr_names_wide, true},
		{mtr_both_wide, true},
		{mtr_as_names, false},
		{mtr_both, false},
		{mtr_names, false},
		{mtr_numbers_as_ecmp_wide, true},
		{mtr_numbers_ecmp, false},
		{mtr_first_wide, true},
		{mtr_as_numbers, false},
		{mtr_as_numbers_wide, true},
	};
	static struct mtr_again again;
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		again_read(&again, texts[i].text, texts[i].wide, whole);
		char *text = print(&again.report, false);
		assert_true(again.report.count > 1);
		assert_string_equal(text, texts[i].text);
		free(text);
	}
}

/* A row by itself, without the two lines of the head. */
static void assert_row(const struct sdr_mtr_report *report, bool ascii, const char *wanted)
{
	char *text = print(report, ascii);
	const char *row = strchr(strchr(text, '\n') + 1, '\n') + 1;
	assert_string_equal(row, wanted);
	free(text);
}

static void test_columns_that_are_too_long(void **state)
{
	struct sdr_mtr_host host = {"10.0.0.1", "AS64500"};
	struct sdr_mtr_row row = {.hop = 112,
		.hosts = &host,
		.host_count = 1,
		.loss = 6.25,
		.sent = 1234567,
		.last = 12345678 * SDR_US,
		.average = 9999949 * SDR_US,
		.best = 1234567,
		.worst = SDR_NS_NONE,
		.deviation = 12345678 * SDR_US};
	struct sdr_mtr_report report = {.host = "h", .rows = &row, .count = 1};
	(void)state;
	assert_row(&report, false,
		" 112.|-- 10.0.0.1                  6.2% 12345  12345 9999.   1.2   0.0 12345.7\n");
	report.as = true;
	assert_row(&report, false,
		" 112. AS64500  10.0.0.1            6.2% 12345  12345 9999.   1.2   0.0 12345.7\n");
	report.count = 0;
	assert_row(&report, false, "");
}

/* Three characters of two cells each. */
#define WIDE "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"

/* What a terminal would act on is written out, wide characters take two cells and are not cut in
 * two; each line is as wide as any other. */
static void test_names(void **state)
{
	struct sdr_mtr_host hosts[] = {{"a\033[2J\n.example", NULL}, {"b\033c", "AS1"}};
	struct sdr_mtr_row row = {.hop = 1, .hosts = hosts, .host_count = 2};
	struct sdr_mtr_report report = {.host = "h", .rows = &row, .count = 1};
	(void)state;
	assert_row(&report, false,
		"  1.|-- a\\x1b[2J\\x0a.example       0.0%     0    0.0   0.0   0.0   0.0   0.0\n"
		"        b\\x1bc                           \n");
	hosts[0].text = WIDE WIDE WIDE WIDE "!!";
	row.host_count = 1;
	assert_row(&report, false,
		"  1.|-- " WIDE WIDE WIDE WIDE "!  0.0%     0    0.0   0.0   0.0   0.0   0.0\n");
	hosts[0].text = WIDE WIDE WIDE WIDE WIDE;
	assert_row(&report, false,
		"  1.|-- " WIDE WIDE WIDE WIDE "   0.0%     0    0.0   0.0   0.0   0.0   0.0\n");
	hosts[0].text = "\xc3\xa4.example";
	assert_row(&report, true,
		"  1.|-- \\u{e4}.example             0.0%     0    0.0   0.0   0.0   0.0   0.0\n");
	report.wide = true;
	assert_row(&report, false,
		"  1.|-- \xc3\xa4.example  0.0%     0    0.0   0.0   0.0   0.0   0.0\n");
}

static int in_utc(void **state)
{
	(void)state;
	return setenv("TZ", "UTC", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_mtr_prints),
		cmocka_unit_test(test_columns_that_are_too_long),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, in_utc, NULL);
}
