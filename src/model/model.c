/* model.c - the present state: entries by id and in the order of adding, the journal, versions.
 *
 * Results change entries; nothing is drawn or computed until somebody asks. A probe lost before the
 * newest answer was sent shows nothing about now, so it counts as lost but not towards DOWN. */
#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_internal.h"

/* So many targets may keep ten minutes probe by probe, for charts; beyond, one minute. */
#define LONG_SERIES 1024

struct sdr_model *sdr_model_new(void)
{
	struct sdr_model *model = calloc(1, sizeof(*model));
	if (!model)
		return NULL;
	model->order = sdr_order_new();
	model->groups = sdr_groups_new();
	if (!model->order || !model->groups || sdr_journal_init(&model->journal) != SDR_OK ||
		sdr_outages_init(&model->log) != SDR_OK) {
		sdr_model_free(model);
		return NULL;
	}
	model->limits = (struct sdr_limits){.losses = 3, .replies = 2};
	model->resumed = SDR_NS_NONE;
	for (uint16_t code = 0; code <= SDR_CODE_MAX; code++)
		model->values[code] = sdr_code_value(code);
	return model;
}

void sdr_model_free(struct sdr_model *model)
{
	if (!model)
		return;
	for (uint32_t id = 0; id < model->id_limit; id++)
		sdr_entry_free(model->by_id[id]);
	free(model->by_id);
	sdr_order_free(model->order);
	sdr_groups_free(model->groups);
	sdr_sets_done(&model->sets);
	sdr_outages_done(&model->log);
	sdr_journal_done(&model->journal);
	free(model);
}

static struct sdr_entry *find(const struct sdr_model *model, const struct sdr_target *target)
{
	return target->id < model->id_limit ? model->by_id[target->id] : NULL;
}

/* ---- states ---- */

static sdr_wall wall_at(const struct sdr_model *model, sdr_ns mono)
{
	return model->ahead ? mono + model->ahead : 0;
}

/* Whether the journal gets an entry: of one that flaps it has enough. Counts the change. */
static bool is_news(struct sdr_model *model, struct sdr_entry *entry, enum sdr_state from)
{
	enum sdr_state to = entry->health.state;
	bool known = from != SDR_STATE_UNKNOWN && from != SDR_STATE_PAUSED &&
		to != SDR_STATE_UNKNOWN && to != SDR_STATE_PAUSED;
	if (!known)
		return true;
	bool flapped = sdr_model_entry_flaps(entry);
	bool crosses = (from == SDR_STATE_DOWN) != (to == SDR_STATE_DOWN);
	struct sdr_extras *extras = crosses ? sdr_entry_extras(entry) : NULL;
	if (extras && sdr_flaps_change(&extras->flaps, model->now)) {
		char label[SDR_TARGET_LABEL];
		model->flapping++;
		sdr_model_note(model, wall_at(model, model->now), SDR_TONE_WARNING,
			sdr_target_label(label, entry->target),
			"%s -> FLAPS after %u changes in 10 min; the next ones are not listed",
			sdr_state_word(from), (unsigned)SDR_FLAP_CHANGES);
		return false;
	}
	return !flapped;
}

static void note_change(
	struct sdr_model *model, struct sdr_entry *entry, enum sdr_state from, const char *reason)
{
	static const enum sdr_tone tones[] = {
		[SDR_STATE_UNKNOWN] = SDR_TONE_WARNING,
		[SDR_STATE_UP] = SDR_TONE_OK,
		[SDR_STATE_SLOW] = SDR_TONE_WARNING,
		[SDR_STATE_DOWN] = SDR_TONE_BAD,
		[SDR_STATE_PAUSED] = SDR_TONE_DIM,
	};
	enum sdr_state to = entry->health.state;
	const char *why = to == SDR_STATE_DOWN ? sdr_entry_cause(entry)
		: to == SDR_STATE_UNKNOWN      ? entry->why
					       : NULL;
	sdr_model_count_change(model, entry, from, entry->since_mono);
	if (to == SDR_STATE_DOWN)
		sdr_outages_begin(&model->log, entry->serial, entry->since_mono, entry->since,
			sdr_entry_cause(entry) ? sdr_entry_cause(entry)
					       : sdr_outcome_sentence(entry->cause_outcome));
	else if (from == SDR_STATE_DOWN)
		sdr_outages_end(&model->log, entry->serial, entry->since_mono, entry->since);
	char label[SDR_TARGET_LABEL];
	if (is_news(model, entry, from))
		sdr_model_note(model, wall_at(model, model->now), tones[to],
			sdr_target_label(label, entry->target), "%s -> %s%s%s%s%s",
			sdr_state_word(from), sdr_state_word(to), *reason ? " " : "", reason,
			why ? ": " : "", why ? why : "");
	if (model->listener.state)
		model->listener.state(model->listener.context, entry->target, from, to);
}

