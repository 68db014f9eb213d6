/* test_result.c - what comes back from a probe: values by the type's fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sounder/result.h"

/* What a result does not have is not known, wherever it is asked for. */
static void test_values_that_are_not_known(void **state)
{
	(void)state;
	const struct sdr_value values[] = {{.present = true, .number = 3}, {0}};
	const struct sdr_result some = {.values = values, .value_count = 2}, none = {0},
				counted = {.value_count = 7};
	assert_true(sdr_result_value(&some, 0)->present);
	assert_int_equal(sdr_result_value(&some, 0)->number, 3);
	assert_false(sdr_result_value(&some, 1)->present);
	assert_false(sdr_result_value(&some, 2)->present);
	assert_false(sdr_result_value(&none, 0)->present);
	assert_false(sdr_result_value(&counted, 6)->present);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_that_are_not_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
