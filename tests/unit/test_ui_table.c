/* test_ui_table.c - cursor, scrolling, sorting, columns; and the one-line input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "canvas.h"
#include "input.h"
#include "table.h"

struct numbers {
	uint32_t count;
	int values[64];
	unsigned fetched; /* cells that were asked for */
};

static void draw_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	struct numbers *numbers = context;
	numbers->fetched++;
	if (column == 1)
		ui_draw_printf(cell, 0, 0, UI_PLAIN, "%d", numbers->values[row]);
}

static void weigh(void *context, unsigned column, uint64_t *weights)
{
	const struct numbers *numbers = context;
	(void)column;
	for (uint32_t i = 0; i < numbers->count; i++)
		weights[i] = (uint64_t)numbers->values[i];
}

static uint64_t key(void *context, uint32_t row)
{
	const struct numbers *numbers = context;
	return (uint64_t)numbers->values[row];
}

static const struct ui_rows rows = {.cell = draw_cell, .weigh = weigh, .key = key};
static const struct ui_column columns[] = {{.title = "Name", .width = 10, .grow = 1},
	{.title = "Value", .width = 6, .right = true, .sorts = true},
	{.title = "Least", .width = 20, .rank = 2}, {.title = "Less", .width = 20, .rank = 1}, {0}};

static void fill(struct numbers *numbers, uint32_t count)
{
	memset(numbers, 0, sizeof(*numbers));
	numbers->count = count;
	for (uint32_t i = 0; i < count; i++)
		numbers->values[i] = (int)(i * 37 % 64);
}

static void test_sorting_keeps_the_cursor_on_its_row(void **state)
{
	struct ui_table table = {.columns = columns, .rows = &rows};
	struct numbers numbers;
	(void)state;
	fill(&numbers, 50);
	ui_table_update(&table, &numbers, 50, 1);
	table.page = 10;
	for (int i = 0; i < 5; i++)
		ui_table_move(&table, UI_MOVE_DOWN);
	assert_int_equal(ui_table_row(&table), 5);
	ui_table_sort(&table, 1);
	ui_table_update(&table, &numbers, 50, 1);
	assert_int_equal(ui_table_row(&table), 5);
	for (uint32_t i = 1; i < 50; i++)
		assert_true(numbers.values[ui_table_row_at(&table, i - 1)] <=
			numbers.values[ui_table_row_at(&table, i)]);
	ui_table_invert(&table);
	ui_table_update(&table, &numbers, 50, 1);
	assert_int_equal(ui_table_row(&table), 5);
	assert_int_equal(numbers.values[ui_table_row_at(&table, 0)], 63);
	ui_table_sort(&table, 1);
	assert_int_equal(table.sort, 0);
	ui_table_update(&table, &numbers, 3, 2); /* the row is gone */
	assert_true(ui_table_row(&table) < 3);
	ui_table_update(&table, &numbers, 0, 3);
	assert_int_equal(ui_table_row(&table), UINT32_MAX);
	for (int move = UI_MOVE_UP; move <= UI_MOVE_BOTTOM; move++)
		ui_table_move(&table, (enum ui_move)move);
	ui_table_done(&table);
}

static void test_only_visible_rows_are_fetched(void **state)
{
	struct ui_table table = {.columns = columns, .rows = &rows};
	struct numbers numbers;
	struct ui_canvas *canvas;
	char picture[8192];
	(void)state;
	fill(&numbers, 60);
	assert_int_equal(ui_canvas_new("xterm", &canvas), SDR_OK);
	ui_canvas_resize(canvas, 11, 60);
	ui_table_update(&table, &numbers, 60, 1);
	struct ui_surface screen = ui_canvas_begin(canvas);
	ui_table_draw(&table, &screen);
	assert_int_equal(
		numbers.fetched, 27); /* nine rows; of the columns, the highest rank has gone */
	ui_canvas_text(canvas, picture, sizeof(picture));
	assert_non_null(strstr(picture, "   51 more\n"));
	ui_table_move(&table, UI_MOVE_BOTTOM);
	ui_table_draw(&table, &screen);
	assert_int_equal(table.top, 50);
	ui_canvas_text(canvas, picture, sizeof(picture));
	assert_non_null(strstr(picture, "Less"));
	assert_null(strstr(picture, "Least"));
	assert_null(strstr(picture, " more"));
	ui_table_done(&table);
	ui_canvas_free(canvas);
}

