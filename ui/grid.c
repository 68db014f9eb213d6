/* grid.c - the picture as cells. */
#include "grid.h"

#include <stdlib.h>
#include <string.h>

static const struct ui_cell blank = {.text = {' '}, .width = 1};

void ui_grid_resize(struct ui_grid *grid, int rows, int columns)
{
	size_t count = (size_t)rows * (size_t)columns;
	ui_grid_done(grid);
	grid->cells = calloc(count, sizeof(*grid->cells));
	grid->shown = calloc(count, sizeof(*grid->shown));
	grid->chosen = calloc((size_t)rows, sizeof(*grid->chosen));
	if (!grid->cells || !grid->shown || !grid->chosen) {
		ui_grid_done(grid);
		return;
	}
	grid->rows = rows;
	grid->columns = columns;
	ui_grid_clear(grid);
}

void ui_grid_done(struct ui_grid *grid)
{
	free(grid->cells);
	free(grid->shown);
	free(grid->chosen);
	*grid = (struct ui_grid){0};
}

struct ui_cell *ui_grid_at(const struct ui_grid *grid, int row, int column)
{
	return grid->cells + (size_t)row * (size_t)grid->columns + column;
}

void ui_grid_clear(struct ui_grid *grid)
{
	size_t columns = (size_t)grid->columns;
	for (size_t i = 0; grid->rows > 0 && i < columns; i++)
		grid->cells[i] = blank;
	for (int row = 1; row < grid->rows; row++)
		memcpy(grid->cells + (size_t)row * columns, grid->cells,
			columns * sizeof(*grid->cells));
}

void ui_grid_forget(struct ui_grid *grid)
{
	if (grid->shown)
		memset(grid->shown, 0,
			(size_t)grid->rows * (size_t)grid->columns * sizeof(*grid->shown));
}

/* The rest of a wide character, one half of which is overwritten. */
static void halve(struct ui_cell *cell, const struct ui_cell *line)
{
	struct ui_cell *other = cell->width == 2 ? cell + 1 : cell > line ? cell - 1 : cell;
	other->text[0] = ' ';
	other->text[1] = other->text[2] = 0;
	other->width = 1;
}

void ui_grid_put(const struct ui_grid *grid, int row, int column, const struct ui_cell *cell)
{
	struct ui_cell *at = ui_grid_at(grid, row, column);
	if (at->width != 1)
		halve(at, at - column);
	if (cell->width == 2 && at[1].width == 2)
		halve(at + 1, at - column);
	*at = *cell;
	if (cell->width == 2)
		at[1] = (struct ui_cell){.style = cell->style, .look = cell->look};
}
