/* ui_tick.c - what the screen does with data that changed, apart from drawing it. */
#include "ui_tick.h"

#include <string.h>

#include "act_jobs.h"
#include "frame.h"
#include "sounder/model.h"
#include "theme_file.h"
#include "undo.h"

/* A theme of the user's is read when it is chosen. */
static const struct ui_theme *chosen_theme(struct ui *ui, const char *name)
{
	struct sdr_error error = {0};
	if (!strcmp(ui_theme_name(ui->theme), name) || ui_theme_find(name))
		return ui_theme_find(name) ? ui_theme_find(name) : ui->theme;
	struct ui_theme *own = ui_theme_load(name, &error);
	if (!own) {
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
		(void)!sdr_settings_set(
			sdr_app_settings(ui->app), "theme", ui_theme_name(ui->theme), NULL);
		return NULL;
	}
	if (ui->canvas)
		ui_canvas_theme(ui->canvas, own);
	ui_theme_free(ui->own_theme);
	ui->theme = ui->own_theme = own;
	return own;
}

void ui_settle(struct ui *ui)
{
	const struct sdr_settings *settings = sdr_app_settings(ui->app);
	const struct ui_theme *theme = ui->colourless
		? ui_theme_find("mono")
		: chosen_theme(ui, sdr_settings_text(settings, SDR_SET_THEME));
	bool mouse = sdr_settings_number(settings, SDR_SET_MOUSE) != 0;
	if (theme && theme != ui->theme) {
		ui->theme = theme;
		if (ui->canvas)
			ui_canvas_theme(ui->canvas, theme);
	}
	if (ui->canvas) {
		ui_canvas_glyphs(
			ui->canvas, (unsigned)sdr_settings_number(settings, SDR_SET_GLYPHS));
		ui_canvas_sync(ui->canvas,
			ui->term && ui_term_is_modern(ui->term) &&
				sdr_settings_number(settings, SDR_SET_SYNC));
	}
	if (mouse != ui->mouse) {
		ui->mouse = mouse;
		if (ui->term)
			ui_term_mouse(ui->term, mouse);
	}
}

static void show_title(struct ui *ui)
{
	if (ui->term && sdr_settings_number(sdr_app_settings(ui->app), SDR_SET_TITLE))
		ui_term_title(ui->term, sdr_model_tally(sdr_app_model(ui->app), SDR_STATE_DOWN));
}

/* Once, however many targets went down or came up together. */
static void ring(struct ui *ui)
{
	if (ui->ring && ui->term)
		ui_term_bell(ui->term);
	ui->ring = false;
}

void ui_tick(struct ui *ui)
{
	struct ui_versions versions;
	ui_tick_clock(ui);
	ui_settle(ui);
	show_title(ui);
	ui_alert_look(ui);
	ring(ui);
	ui_job_list_refresh(ui);
	ui_undo_settle(ui);
	struct ui_slot *slot = ui_focused(ui);
	ui->working = slot->panel->work && slot->panel->work(ui, slot->state);
	ui_frame_versions(ui, &versions);
	if (memcmp(&versions, &ui->drawn, sizeof(versions)) != 0)
		ui->due = true;
}
