/* input.c - a one-line text field. */
#include "input.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sounder/sanitize.h"

static size_t step_back(const struct ui_input *input, size_t at)
{
	while (at > 0) {
		at--;
		if (((unsigned char)input->text[at] & 0xc0) != 0x80)
			break;
	}
	return at;
}

static size_t step_on(const struct ui_input *input, size_t at)
{
	uint32_t code;
	size_t left = input->length - at,
	       step = left ? sdr_text_decode(input->text + at, left, &code) : 0;
	return at + (step ? step : left ? 1 : 0);
}

static size_t word_back(const struct ui_input *input, size_t at)
{
	while (at > 0 && input->text[at - 1] == ' ')
		at--;
	while (at > 0 && input->text[at - 1] != ' ')
		at--;
	return at;
}

/* Words of letters and digits, as readline's Alt-b and Alt-f have them; C-w goes by blanks. */
static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

static size_t part_back(const struct ui_input *input, size_t at)
{
	while (at > 0 && !is_word(input->text[at - 1]))
		at--;
	while (at > 0 && is_word(input->text[at - 1]))
		at--;
	return at;
}

static size_t part_on(const struct ui_input *input, size_t at)
{
	while (at < input->length && !is_word(input->text[at]))
		at++;
	while (at < input->length && is_word(input->text[at]))
		at++;
	return at;
}

static enum ui_input_result cut(struct ui_input *input, size_t from, size_t to)
{
	if (from >= to)
		return UI_INPUT_MOVED;
	memmove(input->text + from, input->text + to, input->length - to + 1);
	input->length -= to - from;
	input->at = from;
	input->error[0] = '\0';
	return UI_INPUT_CHANGED;
}

