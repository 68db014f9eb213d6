/* table_page.h - which lines of a table are seen; for the table's files alone. */
#ifndef SOUNDER_UI_TABLE_PAGE_H
#define SOUNDER_UI_TABLE_PAGE_H

#include "table.h"

/* Chooses the lines that are seen of so many rows of the screen: the cursor's is one. The last row
 * is left free where more lines follow. */
void ui_table_turn(struct ui_table *table, int height);

/* Draws "31 more" on the row that was left free, if one was. */
void ui_table_draw_more(const struct ui_table *table, const struct ui_surface *body);

#endif
