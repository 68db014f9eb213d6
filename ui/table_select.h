/* table_select.h - which rows of a table are shown; for table.c and table_order.c. */
#ifndef SOUNDER_UI_TABLE_SELECT_H
#define SOUNDER_UI_TABLE_SELECT_H

#include "table.h"

/* Fills `order`, which has room for all, with the rows that are shown, in the source's order, and
 * `found` with how many there are. */
void ui_table_select(struct ui_table *table);

/* Draws why there are no lines, where a filter leaves none. */
void ui_table_draw_none(const struct ui_table *table, const struct ui_surface *s);

void ui_table_drop_filter(struct ui_table *table);

#endif
