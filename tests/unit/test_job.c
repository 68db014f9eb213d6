/* test_job.c - jobs: what they find, how they end, are cancelled and dropped, and what is left of
 * them. In a network namespace of the test's own where there may be one: loopback only. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "job/procedure.h"
#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/set_target.h"
#include "lib/skip.h"
#include "sounder/app.h"
#include "sounder/job.h"
#include "sounder/line.h"

#define PATIENCE (15 * SDR_SECOND) /* a job that is not over by then hangs */

struct rig {
	struct sdr_app *app;
	struct sdr_privilege privilege;
	int closed, silent; /* sockets: one refuses connections, the other takes them, no more */
	uint16_t closed_port, silent_port;
	unsigned foreign; /* callbacks of the engine's own sinks */
};

/* A job under way, and what came of it. */
struct seen {
	struct rig *rig;
	struct sdr_line *line;
	struct sdr_request request;
	struct sdr_job *job; /* NULL once it is over */
	bool starting;       /* within sdr_job_start */
	enum {
		CANCELS_NEVER,
		CANCELS_ADDED,   /* as its first target is added */
		CANCELS_ANSWERED /* in the first result */
	} cancels;
	bool cancelled;
	unsigned early, late; /* callbacks within the start, and after the end */
	unsigned uncounted;   /* results that the progress did not have as done yet */
	unsigned strange;     /* targets that are not `owned`, progress that can't be */
	unsigned sheets, added, finished, results, complaints, dones;
	unsigned results_cancelled; /* results after the cancel */
	enum sdr_outcome outcome;   /* of the last result */
	char text[256]; /* what a filter let pass, words that were answered, the last summary's
			     target */
	unsigned summaries, reached, listening, counters;
	uint64_t received;
	enum sdr_exit exit;
	char complaint[256];
	char of[64];                  /* "target" of the last sheet */
	int64_t path_mtu, payload;    /* likewise; 0: it has none */
	struct sdr_progress progress; /* as last seen */
};

static bool own_net;

static void look(struct seen *seen)
{
	struct sdr_progress before = seen->progress;
	seen->early += seen->starting;
	seen->late += seen->dones > 0;
	if (!seen->job)
		return;
	sdr_job_progress(seen->job, &seen->progress);
	seen->strange += seen->progress.done < before.done ||
		(seen->progress.total > 0 && seen->progress.done > seen->progress.total);
}

static void on_sheet(void *context, const struct sdr_sheet *sheet)
{
	struct seen *seen = context;
	const struct sdr_item *root = sdr_sheet_view(sheet);
	const struct sdr_item *mtu = sdr_item_present(root, "path_mtu"),
			      *payload = sdr_item_present(root, "payload");
	look(seen);
	seen->sheets += !sdr_sheet_failed(sheet);
	snprintf(seen->of, sizeof(seen->of), "%s", sdr_item_string(root, "target", ""));
	seen->path_mtu = mtu ? mtu->value.integer : 0;
	seen->payload = payload ? payload->value.integer : 0;
	const struct sdr_item *word = sdr_item_present(root, "word");
	if (word)
		snprintf(seen->text + strlen(seen->text), sizeof(seen->text) - strlen(seen->text),
			"%s ", word->value.bytes);
}

static void cancel_if(struct seen *seen, bool now)
{
	if (!now || seen->cancelled)
		return;
	seen->cancelled = true;
	sdr_job_cancel(seen->job);
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct seen *seen = context;
	look(seen);
	seen->strange += !target->owned;
	seen->added += event == SDR_TARGET_ADDED;
	seen->finished += event == SDR_TARGET_FINISHED;
	cancel_if(seen, seen->cancels == CANCELS_ADDED);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct seen *seen = context;
	look(seen);
	seen->strange += !target->owned;
	seen->results++;
	const struct sdr_watch *watch = &seen->request.watch;
	seen->uncounted += (watch->single || watch->sweep || watch->find_mtu) &&
		seen->progress.done < seen->results;
	seen->results_cancelled += seen->cancelled;
	seen->outcome = result->outcome;
	cancel_if(seen, seen->cancels == CANCELS_ANSWERED);
}

static void on_text(void *context, const void *bytes, size_t length)
{
	struct seen *seen = context;
	look(seen);
	if (length < sizeof(seen->text) - strlen(seen->text))
		strncat(seen->text, bytes, length);
}

static void on_summary(void *context, uint32_t number, const struct sdr_target *target,
	const struct sdr_totals *totals, bool reached)
{
	struct seen *seen = context;
	look(seen);
	seen->strange += number != seen->summaries;
	seen->summaries++;
	seen->reached += reached;
	seen->received = totals->received;
	snprintf(seen->text, sizeof(seen->text), "%s", target->typed);
}

static void on_event(void *context, const struct sdr_service_event *event)
{
	struct seen *seen = context;
	look(seen);
	seen->listening += event->kind == SDR_SERVICE_LISTENING;
	seen->strange += event->kind == SDR_SERVICE_STOPPED;
}

static void on_counters(void *context, const struct sdr_service_view *view)
{
	struct seen *seen = context;
	look(seen);
	(void)view;
	seen->counters++;
}

static void on_complaint(void *context, const char *text)
{
	struct seen *seen = context;
	look(seen);
	seen->complaints++;
	snprintf(seen->complaint, sizeof(seen->complaint), "%s", text);
}

/* Call and request are the job's until here: a front may free them now. */
static void on_done(void *context, enum sdr_exit exit)
{
	struct seen *seen = context;
	look(seen);
	seen->dones++;
	seen->exit = exit;
	seen->job = NULL;
	sdr_request_done(&seen->request);
	sdr_line_free(seen->line);
	seen->line = NULL;
	uv_stop(sdr_app_loop(seen->rig->app));
}

