/* table.c - rows under a head. The order is kept as an array of row numbers and rebuilt only when
 * rows, column or direction change; the cursor stays on its row by the row's key. */
#include "table.h"

#include "table_columns.h"
#include "table_order.h"
#include "table_page.h"
#include "table_select.h"

#define FLOW_GAP 2 /* cells between the columns that lines flow through */
#define SEEN 512   /* rows that are surveyed at most */

static uint64_t key_of(const struct ui_table *table, uint32_t row)
{
	return table->rows->key ? table->rows->key(table->context, row) : row;
}

uint32_t ui_table_row_at(const struct ui_table *table, uint32_t line)
{
	if (line >= table->line_count)
		return UINT32_MAX;
	if (table->order)
		return table->order[line];
	return table->invert && line >= table->fixed ? table->count - 1 - (line - table->fixed)
						     : line;
}

uint32_t ui_table_row(const struct ui_table *table)
{
	return ui_table_row_at(table, table->cursor);
}

static bool is_on_key(const struct ui_table *table, uint32_t line)
{
	return line < table->line_count &&
		key_of(table, ui_table_row_at(table, line)) == table->key;
}

/* The block that a row is in or, as a head with a line of its own, stands for. */
static uint32_t block_of(const struct ui_table *table, uint32_t row)
{
	if (!table->blocks || row == UINT32_MAX)
		return UI_BLOCK_NONE;
	return row >= table->count ? row - table->count : table->blocks->of[row];
}

static uint32_t head_of(const struct ui_table *table, uint32_t block)
{
	return table->blocks->heads ? table->blocks->heads[block] : table->count + block;
}

static bool go_to_row(struct ui_table *table, uint32_t row)
{
	for (uint32_t line = 0; line < table->line_count; line++) {
		if (ui_table_row_at(table, line) == row) {
			table->cursor = line;
			return true;
		}
	}
	return false;
}

/* Puts the cursor back on the row that it was on; on its block's head if that is folded. Returns
 * whether either is still there. */
static bool follow_key(struct ui_table *table)
{
	if (is_on_key(table, table->cursor))
		return true;
	if (table->rows->find) {
		uint32_t row = table->rows->find(table->context, table->key),
			 block = block_of(table, row);
		return row != UINT32_MAX &&
			(go_to_row(table, row) ||
				(block != UI_BLOCK_NONE &&
					go_to_row(table, head_of(table, block))));
	}
	for (uint32_t line = 0; line < table->line_count; line++) {
		if (is_on_key(table, line)) {
			table->cursor = line;
			return true;
		}
	}
	return false;
}

static void remember_key(struct ui_table *table)
{
	if (table->cursor >= table->line_count)
		table->cursor = table->line_count ? table->line_count - 1 : 0;
	if (table->line_count > 0)
		table->key = key_of(table, ui_table_row(table));
}

static bool is_heading(const struct ui_table *table, uint32_t line)
{
	return table->rows->heading &&
		table->rows->heading(table->context, ui_table_row_at(table, line));
}

/* The first line from `line` on, downwards or upwards, that is no heading; else the first in the
 * other direction; else the line itself. */
static uint32_t skip_headings(const struct ui_table *table, uint32_t line, bool down)
{
	for (int pass = 0; pass < 2; pass++, down = !down) {
		uint32_t at = line;
		while (at < table->line_count && is_heading(table, at))
			at = down ? at + 1 : at - 1; /* below 0 is past the end, too */
		if (at < table->line_count)
			return at;
	}
	return line;
}

void ui_table_update(struct ui_table *table, void *context, uint32_t count, uint64_t version)
{
	bool moved = count != table->count || version != table->version || !table->fresh,
	     had_lines = table->line_count > 0;
	table->context = context;
	if (!moved)
		return;
	table->count = count;
	table->version = version;
	ui_table_order(table);
	bool known = !had_lines || follow_key(table);
	table->lost = table->lost || !known;
	table->pinned = table->pinned && count > 0;
	if (table->cursor >= table->line_count)
		table->cursor = table->line_count ? table->line_count - 1 : 0;
	table->cursor = skip_headings(table, table->cursor, true);
	remember_key(table);
}

/* ---- drawing ---- */

/* Draws a line, or what it looked like where it looks the same. */
static void draw_line(
	struct ui_table *table, const struct ui_surface *s, const int *widths, uint32_t number)
{
	struct ui_line line = {.row = ui_table_row_at(table, number), .bar = s->bar};
	line.stamp = table->rows->look ? table->rows->look(table->context, line.row) : 0;
	if (ui_lines_draw(&table->lines, number, &line, s))
		return;
	ui_table_draw_row(table, s, widths, line.row);
	ui_lines_keep(&table->lines, number, &line, s);
}

/* Shows the source the rows that will be seen. */
static void survey(const struct ui_table *table)
{
	uint32_t rows[SEEN], count = 0;
	while (table->rows->survey && count < table->page && count < SEEN &&
		table->top + count < table->line_count) {
		rows[count] = ui_table_row_at(table, table->top + count);
		count++;
	}
	if (table->rows->survey)
		table->rows->survey(table->context, rows, count);
}

/* Where a visible line is drawn, in lines and columns of `height` lines. */
static struct ui_surface line_at(
	const struct ui_table *table, const struct ui_surface *s, int height, int line)
{
	int flow = table->flow > 1 ? table->flow : 1,
	    width = (s->width - (flow - 1) * FLOW_GAP) / flow, column = line / height,
	    head = s->height - height;
	struct ui_surface at = ui_surface_part(s, head + line % height, column * (width + FLOW_GAP),
		1, column == flow - 1 ? -1 : width);
	at.bar = !table->passive && table->top + (uint32_t)line == table->cursor;
	return at;
}

