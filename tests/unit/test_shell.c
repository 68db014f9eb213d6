/* test_shell.c - the shell's front: what a call prints where, and its exit code. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shell_run.h"
#include "sounder/app.h"

static unsigned performed;

static enum sdr_status perform(void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	(void)screen;
	(void)call;
	(void)error;
	performed++;
	return SDR_OK;
}

static enum sdr_status make_action(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_ACTION;
	request->action.perform = perform;
	return SDR_OK;
}

static const struct sdr_command screen_command = {
	.name = "dance",
	.sentence = "a command of the dashboard",
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.make = make_action,
};

/* In a shell only some of its calls mean something, and this is none of those. */
static const struct sdr_command both_command = {
	.name = "sway",
	.sentence = "a command of both fronts",
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.make = make_action,
};

static const struct sdr_command *const commands[] = {&screen_command, &both_command, NULL};

static int set_up(void **state)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	*state = sdr_app_new(&privilege, sdr_commands);
	if (*state)
		sdr_app_register(*state, commands);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	sdr_app_free(*state);
	return 0;
}

/* Whether a text is one object of JSON and the end of its line: brackets outside of strings close
 * as they opened, and not before the end. */
static bool is_one_object(const char *text)
{
	char open[32];
	size_t depth = 0, length = strlen(text);
	bool quoted = false;
	if (length < 3 || text[0] != '{' || strcmp(text + length - 2, "}\n") != 0)
		return false;
	for (size_t i = 0; i < length - 1; i++) {
		char c = text[i];
		if (c == '\n' || (depth == 0 && i > 0))
			return false;
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && strchr("{[", c) && depth < sizeof(open))
			open[depth++] = c == '{' ? '}' : ']';
		else if (!quoted && strchr("}]", c) && open[--depth] != c)
			return false;
	}
	return depth == 0 && !quoted;
}

static void test_one_object_of_json(void **state)
{
	struct printed printed = run(*state, "mask 10.0.0.0/8 --json");
	assert_int_equal(printed.exit, SDR_EXIT_YES);
	assert_string_equal(printed.err, "");
	if (!is_one_object(printed.out))
		fail_msg("%s", printed.out);
	assert_non_null(strstr(printed.out, "\"netmask\":\"255.0.0.0\""));
	printed_free(&printed);
}

/* Each call: its exit code, and what comes out on either side; "" for nothing at all. */
static void test_what_is_printed_where(void **state)
{
	static const struct {
		const char *text;
		enum sdr_exit exit;
		const char *out, *err;
	} rows[] = {
		{"mask 10.0.0.0/8", SDR_EXIT_YES, "255.0.0.0", ""},
		{"mask 10.0.0.0/8 --csv", SDR_EXIT_YES, "netmask,", ""},
		{"mask 300.1.1.1", SDR_EXIT_FAIL, "", "300 is more than 255"},
		{"mask 300.1.1.1 --json", SDR_EXIT_FAIL, "", "300 is more than 255"},
		{"mask --help", SDR_EXIT_YES, "Usage: sounder mask", ""},
		{"mask 300.1.1.1 --help", SDR_EXIT_YES, "Usage: sounder mask", ""},
		{"help", SDR_EXIT_YES, "\nCommands\n", ""},
		{"dance", SDR_EXIT_FAIL, "", "sounder: dance is a command of the dashboard"},
		{"dance --help", SDR_EXIT_YES, "A command of the dashboard.", ""},
		{"sway", SDR_EXIT_FAIL, "", "sounder: sway like this changes the dashboard"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct printed printed = run(*state, rows[i].text);
		bool good = printed.exit == rows[i].exit && !printed.out[0] == !rows[i].out[0] &&
			!printed.err[0] == !rows[i].err[0] && strstr(printed.out, rows[i].out) &&
			strstr(printed.err, rows[i].err);
		if (!good)
			fail_msg("%s: exit %d\n%s%s", rows[i].text, printed.exit, printed.out,
				printed.err);
		printed_free(&printed);
	}
	assert_int_equal(performed, 0);
}

/* One bad word among good ones: these are answered, and the exit code is the worst. */
static void test_the_worst_exit_counts(void **state)
{
	struct printed printed = run(*state, "ip 10.0.0.1 300.1.1.1 10.0.0.2");
	assert_int_equal(printed.exit, SDR_EXIT_FAIL);
	assert_non_null(strstr(printed.out, "10.0.0.1"));
	assert_non_null(strstr(printed.out, "10.0.0.2"));
	assert_non_null(strstr(printed.err, "300.1.1.1"));
	printed_free(&printed);
}

/* ---- a stdout that fails ---- */

struct broken {
	int number;      /* its errno */
	unsigned writes; /* tried */
};

static ssize_t fail_to_write(void *cookie, const char *bytes, size_t length)
{
	struct broken *broken = cookie;
	(void)bytes;
	(void)length;
	broken->writes++;
	errno = broken->number;
	return 0;
}

static void test_output_that_fails(void **state)
{
	static const struct {
		const char *text;
		int number;
		enum sdr_exit exit;
		const char *err; /* "": nothing is printed of it */
	} rows[] = {
		{"mask 10.0.0.0/8", ENOSPC, SDR_EXIT_FAIL, "No space left on device"},
		{"mask 10.0.0.0/8 --json", ENOSPC, SDR_EXIT_FAIL, "No space left on device"},
		{"mask 10.0.0.0/8 --csv", ENOSPC, SDR_EXIT_FAIL, "No space left on device"},
		{"mask --help", ENOSPC, SDR_EXIT_FAIL, "No space left on device"},
		{"mask 10.0.0.0/8", EIO, SDR_EXIT_FAIL, "Input/output error"},
		{"mask 10.0.0.0/8", EPIPE, SDR_EXIT_NO, ""}, /* as of | head */
		{"mask --help", EPIPE, SDR_EXIT_NO, ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct broken broken = {.number = rows[i].number};
		char *text = NULL;
		size_t size;
		FILE *out =
			fopencookie(&broken, "w", (cookie_io_functions_t){.write = fail_to_write});
		FILE *err = open_memstream(&text, &size);
		assert_true(out && err);
		enum sdr_exit exit = run_into(*state, rows[i].text, out, err);
		(void)fclose(out);
		assert_int_equal(fclose(err), 0);
		if (exit != rows[i].exit || !text[0] != !rows[i].err[0] ||
			!strstr(text, rows[i].err) || broken.writes == 0)
			fail_msg("%s, errno %d: exit %d: %s", rows[i].text, rows[i].number, exit,
				text);
		if (rows[i].err[0])
			assert_non_null(strstr(text, "standard output"));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_object_of_json, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_printed_where, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_worst_exit_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_output_that_fails, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
