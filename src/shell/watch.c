/* watch.c - probes targets until all are done, the deadline has come or a signal ends it; then a summary for each, in the order typed. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "shell/shell.h"

#define MISSES_DOWN 3
#define HEADER_DELAY_MS 20 /* a fault of this host's shows within it; then nothing is to be on stdout */

/* A target as it was asked for. */
struct item {
	size_t index;   /* in the request */
	uint32_t id;    /* the engine's */
	bool added;     /* the engine has it */
	bool headed;    /* its header is out */
	bool faulted;   /* a local fault was told on stderr */
	uint8_t misses; /* probes lost in a row */
	bool reached;   /* it is what --until waits for */
	bool over;      /* finished or failed: nothing more comes */
	enum sdr_exit exit;
	struct sdr_tally tally;
};

/* Handles of the watch, closed together. */
enum { ON_INT, ON_TERM, ON_QUIT, SIGNALS };

struct watching {
	struct shell_run *run;
	const struct sdr_watch *watch;
	struct sdr_engine *engine;
	struct item *items; /* [count], in the order of the request's specs */
	uint32_t *item_of;  /* [limit], by the engine's id */
	size_t count;
	uint32_t limit;
	size_t left;    /* targets that are not over */
	bool stopped;   /* by a signal, the deadline or a stdout that went away */
	bool timed_out; /* by the deadline */
	struct shell_body body;
	uv_signal_t signals[SIGNALS];
	uv_timer_t deadline, headers;
	uv_prepare_t before_wait;
};

static const char *name_of(const struct watching *w, const struct item *item)
{
	return w->watch->names ? w->watch->names[item->index] : w->watch->specs[item->index].target;
}

static struct item *item_of(struct watching *w, const struct sdr_target *target)
{
	return target->id < w->limit && w->item_of[target->id] < w->count ? &w->items[w->item_of[target->id]] : NULL;
}

static void print_header(struct watching *w, struct item *item, const struct sdr_target *target)
{
	if (item->headed)
		return;
	item->headed = true;
	if (!w->watch->single || w->run->report.format != &sdr_report_people)
		w->run->report.format->header(&w->run->report, target);
}

static void on_headers(uv_timer_t *timer)
{
	struct watching *w = timer->data;
	for (size_t i = 0; i < w->count; i++) {
		struct item *item = &w->items[i];
		const struct sdr_target *target = item->added ? sdr_engine_find(w->engine, item->id) : NULL;
		if (target && !item->over && !item->faulted && target->phase == SDR_PHASE_RUNNING)
			print_header(w, item, target);
	}
}

static void end_item(struct watching *w, struct item *item)
{
	if (item->over)
		return;
	item->over = true;
	if (--w->left == 0)
		uv_stop(sdr_app_loop(w->run->app)); /* called from a timer, UV_RUN_ONCE would go on to wait */
}

/* Where stdout is for the body, what is said about it goes to stderr. */
static void print_line(struct watching *w, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &w->run->report;
	report->out = w->watch->body && report->format == &sdr_report_people ? w->run->err : w->run->out;
	report->format->probe(report, target, result);
	report->out = w->run->out;
}

/* A failed target is told on stderr, unless the name's absence is itself the answer that was asked for. */
static void on_failed(struct watching *w, struct item *item, const struct sdr_target *target)
{
	item->exit = w->watch->names_must_exist ? SDR_EXIT_FAIL : sdr_outcome_exit(target->outcome);
	const char *why = target->why && *target->why ? target->why : sdr_outcome_sentence(target->outcome);
	if (item->exit == SDR_EXIT_FAIL) {
		sdr_shell_complain(w->run, "%s: %s", name_of(w, item), why);
	} else {
		struct sdr_result result = {.kind = SDR_RESULT_ANSWER,
			.outcome = target->outcome,
			.sequence = 1,
			.rtt = SDR_NS_NONE,
			.when = sdr_clock_wall(),
			.why = why};
		print_line(w, target, &result);
	}
	end_item(w, item);
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct watching *w = context;
	struct item *item = item_of(w, target);
	if (!item || item->over)
		return;
	if (event == SDR_TARGET_FINISHED)
		end_item(w, item);
	else if (target->phase == SDR_PHASE_FAILED)
		on_failed(w, item, target);
	else if (target->phase == SDR_PHASE_RUNNING && !item->headed && !uv_is_active((uv_handle_t *)&w->headers))
		uv_timer_start(&w->headers, on_headers, HEADER_DELAY_MS, 0);
}

