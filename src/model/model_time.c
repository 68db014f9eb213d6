/* model_time.c - the time moves on: gaps where this host slept, notes where its clock jumped. */
#include "model/model_internal.h"

#define CLOCK_SLIP SDR_SECOND /* clocks that part by less are not worth a word */

/* What a target was while this host slept nobody knows. */
static void skip_in_day(struct sdr_model *model, struct sdr_entry *entry, sdr_ns now, sdr_ns length)
{
	sdr_ns ahead = sdr_model_day_ahead(model);
	sdr_entry_count_day(entry, (enum sdr_state)entry->health.state, now, ahead);
	sdr_entry_count_day(entry, SDR_STATE_UNKNOWN, now, ahead + length);
}

static void suspended(struct sdr_model *model, const struct sdr_clocks *clocks, sdr_ns length)
{
	sdr_ns now = clocks->now;
	char text[SDR_DURATION_TEXT];
	for (uint32_t id = 0; id < model->id_limit; id++)
		if (model->by_id[id] && model->by_id[id]->health.state != SDR_STATE_PAUSED) {
			sdr_entry_gap(model->by_id[id], now, length);
			skip_in_day(model, model->by_id[id], now, length);
		}
	model->resumed = now;
	model->slept_before = model->slept;
	model->slept += length;
	sdr_model_note(model, clocks->wall, SDR_TONE_WARNING, "this machine",
		"was suspended for %s", sdr_duration_display(text, length));
}

/* It stays in the state that it is in. */
static void calm_down(struct sdr_model *model, struct sdr_entry *entry)
{
	struct sdr_flaps *flaps = &entry->extras->flaps;
	char label[SDR_TARGET_LABEL], lasted[SDR_DURATION_TEXT];
	enum sdr_state state = entry->health.state;
	sdr_ns length = model->now - flaps->began;
	sdr_model_note(model, model->clocks.wall,
		state == SDR_STATE_DOWN ? SDR_TONE_BAD : SDR_TONE_OK,
		sdr_target_label(label, entry->target), "FLAPS -> %s after %u changes in %s",
		sdr_state_word(state), flaps->changes,
		sdr_duration_display(lasted, length - length % SDR_SECOND));
	flaps->changes = 0;
	model->flapping--;
	sdr_model_mark_changed(model, entry->target->id);
}

static void look_who_flaps(struct sdr_model *model)
{
	if (model->flapping == 0 || model->now - model->calmed < SDR_SECOND)
		return;
	model->calmed = model->now;
	for (uint32_t id = 0; id < model->id_limit; id++) {
		struct sdr_entry *entry = model->by_id[id];
		if (entry && entry->extras && sdr_flaps_is_over(&entry->extras->flaps, model->now))
			calm_down(model, entry);
	}
}

/* Once, and before anything is counted: steps of the wall clock must not move what was. */
static void align_days(struct sdr_model *model, const struct sdr_clocks *clocks)
{
	for (unsigned state = 0; state < SDR_STATES; state++)
		if (model->tally[state] > 0 && sdr_uptime_is_known((enum sdr_state)state))
			return;
	model->day_offset =
		(clocks->wall % SDR_DAY_CELL + 2 * SDR_DAY_CELL - clocks->now % SDR_DAY_CELL) %
		SDR_DAY_CELL;
}

void sdr_model_advance(struct sdr_model *model, const struct sdr_clocks *clocks)
{
	struct sdr_clocks before = model->clocks;
	char text[SDR_DURATION_TEXT];
	model->clocks = *clocks;
	model->now = clocks->now;
	model->ahead = clocks->wall - clocks->now;
	look_who_flaps(model);
	if (before.boot == 0) {
		align_days(model, clocks);
		return;
	}
	sdr_ns slept = clocks->boot - clocks->now - (before.boot - before.now);
	sdr_ns step = clocks->wall - clocks->boot - (before.wall - before.boot);
	if (slept > CLOCK_SLIP)
		suspended(model, clocks, slept);
	if (step > CLOCK_SLIP || step < -CLOCK_SLIP)
		sdr_model_note(model, clocks->wall, SDR_TONE_WARNING, "this machine",
			"clock stepped by %s%s", step > 0 ? "+" : "",
			sdr_duration_display(text, step));
}
