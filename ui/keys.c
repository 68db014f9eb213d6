/* keys.c - what a key, a paste or the mouse does: to the overlay, the prompt, the panel's input, or
 * through the key map, in that order. */
#include "keys.h"
#include "act_columns.h"
#include "act_jobs.h"
#include "away.h"
#include "filter_field.h"
#include "front.h"
#include "lines_asked.h"
#include "mouse.h"
#include "sounder/line.h"
#include "ui_job.h"

#include <stdlib.h>
#include <string.h>

void ui_typed(struct ui *ui, struct ui_slot *slot, bool enter)
{
	const struct ui_panel *panel = slot->panel;
	char line[UI_INPUT_TEXT + 64];
	if (panel->typed) {
		panel->typed(ui, slot->state, slot->input.text, enter);
	} else if (enter && slot->input.length > 0) {
		snprintf(line, sizeof(line), "%s %s",
			panel->input->command ? panel->input->command : "", slot->input.text);
		ui_ask(ui, panel, line);
	}
}

static void format_unknown(struct ui *ui, uint32_t key)
{
	char name[UI_KEY_TEXT];
	ui_notify(ui, SDR_TONE_PLAIN, "%s does nothing here%s", ui_key_format(name, key),
		ui_typeahead_in_field(ui) ? "" : "; ? shows the keys");
}

static bool is_harmless(const struct ui_binding *binding)
{
	return binding &&
		!(sdr_line_call(binding->line)->command->effects &
			(SDR_EFFECT_CHANGES | SDR_EFFECT_LEAVES));
}

/* A key that edits nothing moves the cursor in the panel, so that users can type and read at once.
 * No other binding runs from within a text field. */
static bool moves_on(struct ui *ui, uint32_t key)
{
	static const uint32_t moving[] = {
		UI_KEY_UP, UI_KEY_DOWN, UI_KEY_PAGE_UP, UI_KEY_PAGE_DOWN, UI_KEY_TAB};
	const struct ui_binding *binding = ui_keymap_find(ui->keymap, (int)ui->focus, key);
	for (size_t i = 0; i < sizeof(moving) / sizeof(*moving); i++) {
		if (moving[i] == key && is_harmless(binding)) {
			ui_front_key(ui, binding->line);
			return true;
		}
	}
	return false;
}

static void input_key(struct ui *ui, struct ui_slot *slot, uint32_t key)
{
	switch (ui_input_key(&slot->input, key)) {
	case UI_INPUT_CHANGED:
		ui_typed(ui, slot, false);
		break;
	case UI_INPUT_ENTERED:
		slot->input.active = false;
		ui_typed(ui, slot, true);
		slot->input.active = slot->input.active || slot->input.error[0];
		break;
	case UI_INPUT_LEFT:
		slot->input.active = false;
		break;
	case UI_INPUT_MOVED:
		break;
	case UI_INPUT_IGNORED:
		if (!moves_on(ui, key))
			format_unknown(ui, key);
		break;
	}
}

static void filter_key(struct ui *ui, uint32_t key)
{
	if (ui_filter_field_key(ui, key) == UI_INPUT_IGNORED && !moves_on(ui, key))
		format_unknown(ui, key);
}

static void prompt_key(struct ui *ui, uint32_t key)
{
	char line[UI_INPUT_TEXT];
	enum ui_input_result result = ui_prompt_key(ui->prompt, key);
	if (result == UI_INPUT_IGNORED)
		format_unknown(ui, key);
	if (result != UI_INPUT_ENTERED)
		return;
	memcpy(line, ui_prompt_text(ui->prompt), sizeof(line));
	ui->message_until = 0;
	ui->typed_line = true;
	ui_do(ui, line);
	ui->typed_line = false;
	if (ui->typeahead.held_back)
		ui_prompt_open(ui->prompt, line);
}

/* The field for lines is left, or its lines are whole. Targets that are wrong stay there to be
 * mended. */
static void end_lines(struct ui *ui, bool enter)
{
	struct sdr_error error = {0};
	struct sdr_line *line = NULL;
	enum sdr_status status = enter ? ui_asked_line(ui, &line, &error) : SDR_OK;
	bool targets = line;
	if (targets)
		status = ui_front_run(ui, line, NULL, &error);
	sdr_line_free(line);
	if (status != SDR_OK)
		ui_notify(ui, SDR_TONE_BAD, "%s",
			error.text[0] ? error.text : sdr_status_text(status));
	else
		ui_asked_end(ui, enter && !targets);
}

static void overlay_key(struct ui *ui, uint32_t key)
{
	enum ui_input_result result = ui_overlay_key(&ui->overlay, key);
	bool lines = ui->overlay.kind == UI_OVERLAY_LINES;
	if (lines && result == UI_INPUT_IGNORED) {
		format_unknown(ui, key);
	} else if (lines && (result == UI_INPUT_ENTERED || result == UI_INPUT_LEFT)) {
		end_lines(ui, result == UI_INPUT_ENTERED);
	} else if (result == UI_INPUT_ENTERED) {
		char *line = strdup(ui_overlay_line(&ui->overlay));
		ui_overlay_close(&ui->overlay);
		if (line)
			ui_do(ui, line);
		free(line);
	} else if (result == UI_INPUT_LEFT) {
		ui_job_leave(ui);
	} else if (result == UI_INPUT_IGNORED && (key == '<' || key == '>')) {
		ui_columns_shift(ui, key == '<' ? -1 : 1);
	} else if (result == UI_INPUT_IGNORED && key == 'x') {
		ui_job_list_cancel(ui);
	}
}

