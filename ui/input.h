/* input.h - a one-line text field: UTF-8, cursor, the usual editing keys, an error shown in place.
 * Pure: it draws and edits, and runs nothing. */
#ifndef SOUNDER_UI_INPUT_H
#define SOUNDER_UI_INPUT_H

#include "draw.h"
#include "key.h"

#define UI_INPUT_TEXT 1024 /* bytes, with the NUL; what is typed or pasted beyond is dropped */

/* Zeroed is a valid, empty one. */
struct ui_input {
	char text[UI_INPUT_TEXT];   /* UTF-8, NUL-terminated */
	size_t length, at;          /* bytes: of the text, before the cursor */
	char error[SDR_ERROR_TEXT]; /* the error in the text; "" if none */
	bool active;                /* it has the keys */
};

enum ui_input_result {
	UI_INPUT_IGNORED,
	UI_INPUT_MOVED,
	UI_INPUT_CHANGED,
	UI_INPUT_ENTERED,
	UI_INPUT_LEFT
};

/* Edits by a key, as readline: characters, Left Right Home End Backspace Delete, C-a C-e C-b C-f
 * C-d C-u C-k C-w, M-b M-f M-d M-Backspace. Enter enters, Esc and C-c leave. IGNORED: the key edits
 * nothing; it is not to act anywhere else. */
enum ui_input_result ui_input_key(struct ui_input *input, uint32_t key);

/* Adds text at the cursor; control characters become blanks. Returns whether anything changed. */
bool ui_input_insert(struct ui_input *input, const char *bytes, size_t length);

void ui_input_set(struct ui_input *input, const char *text);

/* Draws label, field and, behind it, the error over one row of the surface. `label` and `hint` may
 * be NULL. */
/* Returns how many rows it needs at a width: more than one for an error that does not fit beside
 * the text. */
int ui_input_rows(const struct ui_input *input, int width, const char *label);

void ui_input_draw(const struct ui_input *input, const struct ui_surface *s, const char *label,
	const char *hint);

#endif
