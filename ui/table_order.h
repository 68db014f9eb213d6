/* table_order.h - the order of a table's lines; for the table's files alone. */
#ifndef SOUNDER_UI_TABLE_ORDER_H
#define SOUNDER_UI_TABLE_ORDER_H

#include "table.h"

/* Sorts again, and puts the rows into their blocks; where memory is short, the source's own order
 * is shown, or no blocks are. */
void ui_table_order(struct ui_table *table);

#define UI_TABLE_GAP 2 /* cells between columns */

/* How many columns a table has. */
unsigned ui_table_columns(const struct ui_table *table);

/* Returns how many of them are drawn where there is room, and which is at a place from the left. */
unsigned ui_table_places(const struct ui_table *table);
unsigned ui_table_column_at(const struct ui_table *table, unsigned place);

/* Frees the order. */
void ui_table_drop_order(struct ui_table *table);

#endif
