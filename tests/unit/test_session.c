/* test_session.c - a session without a screen: thresholds, programs, listeners, the journal's file,
 * and a model that outlives its source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "model/model.h"
#include "probe/engine.h"
#include "probe/engine_target.h"
#include "sounder/session.h"

#define TARGETS 40
#define LONG_WAIT (15 * SDR_SECOND)

/* A source whose results come from the test. */
struct made_up {
	struct sdr_sink sinks[4];
	unsigned sink_count;
	struct sdr_target *targets[TARGETS];
	uint32_t count;
	unsigned paused, again;
	char group[64]; /* as last set: the target's number and the label */
};

struct heard {
	char text[TARGETS + 1]; /* D, U: a target went down, came up */
	unsigned count;
	char last[64];
	char complaint[256];
	unsigned complaints;
	struct sdr_session *removes_from; /* what went down is removed; NULL: it stays */
};

struct rig {
	uv_loop_t loop;
	struct sdr_settings *settings;
	struct made_up source;
	struct sdr_session *session;
	struct heard heard;
	char folder[64];
};

/* ---- the source ---- */

static void announce(struct made_up *source, uint32_t id, enum sdr_target_event event)
{
	for (unsigned i = 0; i < source->sink_count; i++)
		if (source->sinks[i].on_target)
			source->sinks[i].on_target(
				source->sinks[i].context, source->targets[id], event);
}

static enum sdr_status add(
	void *context, const struct sdr_spec *spec, uint32_t *id, struct sdr_error *error)
{
	struct made_up *source = context;
	if (!spec->host) {
		sdr_error_set(error, 0, "no host");
		return SDR_EINVAL;
	}
	struct sdr_target *target = sdr_target_new(spec, NULL);
	assert_non_null(target);
	target->id = source->count++;
	target->phase = SDR_PHASE_RUNNING;
	source->targets[target->id] = target;
	if (id)
		*id = target->id;
	announce(source, target->id, SDR_TARGET_ADDED);
	return SDR_OK;
}

static enum sdr_status remove_target(void *context, uint32_t id)
{
	struct made_up *source = context;
	if (id >= source->count || !source->targets[id])
		return SDR_ENOENT;
	announce(source, id, SDR_TARGET_REMOVED);
	sdr_target_release(source->targets[id]);
	source->targets[id] = NULL;
	return SDR_OK;
}

static enum sdr_status pause_target(void *context, uint32_t id, bool pause)
{
	struct made_up *source = context;
	source->paused += pause;
	source->targets[id]->phase = pause ? SDR_PHASE_PAUSED : SDR_PHASE_RUNNING;
	announce(source, id, SDR_TARGET_CHANGED);
	return SDR_OK;
}

static enum sdr_status set_group(void *context, uint32_t id, const char *group)
{
	struct made_up *source = context;
	snprintf(source->group, sizeof(source->group), "%u %s", id, group);
	return SDR_OK;
}

static enum sdr_status again(void *context, uint32_t id)
{
	(void)id;
	((struct made_up *)context)->again++;
	return SDR_OK;
}

static enum sdr_status sink_add(void *context, const struct sdr_sink *sink)
{
	struct made_up *source = context;
	source->sinks[source->sink_count++] = *sink;
	return SDR_OK;
}

static void sink_remove(void *context, void *sink_context)
{
	struct made_up *source = context;
	unsigned kept = 0;
	for (unsigned i = 0; i < source->sink_count; i++)
		if (source->sinks[i].context != sink_context)
			source->sinks[kept++] = source->sinks[i];
	source->sink_count = kept;
}

/* One probe's end: answered in 1 ms, or lost. */
static void give(struct rig *rig, uint32_t id, bool answered)
{
	struct made_up *source = &rig->source;
	struct sdr_target *target = source->targets[id];
	struct sdr_result result = {.kind = SDR_RESULT_ANSWER,
		.outcome = answered ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT,
		.sequence = ++target->begun,
		.sent = sdr_clock_now(),
		.when = sdr_clock_wall(),
		.rtt = answered ? SDR_MS : SDR_NS_NONE};
	for (unsigned i = 0; i < source->sink_count; i++)
		if (source->sinks[i].on_result)
			source->sinks[i].on_result(source->sinks[i].context, target, &result);
}

static void lose(struct rig *rig, uint32_t id, unsigned count)
{
	while (count-- > 0)
		give(rig, id, false);
}

/* ---- the rig ---- */

