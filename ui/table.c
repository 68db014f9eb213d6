/* table.c - rows under a head. The order is kept as an array of row numbers and rebuilt only when
 * rows, column or direction change; the cursor stays on its row by the row's key. */
#include "table.h"

#include "table_order.h"
#include "table_page.h"
#include "table_select.h"

#include <string.h>

#define FLOW_GAP 2  /* and between those that lines flow through */
#define ENOUGH 22   /* cells of a name that others make room for */
#define GIVES_WAY 4 /* rank from which they do */
#define SEEN 512    /* rows that are surveyed at most */

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

static int wants(const struct ui_table *table, unsigned column)
{
	return table->rows->wants ? table->rows->wants(table->context, column) : 0;
}

/* A column that knows what it could use gets that, up to a readable part of it, before others. */
static int least_width(const struct ui_table *table, unsigned column)
{
	int least = table->columns[column].width, wanted = wants(table, column);
	if (wanted > ENOUGH)
		wanted = ENOUGH;
	return table->hidden >> column & 1 ? 0 : wanted > least ? wanted : least;
}

/* Gives the columns that know what they could use more of it: up to half of what is left, or all
 * where no other column grows. Returns what is left then. */
static int give_wanted(const struct ui_table *table, unsigned count, int left, int *widths)
{
	int shares = 0;
	for (unsigned i = 0; i < count; i++)
		shares += widths[i] && !wants(table, i) ? table->columns[i].grow : 0;
	for (unsigned i = 0; i < count; i++) {
		int more = widths[i] ? wants(table, i) - widths[i] : 0,
		    most = shares > 0 && widths[i] >= ENOUGH ? left / 2 : left;
		more = more > most ? most : more;
		widths[i] += more > 0 ? more : 0;
		left -= more > 0 ? more : 0;
	}
	return left;
}

/* The shown column that goes first; UI_TABLE_COLUMNS: none may. */
static unsigned first_to_go(
	const struct ui_table *table, unsigned count, const int *widths, int rank_least)
{
	unsigned worst = UI_TABLE_COLUMNS;
	for (unsigned i = 0; i < count; i++)
		if (widths[i] && table->columns[i].rank >= rank_least &&
			(worst == UI_TABLE_COLUMNS ||
				table->columns[i].rank >= table->columns[worst].rank))
			worst = i;
	return worst;
}

/* Narrows the columns that got what they wanted to their own widths; returns what is used. */
static int take_wanted(const struct ui_table *table, unsigned count, int over, int *widths)
{
	int taken = 0;
	for (unsigned i = 0; i < count; i++) {
		int more = widths[i] - table->columns[i].width;
		more = more > over - taken ? over - taken : more;
		widths[i] -= widths[i] && more > 0 ? more : 0;
		taken += widths[i] && more > 0 ? more : 0;
	}
	return taken;
}

/* Hides columns until the rest has room; a name is shortened before those of low rank go. Returns
 * the cells used. */
static int hide_columns(const struct ui_table *table, unsigned count, int room, int *widths)
{
	int used = -UI_TABLE_GAP;
	for (unsigned i = 0; i < count; i++)
		used += widths[i] ? widths[i] + UI_TABLE_GAP : 0;
	for (int least = GIVES_WAY; used > room && least >= 1; least = least > 1 ? 1 : 0) {
		unsigned worst;
		while (used > room &&
			(worst = first_to_go(table, count, widths, least)) != UI_TABLE_COLUMNS) {
			used -= widths[worst] + UI_TABLE_GAP;
			widths[worst] = 0;
		}
		if (used > room)
			used -= take_wanted(table, count, used - room, widths);
	}
	return used;
}

/* Chooses the columns that fit and how wide each is; a width of 0 hides. */
static void fit(
	const struct ui_table *table, unsigned count, int room, int widths[UI_TABLE_COLUMNS])
{
	int shares = 0;
	for (unsigned i = 0; i < count; i++)
		widths[i] = least_width(table, i);
	int left = room - hide_columns(table, count, room, widths);
	left = give_wanted(table, count, left, widths);
	for (unsigned i = 0; i < count; i++)
		shares += widths[i] && !wants(table, i) ? table->columns[i].grow : 0;
	for (unsigned i = 0; i < count && left > 0 && shares > 0; i++) {
		if (!widths[i] || !table->columns[i].grow || wants(table, i))
			continue;
		int part = left * table->columns[i].grow / shares;
		widths[i] += part;
		left -= part;
		shares -= table->columns[i].grow;
	}
}