/* Begins the state that the entry is in now. */
static void begin_state(
	struct sdr_model *model, struct sdr_entry *entry, enum sdr_state from, sdr_ns since)
{
	sdr_entry_count_day(entry, from, since, sdr_model_day_ahead(model));
	entry->since_mono = since;
	entry->since = wall_at(model, since);
}

static void change_state(
	struct sdr_model *model, struct sdr_entry *entry, enum sdr_state from, bool by_loss)
{
	char reason[64], lasted[SDR_DURATION_TEXT], text[128];
	if (by_loss)
		sdr_state_format_loss(reason, sizeof(reason), &entry->health, model->limits.loss,
			sdr_model_loss_window(entry));
	else
		sdr_state_reason(reason, sizeof(reason), &entry->health, &model->limits);
	snprintf(text, sizeof(text), "%s", reason);
	if (from == SDR_STATE_DOWN)
		snprintf(text, sizeof(text), "after %s, %s",
			sdr_duration_display(lasted, entry->row_start - entry->since_mono),
			reason + strlen("after "));
	begin_state(model, entry, from, entry->row_start);
	note_change(model, entry, from, text);
}

/* A part is up once it has answered, and what its losses mean is its leader's. */
static void stand_part(struct sdr_model *model, struct sdr_entry *entry, enum sdr_evidence evidence)
{
	enum sdr_state from = entry->health.state;
	if (evidence != SDR_EVIDENCE_GOOD || from != SDR_STATE_UNKNOWN)
		return;
	(void)sdr_state_force(&entry->health, SDR_STATE_UP);
	begin_state(model, entry, from, model->now);
	sdr_model_count_change(model, entry, from, entry->since_mono);
}

/* `time` is when it was sent, with what the machine slept. */
static void apply_evidence(struct sdr_model *model, struct sdr_entry *entry,
	const struct sdr_result *result, enum sdr_evidence evidence, sdr_ns time)
{
	enum sdr_state from = entry->health.state;
	struct sdr_health *health = &entry->health;
	bool lossy = health->lossy;
	sdr_ns part = sdr_model_loss_window(entry) / SDR_LOSS_PARTS;
	if (sdr_target_is_part(entry->target)) {
		stand_part(model, entry, evidence);
		return;
	}
	/* A loss in an outage counts for it, even if it is reported after its end. */
	if (evidence != SDR_EVIDENCE_LOCAL &&
		(health->state != SDR_STATE_UP || result->sent >= entry->since_mono))
		sdr_state_share(health, (uint32_t)(time / part), evidence == SDR_EVIDENCE_BAD);
	if (!sdr_state_counts(&entry->answered, evidence, result->sequence))
		return;
	if (evidence == SDR_EVIDENCE_BAD &&
		sdr_entry_set_cause(entry, result->outcome, result->why,
			health->bad == 0 && from != SDR_STATE_DOWN) &&
		from == SDR_STATE_DOWN)
		sdr_outages_explain(&model->log, entry->serial,
			result->why ? result->why : sdr_outcome_sentence(result->outcome));
	bool changed = sdr_state_take(health, &model->limits, evidence, result->rtt);
	bool slow_begins = evidence == SDR_EVIDENCE_GOOD && health->slow == 1,
	     fast_begins = evidence == SDR_EVIDENCE_GOOD && health->fast == 1;
	if (health->bad + health->good + health->local == 1 ||
		(from == SDR_STATE_UP && slow_begins) || (from == SDR_STATE_SLOW && fast_begins))
		entry->row_start = result->sent;
	bool by_loss = changed && from != SDR_STATE_DOWN && model->limits.loss > 0 &&
		health->lossy != lossy;
	if (by_loss)
		entry->row_start = result->sent;
	if (changed)
		change_state(model, entry, from, by_loss);
}

