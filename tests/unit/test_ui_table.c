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
		numbers.fetched, 30); /* ten rows; of the columns, the highest rank has gone */
	ui_table_move(&table, UI_MOVE_BOTTOM);
	ui_table_draw(&table, &screen);
	assert_int_equal(table.top, 50);
	ui_canvas_text(canvas, picture, sizeof(picture));
	assert_non_null(strstr(picture, "Less"));
	assert_null(strstr(picture, "Least"));
	ui_table_done(&table);
	ui_canvas_free(canvas);
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
		cmocka_unit_test(test_input_edits_characters)};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
