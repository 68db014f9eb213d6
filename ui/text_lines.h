/* text_lines.h - a field of several lines that grow at their end: typed, or pasted. */
#ifndef SOUNDER_UI_TEXT_LINES_H
#define SOUNDER_UI_TEXT_LINES_H

#include "draw.h"
#include "input.h"

#define UI_TEXT_LINES_MAX ((size_t)4 << 20) /* bytes */

/* Zeroed is a valid, empty one. */
struct ui_text_lines {
	char *text; /* [length] and a NUL; owned; NULL: empty */
	size_t length, size;
};

/* Adds text; a carriage return becomes a line feed, other control characters but the tab blanks.
 * False: it does not fit, or there is no memory; nothing is added. */
bool ui_text_lines_add(struct ui_text_lines *lines, const char *bytes, size_t length);

/* Characters, Enter, Backspace; C-d enters, Esc and C-c leave. */
enum ui_input_result ui_text_lines_key(struct ui_text_lines *lines, uint32_t key);

/* How many lines it has, without an empty last one. */
size_t ui_text_lines_count(const struct ui_text_lines *lines);

/* Draws the last lines that fit. */
void ui_text_lines_draw(const struct ui_text_lines *lines, const struct ui_surface *s);
void ui_text_lines_done(struct ui_text_lines *lines);

#endif