static void on_state(void *context, const struct sdr_target *target, enum sdr_state state)
{
	struct heard *heard = context;
	assert_true(heard->count < TARGETS);
	heard->text[heard->count++] = state == SDR_STATE_DOWN ? 'D' : 'U';
	snprintf(heard->last, sizeof(heard->last), "%s", target->typed);
	if (heard->removes_from && state == SDR_STATE_DOWN)
		assert_int_equal(sdr_session_remove(heard->removes_from, target->id), SDR_OK);
}

static void on_complaint(void *context, const char *text)
{
	struct heard *heard = context;
	heard->complaints++;
	snprintf(heard->complaint, sizeof(heard->complaint), "%s", text);
}

static int set_up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct sdr_session_source source = {&rig->source, add, remove_target, pause_target, again,
		set_group, sink_add, sink_remove};
	*state = rig;
	snprintf(rig->folder, sizeof(rig->folder), "/tmp/session.XXXXXX");
	if (uv_loop_init(&rig->loop) || !mkdtemp(rig->folder) ||
		!(rig->settings = sdr_settings_new()))
		return -1;
	rig->session = sdr_session_new(&rig->loop, &source, rig->settings);
	struct sdr_session_listener listener = {&rig->heard, on_state, on_complaint};
	return rig->session && sdr_session_listen(rig->session, &listener) == SDR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	char command[128];
	sdr_session_free(rig->session);
	for (uint32_t i = 0; i < rig->source.count; i++)
		sdr_target_release(rig->source.targets[i]);
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&rig->loop);
	sdr_settings_free(rig->settings);
	snprintf(command, sizeof(command), "rm -rf %s", rig->folder);
	int removed = system(command); /* NOLINT: its own folder */
	free(rig);
	return left || removed;
}

static uint32_t watch(struct rig *rig, const char *name)
{
	struct sdr_spec spec = {.type = sdr_probe_find("tcp"),
		.target = name,
		.host = name,
		.port = 9,
		.interval = SDR_SECOND};
	struct sdr_error error;
	uint32_t id;
	assert_int_equal(sdr_session_add(rig->session, &spec, &id, &error), SDR_OK);
	return id;
}

static void set(struct rig *rig, const char *name, const char *value)
{
	struct sdr_error error;
	assert_int_equal(sdr_settings_set(rig->settings, name, value, &error), SDR_OK);
	sdr_session_settle(rig->session);
}

/* One turn of the loop, which handles all that is queued. */
static void turn(struct rig *rig)
{
	uv_run(&rig->loop, UV_RUN_NOWAIT);
}

static size_t read_file(const struct rig *rig, const char *name, char *text, size_t size)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", rig->folder, name);
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, size - 1, file) : 0;
	text[length] = '\0';
	if (file)
		fclose(file);
	return length;
}

static unsigned lines_of(const struct rig *rig, const char *name)
{
	char text[65536];
	unsigned lines = 0;
	size_t length = read_file(rig, name, text, sizeof(text));
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	return lines;
}

static void wait_for_lines(struct rig *rig, const char *name, unsigned count)
{
	sdr_ns end = sdr_clock_now() + LONG_WAIT;
	while (lines_of(rig, name) < count && sdr_clock_now() < end) {
		uv_run(&rig->loop, UV_RUN_NOWAIT);
		usleep(2000);
	}
	assert_int_equal(lines_of(rig, name), count);
}

/* Writes a program that does `line` in the folder, and sets it. */
static void program(struct rig *rig, const char *setting, const char *line)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", rig->folder, setting);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\ncd %s\n%s\n", rig->folder, line);
	fclose(file);
	assert_int_equal(chmod(path, 0755), 0);
	set(rig, setting, path);
}

static const char *newest_entry(struct rig *rig)
{
	const struct sdr_event *event = sdr_model_event(sdr_session_model(rig->session), 0);
	return event ? event->text : "";
}

/* ---- tests ---- */

static void test_no_curses_is_linked(void **state)
{
	(void)state;
	assert_null(dlsym(RTLD_DEFAULT, "initscr"));
	assert_non_null(dlsym(RTLD_DEFAULT, "uv_run")); /* this way of asking finds what is there */
}

static void test_thresholds_are_the_settings(void **state)
{
	struct rig *rig = *state;
	uint32_t id = watch(rig, "db1");
	set(rig, "losses", "5");
	give(rig, id, true);
	lose(rig, id, 4);
	turn(rig);
	assert_string_equal(rig->heard.text, "");
	lose(rig, id, 1);
	assert_string_equal(rig->heard.text, ""); /* not from within the source's call */
	turn(rig);
	assert_string_equal(rig->heard.text, "D");
	assert_string_equal(rig->heard.last, "db1");
	set(rig, "replies", "1");
	give(rig, id, true);
	turn(rig);
	assert_string_equal(rig->heard.text, "DU");
}

