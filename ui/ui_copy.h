/* ui_copy.h - the clipboard by a program of the desktop's. */
#ifndef SOUNDER_UI_COPY_H
#define SOUNDER_UI_COPY_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

/* Hands text to wl-copy, xclip or xsel, whichever is for this desktop and there. The footer shows
 * later what came of it: copied, or, with `otherwise`, sent to the terminal. False: there is
 * none. */
bool ui_copy_native(struct ui *ui, const char *text, size_t length, bool otherwise);

/* Sends it to the terminal (OSC 52), and shows that. */
void ui_copy_terminal(struct ui *ui, const char *text, size_t length);

/* Lets go of programs that still run. */
void ui_copy_close(struct ui *ui);

#endif
