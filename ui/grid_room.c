/* grid_room.c - which rows a frame has room for. */
#include "grid_room.h"

#include <string.h>

#define MOVE_BYTES 8   /* to another place */
#define STYLE_BYTES 14 /* to another colour */
#define GAP_CELLS 6    /* so many cells that did not change are passed by moving */

static size_t text_bytes(const struct ui_cell *cell)
{
	size_t bytes = 0;
	for (int i = 0; i < 3 && cell->text[i]; i++)
		bytes += cell->text[i] < 0x80 ? 1 : cell->text[i] < 0x800 ? 2 : 3;
	return bytes;
}

static const struct ui_cell *shown_at(const struct ui_grid *grid, int row)
{
	return grid->shown + (size_t)row * (size_t)grid->columns;
}

/* About how many bytes the terminal needs for what changed in a row. */
static size_t cost_of(const struct ui_grid *grid, int row)
{
	const struct ui_cell *cells = ui_grid_at(grid, row, 0), *shown = shown_at(grid, row);
	size_t bytes = 0, gap = GAP_CELLS;
	int style = -1;
	for (int at = 0; at < grid->columns; at++) {
		bool blank = cells[at].text[0] == ' ' && shown[at].text[0] == 0;
		if (blank || !memcmp(&cells[at], &shown[at], sizeof(*cells))) {
			gap++;
			continue;
		}
		int now = cells[at].style << 8 | cells[at].look;
		bytes += gap < GAP_CELLS ? gap : MOVE_BYTES;
		bytes += text_bytes(&cells[at]) + (now != style ? STYLE_BYTES : 0);
		style = now;
		gap = 0;
	}
	return bytes;
}

static bool has_changed(const struct ui_grid *grid, int row)
{
	return memcmp(ui_grid_at(grid, row, 0), shown_at(grid, row),
		       (size_t)grid->columns * sizeof(struct ui_cell)) != 0;
}

static bool has_bar(const struct ui_cell *cells, int columns)
{
	for (int at = 0; at < columns; at++)
		if (cells[at].look & UI_CELL_BAR)
			return true;
	return false;
}

/* A key moved it, or will. */
static bool is_of_cursor(const struct ui_grid *grid, int row, int cursor)
{
	return row == cursor || has_bar(ui_grid_at(grid, row, 0), grid->columns) ||
		has_bar(shown_at(grid, row), grid->columns);
}

bool ui_grid_choose(const struct ui_grid *grid, size_t room, int cursor, int *next)
{
	bool *chosen = grid->chosen;
	int first = *next < grid->rows ? *next : 0, left_out = -1;
	size_t used = 0;
	for (int row = 0; row < grid->rows; row++) {
		chosen[row] = has_changed(grid, row) && is_of_cursor(grid, row, cursor);
		used += chosen[row] ? cost_of(grid, row) : 0;
	}
	for (int i = 0; i < grid->rows; i++) {
		int row = (first + i) % grid->rows;
		if (chosen[row] || !has_changed(grid, row))
			continue;
		size_t cost = cost_of(grid, row);
		chosen[row] = used == 0 || used + cost <= room;
		if (chosen[row])
			used += cost + !cost;
		else if (left_out < 0)
			left_out = row;
	}
	if (left_out >= 0)
		*next = left_out;
	return left_out < 0;
}
