/* test_ui_chart_area.c - which samples are in which column; how a bar above the limit looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <string.h>

#include "chart_area.h"
#include "chart_columns.h"
#include "grid.h"

#define SAMPLES 8
#define ROWS 10
#define WIDTH 8

static struct ui_grid grid;

static struct ui_surface surface(void)
{
	ui_grid_resize(&grid, ROWS, WIDTH);
	ui_grid_clear(&grid);
	return (struct ui_surface){.grid = &grid, .height = ROWS, .width = WIDTH};
}

static const struct ui_cell *cell(int up, int column)
{
	return ui_grid_at(&grid, ROWS - 1 - up, column);
}

/* The first half of the time is below the limit, the second above. */
static void test_above_the_limit(void **state)
{
	const sdr_ns samples[SAMPLES] = {40 * SDR_MS, 40 * SDR_MS, 40 * SDR_MS, 40 * SDR_MS,
		90 * SDR_MS, 90 * SDR_MS, 90 * SDR_MS, 90 * SDR_MS};
	const struct ui_chart chart = {
		.series = {{samples, SAMPLES, 0}}, .count = 1, .limit = 50 * SDR_MS};
	struct ui_chart_scale scale = ui_chart_scale_choose(40 * SDR_MS, 90 * SDR_MS, ROWS, false);
	struct ui_surface s = surface();
	(void)state;
	assert_int_equal(scale.top, 100 * SDR_MS);
	ui_chart_limit_draw(&s, &scale, chart.limit);
	assert_int_equal(cell(5, 0)->style, UI_LIMIT);
	ui_chart_area_draw(&s, &chart, 0, &scale);
	assert_int_equal(cell(0, 0)->style, UI_AREA);
	assert_int_equal(cell(5, 0)->style, UI_LIMIT); /* nothing is over it there */
	assert_int_equal(cell(8, 0)->text[0], ' ');
	assert_int_equal(cell(8, WIDTH - 1)->style, UI_WARNING);
	assert_int_equal(cell(0, WIDTH - 1)->style, UI_AREA);
	assert_true(cell(4, WIDTH - 1)->style > cell(0, WIDTH - 1)->style);
	ui_grid_done(&grid);
}

static void test_without_a_limit(void **state)
{
	const sdr_ns samples[SAMPLES] = {90 * SDR_MS, 90 * SDR_MS, 90 * SDR_MS, 90 * SDR_MS,
		90 * SDR_MS, 90 * SDR_MS, 90 * SDR_MS, SDR_SAMPLE_LOST};
	const struct ui_chart chart = {.series = {{samples, SAMPLES, 0}}, .count = 1};
	struct ui_chart_scale scale = ui_chart_scale_choose(90 * SDR_MS, 90 * SDR_MS, ROWS, false);
	struct ui_surface s = surface();
	(void)state;
	ui_chart_limit_draw(&s, &scale, chart.limit);
	ui_chart_area_draw(&s, &chart, 0, &scale);
	for (int up = 0; up < ROWS; up++)
		for (int at = 0; at < WIDTH; at++) {
			assert_int_not_equal(cell(up, at)->style, UI_WARNING);
			assert_int_not_equal(cell(up, at)->style, UI_LIMIT);
		}
	assert_int_equal(cell(3, WIDTH - 1)->text[0], ' ');
	s = surface();
	ui_chart_lane_draw(&s, &chart, 0);
	assert_int_equal(ui_grid_at(&grid, 0, WIDTH - 1)->style, UI_LOST);
	assert_int_equal(ui_grid_at(&grid, 0, WIDTH - 2)->text[0], ' ');
	ui_grid_done(&grid);
}

/* What is beside the samples is of no column, on whichever side. */
static void test_only_samples(void **state)
{
	sdr_ns around[3 * SAMPLES];
	(void)state;
	for (int i = 0; i < 3 * SAMPLES; i++)
		around[i] = i < SAMPLES || i >= 2 * SAMPLES ? SDR_SAMPLE_LOST : SDR_MS;
	for (uint64_t number = 0; number < 40; number += 13)
		for (uint32_t columns = 2; columns <= 4 * SAMPLES; columns += 2) {
			const struct ui_series series = {around + SAMPLES, SAMPLES, number};
			uint32_t known = 0;
			for (int64_t at = -80; at < 200; at++) {
				struct ui_chart_column column =
					ui_chart_gather(&series, at, 1, columns);
				assert_int_equal(column.lost, 0);
				known += column.known;
			}
			assert_true(known >= SAMPLES);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_above_the_limit),
		cmocka_unit_test(test_without_a_limit),
		cmocka_unit_test(test_only_samples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