static void draw_head(
	const struct ui_table *table, const struct ui_surface *s, const int *widths, unsigned count)
{
	int at = 0;
	for (unsigned i = 0; i < count; at += widths[i] ? widths[i] + UI_TABLE_GAP : 0, i++) {
		const struct ui_column *column = &table->columns[i];
		bool sorted = table->sort == (int)i + 1;
		/* The mark of a sorted column is in the gap after a text and before a number. */
		struct ui_surface cell = ui_surface_part(s, 0, at, 1, widths[i]);
		enum ui_style style = sorted ? UI_STRONG : UI_DIM;
		if (!widths[i])
			continue;
		int used = column->right ? ui_draw_right(&cell, 0, style, column->title)
					 : ui_draw_text(&cell, 0, 0, style, column->title);
		const char *mark =
			ui_draw_glyph(s, table->invert ? UI_GLYPH_DESCENDING : UI_GLYPH_ASCENDING);
		if (sorted)
			ui_draw_text(s, 0, column->right ? at + widths[i] - used - 1 : at + used,
				UI_STRONG, mark);
	}
}

static void draw_row(const struct ui_table *table, const struct ui_surface *line, const int *widths,
	uint32_t row)
{
	unsigned count = ui_table_columns(table);
	int at = 0;
	if (line->bar)
		ui_draw_fill(line, UI_BAR);
	if (count == 0)
		table->rows->cell(table->context, row, 0, line);
	for (unsigned i = 0; i < count; i++) {
		unsigned last =
			table->rows->span ? i + table->rows->span(table->context, row, i) - 1 : i;
		int width = -UI_TABLE_GAP;
		for (; i < last; i++)
			width += widths[i] ? widths[i] + UI_TABLE_GAP : 0;
		width += widths[i] ? widths[i] + UI_TABLE_GAP : 0;
		if (width <= 0)
			continue;
		struct ui_surface cell = ui_surface_part(line, 0, at, 1, width);
		if (cell.width > 0)
			table->rows->cell(table->context, row, i, &cell);
		at += width + UI_TABLE_GAP;
	}
}

/* Identifies a layout of columns. */
static uint64_t layout_of(const int *widths)
{
	uint64_t layout = UI_STAMP;
	for (unsigned i = 0; i < UI_TABLE_COLUMNS; i++)
		layout = ui_stamp_mix(layout, (uint64_t)widths[i]);
	return layout;
}

/* Draws a line, or what it looked like where it looks the same. */
static void draw_line(
	struct ui_table *table, const struct ui_surface *s, const int *widths, uint32_t number)
{
	struct ui_line line = {.row = ui_table_row_at(table, number), .bar = s->bar};
	line.stamp = table->rows->look ? table->rows->look(table->context, line.row) : 0;
	if (ui_lines_draw(&table->lines, number, &line, s))
		return;
	draw_row(table, s, widths, line.row);
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
	int widths[UI_TABLE_COLUMNS] = {0};
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
	fit(table, count, surface->width, widths);
	table->narrow = 0;
	for (unsigned i = 0; i < count; i++)
		table->narrow |= widths[i] ? 0 : 1u << i;
	if (table->rows->fitted)
		table->rows->fitted(table->context, surface, widths);
	if (head)
		draw_head(table, surface, widths, count);
	memcpy(table->widths, widths, sizeof(table->widths));
	table->row = surface->row + head;
	table->column = surface->column;
	table->width = surface->width;
	struct ui_surface body = ui_surface_part(surface, head, 0, -1, -1);
	ui_table_draw_none(table, &body);
	if (table->rows->look)
		ui_lines_fit(&table->lines, table->page, surface->width, layout_of(widths));
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
