/* test_options.c - no option is accepted and ignored: every option of every command is known here
 * by what it is for on the screen, and a new one that is not makes the test fail. Rows KO1 to
 * KO3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"
#include "sounder/line.h"
#include "ui_test.h"

/* Options by command: those that shape what a shell prints or how it ends are refused on the
 * screen; the others do there what they do in a shell. Tests of their effect: tests/interop. */
static const struct {
	const char *command, *shell_only, *both;
} known[] = {
	{"ip", "json csv", "integer inet-aton"},
	{"mask", "shell json csv", "integer inet-aton"},
	{"subnet split", "json csv", "count hosts"},
	{"subnet cover", "json csv", "single"},
	{"subnet merge", "json csv", ""},
	{"subnet exclude", "json csv", ""},
	{"subnet contains", "json csv", ""},
	{"subnet overlap", "json csv", ""},
	{"subnet sort", "json csv", "unique"},
	{"subnet next", "json csv", "count"},
	{"subnet previous", "json csv", "count"},
	{"subnet random", "json csv", "count"},
	{"subnet grep", "json csv", "which count invert all"},
	{"interfaces", "json csv", ""},
	{"route", "json csv", "integer inet-aton"},
	{"resolve", "json csv", "server ipv4 ipv6 timeout"},
	{"host", "json csv", "server ipv4 ipv6 timeout"},
	{"dns", "short json csv",
		"reverse server search tcp interval count timeout deadline "
		"until losses group"},
	{"port", "getent json csv", "like fuzzy"},
	{"protocol", "getent json csv", "like fuzzy"},
	{"listeners", "json csv", ""},
	{"head", "json csv",
		"http1.0 bare header cacert insecure connect-to proxy max-body "
		"interval count timeout deadline until losses group server ipv4 ipv6"},
	{"get", "json csv",
		"http1.0 bare header cacert insecure connect-to proxy max-body "
		"interval count timeout deadline until losses group server ipv4 ipv6"},
	{"ping",
		"fail-over fping all-times quiet numeric timestamps "
		"outstanding json csv",
		"size ttl tos pattern mtu-discovery broadcast tcp udp-echo "
		"all-addresses find-mtu source sweep rate interval count "
		"timeout deadline until losses group server ipv4 ipv6"},
	{"tcp", "json csv", "interval count timeout deadline until losses group server ipv4 ipv6"},
	{"echo", "json csv",
		"udp size interval count timeout deadline until losses group server "
		"ipv4 ipv6"},
	{"daytime", "json csv",
		"udp interval count timeout deadline until losses group server ipv4 "
		"ipv6"},
	{"set", "json csv", ""},
	{"help", "json csv", ""},
	{"add", "", "group"},
	{"mark", "", "none"},
	{"quit", "", "leave"},
	{"pause", "", "all"},
	{"reset", "", "all"},
	{"copy", "", "command"},
	{"bind", "", "panel"},
	{"unbind", "", "panel"},
	{"jobs", "", "cancel"},
};

static bool lists(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = list; (at = strstr(at, name)); at++)
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static int open_screen(void **state)
{
	struct ui_test *test = malloc(sizeof(*test));
	setlocale(LC_CTYPE, "C.UTF-8");
	ui_test_open(test, "xterm-256color", 24, 80);
	*state = test;
	return 0;
}

static int close_screen(void **state)
{
	ui_test_close(*state);
	free(*state);
	return 0;
}

static const char *value_of(const struct sdr_option *option)
{
	return option->kind == SDR_OPTION_FLAG        ? ""
		: option->kind == SDR_OPTION_DURATION ? " 1s"
						      : " 1";
}

/* A shell's option at the prompt is refused, with its name. The others are not run here, since they
 * would ask and send. */
static void try_option(
	struct ui_test *test, const struct sdr_command *command, const struct sdr_option *option)
{
	char line[256];
	struct sdr_error error = {0};
	if (!option->where || option->where & SDR_WHERE_SCREEN)
		return;
	int length = snprintf(
		line, sizeof(line), "%s --%s%s", command->name, option->name, value_of(option));
	for (int i = 0; i < (command->words_min > 0 ? command->words_min : command->words_max != 0);
		i++)
		length += snprintf(line + length, sizeof(line) - (size_t)length, " 127.0.0.1");
	enum sdr_status status = ui_front_run_text(&test->ui, line, &error);
	if (!(status == SDR_ENOTSUP && strstr(error.text, option->name) &&
		    strstr(error.text, "shell only")))
		fail_msg("%s: accepted (%s)", line, error.text);
}