bool ui_input_insert(struct ui_input *input, const char *bytes, size_t length)
{
	size_t room = sizeof(input->text) - 1 - input->length;
	if (length > room)
		length = room;
	while (length > 0 && !sdr_text_is_utf8(bytes, length))
		length--; /* a character cut by the end, or no text */
	if (length == 0)
		return false;
	memmove(input->text + input->at + length, input->text + input->at,
		input->length - input->at + 1);
	for (size_t i = 0; i < length; i++)
		input->text[input->at + i] =
			(unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f ? ' ' : bytes[i];
	input->length += length;
	input->at += length;
	input->error[0] = '\0';
	return true;
}

void ui_input_set(struct ui_input *input, const char *text)
{
	input->length = input->at = 0;
	input->text[0] = '\0';
	input->error[0] = '\0';
	ui_input_insert(input, text, strlen(text));
}

static enum ui_input_result move(struct ui_input *input, size_t to)
{
	input->at = to;
	return UI_INPUT_MOVED;
}

static enum ui_input_result type(struct ui_input *input, uint32_t key)
{
	char bytes[4];
	if (key >= UI_KEY_UP || key < ' ' || !(key == ' ' || sdr_text_is_plain(key)))
		return UI_INPUT_IGNORED;
	return ui_input_insert(input, bytes, sdr_text_encode(bytes, key)) ? UI_INPUT_CHANGED
									  : UI_INPUT_MOVED;
}

enum ui_input_result ui_input_key(struct ui_input *input, uint32_t key)
{
	switch (key) {
	case UI_KEY_ENTER:
		return UI_INPUT_ENTERED;
	case UI_KEY_ESC:
	case UI_KEY_CTRL | 'c':
		return UI_INPUT_LEFT;
	case UI_KEY_LEFT:
	case UI_KEY_CTRL | 'b':
		return move(input, step_back(input, input->at));
	case UI_KEY_RIGHT:
	case UI_KEY_CTRL | 'f':
		return move(input, step_on(input, input->at));
	case UI_KEY_HOME:
	case UI_KEY_CTRL | 'a':
		return move(input, 0);
	case UI_KEY_END:
	case UI_KEY_CTRL | 'e':
		return move(input, input->length);
	case UI_KEY_BACKSPACE:
		return cut(input, step_back(input, input->at), input->at);
	case UI_KEY_DELETE:
	case UI_KEY_CTRL | 'd':
		return cut(input, input->at, step_on(input, input->at));
	case UI_KEY_CTRL | 'u':
		return cut(input, 0, input->at);
	case UI_KEY_CTRL | 'k':
		return cut(input, input->at, input->length);
	case UI_KEY_CTRL | 'w':
		return cut(input, word_back(input, input->at), input->at);
	case UI_KEY_ALT | 'b':
	case UI_KEY_CTRL | UI_KEY_LEFT:
		return move(input, part_back(input, input->at));
	case UI_KEY_ALT | 'f':
	case UI_KEY_CTRL | UI_KEY_RIGHT:
		return move(input, part_on(input, input->at));
	case UI_KEY_ALT | 'd':
		return cut(input, input->at, part_on(input, input->at));
	case UI_KEY_ALT | UI_KEY_BACKSPACE:
		return cut(input, part_back(input, input->at), input->at);
	default:
		return type(input, key);
	}
}

/* Cells of text[0 .. length) as it will be drawn. */
static int cells_of(const char *text, size_t length, bool ascii)
{
	char piece[UI_INPUT_TEXT], clean[UI_INPUT_TEXT * 10 + 32];
	struct sdr_text_style style = {.ascii = ascii, .cells_max = -1};
	memcpy(piece, text, length);
	sdr_sanitize(clean, sizeof(clean), piece, length, &style);
	return sdr_text_cells(clean);
}

/* Draws the text so that the cursor is in sight. */
static void draw_field(
	const struct ui_input *input, const struct ui_surface *field, const char *hint)
{
	size_t from = 0;
	int before = cells_of(input->text, input->at, field->ascii);
	while (before >= field->width && from < input->at) {
		from = step_on(input, from);
		before = cells_of(input->text + from, input->at - from, field->ascii);
	}
	if (input->length == 0 && hint)
		ui_draw_text(field, 0, 0, UI_DIM, hint);
	else
		ui_draw_bytes(field, 0, input->active ? UI_FIELD : UI_PLAIN, input->text + from,
			input->length - from);
	if (input->active)
		ui_draw_cursor(field, 0, before < field->width ? before : field->width - 1);
}

#define ERROR_ROWS 3

int ui_input_rows(const struct ui_input *input, int width, const char *label)
{
	int error = sdr_text_cells(input->error) + 3,
	    beside = (int)strlen(label) + 2 + cells_of(input->text, input->length, false) + 1;
	int rows = width > 3 ? 2 + error / (width - 3) : 1;
	return !input->error[0] || beside + error <= width ? 1
		: rows > ERROR_ROWS                        ? ERROR_ROWS
							   : rows;
}

void ui_input_draw(const struct ui_input *input, const struct ui_surface *s, const char *label,
	const char *hint)
{
	int at = 0, error = input->error[0] && s->height == 1 ? s->width / 2 : 0;
	if (label && *label)
		at = ui_draw_text(s, 0, 0, UI_DIM, label) + 1;
	at += ui_draw_text(s, 0, at, UI_RULE, ui_draw_glyph(s, UI_GLYPH_LEFT));
	int text = cells_of(input->text, input->length, s->ascii) + 1;
	int room = s->width - at - error;
	struct ui_surface field = ui_surface_part(s, 0, at, 1, error && text < room ? text : room);
	if (field.width > 0)
		draw_field(input, &field, hint);
	if (input->error[0]) {
		struct ui_surface rest = s->height > 1
			? ui_surface_part(s, 1, 0, -1, -1)
			: ui_surface_part(s, 0, at + field.width + 1, 1, -1);
		int sign = ui_draw_text(&rest, 0, 0, UI_BAD, ui_draw_glyph(s, UI_GLYPH_DOWN));
		rest = ui_surface_part(&rest, 0, sign + 1, -1, -1);
		ui_draw_words(&rest, 0, UI_BAD, input->error);
	}
}
