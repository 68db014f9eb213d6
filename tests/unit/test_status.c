/* test_status.c - what calls fail with, in numbers, names and sentences. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/status.h"

static void test_status_sentences_and_errno(void **state)
{
	(void)state;
	for (int i = 0; i < SDR_STATUS_COUNT; i++)
		assert_true(strlen(sdr_status_text((enum sdr_status)i)) > 3);
	assert_int_equal(sdr_status_of_errno(EADDRINUSE), SDR_EINUSE);
	assert_int_equal(sdr_status_of_errno(EPERM), SDR_EPERM);
	assert_int_equal(sdr_status_of_errno(EUCLEAN), SDR_ESYSTEM);
	sdr_error_set(NULL, 0, "nowhere");
	struct sdr_error error;
	sdr_error_set(&error, 3, "%0400d", 7);
	assert_int_equal(error.offset, 3);
	assert_int_equal(strlen(error.text), SDR_ERROR_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_sentences_and_errno),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
