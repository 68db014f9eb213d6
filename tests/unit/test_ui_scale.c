/* test_ui_scale.c - which step of a scale a measure has; that every style has a colour in every
 * theme, and no scale has one of a state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "scale.h"
#include "theme_scale.h"

static int step_of(sdr_ns rtt)
{
	return (int)ui_latency_style(rtt) - UI_LATENCY;
}

static void test_round_trips(void **state)
{
	(void)state;
	assert_int_equal(step_of(0), 0);
	assert_int_equal(step_of(SDR_MS / 10), 0);
	assert_int_equal(step_of(SDR_MS), 1);
	assert_int_equal(step_of(10 * SDR_MS), 3);
	assert_int_equal(step_of(100 * SDR_MS), 5);
	assert_int_equal(step_of(SDR_SECOND), UI_STEPS - 1);
	assert_int_equal(step_of(60 * SDR_SECOND), UI_STEPS - 1);
	for (sdr_ns rtt = 1; rtt < 10 * SDR_SECOND; rtt += rtt / 3 + 1)
		assert_true(step_of(rtt + rtt / 3 + 1) >= step_of(rtt));
	assert_true(ui_latency_place(SDR_SECOND) == 1);
	assert_true(ui_latency_place(10 * SDR_MS) == 0.5);
}

static void test_shares(void **state)
{
	(void)state;
	assert_int_equal(ui_share_step(1), 0);
	assert_int_equal(ui_share_step(0.9999), 1);
	assert_int_equal(ui_share_step(0.99), 1);
	assert_int_equal(ui_share_step(0.9899), 2);
	assert_int_equal(ui_share_step(0.95), 2);
	assert_int_equal(ui_share_step(0.80), 3);
	assert_int_equal(ui_share_step(0.79), 4);
	assert_int_equal(ui_share_step(0), UI_SHARES - 1);
}

static void test_a_name_keeps_its_hue(void **state)
{
	(void)state;
	assert_int_equal(ui_label_style("rack3"), ui_label_style("rack3"));
	assert_true(ui_label_style("rack3") >= UI_LABEL);
	assert_true((int)ui_label_style("\xff") < UI_STYLE_COUNT);
}

/* Red and yellow of 16 colours and the states' own of 256. */
static bool is_a_states(short ink)
{
	return ink == 1 || ink == 3 || ink == 9 || ink == 11 || ink == 203 || ink == 221 ||
		ink == 160 || ink == 130 || ink == 226 || ink == 210;
}

static void test_scales_are_cold(void **state)
{
	(void)state;
	for (int style = UI_LOOKS; style < UI_STYLE_COUNT; style++)
		for (int shade = 0; shade < UI_SHADES; shade++) {
			bool share = style >= UI_SHARE && style < UI_LABEL;
			bool past_the_end = (share && style - UI_SHARE >= UI_SHARES) ||
				style - UI_PHASE >= UI_PHASES;
			short rich = ui_theme_scale_ink(
				      (enum ui_style)style, (enum ui_shade)shade, true),
			      few = ui_theme_scale_ink(
				      (enum ui_style)style, (enum ui_shade)shade, false);
			if (past_the_end)
				continue;
			assert_in_range(rich + 1, 0, 256);
			assert_in_range(few, 1, 15);
			assert_false(is_a_states(rich));
			if (!share) /* of 16 there are not enough that are muted */
				assert_false(is_a_states(few));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_a_name_keeps_its_hue),
		cmocka_unit_test(test_scales_are_cold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