static void on_foreign_target(
	void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	(void)target;
	(void)event;
	++*(unsigned *)context;
}

static void on_foreign_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	(void)target;
	(void)result;
	++*(unsigned *)context;
}

static int set_up(void **state)
{
	static struct rig rig;
	rig = (struct rig){.privilege = {.icmp4 = -1,
				   .icmp6 = -1,
				   .ping4_errno = EPERM,
				   .raw4_errno = EPERM,
				   .ping6_errno = EPERM,
				   .raw6_errno = EPERM}};
	if (own_net)
		rig.privilege.icmp4 =
			socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (rig.privilege.icmp4 >= 0)
		rig.privilege.kind4 = SDR_ICMP_PING;
	rig.app = sdr_app_new(&rig.privilege, sdr_commands);
	if (!rig.app || sdr_app_open(rig.app, SDR_PARTS_ALL, NULL) != SDR_OK)
		return -1;
	struct sdr_sink sink = {&rig.foreign, on_foreign_target, on_foreign_result};
	rig.closed = loopback_socket(SOCK_STREAM | SOCK_CLOEXEC, 1, &rig.closed_port);
	rig.silent = loopback_socket(SOCK_STREAM | SOCK_CLOEXEC, 1, &rig.silent_port);
	*state = &rig;
	return listen(rig.silent, 64) == 0 &&
			sdr_engine_sink_add(sdr_app_engine(rig.app), &sink) == SDR_OK
		? 0
		: -1;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;
	sdr_app_free(rig->app);
	close(rig->closed);
	close(rig->silent);
	if (rig->privilege.icmp4 >= 0)
		close(rig->privilege.icmp4);
	return 0;
}

/* Makes the request of a line, where %port is the port that refuses, %name the one that is
 * silent. */
