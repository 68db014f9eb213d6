/* watch.c - probes targets until all are done, the deadline has come or a signal ends it; then a
 * summary for each, in the order typed. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "shell/watch_record.h"

#define HEADER_DELAY_MS 20 /* the header of a target that has not answered by then */

static void print_header(struct watching *w, struct item *item, const struct sdr_target *target)
{
	if (item->headed)
		return;
	item->headed = true;
	if (!w->watch->single || w->run->report.format != &sdr_report_text)
		w->run->report.format->header(&w->run->report, target);
}

static void on_headers(uv_timer_t *timer)
{
	struct watching *w = timer->data;
	for (size_t i = 0; i < w->count; i++) {
		struct item *item = &w->items[i];
		const struct sdr_target *target = sdr_watch_target(w, item);
		if (target && !item->over && target->phase == SDR_PHASE_RUNNING)
			print_header(w, item, target);
	}
}

static void end_item(struct watching *w, struct item *item)
{
	if (item->over)
		return;
	item->over = true;
	if (--w->left == 0)
		uv_stop(sdr_app_loop(
			w->run->app)); /* called from a timer, UV_RUN_ONCE would go on to wait */
}

/* If stdout is for the body, the lines about it go to stderr. */
static void print_line(
	struct watching *w, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &w->run->report;
	report->out =
		w->watch->body && report->format == &sdr_report_text ? w->run->err : w->run->out;
	report->row = w->item_of[target->id];
	report->format->probe(report, target, result);
	report->out = w->run->out;
}

/* The line of a target without an answer. `sequence` 0: without a probe. */
static void print_failure(struct watching *w, const struct sdr_target *target,
	enum sdr_outcome outcome, uint64_t sequence, const char *why)
{
	struct sdr_result result = {.outcome = outcome,
		.sequence = sequence,
		.rtt = SDR_NS_NONE,
		.when = sdr_clock_wall(),
		.why = why};
	print_line(w, target, &result);
}

/* Whoever waits for a host to come up waits for its name, too: the engine asks again. */
static bool is_waited_for(const struct watching *w, const struct sdr_target *target)
{
	return w->watch->until == SDR_UNTIL_UP && target->spec->count == 0 &&
		!sdr_watch_refused(target);
}

/* A failed target is reported on stderr, unless the name's absence is itself the requested answer;
 * and at its place on stdout. It has no probe: only if it was to be asked once, that one question
 * counts. */
static void on_failed(struct watching *w, struct item *item, const struct sdr_target *target)
{
	item->exit = w->watch->names_must_exist ? SDR_EXIT_FAIL : sdr_outcome_exit(target->outcome);
	const char *why =
		target->why && *target->why ? target->why : sdr_outcome_sentence(target->outcome);
	char label[SDR_TARGET_LABEL];
	bool again = item->waits;
	item->waits = is_waited_for(w, target);
	if (item->exit == SDR_EXIT_FAIL && !again)
		sdr_shell_complain(w->run, "%s: %s%s", sdr_target_label(label, target), why,
			item->waits ? "; it is asked for again" : "");
	if (item->exit != SDR_EXIT_FAIL || (!again && sdr_watch_shows_failure(w->run, target)))
		print_failure(w, target, target->outcome, w->watch->single ? 1 : 0, why);
	if (!item->waits)
		end_item(w, item);
}

/* The name that was waited for has an address now. */
static void on_found(struct item *item)
{
	item->waits = false;
	item->exit = SDR_EXIT_YES;
}

/* ---- the addresses of names, as they come and go ---- */

static void on_removed(struct watching *w, struct item *item, const struct sdr_target *target)
{
	end_item(w, item);
	sdr_watch_item_keep(w, item, target);
	sdr_watch_record_keep(w, item, target->id);
}

/* fping's columns are as wide as its longest target. */
static void note_width(struct watching *w, const struct sdr_target *target)
{
	char label[SDR_TARGET_LABEL];
	if (!w->watch->fping)
		return;
	size_t width = strlen(sdr_target_label(label, target));
	if (width > w->run->report.width)
		w->run->report.width = width;
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct watching *w = context;
	if (event == SDR_TARGET_ADDED && target->in_group && !sdr_watch_item(w, target))
		sdr_watch_item_add(w, target);
	struct item *item = sdr_watch_item(w, target);
	if (item && event == SDR_TARGET_REMOVED)
		on_removed(w, item, target);
	if (!item || item->over)
		return;
	note_width(w, target);
	if (target->cut && event == SDR_TARGET_CHANGED && !item->reported_cut) {
		item->reported_cut = true;
		sdr_shell_report_cut(w->run, target);
	}
	if (target->starved && event == SDR_TARGET_CHANGED && !item->reported_starved) {
		item->reported_starved = true;
		sdr_shell_report_starved(w->run, target);
	}
	item->reported_missing = sdr_shell_report_missing(w->run, target, item->reported_missing);
	if (event == SDR_TARGET_FINISHED)
		end_item(w, item);
	else if (target->phase == SDR_PHASE_FAILED)
		on_failed(w, item, target);
	else if (target->phase == SDR_PHASE_RUNNING && item->waits)
		on_found(item);
	else if (target->phase == SDR_PHASE_RUNNING && !item->headed &&
		!uv_is_active((uv_handle_t *)&w->headers))
		uv_timer_start(&w->headers, on_headers, HEADER_DELAY_MS, 0);
}