static uint64_t look(void *context, uint32_t row)
{
	return (uint64_t)((struct numbers *)context)->values[row] + 1;
}

/* A line that would look the same is not drawn again; one that looks otherwise, or has the cursor,
 * is. */
static void test_only_what_changed_is_fetched(void **state)
{
	static const struct ui_rows looked = {.cell = draw_cell, .key = key, .look = look};
	struct ui_table table = {.columns = columns, .rows = &looked};
	struct numbers numbers;
	struct ui_canvas *canvas;
	(void)state;
	fill(&numbers, 60);
	assert_int_equal(ui_canvas_new("xterm", &canvas), SDR_OK);
	ui_canvas_resize(canvas, 11, 60);
	for (int frame = 0; frame < 4; frame++) {
		static const unsigned fetched[] = {27, 0, 3, 6}; /* three columns a line */
		struct ui_surface screen = ui_canvas_begin(canvas);
		numbers.fetched = 0;
		ui_table_update(&table, &numbers, 60, (uint64_t)frame);
		ui_table_draw(&table, &screen);
		assert_int_equal(numbers.fetched, fetched[frame]);
		if (frame == 1)
			numbers.values[5] = 63;
		if (frame == 2)
			ui_table_move(&table, UI_MOVE_DOWN);
	}
	ui_table_done(&table);
	assert_int_equal(ui_table_row(&table), UINT32_MAX);
	ui_canvas_free(canvas);
}

/* ---- columns ---- */

/* Where each cell of the last row that was drawn began, and how wide it was; -1: not drawn. */
struct cells {
	int at[UI_TABLE_COLUMNS], width[UI_TABLE_COLUMNS];
	unsigned joined; /* from this column on two are one cell; 0: none */
	int bars;        /* cells of a line with the cursor's bar */
};

static void note_cell(void *context, uint32_t row, unsigned column, const struct ui_surface *cell)
{
	struct cells *cells = context;
	(void)row;
	cells->at[column] = cell->column;
	cells->width[column] = cell->width;
	cells->bars += cell->bar;
}

static unsigned span(void *context, uint32_t row, unsigned column)
{
	const struct cells *cells = context;
	(void)row;
	return cells->joined && column + 1 == cells->joined ? 2 : 1;
}

static const struct ui_rows noted = {.cell = note_cell, .span = span};
static const struct ui_column growing[] = {{.title = "A", .width = 4, .grow = 1, .rank = 1},
	{.title = "B", .width = 4, .grow = 2}, {.title = "C", .width = 5, .rank = 3},
	{.title = "D", .width = 3, .rank = 3}, {0}};

/* Draws one row `width` wide; "0+5 7+9 -" are the places and widths. */
static void assert_places(
	struct ui_table *table, struct cells *cells, int width, const char *wanted)
{
	struct ui_canvas *canvas;
	char said[64] = "";
	memset(cells->at, -1, sizeof(cells->at));
	assert_int_equal(ui_canvas_new("xterm", &canvas), SDR_OK);
	ui_canvas_resize(canvas, 4, 60);
	struct ui_surface screen = ui_canvas_begin(canvas), part;
	part = ui_surface_part(&screen, 0, 0, 4, width);
	ui_table_update(table, cells, 1, 1);
	ui_table_draw(table, &part);
	for (unsigned i = 0; i < 4; i++) {
		size_t used = strlen(said);
		if (cells->at[i] < 0)
			snprintf(said + used, sizeof(said) - used, "- ");
		else
			snprintf(said + used, sizeof(said) - used, "%d+%d ", cells->at[i],
				cells->width[i]);
	}
	ui_canvas_free(canvas);
	assert_string_equal(said, wanted);
}