static void prepare(struct seen *seen, struct rig *rig, const char *text)
{
	char closed[8], silent[8];
	struct sdr_words words = {.port = closed, .name = silent};
	struct sdr_error error = {0};
	struct sdr_line *line = NULL;
	snprintf(closed, sizeof(closed), "%u", rig->closed_port);
	snprintf(silent, sizeof(silent), "%u", rig->silent_port);
	*seen = (struct seen){.rig = rig};
	if (sdr_line_parse(rig->app, text, &line, &error) != SDR_OK ||
		sdr_line_expand(line, &words, &seen->line, &error) != SDR_OK ||
		sdr_request_make(sdr_line_call(seen->line), &seen->request, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	sdr_line_free(line);
}

static void begin(struct seen *seen)
{
	const struct sdr_job_sink sink = {.context = seen,
		.sheet = on_sheet,
		.text = on_text,
		.target = on_target,
		.result = on_result,
		.summary = on_summary,
		.event = on_event,
		.counters = on_counters,
		.complaint = on_complaint,
		.done = on_done};
	struct sdr_error error = {0};
	assert_true(sdr_job_takes(&seen->request));
	seen->starting = true;
	assert_int_equal(
		sdr_job_start(sdr_line_call(seen->line), &seen->request, &sink, &seen->job, &error),
		SDR_OK);
	seen->starting = false;
	assert_non_null(seen->job);
	assert_int_equal(seen->dones, 0);
}

static void start(struct seen *seen, struct rig *rig, const char *text)
{
	prepare(seen, rig, text);
	begin(seen);
}

static void on_wake(uv_timer_t *timer)
{
	(void)timer;
}

/* Runs the loop until the job is over, or for `time` where there is none to wait for. */
static void run_for(struct seen *seen, bool until_done, sdr_ns time)
{
	uv_loop_t *loop = sdr_app_loop(seen->rig->app);
	sdr_ns end = sdr_clock_now() + time;
	uv_timer_t wake;
	uv_timer_init(loop, &wake);
	uv_timer_start(&wake, on_wake, 5, 5);
	while (sdr_clock_now() < end && !(until_done && seen->dones > 0))
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&wake, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
}

/* What holds of every job once it is over or dropped, and the loop went round. */
static void check_gone(struct seen *seen)
{
	struct sdr_engine *engine = sdr_app_engine(seen->rig->app);
	run_for(seen, false, 30 * SDR_MS);
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++)
		assert_null(sdr_engine_find(engine, id));
	assert_int_equal(sdr_engine_running(engine), 0);
	assert_int_equal(seen->rig->foreign, 0);
	assert_int_equal(seen->early + seen->late, 0);
	assert_int_equal(seen->strange, 0);
	assert_int_equal(seen->results_cancelled, 0);
	assert_int_equal(seen->uncounted, 0);
}

static void finish(struct seen *seen)
{
	run_for(seen, true, PATIENCE);
	assert_int_equal(seen->dones, 1);
	check_gone(seen);
	assert_int_equal(seen->dones, 1);
}

/* The request of a line, and whether what it asks for ends by itself. */
static void test_ends(void **state)
{
	static const struct {
		const char *text;
		bool ends;
	} rows[] = {
		{"tcp 127.0.0.1:%port", true},
		{"tcp 127.0.0.1:%port [::1]:%port --deadline 1s", true},
		{"ping --sweep 127.0.0.0/29", true},
		{"ping --find-mtu 127.0.0.1", true},
		{"tcp 127.0.0.1:%port --interval 1s", false}, /* goes on: it is watched */
		{"tcp 127.0.0.1:%port --count 2", false},
		{"ping 127.0.0.1", false},
		{"ping --until up 127.0.0.1", true},
		{"ping --deadline 1s 127.0.0.1", true},
		{"mask 10.0.0.0/8", true},
		{"host localhost", true},
		{"subnet grep 10.0.0.0/8", true},
		{"serve echo", false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		prepare(&seen, *state, rows[i].text);
		assert_true(sdr_job_takes(&seen.request));
		if (sdr_job_ends(&seen.request) != rows[i].ends)
			fail_msg("%s: %sends", rows[i].text, rows[i].ends ? "never " : "");
		sdr_request_done(&seen.request);
		sdr_line_free(seen.line);
	}
}

/* Targets that are asked once: each result comes once, and the worst is the exit code. */
static void test_each_is_asked_once(void **state)
{
	static const struct {
		const char *text;
		unsigned targets, results;
		enum sdr_outcome last;
		enum sdr_exit exit;
	} rows[] = {
		{"tcp 127.0.0.1:%port", 1, 1, SDR_OUTCOME_REFUSED, SDR_EXIT_NO},
		{"tcp 127.0.0.1:%name", 1, 1, SDR_OUTCOME_OK, SDR_EXIT_YES},
		{"tcp 127.0.0.1:%port 127.0.0.1:%port 127.0.0.1:%port", 3, 3, SDR_OUTCOME_REFUSED,
			SDR_EXIT_NO},
		{"tcp 127.0.0.1:%name 127.0.0.1:%name", 2, 2, SDR_OUTCOME_OK, SDR_EXIT_YES},
		{"daytime 127.0.0.1:%name --timeout 50ms", 1, 1, SDR_OUTCOME_TIMEOUT, SDR_EXIT_NO},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		start(&seen, *state, rows[i].text);
		finish(&seen);
		if (seen.added != rows[i].targets || seen.finished != rows[i].targets ||
			seen.results != rows[i].results || seen.outcome != rows[i].last ||
			seen.exit != rows[i].exit || seen.complaints > 0)
			fail_msg("%s: %u targets, %u results, the last %s, exit %d, %s",
				rows[i].text, seen.added, seen.results,
				sdr_outcome_word(seen.outcome), seen.exit, seen.complaint);
	}
}

static void test_worst_outcome_is_the_exit(void **state)
{
	struct seen seen;
	start(&seen, *state, "tcp 127.0.0.1:%port 127.0.0.1:%name");
	finish(&seen);
	assert_int_equal(seen.results, 2);
	assert_int_equal(seen.exit, SDR_EXIT_NO);
}

static void test_progress_counts(void **state)
{
	struct seen seen;
	struct sdr_progress progress;
	start(&seen, *state, "tcp 127.0.0.1:%port 127.0.0.1:%name 127.0.0.1:%port");
	sdr_job_progress(seen.job, &progress);
	assert_int_equal(progress.done, 0);
	finish(&seen);
	assert_int_equal(seen.finished, 3);
	assert_int_equal(seen.progress.total, 3);
	assert_int_equal(seen.progress.done, 3);
	assert_string_equal(seen.progress.what, "targets");
}

/* Every callback but `done` may be missing. */
static void test_sink_of_done_alone(void **state)
{
	struct seen seen;
	prepare(&seen, *state, "tcp 127.0.0.1:%port");
	const struct sdr_job_sink sink = {.context = &seen, .done = on_done};
	assert_int_equal(
		sdr_job_start(sdr_line_call(seen.line), &seen.request, &sink, &seen.job, NULL),
		SDR_OK);
	finish(&seen);
	assert_int_equal(seen.exit, SDR_EXIT_NO);
}

static void test_deadline(void **state)
{
	struct seen seen;
	sdr_ns begun = sdr_clock_now();
	prepare(&seen, *state, "daytime 127.0.0.1:%name --timeout 1m");
	seen.request.watch.deadline = 60 * SDR_MS;
	begin(&seen);
	finish(&seen);
	assert_true(sdr_clock_now() - begun >= 60 * SDR_MS);
	assert_int_equal(seen.results, 1); /* so that it is known that there was none */
	assert_int_equal(seen.outcome, SDR_OUTCOME_TIMEOUT);
	assert_int_equal(seen.added, 1);
	assert_true(seen.exit >= SDR_EXIT_NO);
}

/* ---- cancelled, dropped ---- */

/* At every moment: before its first step, in it, while it waits. `done` is not called within the
 * cancel. */
static void test_cancel(void **state)
{
	static const sdr_ns moments[] = {0, 1 * SDR_MS, 10 * SDR_MS, 50 * SDR_MS};
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		for (unsigned times = 1; times <= 2; times++) {
			struct seen seen;
			start(&seen, *state, "daytime 127.0.0.1:%name --timeout 1m");
			if (moments[i] > 0)
				run_for(&seen, true, moments[i]);
			assert_int_equal(seen.dones, 0);
			seen.cancelled = true;
			for (unsigned n = 0; n < times; n++)
				sdr_job_cancel(seen.job);
			assert_int_equal(seen.dones, 0);
			finish(&seen);
			assert_true(seen.exit >= SDR_EXIT_NO);
			assert_int_equal(seen.results, 0);
		}
}

/* A callback may cancel: the other results don't come any more, even of positive answers the exit
 * code is 1. */
static void test_cancel_in_a_result(void **state)
{
	struct seen seen;
	prepare(&seen, *state, "tcp 127.0.0.1:%name 127.0.0.1:%name 127.0.0.1:%name");
	seen.cancels = CANCELS_ANSWERED;
	begin(&seen);
	finish(&seen);
	assert_true(seen.cancelled);
	assert_int_equal(seen.results, 1);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.exit, SDR_EXIT_NO);
}

static void test_drop(void **state)
{
	static const struct {
		sdr_ns moment;
		bool cancel; /* before it */
	} rows[] = {{0, false}, {0, true}, {1 * SDR_MS, false}, {20 * SDR_MS, false},
		{20 * SDR_MS, true}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		start(&seen, *state,
			"daytime 127.0.0.1:%name 127.0.0.1:%name --timeout 50ms --deadline 1s");
		if (rows[i].moment > 0)
			run_for(&seen, true, rows[i].moment);
		assert_int_equal(seen.dones, 0);
		if (rows[i].cancel)
			sdr_job_cancel(seen.job);
		sdr_job_drop(seen.job);
		sdr_request_done(&seen.request);
		sdr_line_free(seen.line);
		seen.job = NULL;
		struct seen before = seen;
		run_for(&seen, false, 100 * SDR_MS);
		check_gone(&seen);
		assert_memory_equal(&seen, &before, sizeof(seen));
	}
}

/* What is watched goes on beside a job, by its own sinks. */
static void test_watched_targets_stay(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	uint32_t id;
	const struct sdr_spec spec = {.type = sdr_probe_find("tcp"),
		.target = "127.0.0.1",
		.host = "127.0.0.1",
		.port = rig->closed_port,
		.interval = 10 * SDR_MS};
	assert_int_equal(sdr_engine_add(sdr_app_engine(rig->app), &spec, &id, NULL), SDR_OK);
	start(&seen, rig, "tcp 127.0.0.1:%port");
	run_for(&seen, true, PATIENCE);
	assert_int_equal(seen.dones, 1);
	unsigned heard = rig->foreign;
	run_for(&seen, false, 100 * SDR_MS);
	assert_true(rig->foreign > heard);
	assert_int_equal(seen.results, 1);
	const struct sdr_target *target = sdr_engine_find(sdr_app_engine(rig->app), id);
	assert_non_null(target);
	assert_false(target->owned);
	assert_int_equal(sdr_engine_remove(sdr_app_engine(rig->app), id), SDR_OK);
}

/* ---- questions ---- */

/* A question that takes as many milliseconds as its word is a number. */
struct slow {
	uv_timer_t timer; /* first */
	struct sdr_answers answers;
	char word[16];
};

static unsigned under_way, most_under_way, taken_back;

static void on_slow_closed(uv_handle_t *handle)
{
	free(handle);
}

static void on_slow(uv_timer_t *timer)
{
	struct slow *slow = (struct slow *)timer;
	struct sdr_sheet *sheet = sdr_sheet_new();
	struct sdr_error error = {0};
	sdr_item_text(sdr_sheet_root(sheet), "word", "Word", slow->word);
	slow->answers.emit(slow->answers.context, sheet);
	sdr_sheet_free(sheet);
	under_way--;
	if (strcmp(slow->word, "13") == 0)
		sdr_error_set(&error, 0, "no luck");
	slow->answers.done(
		slow->answers.context, error.text[0] ? SDR_EXIT_NO : SDR_EXIT_YES, &error);
	uv_close((uv_handle_t *)timer, on_slow_closed);
}

static enum sdr_status start_slow(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	if (word[0] < '0' || word[0] > '9') {
		sdr_error_set(error, 0, "%s: no number", word);
		return SDR_EINVAL;
	}
	struct slow *slow = calloc(1, sizeof(*slow));
	uv_timer_init(sdr_app_loop(call->app), &slow->timer);
	uv_timer_start(&slow->timer, on_slow, (uint64_t)atoi(word), 0);
	slow->answers = *answers;
	snprintf(slow->word, sizeof(slow->word), "%s", word);
	*answers->handle = slow;
	most_under_way = ++under_way > most_under_way ? under_way : most_under_way;
	return SDR_OK;
}

static void take_back(const struct sdr_call *call, void *handle)
{
	(void)call;
	under_way--;
	taken_back++;
	uv_close(handle, on_slow_closed);
}

/* Makes a request of `host` whose questions are slow ones. */
static void prepare_slow(struct seen *seen, struct rig *rig, const char *text)
{
	prepare(seen, rig, text);
	seen->request.lookup.start = start_slow;
	seen->request.lookup.as_they_come = seen->request.lookup.counted = false;
	seen->request.lookup.at_a_time = 0;
	seen->request.lookup.cancel = take_back;
	under_way = most_under_way = taken_back = 0;
}

/* The answers come in the order of asking, whichever is there first, and some are asked at the same
 * time; a question that could not begin has its turn too. */
static void test_answers_in_order(void **state)
{
	struct seen seen;
	prepare_slow(&seen, *state, "host 60 1 30 bad 0 13 50");
	begin(&seen);
	finish(&seen);
	assert_string_equal(seen.text, "60 1 30 0 13 50 ");
	assert_int_equal(seen.sheets, 6);
	assert_int_equal(seen.complaints, 2);
	assert_string_equal(seen.complaint, "no luck");
	assert_int_equal(seen.exit, SDR_EXIT_FAIL);
	assert_int_equal(most_under_way, 6);
	assert_int_equal(seen.progress.done, 7);
	assert_int_equal(seen.progress.total, 7);
}

/* Of many words not all are asked at once. */
static void test_some_at_a_time(void **state)
{
	struct seen seen;
	char text[512] = "host";
	for (int i = 0; i < 100; i++)
		strcat(text, i % 2 ? " 1" : " 3");
	prepare_slow(&seen, *state, text);
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.sheets, 100);
	assert_int_equal(most_under_way, 16);
	assert_int_equal(seen.exit, SDR_EXIT_YES);
}

