/* clipboard.h - what makes a terminal put text on the clipboard. */
#ifndef SOUNDER_UI_CLIPBOARD_H
#define SOUNDER_UI_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

#define UI_CLIPBOARD_MAX 74994 /* bytes; base64 of it is what terminals take in one OSC */

/* Returns the sequence (OSC 52) that copies text[length], and its length; with `tmux` once more,
 * wrapped for what is outside of it. NULL without memory. The caller frees it. */
char *ui_clipboard_sequence(const char *text, size_t length, bool tmux, size_t *sequence);

#endif
