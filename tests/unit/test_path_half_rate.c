/* test_path_half_rate.c - counts at a rate and at half of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "path/half_rate.h"

static enum path_half_rate find(
	uint64_t full_sent, uint64_t full, uint64_t half_sent, uint64_t half)
{
	const struct path_counts at_full = {.sent = full_sent, .received = full},
				 at_half = {.sent = half_sent, .received = half};
	return sdr_path_half_rate(&at_full, &at_half);
}

static void test_twice_the_share(void **state)
{
	(void)state;
	assert_int_equal(find(30, 15, 15, 15), PATH_HALF_LIMIT);
	assert_int_equal(find(600, 60, 300, 60), PATH_HALF_LIMIT);
	assert_int_equal(find(60, 45, 60, 60), PATH_HALF_LIMIT); /* more than all can't be */
}

static void test_the_same_share(void **state)
{
	(void)state;
	assert_int_equal(find(60, 30, 60, 30), PATH_HALF_SHARE);
	assert_int_equal(find(600, 60, 600, 60), PATH_HALF_SHARE);
	assert_int_equal(find(300, 240, 150, 120), PATH_HALF_SHARE);
}

/* Few, hardly any lost, none answered, nothing counted. */
static void test_too_little(void **state)
{
	(void)state;
	assert_int_equal(find(4, 2, 2, 2), PATH_HALF_OPEN);
	assert_int_equal(find(30, 29, 15, 15), PATH_HALF_OPEN);
	assert_int_equal(find(30, 0, 15, 0), PATH_HALF_OPEN);
	assert_int_equal(find(0, 0, 0, 0), PATH_HALF_OPEN);
}

static uint64_t seed = 20;

static bool happens(double chance)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0 < chance;
}

/* Losses by chance are taken for a limit in one case of a hundred at most, a bucket that lets one
 * through every so many for loss in none. */
static void test_by_chance(void **state)
{
	unsigned wrong = 0, decided = 0, cases = 0;
	(void)state;
	for (unsigned percent = 10; percent <= 85; percent += 5)
		for (unsigned k = 0; k < 200; k++, cases++) {
			uint64_t full = 0, half = 0;
			for (unsigned i = 0; i < 60; i++) {
				full += happens(percent / 100.0);
				half += happens(percent / 100.0);
			}
			enum path_half_rate found = find(60, full, 60, half);
			wrong += found == PATH_HALF_LIMIT;
			decided += found == PATH_HALF_SHARE;
		}
	assert_true(wrong * 100 <= cases);
	assert_true(decided * 2 >= cases);
	for (unsigned every = 3; every <= 20; every++) {
		assert_int_not_equal(find(60, 60 / every, 30, 60 / every), PATH_HALF_SHARE);
		assert_int_equal(find(100 * every, 100, 50 * every, 100), PATH_HALF_LIMIT);
	}
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(sdr_path_half_rate_words(PATH_HALF_OPEN), "");
	assert_string_equal(sdr_path_half_rate_words(PATH_HALF_LIMIT),
		"asked half as often, it answers as many a second");
	assert_string_equal(sdr_path_half_rate_words(PATH_HALF_SHARE),
		"asked half as often, it answers the same share: loss, or a shared limit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twice_the_share),
		cmocka_unit_test(test_the_same_share),
		cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_by_chance),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