/* As many at a time as the lookup has it; where the order is of no concern, each as it comes. */
static void test_as_they_come(void **state)
{
	struct seen seen;
	prepare_slow(&seen, *state, "host 90 1 45 bad 0");
	seen.request.lookup.as_they_come = true;
	begin(&seen);
	finish(&seen);
	assert_string_equal(seen.text, "0 1 45 90 ");
	assert_int_equal(seen.complaints, 1);
	assert_int_equal(seen.progress.done, 5);
	prepare_slow(&seen, *state, "host 9 8 7 6 5 4 3 2 1 0");
	seen.request.lookup.as_they_come = true;
	seen.request.lookup.at_a_time = 3;
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.sheets, 10);
	assert_int_equal(most_under_way, 3);
}

/* No faster than the rate: the tenth begins nine fiftieths of a second after the first. */
static void test_the_rate(void **state)
{
	struct seen seen;
	sdr_ns begun = sdr_clock_now();
	prepare_slow(&seen, *state, "host 0 0 0 0 0 0 0 0 0 0");
	seen.request.lookup.rate = 50;
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.sheets, 10);
	assert_true(sdr_clock_now() - begun >= 9 * SDR_SECOND / 50);
}

/* Lines are counted at their end, by how they ended. */
static void test_lines_are_counted(void **state)
{
	static const char *const end = "3 lines: 2 with data, 0 without, 1 failed; ";
	struct seen seen;
	prepare_slow(&seen, *state, "host -");
	seen.request.lookup.counted = true;
	seen.request.input = (struct sdr_input){"1\nbad\n\n2\n", 9};
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.complaints, 2);
	assert_memory_equal(seen.complaint, end, strlen(end));
	prepare_slow(&seen, *state, "host 1 2"); /* words are no lines */
	seen.request.lookup.counted = true;
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.complaints, 0);
}

