/* watch.c - probes targets until all are done, the deadline has come or a signal ends it; then a summary for each, in the order typed. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "shell/shell.h"
#include "shell/stops.h"

#define MISSES_DOWN 3
#define HEADER_DELAY_MS 20 /* a fault of this host's shows within it; then nothing is to be on stdout */

/* A target that the engine removed, for its summary. */
struct gone {
	struct sdr_target face;
	struct sdr_spec spec;     /* the face's */
	char name[SDR_HOST_TEXT]; /* likewise */
};

/* A target as it was asked for, or one more address of its name. */
struct item {
	size_t index;      /* in the request */
	size_t next;       /* item that is the name's next address; 0: none */
	uint32_t family;   /* the engine's number; 0: none */
	struct gone *gone; /* owned; NULL while the engine has it */
	uint32_t id;       /* the engine's */
	bool added;        /* the engine has it */
	bool headed;       /* its header is out */
	bool told_cut;     /* that its name has too many addresses, too */
	bool told_missing; /* that one family's addresses could not be had */
	bool faulted;      /* a local fault was told on stderr */
	uint8_t misses;    /* probes lost in a row */
	bool reached;      /* it is what --until waits for */
	bool over;         /* finished or failed: nothing more comes */
	enum sdr_exit exit;
	struct sdr_tally tally;
};

struct watching {
	struct shell_run *run;
	const struct sdr_watch *watch;
	struct sdr_engine *engine;
	struct item *items; /* [count]: one for each of the request's specs in their order, then what joined them */
	uint32_t *item_of;  /* [limit], by the engine's id */
	size_t count, capacity;
	uint32_t limit;
	size_t left;    /* targets that are not over */
	bool stopped;   /* by a signal, the deadline or a stdout that went away */
	bool timed_out; /* by the deadline */
	struct shell_body body;
	struct shell_stops stops;
	uv_timer_t headers;
	uv_prepare_t before_wait;
};

static struct item *item_of(struct watching *w, const struct sdr_target *target)
{
	return target->id < w->limit && w->item_of[target->id] < w->count ? &w->items[w->item_of[target->id]] : NULL;
}

static const struct sdr_target *target_of(const struct watching *w, const struct item *item)
{
	return item->gone ? &item->gone->face : item->added ? sdr_engine_find(w->engine, item->id) : NULL;
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
		const struct sdr_target *target = target_of(w, item);
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
	report->row = w->item_of[target->id];
	report->format->probe(report, target, result);
	report->out = w->run->out;
}

