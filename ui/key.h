/* key.h - keys as numbers and as names. */
#ifndef SOUNDER_UI_KEY_H
#define SOUNDER_UI_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

/* A key is a code point, or one of the codes below, with modifiers added. Shift is part of a
 * printable character, and apart for others. */
#define UI_KEY_SHIFT 0x01000000u
#define UI_KEY_CTRL 0x02000000u
#define UI_KEY_ALT 0x04000000u
#define UI_KEY_CODE 0x00ffffffu /* mask of all but the modifiers */

enum {
	UI_KEY_NONE = 0,
	UI_KEY_TAB = 0x09,
	UI_KEY_ENTER = 0x0d,
	UI_KEY_ESC = 0x1b,
	UI_KEY_SPACE = 0x20,
	UI_KEY_BACKSPACE = 0x7f,
	UI_KEY_UP = 0x110000, /* from here on: no code points */
	UI_KEY_DOWN,
	UI_KEY_LEFT,
	UI_KEY_RIGHT,
	UI_KEY_HOME,
	UI_KEY_END,
	UI_KEY_PAGE_UP,
	UI_KEY_PAGE_DOWN,
	UI_KEY_INSERT,
	UI_KEY_DELETE,
	UI_KEY_F1, /* .. F12 */
	UI_KEY_F12 = UI_KEY_F1 + 11,
};

#define UI_KEY_TEXT 24 /* the longest name, and its NUL */

/* Parses "p" "G" "?" "Up" "PgDn" "Space" "Enter" "Esc" "F5" "C-r" "M-x" "S-Tab" ("C-M-Left").
 * EINVAL with `error`. */
SDR_MUST_CHECK enum sdr_status ui_key_parse(
	const char *text, uint32_t *key, struct sdr_error *error);

/* Writes the name that ui_key_parse reads. Returns `out`. */
/* Names of keys that are no characters, in no order that matters; NULL past the end. */
const char *ui_key_name(unsigned index);

const char *ui_key_format(char out[static UI_KEY_TEXT], uint32_t key);

#endif