/* Whether a key acts on what is under the cursor. */
static bool is_aimed(const struct ui_binding *binding)
{
	const struct sdr_command *command = sdr_line_call(binding->line)->command;
	return !command->topic || strchr(binding->text, '%');
}

/* Runs what a key stands for. It acts on what was drawn under the cursor, now and with the next
 * key; where that is gone meanwhile, on nothing. In an empty table there is nothing to miss. */
static void run_key(struct ui *ui, const struct ui_binding *binding)
{
	struct ui_table *table = ui_table_now(ui);
	ui->key_at = ui->now;
	if (table && table->lost && table->line_count > 0 && is_aimed(binding)) {
		ui_notify(ui, SDR_TONE_WARNING,
			"what was under the cursor is gone: nothing was done");
		return;
	}
	if (table && is_aimed(binding))
		(void)ui_table_pin(table);
	ui_front_key(ui, binding->line);
}

static void on_key(struct ui *ui, uint32_t key);

/* Esc and a key soon after it come as the same bytes as Alt and that key. Where Alt means nothing
 * they were two keys, since a multiplexer hands both on at once; but not where the second would
 * change something or leave: then Alt was meant. */
static void alt_key(struct ui *ui, uint32_t key)
{
	const struct ui_binding *binding =
		ui_keymap_find(ui->keymap, (int)ui->focus, key & ~UI_KEY_ALT);
	if (!is_harmless(binding)) {
		format_unknown(ui, key);
		return;
	}
	on_key(ui, UI_KEY_ESC);
	on_key(ui, key & ~UI_KEY_ALT);
}

static void on_key(struct ui *ui, uint32_t key)
{
	struct ui_slot *slot = ui_focused(ui);
	const struct ui_binding *binding = ui_keymap_find(ui->keymap, (int)ui->focus, key);
	if (key == (UI_KEY_CTRL | 'l') &&
		is_harmless(binding)) /* redraws in every mode, as readline does */
		ui_front_key(ui, binding->line);
	else if (key & UI_KEY_ALT && !binding && !ui_typeahead_in_field(ui))
		alt_key(ui, key);
	else if (ui->overlay.kind != UI_OVERLAY_NONE)
		overlay_key(ui, key);
	else if (ui_prompt_is_open(ui->prompt))
		prompt_key(ui, key);
	else if (ui_filter_field_is_open(ui))
		filter_key(ui, key);
	else if (slot->input.active)
		input_key(ui, slot, key);
	else if (binding)
		run_key(ui, binding);
	else
		format_unknown(ui, key);
}

static void paste_into(struct ui *ui, struct ui_input *input, const struct ui_event *event)
{
	size_t before = input->length;
	ui_input_insert(input, event->bytes, event->length);
	size_t lost = event->length + event->dropped - (input->length - before);
	if (lost > 0)
		ui_notify(ui, SDR_TONE_WARNING,
			"the paste was longer than fits, or no text: %zu bytes of it are missing",
			lost);
	else if (event->unended)
		ui_notify(ui, SDR_TONE_WARNING,
			"the paste's end never came; what came of it stands here");
}

/* A paste is text for a field; without one that has the keys it is kept for a person to put
 * somewhere. */
static void on_paste(struct ui *ui, const struct ui_event *event)
{
	struct ui_slot *slot = ui_focused(ui);
	if (ui->overlay.kind != UI_OVERLAY_NONE) {
		if (!ui_overlay_paste(&ui->overlay, event->bytes, event->length))
			ui_typeahead_keep_paste(ui, event);
		else if (ui->overlay.kind == UI_OVERLAY_LINES && event->dropped > 0)
			ui_notify(ui, SDR_TONE_WARNING,
				"the paste was longer than fits: %zu bytes of it are missing",
				event->dropped);
	} else if (ui_prompt_is_open(ui->prompt)) {
		paste_into(ui, ui_prompt_input(ui->prompt), event);
	} else if (ui_filter_field_is_open(ui)) {
		ui_filter_field_paste(ui, event->bytes, event->length);
	} else if (slot->input.active) {
		paste_into(ui, &slot->input, event);
		ui_typed(ui, slot, false);
	} else {
		ui_typeahead_keep_paste(ui, event);
	}
}

/* The rest of an unterminated reply may still come, and then as keys: report it, so that the user
 * can guess the cause. */
static void on_lost(struct ui *ui, const struct ui_event *event)
{
	ui_notify(ui, SDR_TONE_WARNING, "a reply of the terminal had no end: %zu bytes dropped",
		event->dropped);
}

static void on_mouse(struct ui *ui, const struct ui_event *event)
{
	uint32_t key = ui_mouse(ui, event);
	if (key && ui->overlay.kind != UI_OVERLAY_NONE)
		overlay_key(ui, key);
}

void ui_on_event(struct ui *ui, const struct ui_event *event)
{
	ui_tick_clock(ui);
	if (event->kind != UI_EVENT_LOST)
		ui_away_note(ui);
	if (event->kind == UI_EVENT_KEY)
		on_key(ui, event->key);
	else if (event->kind == UI_EVENT_PASTE)
		on_paste(ui, event);
	else if (event->kind == UI_EVENT_LOST)
		on_lost(ui, event);
	else
		on_mouse(ui, event);
	ui_want_frame(ui);
}