static void test_each_change_is_heard_of_in_order(void **state)
{
	struct rig *rig = *state;
	uint32_t id = watch(rig, "db1");
	for (int i = 0; i < 3; i++) {
		lose(rig, id, 3);
		give(rig, id, true);
		give(rig, id, true);
	}
	turn(rig);
	assert_string_equal(rig->heard.text, "DUDUDU");
	sdr_session_ignore(rig->session, &rig->heard);
	lose(rig, id, 3);
	turn(rig);
	assert_string_equal(rig->heard.text, "DUDUDU");
}

static void test_a_listener_may_remove_what_it_hears_of(void **state)
{
	struct rig *rig = *state;
	uint32_t first = watch(rig, "db1"), second = watch(rig, "db2");
	rig->heard.removes_from = rig->session;
	lose(rig, first, 3);
	lose(rig, second, 3);
	turn(rig);
	assert_string_equal(rig->heard.text, "DD");
	assert_int_equal(sdr_model_count(sdr_session_model(rig->session)), 0);
}

static void test_what_is_gone_is_still_heard_of(void **state)
{
	struct rig *rig = *state;
	uint32_t id = watch(rig, "db1");
	lose(rig, id, 3);
	assert_int_equal(sdr_session_remove(rig->session, id), SDR_OK);
	turn(rig);
	assert_string_equal(rig->heard.text, "D");
	assert_string_equal(rig->heard.last, "db1");
}

static void test_programs_get_the_name(void **state)
{
	struct rig *rig = *state;
	char text[256];
	program(rig, "down-command", "echo \"down $# $1\" >>notes");
	program(rig, "up-command", "echo \"up $# $1\" >>notes");
	uint32_t id = watch(rig, "db1; rm -rf $HOME");
	lose(rig, id, 3);
	wait_for_lines(rig, "notes", 1);
	give(rig, id, true);
	give(rig, id, true);
	wait_for_lines(rig, "notes", 2);
	read_file(rig, "notes", text, sizeof(text));
	assert_string_equal(text, "down 1 db1; rm -rf $HOME\nup 1 db1; rm -rf $HOME\n");
}

/* Each of them has its turn, however many fall over at once; but only a few run at a time. */
static void test_many_programs_wait_for_their_turn(void **state)
{
	struct rig *rig = *state;
	char name[16];
	program(rig, "down-command",
		"echo >>begun; set -- $(wc -l <begun) $(wc -l <ended)\n"
		"echo $(($1 - $2)) >>most; sleep 0.3; echo >>ended; echo \"$1\" >>all");
	char ended[128];
	snprintf(ended, sizeof(ended), "%s/ended", rig->folder);
	fclose(fopen(ended, "w"));
	for (int i = 0; i < TARGETS; i++) {
		snprintf(name, sizeof(name), "host%d", i);
		lose(rig, watch(rig, name), 3);
	}
	turn(rig);
	wait_for_lines(rig, "all", TARGETS);
	char text[4096];
	assert_int_equal(lines_of(rig, "most"), TARGETS);
	read_file(rig, "most", text, sizeof(text));
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));)
		assert_true(atoi(line) <= 8);
	assert_int_equal(rig->heard.count, TARGETS);
}

static void test_a_program_that_is_not_there_is_noted(void **state)
{
	struct rig *rig = *state;
	set(rig, "down-command", "/nowhere/notify");
	lose(rig, watch(rig, "db1"), 3);
	turn(rig);
	assert_string_equal(
		newest_entry(rig), "/nowhere/notify could not be run: no such file or directory");
}

static void test_a_session_ends_while_programs_run_and_wait(void **state)
{
	struct rig *rig = *state;
	program(rig, "down-command", "sleep 0.2");
	for (int i = 0; i < 12; i++)
		lose(rig, watch(rig, "db1"), 3);
	turn(rig);
	lose(rig, watch(rig, "db2"), 3); /* queued, and never handled */
	assert_int_equal(rig->heard.count, 12);
}