static void test_columns_share_what_is_left_and_go(void **state)
{
	struct cells cells = {0};
	struct ui_table table = {.columns = growing, .rows = &noted};
	(void)state;
	/* 16 and three gaps of 2 are 22: of what is left a third and two thirds. */
	assert_places(&table, &cells, 22, "0+4 6+4 12+5 19+3 ");
	assert_int_equal(table.narrow, 0);
	assert_places(&table, &cells, 28, "0+6 8+8 18+5 25+3 ");
	assert_places(&table, &cells, 23, "0+4 6+5 13+5 20+3 ");
	/* The highest rank goes first, of equals the last. */
	assert_places(&table, &cells, 21, "0+5 7+7 16+5 - ");
	assert_int_equal(table.narrow, 8);
	assert_places(&table, &cells, 17, "0+4 6+4 12+5 - ");
	assert_places(&table, &cells, 16, "0+6 8+8 - - ");
	assert_places(&table, &cells, 10, "0+4 6+4 - - ");
	assert_places(&table, &cells, 9, "- 0+9 - - ");
	assert_int_equal(table.narrow, 13);
	assert_places(&table, &cells, 3, "- 0+3 - - ");
	table.hidden = 2;
	assert_places(&table, &cells, 20, "0+8 - 10+5 17+3 ");
	assert_int_equal(table.narrow, 2);
	table.hidden = 0;
	cells.joined = 1; /* drawn as the last of those that are one */
	assert_places(&table, &cells, 22, "- 0+10 12+5 19+3 ");
	cells.joined = 3;
	assert_places(&table, &cells, 22, "0+4 6+4 - 12+10 ");
	assert_places(&table, &cells, 21, "0+5 7+7 - 16+5 ");
	table.hidden = 4; /* the first of the two */
	assert_places(&table, &cells, 22, "0+6 8+9 - 19+3 ");
	ui_table_done(&table);
}

/* Without columns each row is one cell over the whole width, and there is no head; nor is there one
 * where there is room for a line alone. */
static void test_where_there_is_no_head(void **state)
{
	struct cells cells = {0};
	struct ui_table table = {.rows = &noted}, low = {.columns = growing, .rows = &noted};
	struct ui_canvas *canvas;
	(void)state;
	assert_places(&table, &cells, 22, "0+22 - - - ");
	assert_true(table.row == 0 && table.page == 4);
	assert_int_equal(ui_canvas_new("xterm", &canvas), SDR_OK);
	ui_canvas_resize(canvas, 1, 60);
	struct ui_surface screen = ui_canvas_begin(canvas);
	ui_table_update(&low, &cells, 2, 1);
	ui_table_draw(&low, &screen);
	assert_true(low.row == 0 && low.page == 1);
	ui_table_done(&table);
	ui_table_done(&low);
	ui_canvas_free(canvas);
}

static void test_the_bar_is_the_cursors(void **state)
{
	struct cells cells = {0};
	struct ui_table table = {.columns = growing, .rows = &noted};
	(void)state;
	assert_places(&table, &cells, 22, "0+4 6+4 12+5 19+3 ");
	assert_int_equal(cells.bars, 4);
	table.passive = true;
	assert_places(&table, &cells, 22, "0+4 6+4 12+5 19+3 ");
	assert_int_equal(cells.bars, 4);
	ui_table_done(&table);
}

/* The mark of the sorted column stands behind a text and before a number. */
static void test_the_head_marks_what_sorts(void **state)
{
	static const struct ui_column both[] = {{.title = "Name", .width = 8, .sorts = true},
		{.title = "Value", .width = 8, .right = true, .sorts = true}, {0}};
	static const struct {
		int sort;
		bool invert;
		const char *head;
	} rows_of_heads[] = {{0, false, "Name         Value"}, {1, false, "Name^        Value"},
		{1, true, "Namev        Value"}, {2, false, "Name        ^Value"}};
	struct ui_table table = {.columns = both, .rows = &rows};
	struct numbers numbers;
	struct ui_canvas *canvas;
	char picture[4096];
	(void)state;
	fill(&numbers, 3);
	assert_int_equal(ui_canvas_new("xterm", &canvas), SDR_OK);
	ui_canvas_resize(canvas, 4, 20);
	for (size_t i = 0; i < sizeof(rows_of_heads) / sizeof(*rows_of_heads); i++) {
		struct ui_surface screen = ui_canvas_begin(canvas);
		screen.ascii = true;
		table.sort = rows_of_heads[i].sort;
		table.invert = rows_of_heads[i].invert;
		ui_table_update(&table, &numbers, 3, i + 1);
		ui_table_draw(&table, &screen);
		ui_canvas_text(canvas, picture, sizeof(picture));
		assert_memory_equal(picture, rows_of_heads[i].head, strlen(rows_of_heads[i].head));
	}
	assert_true(table.row == 1 && table.column == 0 && table.width == 20 && table.page == 3);
	ui_table_done(&table);
	ui_canvas_free(canvas);
}

