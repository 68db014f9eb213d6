/* act_screen.c - the screen's commands that change what is seen: panels, moving, sorting, zoom,
 * theme, mouse, charts, quitting. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "filter_field.h"
#include "ping_detail.h"
#include "places.h"
#include "sounder/model.h"
#include "theme_file.h"
#include "ui_job.h"

static const char *first_word(const struct sdr_call *call)
{
	const char *word = sdr_call_word(call, 0);
	return word ? word : "";
}

/* Returns the position of `word` in a NULL-terminated list, or -1 with `error` naming them all. */
static int choose(const char *const *words, const char *word, struct sdr_error *error)
{
	char all[200] = "";
	for (int i = 0; words[i]; i++) {
		if (!strcmp(words[i], word))
			return i;
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? ", " : "",
			words[i]);
	}
	sdr_error_set(error, 0, "\"%s\": one of %s is right", word, all);
	return -1;
}

/* ---- panels ---- */

static enum sdr_status perform_panel(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *word = first_word(call);
	char *end;
	unsigned long digit = strtoul(word, &end, 10);
	if (!strcmp(word, "next") || !strcmp(word, "previous")) {
		ui_focus(ui, (ui_tab(ui) + (*word == 'n' ? 1 : ui->tab_count - 1)) % ui->tab_count);
		return SDR_OK;
	}
	if (*word && !*end && digit >= 1 && digit <= ui->tab_count) {
		ui_focus(ui, (unsigned)digit - 1);
		return SDR_OK;
	}
	for (unsigned i = 0; i < ui->tab_count; i++) {
		if (!strcmp(ui->slots[i].panel->name, word)) {
			ui_focus(ui, i);
			return SDR_OK;
		}
	}
	sdr_error_set(error, 0, "there is no panel \"%s\"; the header names them, 1 to %u", word,
		ui->tab_count);
	return SDR_ENOENT;
}
UI_ACTION(panel)

static enum sdr_status perform_zoom(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	(void)call;
	(void)error;
	ui->zoom = !ui->zoom;
	return SDR_OK;
}
UI_ACTION(zoom)

/* One step back: what was opened last closes; never out. */
static enum sdr_status perform_back(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_slot *slot = ui_focused(ui);
	(void)call;
	(void)error;
	if (ui->message_until > ui->now && ui_opened_before_message(ui)) {
		ui->message_until = 0;
		ui_typeahead_drop(ui);
	} else if (slot->job)
		ui_job_drop(ui, slot);
	else if (slot->input.error[0])
		slot->input.error[0] = '\0';
	else if (ui_filter_field_clear(ui))
		return SDR_OK;
	else if (ui->zoom)
		ui->zoom = false;
	else
		(void)ui_leave_page(ui);
	return SDR_OK;
}
UI_ACTION(back)

/* ---- moving and sorting ---- */

static enum sdr_status perform_move(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {[UI_MOVE_UP] = "up",
		[UI_MOVE_DOWN] = "down",
		[UI_MOVE_PAGE_UP] = "page-up",
		[UI_MOVE_PAGE_DOWN] = "page-down",
		[UI_MOVE_TOP] = "top",
		[UI_MOVE_BOTTOM] = "bottom",
		NULL};
	struct ui_table *table = ui_table_now(screen);
	int move = choose(words, first_word(call), error);
	if (move < 0)
		return SDR_EINVAL;
	if (table)
		ui_table_move(table, (enum ui_move)move);
	return SDR_OK;
}
UI_ACTION(move)

static enum sdr_status perform_sort(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"previous", "next", "invert", NULL};
	struct ui_table *table = ui_table_now(screen);
	int what = choose(words, first_word(call), error);
	if (what < 0)
		return SDR_EINVAL;
	if (!table)
		return SDR_OK;
	if (what == 2)
		ui_table_invert(table);
	else
		ui_table_sort(table, what == 0 ? -1 : 1);
	return SDR_OK;
}
UI_ACTION(sort)

static enum sdr_status perform_fold(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"all", NULL};
	struct ui_table *table = ui_table_now(screen);
	bool all = sdr_call_word(call, 0);
	if (all && choose(words, first_word(call), error) < 0)
		return SDR_EINVAL;
	if (table && ui_table_fold(table, all))
		return SDR_OK;
	sdr_error_set(error, 0,
		"nothing folds here: no set of targets, no group (\"group-by group\" in the ping "
		"panel)");
	return SDR_ENOENT;
}
UI_ACTION(fold)

