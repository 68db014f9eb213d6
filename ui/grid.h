/* grid.h - the new picture, cell by cell, and the one that curses has. Panels draw into it through
 * draw.h; only cells that differ go to curses. A cell is cheap here and expensive there. */
#ifndef SOUNDER_UI_GRID_H
#define SOUNDER_UI_GRID_H

#include <stdbool.h>
#include <stdint.h>

enum { UI_CELL_BAR = 1, UI_CELL_FADED = 2 };

/* Compared as bytes, so it has none that mean nothing. */
struct ui_cell {
	uint32_t text[3]; /* code points: a base and at most two marks; 0: none */
	uint8_t style;    /* enum ui_style */
	uint8_t look;     /* UI_CELL_... */
	uint16_t width;   /* cells: 1, 2; 0: the right half of what stands before */
};

struct ui_grid {
	struct ui_cell *cells; /* [rows][columns], owned */
	struct ui_cell *shown; /* [rows][columns], as curses has them; owned */
	bool *chosen;          /* [rows], of grid_room.h; owned */
	int rows, columns;
};

/* Makes the grid that large and blank. Out of memory it has no cells. */
void ui_grid_resize(struct ui_grid *grid, int rows, int columns);
void ui_grid_done(struct ui_grid *grid);

/* Blanks all cells. */
void ui_grid_clear(struct ui_grid *grid);

/* Forgets what curses has: all cells are sent again. */
void ui_grid_forget(struct ui_grid *grid);

/* Returns the cells of a row from a column on, which lie inside. */
struct ui_cell *ui_grid_at(const struct ui_grid *grid, int row, int column);

/* Puts a cell inside; of a wide character that it cuts in two the other half becomes blank. A cell
 * of width 2 needs a column to its right. */
void ui_grid_put(const struct ui_grid *grid, int row, int column, const struct ui_cell *cell);

#endif