/* What is under way is taken back, so that call and request may go at once. */
static void test_questions_are_taken_back(void **state)
{
	for (unsigned cancels = 0; cancels < 2; cancels++) {
		struct seen seen;
		prepare_slow(&seen, *state, "host 1 50000 2 60000");
		begin(&seen);
		run_for(&seen, true, 30 * SDR_MS);
		assert_string_equal(seen.text, "1 ");
		if (cancels) {
			seen.cancelled = true;
			sdr_job_cancel(seen.job);
			finish(&seen);
			assert_int_equal(seen.exit, SDR_EXIT_NO);
		} else {
			sdr_job_drop(seen.job);
			sdr_request_done(&seen.request);
			sdr_line_free(seen.line);
			seen.job = NULL;
			check_gone(&seen);
		}
		assert_int_equal(seen.sheets, 1);
		assert_int_equal(taken_back, 2);
		assert_int_equal(under_way, 0);
	}
}

/* The front's own lines in place of standard input: blanks, comments and blank lines are passed
 * over, the last one needs no line feed. */
static void test_lines_of_the_front(void **state)
{
	static const struct {
		const char *line, *text, *words;
		enum sdr_exit exit;
	} rows[] = {{"host -", " 3 \r\n\n# 9\n1\n\t2", "3 1 2 ", SDR_EXIT_YES},
		{"host 5 - 4", "3\n", "5 3 4 ", SDR_EXIT_YES}, {"host -", "", "", SDR_EXIT_YES},
		{"host - 7", "\n\n#\n", "7 ", SDR_EXIT_YES},
		{"host -", "2\nx\n1\n", "2 1 ", SDR_EXIT_FAIL}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		prepare_slow(&seen, *state, rows[i].line);
		seen.request.input = (struct sdr_input){rows[i].text, strlen(rows[i].text)};
		begin(&seen);
		finish(&seen);
		assert_string_equal(seen.text, rows[i].words);
		assert_int_equal(seen.exit, rows[i].exit);
	}
}

/* A thread of the test's own would be no other than a pipe that somebody fills: while nothing has
 * come, the loop goes on, and standard input keeps its flags. */
static void test_lines_of_a_pipe(void **state)
{
	struct seen seen;
	int ends[2], before = dup(STDIN_FILENO);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	prepare_slow(&seen, *state, "host -");
	begin(&seen);
	for (int i = 0; i < 3; i++) {
		run_for(&seen, true, 20 * SDR_MS);
		assert_int_equal(seen.sheets, i);
		assert_int_equal(write(ends[1], "1\n", 2), 2);
	}
	run_for(&seen, true, 30 * SDR_MS);
	assert_int_equal(seen.sheets, 3);
	assert_int_equal(seen.dones, 0);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK, 0);
	close(ends[1]);
	finish(&seen);
	assert_string_equal(seen.text, "1 1 1 ");
	assert_int_equal(seen.exit, SDR_EXIT_YES);
	dup2(before, STDIN_FILENO);
	close(before);
	close(ends[0]);
}

/* What never waits needs no loop: everything comes within the call. */
static void test_at_once(void **state)
{
	static const struct {
		const char *text;
		bool at_once;
		unsigned sheets;
		enum sdr_exit exit;
	} rows[] = {{"mask 10.0.0.0/8", true, 1, SDR_EXIT_YES},
		{"ip 10.0.0.1 ::1 nonsense", true, 2, SDR_EXIT_FAIL},
		{"subnet merge 10.0.0.0/9 10.128.0.0/9", true, 1, SDR_EXIT_YES},
		{"ip 10.0.0.1 -", false, 0, SDR_EXIT_YES},
		{"host localhost", false, 0, SDR_EXIT_YES},
		{"tcp 127.0.0.1:%port", false, 0, SDR_EXIT_YES}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		prepare(&seen, *state, rows[i].text);
		const struct sdr_call *call = sdr_line_call(seen.line);
		const struct sdr_job_sink sink = {.context = &seen,
			.sheet = on_sheet,
			.complaint = on_complaint,
			.done = on_done};
		if (sdr_job_at_once(call, &seen.request) != rows[i].at_once)
			fail_msg("%s", rows[i].text);
		assert_int_equal(sdr_job_parts(call, &seen.request) == 0, rows[i].at_once);
		if (rows[i].at_once) {
			assert_int_equal(
				sdr_job_run(call, &seen.request, &sink, &seen.job, NULL), SDR_OK);
			assert_int_equal(seen.dones, 1);
			assert_int_equal(seen.exit, rows[i].exit);
			assert_int_equal(seen.sheets, rows[i].sheets);
			check_gone(&seen);
			continue;
		}
		sdr_request_done(&seen.request);
		sdr_line_free(seen.line);
	}
}

/* ---- text, servers, states ---- */