/* What could not even be sent is told on stderr, once a target, as long as nothing else came of it. */
static bool is_local_fault(struct watching *w, struct item *item, const struct sdr_result *result)
{
	enum sdr_exit exit = sdr_outcome_exit(result->outcome);
	bool fault = w->watch->single ? exit == SDR_EXIT_FAIL : result->outcome == SDR_OUTCOME_LOCAL && !item->tally.sent;
	if (fault && !item->faulted) {
		item->faulted = true;
		sdr_shell_complain(w->run, "%s: %s", name_of(w, item), result->why ? result->why : sdr_outcome_sentence(result->outcome));
	}
	return fault;
}

static void print_answer(struct watching *w, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &w->run->report;
	bool people = report->format == &sdr_report_people;
	sdr_body_end(&w->body);
	if (w->watch->print && result->detail && w->watch->single && people) {
		w->watch->print(w->run->out, w->run->call, sdr_sheet_view(result->detail));
		return;
	}
	print_line(w, target, result);
}

/* Down is three losses in a row, as the dashboard has it; up is an answer. */
static void note_until(struct watching *w, struct item *item, const struct sdr_result *result)
{
	bool up = result->outcome == SDR_OUTCOME_OK;
	if (result->kind != SDR_RESULT_ANSWER || w->watch->until == SDR_UNTIL_STOPPED)
		return;
	item->misses = up ? 0 : (uint8_t)(item->misses + (item->misses < MISSES_DOWN));
	item->reached = w->watch->until == SDR_UNTIL_UP ? up : item->misses == MISSES_DOWN;
}

static void on_result(void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct watching *w = context;
	struct item *item = item_of(w, target);
	if (!item || item->over || result->kind == SDR_RESULT_FOREIGN)
		return;
	sdr_tally_add(&item->tally, result);
	bool fault = is_local_fault(w, item, result);
	note_until(w, item, result);
	if (w->watch->single && sdr_outcome_exit(result->outcome) > item->exit)
		item->exit = sdr_outcome_exit(result->outcome);
	if (fault || w->run->out->failed) {
		if (item->reached)
			end_item(w, item);
		return;
	}
	print_header(w, item, target);
	if (!w->watch->quiet)
		print_answer(w, target, result);
	else if (w->run->report.format->note)
		w->run->report.format->note(&w->run->report, target, result);
	if (item->reached)
		end_item(w, item);
}

/* ---- handles ---- */

static void on_deadline(uv_timer_t *timer)
{
	struct watching *w = timer->data;
	w->stopped = w->timed_out = true;
	uv_stop(timer->loop);
}

static void on_end_signal(uv_signal_t *handle, int number)
{
	struct watching *w = handle->data;
	(void)number;
	w->stopped = true;
	uv_stop(handle->loop);
}

/* What was sent includes what is still on its way. */
static void item_totals(const struct watching *w, const struct item *item, struct sdr_totals *totals)
{
	const struct sdr_target *target = sdr_engine_find(w->engine, item->id);
	bool people = w->run->report.format == &sdr_report_people;
	sdr_tally_totals(&item->tally, people, item->over && item->tally.last ? item->tally.last : sdr_clock_now(), totals);
	if (target && target->begun > item->tally.sent + item->tally.local)
		totals->sent = target->begun - item->tally.local;
}

