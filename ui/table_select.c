/* table_select.c - which rows of a table are shown. While one types on, only rows that were
 * shown are looked at. */
#include "table_select.h"

#include <stdlib.h>

bool ui_table_is_filtered(const struct ui_table *table)
{
	return table->filter && table->filter->count > 0 && table->rows->holds;
}

bool ui_table_shows(const struct ui_table *table, uint32_t row)
{
	return !ui_table_is_filtered(table) || row >= table->held_size || table->held[row];
}

static bool make_room(struct ui_table *table)
{
	if (table->held && table->held_size >= table->count)
		return true;
	bool *held = realloc(table->held, (table->count ? table->count : 1) * sizeof(*held));
	if (!held)
		return false;
	table->held = held;
	table->held_size = table->count;
	table->narrows = false;
	return true;
}

/* The row at a place of the source's order, as shown where nothing is sorted. */
static uint32_t row_at(const struct ui_table *table, uint32_t place)
{
	return table->invert && !table->rows->weigh && place >= table->fixed
		? table->count - 1 - (place - table->fixed)
		: place;
}

void ui_table_select(struct ui_table *table)
{
	bool filtered = ui_table_is_filtered(table), kept = filtered && make_room(table),
	     narrows = kept && table->narrows && table->held_version == table->version;
	uint32_t found = 0;
	for (uint32_t place = 0; place < table->count; place++) {
		uint32_t row = row_at(table, place);
		bool holds = !filtered ||
			((!narrows || table->held[row]) &&
				table->rows->holds(table->context, row, table->filter));
		if (kept)
			table->held[row] = holds;
		if (holds)
			table->order[found++] = row;
	}
	table->found = found;
	table->held_version = table->version;
	/* What was looked at may be looked at again for another reason than a narrower filter. */
	table->narrows = false;
}

void ui_table_draw_none(const struct ui_table *table, const struct ui_surface *s)
{
	if (table->count > 0 && table->line_count == 0 && table->filter)
		ui_draw_printf(
			s, 0, 0, UI_DIM, "no row here is /%s; Esc shows all", table->filter->text);
}

void ui_table_drop_filter(struct ui_table *table)
{
	free(table->filter);
	free(table->held);
	table->filter = NULL;
	table->held = NULL;
	table->held_size = 0;
}
