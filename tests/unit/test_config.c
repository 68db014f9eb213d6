/* test_config.c - config files: order, continuation, complaints with file, line and column; and the
 * settings they set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sounder/app.h"
#include "sounder/config.h"

/* The messages and actions of a run. */
struct log {
	struct sdr_app *app;
	char path[64];
	char complaints[16][1024];
	unsigned count;
	char ran[16][64]; /* commands handed to `run`, by name, first word and --group */
	unsigned runs;
};

static void on_complaint(void *context, const char *message)
{
	struct log *log = context;
	snprintf(log->complaints[log->count++ % 16], sizeof(log->complaints[0]), "%s", message);
}

static enum sdr_status on_run(void *context, const struct sdr_call *call, struct sdr_error *error)
{
	struct log *log = context;
	const char *word = sdr_call_word(call, 0);
	const char *group = sdr_call_text(call, "group");
	snprintf(log->ran[log->runs++ % 16], sizeof(log->ran[0]), "%s %s%s%s", call->command->name,
		word ? word : "", group ? " of " : "", group ? group : "");
	if (word && strcmp(word, "losses") == 0) {
		sdr_error_set(error, 1, "refused by the test");
		return SDR_EINVAL;
	}
	return SDR_OK;
}

static int set_up(void **state)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	struct log *log = calloc(1, sizeof(*log));
	log->app = sdr_app_new(&privilege, sdr_commands);
	strcpy(log->path, "/tmp/sounder_config_XXXXXX");
	int fd = mkstemp(log->path);
	close(fd);
	*state = log;
	return fd < 0;
}

static int tear_down(void **state)
{
	struct log *log = *state;
	unlink(log->path);
	sdr_app_free(log->app);
	free(log);
	return 0;
}

static void write_file(const struct log *log, const char *text, size_t length)
{
	FILE *file = fopen(log->path, "w");
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
}

static void run(struct log *log, const char *text, bool only_settings)
{
	struct sdr_config config = {.file = log->path,
		.only_settings = only_settings,
		.complain = on_complaint,
		.context = log};
	struct sdr_error error = {0};
	write_file(log, text, strlen(text));
	log->count = log->runs = 0;
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_OK);
}

static void assert_complaint(
	const struct log *log, unsigned index, const char *place, const char *expected)
{
	char start[128];
	snprintf(start, sizeof(start), "%s:%s: ", log->path, place);
	if (index >= log->count || strncmp(log->complaints[index], start, strlen(start)) != 0 ||
		!strstr(log->complaints[index], expected))
		fail_msg("complaint %u of %u: %s", index, log->count,
			index < log->count ? log->complaints[index] : "none");
}

static void test_settings_apply(void **state)
{
	struct log *log = *state;
	const struct sdr_settings *settings = sdr_app_settings(log->app);
	uint64_t version = sdr_settings_version(settings);
	run(log,
		"# a comment\n\n"
		"set losses 7 # why\n"
		"set \\\n"
		"  slow \\\n"
		"  250ms\r\n"
		"set down-command 'notify send'",
		true);
	assert_int_equal(log->count, 0);
	assert_int_equal(sdr_settings_number(settings, SDR_SET_LOSSES), 7);
	assert_int_equal(sdr_settings_number(settings, SDR_SET_SLOW), 250 * SDR_MS);
	assert_string_equal(sdr_settings_text(settings, SDR_SET_DOWN_COMMAND), "notify send");
	assert_true(sdr_settings_version(settings) > version);
}

static void test_bad_lines_are_placed(void **state)
{
	struct log *log = *state;
	run(log,
		"set losses\n"
		"  frobnicate\n"
		"set losses many\n"
		"set bell 'on\n"
		"set nothing 1\n"
		"set replies 4\n"
		"set \\\n"
		" theme \\\n"
		"   pink\n"
		"\xc3\xa4\xc3\xb6 x",
		false);
	assert_complaint(log, 0, "2:3", "no such command");
	assert_complaint(log, 1, "3:5", "whole number");
	assert_complaint(log, 2, "4:10", "never closed");
	assert_complaint(log, 3, "5:5", "no such setting");
	assert_complaint(log, 4, "8:2", "one of default");
	assert_complaint(log, 5, "10:1", "no such command");
	assert_int_equal(log->count, 6);
	assert_int_equal(sdr_settings_number(sdr_app_settings(log->app), SDR_SET_REPLIES),
		4); /* the rest still runs */
}

static void test_subcommands_heed_only_settings(void **state)
{
	struct log *log = *state;
	run(log, "ping db1\nbind x 'never parsed\nset losses 9\nsettle down", true);
	assert_int_equal(log->count, 0);
	assert_int_equal(sdr_settings_number(sdr_app_settings(log->app), SDR_SET_LOSSES), 9);
}

static void test_front_runs_lines(void **state)
{
	struct log *log = *state;
	struct sdr_config config = {
		.file = log->path, .run = on_run, .complain = on_complaint, .context = log};
	struct sdr_error error = {0};
	const char *text = "set mouse on\n\n  set losses 3\nhelp";
	write_file(log, text, strlen(text));
	log->count = log->runs = 0;
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_OK);
	assert_int_equal(log->runs, 2);
	assert_string_equal(log->ran[0], "set mouse");
	assert_complaint(log, 0, "3:14", "refused by the test"); /* the call's second word */
	assert_complaint(log, 1, "4:1", "no place in a configuration file");
}

