/* test_line.c - lines as they are typed: splitting, options, %words, quoting, completion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/cmd.h"
#include "unit/trial.h"

static void test_split(void **state)
{
	static const struct {
		const char *text;
		const char *words[4];
	} rows[] = {
		{"trial a b c", {"a", "b", "c"}},
		{"  trial\ta  # the rest", {"a"}},
		{"trial a#b '#c'", {"a#b", "#c"}},
		{"trial 'a b' \"c d\"", {"a b", "c d"}},
		{"trial a\\ b \\'c", {"a b", "'c"}},
		{"trial '' \"\"", {"", ""}},
		{"trial 'a'\"b\"c", {"abc"}},
		{"trial \"a\\\"b\\\\c\\d\"", {"a\"b\\c\\d"}},
		{"trial 'a\\b'", {"a\\b"}},
		{"trial a \\\n b", {"a", "b"}},
		{"trial a\\\nb", {"ab"}},
		{"trial \"a\\\nb\"", {"ab"}},
		{"trial \xc3\xa4 \xff", {"\xc3\xa4", "\xff"}},
		{"trial $HOME `x` *", {"$HOME", "`x`", "*"}},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_line *line = parse(*state, rows[i].text);
		size_t n = 0;
		for (; n < 4 && rows[i].words[n]; n++)
			assert_string_equal(
				sdr_call_word(sdr_line_call(line), n), rows[i].words[n]);
		assert_int_equal(sdr_call_words(sdr_line_call(line)), n);
		sdr_line_free(line);
	}
}

static void test_empty(void **state)
{
	static const char *const texts[] = {"", "   ", "\t", "# a comment", "  # another"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_null(parse(*state, texts[i]));
}

static void test_options(void **state)
{
	struct sdr_line *line = parse(*state, "trial -abs12 x --pause=1.5s --note '-odd' -4 -- -y");
	const struct sdr_call *call = sdr_line_call(line);
	assert_true(sdr_call_has(call, "alpha") && sdr_call_has(call, "beta") &&
		sdr_call_has(call, "ipv4"));
	assert_false(sdr_call_has(call, "ipv6"));
	assert_int_equal(sdr_call_number(call, "size", -1), 12);
	assert_int_equal(sdr_call_number(call, "pause", -1), 1500 * SDR_MS);
	assert_string_equal(sdr_call_text(call, "note"), "-odd");
	assert_string_equal(sdr_call_word(call, 0), "x");
	assert_string_equal(sdr_call_word(call, 1), "-y");
	assert_null(sdr_call_word(call, 2));
	sdr_line_free(line);
	line = parse(*state, "tr1 - -s2");
	assert_string_equal(sdr_call_word(sdr_line_call(line), 0), "-");
	assert_int_equal(sdr_call_number(sdr_line_call(line), "size", -1), 2);
	sdr_line_free(line);
	line = parse(*state, "trial --help");
	assert_true(sdr_call_has(sdr_line_call(line), "help"));
	sdr_line_free(line);
}

/* Each bad line: its status, where it goes wrong, and the part of the message with what would be
 * right. */
