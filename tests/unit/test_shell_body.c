/* A body to stdout, cut at every place, comes out as if it had come whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shell/shell.h"

static char *pass(const char *bytes, size_t length, size_t cut, bool is_terminal)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	struct sdr_out out = {.file = file, .is_terminal = is_terminal};
	struct shell_body body = {.out = &out};
	assert_non_null(file);
	for (size_t at = 0; at < length; at += cut)
		assert_true(sdr_body_put(&body, bytes + at, length - at < cut ? length - at : cut));
	sdr_body_end(&body);
	fclose(file);
	return text;
}

static void test_terminal(void **state)
{
	static const char bytes[] =
		"a\r\n"
		"b\xc3\xa9\xcc\x81\xcc\x81\xe2\x82\xac\xf0\x9f\x98\x80\x1b[31m\tc\xff\rd\r\n"
		"\xe2\x82";
	static const char clean[] =
		"a\n"
		"b\xc3\xa9\xcc\x81\xcc\x81\xe2\x82\xac\xf0\x9f\x98\x80\\x1b[31m\tc\\xff\\x0dd\n"
		"\\xe2\\x82";
	(void)state;
	for (size_t cut = 1; cut <= sizeof(bytes); cut++) {
		char *text = pass(bytes, sizeof(bytes) - 1, cut, true);

		if (strcmp(text, clean) != 0)
			fail_msg("cut at %zu: %s", cut, text);
		free(text);
	}
}

static void test_pipe(void **state)
{
	static const char bytes[] = "a\r\n\x1b[31m\xff\xe2\x82";
	(void)state;
	for (size_t cut = 1; cut <= sizeof(bytes); cut++) {
		char *text = pass(bytes, sizeof(bytes) - 1, cut, false);

		assert_string_equal(text, bytes);
		free(text);
	}
}

static void test_full(void **state)
{
	FILE *file = fopen("/dev/full", "w");
	struct sdr_out out = {.file = file};
	struct shell_body body = {.out = &out};
	(void)state;
	assert_non_null(file);
	assert_false(sdr_body_put(&body, "x", 1));
	assert_true(out.failed);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