/* A failed target is told on stderr, unless the name's absence is itself the answer that was asked for. */
static void on_failed(struct watching *w, struct item *item, const struct sdr_target *target)
{
	item->exit = w->watch->names_must_exist ? SDR_EXIT_FAIL : sdr_outcome_exit(target->outcome);
	const char *why = target->why && *target->why ? target->why : sdr_outcome_sentence(target->outcome);
	char label[SDR_TARGET_LABEL];
	if (item->exit == SDR_EXIT_FAIL) {
		sdr_shell_complain(w->run, "%s: %s", sdr_target_label(label, target), why);
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

/* ---- the addresses of names, as they come and go ---- */

/* Notes which item the engine's id is of. */
static bool map_id(struct watching *w, uint32_t id, uint32_t item)
{
	if (id >= w->limit) {
		uint32_t limit = id + id / 2 + 16;
		uint32_t *item_of = realloc(w->item_of, limit * sizeof *item_of);
		if (!item_of)
			return false;
		memset(item_of + w->limit, 0xff, (limit - w->limit) * sizeof *item_of);
		w->item_of = item_of;
		w->limit = limit;
	}
	w->item_of[id] = item;
	return true;
}

static bool make_room(struct watching *w)
{
	if (w->count < w->capacity)
		return true;
	size_t capacity = w->capacity * 2;
	struct item *items = realloc(w->items, capacity * sizeof *items);
	if (!items)
		return false;
	w->items = items;
	w->capacity = capacity;
	return true;
}

/* Adds an item behind those of the same name. */
static void add_item(struct watching *w, const struct sdr_target *target)
{
	uint32_t family = sdr_engine_family(w->engine, target->id);
	size_t at = 0;
	while (at < w->watch->count && w->items[at].family != family)
		at++;
	if (at == w->watch->count)
		return;
	if (!make_room(w) || !map_id(w, target->id, (uint32_t)w->count)) {
		sdr_shell_complain(w->run, "%s: %s", target->typed, sdr_status_text(SDR_ENOMEM));
		return;
	}
	w->items[w->count] = (struct item){.index = w->items[at].index, .family = family, .id = target->id, .added = true};
	while (w->items[at].next)
		at = w->items[at].next;
	w->items[at].next = w->count++;
	w->left++;
}

/* What is needed for its summary is kept. */
static void on_removed(struct watching *w, struct item *item, const struct sdr_target *target)
{
	struct gone *gone = malloc(sizeof *gone);
	w->item_of[target->id] = UINT32_MAX;
	item->added = false;
	end_item(w, item);
	if (!gone)
		return;
	gone->face = *target;
	sdr_watch_spec(w->watch, item->index, &gone->spec);
	snprintf(gone->name, sizeof gone->name, "%s", target->name);
	gone->face.spec = &gone->spec;
	gone->face.typed = gone->spec.target;
	gone->face.host = gone->spec.host;
	gone->face.name = gone->name;
	gone->face.why = "";
	item->gone = gone;
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
	if (event == SDR_TARGET_ADDED && target->family && !item_of(w, target))
		add_item(w, target);
	struct item *item = item_of(w, target);
	if (item && event == SDR_TARGET_REMOVED)
		on_removed(w, item, target);
	if (!item || item->over)
		return;
	note_width(w, target);
	if (target->cut && event == SDR_TARGET_CHANGED && !item->told_cut) {
		item->told_cut = true;
		sdr_shell_tell_cut(w->run, target);
	}
	item->told_missing = sdr_shell_tell_missing(w->run, target, item->told_missing);
	if (event == SDR_TARGET_FINISHED)
		end_item(w, item);
	else if (target->phase == SDR_PHASE_FAILED)
		on_failed(w, item, target);
	else if (target->phase == SDR_PHASE_RUNNING && !item->headed && !uv_is_active((uv_handle_t *)&w->headers))
		uv_timer_start(&w->headers, on_headers, HEADER_DELAY_MS, 0);
}

/* What could not even be sent is told on stderr, once a target, as long as nothing else came of it. */
static bool is_local_fault(struct watching *w, struct item *item, const struct sdr_target *target, const struct sdr_result *result)
{
	enum sdr_exit exit = sdr_outcome_exit(result->outcome);
	char label[SDR_TARGET_LABEL];
	bool fault = w->watch->single ? exit == SDR_EXIT_FAIL : result->outcome == SDR_OUTCOME_LOCAL && !item->tally.sent;
	if (fault && !item->faulted) {
		item->faulted = true;
		sdr_shell_complain(w->run, "%s: %s", sdr_target_label(label, target),
			result->why ? result->why : sdr_outcome_sentence(result->outcome));
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
	bool fault = is_local_fault(w, item, target, result);
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

/* What was sent includes what is still on its way. */
static void item_totals(const struct watching *w, const struct item *item, struct sdr_totals *totals)
{
	const struct sdr_target *target = target_of(w, item);
	bool people = w->run->report.format == &sdr_report_people;
	sdr_tally_totals(&item->tally, people, item->over && item->tally.last ? item->tally.last : sdr_clock_now(), totals);
	if (target && target->begun > item->tally.sent + item->tally.local)
		totals->sent = target->begun - item->tally.local;
}

static void on_status(void *context)
{
	struct watching *w = context;
	for (size_t i = 0; i < w->count; i++) {
		const struct item *item = &w->items[i];
		const struct sdr_target *target = target_of(w, item);
		char label[SDR_TARGET_LABEL];
		struct sdr_totals totals;
		if (!target)
			continue;
		item_totals(w, item, &totals);
		if (target->spec->type->text.status)
			target->spec->type->text.status(w->run->err, target, &totals);
		else
			sdr_out_line(w->run->err, SDR_TONE_PLAIN, "%s: %llu/%llu answered", sdr_target_label(label, target),
				(unsigned long long)totals.received, (unsigned long long)totals.sent);
	}
}

/* Lines go out as they come, but those of one turn of the loop together: thousands of targets make thousands a second. */
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
			item->family = sdr_engine_family(w->engine, item->id);
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
	for (size_t i = 0; i < w->count; i++)
		if (w->items[i].added && !map_id(w, w->items[i].id, (uint32_t)i))
			return false;
	return true;
}

static void print_summary(struct watching *w, size_t number)
{
	struct item *item = &w->items[number];
	const struct sdr_target *target = target_of(w, item);
	struct sdr_totals totals;
	bool unresolved = target && target->phase == SDR_PHASE_FAILED;
	bool nothing = w->watch->fping ? unresolved : item->exit == SDR_EXIT_FAIL || (item->faulted && !item->tally.sent);
	if (!target || nothing)
		return;
	item_totals(w, item, &totals);
	print_header(w, item, target);
	w->run->report.row = (uint32_t)number;
	w->run->report.format->summary(&w->run->report, target, &totals);
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
	sdr_out_hold(w->run->out, false); /* before summaries that go to stderr */
	sdr_out_hold(w->run->out, true);
	if (!w->watch->single)
		print_summaries(w);
	sdr_out_hold(w->run->out, false);
	for (size_t i = 0; i < w->count; i++)
		sdr_shell_worsen(w->run, exit_of(w, &w->items[i]));
}

void sdr_watch_run(struct shell_run *run)
{
	struct watching w = {.run = run, .watch = &run->request->watch, .engine = sdr_app_engine(run->app)};
	struct sdr_sink sink = {&w, on_target, on_result};
	w.count = w.watch->count;
	w.capacity = w.count + 1;
	w.items = calloc(w.capacity, sizeof *w.items);
	run->report.stamps = w.watch->stamps;
	run->report.single = w.watch->single;
	run->report.all_times = w.watch->fping_all;
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
	for (size_t i = 0; i < w.count; i++)
		free(w.items[i].gone);
	free(w.item_of);
	free(w.items);
}
