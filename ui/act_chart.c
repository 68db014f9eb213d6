/* act_chart.c - the screen's commands that change how charts are drawn, and of what. */
#include <stdio.h>

#include "act.h"
#include "act_words.h"
#include "chart.h"
#include "ping_chart.h"
#include "sounder/model.h"

/* The chart that is seen. */
struct charted {
	uint32_t position; /* of its target; UINT32_MAX: there is none */
	sdr_ns interval, span, kept;
};

/* Fills in what is charted in the panel in front; false with `error` where none is. */
static bool find_charted(struct ui *ui, struct charted *charted, struct sdr_error *error)
{
	struct ui_subject subject;
	if (!ui_focused(ui)->panel->charts) {
		sdr_error_set(error, 0, "there is no chart here: Enter on a target opens its page");
		return false;
	}
	charted->position = ui_subject(ui, &subject) && subject.id != UI_NO_TARGET
		? sdr_model_position(ui_model(ui), subject.id)
		: UINT32_MAX;
	if (charted->position == UINT32_MAX) {
		sdr_error_set(error, 0, "nothing is charted: no target is on this line");
		return false;
	}
	charted->interval = ui_ping_interval(sdr_model_target(ui_model(ui), charted->position));
	charted->span = ui_ping_span(ui, charted->position);
	charted->kept = ui_ping_kept(ui, charted->position);
	return true;
}

/* "4m16s" */
static const char *kept_text(char out[static SDR_DURATION_TEXT], const struct charted *charted)
{
	sdr_duration_display(out, charted->kept - charted->kept % SDR_SECOND);
	return out;
}

static enum sdr_status perform_chart_zoom(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"in", "out", NULL};
	struct ui *ui = screen;
	struct charted charted;
	char kept[SDR_DURATION_TEXT];
	int what = ui_act_choose(words, ui_act_word(call), error);
	if (what < 0)
		return SDR_EINVAL;
	if (!find_charted(ui, &charted, error))
		return SDR_ENOENT;
	uint32_t probes = (uint32_t)(charted.span / charted.interval);
	if (what == 0 && probes / 2 < UI_CHART_PROBES)
		ui_notify(ui, SDR_TONE_PLAIN, "no shorter: a chart spans %d probes at least",
			UI_CHART_PROBES);
	else if (what == 1 && charted.span >= charted.kept)
		ui_notify(ui, SDR_TONE_PLAIN, "no longer: this is all that is kept, %s",
			kept_text(kept, &charted));
	else
		ui->charting.probes = what == 0 ? probes / 2 : probes * 2;
	return SDR_OK;
}
UI_ACTION(chart_zoom)

static void pan_earlier(struct ui *ui, const struct charted *charted)
{
	struct ui_charting *charting = &ui->charting;
	char kept[SDR_DURATION_TEXT];
	sdr_wall now = ui_wall(ui), until = charting->until ? charting->until : now,
		 first = now - charted->kept + charted->span;
	if (until <= first) {
		ui_notify(ui, SDR_TONE_PLAIN, "no earlier: only the last %s are kept",
			kept_text(kept, charted));
		return;
	}
	until -= charted->span / 2;
	charting->until = until > first ? until : first;
}

/* By half of what the chart spans; no further than something is kept. */
static enum sdr_status perform_chart_pan(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"earlier", "later", "now", NULL};
	struct ui *ui = screen;
	struct ui_charting *charting = &ui->charting;
	struct charted charted;
	int what = ui_act_choose(words, ui_act_word(call), error);
	if (what < 0)
		return SDR_EINVAL;
	if (!find_charted(ui, &charted, error))
		return SDR_ENOENT;
	sdr_wall later = charting->until + charted.span / 2;
	if (what == 0)
		pan_earlier(ui, &charted);
	else if (charting->until == 0)
		ui_notify(ui, SDR_TONE_PLAIN, "charts end with now already");
	else
		charting->until = what == 2 || later >= ui_wall(ui) ? 0 : later;
	return SDR_OK;
}
UI_ACTION(chart_pan)

/* ---- how they are drawn ---- */

#define KINDS "area|line|bars|dots|histogram|each"

/* Whether another target than the one charted is marked. */
static bool has_several(struct ui *ui)
{
	struct ui_subject subject;
	const struct ui_charting *charting = &ui->charting;
	uint32_t id = ui_subject(ui, &subject) ? subject.id : UI_NO_TARGET;
	for (unsigned i = 0; i < charting->marked; i++)
		if (charting->marks[i] != id &&
			sdr_model_position(ui_model(ui), charting->marks[i]) != UINT32_MAX)
			return true;
	return false;
}

/* The next kind that looks otherwise: several areas are lines, and a plot each is of several. */
static unsigned next_kind(struct ui *ui)
{
	bool several = has_several(ui);
	unsigned kind = ui->charting.kind;
	do
		kind = (kind + 1) % UI_CHART_KINDS;
	while (kind == (several ? UI_CHART_LINE : UI_CHART_EACH));
	return kind;
}

static enum sdr_status perform_chart_kind(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {
		"area", "line", "bars", "dots", "histogram", "each", NULL};
	static const char *const texts[UI_CHART_KINDS] = {"an area; several are lines", "lines",
		"bars", "dots", "a histogram of round trips", "a plot each"};
	struct ui *ui = screen;
	int kind = sdr_call_word(call, 0) ? ui_act_choose(words, ui_act_word(call), error)
					  : (int)next_kind(ui);
	if (kind < 0)
		return SDR_EINVAL;
	ui->charting.kind = (unsigned)kind;
	ui_notify(ui, SDR_TONE_PLAIN, "charts: %s%s", texts[kind],
		kind == UI_CHART_EACH && !has_several(ui) ? " (* on a line adds its target)" : "");
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
	ui_notify(ui, SDR_TONE_PLAIN, "charts: %s scale", log ? "logarithmic" : "linear");
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
	"[" KINDS "]", "choose how charts are drawn; each: a plot for each of several", 0, 1);
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