static void test_bad_lines(void **state)
{
	static const struct {
		const char *text;
		enum sdr_status status;
		size_t offset;
		const char *expected;
	} rows[] = {
		{"trial 'a", SDR_EINVAL, 6, "never closed"},
		{"trial \"a", SDR_EINVAL, 6, "never closed"},
		{"trial a\\", SDR_EINVAL, 7, "nothing follows"},
		{"trail a", SDR_ENOENT, 0, "did you mean trial"},
		{"zzz a", SDR_ENOENT, 0, "\"help\" lists them"},
		{"trial", SDR_EINVAL, 5, "usage: trial"},
		{"trial a b c d", SDR_EINVAL, 12, "no use for the word \"d\""},
		{"trial a --sise 3", SDR_EINVAL, 8, "did you mean --size"},
		{"trial a --zzz", SDR_EINVAL, 8, "no option --zzz"},
		{"trial a -z", SDR_EINVAL, 8, "no option -z"},
		{"trial a -s", SDR_EINVAL, 8, "needs a value: N"},
		{"trial a --size x", SDR_EINVAL, 15, "not a whole number"},
		{"trial a --size=70000", SDR_ERANGE, 8, "0 to 65507"},
		{"trial a --size 99999999999999999999", SDR_ERANGE, 15, "0 to 65507"},
		{"trial a --pause 1ms", SDR_ERANGE, 16, "10ms to 1h"},
		{"trial a --pause soon", SDR_EINVAL, 16, "--pause"},
		{"trial a --alpha=1", SDR_EINVAL, 8, "takes no value"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_line *line = (struct sdr_line *)1;
		struct sdr_error error = {0};
		enum sdr_status status = sdr_line_parse(*state, rows[i].text, &line, &error);
		if (status != rows[i].status || error.offset != rows[i].offset ||
			!strstr(error.text, rows[i].expected))
			fail_msg("%s: status %d, offset %zu: %s", rows[i].text, status,
				error.offset, error.text);
		assert_ptr_equal(line, (struct sdr_line *)1);
	}
}

static void test_long_line(void **state)
{
	char *text = malloc(SDR_LINE_MAX + 2);
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	memset(text, 'a', SDR_LINE_MAX + 1);
	text[SDR_LINE_MAX + 1] = '\0';
	assert_int_equal(sdr_line_parse(*state, text, &line, &error), SDR_ERANGE);
	assert_non_null(strstr(error.text, "at most"));
	free(text);
}

static void test_expand(void **state)
{
	struct sdr_words words = {
		.target = "db 1", .address = "fe80::1%eth0", .port = "53", .name = NULL};
	struct sdr_line
		*line = parse(*state,
			"trial %target:%port x%address --size %port --note '%targets %names%'"),
		*made = NULL;
	struct sdr_error error = {0};
	assert_int_equal(sdr_line_expand(line, &words, &made, &error), SDR_OK);
	const struct sdr_call *call = sdr_line_call(made);
	assert_string_equal(sdr_call_word(call, 0), "db 1:53"); /* one word, never split again */
	assert_string_equal(sdr_call_word(call, 1), "xfe80::1%eth0");
	assert_int_equal(sdr_call_number(call, "size", 0), 53);
	assert_string_equal(sdr_call_text(call, "note"), "%targets %names%");
	struct sdr_request request;
	assert_int_equal(sdr_request_make(sdr_line_call(line), &request, &error),
		SDR_EINVAL); /* not yet replaced */
	sdr_line_free(made);
	words.port = "x";
	assert_int_equal(sdr_line_expand(line, &words, &made, &error),
		SDR_EINVAL); /* checked once replaced */
	words.port = "--note";
	assert_int_equal(sdr_line_expand(line, &words, &made, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "taken for an option"));
	sdr_line_free(line);
	line = parse(*state, "trial %name");
	error.offset = 99;
	assert_int_equal(sdr_line_expand(line, &words, &made, &error), SDR_EINVAL);
	assert_int_equal(error.offset, 0);
	assert_non_null(strstr(error.text, "%name"));
	sdr_line_free(line);
}

/* A text's words stand where the first word `-` was; an option's value is none. */
static void test_fill(void **state)
{
	struct sdr_line *line = parse(*state, "trial - --note - -"), *made = NULL;
	struct sdr_error error = {0};
	const char *text = " x#-y z\n\t# -w\r\n\nu v\t", *const words[] = {"x", "u", "v"};
	assert_int_equal(sdr_line_fill(line, text, &made, &error), SDR_OK);
	const struct sdr_call *call = sdr_line_call(made);
	assert_int_equal(sdr_call_words(call), 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(sdr_call_word(call, i), words[i]);
	assert_string_equal(sdr_call_text(call, "note"), "-");
	sdr_line_free(made);
	assert_int_equal(sdr_line_fill(line, "x --size", &made, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "'--size' looks like an option"));
	assert_int_equal(sdr_line_fill(line, "#x", &made, &error), SDR_EINVAL); /* it needs one */
	sdr_line_free(line);
}

static void test_raw_words(void **state)
{
	struct sdr_line *line = parse(*state, "tie p \"ping %target --note 'a b'\"");
	assert_string_equal(sdr_call_word(sdr_line_call(line), 1), "ping %target --note 'a b'");
	sdr_line_free(line);
	line = parse(*state, "tie p ping %target --note 'a b'");
	assert_string_equal(sdr_call_word(sdr_line_call(line), 1), "ping %target --note 'a b'");
	struct sdr_words words = {.target = "x"};
	struct sdr_line *made = NULL;
	struct sdr_error error = {0};
	assert_int_equal(sdr_line_expand(line, &words, &made, &error), SDR_OK);
	assert_string_equal(sdr_call_word(sdr_line_call(made), 1), "ping %target --note 'a b'");
	sdr_line_free(made);
	sdr_line_free(line);
}

/* Any word comes back from its quoted form as it was. */
static void test_quote(void **state)
{
	srand(7);
	for (int round = 0; round < 20000; round++) {
		char word[12], quoted[128], text[160];
		size_t length = (size_t)(rand() % 10);
		for (size_t i = 0; i < length; i++)
			word[i] = (char)(rand() % 3 ? " '\"\\#$`*;a\t\n"
						      "-=%"[rand() % 16]
						    : 1 + rand() % 255);
		word[length] = '\0';
		size_t need = sdr_word_quote(quoted, sizeof(quoted), word);
		assert_int_equal(need, strlen(quoted));
		assert_int_equal(sdr_word_quote(NULL, 0, word), need);
		snprintf(text, sizeof(text), "trial -- %s", quoted);
		struct sdr_line *line = parse(*state, text);
		assert_string_equal(sdr_call_word(sdr_line_call(line), 0), word);
		sdr_line_free(line);
	}
}

static bool offers(struct sdr_app *app, const char *text, const char *candidate)
{
	const char *found[64];
	size_t n = sdr_line_complete(app, text, found, 64);
	for (size_t i = 0; i < n && i < 64; i++)
		if (strcmp(found[i], candidate) == 0)
			return true;
	return false;
}

static void test_complete(void **state)
{
	assert_true(offers(*state, "", "trial") && offers(*state, "", "set"));
	assert_true(offers(*state, "tri", "trial"));
	assert_false(offers(*state, "trix", "trial"));
	assert_true(offers(*state, "trial x --si", "--size"));
	assert_true(offers(*state, "trial --", "--server"));
	assert_true(offers(*state, "trial -", "--server"));
	assert_false(offers(*state, "trial ", "--server"));
	/* A blank that is quoted does not end the word. */
	assert_true(offers(*state, "trial 'a b' --si", "--size"));
	assert_true(offers(*state, "trial a\\ b \"c' d\" --si", "--size"));
	assert_false(offers(*state, "trial 'a --si", "--size"));
	assert_false(offers(*state, "trial \"a\\\" --si", "--size"));
	assert_false(offers(*state, "trial a\\ --si", "--size"));
	assert_false(offers(*state, "trial --s", "--note"));
	assert_true(offers(*state, "set frame", "frame-rate"));
	assert_true(offers(*state, "set theme m", "mono"));
	assert_true(offers(*state, "set mouse ", "on"));
	assert_true(offers(*state, "tie m", "mono"));
	assert_false(offers(*state, "tie m", "mouse"));
	assert_true(offers(*state, "help tr", "trial"));
	assert_false(offers(*state, "nothing ", "trial"));
	const char *found[1];
	assert_true(sdr_line_complete(*state, "set ", found, 1) > 5); /* counted beyond the room */
}

/* argv: the fault's place is the word's number. */
static void test_lines_of_words(void **state)
{
	static const struct {
		const char *words[4];
		enum sdr_status status;
		size_t offset;
		const char *expected;
	} cases[] = {
		{{"trial", "a b", "-a"}, SDR_OK, 0, ""},
		{{"tr1", "x"}, SDR_OK, 0, ""},
		{{"triall", "x"}, SDR_ENOENT, 0, "trial"},
		{{"trial", "x", "--nonesuch"}, SDR_EINVAL, 2, "nonesuch"},
		{{"trial", "x", "-s", "70000"}, SDR_ERANGE, 3, "65507"},
		{{"trial"}, SDR_EINVAL, 1, "needs more words"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *words[4] = {NULL};
		size_t count = 0;
		struct sdr_line *line = NULL;
		struct sdr_error error = {0};
		for (; count < 4 && cases[i].words[count]; count++)
			words[count] = (char *)(uintptr_t)cases[i].words[count];
		assert_int_equal(
			sdr_line_new(*state, words, count, &line, &error), cases[i].status);
		if (cases[i].status != SDR_OK &&
			(!strstr(error.text, cases[i].expected) || error.offset != cases[i].offset))
			fail_msg("%zu: at %zu: %s", i, error.offset, error.text);
		if (line)
			assert_string_equal(
				sdr_call_word(sdr_line_call(line), 0), cases[i].words[1]);
		sdr_line_free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_raw_words),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_lines_of_words),
	};
	return cmocka_run_group_tests(tests, trial_set_up, trial_tear_down);
}
