/* row_cache.c - lines kept as cells. */
#include "row_cache.h"

#include <stdlib.h>
#include <string.h>

#include "grid.h"

void ui_lines_done(struct ui_lines *lines)
{
	free(lines->lines);
	free(lines->cells);
	*lines = (struct ui_lines){0};
}

void ui_lines_fit(struct ui_lines *lines, uint32_t height, int width, uint64_t layout)
{
	if (height == lines->height && width == lines->width && layout == lines->layout)
		return;
	ui_lines_done(lines);
	if (height == 0 || width <= 0)
		return;
	lines->lines = calloc(height, sizeof(*lines->lines));
	lines->cells = calloc((size_t)height * (size_t)width, sizeof(*lines->cells));
	if (!lines->lines || !lines->cells) {
		ui_lines_done(lines);
		return;
	}
	lines->height = height;
	lines->width = width;
	lines->layout = layout;
}

static struct ui_cell *cells_of(const struct ui_lines *lines, uint32_t number)
{
	return lines->cells + (size_t)(number % lines->height) * (size_t)lines->width;
}

bool ui_lines_draw(const struct ui_lines *lines, uint32_t number, const struct ui_line *line,
	const struct ui_surface *s)
{
	if (lines->height == 0 || line->stamp == 0)
		return false;
	const struct ui_line *kept = &lines->lines[number % lines->height];
	if (kept->stamp != line->stamp || kept->row != line->row || kept->bar != line->bar)
		return false;
	memcpy(ui_grid_at(s->grid, s->row, s->column), cells_of(lines, number),
		(size_t)lines->width * sizeof(struct ui_cell));
	return true;
}

void ui_lines_keep(struct ui_lines *lines, uint32_t number, const struct ui_line *line,
	const struct ui_surface *s)
{
	if (lines->height == 0)
		return;
	lines->lines[number % lines->height] = *line;
	if (line->stamp)
		memcpy(cells_of(lines, number), ui_grid_at(s->grid, s->row, s->column),
			(size_t)lines->width * sizeof(struct ui_cell));
}
