/* text_lines.c - a field of several lines that grow at their end. */
#include "text_lines.h"

#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

static bool make_room(struct ui_text_lines *lines, size_t more)
{
	size_t need = lines->length + more + 1, size = lines->size ? lines->size : 256;
	if (need > UI_TEXT_LINES_MAX)
		return false;
	while (size < need)
		size *= 2;
	char *text = size > lines->size ? realloc(lines->text, size) : lines->text;
	if (!text)
		return false;
	lines->text = text;
	lines->size = size;
	return true;
}

bool ui_text_lines_add(struct ui_text_lines *lines, const char *bytes, size_t length)
{
	if (!make_room(lines, length))
		return false;
	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];
		if (c == '\r' && i + 1 < length && bytes[i + 1] == '\n')
			continue;
		bool control = (unsigned char)c < ' ' || c == 0x7f;
		lines->text[lines->length++] = c == '\r'    ? '\n'
			: control && c != '\n' && c != '\t' ? ' '
							    : c;
	}
	lines->text[lines->length] = '\0';
	return true;
}

/* Takes a character of UTF-8 back. */
static enum ui_input_result take_back(struct ui_text_lines *lines)
{
	if (lines->length == 0)
		return UI_INPUT_MOVED;
	do
		lines->length--;
	while (lines->length > 0 && (lines->text[lines->length] & 0xc0) == 0x80);
	lines->text[lines->length] = '\0';
	return UI_INPUT_CHANGED;
}

enum ui_input_result ui_text_lines_key(struct ui_text_lines *lines, uint32_t key)
{
	char bytes[4];
	size_t length = 0;
	if (key == UI_KEY_ESC || key == (UI_KEY_CTRL | 'c'))
		return UI_INPUT_LEFT;
	if (key == (UI_KEY_CTRL | 'd'))
		return UI_INPUT_ENTERED;
	if (key == UI_KEY_BACKSPACE)
		return take_back(lines);
	if (key == UI_KEY_ENTER || key == UI_KEY_TAB)
		bytes[length++] = key == UI_KEY_TAB ? '\t' : '\n';
	else if (key == ' ' || (key > ' ' && key < UI_KEY_UP && sdr_text_is_plain(key)))
		length = sdr_text_encode(bytes, key);
	if (length == 0)
		return UI_INPUT_IGNORED;
	return ui_text_lines_add(lines, bytes, length) ? UI_INPUT_CHANGED : UI_INPUT_IGNORED;
}

size_t ui_text_lines_count(const struct ui_text_lines *lines)
{
	size_t count = lines->length > 0 && lines->text[lines->length - 1] != '\n';
	for (size_t i = 0; i < lines->length; i++)
		count += lines->text[i] == '\n';
	return count;
}

void ui_text_lines_draw(const struct ui_text_lines *lines, const struct ui_surface *s)
{
	const char *text = lines->text ? lines->text : "", *end = text + lines->length;
	int row = s->height - 1;
	size_t shown = (size_t)(s->height > 0 ? s->height : 0),
	       all = ui_text_lines_count(lines) + (lines->length == 0 || end[-1] == '\n');
	if (all < shown)
		row = (int)all - 1;
	for (; row >= 0; row--) { /* from the last line up */
		const char *from = end;
		while (from > text && from[-1] != '\n')
			from--;
		struct ui_surface line = ui_surface_part(s, row, 1, 1, -1);
		int used = ui_draw_bytes(&line, 0, UI_PLAIN, from, (size_t)(end - from));
		if (end == text + lines->length)
			ui_draw_text(&line, 0, used, UI_STRONG, "_");
		end = from > text ? from - 1 : text;
	}
}

void ui_text_lines_done(struct ui_text_lines *lines)
{
	free(lines->text);
	*lines = (struct ui_text_lines){0};
}