/* ---- the sink ---- */

static void take_answer(
	struct sdr_model *model, struct sdr_entry *entry, const struct sdr_result *result)
{
	enum sdr_evidence evidence = sdr_state_evidence(result->outcome);
	if (result->when)
		model->ahead = result->when - result->sent;
	if (result->sent > model->now)
		model->now = result->sent;
	if (result->rtt != SDR_NS_NONE && result->sent + result->rtt > model->now)
		model->now = result->sent + result->rtt;
	/* In flight while the host slept: no answer could arrive. */
	if (result->outcome == SDR_OUTCOME_TIMEOUT && model->resumed != SDR_NS_NONE &&
		result->sent <= model->resumed) {
		sdr_entry_count_local(entry);
		return;
	}
	entry->outcome = (uint8_t)result->outcome;
	if (result->rtt != SDR_NS_NONE)
		entry->last = result->rtt;
	sdr_entry_keep(entry, result);
	if (evidence != SDR_EVIDENCE_GOOD)
		sdr_outages_fault(
			&model->log, entry->serial, result->outcome, result->why, result->when);
	sdr_ns slept = result->sent > model->resumed ? model->slept : model->slept_before;
	sdr_entry_count(entry, result, evidence, slept);
	apply_evidence(model, entry, result, evidence, result->sent + slept);
}

/* The answer to a probe that was counted as lost. */
static void take_amended(
	struct sdr_model *model, struct sdr_entry *entry, const struct sdr_result *result)
{
	sdr_ns slept = result->sent > model->resumed ? model->slept : model->slept_before;
	entry->outcome = (uint8_t)result->outcome;
	if (result->rtt != SDR_NS_NONE)
		entry->last = result->rtt;
	sdr_entry_keep(entry, result);
	sdr_entry_amend(entry, result, slept);
	apply_evidence(model, entry, result, SDR_EVIDENCE_GOOD, result->sent + slept);
}

static void count_extra(struct sdr_entry *entry, enum sdr_result_kind kind)
{
	struct sdr_extras *extras = kind == SDR_RESULT_PENDING ? NULL : sdr_entry_extras(entry);
	if (!extras)
		return; /* a PENDING probe's answer is still to come */
	extras->late += kind == SDR_RESULT_LATE;
	extras->duplicates += kind == SDR_RESULT_DUPLICATE;
	extras->corrupt += kind == SDR_RESULT_CORRUPT;
	extras->foreign += kind == SDR_RESULT_FOREIGN;
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_model *model = context;
	struct sdr_entry *entry = find(model, target);
	if (!entry)
		return;
	model->version++;
	if (result->kind == SDR_RESULT_ANSWER)
		take_answer(model, entry, result);
	else if (result->kind == SDR_RESULT_AMENDED)
		take_amended(model, entry, result);
	else if (result->kind == SDR_RESULT_EVENT)
		sdr_model_note(model, result->when, SDR_TONE_WARNING, target->typed, "%s",
			result->why ? result->why : "");
	else
		count_extra(entry, result->kind);
}

static bool make_room(struct sdr_model *model, uint32_t id)
{
	if (id >= model->id_limit) {
		uint32_t limit = sdr_order_room(id + 1);
		struct sdr_entry **by_id = realloc(model->by_id, limit * sizeof(*by_id));
		if (!by_id)
			return false;
		memset(by_id + model->id_limit, 0, (limit - model->id_limit) * sizeof(*by_id));
		model->by_id = by_id;
		model->id_limit = limit;
	}
	return sdr_order_reserve(model->order);
}

static sdr_ns series_time(const struct sdr_model *model)
{
	return model->order->count < LONG_SERIES ? 10 * SDR_MINUTE : SDR_SERIES_TIME;
}

/* The first may have been there before it led a set. */
static void place_in_set(struct sdr_model *model, struct sdr_entry *entry)
{
	const struct sdr_set *set = sdr_target_set(entry->target);
	if (!set)
		return;
	sdr_sets_place(&model->sets, entry);
	if (set->leader < model->id_limit && model->by_id[set->leader])
		sdr_sets_place(&model->sets, model->by_id[set->leader]);
}

