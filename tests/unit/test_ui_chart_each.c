/* test_ui_chart_each.c - plots one above the other: as many as fit, all of one scale, each with its
 * own losses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "chart_scale.h"
#include "grid.h"

#define SAMPLES 120
#define WIDTH 70
#define ROWS_MAX 60

static struct ui_grid grid;
static sdr_ns samples[UI_CHART_LINES][SAMPLES];

/* The number i answers in (i + 1) * 10 ms, and nothing comes from the last one. */
static struct ui_chart chart_of(unsigned count)
{
	struct ui_chart chart = {.kind = UI_CHART_EACH,
		.count = count,
		.interval = SDR_SECOND,
		.newest = 1000 * SDR_SECOND};
	for (unsigned i = 0; i < count; i++) {
		for (unsigned k = 0; k < SAMPLES; k++)
			samples[i][k] =
				i + 1 == count ? SDR_SAMPLE_LOST : (sdr_ns)(i + 1) * 10 * SDR_MS;
		chart.series[i] = (struct ui_series){samples[i], SAMPLES, 0};
		snprintf(chart.names[i].name, sizeof(chart.names[i].name), "name%u", i);
		chart.names[i].sign = UI_GLYPH_OK;
	}
	return chart;
}

static void draw(const struct ui_chart *chart, int rows)
{
	ui_grid_resize(&grid, rows, WIDTH);
	ui_grid_clear(&grid);
	const struct ui_surface s = {.grid = &grid, .height = rows, .width = WIDTH, .ascii = true};
	ui_chart_draw(&s, chart);
}

static bool has(int row, const char *text)
{
	char line[WIDTH + 1];
	for (int i = 0; i < WIDTH; i++)
		line[i] = (char)ui_grid_at(&grid, row, i)->text[0];
	line[WIDTH] = '\0';
	return strstr(line, text) != NULL;
}

/* The row of a text; -1: it is nowhere. */
static int row_of(const char *text, int rows)
{
	for (int row = 0; row < rows; row++)
		if (has(row, text))
			return row;
	return -1;
}

/* The eighths that a column is filled with, from the row `from` up to `to`. */
static int height_of(int from, int to)
{
	static const char heights[] = " _,-=oOH#";
	int height = 0;
	for (int row = from; row < to; row++) {
		const struct ui_cell *cell = ui_grid_at(&grid, row, UI_SCALE_WIDTH + 2);
		const char *at = strchr(heights, (char)cell->text[0]);
		if (cell->style >= UI_AREA && cell->style < UI_SHARE)
			height += at ? (int)(at - heights) : 0;
	}
	return height;
}

/* Whatever the height, names are in their order, and how many more there are is said. */
static void test_as_many_as_fit(void **state)
{
	(void)state;
	for (unsigned count = 2; count <= UI_CHART_LINES; count++)
		for (int rows = 5; rows <= ROWS_MAX; rows++) {
			struct ui_chart chart = chart_of(count);
			unsigned shown = 0;
			int before = -1;
			char more[16];
			draw(&chart, rows);
			for (; shown < count; shown++) {
				int row = row_of(chart.names[shown].name, rows);
				if (row < 0)
					break;
				assert_true(row > before);
				before = row;
			}
			assert_int_equal(shown,
				(unsigned)(rows - 1) / 4 < count ? (unsigned)(rows - 1) / 4
								 : count);
			snprintf(more, sizeof(more), "%u more", count - shown);
			assert_true((row_of(more, rows) >= 0) == (shown < count));
			assert_true(row_of(":", rows) > before); /* a time */
		}
	ui_grid_done(&grid);
}

/* What takes longer is higher in its plot by as much, and losses are in the lane of who lost. */
static void test_one_scale(void **state)
{
	struct ui_chart chart = chart_of(3);
	(void)state;
	draw(&chart, 40);
	int first = row_of("name0", 40), second = row_of("name1", 40), third = row_of("name2", 40),
	    low = height_of(first, second), high = height_of(second, third);
	assert_true(low > 0);
	assert_in_range(high, 2 * low - 1, 2 * low + 1);
	assert_int_equal(height_of(third, 40), 0);
	for (int row = 0; row < 40; row++) {
		bool lost = ui_grid_at(&grid, row, UI_SCALE_WIDTH + 2)->style == UI_LOST;
		assert_true(lost == (row > third && has(row, "lost |")));
	}
	ui_grid_done(&grid);
}

/* One alone is an area as ever. */
static void test_of_one(void **state)
{
	struct ui_chart each = chart_of(2), area;
	struct ui_cell cells[20][WIDTH];
	(void)state;
	each.count = 1;
	area = each;
	area.kind = UI_CHART_AREA;
	draw(&area, 20);
	for (int row = 0; row < 20; row++)
		for (int at = 0; at < WIDTH; at++)
			cells[row][at] = *ui_grid_at(&grid, row, at);
	draw(&each, 20);
	for (int row = 0; row < 20; row++)
		for (int at = 0; at < WIDTH; at++)
			assert_memory_equal(&cells[row][at], ui_grid_at(&grid, row, at),
				sizeof(cells[row][at]));
	ui_grid_done(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_many_as_fit),
		cmocka_unit_test(test_one_scale),
		cmocka_unit_test(test_of_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
