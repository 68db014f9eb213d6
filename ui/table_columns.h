/* table_columns.h - a table's columns: how wide they are drawn, in which order, and their names. */
#ifndef SOUNDER_UI_TABLE_COLUMNS_H
#define SOUNDER_UI_TABLE_COLUMNS_H

#include "table.h"

#define UI_COLUMN_KEY 32

/* Chooses the columns that fit and how wide each is; a width of 0 hides. */
void ui_table_fit(const struct ui_table *table, int room, int widths[static UI_TABLE_COLUMNS]);

void ui_table_draw_head(
	const struct ui_table *table, const struct ui_surface *s, const int *widths);
void ui_table_draw_row(const struct ui_table *table, const struct ui_surface *line,
	const int *widths, uint32_t row);

/* Returns a number that stands for widths, order and what is drawn with. */
uint64_t ui_table_layout(
	const struct ui_table *table, const struct ui_surface *s, const int *widths);

/* Writes what programs call a column ("loss_percent", "p50_seconds"), which `columns` calls "loss",
 * "p50"; "" for a sign. Returns out. */
const char *ui_column_key(const struct ui_column *column, char out[static UI_COLUMN_KEY]);

/* Draws the columns of those names alone, blank-separated, in that order; "": all, in their own.
 * False: *wrong begins with a name that none has, and nothing changed. */
bool ui_table_place(struct ui_table *table, const char *names, const char **wrong);

/* Writes the names of those that are drawn, in their order. */
void ui_table_placed(const struct ui_table *table, char *out, size_t size);

#endif