static void on_status_signal(uv_signal_t *handle, int number)
{
	struct watching *w = handle->data;
	(void)number;
	for (size_t i = 0; i < w->count; i++) {
		const struct item *item = &w->items[i];
		const struct sdr_target *target = item->added ? sdr_engine_find(w->engine, item->id) : NULL;
		struct sdr_totals totals;
		if (!target)
			continue;
		item_totals(w, item, &totals);
		if (target->spec->type->text.status)
			target->spec->type->text.status(w->run->err, target, &totals);
		else
			sdr_out_line(w->run->err, SDR_TONE_PLAIN, "%s: %llu/%llu answered", name_of(w, item),
				(unsigned long long)totals.received, (unsigned long long)totals.sent);
	}
}

/* Lines go out as they come, but those of one turn of the loop together: thousands of targets make thousands a second. */
static void on_before_wait(uv_prepare_t *prepare)
{
	struct watching *w = prepare->data;
	sdr_out_hold(w->run->out, false);
	sdr_out_hold(w->run->out, true);
}

static void open_handles(struct watching *w)
{
	static const int numbers[SIGNALS] = {[ON_INT] = SIGINT, [ON_TERM] = SIGTERM, [ON_QUIT] = SIGQUIT};
	uv_loop_t *loop = sdr_app_loop(w->run->app);
	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(loop, &w->signals[i]);
		w->signals[i].data = w;
		uv_signal_start(&w->signals[i], i == ON_QUIT ? on_status_signal : on_end_signal, numbers[i]);
	}
	uv_prepare_init(loop, &w->before_wait);
	w->before_wait.data = w;
	uv_prepare_start(&w->before_wait, on_before_wait);
	uv_timer_init(loop, &w->headers);
	w->headers.data = w;
	uv_timer_init(loop, &w->deadline);
	w->deadline.data = w;
	if (w->watch->deadline)
		uv_timer_start(&w->deadline, on_deadline, (uint64_t)(w->watch->deadline / SDR_MS), 0);
}

static void close_handles(struct watching *w)
{
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&w->signals[i], NULL);
	uv_close((uv_handle_t *)&w->before_wait, NULL);
	uv_close((uv_handle_t *)&w->headers, NULL);
	uv_close((uv_handle_t *)&w->deadline, NULL);
	uv_run(sdr_app_loop(w->run->app), UV_RUN_NOWAIT);
}

/* ---- from start to end ---- */

/* Has bodies written as they come. */
static void route_bodies(struct watching *w)
{
	w->body.out = w->run->out;
	for (size_t i = 0; w->watch->body && !w->watch->names && w->run->report.format == &sdr_report_people && i < w->count; i++) {
		w->watch->specs[i].http.on_body = sdr_body_put;
		w->watch->specs[i].http.on_body_context = &w->body;
	}
}

static void add_targets(struct watching *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct item *item = &w->items[i];
		struct sdr_error error = {0};
		struct sdr_spec spec;
		item->index = i;
		sdr_watch_spec(w->watch, i, &spec);
		item->added = sdr_engine_add(w->engine, &spec, &item->id, &error) == SDR_OK;
		if (item->added) {
			w->left++;
			continue;
		}
		item->over = true;
		item->exit = SDR_EXIT_FAIL;
		sdr_shell_complain(w->run, "%s", error.text);
	}
}

static bool index_targets(struct watching *w)
{
	w->limit = sdr_engine_limit(w->engine);
	w->item_of = malloc((w->limit + 1) * sizeof *w->item_of);
	if (!w->item_of)
		return false;
	for (uint32_t id = 0; id < w->limit; id++)
		w->item_of[id] = UINT32_MAX;
	for (size_t i = 0; i < w->count; i++)
		if (w->items[i].added)
			w->item_of[w->items[i].id] = (uint32_t)i;
	return true;
}

