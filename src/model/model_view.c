/* model_view.c - read access to the model. Figures are computed on request. */
#include <stdio.h>
#include <string.h>

#include "model/model_internal.h"

/* ---- reading ---- */

uint64_t sdr_model_version(const struct sdr_model *model)
{
	return model->version;
}

uint64_t sdr_model_order_version(const struct sdr_model *model)
{
	return model->order_version;
}

uint64_t sdr_model_member_version(const struct sdr_model *model)
{
	return model->member_version;
}

uint32_t sdr_model_changed(const struct sdr_model *model, uint64_t version)
{
	if (version > model->order_version || model->order_version - version >= SDR_CHANGES)
		return UINT32_MAX;
	return model->changed[version % SDR_CHANGES];
}

const struct sdr_target *sdr_model_target(const struct sdr_model *model, uint32_t position)
{
	return sdr_model_entry_at(model, position)->target;
}

enum sdr_state sdr_model_state(const struct sdr_model *model, uint32_t position)
{
	return sdr_model_entry_at(model, position)->health.state;
}

uint32_t sdr_model_count(const struct sdr_model *model)
{
	return model->order->count - model->order->holes;
}

const struct sdr_value *sdr_model_value(
	const struct sdr_model *model, uint32_t position, unsigned field)
{
	return sdr_entry_value(sdr_model_entry_at(model, position), field);
}

uint32_t sdr_model_tally(const struct sdr_model *model, enum sdr_state state)
{
	return model->tally[state];
}

void sdr_model_row(const struct sdr_model *model, uint32_t position, struct sdr_row *row)
{
	const struct sdr_entry *entry = sdr_model_entry_at(model, position);
	const struct sdr_extras none = {0}, *extras = entry->extras ? entry->extras : &none;
	uint64_t received = entry->all.count, ended = received + entry->lost + extras->local;
	uint64_t own = entry->target->begun > extras->before ? entry->target->begun - extras->before
							     : 0,
		 begun = own + extras->carried;
	bool down = entry->health.state == SDR_STATE_DOWN;
	*row = (struct sdr_row){
		.target = entry->target,
		.state = entry->health.state,
		.since = entry->since,
		.since_mono = entry->since_mono,
		.transmitted = ended > begun ? ended : begun,
		.in_flight = begun > ended ? begun - ended : 0,
		.sent = received + entry->lost,
		.received = received,
		.lost = entry->lost,
		.late = extras->late,
		.duplicates = extras->duplicates,
		.corrupt = extras->corrupt,
		.foreign = extras->foreign,
		.local = extras->local,
		.last = entry->last,
		.outcome = entry->outcome,
		.why = entry->why,
		.cause = down ? entry->cause_outcome : SDR_OUTCOME_OK,
		.cause_why = down ? sdr_entry_cause(entry) : NULL,
		.flaps = sdr_model_entry_shows_flaps(entry) ? extras->flaps.changes : 0,
		.flaps_since = extras->flaps.began,
		.detail = extras->detail,
	};
}

static void figures_all(const struct sdr_entry *entry, struct sdr_figures *figures)
{
	const struct sdr_stats *all = &entry->all;
	*figures = (struct sdr_figures){
		.sent = all->count + entry->lost,
		.received = all->count,
		.lost = entry->lost,
		.min = sdr_stats_min(all),
		.avg = sdr_stats_avg(all),
		.max = sdr_stats_max(all),
		.mdev = sdr_stats_mdev(all),
		.jitter = sdr_stats_jitter(all),
		.p50 = sdr_sketch_percentile(&entry->sketch, 0.50),
		.p95 = sdr_sketch_percentile(&entry->sketch, 0.95),
		.p99 = sdr_sketch_percentile(&entry->sketch, 0.99),
	};
	/* The sketch answers with the middle of a bucket; what was really seen bounds it. */
	for (sdr_ns *p = &figures->p50; p <= &figures->p99; p++)
		*p = *p < figures->min ? figures->min : *p > figures->max ? figures->max : *p;
}

void sdr_model_figures(const struct sdr_model *model, uint32_t position, enum sdr_window window,
	sdr_ns now, struct sdr_figures *figures)
{
	const struct sdr_entry *entry = sdr_model_entry_at(model, position);
	if (window == SDR_WINDOW_ALL) {
		figures_all(entry, figures);
	} else if (window == SDR_WINDOW_10MIN) {
		sdr_history_figures(&entry->series, now + model->slept, figures);
		figures->jitter =
			figures->received > 1 ? sdr_stats_jitter(&entry->all) : SDR_NS_NONE;
	} else {
		sdr_series_figures(
			&entry->series, model->values, window, now + model->slept, figures);
	}
	sdr_model_fill_loss(figures);
}

bool sdr_model_slow_reason(
	const struct sdr_model *model, uint32_t position, sdr_ns now, char *out, size_t size)
{
	const struct sdr_entry *entry = sdr_model_entry_at(model, position);
	struct sdr_figures figures;
	char limit[SDR_DURATION_TEXT];
	if (size > 0)
		out[0] = '\0';
	if (entry->health.state != SDR_STATE_SLOW)
		return false;
	if (entry->health.lossy) {
		sdr_state_format_loss(out, size, &entry->health, model->limits.loss,
			sdr_model_loss_window(entry));
		return false;
	}
	sdr_model_figures(model, position, SDR_WINDOW_1MIN, now, &figures);
	double ms = (double)figures.p95 / 1e6;
	if (figures.p95 != SDR_NS_NONE)
		snprintf(out, size,
			ms < 1000 ? "p95 %.3g ms over 1 min (limit %s)"
				  : "p95 %.0f ms over 1 min (limit %s)",
			ms, sdr_duration_format(limit, model->limits.slow));
	return true;
}

uint32_t sdr_model_series(
	const struct sdr_model *model, uint32_t position, sdr_ns *samples, uint32_t n)
{
	return sdr_series_last(
		&sdr_model_entry_at(model, position)->series, model->values, samples, n);
}

uint64_t sdr_model_series_number(const struct sdr_model *model, uint32_t position)
{
	return sdr_model_entry_at(model, position)->series.head - 1;
}

void sdr_model_history(const struct sdr_model *model, uint32_t position, sdr_ns now,
	struct sdr_minute *minutes, uint32_t n)
{
	sdr_history_minutes(
		&sdr_model_entry_at(model, position)->series, now + model->slept, minutes, n);
}

uint32_t sdr_model_outages(const struct sdr_model *model, uint32_t position, sdr_ns now,
	struct sdr_outage *outages, uint32_t n)
{
	return sdr_outages_list(
		&model->log, sdr_model_entry_at(model, position)->serial, now, outages, n);
}

uint32_t sdr_model_faults(
	const struct sdr_model *model, uint32_t position, struct sdr_fault *faults, uint32_t n)
{
	return sdr_outages_faults(
		&model->log, sdr_model_entry_at(model, position)->serial, faults, n);
}

uint32_t sdr_model_position(const struct sdr_model *model, uint32_t id)
{
	sdr_order_settle(model->order, model->by_id);
	return id < model->id_limit && model->by_id[id] ? model->by_id[id]->position : UINT32_MAX;
}

/* ---- the journal ---- */

const struct sdr_event *sdr_model_event(const struct sdr_model *model, uint32_t back)
{
	return sdr_journal_event(&model->journal, back);
}

uint64_t sdr_model_event_count(const struct sdr_model *model)
{
	return sdr_journal_count(&model->journal);
}