static void test_the_journal_goes_to_a_file(void **state)
{
	struct rig *rig = *state;
	struct sdr_error error;
	char path[128], moved[128], text[4096];
	struct stat as_made;
	uint32_t id = watch(rig, "db1");
	lose(rig, id, 3);
	turn(rig);
	snprintf(path, sizeof(path), "%s/journal", rig->folder);
	snprintf(moved, sizeof(moved), "%s/journal.1", rig->folder);
	assert_int_equal(sdr_session_log_reopen(rig->session, &error), SDR_ENOENT);
	assert_false(sdr_session_logs(rig->session));
	assert_int_equal(sdr_session_log(rig->session, path, &error), SDR_OK);
	assert_int_equal(sdr_session_log(rig->session, path, &error), SDR_EINVAL);
	assert_true(sdr_session_logs(rig->session));
	turn(rig);
	read_file(rig, "journal", text, sizeof(text));
	assert_non_null(strstr(text, "  db1  new -> DOWN after 3 lost probes\n"));
	assert_int_equal(stat(path, &as_made), 0);
	assert_int_equal(as_made.st_mode & 0777, 0600);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(sdr_session_log_reopen(rig->session, &error), SDR_OK);
	give(rig, id, true);
	give(rig, id, true);
	turn(rig);
	assert_int_equal(lines_of(rig, "journal.1"), 1);
	assert_int_equal(lines_of(rig, "journal"), 1);
	/* what is noted last is written when the session ends, too */
	sdr_model_note(sdr_session_model(rig->session), sdr_clock_wall(), SDR_TONE_PLAIN, "me",
		"a last word\x1b[2J");
	sdr_session_free(rig->session);
	rig->session = NULL;
	read_file(rig, "journal", text, sizeof(text));
	assert_non_null(strstr(text, "a last word"));
	assert_null(strchr(text, '\x1b'));
}

static void test_a_full_disk_is_complained_about_once_and_nothing_lost(void **state)
{
	struct rig *rig = *state;
	struct sdr_error error;
	char path[128];
	struct rlimit before, none = {0, RLIM_INFINITY};
	snprintf(path, sizeof(path), "%s/journal", rig->folder);
	assert_int_equal(sdr_session_log(rig->session, path, &error), SDR_OK);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	for (int i = 0; i < 5; i++) {
		lose(rig, watch(rig, "db1"), 3);
		turn(rig);
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(rig->heard.complaints, 1);
	assert_non_null(strstr(rig->heard.complaint, path));
	lose(rig, watch(rig, "db2"), 3);
	turn(rig);
	assert_int_equal(lines_of(rig, "journal"), 6);
}

static void test_a_file_that_cannot_be_opened_is_refused(void **state)
{
	struct rig *rig = *state;
	struct sdr_error error;
	assert_int_not_equal(sdr_session_log(rig->session, "/nowhere/journal", &error), SDR_OK);
	assert_non_null(strstr(error.text, "/nowhere/journal"));
}

static void test_commands_go_to_the_source(void **state)
{
	struct rig *rig = *state;
	struct sdr_error error;
	struct sdr_spec none = {.type = sdr_probe_find("tcp"), .target = "x"};
	struct sdr_row row;
	char wanted[64];
	uint32_t id = watch(rig, "db1"), other = watch(rig, "db2");
	struct sdr_model *model = sdr_session_model(rig->session);
	assert_int_equal(sdr_session_add(rig->session, &none, NULL, &error), SDR_EINVAL);
	assert_string_equal(error.text, "no host");
	assert_int_equal(sdr_session_pause(rig->session, id, true), SDR_OK);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_PAUSED);
	assert_int_equal(sdr_session_pause(rig->session, id, false), SDR_OK);
	assert_int_equal(sdr_session_again(rig->session, id), SDR_OK);
	assert_int_equal(sdr_session_set_group(rig->session, id, "rack3"), SDR_OK);
	snprintf(wanted, sizeof(wanted), "%u rack3", id);
	assert_string_equal(rig->source.group, wanted);
	assert_int_equal(rig->source.again, 1);
	lose(rig, id, 2);
	lose(rig, other, 2);
	assert_int_equal(sdr_session_reset(rig->session, id), SDR_OK);
	sdr_model_row(model, 0, &row);
	assert_int_equal(row.lost, 0);
	sdr_model_row(model, 1, &row);
	assert_int_equal(row.lost, 2);
	assert_int_equal(sdr_session_reset(rig->session, UINT32_MAX), SDR_OK);
	sdr_model_row(model, 1, &row);
	assert_int_equal(row.lost, 0);
	assert_int_equal(sdr_session_reset(rig->session, 77), SDR_ENOENT);
	assert_int_equal(sdr_session_remove(rig->session, 77), SDR_ENOENT);
	assert_int_equal(sdr_session_remove(rig->session, id), SDR_OK);
	assert_int_equal(sdr_model_count(model), 1);
}

