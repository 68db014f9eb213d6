/* term_rescue.h - what gives the terminal back when the process crashes or a library ends it. For
 * tty.c only. */
#ifndef SOUNDER_UI_TERM_RESCUE_H
#define SOUNDER_UI_TERM_RESCUE_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* From now on a fatal signal, or exit(3), sends the bytes that were set to `descriptor` and
 * restores the modes `before`, both copied. */
void ui_rescue_arm(int descriptor, const struct termios *before);
void ui_rescue_disarm(void);

/* Sets the bytes, copied, after those that leave the modes of a `modern` terminal. What is too long
 * is left out. */
void ui_rescue_set(bool modern, const char *bytes, size_t length);

/* How many answers of the terminal (frame_ack.h) are to come: a crash takes them out of what the
 * shell reads next. */
void ui_rescue_awaits(unsigned answers);

/* Restores the modes. */
void ui_rescue_modes(void);

/* Drops what the terminal has not taken and sends the bytes. */
void ui_rescue_send(void);

#endif
