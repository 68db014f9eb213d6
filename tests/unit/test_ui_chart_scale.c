/* test_ui_chart_scale.c - the scale of a chart: round ticks at whole rows, which hold every
 * value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "chart_scale.h"

static bool is_round(sdr_ns tick)
{
	while (tick >= 10 && tick % 10 == 0)
		tick /= 10;
	return tick == 1 || tick == 2 || tick == 5;
}

static void check_linear(sdr_ns most, int rows)
{
	struct ui_chart_scale scale = ui_chart_scale_choose(0, most, rows, false);
	if (!is_round(ui_chart_scale_tick(&scale, 1)))
		fail_msg("a tick of %lld for %lld in %d rows",
			(long long)ui_chart_scale_tick(&scale, 1), (long long)most, rows);
	assert_true(scale.top >= most);
	assert_int_equal(scale.top, ui_chart_scale_tick(&scale, scale.ticks));
	assert_int_equal(ui_chart_scale_tick(&scale, 0), 0);
	assert_in_range(scale.rows, 1, rows);
	assert_int_equal(scale.rows, scale.ticks * scale.step);
	assert_true(ui_chart_scale_tick(&scale, 1) >= SDR_US); /* what a label can show */
	/* The values use more than a third of it. */
	if (rows >= 4 && most > 3 * SDR_US)
		assert_true(ui_chart_scale_place(&scale, most) > 0.33);
	assert_true(ui_chart_scale_place(&scale, scale.top) == 1);
}

static void test_linear(void **state)
{
	unsigned seed = 5;
	(void)state;
	for (int rows = 1; rows < 40; rows++)
		for (int i = 0; i < 400; i++)
			check_linear(1 +
					(sdr_ns)(pow(10, rand_r(&seed) % 120 / 10.0) *
						(1 + rand_r(&seed) % 1000 / 1000.0)),
				rows);
}

static void check_log(sdr_ns least, sdr_ns most, int rows)
{
	struct ui_chart_scale scale = ui_chart_scale_choose(least, most, rows, true);
	assert_true(scale.top >= most || most <= 100);
	assert_true(scale.least <= least || least <= 100);
	assert_in_range(scale.rows, 1, rows);
	assert_true(ui_chart_scale_place(&scale, scale.least) == 0);
	assert_true(fabs(ui_chart_scale_place(&scale, scale.top) - 1) < 1e-9);
	for (int i = 0; i <= scale.ticks; i++)
		assert_true(is_round(ui_chart_scale_tick(&scale, i)));
	assert_true(ui_chart_scale_place(&scale, 0) == 0);
}

static void test_log(void **state)
{
	unsigned seed = 6;
	(void)state;
	for (int rows = 1; rows < 40; rows++)
		for (int i = 0; i < 400; i++) {
			sdr_ns least = 1 + (sdr_ns)pow(10, rand_r(&seed) % 110 / 10.0);
			check_log(least, least + rand_r(&seed) % (int)1e9, rows);
		}
}

static void test_examples(void **state)
{
	struct ui_chart_scale scale = ui_chart_scale_choose(0, 230 * SDR_MS, 10, false);
	(void)state;
	assert_int_equal(scale.top, 250 * SDR_MS);
	assert_int_equal(scale.ticks, 5);
	assert_int_equal(scale.step, 2);
	scale = ui_chart_scale_choose(2 * SDR_MS, 230 * SDR_MS, 10, true);
	assert_int_equal(scale.least, SDR_MS);
	assert_int_equal(scale.top, SDR_SECOND);
	assert_int_equal(scale.ticks, 3);
	assert_true(fabs(ui_chart_scale_place(&scale, 10 * SDR_MS) - 1.0 / 3) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_examples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
