/* sweep.c - asks each of many targets once, as fast as this host sends: a target is given to the engine when its turn comes and taken back
 * when its answer is in, so that memory is that of the names and of what is under way, however many there are. */
#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "shell/shell.h"

#define AHEAD 64 /* targets that the engine has and whose probe has not left yet */

enum { ON_INT, ON_TERM, SIGNALS };

struct sweeping {
	struct shell_run *run;
	const struct sdr_watch *watch;
	struct sdr_engine *engine;
	size_t given;          /* targets of the watch that the engine has got */
	size_t answered, done; /* of these; `done` has those that failed, too */
	size_t unknown;        /* names without an address, targets that are none */
	size_t faults;         /* probes that could not leave this host */
	uint32_t *over;        /* [over_count] ids to be taken back; owned */
	size_t over_count, over_capacity;
	bool stopped;
	sdr_ns begun;
	uv_signal_t signals[SIGNALS];
	uv_timer_t deadline;
};

/* A sink may not remove a target: that is done between two turns of the loop, and soon: this one does not wait for anything more.
 * Without memory for the note the target just stays. */
static void note_over(struct sweeping *s, uint32_t id)
{
	s->done++;
	uv_stop(sdr_app_loop(s->run->app));
	if (s->over_count == s->over_capacity) {
		size_t n = s->over_capacity ? s->over_capacity * 2 : 512;
		uint32_t *over = realloc(s->over, n * sizeof *over);
		if (!over)
			return;
		s->over = over;
		s->over_capacity = n;
	}
	s->over[s->over_count++] = id;
}

static void print_verdict(struct sweeping *s, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &s->run->report;
	bool alive = result->outcome == SDR_OUTCOME_OK;
	if (report->format != &sdr_report_people && report->format != &sdr_report_fping)
		report->format->probe(report, target, result);
	else
		sdr_out_line(report->out, alive ? SDR_TONE_OK : SDR_TONE_BAD, "%s is %s", target->typed, alive ? "alive" : "unreachable");
}

static void on_result(void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sweeping *s = context;
	if (result->kind != SDR_RESULT_ANSWER)
		return;
	s->answered += result->outcome == SDR_OUTCOME_OK;
	if (result->outcome == SDR_OUTCOME_LOCAL) {
		s->faults++;
		if (!s->watch->quiet)
			sdr_shell_complain(s->run, "%s: %s", target->typed, result->why ? result->why : "could not be sent from here");
	}
	if (!s->watch->quiet && !s->run->out->failed)
		print_verdict(s, target, result);
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sweeping *s = context;
	if (event == SDR_TARGET_FINISHED) {
		note_over(s, target->id);
	} else if (event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED) {
		s->unknown++;
		sdr_shell_complain(s->run, "%s: %s", target->typed, target->why && *target->why ? target->why : "no address");
		note_over(s, target->id);
	}
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct sweeping *s = handle->data;
	(void)number;
	s->stopped = true;
}

static void on_deadline(uv_timer_t *timer)
{
	struct sweeping *s = timer->data;
	s->stopped = true;
	uv_stop(timer->loop); /* called from a timer, UV_RUN_ONCE would go on to wait */
}

static void feed(struct sweeping *s)
{
	for (size_t i = 0; i < s->over_count; i++)
		(void)sdr_engine_remove(s->engine, s->over[i]);
	s->over_count = 0;
	while (s->given < s->watch->count && sdr_engine_backlog(s->engine) < AHEAD) {
		struct sdr_spec spec;
		struct sdr_error error = {0};
		sdr_watch_spec(s->watch, s->given++, &spec);
		if (sdr_engine_add(s->engine, &spec, NULL, &error) == SDR_OK)
			continue;
		s->faults++;
		s->done++;
		sdr_shell_complain(s->run, "%s", error.text);
		if (sdr_engine_running(s->engine) == 0 && s->done == s->given && s->given == 1)
			s->stopped = true; /* no permission: it would be the same for all */
	}
}

static void open_handles(struct sweeping *s)
{
	static const int numbers[SIGNALS] = {[ON_INT] = SIGINT, [ON_TERM] = SIGTERM};
	uv_loop_t *loop = sdr_app_loop(s->run->app);
	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(loop, &s->signals[i]);
		s->signals[i].data = s;
		uv_signal_start(&s->signals[i], on_signal, numbers[i]);
	}
	uv_timer_init(loop, &s->deadline);
	s->deadline.data = s;
	if (s->watch->deadline)
		uv_timer_start(&s->deadline, on_deadline, (uint64_t)(s->watch->deadline / SDR_MS), 0);
}

static void close_handles(struct sweeping *s)
{
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&s->signals[i], NULL);
	uv_close((uv_handle_t *)&s->deadline, NULL);
	uv_run(sdr_app_loop(s->run->app), UV_RUN_NOWAIT);
}

static void print_total(struct sweeping *s)
{
	double seconds = (double)(sdr_clock_now() - s->begun) / 1e9;
	if (!s->watch->quiet && !s->watch->fping)
		sdr_out_line(s->run->err, SDR_TONE_PLAIN, "%zu of %zu alive, %.2f s, %.0f a second", s->answered, s->given, seconds,
			(double)s->given / (seconds > 0 ? seconds : 1));
}

/* fping's codes where they were asked for: 2 for names without an address, 4 for what this host refused; else ours. */
static enum sdr_exit exit_of(const struct sweeping *s)
{
	if (s->unknown > 0)
		return SDR_EXIT_FAIL;
	if (s->faults > 0 && s->answered == 0)
		return s->watch->fping ? SDR_EXIT_FPING_SYSTEM : SDR_EXIT_FAIL;
	return s->answered == s->watch->count ? SDR_EXIT_YES : SDR_EXIT_NO;
}

void sdr_sweep_run(struct shell_run *run)
{
	struct sweeping s = {.run = run, .watch = &run->request->watch, .engine = sdr_app_engine(run->app), .begun = sdr_clock_now()};
	struct sdr_sink sink = {&s, on_target, on_result};
	run->report.single = true;
	sdr_engine_set_rate(s.engine, s.watch->rate);
	if (sdr_engine_sink_add(s.engine, &sink) != SDR_OK) {
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
		return;
	}
	open_handles(&s);
	while (s.done < s.watch->count && !s.stopped && !run->out->failed) {
		feed(&s);
		if (s.done < s.watch->count && !s.stopped)
			uv_run(sdr_app_loop(run->app), UV_RUN_ONCE);
	}
	sdr_engine_sink_remove(s.engine, &s);
	print_total(&s);
	close_handles(&s);
	sdr_shell_worsen(run, exit_of(&s));
	free(s.over);
}
