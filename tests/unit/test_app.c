/* test_app.c - the wiring, and config files: order, continuation, complaints with file, line and
 * column. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "sounder/app.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a run said and did. */
struct log {
	struct sdr_app *app;
	char path[64];
	char complaints[16][1024];
	unsigned count;
	char ran[16][64]; /* commands handed to `run`, by name and first word */
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
	snprintf(log->ran[log->runs++ % 16], sizeof(log->ran[0]), "%s %s", call->command->name,
		word ? word : "");
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
	log->app = sdr_app_new(&privilege);
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
	const struct log *log, unsigned index, const char *place, const char *says)
{
	char start[128];
	snprintf(start, sizeof(start), "%s:%s: ", log->path, place);
	if (index >= log->count || strncmp(log->complaints[index], start, strlen(start)) != 0 ||
		!strstr(log->complaints[index], says))
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
	assert_int_equal(sdr_settings_number(settings, "losses"), 7);
	assert_int_equal(sdr_settings_number(settings, "slow"), 250 * SDR_MS);
	assert_string_equal(sdr_settings_text(settings, "down-command"), "notify send");
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
	assert_int_equal(sdr_settings_number(sdr_app_settings(log->app), "replies"),
		4); /* the rest still runs */
}

static void test_subcommands_heed_only_settings(void **state)
{
	struct log *log = *state;
	run(log, "ping db1\nbind x 'never parsed\nset losses 9\nsettle down", true);
	assert_int_equal(log->count, 0);
	assert_int_equal(sdr_settings_number(sdr_app_settings(log->app), "losses"), 9);
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
	assert_int_equal(sdr_settings_number(sdr_app_settings(log->app), "losses"), 11);
	snprintf(path, sizeof(path), "rm -r %s", folder);
	assert_int_equal(system(path), 0);
}

/* ---- the wiring ---- */

/* With the pipe that libuv makes once a process and keeps. */
static unsigned descriptors(void)
{
	unsigned count = 0;
	uv_loop_t loop;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
	DIR *folder = opendir("/proc/self/fd");
	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static const struct sdr_privilege none = {.icmp4 = -1, .icmp6 = -1};

/* A pure lookup opens nothing; each part is made once; all is closed at the end. */
static void test_parts_are_made_when_asked_for(void **state)
{
	unsigned before = descriptors();
	struct sdr_app *app = sdr_app_new(&none);
	(void)state;
	assert_non_null(sdr_app_registry(app));
	assert_non_null(sdr_app_settings(app));
	assert_non_null(sdr_app_listeners(app));
	assert_ptr_equal(sdr_app_privilege(app), &none);
	assert_null(sdr_app_registered(app));
	assert_int_equal(descriptors(), before);
	void *const parts[] = {sdr_app_loop(app), sdr_app_engine(app), sdr_app_model(app),
		sdr_app_names(app), sdr_app_services(app), sdr_app_host(app)};
	void *const again[] = {sdr_app_loop(app), sdr_app_engine(app), sdr_app_model(app),
		sdr_app_names(app), sdr_app_services(app), sdr_app_host(app)};
	assert_memory_equal(parts, again, sizeof(parts));
	assert_true(descriptors() > before);
	sdr_app_free(app);
	sdr_app_free(NULL);
	assert_int_equal(descriptors(), before);
}

/* Settings reach the parts that are there, and those that are made later. */
static void test_settings_are_carried_to_the_parts(void **state)
{
	struct sdr_app *app = sdr_app_new(&none);
	(void)state;
	assert_int_equal(sdr_settings_set(sdr_app_settings(app), "rate", "77", NULL), SDR_OK);
	assert_int_equal(sdr_engine_rate(sdr_app_engine(app)), 77);
	assert_int_equal(sdr_settings_set(sdr_app_settings(app), "rate", "88", NULL), SDR_OK);
	assert_int_equal(sdr_engine_rate(sdr_app_engine(app)), 77);
	sdr_app_settle(app);
	assert_int_equal(sdr_engine_rate(sdr_app_engine(app)), 88);
	sdr_app_free(app);
}

/* Without descriptors for a part: a line, and 2. */
static void test_no_descriptors_for_a_part(void **state)
{
	int ends[2], status;
	char said[200] = "";
	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		const struct rlimit few = {10, 10};
		dup2(ends[1], STDERR_FILENO);
		setrlimit(RLIMIT_NOFILE, &few);
		sdr_app_engine(sdr_app_new(&none));
		_exit(0);
	}
	close(ends[1]);
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
	close(ends[0]);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == SDR_EXIT_FAIL);
	assert_non_null(strstr(said, "sounder: too few files may be open here (10)"));
}