/* ---- moving ---- */

static void test_moves_and_pages(void **state)
{
	static const struct {
		uint32_t from;
		enum ui_move move;
		uint32_t to;
		int overrun;
	} moves[] = {{0, UI_MOVE_UP, 0, -1}, {1, UI_MOVE_UP, 0, 0}, {48, UI_MOVE_DOWN, 49, 0},
		{49, UI_MOVE_DOWN, 49, 1}, {49, UI_MOVE_BOTTOM, 49, 0}, {0, UI_MOVE_TOP, 0, 0},
		{30, UI_MOVE_TOP, 0, 0}, {30, UI_MOVE_BOTTOM, 49, 0},
		{30, UI_MOVE_PAGE_DOWN, 39, 0}, {30, UI_MOVE_PAGE_UP, 21, 0},
		{9, UI_MOVE_PAGE_UP, 0, 0}, {8, UI_MOVE_PAGE_UP, 0, 0}, {10, UI_MOVE_PAGE_UP, 1, 0},
		{40, UI_MOVE_PAGE_DOWN, 49, 0}, {39, UI_MOVE_PAGE_DOWN, 48, 0},
		{0, UI_MOVE_PAGE_UP, 0, -1}, {49, UI_MOVE_PAGE_DOWN, 49, 1}};
	struct ui_table table = {.columns = columns, .rows = &rows};
	struct numbers numbers;
	(void)state;
	fill(&numbers, 50);
	ui_table_update(&table, &numbers, 50, 1);
	table.page = 10;
	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
		ui_table_go(&table, moves[i].from);
		ui_table_move(&table, moves[i].move);
		assert_int_equal(table.cursor, moves[i].to);
		assert_int_equal(table.overrun, moves[i].overrun);
		assert_int_equal(table.key, numbers.values[moves[i].to]);
	}
	ui_table_go(&table, 1000);
	assert_int_equal(table.cursor, 49);
	assert_int_equal(ui_table_row_at(&table, 50), UINT32_MAX);
	table.page = 1; /* a page of one line still moves by one */
	ui_table_move(&table, UI_MOVE_PAGE_UP);
	assert_int_equal(table.cursor, 48);
	ui_table_done(&table);
}

/* What is visible follows the cursor, and no line stays empty at the end while there are rows. Of
 * ten the last one has how many more there are, but for one, which has room there itself. */
static void test_scrolling_follows(void **state)
{
	static const struct {
		uint32_t cursor, top;
	} steps[] = {{8, 0}, {9, 1}, {10, 2}, {11, 3}, {5, 3}, {2, 2}, {1, 1}, {48, 40}, {49, 40},
		{41, 40}, {39, 39}, {47, 39}};
	struct ui_table table = {.columns = columns, .rows = &rows};
	struct numbers numbers;
	struct ui_canvas *canvas;
	(void)state;
	fill(&numbers, 50);
	assert_int_equal(ui_canvas_new("xterm", &canvas), SDR_OK);
	ui_canvas_resize(canvas, 11, 60);
	ui_table_update(&table, &numbers, 50, 1);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct ui_surface screen = ui_canvas_begin(canvas);
		ui_table_go(&table, steps[i].cursor);
		ui_table_draw(&table, &screen);
		assert_int_equal(table.top, steps[i].top);
		assert_int_equal(table.page, steps[i].top == 40 ? 10 : 9);
	}
	for (uint32_t left = 45; left > 0; left = left > 4 ? left - 4 : 0) {
		struct ui_surface screen = ui_canvas_begin(canvas);
		ui_table_update(&table, &numbers, left, 100 - left);
		ui_table_draw(&table, &screen);
		assert_true(table.top <= (left > 10 ? left - 10 : 0));
		assert_true(table.cursor < left && table.cursor >= table.top);
	}
	ui_table_done(&table);
	ui_canvas_free(canvas);
}

/* ---- headings, groups, ranks ---- */

struct groups {
	uint32_t count;
	uint8_t ranks[64];
	uint64_t groups[64];
	uint64_t headings; /* bit i: row i is one */
	uint32_t found;    /* how often a row was looked for by its key */
};

static bool is_heading(void *context, uint32_t row)
{
	return ((const struct groups *)context)->headings >> row & 1;
}

