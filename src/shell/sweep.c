/* sweep.c - asks each of many targets once, as fast as this host sends: a target is given to the
 * engine when its turn comes and taken back when its answer is in, so that memory is that of the
 * names and of what is under way, however many there are. Of names whose addresses are all asked
 * the targets stay, since one can't be taken back without the others. */
#include <stdlib.h>
#include <uv.h>

#include "shell/shell.h"
#include "shell/stops.h"

#define AHEAD 64 /* targets that the engine has and whose probe has not left yet */

struct sweeping {
	struct shell_run *run;
	const struct sdr_watch *watch;
	struct sdr_engine *engine;
	size_t given;          /* targets of the watch that the engine has got */
	size_t joined;         /* targets beyond these: the other addresses of a name */
	size_t answered, done; /* of all of them; `done` has those that failed, too */
	size_t unknown;        /* names without an address, targets that are none */
	size_t faults;         /* probes that could not leave this host */
	uint32_t *over;        /* [over_count] ids to be taken back; owned */
	size_t over_count, over_capacity;
	bool stopped;
	sdr_ns begun;
	struct shell_stops stops;
};

/* A sink may not remove a target: that is done between two turns of the loop, and soon: this one
 * does not wait for anything more. Without memory for the note the target just stays. */
static void note_over(struct sweeping *s, const struct sdr_target *target)
{
	s->done++;
	uv_stop(sdr_app_loop(s->run->app));
	if (target->family)
		return;
	if (s->over_count == s->over_capacity) {
		size_t n = s->over_capacity ? s->over_capacity * 2 : 512;
		uint32_t *over = realloc(s->over, n * sizeof(*over));
		if (!over)
			return;
		s->over = over;
		s->over_capacity = n;
	}
	s->over[s->over_count++] = target->id;
}

static void print_verdict(
	struct sweeping *s, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &s->run->report;
	char label[SDR_TARGET_LABEL];
	bool alive = result->outcome == SDR_OUTCOME_OK;
	if (report->format != &sdr_report_text && report->format != &sdr_report_fping)
		report->format->probe(report, target, result);
	else
		sdr_out_line(report->out, alive ? SDR_TONE_OK : SDR_TONE_BAD, "%s is %s",
			sdr_target_label(label, target), alive ? "alive" : "unreachable");
}

/* A target that no probe could be made for has its line as well; fping's text has none. */
static void print_failure(struct sweeping *s, const struct sdr_target *target)
{
	struct sdr_report *report = &s->run->report;
	char label[SDR_TARGET_LABEL];
	struct sdr_result result = {.outcome = target->outcome,
		.sequence = 1,
		.rtt = SDR_NS_NONE,
		.when = sdr_clock_wall(),
		.why = target->why && *target->why ? target->why : NULL};
	if (s->watch->quiet || s->run->out->failed || report->format == &sdr_report_fping)
		return;
	if (report->format == &sdr_report_text)
		sdr_out_line(report->out, SDR_TONE_BAD, "%s is %s", sdr_target_label(label, target),
			target->outcome == SDR_OUTCOME_LOCAL ? "unreachable" : "unknown");
	else
		report->format->probe(report, target, &result);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sweeping *s = context;
	char label[SDR_TARGET_LABEL];
	if (result->kind != SDR_RESULT_ANSWER)
		return;
	s->answered += result->outcome == SDR_OUTCOME_OK;
	if (result->outcome == SDR_OUTCOME_LOCAL) {
		s->faults++;
		if (!s->watch->quiet)
			sdr_shell_complain(s->run, "%s: %s", sdr_target_label(label, target),
				result->why ? result->why : "could not be sent from here");
	}
	if (!s->watch->quiet && !s->run->out->failed)
		print_verdict(s, target, result);
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sweeping *s = context;
	char label[SDR_TARGET_LABEL];
	if (event == SDR_TARGET_ADDED) {
		s->joined += target->family && !target->leads;
	} else if (event == SDR_TARGET_FINISHED) {
		note_over(s, target);
	} else if (event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED) {
		s->unknown++;
		sdr_shell_complain(s->run, "%s: %s", sdr_target_label(label, target),
			target->why && *target->why ? target->why : "no address");
		print_failure(s, target);
		note_over(s, target);
	} else if (event == SDR_TARGET_CHANGED && target->starved) {
		sdr_shell_report_starved(s->run, target);
	} else if (event == SDR_TARGET_CHANGED && target->cut) {
		sdr_shell_report_cut(s->run, target);
	}
}

static void on_stop(void *context, bool deadline)
{
	struct sweeping *s = context;
	(void)deadline;
	s->stopped = true;
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

static void print_total(struct sweeping *s)
{
	double seconds = (double)(sdr_clock_now() - s->begun) / 1e9;
	if (!s->watch->quiet && !s->watch->fping)
		sdr_out_line(s->run->err, SDR_TONE_PLAIN, "%zu of %zu alive, %.2f s, %.0f a second",
			s->answered, s->given + s->joined, seconds,
			(double)(s->given + s->joined) / (seconds > 0 ? seconds : 1));
}

/* fping's codes where they were asked for: 2 for names without an address, 4 for what this host
 * refused; else ours. */
static enum sdr_exit exit_of(const struct sweeping *s)
{
	if (s->unknown > 0)
		return SDR_EXIT_FAIL;
	if (s->faults > 0 && !s->watch->fping)
		return SDR_EXIT_FAIL;
	if (s->faults > 0 && s->answered == 0)
		return SDR_EXIT_FPING_SYSTEM;
	return s->answered == s->watch->count + s->joined ? SDR_EXIT_YES : SDR_EXIT_NO;
}

void sdr_sweep_run(struct shell_run *run)
{
	struct sweeping s = {.run = run,
		.watch = &run->request->watch,
		.engine = sdr_app_engine(run->app),
		.begun = sdr_clock_now()};
	struct sdr_sink sink = {&s, on_target, on_result};
	run->report.single = true;
	sdr_engine_set_rate(s.engine, s.watch->rate);
	if (sdr_engine_sink_add(s.engine, &sink) != SDR_OK) {
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
		return;
	}
	s.stops = (struct shell_stops){.context = &s, .on_stop = on_stop};
	sdr_stops_open(&s.stops, sdr_app_loop(run->app), s.watch->deadline);
	while (s.done < s.watch->count + s.joined && !s.stopped && !run->out->failed) {
		feed(&s);
		if (s.done < s.watch->count + s.joined && !s.stopped)
			uv_run(sdr_app_loop(run->app), UV_RUN_ONCE);
	}
	sdr_engine_sink_remove(s.engine, &s);
	print_total(&s);
	sdr_stops_close(&s.stops);
	uv_run(sdr_app_loop(run->app), UV_RUN_NOWAIT);
	sdr_shell_exit_raise(run, exit_of(&s));
	free(s.over);
}
