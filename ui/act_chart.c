/* act_chart.c - the screen's commands that change how charts are drawn, and of what. */
#include <stdio.h>

#include "act.h"
#include "act_words.h"
#include "chart.h"
#include "ping_detail.h"
#include "sounder/model.h"

#define PROBES_LEAST 30
#define PROBES_MOST 3840

static enum sdr_status perform_chart_zoom(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"in", "out", NULL};
	struct ui *ui = screen;
	int what = ui_act_choose(words, ui_act_word(call), error);
	uint32_t *probes = &ui->charting.probes;
	if (what < 0)
		return SDR_EINVAL;
	*probes = what == 0 ? *probes / 2 : *probes * 2;
	if (*probes < PROBES_LEAST)
		*probes = PROBES_LEAST;
	if (*probes > PROBES_MOST)
		*probes = PROBES_MOST;
	return SDR_OK;
}
UI_ACTION(chart_zoom)

/* The target whose chart is seen; NULL: none is. */
static const struct sdr_target *charted(struct ui *ui)
{
	struct ui_subject subject;
	return ui_subject(ui, &subject) ? sdr_engine_find(sdr_app_engine(ui->app), subject.id)
					: NULL;
}

/* By half of what the chart spans; no further than something is known: an hour is. */
static enum sdr_status perform_chart_pan(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"earlier", "later", "now", NULL};
	struct ui *ui = screen;
	struct ui_charting *charting = &ui->charting;
	const struct sdr_target *target = charted(ui);
	const struct sdr_model *model = sdr_app_model(ui->app);
	int what = ui_act_choose(words, ui_act_word(call), error);
	if (what < 0)
		return SDR_EINVAL;
	sdr_ns interval = target ? ui_ping_interval(target) : SDR_SECOND,
	       step = charting->probes * interval / 2, known = SDR_HOUR;
	uint32_t position = target ? sdr_model_position(model, target->id) : UINT32_MAX;
	if (position != UINT32_MAX)
		known = (sdr_ns)sdr_model_series_number(model, position) * interval;
	if (known > SDR_HOUR)
		known = SDR_HOUR;
	sdr_wall now = ui_wall(ui), until = charting->until ? charting->until : now;
	until += what == 0 ? -step : step;
	if (until < now - known + step)
		until = now - known + step;
	charting->until = what == 2 || until >= now ? 0 : until;
	return SDR_OK;
}
UI_ACTION(chart_pan)

static enum sdr_status perform_chart_kind(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"area", "line", "bars", "dots", "histogram", NULL};
	struct ui *ui = screen;
	int kind = sdr_call_word(call, 0) ? ui_act_choose(words, ui_act_word(call), error)
					  : (int)((ui->charting.kind + 1) % UI_CHART_KINDS);
	if (kind < 0)
		return SDR_EINVAL;
	ui->charting.kind = (unsigned)kind;
	return SDR_OK;
}
UI_ACTION(chart_kind)

static enum sdr_status perform_chart_scale(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"linear", "log", NULL};
	struct ui *ui = screen;
	int log = sdr_call_word(call, 0) ? ui_act_choose(words, ui_act_word(call), error)
					 : !ui->charting.log;
	if (log < 0)
		return SDR_EINVAL;
	ui->charting.log = log;
	return SDR_OK;
}
UI_ACTION(chart_scale)

static enum sdr_status perform_chart_full(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	(void)call;
	if (!ui_focused(ui)->panel->charts) {
		sdr_error_set(error, 0, "there is no chart here: Enter on a target opens its page");
		return SDR_ENOENT;
	}
	ui->charting.full = !ui->charting.full;
	return SDR_OK;
}
UI_ACTION(chart_full)

static enum sdr_status perform_mark(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_subject subject;
	struct ui_charting *charting = &ui->charting;
	unsigned kept = 0;
	bool was = false;
	if (sdr_call_has(call, "none")) {
		charting->marked = 0;
		return SDR_OK;
	}
	if (!ui_subject(ui, &subject) || subject.id == UI_NO_TARGET) {
		sdr_error_set(error, 0,
			subject.members ? "a group can't be marked, its targets can"
					: "there is no watched target on this line to mark");
		return SDR_ENOENT;
	}
	for (unsigned i = 0; i < charting->marked; i++) {
		was = was || charting->marks[i] == subject.id;
		if (charting->marks[i] != subject.id)
			charting->marks[kept++] = charting->marks[i];
	}
	if (!was && kept == UI_MARKS) {
		sdr_error_set(error, 0,
			"%u targets are marked, which is as many as a "
			"chart shows; mark --none unmarks them",
			UI_MARKS);
		return SDR_ERANGE;
	}
	if (!was)
		charting->marks[kept++] = subject.id;
	charting->marked = kept;
	struct ui_table *table = ui_table_now(ui);
	if (table) {
		table->fresh = false; /* a filter may ask for marks */
		ui_table_move(table, UI_MOVE_DOWN);
	}
	ui_notify(ui, SDR_TONE_PLAIN, "%s is %s", subject.target,
		was ? "no longer marked" : "marked: charts show it too");
	return SDR_OK;
}
UI_ACTION(mark)

static const struct sdr_option mark_options[] = {
	{.name = "none", .letter = 'n', .kind = SDR_OPTION_FLAG, .sentence = "unmark all"},
	{0},
};

static const struct sdr_command chart_zoom = UI_COMMAND(chart_zoom, "chart-zoom", UI_TOPIC_CHARTS,
	"in|out", "show a shorter or a longer time in charts", 1, 1);
static const struct sdr_command chart_pan = UI_COMMAND(chart_pan, "chart-pan", UI_TOPIC_CHARTS,
	"earlier|later|now", "show in charts what was before, or now again", 1, 1);
static const struct sdr_command chart_kind = UI_COMMAND(chart_kind, "chart-kind", UI_TOPIC_CHARTS,
	"[area|line|bars|dots|histogram]", "choose how charts are drawn", 0, 1);
static const struct sdr_command chart_scale = UI_COMMAND(chart_scale, "chart-scale",
	UI_TOPIC_CHARTS, "[linear|log]", "choose a linear or a logarithmic scale", 0, 1);
static const struct sdr_command chart_full = UI_COMMAND(chart_full, "chart-full", UI_TOPIC_CHARTS,
	NULL, "give the chart the whole panel, or take it back", 0, 0);
static const struct sdr_command mark = {.name = "mark",
	.topic = UI_TOPIC_CHARTS,
	.sentence = "let charts show the target on this line too, or no longer, and move down",
	.options = {mark_options},
	.where = SDR_WHERE_SCREEN,
	.make = make_mark};

const struct sdr_command *const ui_act_chart[] = {
	&chart_zoom, &chart_pan, &chart_kind, &chart_scale, &chart_full, &mark, NULL};