static void test_filter(void **state)
{
	static const struct {
		const char *line, *text, *lines;
		enum sdr_exit exit;
	} rows[] = {{"subnet grep 10.0.0.0/8", "a\nb 10.1.2.3\nc 11.1.1.1\n10.0.0.9",
			    "b 10.1.2.3\n10.0.0.9\n", SDR_EXIT_YES},
		{"subnet grep -c 10.0.0.0/8 -", "10.1.2.3\n10.1.2.4\n", "2\n", SDR_EXIT_YES},
		{"subnet grep 10.0.0.0/8 -", "", "", SDR_EXIT_NO},
		{"subnet grep 10.0.0.0/8 /nowhere/at/all", "", "", SDR_EXIT_FAIL}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		prepare(&seen, *state, rows[i].line);
		seen.request.input = (struct sdr_input){rows[i].text, strlen(rows[i].text)};
		begin(&seen);
		finish(&seen);
		assert_string_equal(seen.text, rows[i].lines);
		assert_int_equal(seen.exit, rows[i].exit);
		assert_int_equal(seen.complaints, rows[i].exit == SDR_EXIT_FAIL);
	}
}

static void test_servers(void **state)
{
	struct seen seen;
	start(&seen, *state, "serve echo --tcp 127.0.0.1:0");
	run_for(&seen, true, 50 * SDR_MS);
	assert_int_equal(seen.dones, 0);
	assert_true(seen.listening > 0);
	sdr_job_cancel(seen.job);
	finish(&seen);
	assert_int_equal(seen.counters, seen.listening);
	assert_int_equal(seen.exit, SDR_EXIT_YES); /* that is its end */
	assert_int_equal(sdr_services_count(sdr_app_services(seen.rig->app)), 0);
}

/* --until: a summary each, the exit code of what was waited for; to stop it is no failure. */
static void test_until(void **state)
{
	static const struct {
		const char *text;
		unsigned summaries, reached;
		enum sdr_exit exit;
	} rows[] = {{"tcp 127.0.0.1:%name --until up", 1, 1, SDR_EXIT_YES},
		{"tcp 127.0.0.1:%port --until down --losses 2 -i 20ms", 1, 1, SDR_EXIT_YES},
		{"tcp 127.0.0.1:%port 127.0.0.1:%name --until down -i 20ms --deadline 200ms", 2, 1,
			SDR_EXIT_NO},
		{"tcp 127.0.0.1:%name -c 3 -i 20ms --deadline 10s", 1, 0, SDR_EXIT_YES},
		{"tcp 127.0.0.1:%name -c 100 -i 50ms --deadline 120ms", 1, 0, SDR_EXIT_NO}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		start(&seen, *state, rows[i].text);
		finish(&seen);
		if (seen.summaries != rows[i].summaries || seen.reached != rows[i].reached ||
			seen.exit != rows[i].exit)
			fail_msg("%s: %u summaries, %u reached, exit %d", rows[i].text,
				seen.summaries, seen.reached, seen.exit);
	}
}

static void test_summaries_meanwhile(void **state)
{
	struct seen seen;
	start(&seen, *state, "tcp 127.0.0.1:%name -i 10ms");
	run_for(&seen, true, 100 * SDR_MS);
	assert_int_equal(seen.summaries, 0);
	sdr_job_summaries(seen.job);
	assert_int_equal(seen.summaries, 1);
	assert_true(seen.received >= 1);
	assert_int_equal(sdr_job_number(seen.job, 0), 0);
	assert_int_equal(sdr_job_number(seen.job, 77), UINT32_MAX);
	seen.summaries = 0;
	sdr_job_cancel(seen.job);
	finish(&seen);
	assert_int_equal(seen.summaries, 1);
	assert_int_equal(seen.exit, SDR_EXIT_YES);
}

/* ---- by ICMP ---- */

#define SKIP_WITHOUT_ICMP(rig) \
	if ((rig)->privilege.icmp4 < 0) \
	SKIP_BECAUSE(own_net ? "no ICMP socket in a network namespace here" \
			     : "no network namespaces here")

static void test_sweep(void **state)
{
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	struct seen seen;
	prepare(&seen, *state, "ping --sweep 127.0.0.0/29");
	unsigned count = (unsigned)seen.request.watch.count;
	assert_true(count >= 6);
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.added, count);
	assert_int_equal(seen.results, count);
	assert_int_equal(seen.outcome, SDR_OUTCOME_OK);
	assert_int_equal(seen.exit, SDR_EXIT_YES);
	assert_int_equal(seen.progress.done, count);
	assert_int_equal(seen.progress.total, count);
	assert_string_equal(seen.progress.what, "hosts");
}

/* A target is gone once its answer is in: the engine never has all of them. */
static void test_sweep_of_many(void **state)
{
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	struct rig *rig = *state;
	struct seen seen;
	sdr_engine_set_rate(sdr_app_engine(rig->app), 100000);
	start(&seen, rig, "ping --sweep 127.1.0.0/20");
	finish(&seen);
	assert_int_equal(seen.added, seen.progress.total);
	assert_int_equal(seen.results, seen.progress.total);
	assert_int_equal(seen.exit, SDR_EXIT_YES);
	assert_true(sdr_engine_limit(sdr_app_engine(rig->app)) < seen.added);
}

/* More than the engine gets at a time; one result, and it is cancelled. */
static void test_cancel_in_a_sweep(void **state)
{
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	struct seen seen;
	prepare(&seen, *state, "ping --sweep 127.1.0.0/20");
	seen.cancels = CANCELS_ANSWERED;
	begin(&seen);
	finish(&seen);
	assert_int_equal(seen.results, 1);
	assert_int_equal(seen.progress.done, 1);
	assert_int_equal(seen.progress.total, 4094);
	assert_true(seen.added < seen.progress.total);
	assert_true(seen.exit >= SDR_EXIT_NO);
}

