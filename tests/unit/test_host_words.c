/* test_host_words.c - words that name hosts, good ones and bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sounder/host_words.h"
#include "trial.h"

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

/* Lists, networks and ranges in a line become a target each, in order. */
static void test_all_that_a_line_names(void **state)
{
	static const char text[] = "db1\n\n# a note\n  10.0.0.1  # another\n10.1.0.0/30\nfd00::1\n";
	char path[64], line[160], names[400] = "";
	size_t used = 0;
	struct sdr_request request = {0};
	struct sdr_error error = {0};
	snprintf(path, sizeof(path), "/tmp/sounder-hosts-%d", (int)getpid());
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	snprintf(line, sizeof(line), "ping db2 @%s 10.2.0.9-10.2.0.11 10.3.0.0/31 db3", path);
	struct sdr_line *parsed = parse(*state, line);
	if (sdr_request_make(sdr_line_call(parsed), &request, &error) != SDR_OK)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < request.watch.count; i++)
		used += (size_t)snprintf(
			names + used, sizeof(names) - used, "%s ", request.watch.names[i]);
	assert_string_equal(names,
		"db2 db1 10.0.0.1 10.1.0.1 10.1.0.2 fd00::1 10.2.0.9 10.2.0.10 10.2.0.11 "
		"10.3.0.0 10.3.0.1 db3 ");
	sdr_request_done(&request);
	sdr_line_free(parsed);
	unlink(path);
	parsed = parse(*state, line);
	assert_int_not_equal(sdr_request_make(sdr_line_call(parsed), &request, &error), SDR_OK);
	assert_non_null(strstr(error.text, path));
	sdr_line_free(parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_that_name_hosts),
		cmocka_unit_test_setup_teardown(
			test_all_that_a_line_names, trial_set_up, trial_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
