/* past.c - what is known of a target, kept while it may come back. */
#include "sounder/past.h"

#include <stdlib.h>

#include "model/model_internal.h"

struct sdr_past {
	struct sdr_entry *entry; /* owned, with a copy of its target */
	sdr_ns when;             /* the model's time then */
	sdr_ns ahead;            /* likewise, of the clock that days are counted by */
};

struct sdr_past *sdr_model_past(const struct sdr_model *model, uint32_t id)
{
	const struct sdr_entry *entry = id < model->id_limit ? model->by_id[id] : NULL;
	struct sdr_past *past = entry ? malloc(sizeof(*past)) : NULL;
	if (!past)
		return NULL;
	*past = (struct sdr_past){sdr_entry_copy(entry), model->now, sdr_model_day_ahead(model)};
	if (past->entry)
		return past;
	free(past);
	return NULL;
}

void sdr_past_free(struct sdr_past *past)
{
	if (past)
		sdr_entry_free(past->entry);
	free(past);
}

static uint64_t ended(const struct sdr_entry *entry)
{
	return entry->all.count + entry->lost + (entry->extras ? entry->extras->local : 0);
}

/* The same target: what ended since then is not counted, nor is it in flight. */
static void go_back(struct sdr_entry *past, const struct sdr_entry *now, struct sdr_extras *extras)
{
	uint64_t gone = ended(now) + (now->extras ? now->extras->before : 0),
		 known = ended(past) + (now->extras ? now->extras->carried : 0);
	extras->before = gone > known ? gone - known : 0;
	extras->carried = known > gone ? known - gone : 0;
	past->answered = now->answered;
}

/* Another one: its probes, numbered from 1, come behind those of the past. */
static void go_on(struct sdr_entry *past, const struct sdr_entry *now, struct sdr_extras *extras)
{
	extras->before = ended(now) + (now->extras ? now->extras->before : 0);
	extras->carried = ended(past);
	extras->shift = past->series.head > 0 ? past->series.head - 1 : 0;
	extras->gap = 0;
	extras->gap_at = SDR_NS_NONE;
	past->answered = 0;
	if (past->health.state != SDR_STATE_PAUSED)
		return;
	past->health = now->health;
	past->since = now->since;
	past->since_mono = now->since_mono;
}

/* What state it was in is no figure: the day of the same one goes on; that of another one has a gap
 * as long as nobody was there. */
static void keep_day(const struct sdr_model *model, struct sdr_past *past, struct sdr_entry *now)
{
	sdr_ns ahead = sdr_model_day_ahead(model);
	struct sdr_entry *entry = past->entry;
	if (now->serial == entry->serial) {
		sdr_entry_count_day(now, (enum sdr_state)now->health.state, model->now, ahead);
		free(entry->extras->day);
		entry->extras->day = now->extras ? now->extras->day : NULL;
		if (now->extras)
			now->extras->day = NULL;
	} else {
		sdr_entry_count_day(
			entry, (enum sdr_state)entry->health.state, past->when, past->ahead);
		sdr_entry_count_day(entry, SDR_STATE_UNKNOWN, model->now, ahead);
	}
}

static bool is_alike(const struct sdr_spec *a, const struct sdr_spec *b)
{
	return a->type == b->type && a->interval == b->interval;
}

/* Puts the past into the place of what is known now. */
static void take_place(struct sdr_model *model, struct sdr_entry *now, struct sdr_entry *past)
{
	enum sdr_state from = now->health.state, to = past->health.state;
	sdr_target_release(past->target);
	past->target = sdr_target_hold(now->target);
	past->position = now->position;
	past->group = now->group;
	past->set_slot = now->set_slot;
	past->reported_notice = now->reported_notice;
	past->reported_missing = now->reported_missing;
	model->flapping += sdr_model_entry_flaps(past);
	model->flapping -= sdr_model_entry_flaps(now);
	model->by_id[now->target->id] = past;
	if (from != to)
		sdr_model_count_change(model, past, from, model->now);
	else
		sdr_model_mark_changed(model, now->target->id);
	model->version++;
}

enum sdr_status sdr_model_set_past(struct sdr_model *model, uint32_t id, struct sdr_past *past)
{
	struct sdr_entry *now = id < model->id_limit ? model->by_id[id] : NULL;
	enum sdr_status status = !now                                     ? SDR_ENOENT
		: !is_alike(now->target->spec, past->entry->target->spec) ? SDR_EINVAL
		: !sdr_entry_extras(past->entry)                          ? SDR_ENOMEM
									  : SDR_OK;
	if (status != SDR_OK) {
		sdr_past_free(past);
		return status;
	}
	bool same = now->serial == past->entry->serial;
	keep_day(model, past, now);
	if (same)
		go_back(past->entry, now, past->entry->extras);
	else
		go_on(past->entry, now, past->entry->extras);
	take_place(model, now, past->entry);
	if (!same)
		sdr_entry_gap(past->entry, model->now, model->now - past->when);
	past->entry = NULL;
	sdr_entry_free(now);
	sdr_past_free(past);
	return SDR_OK;
}
