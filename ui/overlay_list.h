/* overlay_list.h - the entries of an overlay's list: which are shown, in what order, how. For
 * overlay.c. */
#ifndef SOUNDER_UI_OVERLAY_LIST_H
#define SOUNDER_UI_OVERLAY_LIST_H

#include "overlay.h"

/* Chooses the entries that match the search, those first whose own words do; the cursor goes to the
 * first that can be run. */
void ui_overlay_list_filter(struct ui_overlay *overlay);

/* Lays the list out in `columns` of `height` lines, under headings that never end a column. The
 * cursor stays on its entry. */
void ui_overlay_list_flow(struct ui_overlay *overlay, int columns, int height);

/* Returns how many lines each of `columns` columns needs for all, `most` at the most. */
int ui_overlay_list_height(const struct ui_overlay *overlay, int columns, int most);

/* Draws the list, and under it, in `foot` lines, all about the entry under the cursor. */
void ui_overlay_list_draw(struct ui_overlay *overlay, const struct ui_surface *s, int foot);

void ui_overlay_list_done(struct ui_overlay *overlay);

#endif