void ui_table_draw(struct ui_table *table, const struct ui_surface *surface)
{
	int *widths = table->widths;
	unsigned count = ui_table_columns(table);
	int head = count > 0 && surface->height > 1, height = surface->height - head;
	if (!table->pinned && table->line_count > 0) {
		/* A cursor that was never moved stays at the top, on whatever comes first. */
		table->cursor = skip_headings(table, 0, true);
		remember_key(table);
	}
	table->lost = false; /* what is under the cursor now is drawn */
	ui_table_turn(table, height);
	survey(table);
	ui_table_fit(table, surface->width, widths);
	table->narrow = 0;
	for (unsigned i = 0; i < count; i++)
		table->narrow |= widths[i] ? 0 : 1u << i;
	if (table->rows->fitted)
		table->rows->fitted(table->context, surface, widths);
	if (head)
		ui_table_draw_head(table, surface, widths);
	table->row = surface->row + head;
	table->column = surface->column;
	table->width = surface->width;
	struct ui_surface body = ui_surface_part(surface, head, 0, -1, -1);
	ui_table_draw_none(table, &body);
	if (table->rows->look)
		ui_lines_fit(&table->lines, table->page, surface->width,
			ui_table_layout(table, surface, widths));
	for (uint32_t i = 0; i < table->page && table->top + i < table->line_count; i++) {
		struct ui_surface line = line_at(table, surface, height, (int)i);
		draw_line(table, &line, widths, table->top + i);
	}
	ui_table_draw_more(table, &body);
}

void ui_table_done(struct ui_table *table)
{
	ui_table_drop_order(table);
	ui_table_drop_filter(table);
	ui_lines_done(&table->lines);
	table->count = table->line_count = 0;
}

/* ---- moving ---- */

void ui_table_go(struct ui_table *table, uint32_t line)
{
	if (table->line_count == 0)
		return;
	line = line < table->line_count ? line : table->line_count - 1;
	table->cursor = skip_headings(table, line, line >= table->cursor);
	table->pinned = true;
	table->lost = false;
	remember_key(table);
}

bool ui_table_seek(struct ui_table *table, uint64_t key)
{
	uint64_t before = table->key;
	if (!table->rows->find || table->line_count == 0)
		return false;
	table->key = key;
	if (!follow_key(table)) {
		table->key = before;
		return false;
	}
	table->pinned = true;
	table->lost = false;
	remember_key(table);
	return true;
}

void ui_table_move(struct ui_table *table, enum ui_move move)
{
	uint32_t page = table->page > 1 ? table->page - 1 : 1, at = table->cursor,
		 last = table->line_count ? table->line_count - 1 : 0;
	bool down = move == UI_MOVE_DOWN || move == UI_MOVE_PAGE_DOWN,
	     up = move == UI_MOVE_UP || move == UI_MOVE_PAGE_UP;
	const uint32_t to[] = {
		[UI_MOVE_UP] = at > 0 ? at - 1 : 0,
		[UI_MOVE_DOWN] = at < last ? at + 1 : last,
		[UI_MOVE_PAGE_UP] = at > page ? at - page : 0,
		[UI_MOVE_PAGE_DOWN] = last - at > page ? at + page : last,
		[UI_MOVE_TOP] = 0,
		[UI_MOVE_BOTTOM] = last,
	};
	ui_table_go(table, to[move]);
	table->overrun = table->cursor != at ? 0 : down ? 1 : up ? -1 : 0;
}

void ui_table_step(struct ui_table *table, int step)
{
	uint32_t at = table->cursor, last = table->line_count ? table->line_count - 1 : 0;
	ui_table_go(table, step > 0 ? (at < last ? at + 1 : 0) : (at > 0 ? at - 1 : last));
	if (table->cursor == at && table->line_count > 1) /* headings at an end */
		ui_table_go(table, step > 0 ? 0 : last);
}

/* ---- folding ---- */

/* Whether any block is open. */
static bool any_open(const struct ui_blocks *blocks)
{
	for (uint32_t i = 0; i < (blocks->order ? blocks->order_count : blocks->count); i++) {
		uint32_t block = blocks->order ? blocks->order[i] : i;
		bool empty = blocks->heads && blocks->heads[block] == UI_BLOCK_NONE;
		if (!empty && !blocks->folded[block])
			return true;
	}
	return false;
}

void ui_table_reorder(struct ui_table *table)
{
	ui_table_order(table);
	if (!follow_key(table))
		table->cursor = 0;
	table->cursor = skip_headings(table, table->cursor, true);
	remember_key(table);
}

bool ui_table_pin(struct ui_table *table)
{
	bool before = table->pinned;
	table->pinned = table->line_count > 0;
	return before;
}

void ui_table_unpin(struct ui_table *table, bool pinned)
{
	table->pinned = pinned;
}

bool ui_table_fold(struct ui_table *table, bool all)
{
	uint32_t block = block_of(table, ui_table_row(table));
	if (!table->blocks || !table->rows->fold || (!all && block == UI_BLOCK_NONE))
		return false;
	if (all)
		table->rows->fold(table->context, UI_BLOCK_NONE, any_open(table->blocks));
	else
		table->rows->fold(table->context, block, !table->blocks->folded[block]);
	table->pinned = true;
	ui_table_reorder(table);
	return true;
}
