/* undo.c - steps that can be taken back. A target that was removed is added again by its line, and
 * then gets what was known of it; members that its set had get theirs when they are found again. */
#include "undo.h"

#include <stdlib.h>
#include <string.h>

#include "front.h"
#include "sounder/engine.h"
#include "sounder/line.h"
#include "sounder/target_set.h"
#include "ui_state.h"

/* One target of a step. */
struct kept {
	struct sdr_past *past;       /* owned; NULL: it was given back */
	struct sdr_figures *figures; /* the probe type's own; owned; NULL: none, or given back */
	char *line; /* that adds it; NULL: it is there still, or comes with its leader */
	char *typed;
	char role[SDR_ADDR_TEXT + 16]; /* in its set; "" if none */
	uint32_t id;                   /* of the target as it was */
	bool reset, paused;
};

struct ui_step {
	char what[SDR_ERROR_TEXT];
	struct kept *kept; /* [count], owned */
	size_t count, size;
	bool *were; /* [limit] ids of targets that were there before it was taken back; owned */
	uint32_t limit;
	uint32_t *added; /* [added_count] that came in it, owned */
	size_t added_count;
	sdr_ns until;
};

static void step_done(struct ui_step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		sdr_past_free(step->kept[i].past);
		sdr_figures_free(step->kept[i].figures);
		free(step->kept[i].line);
		free(step->kept[i].typed);
	}
	free(step->kept);
	free(step->were);
	free(step->added);
	*step = (struct ui_step){0};
}

void ui_undo_done(struct ui *ui)
{
	for (unsigned i = 0; ui->steps && i <= UI_UNDO_STEPS; i++)
		step_done(&ui->steps[i]);
	free(ui->steps);
	ui->steps = NULL;
	ui->step_count = 0;
}

static void drop_first(struct ui *ui)
{
	step_done(&ui->steps[0]);
	ui->step_count--;
	memmove(ui->steps, ui->steps + 1, ui->step_count * sizeof(*ui->steps));
	memset(&ui->steps[ui->step_count], 0, sizeof(*ui->steps));
}

static void expire(struct ui *ui)
{
	while (ui->step_count > 0 && ui->steps[0].until <= ui->now)
		drop_first(ui);
}

/* The step that is being made, behind those that are whole; the last place is of members that are
 * waited for. */
static struct ui_step *making(struct ui *ui)
{
	return ui->steps ? &ui->steps[ui->step_count] : NULL;
}

void ui_undo_begin(struct ui *ui, const char *what)
{
	if (!ui->steps)
		ui->steps = calloc(UI_UNDO_STEPS + 1, sizeof(*ui->steps));
	if (!ui->steps)
		return;
	expire(ui);
	if (ui->step_count == UI_UNDO_STEPS - 1)
		drop_first(ui);
	step_done(making(ui));
	snprintf(making(ui)->what, sizeof(making(ui)->what), "%s", what);
	making(ui)->until = ui->now + UI_UNDO_FOR;
}

static bool make_room(struct ui_step *step)
{
	if (step->count < step->size)
		return true;
	size_t size = step->size ? step->size * 2 : 8;
	struct kept *kept = realloc(step->kept, size * sizeof(*kept));
	if (!kept)
		return false;
	step->kept = kept;
	step->size = size;
	return true;
}

/* Keeps a target; NULL when out of memory. */
static struct kept *keep(struct ui *ui, const struct sdr_target *target)
{
	struct ui_step *step = making(ui);
	struct sdr_past *past = sdr_model_past(sdr_app_model(ui->app), target->id);
	char *typed = strdup(target->typed);
	if (!step || !past || !typed || !make_room(step)) {
		sdr_past_free(past);
		free(typed);
		return NULL;
	}
	struct kept *kept = &step->kept[step->count++];
	const char *role = sdr_target_role(target);
	*kept = (struct kept){.past = past,
		.typed = typed,
		.id = target->id,
		.paused = target->phase == SDR_PHASE_PAUSED};
	snprintf(kept->role, sizeof(kept->role), "%s", role ? role : "");
	return kept;
}

void ui_undo_reset(struct ui *ui, const struct sdr_target *target, struct sdr_figures *figures)
{
	struct kept *kept = keep(ui, target);
	if (kept) {
		kept->reset = true;
		kept->figures = figures;
	} else {
		sdr_figures_free(figures);
	}
}

/* Whether a target goes along with another one: both are of one set. */
static bool goes_along(const struct sdr_target *target, const struct sdr_target *other)
{
	const struct sdr_set *set = sdr_target_set(target);
	return other && other != target && set && sdr_target_set(other) == set;
}

void ui_undo_remove(struct ui *ui, const struct sdr_target *target)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	struct kept *kept = keep(ui, target);
	if (kept) {
		kept->line = sdr_target_line(target, true);
		kept->figures = sdr_engine_take_figures(sdr_app_engine(ui->app), target->id);
	}
	for (uint32_t id = 0; kept && id < sdr_engine_limit(engine); id++)
		if (goes_along(target, sdr_engine_find(engine, id)))
			(void)keep(ui, sdr_engine_find(engine, id));
}

