/* test_command.c - the language: splitting, options, %words, quoting, completion, near misses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "sounder/app.h"
#include "sounder/host_words.h"

static enum sdr_status make_nothing(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_NONE;
	return SDR_OK;
}

static const struct sdr_option own[] = {
	{"alpha", 'a', SDR_OPTION_FLAG, NULL, "a flag", 0, 0},
	{"beta", 'b', SDR_OPTION_FLAG, NULL, "another", 0, 0},
	{"size", 's', SDR_OPTION_INTEGER, "N", "a number", 0, 65507},
	{"pause", 'p', SDR_OPTION_DURATION, "TIME", "a duration", 10 * SDR_MS, SDR_HOUR},
	{"note", 'n', SDR_OPTION_TEXT, "TEXT", "a text", 0, 0},
	{NULL},
};

static const struct sdr_command try_command = {
	.name = "trial",
	.alias = "tr1",
	.arguments = "WORD...",
	.sentence = "a command of this test",
	.options = {own, sdr_options_names},
	.words_min = 1,
	.words_max = 3,
	.where = SDR_WHERE_SHELL | SDR_WHERE_CONFIG,
	.make = make_nothing,
};

static const struct sdr_command tie_command = {
	.name = "tie",
	.arguments = "KEY LINE",
	.sentence = "takes the rest as one word",
	.words_min = 2,
	.words_max = 2,
	.raw_words = true,
	.where = SDR_WHERE_SCREEN,
	.make = make_nothing,
};

static const struct sdr_command *const commands[] = {&try_command, &tie_command, NULL};

static int set_up(void **state)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
	sdr_app_register(app, commands);
	*state = app;
	return sdr_app_open(app, SDR_PART_REGISTRY, NULL) == SDR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	sdr_app_free(*state);
	return 0;
}

static struct sdr_line *parse(struct sdr_app *app, const char *text)
{
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	if (sdr_line_parse(app, text, &line, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	return line;
}

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
	assert_int_equal(sdr_line_expand(line, &words, &made, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "%name"));
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
	assert_false(offers(*state, "trial --s", "--note"));
	assert_true(offers(*state, "set frame", "frame-rate"));
	assert_true(offers(*state, "set theme m", "mono"));
	assert_true(offers(*state, "set mouse ", "on"));
	assert_true(offers(*state, "help tr", "trial"));
	assert_false(offers(*state, "nothing ", "trial"));
	const char *found[1];
	assert_true(sdr_line_complete(*state, "set ", found, 1) > 5); /* counted beyond the room */
}

static void test_near(void **state)
{
	static const char *const slips[] = {
		"tiral", "trail", "tria", "trials", "triel", "sett", "hlep"};
	static const char *const hosts[] = {"db1", "trial2", "web", "x", "localhost", "printer"};
	for (size_t i = 0; i < sizeof(slips) / sizeof(*slips); i++)
		assert_non_null(sdr_command_near(*state, slips[i]));
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		assert_null(sdr_command_near(*state, hosts[i]));
}

static void check_command(void **state, const struct sdr_command *command)
{
	assert_non_null(command->sentence);
	assert_true(command->make || command->lookup.answer || command->lookup.start);
	assert_true(command->where != 0);
	bool letters[256] = {false};
	for (unsigned set = 0; set < SDR_OPTION_SETS; set++)
		for (const struct sdr_option *o = command->options[set]; o && o->name; o++) {
			if (o->letter && letters[(unsigned char)o->letter])
				fail_msg("%s: -%c twice", command->name, o->letter);
			letters[(unsigned char)o->letter] = true;
			assert_non_null(o->sentence);
			assert_int_equal(o->kind == SDR_OPTION_FLAG, !o->metavar);
			assert_ptr_equal(sdr_option_long(command, o->name, strlen(o->name)), o);
		}
	for (const char *const *example = command->examples; example && *example; example += 2) {
		struct sdr_line *line = parse(*state, example[0]);
		assert_non_null(example[1]);
		assert_ptr_equal(sdr_line_call(line)->command, command);
		sdr_line_free(line);
	}
}

/* Every command and verb of the table is complete: names, sentences, consistent options, examples
 * that parse. */
