/* draw.h - text, numbers, rules and bars on a part of the screen. draw.c is the only file that
 * calls curses' text functions: whatever is drawn passes the sanitizer and is cut to the surface's
 * width, so raw bytes from outside may be handed in and nothing can run over an edge.
 *
 * A surface is a rectangle and a value: parts are made by ui_surface_part. Rows and columns count
 * from 0 within it; what lies outside is not drawn, so no panel checks sizes. */
#ifndef SOUNDER_UI_DRAW_H
#define SOUNDER_UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/out.h"
#include "theme.h"

struct _win_st;
struct ui_grid;
struct ui_panel;

/* Where the terminal's own cursor will stand when the frame is done. */
struct ui_cursor {
	int row, column; /* on the screen */
	bool shown;
};

/* What a terminal's font has. */
enum ui_drawing {
	UI_DRAWING_BRAILLE,
	UI_DRAWING_BLOCK,  /* no braille */
	UI_DRAWING_CONSOLE /* nor eighths of blocks, nor signs: the kernel's console */
};

struct ui_surface {
	const struct ui_grid *grid;   /* where it is drawn; for draw.c */
	struct ui_cursor *cursor;     /* shared by a frame's surfaces */
	const struct ui_theme *theme; /* borrowed */
	int row, column;              /* of the upper left corner, on the screen */
	int height, width;            /* cells; may be 0 */
	bool ascii;                   /* LC_ALL=C: nothing above 7E is drawn */
	enum ui_drawing drawing;      /* what lines of charts are made of */
	bool bar; /* this is the cursor's line: styles are drawn on the bar's background */
};

/* Returns the rectangle `height` x `width` at (row, column) of `of`, cut to it. A negative height
 * or width means "up to the edge". */
struct ui_surface ui_surface_part(
	const struct ui_surface *of, int row, int column, int height, int width);

/* Returns a surface of one line of `of`. */
struct ui_surface ui_surface_line(const struct ui_surface *of, int row);

/* ---- text ---- */

/* Draws text from `column` on, cut at the end by an ellipsis where it is too long. Returns the
 * cells used. */
int ui_draw_text(
	const struct ui_surface *s, int row, int column, enum ui_style style, const char *text);

/* Draws bytes that may hold NULs (a sheet's text). */
int ui_draw_bytes(
	const struct ui_surface *s, int row, enum ui_style style, const void *bytes, size_t length);

int ui_draw_printf(const struct ui_surface *s, int row, int column, enum ui_style style,
	const char *format, ...) SDR_PRINTF(5, 6);

/* Draws a name, cut in the middle ("db-prod-...-eu1") to what is left of the surface. */
int ui_draw_name(
	const struct ui_surface *s, int row, int column, enum ui_style style, const char *text);

/* Draws text that ends at the surface's right edge. Returns the cells used. */
int ui_draw_right(const struct ui_surface *s, int row, enum ui_style style, const char *text);

/* Draws text cut to words over several rows from `row` on; returns the rows used. */
int ui_draw_words(const struct ui_surface *s, int row, enum ui_style style, const char *text);

/* ---- shapes ---- */

/* Draws a section's title, a rule to the right edge, and `right` near its end: "Watching ------- 5
 * targets --". Either may be NULL. */
void ui_draw_rule(const struct ui_surface *s, int row, const char *title, const char *right);

/* Blanks the whole surface in a style. */
void ui_draw_fill(const struct ui_surface *s, enum ui_style style);

/* Dims what is already drawn (under an overlay). */
void ui_draw_fade(const struct ui_surface *s);

/* Draws a box around the surface's edge with a title, and blanks what is inside. Overlays only.
 * Returns the inside. */
struct ui_surface ui_draw_box(const struct ui_surface *s, const char *title);

/* Draws a bar over the surface's first row, `from` .. `to` of 0.0 .. 1.0, in eighths of a cell. */
void ui_draw_bar(const struct ui_surface *s, enum ui_style style, double from, double to);

/* Draws the two lines of an empty panel. Returns the rows used. */
int ui_draw_empty(const struct ui_surface *s, const struct ui_panel *panel);

/* Shows the terminal's cursor at a place of the surface (an input does). */
void ui_draw_cursor(const struct ui_surface *s, int row, int column);

/* Hands what changed in a row to a curses window; for canvas.c. */
void ui_draw_show(
	struct ui_grid *grid, struct _win_st *window, const struct ui_theme *theme, int row);

/* ---- signs: a glyph that looks the same in every terminal, or its ASCII twin ---- */

enum ui_glyph {
	UI_GLYPH_OK,      /* check mark, + */
	UI_GLYPH_SLOW,    /* triangle, ^ */
	UI_GLYPH_DOWN,    /* cross, x */
	UI_GLYPH_DIFFERS, /* not equal, # */
	UI_GLYPH_PAUSED,  /* double bar, = */
	UI_GLYPH_FLAPS,   /* ~ */
	UI_GLYPH_UNKNOWN, /* middle dot, . */
	UI_GLYPH_LOST,    /* middle dot: a probe lost in a sparkline, ! */
	UI_GLYPH_LEFT,    /* edge of a field */
	UI_GLYPH_RIGHT,
	UI_GLYPH_ASCENDING, /* sort marks */
	UI_GLYPH_DESCENDING,
	UI_GLYPH_OPEN, /* triangle down, v: a head whose members are shown */
	UI_GLYPH_FOLDED,
	UI_GLYPH_COUNT
};
const char *ui_draw_glyph(const struct ui_surface *s, enum ui_glyph glyph);

/* Draws one cell of a line drawing: a code point that sounder itself chose (blocks, braille), with
 * its ASCII twin. */
void ui_draw_cell(
	const struct ui_surface *s, int row, int column, enum ui_style style, uint32_t code);

#endif
