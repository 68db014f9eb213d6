/* test_ui_room.c - frames on a slow line: which rows have room, and that all are shown in the
 * end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <string.h>
#include <vterm.h>

#include "canvas.h"
#include "grid_room.h"
#include "lib/random.h"

#define ROWS 24
#define COLUMNS 80

/* ---- which rows ---- */

static void write_row(struct ui_grid *grid, int row, int cells, uint8_t look)
{
	for (int column = 0; column < cells; column++)
		ui_grid_put(grid, row, column,
			&(struct ui_cell){.text = {'x'}, .look = look, .width = 1});
}

/* As a terminal has it. */
static void show(struct ui_grid *grid, bool all)
{
	size_t line = (size_t)grid->columns * sizeof(struct ui_cell);
	for (int row = 0; row < grid->rows; row++)
		if (all || grid->chosen[row])
			memcpy(grid->shown + row * grid->columns, ui_grid_at(grid, row, 0), line);
}

static int chosen(const struct ui_grid *grid)
{
	int count = 0;
	for (int row = 0; row < grid->rows; row++)
		count += grid->chosen[row];
	return count;
}

static void test_rows_in_turn(void **state)
{
	struct ui_grid grid = {0};
	int next = 0;
	(void)state;
	ui_grid_resize(&grid, ROWS, COLUMNS);
	show(&grid, true);
	assert_true(ui_grid_choose(&grid, 100, -1, &next));
	assert_int_equal(chosen(&grid), 0);
	for (int row = 2; row < 12; row++)
		write_row(&grid, row, 40, 0);
	for (int row = 2; row < 12; row += 2) { /* of some 62 bytes each */
		assert_false(!ui_grid_choose(&grid, 130, -1, &next) == (row == 10));
		assert_int_equal(chosen(&grid), 2);
		assert_true(grid.chosen[row] && grid.chosen[row + 1]);
		show(&grid, false);
	}
	ui_grid_done(&grid);
}

/* A row that is larger than the room goes alone. */
static void test_at_least_one(void **state)
{
	struct ui_grid grid = {0};
	int next = 20;
	(void)state;
	ui_grid_resize(&grid, ROWS, COLUMNS);
	show(&grid, true);
	write_row(&grid, 3, 80, 0);
	write_row(&grid, 5, 80, 0);
	assert_false(ui_grid_choose(&grid, 10, -1, &next));
	assert_true(grid.chosen[3] && !grid.chosen[5]);
	assert_int_equal(next, 5);
	show(&grid, false);
	assert_true(ui_grid_choose(&grid, 10, -1, &next));
	assert_true(grid.chosen[5]);
	ui_grid_done(&grid);
}

/* Where the bar is, where it was, and where one types comes first, all of it. */
static void test_the_cursor_first(void **state)
{
	struct ui_grid grid = {0};
	int next = 0;
	(void)state;
	ui_grid_resize(&grid, ROWS, COLUMNS);
	write_row(&grid, 9, 80, UI_CELL_BAR);
	show(&grid, true);
	for (int row = 0; row < ROWS; row++)
		write_row(&grid, row, 80, row == 10 ? UI_CELL_BAR : 0);
	assert_false(ui_grid_choose(&grid, 100, 23, &next));
	assert_int_equal(chosen(&grid), 3);
	assert_true(grid.chosen[9] && grid.chosen[10] && grid.chosen[23]);
	assert_int_equal(next, 0);
	ui_grid_done(&grid);
}

