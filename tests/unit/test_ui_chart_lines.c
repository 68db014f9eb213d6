/* test_ui_chart_lines.c - lines that end at the same place still have their letters apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "chart.h"
#include "chart_lines.h"
#include "grid.h"

#define SAMPLES 40
#define WIDTH 40

static struct ui_grid grid;

static struct ui_chart chart_of(unsigned count, const sdr_ns *samples)
{
	struct ui_chart chart = {.kind = UI_CHART_LINE, .count = count};
	for (unsigned i = 0; i < count; i++)
		chart.series[i] = (struct ui_series){samples, SAMPLES, 0};
	return chart;
}

static void draw(const struct ui_chart *chart, int rows)
{
	ui_grid_resize(&grid, rows, WIDTH);
	ui_grid_clear(&grid);
	const struct ui_surface s = {.grid = &grid, .height = rows, .width = WIDTH};
	struct ui_chart_scale scale = ui_chart_scale_choose(0, 100 * SDR_MS, rows, false);
	ui_chart_lines_draw(&s, chart, &scale);
}

/* The row of a letter in a column; -1: it is not there. */
static int row_of(char letter, int column, int rows)
{
	for (int row = 0; row < rows; row++)
		if (ui_grid_at(&grid, row, column)->text[0] == (uint32_t)letter)
			return row;
	return -1;
}

static void test_letters(void **state)
{
	sdr_ns samples[SAMPLES];
	(void)state;
	for (int rows = 1; rows < 30; rows++)
		for (sdr_ns value = 0; value <= 100; value += 20)
			for (unsigned count = 2; count <= UI_CHART_LINES; count++) {
				unsigned found = 0;
				for (int i = 0; i < SAMPLES; i++)
					samples[i] = value * SDR_MS;
				struct ui_chart chart = chart_of(count, samples);
				draw(&chart, rows);
				for (unsigned i = 0; i < count; i++) {
					int row = row_of(
						ui_chart_letter(i), WIDTH - UI_CHART_LETTERS, rows);
					found += row >= 0;
					if (row >= 0)
						assert_int_equal(ui_grid_at(&grid, row,
									 WIDTH - UI_CHART_LETTERS)
									 ->style,
							ui_chart_hue(i));
				}
				assert_int_equal(
					found, count < (unsigned)rows ? count : (unsigned)rows);
			}
	ui_grid_done(&grid);
}

/* What ended earlier has its letter there; what has no answer has none. */
static void test_ends(void **state)
{
	sdr_ns early[SAMPLES], none[SAMPLES];
	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		early[i] = i < SAMPLES / 2 ? SDR_MS : SDR_SAMPLE_LOST;
		none[i] = SDR_SAMPLE_GAP;
	}
	struct ui_chart chart = chart_of(2, early);
	chart.series[1].samples = none;
	draw(&chart, 10);
	assert_int_equal(row_of('a', (WIDTH - UI_CHART_LETTERS) / 2, 10), 9);
	for (int at = 0; at < WIDTH; at++)
		assert_int_equal(row_of('b', at, 10), -1);
	ui_grid_done(&grid);
}

static void test_one_has_no_letter(void **state)
{
	sdr_ns samples[SAMPLES];
	(void)state;
	for (int i = 0; i < SAMPLES; i++)
		samples[i] = SDR_MS;
	struct ui_chart chart = chart_of(1, samples);
	draw(&chart, 10);
	for (int at = 0; at < WIDTH; at++)
		assert_int_equal(row_of('a', at, 10), -1);
	assert_int_not_equal(ui_grid_at(&grid, 9, WIDTH - 1)->text[0], ' ');
	ui_grid_done(&grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_one_has_no_letter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