static void test_the_fifth_listener_is_refused(void **state)
{
	struct rig *rig = *state;
	struct sdr_session_listener listener = {.context = rig};
	for (int i = 0; i < 3; i++)
		assert_int_equal(sdr_session_listen(rig->session, &listener), SDR_OK);
	assert_int_equal(sdr_session_listen(rig->session, &listener), SDR_ENOMEM);
	sdr_session_ignore(rig->session, rig);
	assert_int_equal(sdr_session_listen(rig->session, &listener), SDR_OK);
}

/* What the model and its frozen copy show is theirs: it stays when the engine is gone. */
static void test_nothing_in_the_model_points_into_the_engine(void **state)
{
	struct rig *rig = *state;
	struct sdr_privilege nothing = {.icmp4 = -1, .icmp6 = -1};
	struct sdr_engine *engine = sdr_engine_new(&rig->loop, NULL, &nothing);
	struct sdr_model *model = sdr_model_new();
	struct sdr_sink sink = sdr_model_sink(model);
	struct sdr_spec spec = {.type = sdr_probe_find("tcp"),
		.target = "name.example:9",
		.host = "name.example",
		.port = 9,
		.interval = SDR_SECOND};
	struct sdr_row row;
	struct sdr_error error;
	uint32_t id;
	assert_int_equal(sdr_engine_sink_add(engine, &sink), SDR_OK);
	assert_int_equal(sdr_engine_add(engine, &spec, &id, &error), SDR_OK);
	for (int i = 0; i < 50 &&
		(sdr_model_count(model) == 0 || sdr_model_state(model, 0) != SDR_STATE_UNKNOWN ||
			!*sdr_model_target(model, 0)->why);
		i++)
		uv_run(&rig->loop, UV_RUN_NOWAIT);
	struct sdr_model *copy = sdr_model_freeze(model);
	assert_non_null(copy);
	assert_ptr_not_equal(sdr_model_target(copy, 0), sdr_model_target(model, 0));
	assert_ptr_equal(sdr_model_target(model, 0), sdr_engine_find(engine, id));
	assert_int_equal(sdr_engine_pause(engine, id, true), SDR_OK);
	sdr_engine_sink_remove(engine, model);
	sdr_engine_free(engine);
	uv_run(&rig->loop, UV_RUN_DEFAULT);
	for (int i = 0; i < 2; i++) {
		const struct sdr_model *each = i ? copy : model;
		sdr_model_row(each, 0, &row);
		assert_string_equal(row.target->typed, "name.example:9");
		assert_string_equal(row.target->host, "name.example");
		assert_string_equal(row.target->name, "name.example");
		assert_string_equal(row.target->why, "no name resolver");
		assert_ptr_equal(row.target->spec->type, spec.type);
	}
	sdr_model_thaw(copy);
	sdr_model_free(model);
}

/* A frozen picture stands still, though its targets go on. */
static void test_a_frozen_copy_has_targets_of_its_own(void **state)
{
	struct rig *rig = *state;
	struct sdr_row row;
	uint32_t id = watch(rig, "db1");
	give(rig, id, true);
	rig->source.targets[id]->begun++; /* one is on its way */
	struct sdr_model *copy = sdr_model_freeze(sdr_session_model(rig->session));
	assert_non_null(copy);
	rig->source.targets[id]->begun += 5;
	assert_int_equal(sdr_session_pause(rig->session, id, true), SDR_OK);
	sdr_model_row(copy, 0, &row);
	assert_int_equal(row.in_flight, 1);
	assert_int_equal(row.target->phase, SDR_PHASE_RUNNING);
	assert_int_equal(sdr_session_pause(rig->session, id, false), SDR_OK);
	lose(rig, id, 3);
	turn(rig);
	assert_string_equal(rig->heard.text, "D"); /* of the model, and not once more of the copy */
	sdr_model_thaw(copy);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_curses_is_linked),
		TEST(test_thresholds_are_the_settings),
		TEST(test_each_change_is_heard_of_in_order),
		TEST(test_a_listener_may_remove_what_it_hears_of),
		TEST(test_what_is_gone_is_still_heard_of),
		TEST(test_programs_get_the_name),
		TEST(test_many_programs_wait_for_their_turn),
		TEST(test_a_program_that_is_not_there_is_noted),
		TEST(test_a_session_ends_while_programs_run_and_wait),
		TEST(test_the_journal_goes_to_a_file),
		TEST(test_a_full_disk_is_complained_about_once_and_nothing_lost),
		TEST(test_a_file_that_cannot_be_opened_is_refused),
		TEST(test_commands_go_to_the_source),
		TEST(test_the_fifth_listener_is_refused),
		TEST(test_nothing_in_the_model_points_into_the_engine),
		TEST(test_a_frozen_copy_has_targets_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
