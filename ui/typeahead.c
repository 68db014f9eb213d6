/* typeahead.c - the keys of one read of the terminal. They run in order, and after one that opens a
 * text field the rest is text: so arrive typed-ahead keys, a repeated key, and what a multiplexer
 * sends. A paste without brackets arrives the same way; it is recognised by the printable
 * characters outside text fields. From such a read no command that changes or quits is run: the key
 * that would have run it and the following ones are held until the user decides. */
#include "typeahead.h"

#include "keys.h"
#include "sounder/line.h"
#include "ui_state.h"

#define PASTED_KINDS 3 /* different characters outside text fields that make a paste of a read */
#define GOES_ON_WITHIN (100 * SDR_MS) /* a long paste comes in several reads */

static bool opens_field(const struct ui *ui, uint32_t key)
{
	const struct ui_binding *binding = ui_keymap_find(ui->keymap, (int)ui->focus, key);
	return binding && sdr_line_call(binding->line)->command->effects & SDR_EFFECT_OPENS_FIELD;
}

/* Reads the keys through as they will run, as far as that can be known before. */
static bool looks_pasted(const struct ui *ui)
{
	uint32_t seen[PASTED_KINDS];
	unsigned kinds = 0;
	bool field = ui_typeahead_in_field(ui);
	for (size_t i = 0; i < ui->typeahead.count && kinds < PASTED_KINDS; i++) {
		uint32_t key = ui->typeahead.keys[i];
		if (field) {
			field = key != UI_KEY_ENTER && key != UI_KEY_ESC &&
				key != (UI_KEY_CTRL | 'c');
			continue;
		}
		bool known = !ui_typeahead_is_text(key);
		for (unsigned k = 0; k < kinds; k++)
			known = known || seen[k] == key;
		if (!known)
			seen[kinds++] = key;
		field = opens_field(ui, key);
	}
	return kinds == PASTED_KINDS;
}

/* ---- running ---- */

void ui_typeahead_key(struct ui *ui, uint32_t key)
{
	struct ui_typeahead *typeahead = &ui->typeahead;
	if (typeahead->count < sizeof(typeahead->keys) / sizeof(*typeahead->keys))
		typeahead->keys[typeahead->count++] = key;
}

void ui_typeahead_run(struct ui *ui)
{
	struct ui_typeahead *typeahead = &ui->typeahead;
	size_t count = typeahead->count;
	if (count == 0)
		return;
	ui_tick_clock(ui);
	if (ui_typeahead_has(ui) && typeahead->kept_at &&
		ui->now - typeahead->kept_at < GOES_ON_WITHIN) {
		ui_typeahead_keep(ui, typeahead->keys, count);
		typeahead->count = 0;
		return;
	}
	typeahead->guards = looks_pasted(ui);
	typeahead->held_back = false;
	for (size_t i = 0; i < count; i++) {
		bool typing = ui_typeahead_in_field(ui);
		ui_on_event(
			ui, &(struct ui_event){.kind = UI_EVENT_KEY, .key = typeahead->keys[i]});
		if (typeahead->held_back) {
			size_t from = typing ? i + 1 : i; /* what the Enter of a text field would
							     have run stands there still */
			ui_typeahead_drop(ui);
			ui_typeahead_keep(ui, typeahead->keys + from, count - from);
			break;
		}
	}
	typeahead->count = 0;
	typeahead->guards = false;
}