static const uint8_t *ranks_of(void *context, unsigned column)
{
	return column == 1 ? ((const struct groups *)context)->ranks : NULL;
}

static bool groups_of(void *context, uint64_t *out)
{
	const struct groups *groups = context;
	memcpy(out, groups->groups, groups->count * sizeof(*out));
	return true;
}

static void weigh_ranks(void *context, unsigned column, uint64_t *weights)
{
	const struct groups *groups = context;
	(void)column;
	for (uint32_t i = 0; i < groups->count; i++)
		weights[i] = (uint64_t)groups->ranks[i] << 40 | 1;
}

static void test_headings_are_passed_over(void **state)
{
	static const struct ui_rows with_headings = {.cell = draw_cell, .heading = is_heading};
	struct groups groups = {.headings = 1u << 0 | 1u << 4 | 1u << 5 | 1u << 9};
	struct ui_table table = {.rows = &with_headings};
	(void)state;
	ui_table_update(&table, &groups, 10, 1);
	assert_int_equal(table.cursor, 1);
	table.page = 3;
	ui_table_move(&table, UI_MOVE_UP);
	assert_true(table.cursor == 1 && table.overrun == -1);
	ui_table_go(&table, 3);
	ui_table_move(&table, UI_MOVE_DOWN);
	assert_int_equal(table.cursor, 6);
	ui_table_move(&table, UI_MOVE_UP);
	assert_int_equal(table.cursor, 3);
	ui_table_move(&table, UI_MOVE_BOTTOM);
	assert_int_equal(table.cursor, 8);
	ui_table_move(&table, UI_MOVE_DOWN);
	assert_true(table.cursor == 8 && table.overrun == 1);
	ui_table_move(&table, UI_MOVE_TOP);
	assert_int_equal(table.cursor, 1);
	groups.headings = 0x3FF; /* nothing else */
	ui_table_go(&table, 7);
	assert_int_equal(table.cursor, 7);
	ui_table_done(&table);
}

static bool comes_before(const struct ui_table *table, const struct groups *groups, bool grouped,
	uint32_t a, uint32_t b)
{
	if (grouped && groups->groups[a] != groups->groups[b])
		return groups->groups[a] < groups->groups[b];
	if (table->sort > 0 && groups->ranks[a] != groups->ranks[b])
		return (groups->ranks[a] < groups->ranks[b]) != table->invert;
	return a < b;
}

/* By group, then by the column, then as the source has them; whichever way the weights come. */
static void test_groups_stand_together(void **state)
{
	static const struct ui_rows kinds[] = {
		{.cell = draw_cell, .weigh = weigh_ranks, .rank = ranks_of, .group = groups_of},
		{.cell = draw_cell, .weigh = weigh_ranks, .group = groups_of},
		{.cell = draw_cell, .weigh = weigh_ranks, .rank = ranks_of},
		{.cell = draw_cell, .weigh = weigh_ranks}};
	struct groups groups = {.count = 60};
	(void)state;
	for (uint32_t i = 0; i < 60; i++) {
		groups.ranks[i] = (uint8_t)(i * 7919 % 5 * 50);
		groups.groups[i] = (uint64_t)(i * 31 % 4) << (i * 31 % 4 * 20);
	}
	for (unsigned kind = 0; kind < 4; kind++)
		for (int sort = 0; sort <= 2; sort += 2)
			for (int invert = 0; invert < 2; invert++) {
				struct ui_table table = {.columns = columns,
					.rows = &kinds[kind],
					.sort = sort,
					.invert = invert};
				bool seen[60] = {false};
				ui_table_update(&table, &groups, 60, 1);
				for (uint32_t line = 0; line < 60; line++) {
					uint32_t row = ui_table_row_at(&table, line);
					assert_false(seen[row]);
					seen[row] = true;
					if (line > 0)
						assert_true(comes_before(&table, &groups, kind < 2,
							ui_table_row_at(&table, line - 1), row));
				}
				ui_table_done(&table);
			}
}

/* ---- blocks ---- */

#define BLOCKS 8

/* 40 rows in blocks; those of the last two and a few others are in none. */
struct folding {
	struct ui_blocks blocks;
	uint32_t of[40], heads[BLOCKS], order[BLOCKS];
	bool folded[BLOCKS];
};

static const struct ui_blocks *blocks_of(void *context)
{
	return &((const struct folding *)context)->blocks;
}