/* Puts an entry where its target belongs: a group, a set. */
static void place(struct sdr_model *model, struct sdr_entry *entry)
{
	uint32_t moved[SDR_GROUPS_MOVED];
	sdr_groups_set_time(model->groups, model->now);
	unsigned count = sdr_groups_place(model->groups, entry, model->by_id, moved);
	for (unsigned i = 0; i < count; i++)
		sdr_model_mark_changed(model, moved[i]);
	place_in_set(model, entry);
}

static void add(struct sdr_model *model, const struct sdr_target *target)
{
	struct sdr_entry *entry =
		make_room(model, target->id) ? sdr_entry_new(target, series_time(model)) : NULL;
	if (!entry) {
		sdr_model_note(model, wall_at(model, model->now), SDR_TONE_BAD, target->typed,
			"not shown: out of memory");
		return;
	}
	begin_state(model, entry, SDR_STATE_UNKNOWN, model->now);
	model->by_id[target->id] = entry;
	entry->serial = ++model->serial;
	sdr_order_add(model->order, entry);
	model->tally[SDR_STATE_UNKNOWN]++;
	place(model, entry);
}

static void drop(struct sdr_model *model, struct sdr_entry *entry)
{
	sdr_groups_set_time(model->groups, model->now);
	sdr_uptime_leave(&model->uptime, entry->health.state, model->now);
	sdr_groups_leave(model->groups, entry);
	sdr_sets_leave(&model->sets, entry);
	sdr_order_remove(model->order, entry);
	model->by_id[entry->target->id] = NULL;
	model->tally[entry->health.state]--;
	model->flapping -= sdr_model_entry_flaps(entry);
	sdr_entry_free(entry);
}

/* A target that can't be probed is down at once, or unknown where the fault is ours. */
static void fail(struct sdr_model *model, struct sdr_entry *entry, const struct sdr_target *target)
{
	enum sdr_state from = entry->health.state;
	const struct sdr_result result = {.outcome = target->outcome,
		.why = target->why && *target->why ? target->why : NULL,
		.rtt = SDR_NS_NONE};
	bool local = target->outcome == SDR_OUTCOME_LOCAL;
	entry->outcome = (uint8_t)target->outcome;
	sdr_entry_keep(entry, &result);
	(void)sdr_entry_set_cause(entry, target->outcome, result.why, true);
	if (!sdr_state_force(&entry->health, local ? SDR_STATE_UNKNOWN : SDR_STATE_DOWN))
		return;
	begin_state(model, entry, from, model->now);
	note_change(model, entry, from, "");
}

static void change(
	struct sdr_model *model, struct sdr_entry *entry, const struct sdr_target *target)
{
	enum sdr_state from = entry->health.state;
	sdr_ns since = entry->since_mono;
	if (sdr_entry_fit(&model->by_id[target->id], series_time(model)) != SDR_OK)
		sdr_model_note(model, wall_at(model, model->now), SDR_TONE_BAD, target->typed,
			"history stays short: out of memory");
	entry = model->by_id[target->id];
	place(model, entry);
	if (target->phase == SDR_PHASE_FAILED)
		fail(model, entry, target);
	if (!sdr_state_pause(&entry->health, target->phase == SDR_PHASE_PAUSED))
		return;
	if (from == SDR_STATE_PAUSED)
		sdr_entry_gap(entry, since, model->now - since);
	begin_state(model, entry, from, model->now);
	note_change(model, entry, from, "");
}

/* Members of a set that come and go by themselves. */
static void note_set(struct sdr_model *model, struct sdr_entry *entry,
	const struct sdr_target *target, enum sdr_target_event event)
{
	sdr_wall when = wall_at(model, model->now);
	char text[SDR_TARGET_LABEL];
	const char *label = sdr_target_label(text, target);
	const struct sdr_set *set = sdr_target_leads(target) ? sdr_target_set(target) : NULL;
	bool noticed = set && set->notice;
	if (event == SDR_TARGET_ADDED && sdr_target_origin(target)) {
		sdr_model_note(
			model, when, SDR_TONE_PLAIN, label, "added: %s", sdr_target_origin(target));
	} else if (event == SDR_TARGET_REMOVED && *target->why) {
		sdr_model_note(model, when, SDR_TONE_WARNING, label, "removed: %s", target->why);
	} else if (event == SDR_TARGET_CHANGED) {
		if (noticed && (!entry->reported_notice || set->incomplete))
			sdr_model_note(
				model, when, SDR_TONE_WARNING, target->typed, "%s", set->notice);
		entry->reported_notice = noticed;
	}
}