static void test_find_mtu(void **state)
{
	static const bool cancels[] = {false, true};
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	for (size_t i = 0; i < sizeof(cancels) / sizeof(*cancels); i++) {
		struct seen seen;
		prepare(&seen, *state, "ping --find-mtu 127.0.0.1 127.0.0.2");
		seen.cancels = cancels[i] ? CANCELS_ANSWERED : CANCELS_NEVER;
		begin(&seen);
		finish(&seen);
		assert_int_equal(seen.sheets, cancels[i] ? 0 : 2);
		assert_string_equal(seen.of, cancels[i] ? "" : "127.0.0.2");
		assert_int_equal(seen.path_mtu, cancels[i] ? 0 : seen.payload + 28); /* headers */
		assert_int_equal(seen.exit, cancels[i] ? SDR_EXIT_NO : SDR_EXIT_YES);
		assert_true(cancels[i] ? seen.results == 1 : seen.results >= 4);
		assert_string_equal(seen.progress.what, "sizes");
		assert_int_equal(seen.added, cancels[i] ? 1 : seen.progress.done);
	}
}

/* A sweep's own rate holds, and leaves the engine's as it is; one above the engine's can't. */
static void test_rate_of_a_sweep(void **state)
{
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	struct rig *rig = *state;
	struct sdr_engine *engine = sdr_app_engine(rig->app);
	struct seen seen;
	sdr_ns begun = sdr_clock_now();
	start(&seen, rig, "ping --sweep --rate 40 127.0.0.1-127.0.0.20");
	finish(&seen);
	assert_true(sdr_clock_now() - begun >= 400 * SDR_MS);
	assert_int_equal(seen.results, 20);
	assert_int_equal(seen.complaints, 0);
	assert_int_equal(sdr_engine_rate(engine), 1000);
	start(&seen, rig, "ping --sweep --rate 1001 127.0.0.0/29");
	finish(&seen);
	assert_int_equal(seen.results, seen.progress.total);
	assert_int_equal(seen.complaints, 1);
	assert_non_null(strstr(seen.complaint, "--rate 1001"));
	assert_int_equal(sdr_engine_rate(engine), 1000);
}

/* What becomes of a name's addresses: each is complained of, also at the same time, and once. */
static void test_all_that_a_name_lacks(void **state)
{
	static const struct {
		const char *notice;
		bool incomplete;
		const char *missing;
		unsigned complaints;
		enum sdr_exit exit;
	} rows[] = {{"lacks some", true, NULL, 1, SDR_EXIT_FAIL},
		{"lacks some", false, NULL, 1, SDR_EXIT_YES},
		{"lacks some", true, "AAAA: none", 2, SDR_EXIT_FAIL},
		{NULL, false, "AAAA: none", 1, SDR_EXIT_YES}, {NULL, false, NULL, 0, SDR_EXIT_YES}};
	const struct sdr_spec spec = {
		.type = sdr_probe_find("ping"), .target = "db1.test", .host = "db1.test"};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen = {.rig = *state};
		struct sdr_job job = {.sink = {.context = &seen, .complaint = on_complaint}};
		struct engine_target *target = set_target_new(NULL, &spec, 0, NULL);
		struct sdr_set *set = &sdr_set_of(target)->public;
		set->notice = rows[i].notice;
		set->incomplete = rows[i].incomplete;
		sdr_target_set_missing(target->public, rows[i].missing);
		uint8_t noted = 0;
		sdr_procedure_note_name(&job, target->public, &noted);
		assert_int_equal(seen.complaints, rows[i].complaints);
		sdr_procedure_note_name(&job, target->public, &noted);
		assert_int_equal(seen.complaints, rows[i].complaints);
		assert_int_equal(job.exit, rows[i].exit);
		set_target_free(target);
	}
}

/* ---- a type that drives a set: two members, one of which never answers ---- */

static struct {
	struct probe_env *env;
	const struct sdr_target *target;
	uv_timer_t soon;
	enum sdr_outcome outcome; /* of the leader */
} pair;

static void on_pair(uv_timer_t *timer)
{
	struct sdr_result good = {.rtt = SDR_MS},
			  lost = {.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE},
			  own = {.outcome = pair.outcome, .sequence = 1, .rtt = SDR_MS};
	(void)timer;
	assert_int_equal(pair.env->emit_member(pair.env, pair.target->id, "a", &good), SDR_OK);
	assert_int_equal(pair.env->emit_member(pair.env, pair.target->id, "b", &lost), SDR_OK);
	pair.env->emit(pair.env, pair.target->id, &own);
}

static enum sdr_status pair_open(struct probe_env *env, void **shared, struct sdr_error *error)
{
	(void)shared;
	(void)error;
	pair.env = env;
	uv_timer_init(env->loop, &pair.soon);
	return SDR_OK;
}

static void pair_close(void *shared)
{
	(void)shared;
	uv_close((uv_handle_t *)&pair.soon, NULL);
}

static enum sdr_status pair_start(
	void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	(void)shared;
	(void)sequence;
	(void)now;
	pair.target = target;
	uv_timer_start(&pair.soon, on_pair, 1, 0);
	return SDR_OK;
}

static void pair_stop(void *shared, const struct sdr_target *target)
{
	(void)shared;
	(void)target;
	uv_timer_stop(&pair.soon);
}

static const struct probe_type pair_type = {
	.public = {.name = "pair",
		.label = "pair",
		.members = "pair",
		.default_interval = SDR_SECOND,
		.default_timeout = SDR_SECOND},
	.open = pair_open,
	.close = pair_close,
	.start = pair_start,
	.stop = pair_stop,
};

