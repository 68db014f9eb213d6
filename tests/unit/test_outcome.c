/* test_outcome.c - how a probe ended: words, and the exit codes that they stand for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/outcome.h"

#define LABEL_MAX 17 /* what a column has room for */

static void test_words_are_distinct(void **state)
{
	(void)state;
	for (int i = 0; i < SDR_OUTCOME_COUNT; i++) {
		const char *word = sdr_outcome_word((enum sdr_outcome)i);
		assert_true(word[0] != '\0' &&
			strspn(word, "abcdefghijklmnopqrstuvwxyz_") == strlen(word));
		const char *label = sdr_outcome_label((enum sdr_outcome)i);
		assert_in_range(strlen(label), 1, LABEL_MAX);
		assert_true(strlen(sdr_outcome_sentence((enum sdr_outcome)i)) > 5);
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(word, sdr_outcome_word((enum sdr_outcome)k));
			assert_string_not_equal(label, sdr_outcome_label((enum sdr_outcome)k));
		}
	}
}

/* 0 a positive answer, 2 no resolver or a fault of this host, 1 every other bad answer. */
static void test_exit_codes(void **state)
{
	(void)state;
	for (int i = 0; i < SDR_OUTCOME_COUNT; i++) {
		enum sdr_exit wanted = SDR_EXIT_NO;
		if (i == SDR_OUTCOME_OK)
			wanted = SDR_EXIT_YES;
		if (i == SDR_OUTCOME_SERVFAIL || i == SDR_OUTCOME_RESOLVE_FAILED ||
			i == SDR_OUTCOME_LOCAL)
			wanted = SDR_EXIT_FAIL;
		assert_int_equal(sdr_outcome_exit((enum sdr_outcome)i), wanted);
	}
}

/* The words are an interface: none changes unseen. */
static void test_words_that_scripts_read(void **state)
{
	static const struct {
		enum sdr_outcome outcome;
		const char *word;
	} cases[] = {{SDR_OUTCOME_OK, "ok"}, {SDR_OUTCOME_TIMEOUT, "timeout"},
		{SDR_OUTCOME_UNREACHABLE, "unreachable"}, {SDR_OUTCOME_PROHIBITED, "prohibited"},
		{SDR_OUTCOME_TTL_EXCEEDED, "ttl_exceeded"}, {SDR_OUTCOME_TOO_BIG, "too_big"},
		{SDR_OUTCOME_REFUSED, "refused"}, {SDR_OUTCOME_RESET, "reset"},
		{SDR_OUTCOME_MISMATCH, "mismatch"}, {SDR_OUTCOME_MALFORMED, "malformed"},
		{SDR_OUTCOME_NXDOMAIN, "nxdomain"}, {SDR_OUTCOME_NODATA, "nodata"},
		{SDR_OUTCOME_SERVFAIL, "servfail"}, {SDR_OUTCOME_RESOLVE_FAILED, "resolve_failed"},
		{SDR_OUTCOME_TLS, "tls"}, {SDR_OUTCOME_HTTP_ERROR, "http_error"},
		{SDR_OUTCOME_LOCAL, "local"}};
	(void)state;
	assert_int_equal(sizeof(cases) / sizeof(*cases), SDR_OUTCOME_COUNT);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(sdr_outcome_word(cases[i].outcome), cases[i].word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_distinct),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_words_that_scripts_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
