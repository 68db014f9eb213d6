/* test_ui_call_text.c - the line that gives a call: words of any length come back as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "call_text.h"
#include "sounder/app.h"
#include "sounder/command.h"

static int open_app(void **state)
{
	*state = sdr_app_new(NULL, sdr_commands);
	return *state ? 0 : -1;
}

static int close_app(void **state)
{
	sdr_app_free(*state);
	return 0;
}

/* Quotes, backslashes and blanks, longer than any buffer that is just large enough for most. */
static void test_words_of_any_length(void **state)
{
	static const size_t lengths[] = {0, 1, 1000, 1023, 1024, 1500, 20000};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t size = lengths[i] * 4 + 64;
		char *value = malloc(lengths[i] + 1), *word = malloc(size),
		     *text = malloc(size + 64);
		for (size_t k = 0; k < lengths[i]; k++)
			value[k] = "it's a \\ \" word $x "[k % 19];
		value[lengths[i]] = '\0';
		assert_true(sdr_word_quote(word, size, value) < size);
		snprintf(text, size + 64, "dns --server=%s x.example", word);
		struct sdr_line *line, *again;
		assert_int_equal(sdr_line_parse(*state, text, &line, NULL), SDR_OK);
		char *given = ui_call_text(sdr_line_call(line));
		assert_non_null(given);
		assert_int_equal(sdr_line_parse(*state, given, &again, NULL), SDR_OK);
		assert_string_equal(sdr_call_text(sdr_line_call(again), "server"), value);
		assert_string_equal(sdr_call_word(sdr_line_call(again), 0), "x.example");
		sdr_line_free(line);
		sdr_line_free(again);
		free(given);
		free(text);
		free(word);
		free(value);
	}
}

/* What outputs may not show is masked, whatever follows it. */
static void test_secrets_of_any_length(void **state)
{
	char rest[3000], text[4000];
	struct sdr_line *line;
	memset(rest, 'r', sizeof(rest) - 1);
	rest[sizeof(rest) - 1] = '\0';
	snprintf(text, sizeof(text), "head http://me:secret@db1/%s", rest);
	assert_int_equal(sdr_line_parse(*state, text, &line, NULL), SDR_OK);
	char *shown = ui_call_shown(sdr_line_call(line));
	assert_non_null(shown);
	assert_null(strstr(shown, "secret"));
	assert_non_null(strstr(shown, "***@db1/"));
	assert_non_null(strstr(shown, rest));
	free(shown);
	sdr_line_free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words_of_any_length, open_app, close_app),
		cmocka_unit_test_setup_teardown(test_secrets_of_any_length, open_app, close_app),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