static void fold(void *context, uint32_t block, bool fold)
{
	struct folding *folding = context;
	for (uint32_t i = 0; i < BLOCKS; i++)
		if ((block == UI_BLOCK_NONE && folding->heads[i] != UI_BLOCK_NONE) || block == i)
			folding->folded[i] = fold;
}

static void weigh_rows(void *context, unsigned column, uint64_t *weights)
{
	(void)context;
	(void)column;
	for (uint32_t i = 0; i < 40; i++)
		weights[i] = i * 37 % 40;
}

static uint64_t row_key(void *context, uint32_t row)
{
	(void)context;
	return row;
}

static uint32_t find_row(void *context, uint64_t key)
{
	(void)context;
	return (uint32_t)key;
}

static const struct ui_rows in_blocks = {.cell = draw_cell,
	.weigh = weigh_rows,
	.blocks = blocks_of,
	.fold = fold,
	.key = row_key,
	.find = find_row};

/* With `leaders` each block's head is a row of its own, its third, and two blocks have no rows. */
static void fill_folding(struct folding *folding, bool leaders)
{
	static const uint32_t order[BLOCKS] = {5, 0, 3, 1, 2, 4};
	memset(folding, 0, sizeof(*folding));
	for (uint32_t i = 0; i < 40; i++)
		folding->of[i] = i % BLOCKS < 6 ? i % BLOCKS : UI_BLOCK_NONE;
	for (uint32_t i = 0; i < BLOCKS; i++)
		folding->heads[i] = leaders && i >= 6 ? UI_BLOCK_NONE : i + 2 * BLOCKS;
	memcpy(folding->order, order, sizeof(order));
	folding->blocks = (struct ui_blocks){.count = BLOCKS,
		.of = folding->of,
		.folded = folding->folded,
		.heads = leaders ? folding->heads : NULL,
		.order = leaders ? NULL : folding->order,
		.order_count = leaders ? 0 : 6};
}

/* What comes first in the table's order, of a row and all in its block. */
static int64_t first_of(const struct folding *folding, uint32_t row)
{
	int64_t least = row * 37 % 40;
	for (uint32_t i = 0; i < 40 && folding->of[row] != UI_BLOCK_NONE; i++)
		if (folding->of[i] == folding->of[row] && i * 37 % 40 < least)
			least = i * 37 % 40;
	return least;
}

/* What a table should show, computed the slow way: each block's head, then its rows as they are
 * sorted; every row once, but those of a folded block. */
static void assert_blocks(const struct ui_table *table, const struct folding *folding)
{
	uint32_t line = 0, seen = 0;
	bool leaders = folding->blocks.heads;
	int64_t last = -1, outside = -1;
	while (line < table->line_count) {
		uint32_t row = ui_table_row_at(table, line++),
			 block = row >= 40 ? row - 40 : folding->of[row];
		if (row < 40 && (leaders || block == UI_BLOCK_NONE)) {
			assert_true(first_of(folding, row) > outside);
			outside = first_of(folding, row);
		}
		if (block == UI_BLOCK_NONE) {
			seen++;
			continue;
		}
		assert_int_equal(row, leaders ? folding->heads[block] : 40 + block);
		seen += leaders;
		uint32_t members = folding->folded[block] ? 0 : leaders ? 4 : 5;
		seen += folding->folded[block] ? (leaders ? 4 : 5) : 0;
		last = -1;
		for (; members > 0; members--) {
			row = ui_table_row_at(table, line++);
			assert_true(row < 40 && folding->of[row] == block);
			assert_true(row * 37 % 40 > last);
			last = row * 37 % 40;
			seen++;
		}
	}
	assert_int_equal(seen, 40);
	assert_int_equal(line, table->line_count);
	assert_int_equal(ui_table_row_at(table, line), UINT32_MAX);
}

static void test_blocks_stand_under_their_heads(void **state)
{
	(void)state;
	for (int leaders = 0; leaders < 2; leaders++)
		for (unsigned folded = 0; folded < 64; folded++) {
			struct folding folding;
			struct ui_table table = {.columns = columns, .rows = &in_blocks, .sort = 2};
			fill_folding(&folding, leaders);
			for (unsigned i = 0; i < 6; i++)
				folding.folded[i] = folded >> i & 1;
			ui_table_update(&table, &folding, 40, 1);
			assert_blocks(&table, &folding);
			if (!leaders)
				assert_int_equal(ui_table_row_at(&table, 0), 40 + 5);
			ui_table_done(&table);
		}
}

