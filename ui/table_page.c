/* table_page.c - the lines that are seen, and how many follow. */
#include "table_page.h"

#include "number.h"

#define MORE_LEAST 4 /* rows from which one is given to "31 more" */

static void scroll(struct ui_table *table)
{
	uint32_t page = table->page;
	if (table->flow > 1 && page > 0) {
		table->top = table->cursor / page * page;
		return;
	}
	if (table->cursor < table->top)
		table->top = table->cursor;
	if (page > 0 && table->cursor >= table->top + page)
		table->top = table->cursor - page + 1;
	if (table->top + page > table->line_count)
		table->top = table->line_count > page ? table->line_count - page : 0;
}

void ui_table_turn(struct ui_table *table, int height)
{
	uint32_t rows = height > 0 ? (uint32_t)height : 0;
	table->page = rows * (table->flow > 1 ? (uint32_t)table->flow : 1);
	bool cut = table->flow <= 1 && rows >= MORE_LEAST && table->line_count > rows;
	if (cut) {
		table->page--;
		scroll(table);
		if (table->top + rows < table->line_count)
			return;
		table->page++; /* one more line would be the last */
	}
	scroll(table);
}

void ui_table_draw_more(const struct ui_table *table, const struct ui_surface *body)
{
	char number[UI_NUMBER_TEXT];
	uint32_t seen = table->top + table->page;
	int row = body->height - 1;
	if (table->flow > 1 || table->page != (uint32_t)row || seen >= table->line_count)
		return;
	ui_draw_printf(
		body, row, 3, UI_DIM, "%s more", ui_number_count(number, table->line_count - seen));
}
