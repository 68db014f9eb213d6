/* row_cache.h - the lines of a table as last drawn: one that would look the same again is copied,
 * not drawn. */
#ifndef SOUNDER_UI_ROW_CACHE_H
#define SOUNDER_UI_ROW_CACHE_H

#include "draw.h"

struct ui_cell;
struct ui_line;

/* Zeroed is valid and empty. */
struct ui_lines {
	struct ui_line *lines; /* [height], owned: by line number modulo the height, so that
				  scrolling keeps them */
	struct ui_cell *cells; /* [height][width], owned */
	uint32_t height;
	int width;
	uint64_t layout; /* of the columns, when drawn */
};

/* What a line shows. */
struct ui_line {
	uint64_t stamp; /* of the row's appearance; 0: unknown */
	uint32_t row;
	bool bar;
};

#define UI_STAMP UINT64_C(14695981039346656037) /* a stamp begins with it */

/* Mixes a number into a stamp: FNV-1a, a number at a time. */
static inline uint64_t ui_stamp_mix(uint64_t stamp, uint64_t value)
{
	stamp = (stamp ^ value) * UINT64_C(1099511628211);
	return stamp ^ stamp >> 32;
}

/* Mixes a text, NULL: none, a byte at a time. */
static inline uint64_t ui_stamp_text(uint64_t stamp, const char *text)
{
	for (; text && *text; text++)
		stamp = ui_stamp_mix(stamp, (unsigned char)*text);
	return stamp;
}

/* Makes room for so many lines, drawn to that layout; forgets all lines where either changed. Out
 * of memory none is kept. */
void ui_lines_fit(struct ui_lines *lines, uint32_t height, int width, uint64_t layout);
void ui_lines_done(struct ui_lines *lines);

/* Draws a kept line. Returns false if there is none, or it showed something else. */
bool ui_lines_draw(const struct ui_lines *lines, uint32_t number, const struct ui_line *line,
	const struct ui_surface *s);

/* Keeps what has been drawn. */
void ui_lines_keep(struct ui_lines *lines, uint32_t number, const struct ui_line *line,
	const struct ui_surface *s);

#endif
