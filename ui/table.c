/* table.c - rows under a head. The order is kept as an array of row numbers and rebuilt only when
 * rows, column or direction change; the cursor stays on its row by the row's key. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2 /* cells between columns */

static unsigned column_count(const struct ui_table *table)
{
	unsigned count = 0;
	while (table->columns && count < UI_TABLE_COLUMNS && table->columns[count].title)
		count++;
	return count;
}

static uint64_t key_of(const struct ui_table *table, uint32_t row)
{
	return table->rows->key ? table->rows->key(table->context, row) : row;
}

uint32_t ui_table_row_at(const struct ui_table *table, uint32_t line)
{
	if (line >= table->count)
		return UINT32_MAX;
	if (table->order)
		return table->order[line];
	return table->invert && line >= table->pinned ? table->count - 1 - (line - table->pinned)
						      : line;
}

uint32_t ui_table_row(const struct ui_table *table)
{
	return ui_table_row_at(table, table->cursor);
}

/* ---- order ---- */

static void drop_order(struct ui_table *table)
{
	free(table->order);
	table->order = NULL;
	table->order_size = 0;
}

static bool make_room(struct ui_table *table)
{
	if (table->order_size >= table->count && table->order)
		return true;
	uint32_t *order = realloc(table->order, (table->count ? table->count : 1) * sizeof(*order));
	if (!order)
		return false;
	table->order = order;
	table->order_size = table->count;
	return true;
}

/* Makes of how many rows have each byte where the first of them goes. */
static void counts_to_places(uint32_t at[static 256])
{
	uint32_t sum = 0;
	for (unsigned value = 0; value < 256; value++) {
		uint32_t here = at[value];
		at[value] = sum;
		sum += here;
	}
}

/* Puts `order` into `sorted` by a byte of the weights. */
static void sort_by_byte(const uint32_t *order, uint32_t *sorted, const uint64_t *weights,
	uint32_t count, unsigned shift)
{
	uint32_t at[256] = {0};
	for (uint32_t i = 0; i < count; i++)
		at[weights[i] >> shift & 0xFF]++;
	counts_to_places(at);
	for (uint32_t i = 0; i < count; i++)
		sorted[at[weights[order[i]] >> shift & 0xFF]++] = order[i];
}

/* Sorts `order` stably by weights[row], a byte at a time from the lowest (LSD radix sort); a byte
 * that is equal in all costs nothing. `spare` is as large as `order`. */
static void sort_rows(struct ui_table *table, uint32_t *spare, const uint64_t *weights)
{
	uint32_t count = table->count, *order = table->order;
	uint64_t differ = 0;
	for (uint32_t i = 0; i < count; i++)
		differ |= weights[i] ^ weights[0];
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (!(differ >> shift & 0xFF))
			continue;
		sort_by_byte(order, spare, weights, count, shift);
		uint32_t *other = order;
		order = spare;
		spare = other;
	}
	if (order != table->order)
		memcpy(table->order, order, count * sizeof(*order));
}

/* Fills `order` by bytes. */
static void sort_by_rank(const struct ui_table *table, const uint8_t *ranks)
{
	uint8_t flip = table->invert ? 0xFF : 0;
	uint32_t at[256] = {0};
	for (uint32_t i = 0; i < table->count; i++)
		at[ranks[i] ^ flip]++;
	counts_to_places(at);
	for (uint32_t i = 0; i < table->count; i++)
		table->order[at[ranks[i] ^ flip]++] = i;
}

/* Fills `order` by the column's weights; `spare` and `weights` have room for all. */
static void sort_by_weight(struct ui_table *table, uint32_t *spare, uint64_t *weights)
{
	uint32_t count = table->count;
	table->rows->weigh(table->context, (unsigned)table->sort - 1, weights);
	for (uint32_t i = 0; i < count; i++)
		table->order[i] = i;
	for (uint32_t i = 0; table->invert && i < count; i++)
		weights[i] = ~weights[i];
	sort_rows(table, spare, weights);
}

