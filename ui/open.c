/* open.c - the screen made and unmade, apart from loop and terminal: panels, commands, standard
 * keys. */
#include "open.h"

#include <stdlib.h>
#include <string.h>

#include "front.h"
#include "lines_asked.h"
#include "panels.h"
#include "sounder/model.h"
#include "theme_file.h"
#include "ui_copy.h"
#include "ui_job.h"
#include "undo.h"

static const struct sdr_command *const no_commands[] = {NULL};

/* Gathers the screen's commands and the panels' in one table and hands it to the app. */
static enum sdr_status register_commands(struct ui *ui)
{
	size_t count = 0;
	while (ui_command_at((unsigned)count))
		count++;
	ui->commands = calloc(count + 1, sizeof(*ui->commands));
	if (!ui->commands)
		return SDR_ENOMEM;
	for (size_t i = 0; i < count; i++)
		ui->commands[i] = ui_command_at((unsigned)i);
	sdr_app_register(ui->app, ui->commands);
	return SDR_OK;
}

static enum sdr_status open_panels(struct ui *ui)
{
	ui->slots = calloc(ui_panel_count(), sizeof(*ui->slots));
	if (!ui->slots)
		return SDR_ENOMEM;
	for (unsigned i = 0; i < ui_panel_count(); i++) {
		struct ui_slot *slot = &ui->slots[ui->slot_count++];
		slot->panel = ui_panel_at(i);
		ui->tab_count += !slot->panel->page;
		slot->state = calloc(1, slot->panel->size ? slot->panel->size : 1);
		if (!slot->state)
			return SDR_ENOMEM;
		enum sdr_status status =
			slot->panel->open ? slot->panel->open(ui, slot->state) : SDR_OK;
		if (status)
			return status;
	}
	return SDR_OK;
}

/* A standard key that does not resolve is a fault of ours, which a test finds; the screen opens
 * without it and reports it in the journal. */
static enum sdr_status note_unresolved(
	struct ui *ui, enum sdr_status status, const char *line, const struct sdr_error *error)
{
	if (status == SDR_OK || status == SDR_ENOMEM)
		return status;
	ui->unresolved++;
	sdr_model_note(sdr_app_model(ui->app), ui->wall, SDR_TONE_BAD, "keys", "%s: %s", line,
		error->text);
	return SDR_OK;
}

static enum sdr_status bind_panels(struct ui *ui)
{
	for (unsigned i = 0; i < ui->slot_count; i++) {
		for (const struct ui_key *key = ui->slots[i].panel->keys; key && key->key; key++) {
			struct ui_bind bind = {.panel = (int)i,
				.line = key->line,
				.note = key->note,
				.standard = true};
			struct sdr_error error = {0};
			enum sdr_status status = ui_key_parse(key->key, &bind.key, &error);
			if (status == SDR_OK)
				status = ui_keymap_bind(ui->keymap, ui->app, &bind, &error);
			if (note_unresolved(ui, status, key->line, &error))
				return SDR_ENOMEM;
		}
	}
	return SDR_OK;
}

/* Runs the compiled-in keys, which are lines like a config file's. */
static enum sdr_status bind_standard(struct ui *ui)
{
	enum sdr_status status = SDR_OK;
	ui->standard = true;
	for (const char *at = ui_keymap_standard(); *at && status == SDR_OK;) {
		const char *end = strchr(at, '\n');
		char *line = strndup(at, end ? (size_t)(end - at) : strlen(at));
		struct sdr_error error = {0};
		status = line ? ui_front_run_text(ui, line, &error) : SDR_ENOMEM;
		status = note_unresolved(ui, status, line ? line : "", &error);
		free(line);
		at = end ? end + 1 : at + strlen(at);
	}
	ui->standard = false;
	return status;
}

static void on_state(void *context, const struct sdr_target *target, enum sdr_state state)
{
	struct ui *ui = context;
	if (state == SDR_STATE_DOWN)
		ui_alert_down(ui, target);
	ui->ring = ui->ring || sdr_settings_number(sdr_app_settings(ui->app), SDR_SET_BELL);
}

static void on_complaint(void *context, const char *text)
{
	ui_notify(context, SDR_TONE_BAD, "%s", text);
}

static enum sdr_status listen_to(struct ui *ui, struct sdr_session *session)
{
	struct sdr_session_listener listener = {ui, on_state, on_complaint};
	return sdr_session_listen(session, &listener);
}

enum sdr_status ui_open(struct ui *ui, struct sdr_app *app)
{
	ui->app = app;
	ui->charting.probes = 60;
	ui->theme = ui_theme_at(0);
	ui_tick_clock(ui);
	ui->away = (struct ui_away){.last = ui->now, .last_wall = ui->wall};
	ui->keymap = ui_keymap_new();
	ui->prompt = ui_prompt_new(app);
	if (!ui->keymap || !ui->prompt)
		return SDR_ENOMEM;
	enum sdr_status status = listen_to(ui, sdr_app_session(app));
	if (status == SDR_OK)
		status = open_panels(ui);
	if (status == SDR_OK)
		status = register_commands(ui);
	if (status == SDR_OK)
		status = bind_panels(ui);
	if (status == SDR_OK)
		status = bind_standard(ui);
	return status;
}

void ui_close(struct ui *ui)
{
	ui_asked_end(ui, false);
	ui_job_close(ui);
	ui_undo_done(ui);
	ui_copy_close(ui);
	ui_overlay_close(&ui->overlay);
	ui_prompt_free(ui->prompt);
	ui_keymap_free(ui->keymap);
	for (unsigned i = 0; i < ui->slot_count; i++) {
		if (ui->slots[i].state && ui->slots[i].panel->close)
			ui->slots[i].panel->close(ui, ui->slots[i].state);
		free(ui->slots[i].state);
		free(ui->slots[i].columns);
	}
	free(ui->slots);
	free(ui->places);
	sdr_model_thaw(ui->frozen);
	if (ui->app) {
		sdr_session_ignore(sdr_app_session(ui->app), ui);
		sdr_app_register(ui->app, no_commands);
	}
	free(ui->commands);
	ui_canvas_free(ui->canvas);
	ui_theme_free(ui->own_theme);
}
