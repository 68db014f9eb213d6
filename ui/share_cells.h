/* share_cells.h - availability as a row of cells: tall is good. */
#ifndef SOUNDER_UI_SHARE_CELLS_H
#define SOUNDER_UI_SHARE_CELLS_H

#include "draw.h"

/* Draws so many shares, 0.0 to 1.0 or NAN for what is not known, a cell each, from a column of the
 * surface's first row on. */
void ui_share_cells_draw(const struct ui_surface *s, int column, const double *shares, int count);

#endif