/* What could not even be sent is reported on stderr, too, once per target. */
static void report_local_fault(struct watching *w, struct item *item,
	const struct sdr_target *target, const struct sdr_result *result)
{
	enum sdr_exit exit = sdr_outcome_exit(result->outcome);
	char label[SDR_TARGET_LABEL];
	bool fault =
		w->watch->single ? exit == SDR_EXIT_FAIL : result->outcome == SDR_OUTCOME_LOCAL;
	if (!fault || item->faulted)
		return;
	item->faulted = true;
	sdr_shell_complain(w->run, "%s: %s", sdr_target_label(label, target),
		result->why ? result->why : sdr_outcome_sentence(result->outcome));
}

static void print_answer(struct watching *w, const struct item *item,
	const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &w->run->report;
	bool as_text = report->format == &sdr_report_text;
	sdr_body_end(&w->body);
	if (as_text && w->watch->single && item->faulted)
		return; /* stderr has it */
	if (w->watch->print && result->detail && w->watch->single && as_text) {
		w->watch->print(w->run->out, w->run->call, sdr_sheet_view(result->detail));
		return;
	}
	print_line(w, target, result);
}

/* The dashboard's own states, by the same limits; none is slow here. */
static void note_until(struct watching *w, struct item *item, const struct sdr_result *result)
{
	const struct sdr_limits limits = {.losses = w->watch->losses, .replies = w->watch->replies};
	enum sdr_evidence evidence = sdr_state_evidence(result->outcome);
	bool answer = result->kind == SDR_RESULT_ANSWER || result->kind == SDR_RESULT_AMENDED;
	if (!answer || w->watch->until == SDR_UNTIL_STOPPED ||
		!sdr_state_counts(&item->answered, evidence, result->sequence))
		return;
	(void)sdr_state_take(&item->health, &limits, evidence, result->rtt);
	item->reached = item->health.state ==
		(w->watch->until == SDR_UNTIL_UP ? SDR_STATE_UP : SDR_STATE_DOWN);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct watching *w = context;
	struct item *item = sdr_watch_item(w, target);
	if (!item || item->over || result->kind == SDR_RESULT_FOREIGN)
		return;
	sdr_tally_add(&item->tally, result);
	report_local_fault(w, item, target, result);
	note_until(w, item, result);
	if (w->watch->single && sdr_outcome_exit(result->outcome) > item->exit)
		item->exit = sdr_outcome_exit(result->outcome);
	if (w->run->out->failed) {
		if (item->reached)
			end_item(w, item);
		return;
	}
	print_header(w, item, target);
	if (!w->watch->quiet)
		print_answer(w, item, target, result);
	else if (w->run->report.format->note) {
		w->run->report.row = w->item_of[target->id];
		w->run->report.format->note(&w->run->report, target, result);
	}
	if (item->reached)
		end_item(w, item);
}

/* ---- handles ---- */

static void on_stop(void *context, bool deadline)
{
	struct watching *w = context;
	w->stopped = true;
	w->timed_out = w->timed_out || deadline;
}

static void item_totals(
	const struct watching *w, const struct item *item, struct sdr_totals *totals)
{
	const struct sdr_target *target = sdr_watch_target(w, item);
	bool as_text = w->run->report.format == &sdr_report_text;
	sdr_tally_totals(&item->tally, target ? target->begun : 0, as_text,
		item->over && item->tally.last ? item->tally.last : sdr_clock_now(), totals);
}

static void on_status(void *context)
{
	struct watching *w = context;
	for (size_t i = 0; i < w->count; i++) {
		const struct item *item = &w->items[i];
		const struct sdr_target *target = sdr_watch_target(w, item);
		char label[SDR_TARGET_LABEL];
		struct sdr_totals totals;
		if (!target)
			continue;
		item_totals(w, item, &totals);
		if (target->spec->type->text.status)
			target->spec->type->text.status(w->run->err, target, &totals);
		else
			sdr_out_line(w->run->err, SDR_TONE_PLAIN, "%s: %llu/%llu answered",
				sdr_target_label(label, target),
				(unsigned long long)totals.received,
				(unsigned long long)totals.transmitted);
	}
}

/* Lines go out as they come, but those of one loop iteration together: thousands of targets make
 * thousands a second. */
static void on_before_wait(uv_prepare_t *prepare)
{
	struct watching *w = prepare->data;
	sdr_out_hold(w->run->out, false);
	sdr_out_hold(w->run->out, true);
	if (w->run->out->failed)
		uv_stop(prepare->loop);
}

static void open_handles(struct watching *w)
{
	uv_loop_t *loop = sdr_app_loop(w->run->app);
	w->stops = (struct shell_stops){.context = w, .on_stop = on_stop, .on_status = on_status};
	sdr_stops_open(&w->stops, loop, w->watch->deadline);
	uv_prepare_init(loop, &w->before_wait);
	w->before_wait.data = w;
	uv_prepare_start(&w->before_wait, on_before_wait);
	uv_timer_init(loop, &w->headers);
	w->headers.data = w;
}