void ui_undo_added(struct ui *ui, uint32_t id)
{
	struct ui_step *step = making(ui);
	uint32_t *added =
		step ? realloc(step->added, (step->added_count + 1) * sizeof(*added)) : NULL;
	if (!added)
		return;
	step->added = added;
	step->added[step->added_count++] = id;
}

/* What was not done after all took nothing. */
static void put_back(struct ui *ui, struct ui_step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		struct kept *kept = &step->kept[i];
		sdr_engine_give_figures(sdr_app_engine(ui->app), kept->id, kept->figures);
		kept->figures = NULL;
	}
}

void ui_undo_end(struct ui *ui, bool done)
{
	if (!ui->steps)
		return;
	if (!done)
		put_back(ui, making(ui));
	if (done && making(ui)->count > 0)
		ui->step_count++;
	else
		step_done(making(ui));
}

/* ---- back ---- */

/* Whether the target is one that a kept one was, or takes the place of. */
static bool is_it(const struct kept *kept, const struct sdr_target *target)
{
	const char *role = target ? sdr_target_role(target) : NULL;
	if (!target || target->owned || strcmp(target->typed, kept->typed) != 0)
		return false;
	if (!kept->line)
		return strcmp(role ? role : "", kept->role) == 0;
	char *line = sdr_target_line(target, true);
	bool same = line && strcmp(line, kept->line) == 0;
	free(line);
	return same;
}

/* The target that a kept one may be given back to, one that came since then; NULL: the model knows
 * of none yet. */
static const struct sdr_target *find(
	struct ui *ui, const struct ui_step *step, const struct kept *kept)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	const struct sdr_model *model = sdr_app_model(ui->app);
	if (kept->reset)
		return sdr_engine_find(engine, kept->id);
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		bool was = id < step->limit && step->were && step->were[id];
		if (!was && is_it(kept, target) && sdr_model_position(model, id) != UINT32_MAX)
			return target;
	}
	return NULL;
}

static void give_past(struct ui *ui, const struct sdr_target *target, struct kept *kept)
{
	(void)sdr_model_set_past(sdr_app_model(ui->app), target->id, kept->past);
	kept->past = NULL;
	if (kept->paused && !kept->reset && target->phase != SDR_PHASE_PAUSED)
		(void)sdr_session_pause(sdr_app_session(ui->app), target->id, true);
}

/* Gives a target its figures back; false: it is not there yet, or has nothing of its type's own
 * before its first probe. */
static bool give_back(struct ui *ui, const struct ui_step *step, struct kept *kept)
{
	const struct sdr_target *target = kept->past || kept->figures ? find(ui, step, kept) : NULL;
	if (target && kept->past)
		give_past(ui, target, kept);
	if (target && kept->figures && target->begun > 0) {
		sdr_engine_give_figures(sdr_app_engine(ui->app), target->id, kept->figures);
		kept->figures = NULL;
	}
	return !kept->past && !kept->figures;
}

void ui_undo_settle(struct ui *ui)
{
	struct ui_step *waits = ui->steps ? &ui->steps[UI_UNDO_STEPS] : NULL;
	bool all = true;
	if (!waits || waits->count == 0)
		return;
	for (size_t i = 0; i < waits->count; i++)
		all = give_back(ui, waits, &waits->kept[i]) && all;
	if (all || waits->until <= ui->now)
		step_done(waits);
}

/* Notes which targets are there. */
static void note_those(struct ui *ui, struct ui_step *step)
{
	const struct sdr_engine *engine = sdr_app_engine(ui->app);
	uint32_t limit = sdr_engine_limit(engine);
	free(step->were);
	step->were = calloc(limit + 1, sizeof(*step->were));
	step->limit = step->were ? limit : 0;
	for (uint32_t id = 0; id < step->limit; id++)
		step->were[id] = sdr_engine_find(engine, id);
}

static enum sdr_status run(struct ui *ui, struct ui_step *step, struct sdr_error *error)
{
	enum sdr_status status = SDR_OK;
	note_those(ui, step);
	for (size_t i = 0; i < step->count && status == SDR_OK; i++)
		if (step->kept[i].line)
			status = ui_front_run_text(ui, step->kept[i].line, error);
	for (size_t i = 0; i < step->added_count && status == SDR_OK; i++)
		(void)sdr_session_remove(sdr_app_session(ui->app), step->added[i]);
	return status;
}

enum sdr_status ui_undo(struct ui *ui, char *text, size_t size, struct sdr_error *error)
{
	if (ui->steps)
		expire(ui);
	if (ui->step_count == 0) {
		sdr_error_set(error, 0,
			"nothing to bring back: what d, r and :replace took is kept for a minute");
		return SDR_ENOENT;
	}
	struct ui_step *step = &ui->steps[ui->step_count - 1], *waits = &ui->steps[UI_UNDO_STEPS];
	enum sdr_status status = run(ui, step, error);
	if (status != SDR_OK)
		return status;
	snprintf(text, size, "%s", step->what);
	step_done(waits);
	*waits = *step;
	memset(step, 0, sizeof(*step));
	ui->step_count--;
	waits->until = ui->now + UI_UNDO_FOR;
	ui_undo_settle(ui);
	return SDR_OK;
}
