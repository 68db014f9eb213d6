/* tty.h - the terminal: its modes, its bytes, its size, its signals. What tty.c does, the only
 * file that owns the tty (the name term.h is taken by curses).
 *
 * The terminal is opened again, so the shell's own descriptor keeps its flags. Output never blocks:
 * a frame is passed as a whole, and while the terminal has not taken it, or has not answered that
 * it has shown it (frame_ack.h), ui_term_is_busy returns true and no new one is drawn. Input is
 * read by the loop and decoded (decode.h). */
#ifndef SOUNDER_UI_TTY_H
#define SOUNDER_UI_TTY_H

#include <stdbool.h>
#include <stddef.h>

#include "decode.h"
#include "sounder/status.h"

/* Bytes of one read: at most as many keys (the kernel's line buffer is as large). */
#define UI_TERM_READ 4096

struct uv_loop_s;
struct ui_term;

/* Callbacks, from the loop. */
struct ui_term_events {
	void *context;
	void (*on_input)(void *context, const struct ui_event *event);
	void (*on_read)(void *context); /* all bytes of one read have been passed to on_input */
	void (*on_resize)(void *context);
	void (*on_taken)(void *context);   /* the last frame has been taken, and shown */
	void (*on_stop)(void *context);    /* SIGTSTP came: call ui_term_suspend */
	void (*on_resumed)(void *context); /* after SIGCONT: draw everything again */
	void (*on_hangup)(void *context);  /* SIGHUP came */
	void (*on_gone)(void *context);    /* the terminal is gone, or SIGINT or SIGTERM came: leave
					      within a second */
};

/* Opens the controlling terminal that standard output is, sets raw mode, watches signals.
 * ENOTSUP standard input or output is no terminal; ESYSTEM with `error`. */
SDR_MUST_CHECK enum sdr_status ui_term_open(struct uv_loop_s *loop,
	const struct ui_term_events *events, struct ui_term **term, struct sdr_error *error);

/* Leaves the screen by the bytes that ui_term_rescue was given, where the canvas has none. */
void ui_term_give_up(struct ui_term *term);

/* Gives the terminal back: what is still unwritten goes out if it is taken within half a second,
 * else it is dropped; modes are as they were. Frees `term` in the next loop iterations. */
void ui_term_close(struct ui_term *term);

struct ui_decoder *ui_term_decoder(struct ui_term *term);
void ui_term_size(const struct ui_term *term, int *rows, int *columns);

/* Hands bytes over; they are copied. False: out of memory, they are left out. */
bool ui_term_write(struct ui_term *term, const char *bytes, size_t length);

/* The same of a frame. */
bool ui_term_frame(struct ui_term *term, const char *bytes, size_t length);

/* Whether a frame has to wait; on_taken is called when it need not. */
bool ui_term_is_busy(struct ui_term *term);

/* From now on the terminal is asked whether it has shown a frame. For one that understands
 * UI_ACK_REQUEST, after ui_term_open. */
void ui_term_acknowledge(struct ui_term *term);

/* Returns how many bytes the next frame should have, as ui_ack_room does. */
size_t ui_term_room(const struct ui_term *term);

/* Stops the process for job control; `leave` are the bytes that leave the screen. Returns when it
 * continues. */
void ui_term_suspend(struct ui_term *term, const char *leave, size_t length);

/* Whether it knows xterm's private modes, or drops those that it does not know. */
bool ui_term_is_modern(const struct ui_term *term);

void ui_term_mouse(struct ui_term *term, bool on);
void ui_term_bell(struct ui_term *term);

/* Shows a line of clean text on the desktop, where the terminal can (OSC 9). */
void ui_term_desktop(struct ui_term *term, const char *text);

/* Sets the window's title: fixed text and a number, never what came from outside. The old title is
 * put back at the end. */
void ui_term_title(struct ui_term *term, unsigned down);

/* What a crash sends, after which modes are restored as well. Copied; at most 256 bytes. */
void ui_term_rescue(struct ui_term *term, const char *bytes, size_t length);

/* Copies text to the terminal's clipboard by OSC 52, through tmux if need be. ERANGE beyond 74,994
 * bytes. */
SDR_MUST_CHECK enum sdr_status ui_term_copy(struct ui_term *term, const char *text, size_t length);

#endif