static void close_handles(struct watching *w)
{
	sdr_stops_close(&w->stops);
	uv_close((uv_handle_t *)&w->before_wait, NULL);
	uv_close((uv_handle_t *)&w->headers, NULL);
	uv_run(sdr_app_loop(w->run->app), UV_RUN_NOWAIT);
}

/* ---- from start to end ---- */

/* Has bodies written as they come. */
static void route_bodies(struct watching *w)
{
	w->body.out = w->run->out;
	for (size_t i = 0; w->watch->body && !w->watch->names &&
		w->run->report.format == &sdr_report_text && i < w->count;
		i++) {
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
			item->group = sdr_engine_address_group(w->engine, item->id);
			w->left++;
			continue;
		}
		item->over = true;
		item->exit = SDR_EXIT_FAIL;
		sdr_shell_complain(w->run, "%s", error.text);
	}
}

static void print_summary(struct watching *w, size_t number)
{
	struct item *item = &w->items[number];
	const struct sdr_target *target = sdr_watch_target(w, item);
	struct sdr_totals totals;
	struct sdr_report_record room;
	if (!target || sdr_watch_refused(target))
		return;
	item_totals(w, item, &totals);
	if (target->addr.version || !target->spec->type->by_address)
		print_header(w, item, target);
	w->run->report.row = (uint32_t)number;
	w->run->report.format->summary(
		&w->run->report, target, &totals, sdr_watch_record_of(w, item, &room));
}

/* In the order typed, the addresses of a name in that of their coming. */
static void print_summaries(struct watching *w)
{
	for (size_t i = 0; i < w->watch->count; i++) {
		size_t at = i;
		do {
			if (!w->run->out->failed)
				print_summary(w, at);
			at = w->items[at].next;
		} while (at);
	}
}

static enum sdr_exit exit_of(const struct watching *w, const struct item *item)
{
	if (w->watch->single || item->exit != SDR_EXIT_YES)
		return item->exit != SDR_EXIT_YES || item->tally.received ? item->exit
									  : SDR_EXIT_NO;
	uint64_t wanted = w->watch->specs[w->watch->names ? 0 : item->index].count;
	return sdr_watch_exit(w->watch, &item->tally, item->reached, w->timed_out ? wanted : 0);
}

/* What was asked once and had no answer when the deadline came has its line too. */
static void print_unanswered(struct watching *w)
{
	for (size_t i = 0; i < w->count && w->timed_out && !w->run->out->failed; i++) {
		const struct sdr_target *target = sdr_watch_target(w, &w->items[i]);
		if (!w->items[i].over && target)
			print_failure(w, target, SDR_OUTCOME_TIMEOUT, 1,
				target->begun ? "no answer before the deadline"
					      : "its name was not looked up before the deadline");
	}
}

static void watch_until_done(struct watching *w)
{
	while (w->left && !w->stopped && !w->run->out->failed)
		uv_run(sdr_app_loop(w->run->app), UV_RUN_ONCE);
	/* What comes while handles are closed comes too late: a summary is the last of its
	 * target. */
	sdr_engine_sink_remove(w->engine, w);
	sdr_out_hold(w->run->out, false); /* before summaries that go to stderr */
	sdr_out_hold(w->run->out, true);
	if (w->watch->single)
		print_unanswered(w);
	else
		print_summaries(w);
	sdr_out_hold(w->run->out, false);
	for (size_t i = 0; i < w->count; i++)
		sdr_shell_exit_raise(w->run, exit_of(w, &w->items[i]));
}

void sdr_watch_run(struct shell_run *run)
{
	struct watching w = {
		.run = run, .watch = &run->request->watch, .engine = sdr_app_engine(run->app)};
	struct sdr_sink sink = {&w, on_target, on_result};
	w.count = w.watch->count;
	w.capacity = w.count + 1;
	w.items = calloc(w.capacity, sizeof(*w.items));
	run->report.stamps = w.watch->stamps;
	run->report.single = w.watch->single;
	run->report.all_times = w.watch->fping_all;
	if (w.watch->rate)
		sdr_engine_set_rate(w.engine, w.watch->rate);
	if (!w.items || sdr_engine_sink_add(w.engine, &sink) != SDR_OK ||
		sdr_watch_record_open(&w) != SDR_OK) {
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
		free(w.items);
		return;
	}
	route_bodies(&w);
	add_targets(&w);
	if (sdr_watch_items_index(&w)) {
		open_handles(&w);
		watch_until_done(&w);
		close_handles(&w);
	} else {
		sdr_engine_sink_remove(w.engine, &w);
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
	}
	for (size_t i = 0; i < w.count; i++) {
		if (w.watch->body && w.items[i].added) /* it may still be coming in, and its output
							  ends with `w` */
			sdr_engine_remove(w.engine, w.items[i].id);
		free(w.items[i].gone ? w.items[i].gone->record : NULL);
		free(w.items[i].gone);
	}
	free(w.item_of);
	free(w.items);
}