/* What a type finds on the way is shown and summed up; whether it got there is the leader's. */
static void test_exit_of_a_set_is_its_leaders(void **state)
{
	static const enum sdr_outcome outcomes[] = {SDR_OUTCOME_OK, SDR_OUTCOME_REFUSED};
	for (size_t i = 0; i < 2; i++) {
		struct seen seen;
		prepare(&seen, *state, "tcp --count 1 --interval 1s 127.0.0.1:%port");
		seen.request.watch.specs[0].type = &pair_type.public;
		pair.outcome = outcomes[i];
		begin(&seen);
		finish(&seen);
		assert_int_equal(seen.results, 3);
		assert_int_equal(seen.summaries, 3);
		assert_int_equal(seen.exit, sdr_outcome_exit(outcomes[i]));
	}
}

/* An object that there was no memory for is no answer, and is not passed over in silence. */
static void test_object_without_memory(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	prepare(&seen, rig, "ping --find-mtu 127.0.0.1");
	struct sdr_job job = {.call = sdr_line_call(seen.line),
		.sink = {.context = &seen, .sheet = on_sheet, .complaint = on_complaint}};
	sdr_procedure_sheet(&job, NULL);
	assert_int_equal(seen.complaints, 1);
	assert_string_equal(seen.complaint, "ping: out of memory");
	assert_int_equal(job.exit, SDR_EXIT_FAIL);
	sdr_procedure_sheet(&job, sdr_sheet_new());
	assert_int_equal(seen.complaints, 1);
	assert_int_equal(seen.sheets, 1);
	sdr_request_done(&seen.request);
	sdr_line_free(seen.line);
}

static void set_mtu(int mtu)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_mtu = mtu};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCSIFMTU, &request), 0);
	close(fd);
}

/* What is reported ends the search: the size that fits it exactly got through already. */
static void test_find_mtu_by_report(void **state)
{
	static const struct {
		int mtu;
		unsigned sizes; /* 56, 1472, one that is too large; and the one that fits */
	} rows[] = {{1500, 3}, {1400, 3}, {9000, 4}};
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct seen seen;
		set_mtu(rows[i].mtu);
		start(&seen, *state, "ping --find-mtu 127.0.0.1");
		finish(&seen);
		set_mtu(65536);
		assert_int_equal(seen.sheets, 1);
		assert_int_equal(seen.path_mtu, rows[i].mtu);
		if (seen.progress.done != rows[i].sizes)
			fail_msg("%d: %u sizes", rows[i].mtu, (unsigned)seen.progress.done);
	}
}

/* Answers that come in before the loop went round are nobody's any more. */
static void test_cancel_as_a_target_is_added(void **state)
{
	static const char *const texts[] = {"tcp 127.0.0.1:%port 127.0.0.1:%name",
		"ping --sweep 127.0.0.0/24", "ping --find-mtu 127.0.0.1"};
	SKIP_WITHOUT_ICMP((struct rig *)*state);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (unsigned round = 0; round < 20; round++) {
			struct seen seen;
			prepare(&seen, *state, texts[i]);
			seen.cancels = CANCELS_ADDED;
			begin(&seen);
			finish(&seen);
			if (seen.added != 1 || seen.results > 0 || seen.exit < SDR_EXIT_NO)
				fail_msg("%s: %u added, %u results, exit %d", texts[i], seen.added,
					seen.results, seen.exit);
		}
}

/* Without any ICMP socket there is one complaint, however many targets, and the end. */
static void test_refused_by_the_engine(void **state)
{
	static const char *const texts[] = {
		"ping --sweep ::1 ::2", "ping --find-mtu 127.0.0.1", "ping --sweep 127.0.0.0/16"};
	struct rig *rig = *state;
	rig->privilege.kind4 = SDR_ICMP_NONE;
	if (rig->privilege.icmp4 >= 0)
		close(rig->privilege.icmp4);
	rig->privilege.icmp4 = -1;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct seen seen;
		start(&seen, rig, texts[i]);
		finish(&seen);
		assert_int_equal(seen.results, 0);
		assert_int_equal(seen.complaints, 1);
		if (!strstr(seen.complaint, "not permitted"))
			fail_msg("%s: %s", texts[i], seen.complaint);
		assert_int_equal(seen.exit, SDR_EXIT_FAIL);
	}
}

#define JOB_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOB_TEST(test_ends),
		JOB_TEST(test_each_is_asked_once),
		JOB_TEST(test_worst_outcome_is_the_exit),
		JOB_TEST(test_progress_counts),
		JOB_TEST(test_sink_of_done_alone),
		JOB_TEST(test_deadline),
		JOB_TEST(test_cancel),
		JOB_TEST(test_cancel_in_a_result),
		JOB_TEST(test_drop),
		JOB_TEST(test_watched_targets_stay),
		JOB_TEST(test_answers_in_order),
		JOB_TEST(test_some_at_a_time),
		JOB_TEST(test_as_they_come),
		JOB_TEST(test_the_rate),
		JOB_TEST(test_lines_are_counted),
		JOB_TEST(test_questions_are_taken_back),
		JOB_TEST(test_lines_of_the_front),
		JOB_TEST(test_lines_of_a_pipe),
		JOB_TEST(test_at_once),
		JOB_TEST(test_filter),
		JOB_TEST(test_servers),
		JOB_TEST(test_until),
		JOB_TEST(test_summaries_meanwhile),
		JOB_TEST(test_sweep),
		JOB_TEST(test_sweep_of_many),
		JOB_TEST(test_cancel_in_a_sweep),
		JOB_TEST(test_find_mtu),
		JOB_TEST(test_rate_of_a_sweep),
		JOB_TEST(test_all_that_a_name_lacks),
		JOB_TEST(test_exit_of_a_set_is_its_leaders),
		JOB_TEST(test_object_without_memory),
		JOB_TEST(test_find_mtu_by_report),
		JOB_TEST(test_cancel_as_a_target_is_added),
		JOB_TEST(test_refused_by_the_engine),
	};
	own_net = own_net_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
