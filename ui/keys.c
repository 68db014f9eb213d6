/* keys.c - what a key, a paste or the mouse does: to the overlay, the prompt, the panel's input, or through the key map, in that order. */
#include <stdlib.h>
#include <string.h>

#include "state.h"

void ui_typed(struct ui *ui, struct ui_slot *slot, bool enter)
{
	const struct ui_panel *panel = slot->panel;
	char line[UI_INPUT_TEXT + 64];
	if (panel->typed) {
		panel->typed(ui, slot->state, slot->input.text, enter);
	} else if (enter && slot->input.length > 0) {
		snprintf(line, sizeof(line), "%s %s", panel->input->command ? panel->input->command : "", slot->input.text);
		ui_ask(ui, panel, line);
	}
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
		/* What edits nothing moves the cursor in what is shown, so that a person can type and look at once. */
		if (key == UI_KEY_UP || key == UI_KEY_DOWN || key == UI_KEY_PAGE_UP || key == UI_KEY_PAGE_DOWN || key == UI_KEY_TAB ||
			key == (UI_KEY_CTRL | 'c')) {
			const struct ui_binding *binding = ui_keymap_find(ui->keymap, (int)ui->focus, key);
			if (binding)
				ui_front_key(ui, binding->line);
		}
		break;
	}
}

static void prompt_key(struct ui *ui, uint32_t key)
{
	char line[UI_INPUT_TEXT];
	if (ui_prompt_key(ui->prompt, key) != UI_INPUT_ENTERED)
		return;
	memcpy(line, ui_prompt_text(ui->prompt), sizeof(line));
	ui->message_until = 0;
	ui_do(ui, line);
}

static void overlay_key(struct ui *ui, uint32_t key)
{
	enum ui_input_result result = ui_overlay_key(&ui->overlay, key);
	if (result == UI_INPUT_ENTERED) {
		char *line = strdup(ui_overlay_line(&ui->overlay));
		ui_overlay_close(&ui->overlay);
		if (line)
			ui_do(ui, line);
		free(line);
	} else if (result == UI_INPUT_LEFT) {
		ui_overlay_close(&ui->overlay);
	}
}

/* Esc and a key soon after it come as the same bytes as Alt and that key. Where Alt means nothing, they were two keys: a person who leaves an
 * input and types a panel's digit is that fast, and so is a multiplexer that hands both on at once. */
static bool is_esc_and_key(const struct ui *ui, uint32_t key)
{
	return key & UI_KEY_ALT && !ui_keymap_find(ui->keymap, (int)ui->focus, key);
}

static void on_key(struct ui *ui, uint32_t key)
{
	struct ui_slot *slot = ui_focused(ui);
	if (is_esc_and_key(ui, key)) {
		on_key(ui, UI_KEY_ESC);
		on_key(ui, key & ~UI_KEY_ALT);
		return;
	}
	if (ui->overlay.kind != UI_OVERLAY_NONE) {
		overlay_key(ui, key);
		return;
	}
	if (ui_prompt_is_open(ui->prompt)) {
		prompt_key(ui, key);
		return;
	}
	if (slot->input.active) {
		input_key(ui, slot, key);
		return;
	}
	const struct ui_binding *binding = ui_keymap_find(ui->keymap, (int)ui->focus, key);
	if (binding)
		ui_front_key(ui, binding->line);
}

/* A paste is text for a field; without one that has the keys nothing is done with it. */
static void on_paste(struct ui *ui, const struct ui_event *event)
{
	struct ui_slot *slot = ui_focused(ui);
	if (ui->overlay.kind != UI_OVERLAY_NONE)
		return;
	if (ui_prompt_is_open(ui->prompt)) {
		ui_prompt_paste(ui->prompt, event->bytes, event->length);
	} else if (slot->input.active) {
		if (ui_input_insert(&slot->input, event->bytes, event->length))
			ui_typed(ui, slot, false);
	} else {
		ui_say(ui, SDR_TONE_WARNING, "%zu bytes pasted were ignored; open the input (i) or the prompt (:) first",
			event->length + event->dropped);
	}
}

static struct ui_table *table_now(struct ui *ui)
{
	struct ui_slot *slot = ui_focused(ui);
	return slot->panel->table ? slot->panel->table(ui, slot->state) : NULL;
}

static void on_click(struct ui *ui, const struct ui_event *event)
{
	struct ui_table *table = table_now(ui);
	for (unsigned i = 0; event->row == 0 && ui->layout.header.height > 0 && i < ui->slot_count; i++)
		if (event->column >= ui->slots[i].tab_from && event->column < ui->slots[i].tab_to)
			ui_focus(ui, i);
	if (!table || event->row < table->row || event->column < table->column || event->column >= table->column + table->width)
		return;
	uint32_t line = table->top + (uint32_t)(event->row - table->row);
	if (line < table->count && line < table->top + table->page)
		ui_table_go(table, line);
}

static void on_mouse(struct ui *ui, const struct ui_event *event)
{
	struct ui_table *table = table_now(ui);
	if (!ui->mouse || !event->pressed || ui->overlay.kind != UI_OVERLAY_NONE)
		return;
	if (event->button == 0)
		on_click(ui, event);
	else if (table && (event->button == 64 || event->button == 65))
		for (int i = 0; i < 3; i++)
			ui_table_move(table, event->button == 64 ? UI_MOVE_UP : UI_MOVE_DOWN);
}

void ui_on_event(struct ui *ui, const struct ui_event *event)
{
	ui_tick_clock(ui);
	if (event->kind == UI_EVENT_KEY)
		on_key(ui, event->key);
	else if (event->kind == UI_EVENT_PASTE)
		on_paste(ui, event);
	else
		on_mouse(ui, event);
	ui_want_frame(ui);
}