static void sort_by_group(struct ui_table *table, uint32_t *spare, uint64_t *weights)
{
	if (table->rows->group && table->rows->group(table->context, weights))
		sort_rows(table, spare, weights);
}

/* Fills `order` by the column, then by group. Returns false when out of memory. */
static bool sort_table(struct ui_table *table)
{
	const struct ui_rows *rows = table->rows;
	uint32_t count = table->count;
	const uint8_t *ranks = rows->rank && table->sort > 0
		? rows->rank(table->context, (unsigned)table->sort - 1)
		: NULL;
	if (count == 0)
		return true;
	uint32_t *spare = malloc(count * sizeof(*spare));
	uint64_t *weights = malloc(count * sizeof(*weights));
	bool done = spare && weights;
	if (ranks)
		sort_by_rank(table, ranks);
	else if (done && table->sort > 0)
		sort_by_weight(table, spare, weights);
	for (uint32_t i = 0; table->sort <= 0 && i < count; i++)
		table->order[i] = i;
	if (done)
		sort_by_group(table, spare, weights);
	free(spare);
	free(weights);
	return done;
}

/* Sorts; where memory is short, the source's own order is shown. */
static void make_order(struct ui_table *table)
{
	table->fresh = true;
	if (!table->rows->weigh || !make_room(table) || !sort_table(table))
		drop_order(table);
}

static bool is_on_key(const struct ui_table *table, uint32_t line)
{
	return line < table->count && key_of(table, ui_table_row_at(table, line)) == table->key;
}

/* Puts the cursor back on the row that it was on, if that is still there. */
static void follow_key(struct ui_table *table)
{
	uint32_t row = UINT32_MAX;
	if (is_on_key(table, table->cursor))
		return;
	if (table->rows->find &&
		(row = table->rows->find(table->context, table->key)) == UINT32_MAX)
		return;
	for (uint32_t line = 0; line < table->count; line++) {
		bool here = row != UINT32_MAX ? ui_table_row_at(table, line) == row
					      : is_on_key(table, line);
		if (here) {
			table->cursor = line;
			return;
		}
	}
}

static void remember_key(struct ui_table *table)
{
	if (table->cursor >= table->count)
		table->cursor = table->count ? table->count - 1 : 0;
	if (table->count > 0)
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
		while (at < table->count && is_heading(table, at))
			at = down ? at + 1 : at - 1; /* below 0 is past the end, too */
		if (at < table->count)
			return at;
	}
	return line;
}

void ui_table_update(struct ui_table *table, void *context, uint32_t count, uint64_t version)
{
	bool moved = count != table->count || version != table->version || !table->fresh;
	/* A cursor that was never moved stays at the top, on whatever comes first. */
	table->context = context;
	bool at_top = table->cursor == 0 ||
		(table->count > 0 && table->cursor == skip_headings(table, 0, true));
	if (!moved)
		return;
	table->count = count;
	table->version = version;
	make_order(table);
	if (!at_top)
		follow_key(table);
	if (table->cursor >= count)
		table->cursor = count ? count - 1 : 0;
	table->cursor = skip_headings(table, table->cursor, true);
	remember_key(table);
}

/* ---- drawing ---- */