static void print_summaries(struct watching *w)
{
	for (size_t i = 0; i < w->count && !w->run->out->failed; i++) {
		struct item *item = &w->items[i];
		const struct sdr_target *target = item->added ? sdr_engine_find(w->engine, item->id) : NULL;
		struct sdr_totals totals;
		bool unresolved = target && target->phase == SDR_PHASE_FAILED;
		bool nothing = w->watch->fping ? unresolved : item->exit == SDR_EXIT_FAIL || (item->faulted && !item->tally.sent);
		if (!target || nothing)
			continue;
		item_totals(w, item, &totals);
		print_header(w, item, target);
		w->run->report.format->summary(&w->run->report, target, &totals);
	}
}

/* As iputils: no reply at all is 1, and so is having fewer than asked for when the deadline came. */
static enum sdr_exit exit_of(const struct watching *w, const struct item *item)
{
	if (w->watch->single || item->exit != SDR_EXIT_YES)
		return item->exit != SDR_EXIT_YES || item->tally.received ? item->exit : SDR_EXIT_NO;
	if (!item->tally.sent && item->tally.errors)
		return w->watch->fping ? SDR_EXIT_NO : SDR_EXIT_FAIL;
	if (w->watch->until != SDR_UNTIL_STOPPED)
		return item->reached ? SDR_EXIT_YES : SDR_EXIT_NO;
	uint64_t known = item->tally.received + item->tally.lost;
	if (w->watch->has_loss_max)
		return known && 100.0 * (double)item->tally.lost <= w->watch->loss_max * (double)known ? SDR_EXIT_YES : SDR_EXIT_NO;
	bool short_of = w->timed_out && w->watch->specs[w->watch->names ? 0 : item->index].count &&
		item->tally.received < w->watch->specs[w->watch->names ? 0 : item->index].count;
	return item->tally.received && !short_of ? SDR_EXIT_YES : SDR_EXIT_NO;
}

static void watch_until_done(struct watching *w)
{
	while (w->left && !w->stopped && !w->run->out->failed)
		uv_run(sdr_app_loop(w->run->app), UV_RUN_ONCE);
	/* What comes while handles are closed comes too late: a summary is the last of its target. */
	sdr_engine_sink_remove(w->engine, w);
	if (!w->watch->single)
		print_summaries(w);
	for (size_t i = 0; i < w->count; i++)
		sdr_shell_worsen(w->run, exit_of(w, &w->items[i]));
}

void sdr_watch_run(struct shell_run *run)
{
	struct watching w = {.run = run, .watch = &run->request->watch, .engine = sdr_app_engine(run->app)};
	struct sdr_sink sink = {&w, on_target, on_result};
	w.count = w.watch->count;
	w.items = calloc(w.count + 1, sizeof *w.items);
	run->report.stamps = w.watch->stamps;
	run->report.single = w.watch->single;
	run->report.all_times = w.watch->fping_all;
	for (size_t i = 0; w.watch->fping && w.watch->names && i < w.count; i++)
		if (strlen(w.watch->names[i]) > run->report.width)
			run->report.width = strlen(w.watch->names[i]);
	if (w.watch->rate)
		sdr_engine_set_rate(w.engine, w.watch->rate);
	if (!w.items || sdr_engine_sink_add(w.engine, &sink) != SDR_OK) {
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
		free(w.items);
		return;
	}
	route_bodies(&w);
	add_targets(&w);
	if (index_targets(&w)) {
		open_handles(&w);
		watch_until_done(&w);
		sdr_out_hold(run->out, false);
		close_handles(&w);
	} else {
		sdr_engine_sink_remove(w.engine, &w);
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
	}
	/* A body may still be coming in, and its way to stdout ends with `w`. */
	for (size_t i = 0; i < w.count && w.watch->body; i++)
		if (w.items[i].added)
			sdr_engine_remove(w.engine, w.items[i].id);
	free(w.item_of);
	free(w.items);
}
