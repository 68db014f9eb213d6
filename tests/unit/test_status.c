/* test_status.c - what calls fail with, in numbers, names and sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "sounder/status.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_status_sentences_and_errno(void **state)
{
	(void)state;
	for (int i = 0; i < SDR_STATUS_COUNT; i++) {
		assert_true(strlen(sdr_status_text((enum sdr_status)i)) > 3);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(sdr_status_text((enum sdr_status)i),
				sdr_status_text((enum sdr_status)k));
	}
	assert_non_null(sdr_status_text(SDR_STATUS_COUNT));
	assert_non_null(sdr_status_text((enum sdr_status) - 1));
	sdr_error_set(NULL, 0, "nowhere");
	struct sdr_error error;
	sdr_error_set(&error, 3, "%0400d", 7);
	assert_int_equal(error.offset, 3);
	assert_int_equal(strlen(error.text), SDR_ERROR_TEXT - 1);
}

static void test_errno_values(void **state)
{
	static const struct {
		int number;
		enum sdr_status status;
		const char *name;
	} cases[] = {
		{0, SDR_OK, NULL},
		{EINVAL, SDR_EINVAL, "EINVAL"},
		{ERANGE, SDR_ERANGE, "ERANGE"},
		{ENOMEM, SDR_ENOMEM, "ENOMEM"},
		{EACCES, SDR_EPERM, "EACCES"},
		{EPERM, SDR_EPERM, "EPERM"},
		{ENOENT, SDR_ENOENT, "ENOENT"},
		{EADDRNOTAVAIL, SDR_ENOENT, "EADDRNOTAVAIL"},
		{EEXIST, SDR_EEXIST, "EEXIST"},
		{EBUSY, SDR_EBUSY, "EBUSY"},
		{ENOBUFS, SDR_EBUSY, "ENOBUFS"},
		{EADDRINUSE, SDR_EINUSE, "EADDRINUSE"},
		{ENETUNREACH, SDR_EUNREACH, "ENETUNREACH"},
		{ENETDOWN, SDR_EUNREACH, "ENETDOWN"},
		{ETIMEDOUT, SDR_ETIMEDOUT, "ETIMEDOUT"},
		{ECANCELED, SDR_ECANCELED, "ECANCELED"},
		{EAFNOSUPPORT, SDR_ENOTSUP, "EAFNOSUPPORT"},
		{EBADMSG, SDR_EMALFORMED, "EBADMSG"},
		{EUCLEAN, SDR_ESYSTEM, "EUCLEAN"},
		{ECONNREFUSED, SDR_ESYSTEM, "ECONNREFUSED"},
		{-1, SDR_ESYSTEM, NULL},
		{99999, SDR_ESYSTEM, NULL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = sdr_errno_name(cases[i].number);
		assert_int_equal(sdr_status_of_errno(cases[i].number), cases[i].status);
		assert_string_equal(name ? name : "none", cases[i].name ? cases[i].name : "none");
	}
}

/* What was typed may be a URL with a password: a message does not repeat it, wherever it is cut. */
static void test_KW6_messages_hide_passwords(void **state)
{
	static const char *const cases[][2] = {
		{"http://u:secret@h/", "http://***@h/"},
		{"'http://u:se@cret@h/' and http://secret@i/", "'http://***@h/' and http://***@i/"},
		{"ftp://h/ no@one", "ftp://h/ no@one"},
		{"://@h", "://@h"},
		{"http://h/", "http://h/"},
		{"plain", "plain"},
	};
	(void)state;
	struct sdr_error error;
	for (size_t i = 0; i < COUNT(cases); i++) {
		sdr_error_set(&error, 0, "%s", cases[i][0]);
		assert_string_equal(error.text, cases[i][1]);
	}
	for (int before = 0; before < 2 * SDR_ERROR_TEXT; before++) {
		sdr_error_set(&error, 0, "%0*d http://user:secret@host/", before, 0);
		assert_null(strstr(error.text, "secr"));
		assert_true(strlen(error.text) < SDR_ERROR_TEXT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_sentences_and_errno),
		cmocka_unit_test(test_errno_values),
		cmocka_unit_test(test_KW6_messages_hide_passwords),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