static void test_table(void **state)
{
	const struct sdr_command *command;
	for (unsigned i = 0; (command = sdr_command_core(i)); i++) {
		check_command(state, command);
		for (const struct sdr_command *const *verb = command->verbs; verb && *verb;
			verb++) {
			check_command(state, *verb);
			assert_memory_equal((*verb)->name, command->name, strlen(command->name));
			assert_ptr_equal(sdr_command_verb(command,
						 (*verb)->name + strlen(command->name) + 1),
				*verb);
		}
	}
}

/* What a verb's line is checked against is the verb's table. */
static void test_verbs(void **state)
{
	static const struct {
		const char *line, *expected;
	} wrong[] = {{"subnet", "more words"}, {"subnet splt 10.0.0.0/8 9", "did you mean split"},
		{"subnet frob", "these are right: split"},
		{"subnet split 10.0.0.0/8 --which", "no option"},
		{"subnet next", "usage: subnet next"}};
	const char *candidates[16];
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct sdr_line *line = NULL;
		struct sdr_error error = {0};
		assert_int_not_equal(sdr_line_parse(*state, wrong[i].line, &line, &error), SDR_OK);
		assert_non_null(strstr(error.text, wrong[i].expected));
	}
	struct sdr_line *line = parse(*state, "subnet split --count 3 10.0.0.0/8");
	assert_string_equal(sdr_line_call(line)->command->name, "subnet split");
	assert_int_equal(sdr_call_words(sdr_line_call(line)), 1);
	sdr_line_free(line);
	assert_int_equal(sdr_line_complete(*state, "subnet s", candidates, 16), 2);
	assert_int_equal(sdr_line_complete(*state, "subnet grep --wh", candidates, 16), 1);
	assert_string_equal(candidates[0], "--which");
}

/* ---- what else the header promises ---- */

static void test_instead_of_strangers(void **state)
{
	(void)state;
	assert_non_null(strstr(sdr_command_instead("dig"), "dns"));
	assert_non_null(strstr(sdr_command_instead("curl"), "get"));
	assert_null(sdr_command_instead("di"));
	assert_null(sdr_command_instead("digg"));
	assert_null(sdr_command_instead(""));
	assert_null(sdr_command_instead("ping")); /* that is ours */
}

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
		const struct sdr_call call = {&try_command, NULL, &arg, 1};
		char out[128];
		assert_ptr_equal(sdr_arg_shown(out, sizeof(out), &call, &arg), out);
		assert_string_equal(out, cases[i].shown);
		assert_true(strlen(sdr_arg_shown(out, 4, &call, &arg)) < 4);
	}
}

/* argv: the fault's place is the word's number. */
static void test_lines_of_words(void **state)
{
	static const struct {
		const char *words[4];
		enum sdr_status status;
		size_t offset;
		const char *says;
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
			(!strstr(error.text, cases[i].says) || error.offset != cases[i].offset))
			fail_msg("%zu: at %zu: %s", i, error.offset, error.text);
		if (line)
			assert_string_equal(
				sdr_call_word(sdr_line_call(line), 0), cases[i].words[1]);
		sdr_line_free(line);
	}
}

static void test_options_have_their_place(void **state)
{
	static const struct sdr_option shell_only = {
		.name = "fence", .kind = SDR_OPTION_FLAG, .where = SDR_WHERE_SHELL};
	const struct sdr_arg args[] = {{NULL, "word", 0}, {&shell_only, NULL, 0}};
	const struct sdr_call call = {&try_command, NULL, args, 2};
	struct sdr_error error = {0};
	(void)state;
	assert_int_equal(sdr_call_check_where(&call, SDR_WHERE_SHELL, &error), SDR_OK);
	assert_int_equal(sdr_call_check_where(&call, SDR_WHERE_SCREEN, &error), SDR_ENOTSUP);
	assert_non_null(strstr(error.text, "fence"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instead_of_strangers),
		cmocka_unit_test(test_words_that_name_hosts),
		cmocka_unit_test(test_arguments_as_they_may_be_shown),
		cmocka_unit_test(test_lines_of_words),
		cmocka_unit_test(test_options_have_their_place),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_raw_words),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