/* Reports an address family without an answer, once; again after it had one. */
static void note_missing(
	struct sdr_model *model, struct sdr_entry *entry, const struct sdr_target *target)
{
	const char *missing = sdr_target_missing(target);
	if (missing && !entry->reported_missing)
		sdr_model_note(model, wall_at(model, model->now), SDR_TONE_WARNING, target->typed,
			"%s", missing);
	entry->reported_missing = missing;
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sdr_model *model = context;
	struct sdr_entry *entry = find(model, target);
	model->version++;
	if (event == SDR_TARGET_REMOVED && model->copy)
		on_target(model->copy, target, event);
	if (event == SDR_TARGET_ADDED || event == SDR_TARGET_REMOVED)
		sdr_model_mark_changed(model, target->id);
	model->member_version += event == SDR_TARGET_ADDED || event == SDR_TARGET_REMOVED;
	if (event == SDR_TARGET_ADDED && !entry &&
		target->spec->interval > 0) /* a target probed once is a question, not a monitor */
		add(model, target);
	if (sdr_target_set(target) && find(model, target) && !model->original)
		note_set(model, find(model, target), target, event);
	if (event == SDR_TARGET_CHANGED && entry && !model->original)
		note_missing(model, entry, target);
	if (event == SDR_TARGET_REMOVED && entry)
		drop(model, entry);
	else if (entry)
		change(model, entry, target);
}

/* ---- a copy ---- */

static bool copy_entries(struct sdr_model *copy, const struct sdr_model *model)
{
	sdr_order_settle(model->order, model->by_id);
	for (uint32_t i = 0; i < model->order->count; i++) {
		uint32_t id = model->order->ids[i];
		struct sdr_entry *entry =
			make_room(copy, id) ? sdr_entry_copy(model->by_id[id]) : NULL;
		if (!entry)
			return false;
		copy->by_id[id] = entry;
		sdr_order_add(copy->order, entry);
	}
	return true;
}

struct sdr_model *sdr_model_freeze(struct sdr_model *model)
{
	struct sdr_model *copy = malloc(sizeof(*copy));
	if (!copy)
		return NULL;
	*copy = *model;
	copy->by_id = NULL;
	copy->id_limit = 0;
	copy->copy = NULL;
	copy->listener = (struct sdr_model_listener){0};
	copy->original = NULL;
	copy->order = sdr_order_new();
	copy->groups = sdr_groups_copy(model->groups);
	copy->sets = (struct sdr_sets){0};
	copy->journal = (struct sdr_journal){0};
	copy->log = (struct sdr_outage_log){0};
	if (!copy->order || !copy->groups || sdr_sets_copy(&copy->sets, &model->sets) != SDR_OK ||
		sdr_journal_copy(&copy->journal, &model->journal) != SDR_OK ||
		sdr_outages_copy(&copy->log, &model->log) != SDR_OK || !copy_entries(copy, model)) {
		sdr_model_free(copy);
		return NULL;
	}
	model->copy = copy;
	copy->original = model;
	return copy;
}

void sdr_model_thaw(struct sdr_model *copy)
{
	if (copy && copy->original)
		copy->original->copy = NULL;
	sdr_model_free(copy);
}

struct sdr_sink sdr_model_sink(struct sdr_model *model)
{
	return (struct sdr_sink){.context = model, .on_target = on_target, .on_result = on_result};
}

void sdr_model_listen(struct sdr_model *model, const struct sdr_model_listener *listener)
{
	model->listener = *listener;
}

void sdr_model_note(struct sdr_model *model, sdr_wall when, enum sdr_tone tone, const char *subject,
	const char *format, ...)
{
	struct sdr_event *event = sdr_journal_add(&model->journal, when, tone, subject);
	va_list args;
	va_start(args, format);
	vsnprintf(event->text, sizeof(event->text), format, args);
	va_end(args);
	model->version++;
}
