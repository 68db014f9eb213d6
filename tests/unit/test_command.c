/* test_command.c - the table of commands: near misses, verbs, other programs' names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/cmd.h"
#include "unit/trial.h"

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
	for (unsigned set = 0; set < SDR_OPTION_SETS_ALL; set++)
		for (const struct sdr_option *o = sdr_command_options(command, set); o && o->name;
			o++) {
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

static void test_aliases(void **state)
{
	const struct sdr_command *path = sdr_command_find(*state, "path");
	assert_non_null(path);
	assert_ptr_equal(sdr_command_find(*state, "traceroute"), path);
	assert_ptr_equal(sdr_command_find(*state, "mtr"), path);
	assert_null(sdr_command_find(*state, "MTR"));
	assert_string_equal(sdr_command_near(*state, "tracerout"), "traceroute");
	struct sdr_line *line = parse(*state, "mtr --report db1");
	assert_ptr_equal(sdr_line_call(line)->command, path);
	sdr_line_free(line);
}

static void test_instead_of_others(void **state)
{
	(void)state;
	assert_non_null(strstr(sdr_command_instead("dig"), "dns"));
	assert_non_null(strstr(sdr_command_instead("curl"), "get"));
	assert_null(sdr_command_instead("di"));
	assert_null(sdr_command_instead("digg"));
	assert_null(sdr_command_instead(""));
	assert_null(sdr_command_instead("ping")); /* that is ours */
	assert_null(sdr_command_instead("traceroute"));
}

/* A word of any part of the help of a command finds it; a part of a word does not. */
static void test_mentions(void **state)
{
	static const struct {
		const char *command, *text, *piece;
		enum sdr_help_place place;
	} cases[] = {{"mask", "MASK", "show the network", SDR_HELP_NAME},
		{"head", "http", "ask a web server", SDR_HELP_NAME}, /* its alias */
		{"path", "tracer", "show each hop", SDR_HELP_NAME},
		{"path", "MTR", "show each hop", SDR_HELP_NAME},
		{"mask", "Network", "show the network", SDR_HELP_SENTENCE},
		{"mask", "netmask", "show the network", SDR_HELP_SENTENCE}, /* a program's name */
		{"ping", "timeout", "--timeout TIME: ", SDR_HELP_OPTION},
		{"ping", "HOST", "ping HOST...", SDR_HELP_OPTION},
		{"subnet", "wider first", "subnet sort: ", SDR_HELP_DETAILS},
		{"port", "kerberos", "port --like kerberos: ", SDR_HELP_DETAILS},
		{"port", "CAP_SYS_PTRACE", "Programs of other users", SDR_HELP_DETAILS},
		{"ping", "", "", SDR_HELP_NOWHERE}, {"ping", "etmask", "", SDR_HELP_NOWHERE},
		{"mask", "timeout", "", SDR_HELP_NOWHERE}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char piece[SDR_HELP_PIECE] = "";
		const struct sdr_command *command = sdr_command_find(*state, cases[i].command);
		assert_int_equal(sdr_command_mentions(command, cases[i].text, piece, sizeof(piece)),
			cases[i].place);
		if (strncmp(piece, cases[i].piece, strlen(cases[i].piece)) != 0)
			fail_msg("%s, %s: %s", cases[i].command, cases[i].text, piece);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_instead_of_others),
		cmocka_unit_test(test_mentions),
	};
	return cmocka_run_group_tests(tests, trial_set_up, trial_tear_down);
}