static void on_wake(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

static void run_for(struct sdr_app *app, uint64_t ms)
{
	uv_timer_t wake;
	uv_timer_init(sdr_app_loop(app), &wake);
	uv_timer_start(&wake, on_wake, ms, 0);
	uv_run(sdr_app_loop(app), UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&wake, NULL);
	uv_run(sdr_app_loop(app), UV_RUN_NOWAIT);
}

/* Servers and targets of all kinds come and go. */
static void one_round(struct sdr_app *app)
{
	static const char *const types[] = {"tcp", "echo", "daytime", "dns", "http"};
	struct sdr_service_spec service = {.type = sdr_service_find("echo"),
		.local.addr = {.version = 4, .bytes = {127, 0, 0, 1}}};
	struct sdr_endpoint bound;
	uint32_t servers[2], ids[COUNT(types) * 2];
	for (int i = 0; i < 2; i++) {
		service.transport = i ? SDR_UDP : SDR_TCP;
		assert_int_equal(sdr_services_start(sdr_app_services(app), &service, &servers[i],
					 i ? NULL : &bound, NULL),
			SDR_OK);
	}
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct sdr_spec spec = {.type = sdr_probe_find(types[i / 2]),
			.target = "127.0.0.1",
			.host = "127.0.0.1",
			.port = i % 2 ? bound.port : 1,
			.server = "127.0.0.1:1",
			.interval = 10 * SDR_MS,
			.timeout = 40 * SDR_MS};
		assert_int_equal(sdr_engine_add(sdr_app_engine(app), &spec, &ids[i], NULL), SDR_OK);
	}
	run_for(app, 60);
	for (size_t i = 0; i < COUNT(ids); i++)
		assert_int_equal(sdr_engine_remove(sdr_app_engine(app), ids[i]), SDR_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(sdr_services_stop(sdr_app_services(app), servers[i]), SDR_OK);
	run_for(app, 10);
}

static void on_any(void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	(void)target;
	*(unsigned *)context += result->outcome == SDR_OUTCOME_OK;
}

static void test_H11_no_descriptor_is_kept(void **state)
{
	unsigned answers = 0, before = descriptors(), most = 0;
	struct sdr_app *app = sdr_app_new(&none);
	struct sdr_sink sink = {&answers, NULL, on_any};
	(void)state;
	assert_int_equal(sdr_engine_sink_add(sdr_app_engine(app), &sink), SDR_OK);
	/* A few may wait for an answer that is late: the most of the first ten rounds. */
	for (int i = 0; i < 30; i++) {
		one_round(app);
		for (int wait = 0; i >= 10 && descriptors() > most && wait < 200; wait++)
			run_for(app, 10);
		unsigned now = descriptors();
		assert_true(i < 10 || now <= most);
		most = now > most ? now : most;
	}
	assert_true(answers > 25);
	sdr_app_free(app);
	assert_in_range(descriptors(), before, before + 1); /* what libcurl keeps */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_are_made_when_asked_for),
		cmocka_unit_test(test_settings_are_carried_to_the_parts),
		cmocka_unit_test(test_no_descriptors_for_a_part),
		cmocka_unit_test(test_H11_no_descriptor_is_kept),
		cmocka_unit_test(test_settings_apply),
		cmocka_unit_test(test_bad_lines_are_placed),
		cmocka_unit_test(test_subcommands_heed_only_settings),
		cmocka_unit_test(test_front_runs_lines),
		cmocka_unit_test(test_odd_files),
		cmocka_unit_test(test_user_file),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