/* Every option of every command stands in the table, on its side. */
static void check_known(const struct sdr_command *command, const struct sdr_option *option)
{
	bool shell_only = option->where == SDR_WHERE_SHELL, found = false;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		found |= strcmp(known[i].command, command->name) == 0 &&
			lists(shell_only ? known[i].shell_only : known[i].both, option->name);
	if (!found)
		fail_msg("%s --%s: put it into this test's table, by what it does on the screen",
			command->name, option->name);
}

static void walk(struct ui_test *test, const struct sdr_command *command, unsigned *count)
{
	for (unsigned set = 0; set < SDR_OPTION_SETS; set++) {
		for (const struct sdr_option *option = command->options[set];
			option && option->name; option++) {
			(*count)++;
			if (command->where & SDR_WHERE_SCREEN)
				try_option(test, command, option);
			check_known(command, option);
		}
	}
	for (const struct sdr_command *const *verb = command->verbs; verb && *verb; verb++)
		walk(test, *verb, count);
}

static void test_KO3_every_option_on_the_screen(void **state)
{
	struct ui_test *test = *state;
	const struct sdr_command *command;
	unsigned count = 0;
	for (unsigned i = 0; (command = sdr_command_at(test->app, i)); i++)
		if (strcmp(command->name, "serve") != 0) /* listens in earnest; its options are
							    those of tests/interop/servers.py */
			walk(test, command, &count);
	assert_true(count > 80);
}

/* A name in an option's `excludes` that is no option of the command would exclude nothing. */
static void test_KO1_what_is_excluded_is_there(void **state)
{
	struct ui_test *test = *state;
	const struct sdr_command *ping = sdr_command_find(test->app, "ping");
	for (unsigned set = 0; set < SDR_OPTION_SETS; set++) {
		for (const struct sdr_option *option = ping->options[set]; option && option->name;
			option++) {
			char list[256], *rest = list, *name;
			snprintf(
				list, sizeof(list), "%s", option->excludes ? option->excludes : "");
			while ((name = strsep(&rest, " ")) && *name) {
				char line[128];
				struct sdr_line *made = NULL;
				struct sdr_error error = {0};
				snprintf(line, sizeof(line), "ping --%s=1 --%s=1 127.0.0.1",
					option->name, name);
				enum sdr_status status =
					sdr_line_parse(test->app, line, &made, &error);
				if (status == SDR_OK || strstr(error.text, "no such option") ||
					strstr(error.text, "has no option"))
					fail_msg("%s: %s", line, error.text);
				sdr_line_free(made);
			}
		}
	}
}

static void test_KO1_KO2_pairs(void **state)
{
	struct ui_test *test = *state;
	static const struct {
		const char *line, *why;
	} cases[] = {
		{"ping --tcp 80 -O 127.0.0.2", "--tcp and --outstanding exclude"},
		{"ping -O --tcp 80 127.0.0.2", "--outstanding and --tcp exclude"},
		{"ping --udp-echo 7 -b 127.0.0.2", "--udp-echo and --broadcast exclude"},
		{"ping --tcp 80 -s 9 127.0.0.2", "exclude"},
		{"ping --tcp 80 -M do 127.0.0.2", "exclude"},
		{"ping --tcp 80 -p ff 127.0.0.2", "exclude"},
		{"ping -4 -6 db1", "--ipv4 and --ipv6 exclude"},
		{"ping -I 127.0.0.1 -I 127.0.0.2 127.0.0.1", "--source is given twice"},
		{"ping -c 1 -c 2 127.0.0.1", "--count is given twice"},
		{"dns x @127.0.0.1 @127.0.0.2", "a second name server"},
		{"dns x @127.0.0.1 --server 127.0.0.2", "a second name server"},
		{"dns --short --json x", "exclude"},
		{"head --json --csv http://127.0.0.1/", "exclude"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sdr_line *line = NULL;
		struct sdr_request request = {0};
		struct sdr_error error = {0};
		enum sdr_status status = sdr_line_parse(test->app, cases[i].line, &line, &error);
		if (status == SDR_OK)
			status = sdr_request_make(sdr_line_call(line), &request, &error);
		if (status != SDR_EINVAL || !strstr(error.text, cases[i].why))
			fail_msg("%s: %s", cases[i].line, error.text);
		sdr_request_done(&request);
		sdr_line_free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_KO3_every_option_on_the_screen, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_KO1_what_is_excluded_is_there, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_KO1_KO2_pairs, open_screen, close_screen)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