/* Folding puts the cursor on the head, at once; unfolding leaves it there. A cursor whose row is
 * hidden by a fold of all goes to the head as well. */
static void test_folding_moves_the_cursor_to_the_head(void **state)
{
	(void)state;
	for (int leaders = 0; leaders < 2; leaders++) {
		struct folding folding;
		struct ui_table table = {.columns = columns, .rows = &in_blocks, .sort = 2};
		fill_folding(&folding, leaders);
		ui_table_update(&table, &folding, 40, 1);
		uint32_t line = 0, head = leaders ? folding.heads[3] : 43;
		while (ui_table_row_at(&table, line) != 11) /* of block 3 */
			line++;
		ui_table_go(&table, line);
		assert_true(ui_table_fold(&table, false));
		assert_true(folding.folded[3] && !folding.folded[2]);
		assert_int_equal(ui_table_row(&table), head);
		assert_int_equal(table.line_count, leaders ? 36 : 41);
		assert_blocks(&table, &folding);
		assert_true(ui_table_fold(&table, false));
		assert_false(folding.folded[3]);
		assert_int_equal(ui_table_row(&table), head);
		ui_table_move(&table, UI_MOVE_DOWN);
		assert_int_equal(folding.of[ui_table_row(&table)], 3);
		assert_true(ui_table_fold(&table, true));
		assert_int_equal(ui_table_row(&table), head);
		assert_int_equal(table.line_count, 10 + 6);
		ui_table_update(&table, &folding, 40, 2);
		assert_int_equal(ui_table_row(&table), head);
		assert_true(ui_table_fold(&table, true)); /* none is open: now all are */
		assert_int_equal(table.line_count, leaders ? 40 : 46);
		ui_table_move(&table, UI_MOVE_BOTTOM);
		if (!leaders)
			assert_false(ui_table_fold(&table, false)); /* a row outside */
		ui_table_done(&table);
	}
	struct numbers numbers;
	struct ui_table plain = {.columns = columns, .rows = &rows};
	fill(&numbers, 3);
	ui_table_update(&plain, &numbers, 3, 1);
	assert_false(ui_table_fold(&plain, false) || ui_table_fold(&plain, true));
	ui_table_done(&plain);
}

static uint32_t find(void *context, uint64_t wanted)
{
	struct groups *groups = context;
	groups->found++;
	for (uint32_t i = 0; i < groups->count; i++)
		if (groups->groups[i] == wanted)
			return i;
	return UINT32_MAX;
}

static uint64_t group_key(void *context, uint32_t row)
{
	return ((const struct groups *)context)->groups[row];
}

/* Rows come and go before the cursor's: it stays on its own, and at the top where it never
 * moved. */
static void test_the_cursor_follows_its_row(void **state)
{
	static const struct ui_rows kinds[] = {{.cell = draw_cell, .key = group_key, .find = find},
		{.cell = draw_cell, .key = group_key}};
	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		struct groups groups = {.count = 20};
		struct ui_table table = {.rows = &kinds[kind]};
		for (uint32_t i = 0; i < 20; i++)
			groups.groups[i] = 100 + i;
		ui_table_update(&table, &groups, 20, 1);
		groups.groups[0] = 99; /* another first */
		ui_table_update(&table, &groups, 20, 2);
		assert_int_equal(table.cursor, 0);
		ui_table_pin(&table); /* a person acted on it: there it stays */
		memmove(groups.groups + 1, groups.groups, 19 * sizeof(*groups.groups));
		groups.groups[0] = 98;
		ui_table_update(&table, &groups, 20, 21);
		assert_true(table.cursor == 1 && table.key == 99);
		memmove(groups.groups, groups.groups + 1, 19 * sizeof(*groups.groups));
		groups.groups[19] = 119;
		ui_table_update(&table, &groups, 20, 22);
		assert_true(table.cursor == 0 && table.key == 99);
		ui_table_go(&table, 10);
		memmove(groups.groups, groups.groups + 4, 16 * sizeof(*groups.groups));
		groups.count = 16;
		ui_table_update(&table, &groups, 16, 3);
		assert_int_equal(table.cursor, 6);
		assert_int_equal(ui_table_row(&table), 6);
		ui_table_update(&table, &groups, 16, 3); /* nothing is new */
		groups.groups[6] = 1;                    /* its row is gone */
		ui_table_update(&table, &groups, 16, 4);
		assert_int_equal(table.cursor, 6);
		assert_int_equal(table.key, 1);
		groups.count = 4;
		ui_table_update(&table, &groups, 4, 5);
		assert_int_equal(table.cursor, 3);
		ui_table_update(&table, &groups, 0, 6); /* all gone and there again: from the top */
		ui_table_update(&table, &groups, 4, 7);
		assert_int_equal(table.cursor, 0);
		ui_table_go(&table, 3);
		ui_table_invert(&table); /* the source's own order, the other way round */
		ui_table_update(&table, &groups, 4, 7);
		assert_int_equal(table.cursor, 0);
		assert_int_equal(ui_table_row(&table), 3);
		ui_table_done(&table);
	}
}

