/* model_internal.h (internal) - the model's own state, for model.c, which changes it, and
 * model_view.c, which reads it. */
#ifndef SOUNDER_MODEL_MODEL_INTERNAL_H
#define SOUNDER_MODEL_MODEL_INTERNAL_H

#include <math.h>

#include "model/entry.h"
#include "model/groups.h"
#include "model/journal.h"
#include "model/model.h"
#include "model/outages.h"
#include "model/row_order.h"
#include "model/sets.h"

#define SDR_CHANGES 4096 /* of states, that are known */

struct sdr_model {
	struct sdr_entry **by_id;  /* [id_limit], owned; NULL: a hole */
	uint32_t id_limit;         /* of `by_id` */
	struct sdr_order *order;   /* owned; apart, since reading closes its holes */
	struct sdr_groups *groups; /* owned */
	struct sdr_sets sets;
	uint32_t serial;            /* the latest given to an entry */
	uint32_t tally[SDR_STATES]; /* targets by state */
	struct sdr_uptime uptime;   /* of all */
	uint32_t flapping;          /* targets */
	sdr_ns calmed;              /* when it was last looked whether some do no longer */
	uint64_t version, order_version, member_version;
	uint32_t changed[SDR_CHANGES]; /* [order version % SDR_CHANGES]: id of the target that made
					  it so */
	struct sdr_model *copy,
		*original; /* of sdr_model_freeze: the copy; in the copy, what it is of */
	struct sdr_limits limits;
	struct sdr_model_listener listener; /* a copy has none */
	struct sdr_journal journal;
	struct sdr_outage_log log;
	struct sdr_clocks clocks;   /* as last given; all 0 before */
	sdr_ns now;                 /* the latest time seen, from clocks or results */
	sdr_wall ahead;             /* wall clock minus monotonic, as last seen; 0: not yet */
	sdr_ns resumed;             /* end of the last suspension; SDR_NS_NONE: none */
	sdr_ns slept, slept_before; /* by all suspensions; by all but the last. Windows go by a time
				       that never stands still */
	sdr_ns day_offset;          /* has half hours begin where the wall clock's first did */
	sdr_ns values[SDR_CODE_MAX + 1]; /* sdr_code_value of each code */
};

static inline void sdr_model_mark_changed(struct sdr_model *model, uint32_t id)
{
	model->order_version++;
	model->changed[model->order_version % SDR_CHANGES] = id;
}

/* Counts an entry's change of state, in which it has been since `since`. */
static inline void sdr_model_count_change(
	struct sdr_model *model, const struct sdr_entry *entry, enum sdr_state from, sdr_ns since)
{
	const struct sdr_uptime_change change = {from, entry->health.state, since};
	model->tally[from]--;
	model->tally[change.to]++;
	sdr_uptime_change(&model->uptime, &change, model->now);
	sdr_groups_set_time(model->groups, model->now);
	sdr_groups_count(model->groups, entry, &change);
	sdr_sets_count(&model->sets, entry, from, change.to);
	sdr_model_mark_changed(model, entry->target->id);
}

/* What the clock that days are counted by is ahead of the monotonic one. */
static inline sdr_ns sdr_model_day_ahead(const struct sdr_model *model)
{
	return model->slept + model->day_offset;
}

/* Returns the entry at a position. */
static inline struct sdr_entry *sdr_model_entry_at(const struct sdr_model *model, uint32_t position)
{
	sdr_order_settle(model->order, model->by_id);
	return model->by_id[model->order->ids[position]];
}

/* Fills in the share of what was lost. */
static inline void sdr_model_fill_loss(struct sdr_figures *figures)
{
	figures->loss = figures->sent ? 100.0 * (double)figures->lost / (double)figures->sent : NAN;
}

/* Whether an entry's target flaps; and whether that shows: not while it is stopped. */
static inline bool sdr_model_entry_flaps(const struct sdr_entry *entry)
{
	return entry->extras && entry->extras->flaps.changes > 0;
}
static inline bool sdr_model_entry_shows_flaps(const struct sdr_entry *entry)
{
	return sdr_model_entry_flaps(entry) && entry->health.state != SDR_STATE_PAUSED &&
		entry->health.state != SDR_STATE_UNKNOWN;
}

#endif