/* A call with --help may have none of the words that its command needs. */
static void test_help_is_no_line(void **state)
{
	struct log *log = *state;
	struct sdr_config config = {.file = log->path, .complain = on_complaint, .context = log};
	struct sdr_error error = {0};
	const char *text = "get --help\nset -h\ngroup --help\nset losses 3";
	write_file(log, text, strlen(text));
	log->count = 0;
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_OK);
	assert_complaint(log, 0, "1:1", "--help has no place");
	assert_complaint(log, 1, "2:1", "--help has no place");
	assert_complaint(log, 2, "3:1", "--help has no place");
	assert_int_equal(log->count, 3);
}

static void test_odd_files(void **state)
{
	struct log *log = *state;
	struct sdr_config config = {
		.file = "/nonexistent/x.conf", .complain = on_complaint, .context = log};
	struct sdr_error error = {0};
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_ENOENT);
	assert_non_null(strstr(error.text, "/nonexistent/x.conf"));
	config.file = "/";
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "a folder"));
	config.file = log->path;
	write_file(log, "set losses 2\nset \0 x\nset replies 6\n", 35);
	log->count = 0;
	assert_int_equal(sdr_config_run(log->app, &config, &error),
		SDR_EINVAL); /* no text: none of it runs */
	assert_non_null(strstr(error.text, "a NUL byte in line 2"));
	char *large = malloc((1 << 20) + 2);
	memset(large, '\n', (1 << 20) + 2);
	write_file(log, large, (1 << 20) + 2);
	free(large);
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_ERANGE);
}

static void test_user_file(void **state)
{
	struct log *log = *state;
	char folder[] = "/tmp/sounder_home_XXXXXX", path[128];
	struct sdr_config config = {
		.only_settings = true, .complain = on_complaint, .context = log};
	struct sdr_error error = {0};
	assert_non_null(mkdtemp(folder));
	setenv("XDG_CONFIG_HOME", folder, 1);
	snprintf(path, sizeof(path),
		"mkdir -p %s/sounder && echo 'set losses 11' > %s/sounder/sounder.conf", folder,
		folder);
	assert_int_equal(system(path), 0);
	assert_int_equal(sdr_config_run(log->app, &config, &error), SDR_OK);
	assert_int_equal(sdr_settings_number(sdr_app_settings(log->app), SDR_SET_LOSSES), 11);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

/* Every setting takes its own default, refuses nonsense with a message that names it, and keeps its
 * value then. */
static void test_settings_table(void **state)
{
	struct log *log = *state;
	struct sdr_settings *settings = sdr_settings_new();
	const struct sdr_setting *setting;
	(void)log;
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		struct sdr_error error = {0};
		assert_int_equal(
			sdr_settings_set(settings, setting->name, setting->fallback, &error),
			SDR_OK);
		assert_string_equal(
			sdr_settings_text(settings, (enum sdr_setting_id)i), setting->fallback);
		if (setting->kind == SDR_SETTING_TEXT)
			continue;
		assert_int_not_equal(
			sdr_settings_set(settings, setting->name, "no such value", &error), SDR_OK);
		assert_non_null(strstr(error.text, setting->name));
		assert_string_equal(
			sdr_settings_text(settings, (enum sdr_setting_id)i), setting->fallback);
	}
	sdr_settings_free(settings);
}

/* A line `group` labels those after it that add targets, up to the next one or the end of the
 * file. */
static void test_groups(void **state)
{
	static const struct sdr_command group = {
		.name = "group", .words_max = 1, .where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG};
	static const struct sdr_command *const commands[] = {&group, NULL};
	static const char *const ran[] = {"ping a", "ping b of rack 3", "tcp c:1 of rack 3",
		"dns d of x", "set losses", "ping @e of rack 3", "head f of rack4",
		"ping g of rack4", "ping h"};
	struct log *log = *state;
	struct sdr_config config = {
		.file = log->path, .run = on_run, .complain = on_complaint, .context = log};
	static const char text[] = "ping a\n"
				   "group 'rack 3'\n"
				   "ping b\n"
				   "tcp c:1\n"
				   "dns d --group x\n"
				   "set losses 3\n"
				   "ping @e\n"
				   "group rack4\n"
				   "head f\n"
				   "group ' x'\n" /* a complaint, and passed over */
				   "ping g\n"
				   "group\n"
				   "ping h\n"
				   "group last\n";
	sdr_app_register(log->app, commands);
	for (int i = 0; i < 2; i++) { /* the next file begins without one */
		write_file(log, text, strlen(text));
		log->count = log->runs = 0;
		assert_int_equal(sdr_config_run(log->app, &config, NULL), SDR_OK);
		assert_int_equal(log->runs, sizeof(ran) / sizeof(*ran));
		for (unsigned at = 0; at < log->runs; at++)
			assert_string_equal(log->ran[at], ran[at]);
		assert_int_equal(log->count, 2);
		assert_complaint(log, 1, "10:7", "begins with a blank");
	}
	/* Who asks once labels nothing. */
	static const char sweep[] = "group x\nping --sweep a\n";
	write_file(log, sweep, strlen(sweep));
	log->runs = 0;
	assert_int_equal(sdr_config_run(log->app, &config, NULL), SDR_OK);
	assert_string_equal(log->ran[0], "ping a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_apply),
		cmocka_unit_test(test_bad_lines_are_placed),
		cmocka_unit_test(test_subcommands_heed_only_settings),
		cmocka_unit_test(test_front_runs_lines),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_help_is_no_line),
		cmocka_unit_test(test_odd_files),
		cmocka_unit_test(test_user_file),
		cmocka_unit_test(test_settings_table),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