/* ---- charts ---- */

#define PROBES_LEAST 30
#define PROBES_MOST 3840

static enum sdr_status perform_chart_zoom(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"in", "out", NULL};
	struct ui *ui = screen;
	int what = choose(words, first_word(call), error);
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
	int what = choose(words, first_word(call), error);
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
	static const char *const words[] = {"line", "bars", "dots", "histogram", NULL};
	struct ui *ui = screen;
	int kind = sdr_call_word(call, 0) ? choose(words, first_word(call), error)
					  : (int)((ui->charting.kind + 1) % 4);
	if (kind < 0)
		return SDR_EINVAL;
	ui->charting.kind = (unsigned)kind;
	return SDR_OK;
}
UI_ACTION(chart_kind)

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

/* ---- standing still ---- */

/* Freezes the screen so that it can be read; probes and figures continue in the background. */
static enum sdr_status perform_freeze(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	(void)call;
	if (ui->frozen) {
		sdr_model_thaw(ui->frozen);
		ui->frozen = NULL;
		ui_notify(ui, SDR_TONE_PLAIN, "the picture goes on");
		return SDR_OK;
	}
	ui->frozen_now = ui->now;
	ui->frozen_wall = ui->wall;
	ui->frozen = sdr_model_freeze(sdr_app_model(ui->app));
	if (!ui->frozen) {
		sdr_error_set(error, 0, "out of memory: the picture can't be kept");
		return SDR_ENOMEM;
	}
	ui_notify(ui, SDR_TONE_PLAIN, "the picture stands still, probing goes on; Space again");
	return SDR_OK;
}
UI_ACTION(freeze)

/* ---- looks ---- */

/* Both are settings, so that set, write-config and these keys agree; the next tick applies them. */
static enum sdr_status perform_theme(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *name = first_word(call);
	char found[256];
	if (!*name || !strcmp(name, "next")) {
		unsigned at = 0;
		while (ui_theme_at(at) && ui_theme_at(at) != ui->theme)
			at++;
		/* Ours, then the user's. */
		const struct ui_theme *next = ui_theme_at(at) ? ui_theme_at(at + 1) : NULL;
		const char *own = ui_theme_at(at) ? "" : ui_theme_name(ui->theme);
		name = next ? ui_theme_name(next)
			: ui_theme_next_own(own, found, sizeof(found))
			? found
			: ui_theme_name(ui_theme_at(0));
	}
	enum sdr_status status = sdr_settings_set(sdr_app_settings(ui->app), "theme", name, error);
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "theme %s", name);
	return status;
}
UI_ACTION(theme)

static enum sdr_status perform_mouse(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *word = sdr_call_word(call, 0) ? first_word(call) : ui->mouse ? "off" : "on";
	enum sdr_status status = sdr_settings_set(sdr_app_settings(ui->app), "mouse", word, error);
	if (status == SDR_OK)
		ui_notify(ui, SDR_TONE_PLAIN, "mouse %s%s", word,
			!strcmp(word, "on") ? "; shift still selects text" : "");
	return status;
}
UI_ACTION(mouse)

static enum sdr_status perform_redraw(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	(void)call;
	(void)error;
	if (ui->canvas)
		ui_canvas_forget(ui->canvas);
	return SDR_OK;
}
UI_ACTION(redraw)

/* ---- out ---- */

static enum sdr_status perform_suspend(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	(void)call;
	(void)error;
	ui_suspend(ui);
	return SDR_OK;
}
UI_ACTION(suspend)

static enum sdr_status perform_quit(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	(void)error;
	ui->quitting = true;
	ui->leaving = sdr_call_has(call, "leave");
	ui_want_frame(ui);
	return SDR_OK;
}
UI_ACTION(quit)

static const struct sdr_option quit_options[] = {
	{.name = "leave",
		.letter = 'l',
		.kind = SDR_OPTION_FLAG,
		.sentence = "leave the last screen on the terminal"},
	{0},
};

static const struct sdr_option mark_options[] = {
	{.name = "none", .letter = 'n', .kind = SDR_OPTION_FLAG, .sentence = "unmark all"},
	{0},
};

