/* test_call.c - what a parsed line answers: words by position, options by name, where they work,
 * how they are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/trial.h"

/* Words count by position, whatever options stand between them. */
static void test_words_by_position(void **state)
{
	static const struct {
		const char *text;
		const char *words[4];
	} rows[] = {
		{"trial a", {"a"}},
		{"trial -a a --size 3 b --note x c", {"a", "b", "c"}},
		{"trial a -- --size", {"a", "--size"}},
		{"trial ''", {""}},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_line *line = parse(*state, rows[i].text);
		const struct sdr_call *call = sdr_line_call(line);
		size_t n = 0;
		for (; rows[i].words[n]; n++)
			assert_string_equal(sdr_call_word(call, n), rows[i].words[n]);
		assert_int_equal(sdr_call_words(call), n);
		assert_null(sdr_call_word(call, n));
		assert_null(sdr_call_word(call, n + 1));
		assert_null(sdr_call_word(call, SIZE_MAX));
		sdr_line_free(line);
	}
}

/* No words, no options: every question has an answer. */
static void test_empty_call(void **state)
{
	const struct sdr_call call = {&trial_command, *state, NULL, 0};
	assert_int_equal(sdr_call_words(&call), 0);
	assert_null(sdr_call_word(&call, 0));
	assert_false(sdr_call_has(&call, "alpha"));
	assert_null(sdr_call_text(&call, "note"));
	assert_int_equal(sdr_call_number(&call, "size", 7), 7);
}

static void test_options_by_name(void **state)
{
	static const struct {
		const char *text, *option;
		bool has;
		const char *value;
		int64_t number; /* with -7 as fallback */
	} rows[] = {
		{"trial x", "alpha", false, NULL, -7},
		{"trial x -a", "alpha", true, NULL, 0},
		{"trial alpha", "alpha", false, NULL, -7},
		{"trial x -b", "alpha", false, NULL, -7},
		{"trial x -a", "alph", false, NULL, -7},
		{"trial x -a", "a", false, NULL, -7},
		{"trial x --size 3", "size", true, "3", 3},
		{"trial x --size 0", "size", true, "0", 0},
		{"trial x --pause 2s", "pause", true, "2s", 2 * SDR_SECOND},
		{"trial x --note ''", "note", true, "", 0},
		{"trial x --mark a", "mark", true, "a", 0},
		{"trial --mark a x --mark b -a --mark c", "mark", true, "c", 0},
		{"trial --times 9 x --times 4", "times", true, "4", 4},
		{"trial --times 9 x --size 4", "times", true, "9", 9},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_line *line = parse(*state, rows[i].text);
		const struct sdr_call *call = sdr_line_call(line);
		const char *value = sdr_call_text(call, rows[i].option);
		assert_int_equal(sdr_call_has(call, rows[i].option), rows[i].has);
		if (!value != !rows[i].value || (value && strcmp(value, rows[i].value) != 0))
			fail_msg("%s: %s", rows[i].text, value ? value : "no value");
		assert_int_equal(sdr_call_number(call, rows[i].option, -7), rows[i].number);
		sdr_line_free(line);
	}
}

static void test_any_of_several(void **state)
{
	static const char *const some[] = {"size", "alpha", "note", NULL}, *const none[] = {NULL};
	static const struct {
		const char *text, *any;
	} rows[] = {{"trial x", NULL}, {"trial x -b", NULL}, {"trial x -a", "alpha"},
		{"trial x --note '' -a", "alpha"}, {"trial x --note ''", "note"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sdr_line *line = parse(*state, rows[i].text);
		const char *any = sdr_call_any(sdr_line_call(line), some);
		assert_true(!any == !rows[i].any && (!any || strcmp(any, rows[i].any) == 0));
		assert_null(sdr_call_any(sdr_line_call(line), none));
		sdr_line_free(line);
	}
}

static void test_arguments_as_they_may_be_shown(void **state)
{
	static const struct sdr_option header = {.name = "header", .kind = SDR_OPTION_TEXT},
				       proxy = {.name = "proxy", .kind = SDR_OPTION_TEXT},
				       note = {.name = "note", .kind = SDR_OPTION_TEXT};
	static const struct {
		const struct sdr_option *option;
		const char *text, *shown;
	} cases[] = {
		{&header, "Authorization: Basic x", "Authorization: ***"},
		{&header, "Accept: text/html", "Accept: text/html"},
		{&proxy, "http://u:p@h:3128", "http://***@h:3128"},
		{&note, "http://u:p@h/", "http://***@h/"},
		{&note, "a comment to me@example", "a comment to me@example"},
		{NULL, "http://u:p@h/", "http://***@h/"},
		{NULL, NULL, ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct sdr_arg arg = {cases[i].option, cases[i].text, 0};
		const struct sdr_call call = {&trial_command, NULL, &arg, 1};
		char out[128];
		assert_ptr_equal(sdr_arg_shown(out, sizeof(out), &call, &arg), out);
		assert_string_equal(out, cases[i].shown);
		assert_true(strlen(sdr_arg_shown(out, 4, &call, &arg)) < 4);
	}
}

static void test_options_have_their_place(void **state)
{
	static const struct sdr_option shell_only = {
		.name = "fence", .kind = SDR_OPTION_FLAG, .where = SDR_WHERE_SHELL};
	const struct sdr_arg args[] = {{NULL, "word", 0}, {&shell_only, NULL, 0}};
	const struct sdr_call call = {&trial_command, NULL, args, 2};
	struct sdr_error error = {0};
	(void)state;
	assert_int_equal(sdr_call_check_where(&call, SDR_WHERE_SHELL, &error), SDR_OK);
	assert_int_equal(sdr_call_check_where(&call, SDR_WHERE_SCREEN, &error), SDR_ENOTSUP);
	assert_non_null(strstr(error.text, "fence"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_by_position),
		cmocka_unit_test(test_empty_call),
		cmocka_unit_test(test_options_by_name),
		cmocka_unit_test(test_any_of_several),
		cmocka_unit_test(test_arguments_as_they_may_be_shown),
		cmocka_unit_test(test_options_have_their_place),
	};
	return cmocka_run_group_tests(tests, trial_set_up, trial_tear_down);
}
