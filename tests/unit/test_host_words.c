/* test_host_words.c - words that name hosts, good ones and bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sounder/host_words.h"

static void test_words_that_name_hosts(void **state)
{
	static const struct {
		const char *word;
		bool good;
	} cases[] = {{"db1", true}, {"10.0.0.1", true}, {"10.0.0.0/24", true},
		{"10.0.0.1-10.0.0.9", true}, {"fd00::/120", true}, {"@list", true}, {"-", true},
		{"@/nonexistent", true}, {"http://db1/", false}, {"db1:80", false}, {"", false},
		{"010.0.0.1", false}, {"a b", false}, {"10.0.0.9-10.0.0.1", false},
		{"127.1", false}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_error error = {0};
		enum sdr_status status = sdr_hosts_check(cases[i].word, &error);
		if ((status == SDR_OK) != cases[i].good || (!cases[i].good && !error.text[0]))
			fail_msg("%s: %s", cases[i].word, error.text);
		assert_true(status == SDR_OK || status == SDR_EINVAL || status == SDR_ERANGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_that_name_hosts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