#define COMMAND(verb, text, under, words, about, least, most) \
	{ \
		.name = text, .topic = under, .arguments = words, .sentence = about, \
		.words_min = least, .words_max = most, \
		.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG, .make = make_##verb \
	}

static const struct sdr_command panel = {.name = "panel",
	.topic = UI_TOPIC_PANELS,
	.arguments = "NAME|DIGIT|next|previous",
	.sentence = "go to a panel",
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.complete = SDR_COMPLETE_PANEL,
	.make = make_panel};
static const struct sdr_command theme = {.name = "theme",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[NAME|next]",
	.sentence = "change the colours",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES | SDR_EFFECT_LOOKS,
	.complete = SDR_COMPLETE_THEME,
	.make = make_theme};
static const struct sdr_command quit = {.name = "quit",
	.topic = UI_TOPIC_SCREEN,
	.aliases = {"q"},
	.sentence = "leave the dashboard",
	.options = {quit_options},
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_LEAVES,
	.make = make_quit};
static const struct sdr_command zoom = COMMAND(zoom, "zoom", UI_TOPIC_PANELS, NULL,
	"give the panel the whole screen, or take it back", 0, 0);
static const struct sdr_command back =
	COMMAND(back, "back", UI_TOPIC_SCREEN, NULL, "go one step back, never out", 0, 0);
static const struct sdr_command move = COMMAND(move, "move", UI_TOPIC_MOVING,
	"up|down|page-up|page-down|top|bottom", "move the cursor", 1, 1);
static const struct sdr_command sort = COMMAND(sort, "sort", UI_TOPIC_MOVING,
	"previous|next|invert", "choose the column that orders the rows", 1, 1);
static const struct sdr_command fold = {.name = "fold",
	.topic = UI_TOPIC_MOVING,
	.arguments = "[all]",
	.sentence =
		"fold the group or the set on this line to one line, or unfold it; all: every one",
	.details = "A set is what one target stands for: all addresses of a name, the hops of a "
		   "path; it folds to that one's line while rows are not grouped. "
		   "On the line of a group p and R act on all its targets, group labels them all; "
		   "what can't be taken back (d, r) and e act on single targets only.",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.make = make_fold};
static const struct sdr_command chart_zoom = COMMAND(chart_zoom, "chart-zoom", UI_TOPIC_CHARTS,
	"in|out", "show a shorter or a longer time in charts", 1, 1);
static const struct sdr_command chart_pan = COMMAND(chart_pan, "chart-pan", UI_TOPIC_CHARTS,
	"earlier|later|now", "show in charts what was before, or now again", 1, 1);
static const struct sdr_command chart_kind = COMMAND(chart_kind, "chart-kind", UI_TOPIC_CHARTS,
	"[line|bars|dots|histogram]", "choose how charts are drawn", 0, 1);
static const struct sdr_command mark = {.name = "mark",
	.topic = UI_TOPIC_CHARTS,
	.sentence = "let charts show the target on this line too, or no longer, and move down",
	.options = {mark_options},
	.where = SDR_WHERE_SCREEN,
	.make = make_mark};
static const struct sdr_command freeze = COMMAND(freeze, "freeze", UI_TOPIC_SCREEN, NULL,
	"let the picture stand still while probing goes on; again: go on", 0, 0);
static const struct sdr_command mouse = {.name = "mouse",
	.topic = UI_TOPIC_SCREEN,
	.arguments = "[on|off]",
	.sentence = "take the mouse, or leave it to the terminal",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES | SDR_EFFECT_LOOKS,
	.make = make_mouse};
static const struct sdr_command redraw =
	COMMAND(redraw, "redraw", UI_TOPIC_SCREEN, NULL, "redraw the whole screen", 0, 0);
static const struct sdr_command suspend = {.name = "suspend",
	.topic = UI_TOPIC_SCREEN,
	.sentence = "stop and give the shell its terminal back",
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_LEAVES,
	.make = make_suspend};

const struct sdr_command *const ui_act_screen[] = {&panel, &zoom, &back, &move, &sort, &fold,
	&chart_zoom, &chart_pan, &chart_kind, &mark, &freeze, &theme, &mouse, &redraw, &suspend,
	&quit, NULL};
