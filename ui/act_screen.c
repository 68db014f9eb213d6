/* act_screen.c - the screen's commands that change what is seen: panels, moving, sorting, zoom,
 * theme, mouse, quitting. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "act_words.h"
#include "filter_field.h"
#include "places.h"
#include "sounder/model.h"
#include "theme_file.h"
#include "ui_job.h"

/* ---- panels ---- */

static enum sdr_status perform_panel(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *word = ui_act_word(call);
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
	else if (ui->charting.full && slot->panel->charts)
		ui->charting.full = false;
	else if (ui_section(ui, 0))
		return SDR_OK;
	else if (ui->zoom)
		ui->zoom = false;
	else
		(void)ui_leave_page(ui);
	return SDR_OK;
}
UI_ACTION(back)

static enum sdr_status perform_section(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const words[] = {"next", "previous", NULL};
	struct ui *ui = screen;
	int what = ui_act_choose(words, ui_act_word(call), error);
	if (what < 0)
		return SDR_EINVAL;
	return ui_section(ui, what == 0 ? 1 : -1) ? SDR_OK : perform_panel(screen, call, error);
}
UI_ACTION(section)

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
	int move = ui_act_choose(words, ui_act_word(call), error);
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
	int what = ui_act_choose(words, ui_act_word(call), error);
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
	if (all && ui_act_choose(words, ui_act_word(call), error) < 0)
		return SDR_EINVAL;
	if (table && ui_table_fold(table, all))
		return SDR_OK;
	sdr_error_set(error, 0,
		"nothing folds here: no host with several probes, no set, no group (\"group-by "
		"group\" in the ping panel, \"log-by target\" in the log)");
	return SDR_ENOENT;
}
UI_ACTION(fold)

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

/* The theme that comes after the chosen one, which the next tick may be about to apply: ours, then
 * the user's, whose name is written into found[size]. */
static const char *next_theme(struct ui *ui, char *found, size_t size)
{
	const char *now = sdr_settings_text(sdr_app_settings(ui->app), SDR_SET_THEME);
	unsigned at = 0;
	while (ui_theme_at(at) && strcmp(ui_theme_name(ui_theme_at(at)), now) != 0)
		at++;
	const struct ui_theme *next = ui_theme_at(at) ? ui_theme_at(at + 1) : NULL;
	if (next)
		return ui_theme_name(next);
	return ui_theme_next_own(ui_theme_at(at) ? "" : now, found, size)
		? found
		: ui_theme_name(ui_theme_at(0));
}

/* Both are settings, so that set, write-config and these keys agree; the next tick applies them. */
static enum sdr_status perform_theme(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *name = ui_act_word(call);
	char found[256];
	if (!*name || !strcmp(name, "next"))
		name = next_theme(ui, found, sizeof(found));
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
	bool on = sdr_settings_number(sdr_app_settings(ui->app), SDR_SET_MOUSE) != 0;
	const char *word = sdr_call_word(call, 0) ? ui_act_word(call) : on ? "off" : "on";
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
static const struct sdr_command zoom = UI_COMMAND(zoom, "zoom", UI_TOPIC_PANELS, NULL,
	"give the panel the whole screen, or take it back", 0, 0);
static const struct sdr_command section = UI_COMMAND(section, "section", UI_TOPIC_PANELS,
	"next|previous", "go to the next section, from the last one to the next panel", 1, 1);
static const struct sdr_command back =
	UI_COMMAND(back, "back", UI_TOPIC_SCREEN, NULL, "go one step back, never out", 0, 0);
static const struct sdr_command move = UI_COMMAND(move, "move", UI_TOPIC_MOVING,
	"up|down|page-up|page-down|top|bottom", "move the cursor", 1, 1);
static const struct sdr_command sort = UI_COMMAND(sort, "sort", UI_TOPIC_MOVING,
	"previous|next|invert", "choose the column that orders the rows", 1, 1);
static const struct sdr_command fold = {.name = "fold",
	.topic = UI_TOPIC_MOVING,
	.arguments = "[all]",
	.sentence =
		"fold the group or the set on this line to one line, or unfold it; all: every one",
	.details = "A set is what one target stands for: all addresses of a name, the hops of a "
		   "path; it folds to that one's line while rows are not grouped. In the overview "
		   "all probes of a host are one line, about the worst, and p R r d act on all. "
		   "On the line of a group p and R act on all its targets, group labels them all; "
		   "r, d and e act on single targets only. In the log by target (log-by) older "
		   "entries are folded under the latest.",
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.make = make_fold};
static const struct sdr_command freeze = UI_COMMAND(freeze, "freeze", UI_TOPIC_SCREEN, NULL,
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
	UI_COMMAND(redraw, "redraw", UI_TOPIC_SCREEN, NULL, "redraw the whole screen", 0, 0);
static const struct sdr_command suspend = {.name = "suspend",
	.topic = UI_TOPIC_SCREEN,
	.sentence = "stop and give the shell its terminal back",
	.where = SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_LEAVES,
	.make = make_suspend};

const struct sdr_command *const ui_act_screen[] = {&panel, &section, &zoom, &back, &move, &sort,
	&fold, &freeze, &theme, &mouse, &redraw, &suspend, &quit, NULL};
