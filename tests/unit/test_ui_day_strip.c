/* test_ui_day_strip.c - the strip of the day: which cell is where, which time stands at it, and
 * what gives way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "day_strip.h"
#include "grid.h"

#define WIDTH_MAX 120
#define AT 11 /* the first cell */

static struct ui_grid grid;

static struct ui_surface surface(int rows, int width)
{
	ui_grid_resize(&grid, rows + 1, width + 1);
	ui_grid_clear(&grid);
	return (struct ui_surface){.grid = &grid, .height = rows, .width = width, .ascii = true};
}

static const char *line(int row, int width)
{
	static char text[WIDTH_MAX + 1];
	for (int i = 0; i < width; i++)
		text[i] = (char)ui_grid_at(&grid, row, i)->text[0];
	text[width] = '\0';
	return text;
}

/* It is 14:32 and the first cell began at 15:00 of the day before. */
static struct ui_day a_day(void)
{
	struct ui_day day = {.since = 47 * SDR_DAY_CELL + 2 * SDR_MINUTE,
		.now = 20000 * 24 * SDR_HOUR + (14 * 60 + 32) * SDR_MINUTE};
	for (int i = 0; i < SDR_DAY_CELLS; i++)
		day.shares[i] = i < 40 ? NAN : 1;
	return day;
}

static void test_cells(void **state)
{
	struct ui_day day = a_day();
	struct ui_surface s = surface(2, WIDTH_MAX);
	(void)state;
	day.shares[41] = 0.995;
	day.shares[42] = 0.96;
	day.shares[43] = 0.9;
	day.shares[44] = 0.5;
	day.shares[45] = 0;
	assert_int_equal(ui_day_strip_draw(&s, &day), 2);
	assert_memory_equal(line(0, WIDTH_MAX),
		"day  15:00 ........................................Oo=,__OO 14:32   a cell 30 min",
		80);
	assert_int_equal(ui_grid_at(&grid, 0, AT)->style, UI_RULE);
	for (int i = 0; i < UI_SHARES; i++)
		assert_int_equal(ui_grid_at(&grid, 0, AT + 40 + i)->style, UI_SHARE + i);
	assert_memory_equal(line(1, WIDTH_MAX),
		"           15    18    21    00    03    06    09    12     ", 60);
	ui_grid_done(&grid);
}

/* An hour stands under the cell in which it begins, also where cells begin at odd times, and when
 * the clock has been set, all move. */
static void test_times(void **state)
{
	unsigned seed = 4;
	(void)state;
	for (int round = 0; round < 500; round++) {
		struct ui_day day = a_day();
		day.now += rand_r(&seed) % 3000 * SDR_MINUTE;
		day.since = 47 * SDR_DAY_CELL + rand_r(&seed) % 30 * SDR_MINUTE;
		struct ui_surface s = surface(2, WIDTH_MAX);
		assert_int_equal(ui_day_strip_draw(&s, &day), 2);
		const char *hours = line(1, WIDTH_MAX);
		for (int i = 0; i < SDR_DAY_CELLS; i++) {
			int64_t minute = (day.now - day.since + i * SDR_DAY_CELL) / SDR_MINUTE;
			bool begins = minute / 60 % 3 == 0 && minute % 60 < 30;
			char expected[16];
			snprintf(expected, sizeof(expected), "%02d", (int)(minute / 60 % 24));
			if (begins)
				assert_memory_equal(hours + AT + i, expected, 2);
			else
				assert_true(hours[AT + i] == ' ' ||
					(i > 0 && hours[AT + i - 1] != ' '));
		}
	}
	ui_grid_done(&grid);
}

static void test_gives_way(void **state)
{
	struct ui_day day = a_day();
	(void)state;
	day.shares[40] = 0;
	for (int rows = 0; rows <= 2; rows++)
		for (int width = 1; width < WIDTH_MAX; width++) {
			struct ui_surface s = surface(rows, width);
			int used = ui_day_strip_draw(&s, &day);
			assert_int_equal(used, rows && width >= 41 ? rows : 0);
			for (int row = 0; row <= rows; row++)
				assert_int_equal(ui_grid_at(&grid, row, width)->text[0], ' ');
			for (int at = 0; at < width; at++)
				assert_int_equal(ui_grid_at(&grid, rows, at)->text[0], ' ');
			if (!used)
				continue;
			int merged = width >= 65 ? 1 : 2;
			assert_memory_equal(line(0, width), "day  15:00 ", AT);
			assert_memory_equal(
				line(0, width) + AT + SDR_DAY_CELLS / merged, " 14:32", 6);
			assert_memory_equal(line(0, width) + AT + 40 / merged - 1, "._", 2);
		}
	ui_grid_done(&grid);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_gives_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
