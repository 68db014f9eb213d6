/* watch.c - probes targets until all are done, the deadline has come or it is stopped; then a
 * summary for each, in the order asked for. */
#include "job/watch.h"

#include "job/watch_exit.h"
#include "job/watch_items.h"

struct watch {
	struct sdr_job job; /* first */
	struct watch_items items;
	size_t left; /* targets that are not over */
	bool begun;
};

static const struct sdr_watch *asked(const struct watch *w)
{
	return &w->job.request->watch;
}

static void count_item(struct watch *w, struct item *item)
{
	w->job.progress.done += !item->counted;
	item->counted = true;
}

static void end_item(struct watch *w, struct item *item)
{
	if (item->over)
		return;
	item->over = true;
	count_item(w, item);
	if (--w->left == 0)
		sdr_procedure_end(&w->job);
}

/* ---- targets ---- */

/* Whoever waits for a host to come up waits for its name, too: the engine asks again. */
static bool is_waited_for(const struct watch *w, const struct sdr_target *target)
{
	return asked(w)->until == SDR_UNTIL_UP && target->spec->count == 0 &&
		!sdr_watch_refused(target);
}

/* A failed target is complained about, unless the name's absence is itself the answer that was
 * asked for. */
static void note_failure(struct watch *w, struct item *item, const struct sdr_target *target)
{
	const char *why =
		target->why && *target->why ? target->why : sdr_outcome_sentence(target->outcome);
	char label[SDR_TARGET_LABEL];
	bool again = item->waits;
	item->exit = sdr_watch_failure(asked(w), target);
	item->waits = is_waited_for(w, target);
	if (item->exit == SDR_EXIT_FAIL && !again)
		sdr_procedure_complain(&w->job, "%s: %s%s", sdr_target_label(label, target), why,
			item->waits ? "; it is asked for again" : "");
	if (!item->waits)
		end_item(w, item);
}

/* The name that was waited for has an address now. */
static void note_found(struct item *item)
{
	item->waits = false;
	item->exit = SDR_EXIT_YES;
}

/* An address that its name has as well, or got just now. */
static struct item *join(struct watch *w, const struct sdr_target *target)
{
	enum sdr_status status;
	struct item *item = sdr_watch_item_add(&w->items, target, &status);
	if (status != SDR_OK)
		sdr_procedure_complain(&w->job, "%s: %s", target->typed, sdr_status_text(status));
	w->left += item ? 1 : 0;
	w->job.progress.total += item ? 1 : 0;
	return item;
}

static bool note_event(
	struct sdr_job *job, const struct sdr_target *target, enum sdr_target_event event)
{
	struct watch *w = (struct watch *)job;
	struct item *item = sdr_watch_item(&w->items, target);
	if (event == SDR_TARGET_ADDED && sdr_target_set(target) && !item)
		item = join(w, target);
	if (item && event == SDR_TARGET_REMOVED) {
		end_item(w, item);
		item->added = false; /* its id may be another's; the summary has what is held */
		return true;
	}
	if (!item || item->over)
		return false;
	sdr_procedure_note_name(job, target, &item->noted);
	if (event == SDR_TARGET_FINISHED)
		end_item(w, item);
	else if (target->phase == SDR_PHASE_FAILED)
		note_failure(w, item, target);
	else if (target->phase == SDR_PHASE_RUNNING && item->waits)
		note_found(item);
	return true;
}

/* ---- results ---- */

/* What could not even be sent is complained about, once per target. */
static void note_fault(struct watch *w, struct item *item, const struct sdr_target *target,
	const struct sdr_result *result)
{
	enum sdr_exit exit = sdr_outcome_exit(result->outcome);
	char label[SDR_TARGET_LABEL];
	bool fault =
		asked(w)->single ? exit == SDR_EXIT_FAIL : result->outcome == SDR_OUTCOME_LOCAL;
	if (!fault || item->faulted)
		return;
	item->faulted = true;
	sdr_procedure_complain(&w->job, "%s: %s", sdr_target_label(label, target),
		result->why ? result->why : sdr_outcome_sentence(result->outcome));
}

/* The dashboard's own states, by the same limits; none is slow here. */
static void note_state(struct watch *w, struct item *item, const struct sdr_result *result)
{
	const struct sdr_watch *watch = asked(w);
	const struct sdr_limits limits = {.losses = watch->losses, .replies = watch->replies};
	enum sdr_evidence evidence = sdr_state_evidence(result->outcome);
	bool answer = result->kind == SDR_RESULT_ANSWER || result->kind == SDR_RESULT_AMENDED;
	if (!answer || watch->until == SDR_UNTIL_STOPPED ||
		!sdr_state_counts(&item->answered, evidence, result->sequence))
		return;
	(void)sdr_state_take(&item->health, &limits, evidence, result->rtt);
	item->reached = item->health.state ==
		(watch->until == SDR_UNTIL_UP ? SDR_STATE_UP : SDR_STATE_DOWN);
	if (item->reached)
		end_item(w, item);
}

