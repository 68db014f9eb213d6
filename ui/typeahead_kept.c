/* typeahead_kept.c - what was typed ahead and is kept instead of run. */
#include "typeahead.h"

#include <string.h>

#include "sounder/sanitize.h"
#include "ui_state.h"

#define KEPT_FOR (30 * SDR_SECOND)

bool ui_typeahead_is_text(uint32_t key)
{
	return key == UI_KEY_SPACE ||
		(key > UI_KEY_SPACE && key < UI_KEY_UP && key != UI_KEY_BACKSPACE);
}

bool ui_typeahead_in_field(const struct ui *ui)
{
	if (ui->overlay.kind != UI_OVERLAY_NONE)
		return ui->overlay.searching;
	return ui_prompt_is_open(ui->prompt) || ui->filter.active ||
		ui->slots[ui->focus].input.active;
}

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

void ui_typeahead_keep(struct ui *ui, const uint32_t *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char bytes[4] = "";
		uint32_t key = keys[i] == UI_KEY_ENTER || keys[i] == UI_KEY_TAB
			? ' '
			: keys[i] & ~UI_KEY_ALT;
		size_t length = ui_typeahead_is_text(key) ? sdr_text_encode(bytes, key) : 0;
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