/* Chooses the columns that fit and how wide each is; a width of 0 hides. */
static void fit(
	const struct ui_table *table, unsigned count, int room, int widths[UI_TABLE_COLUMNS])
{
	int used = -GAP, shares = 0;
	for (unsigned i = 0; i < count; i++) {
		widths[i] = table->hidden >> i & 1 ? 0 : table->columns[i].width;
		used += widths[i] ? widths[i] + GAP : 0;
	}
	while (used > room) {
		unsigned worst = UI_TABLE_COLUMNS;
		for (unsigned i = 0; i < count; i++)
			if (widths[i] && table->columns[i].rank > 0 &&
				(worst == UI_TABLE_COLUMNS ||
					table->columns[i].rank >= table->columns[worst].rank))
				worst = i;
		if (worst == UI_TABLE_COLUMNS)
			break;
		used -= widths[worst] + GAP;
		widths[worst] = 0;
	}
	for (unsigned i = 0; i < count; i++)
		shares += widths[i] ? table->columns[i].grow : 0;
	int left = room - used;
	for (unsigned i = 0; i < count && left > 0 && shares > 0; i++) {
		if (!widths[i] || !table->columns[i].grow)
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
	for (unsigned i = 0; i < count; at += widths[i] ? widths[i] + GAP : 0, i++) {
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
	unsigned count = column_count(table);
	int at = 0;
	if (line->bar)
		ui_draw_fill(line, UI_BAR);
	if (count == 0)
		table->rows->cell(table->context, row, 0, line);
	for (unsigned i = 0; i < count; i++) {
		unsigned last =
			table->rows->span ? i + table->rows->span(table->context, row, i) - 1 : i;
		int width = -GAP;
		for (; i < last; i++)
			width += widths[i] ? widths[i] + GAP : 0;
		width += widths[i] ? widths[i] + GAP : 0;
		if (width <= 0)
			continue;
		struct ui_surface cell = ui_surface_part(line, 0, at, 1, width);
		if (cell.width > 0)
			table->rows->cell(table->context, row, i, &cell);
		at += width + GAP;
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

static void scroll(struct ui_table *table)
{
	uint32_t page = table->page;
	if (table->cursor < table->top)
		table->top = table->cursor;
	if (page > 0 && table->cursor >= table->top + page)
		table->top = table->cursor - page + 1;
	if (table->top + page > table->count)
		table->top = table->count > page ? table->count - page : 0;
}

void ui_table_draw(struct ui_table *table, const struct ui_surface *surface)
{
	int widths[UI_TABLE_COLUMNS] = {0};
	unsigned count = column_count(table);
	int head = count > 0 && surface->height > 1;
	fit(table, count, surface->width, widths);
	table->narrow = 0;
	for (unsigned i = 0; i < count; i++)
		table->narrow |= widths[i] ? 0 : 1u << i;
	if (head)
		draw_head(table, surface, widths, count);
	table->page = surface->height > head ? (uint32_t)(surface->height - head) : 0;
	table->row = surface->row + head;
	table->column = surface->column;
	table->width = surface->width;
	scroll(table);
	if (table->rows->look)
		ui_lines_fit(&table->lines, table->page, surface->width, layout_of(widths));
	for (uint32_t i = 0; i < table->page && table->top + i < table->count; i++) {
		struct ui_surface line = ui_surface_line(surface, head + (int)i);
		line.bar = !table->passive && table->top + i == table->cursor;
		draw_line(table, &line, widths, table->top + i);
	}
}

void ui_table_done(struct ui_table *table)
{
	drop_order(table);
	ui_lines_done(&table->lines);
	table->count = 0;
}

/* ---- moving ---- */

void ui_table_go(struct ui_table *table, uint32_t line)
{
	if (table->count == 0)
		return;
	line = line < table->count ? line : table->count - 1;
	table->cursor = skip_headings(table, line, line >= table->cursor);
	remember_key(table);
}

void ui_table_move(struct ui_table *table, enum ui_move move)
{
	uint32_t page = table->page > 1 ? table->page - 1 : 1, at = table->cursor,
		 last = table->count ? table->count - 1 : 0;
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

void ui_table_sort(struct ui_table *table, int step)
{
	int count = (int)column_count(table);
	if (!table->rows || !table->rows->weigh)
		return;
	for (int i = 0; i <= count; i++) {
		table->sort = (table->sort + step + count + 1) % (count + 1);
		if (table->sort == 0 || table->columns[table->sort - 1].sorts)
			break;
	}
	table->fresh = false;
}

void ui_table_invert(struct ui_table *table)
{
	table->invert = !table->invert;
	table->fresh = false;
}