static bool take_result(
	struct sdr_job *job, const struct sdr_target *target, const struct sdr_result *result)
{
	struct watch *w = (struct watch *)job;
	struct item *item = sdr_watch_item(&w->items, target);
	enum sdr_exit exit = sdr_outcome_exit(result->outcome);
	if (!item || item->over || result->kind == SDR_RESULT_FOREIGN)
		return false;
	sdr_tally_add(&item->tally, result);
	note_fault(w, item, target, result);
	note_state(w, item, result);
	bool missed = result->kind == SDR_RESULT_EVENT && exit == SDR_EXIT_FAIL;
	if ((asked(w)->single || missed) && exit > item->exit)
		item->exit = exit;
	if (asked(w)->single && result->kind == SDR_RESULT_ANSWER)
		count_item(w, item); /* its one result is there */
	return true;
}

/* ---- from start to end ---- */

static enum sdr_status begin_target(struct watch *w, size_t number)
{
	struct sdr_spec spec;
	uint32_t id;
	sdr_watch_spec(asked(w), number, &spec);
	enum sdr_status status = sdr_procedure_begin(&w->job, &spec, &id);
	if (status == SDR_OK) {
		w->left++;
		return sdr_watch_items_place(&w->items, number, id);
	}
	w->items.list[number].over = true;
	w->items.list[number].exit = SDR_EXIT_FAIL;
	w->job.progress.done++;
	return SDR_OK;
}

static void step(struct sdr_job *job)
{
	struct watch *w = (struct watch *)job;
	if (w->begun)
		return;
	w->begun = true;
	job->progress.total = asked(w)->count;
	enum sdr_status status = sdr_watch_items_open(&w->items, asked(w), job->engine);
	for (size_t i = 0; status == SDR_OK && i < asked(w)->count; i++)
		status = begin_target(w, i);
	if (status != SDR_OK) {
		sdr_watch_items_close(&w->items);
		sdr_procedure_exit(job, SDR_EXIT_FAIL);
		sdr_procedure_complain(job, "%s", sdr_status_text(status));
	}
	if (status != SDR_OK || w->left == 0)
		sdr_procedure_end(job);
}

static void summarise(struct watch *w, uint32_t number)
{
	const struct item *item = &w->items.list[number];
	const struct sdr_job_sink *sink = &w->job.sink;
	const struct sdr_target *target = item->target;
	struct sdr_totals totals;
	if (!target || sdr_watch_refused(target) || !sink->summary || sdr_target_is_part(target))
		return;
	sdr_tally_totals(&item->tally, target->begun, sink->duplicates,
		item->over && item->tally.last ? item->tally.last : sdr_clock_now(), &totals);
	sink->summary(sink->context, number, target, &totals, item->reached);
}

/* In the order asked for, the addresses of a name in that of their coming. */
static void summarise_all(struct sdr_job *job)
{
	struct watch *w = (struct watch *)job;
	for (size_t i = 0; w->items.list && i < asked(w)->count; i++) {
		size_t at = i;
		do {
			summarise(w, (uint32_t)at);
			at = w->items.list[at].next;
		} while (at);
	}
}

/* What was asked once and had no answer when the deadline came has its result too. */
static void report_unanswered(struct watch *w)
{
	const struct sdr_job_sink *sink = &w->job.sink;
	for (size_t i = 0; i < w->items.count && sink->result; i++) {
		const struct sdr_target *target = w->items.list[i].target;
		struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT,
			.sequence = 1,
			.rtt = SDR_NS_NONE,
			.when = sdr_clock_wall()};
		if (w->items.list[i].over || !target)
			continue;
		result.why = target->begun ? "no answer before the deadline"
					   : "its name was not looked up before the deadline";
		count_item(w, &w->items.list[i]);
		sink->result(sink->context, target, &result);
	}
}

static enum sdr_exit exit_of(const struct watch *w, const struct item *item)
{
	const struct sdr_watch *watch = asked(w);
	const struct sdr_set *set = item->target ? sdr_target_set(item->target) : NULL;
	if (set && set->fed && !sdr_target_leads(item->target))
		return SDR_EXIT_YES; /* the leader's is that of the whole */
	if (watch->single || item->exit != SDR_EXIT_YES)
		return item->exit != SDR_EXIT_YES || item->tally.received ? item->exit
									  : SDR_EXIT_NO;
	uint64_t wanted = watch->specs[watch->names ? 0 : item->index].count;
	return sdr_watch_exit(watch, &item->tally, item->reached, w->job.timed_out ? wanted : 0);
}

static void conclude(struct sdr_job *job)
{
	struct watch *w = (struct watch *)job;
	if (!asked(w)->single)
		summarise_all(job);
	else if (job->timed_out)
		report_unanswered(w);
	for (size_t i = 0; i < w->items.count; i++)
		sdr_procedure_exit(job, exit_of(w, &w->items.list[i]));
	if (!w->begun) /* it was stopped before anything was asked */
		sdr_procedure_exit(job, SDR_EXIT_NO);
}

static uint32_t number_of(const struct sdr_job *job, uint32_t id)
{
	return sdr_watch_items_number(&((const struct watch *)job)->items, id);
}

static void stop(struct sdr_job *job)
{
	sdr_watch_items_close(&((struct watch *)job)->items);
}

const struct procedure sdr_job_watch = {.size = sizeof(struct watch),
	.what = "targets",
	.step = step,
	.target = note_event,
	.result = take_result,
	.lasts = true,
	.number = number_of,
	.summaries = summarise_all,
	.conclude = conclude,
	.stop = stop};