/* < and > stop at columns that sort, and at the source's order between them. */
static void test_sorting_steps(void **state)
{
	static const struct ui_column some[] = {{.title = "A", .width = 1},
		{.title = "B", .width = 1, .sorts = true}, {.title = "C", .width = 1},
		{.title = "D", .width = 1, .sorts = true}, {0}};
	static const int forth[] = {2, 4, 0, 2}, back[] = {0, 4, 2, 0};
	static const struct ui_rows fixed = {.cell = draw_cell};
	struct ui_table table = {.columns = some, .rows = &rows};
	(void)state;
	for (int i = 0; i < 4; i++) {
		ui_table_sort(&table, 1);
		assert_int_equal(table.sort, forth[i]);
		assert_false(table.fresh);
	}
	for (int i = 0; i < 4; i++) {
		ui_table_sort(&table, -1);
		assert_int_equal(table.sort, back[i]);
	}
	table.rows = &fixed;
	ui_table_sort(&table, 1);
	assert_int_equal(table.sort, 0);
}

static void press_all(struct ui_input *input, const uint32_t *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ui_input_key(input, keys[i]);
}

static void test_input_edits_characters(void **state)
{
	static const uint32_t keys[] = {'a', 0xe9, 0x4e2d, UI_KEY_LEFT, UI_KEY_BACKSPACE, 'b',
		UI_KEY_HOME, UI_KEY_DELETE, UI_KEY_END, ' ', 'x', UI_KEY_CTRL | 'w'};
	struct ui_input input = {0};
	char big[4096];
	(void)state;
	press_all(&input, keys, sizeof(keys) / sizeof(*keys));
	assert_string_equal(input.text, "b\xe4\xb8\xad ");
	assert_int_equal(ui_input_key(&input, UI_KEY_CTRL | 'x'), UI_INPUT_IGNORED);
	assert_int_equal(ui_input_key(&input, UI_KEY_ENTER), UI_INPUT_ENTERED);
	memset(big, 'y', sizeof(big));
	ui_input_insert(&input, big, sizeof(big));
	assert_int_equal(input.length, UI_INPUT_TEXT - 1);
	assert_int_equal(ui_input_key(&input, 'z'), UI_INPUT_MOVED);
	ui_input_set(&input, "a\nb\033c");
	assert_string_equal(input.text, "a b c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorting_keeps_the_cursor_on_its_row),
		cmocka_unit_test(test_only_visible_rows_are_fetched),
		cmocka_unit_test(test_only_what_changed_is_fetched),
		cmocka_unit_test(test_columns_share_what_is_left_and_go),
		cmocka_unit_test(test_where_there_is_no_head),
		cmocka_unit_test(test_the_bar_is_the_cursors),
		cmocka_unit_test(test_the_head_marks_what_sorts),
		cmocka_unit_test(test_moves_and_pages), cmocka_unit_test(test_scrolling_follows),
		cmocka_unit_test(test_headings_are_passed_over),
		cmocka_unit_test(test_groups_stand_together),
		cmocka_unit_test(test_blocks_stand_under_their_heads),
		cmocka_unit_test(test_folding_moves_the_cursor_to_the_head),
		cmocka_unit_test(test_the_cursor_follows_its_row),
		cmocka_unit_test(test_sorting_steps),
		cmocka_unit_test(test_input_edits_characters)};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