/* What goes on changing does not keep the others out. */
static void test_nothing_starves(void **state)
{
	struct ui_grid grid = {0};
	int next = 0, frames = 0;
	(void)state;
	ui_grid_resize(&grid, ROWS, COLUMNS);
	show(&grid, true);
	for (int row = 0; row < ROWS; row++)
		write_row(&grid, row, 60, 0);
	for (; memcmp(ui_grid_at(&grid, ROWS - 1, 0), ui_grid_at(&grid, 0, 0), 60) != 0 ||
		frames < ROWS;
		frames++) {
		for (int row = 0; row < 10; row++)
			write_row(&grid, row, 60, frames % 2 ? UI_CELL_FADED : 0);
		ui_grid_choose(&grid, 200, -1, &next);
		show(&grid, false);
	}
	int behind = 0;
	for (int row = 10; row < ROWS; row++)
		behind += memcmp(ui_grid_at(&grid, row, 0), grid.shown + row * COLUMNS,
				  COLUMNS * sizeof(struct ui_cell)) != 0;
	assert_int_equal(behind, 0);
	ui_grid_done(&grid);
}

/* ---- on a terminal ---- */

struct glass {
	struct ui_canvas *canvas;
	VTerm *vt;
	size_t most; /* bytes of a frame */
};

static void draw_randomly(const struct ui_surface *screen, uint64_t seed)
{
	for (int row = 0; row < screen->height; row++)
		for (int column = 0; column < screen->width; column += 7)
			ui_draw_printf(screen, row, column,
				random_below(&seed, 2) ? UI_DIM : UI_PLAIN, "%u",
				random_below(&seed, 100000));
}

static void draw(struct glass *glass, uint64_t seed)
{
	const char *bytes;
	struct ui_surface screen = ui_canvas_begin(glass->canvas);
	draw_randomly(&screen, seed);
	ui_canvas_end(glass->canvas);
	size_t length = ui_canvas_take(glass->canvas, &bytes);
	glass->most = length > glass->most ? length : glass->most;
	vterm_input_write(glass->vt, bytes, length);
}

static void picture_of(VTerm *vt, char out[ROWS][COLUMNS])
{
	for (int row = 0; row < ROWS; row++)
		for (int column = 0; column < COLUMNS; column++) {
			VTermScreenCell cell;
			vterm_screen_get_cell(vterm_obtain_screen(vt),
				(VTermPos){.row = row, .col = column}, &cell);
			out[row][column] = cell.chars[0] ? (char)cell.chars[0] : ' ';
		}
}

static struct glass open_glass(size_t room)
{
	struct glass glass = {.vt = vterm_new(ROWS, COLUMNS)};
	assert_int_equal(ui_canvas_new("xterm-256color", &glass.canvas), SDR_OK);
	ui_canvas_resize(glass.canvas, ROWS, COLUMNS);
	ui_canvas_room(glass.canvas, room);
	vterm_set_utf8(glass.vt, 1);
	vterm_screen_reset(vterm_obtain_screen(glass.vt), 1);
	return glass;
}

static void close_glass(struct glass *glass)
{
	ui_canvas_free(glass->canvas);
	vterm_free(glass->vt);
}

/* Frames with room for some rows end in the same picture as whole ones, and are about as large as
 * they should be. */
static void test_the_same_in_the_end(void **state)
{
	static char whole[ROWS][COLUMNS], parts[ROWS][COLUMNS];
	(void)state;
	for (size_t room = 256; room < 4000; room *= 2) {
		struct glass a = open_glass(0), b = open_glass(room);
		for (uint64_t picture = 1; picture < 5; picture++) {
			int frames = 0;
			draw(&a, picture);
			assert_false(ui_canvas_is_behind(a.canvas));
			do
				draw(&b, picture);
			while (ui_canvas_is_behind(b.canvas) && ++frames < 100);
			assert_in_range(frames, 0, 99);
			picture_of(a.vt, whole);
			picture_of(b.vt, parts);
			assert_memory_equal(whole, parts, sizeof(whole));
			if (picture == 2) /* the first clears the screen */
				assert_true(frames > 0 || room > 2000);
		}
		assert_in_range(b.most, 1, room * 2 + 200);
		close_glass(&a);
		close_glass(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_in_turn),
		cmocka_unit_test(test_at_least_one), cmocka_unit_test(test_the_cursor_first),
		cmocka_unit_test(test_nothing_starves), cmocka_unit_test(test_the_same_in_the_end)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
