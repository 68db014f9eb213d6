/* typeahead.c - the keys of one read of the terminal. They run in order, and after one that opens a
 * text field the rest is text: so arrive typed-ahead keys, a repeated key, and what a multiplexer
 * sends. A paste without brackets arrives the same way; it is recognised by the printable
 * characters outside text fields. From such a read no command that changes or quits is run: the key
 * that would have run it and the following ones are held until the user decides. */
#include "typeahead.h"

#include <string.h>

#include "sounder/sanitize.h"
#include "ui_state.h"

#define PASTED_KINDS 3 /* different characters outside text fields that make a paste of a read */
#define KEPT_FOR (30 * SDR_SECOND)
#define GOES_ON_WITHIN (100 * SDR_MS) /* a long paste comes in several reads */

static bool is_text(uint32_t key)
{
	return key == UI_KEY_SPACE ||
		(key > UI_KEY_SPACE && key < UI_KEY_UP && key != UI_KEY_BACKSPACE);
}

bool ui_typeahead_in_field(const struct ui *ui)
{
	if (ui->overlay.kind != UI_OVERLAY_NONE)
		return ui->overlay.searching;
	return ui_prompt_is_open(ui->prompt) || ui->slots[ui->focus].input.active;
}

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
		bool known = !is_text(key);
		for (unsigned k = 0; k < kinds; k++)
			known = known || seen[k] == key;
		if (!known)
			seen[kinds++] = key;
		field = opens_field(ui, key);
	}
	return kinds == PASTED_KINDS;
}

/* ---- kept keys ---- */

bool ui_typeahead_has(const struct ui *ui)
{
	return ui->typeahead.kept_length > 0 && ui->now < ui->typeahead.kept_until;
}

void ui_typeahead_drop(struct ui *ui)
{
	ui->typeahead.kept_length = ui->typeahead.characters = 0;
}

static void keep_bytes(struct ui *ui, const char *bytes, size_t length, size_t characters)
{
	struct ui_typeahead *typeahead = &ui->typeahead;
	typeahead->characters += characters;
	if (length > sizeof(typeahead->kept) - typeahead->kept_length)
		return; /* counted anyway: what does not fit is reported */
	memcpy(typeahead->kept + typeahead->kept_length, bytes, length);
	typeahead->kept_length += length;
}

static void report_kept(struct ui *ui, const char *how)
{
	struct ui_typeahead *typeahead = &ui->typeahead;
	typeahead->kept_until = ui->now + KEPT_FOR;
	ui_notify(ui, SDR_TONE_WARNING,
		"%s: %zu characters%s, i puts them into the input, Esc drops them", how,
		typeahead->characters,
		typeahead->kept_length == sizeof(typeahead->kept) ? " (the first of them kept)"
								  : "");
	ui->message_until = typeahead->kept_until;
}

/* A character each; Enter is a blank, other keys are skipped. */
static void keep_keys(struct ui *ui, const uint32_t *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char bytes[4] = "";
		uint32_t key = keys[i] == UI_KEY_ENTER || keys[i] == UI_KEY_TAB
			? ' '
			: keys[i] & ~UI_KEY_ALT;
		size_t length = is_text(key) ? sdr_text_encode(bytes, key) : 0;
		if (length > 0)
			keep_bytes(ui, bytes, length, 1);
	}
	ui->typeahead.kept_at = ui->now;
	if (ui->typeahead.characters > 0)
		report_kept(ui, "looks pasted");
	else
		ui_notify(ui, SDR_TONE_WARNING,
			"looks pasted: nothing was run; press the key once more to mean it");
}

void ui_typeahead_keep_paste(struct ui *ui, const struct ui_event *paste)
{
	size_t characters = 0;
	ui_typeahead_drop(ui);
	for (size_t i = 0; i < paste->length; i++)
		characters += ((unsigned char)paste->bytes[i] & 0xc0) != 0x80;
	size_t room = sizeof(ui->typeahead.kept),
	       fits = paste->length < room ? paste->length : room;
	keep_bytes(ui, paste->bytes, fits, characters + paste->dropped);
	if (fits > 0)
		report_kept(ui, paste->unended ? "pasted (its end never came)" : "pasted");
}

void ui_typeahead_put(struct ui *ui, struct ui_input *input)
{
	size_t length = ui->typeahead.kept_length;
	while (length > 0 && !ui_input_insert(input, ui->typeahead.kept, length))
		length--;
	ui_typeahead_drop(ui);
	ui->message_until = 0;
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
		keep_keys(ui, typeahead->keys, count);
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
			keep_keys(ui, typeahead->keys + from, count - from);
			break;
		}
	}
	typeahead->count = 0;
	typeahead->guards = false;
}
