/* overview_tiles.h - what the overview has of this host: a section each, side by side where there
 * is room. */
#ifndef SOUNDER_UI_OVERVIEW_TILES_H
#define SOUNDER_UI_OVERVIEW_TILES_H

#include "draw.h"
#include "ui.h"

/* Returns the rows that they could use at that width. */
int ui_overview_tiles_want(struct ui *ui, int width);

/* Draws them over the whole surface. */
void ui_overview_tiles_draw(struct ui *ui, const struct ui_surface *s);

#endif
