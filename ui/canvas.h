/* canvas.h - a curses screen that paints into memory. What it would send to a terminal is taken out
 * as bytes, and carried there by tty.c without blocking; in tests it is read back as text. Several
 * may exist in one process. */
#ifndef SOUNDER_UI_CANVAS_H
#define SOUNDER_UI_CANVAS_H

#include <stddef.h>

#include "draw.h"

struct ui_canvas;

/* Makes a screen for a terminal type. ENOENT no such type; ENOTSUP it can't place its cursor;
 * ESYSTEM, ENOMEM. */
SDR_MUST_CHECK enum sdr_status ui_canvas_new(const char *terminal, struct ui_canvas **canvas);

/* Makes one for $TERM; where that is unset or unknown, for xterm-256color, xterm, ansi or vt100,
 * which `note` then names (else ""). ENOTSUP with `error` for a terminal that can't place its
 * cursor, or where none of them is known. */
SDR_MUST_CHECK enum sdr_status ui_canvas_choose(
	struct ui_canvas **canvas, char *note, size_t size, struct sdr_error *error);
void ui_canvas_free(struct ui_canvas *canvas);

void ui_canvas_resize(struct ui_canvas *canvas, int rows, int columns);
void ui_canvas_theme(struct ui_canvas *canvas, const struct ui_theme *theme);

/* Has charts drawn with glyphs, the setting's words by position: auto, braille, block, ascii. */
void ui_canvas_glyphs(struct ui_canvas *canvas, unsigned glyphs);

/* Has frames begin and end as the terminal's synchronized updates (mode 2026). */
void ui_canvas_sync(struct ui_canvas *canvas, bool sync);

/* Has frames be of about so many bytes, 0: of any number. What a frame has no room for is left for
 * the next ones; then ui_canvas_is_behind returns true. */
void ui_canvas_room(struct ui_canvas *canvas, size_t bytes);
bool ui_canvas_is_behind(const struct ui_canvas *canvas);

/* A key was pressed: what it shows comes first, and then the rows from the top. */
void ui_canvas_from_top(struct ui_canvas *canvas);

/* Begins a frame: a blank surface over the whole screen, valid until the next call. */
struct ui_surface ui_canvas_begin(struct ui_canvas *canvas);

/* Ends it: computes the bytes that bring the terminal up to date. Nothing changed: no bytes. */
void ui_canvas_end(struct ui_canvas *canvas);

/* Forgets what the terminal shows: the next frame is a whole one. */
void ui_canvas_forget(struct ui_canvas *canvas);

/* Adds the bytes that leave the screen's mode (the terminal's own screen comes back) or enter it
 * again. */
void ui_canvas_leave(struct ui_canvas *canvas);

/* Writes the sequences that leave the screen's mode as plain bytes, for a program that crashes.
 * Returns their number. */
size_t ui_canvas_rescue(struct ui_canvas *canvas, char *out, size_t size);

/* Whether the terminal's sequences are those of ECMA-48. */
bool ui_canvas_is_ecma48(struct ui_canvas *canvas);

/* Whether nothing can be drawn, for want of memory; each frame tries again. */
bool ui_canvas_is_torn(const struct ui_canvas *canvas);

/* What was taken last did not reach the terminal: the next frame is drawn from nothing. */
void ui_canvas_tear(struct ui_canvas *canvas);

/* Takes the bytes that gathered; valid until the next call on the canvas. Returns their number. */
size_t ui_canvas_take(struct ui_canvas *canvas, const char **bytes);

/* Reads the keys from terminfo: calls `learn` for each sequence. */
void ui_canvas_keys(struct ui_canvas *canvas,
	void (*learn)(void *context, const char *sequence, uint32_t key), void *context);

/* Writes the picture as UTF-8 text, rows without trailing blanks, into out[size]; for tests and
 * `quit --leave`. */
size_t ui_canvas_text(struct ui_canvas *canvas, char *out, size_t size);

#endif
