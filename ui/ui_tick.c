/* ui_tick.c - what the screen does with data that changed, apart from drawing it. */
#include "ui_tick.h"

#include <string.h>

#include "act_jobs.h"
#include "frame.h"
#include "sounder/model.h"
#include "sounder/sanitize.h"
#include "ui_hook.h"

void ui_settle(struct ui *ui)
{
	const struct sdr_settings *settings = sdr_app_settings(ui->app);
	const struct ui_theme *theme = ui->colourless
		? ui_theme_find("mono")
		: ui_theme_find(sdr_settings_text(settings, SDR_SET_THEME));
	bool mouse = sdr_settings_number(settings, SDR_SET_MOUSE) != 0;
	if (theme && theme != ui->theme) {
		ui->theme = theme;
		if (ui->canvas)
			ui_canvas_theme(ui->canvas, theme);
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

static void log_event(struct ui *ui, const struct sdr_event *event)
{
	char when[SDR_WALL_TEXT], line[2 * SDR_ERROR_TEXT], clean[8 * SDR_ERROR_TEXT];
	struct sdr_error error;
	int length = snprintf(line, sizeof(line), "%s  %s  %s", sdr_wall_format(when, event->when),
		event->subject, event->text);
	size_t used = length < 0                ? 0
		: (size_t)length < sizeof(line) ? (size_t)length
						: sizeof(line) - 1;
	used = sdr_sanitize(clean, sizeof(clean), line, used, NULL);
	if (!ui_log_file_add(
		    ui->log, clean, used < sizeof(clean) ? used : sizeof(clean) - 1, &error))
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
}

/* Appends journal entries that are not in the log file yet, oldest first; what could not be written
 * before is tried again. */
static void write_log(struct ui *ui)
{
	uint64_t count = sdr_model_event_count(sdr_app_model(ui->app));
	struct sdr_error error;
	if (!ui->log)
		return;
	if (count == ui->logged && !ui_log_file_flush(ui->log, &error))
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text);
	for (uint64_t back = count - ui->logged; back > 0; back--) {
		const struct sdr_event *event = back > UINT32_MAX
			? NULL
			: sdr_model_event(sdr_app_model(ui->app), (uint32_t)back - 1);
		if (event)
			log_event(ui, event);
	}
	ui->logged = count;
}

void ui_tick(struct ui *ui)
{
	struct ui_versions versions;
	ui_tick_clock(ui);
	ui_settle(ui);
	ui_hook_look(ui);
	show_title(ui);
	write_log(ui);
	ui_job_list_refresh(ui);
	struct ui_slot *slot = ui_focused(ui);
	ui->working = slot->panel->work && slot->panel->work(ui, slot->state);
	ui_frame_versions(ui, &versions);
	if (memcmp(&versions, &ui->drawn, sizeof(versions)) != 0)
		ui->due = true;
}
