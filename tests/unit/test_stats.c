/* test_stats.c - figures of round trips: mean, deviation, percentiles, codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "base/stats.h"

/* Mean and deviation of numbers that lie far from zero, against two passes in long double (fault
 * row D21). */
static void test_D21_mean_and_deviation(void **state)
{
	(void)state;
	struct sdr_stats stats = {0};
	assert_true(
		sdr_stats_avg(&stats) == SDR_NS_NONE && sdr_stats_jitter(&stats) == SDR_NS_NONE);
	enum { N = 1000000 };
	static sdr_ns samples[N];
	long double sum = 0, squares = 0, jitter = 0;
	uint64_t seed = 11;
	for (int i = 0; i < N; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		samples[i] = SDR_SECOND + (sdr_ns)(seed >> 40);
		sdr_stats_add(&stats, samples[i]);
		sum += samples[i];
		long double step = i ? fabsl((long double)(samples[i] - samples[i - 1])) : 0;
		jitter = i == 1 ? step : jitter + (step - jitter) / 16;
	}
	const long double count = N, mean = sum / count;
	for (int i = 0; i < N; i++)
		squares += (samples[i] - mean) * (samples[i] - mean);
	assert_true(fabsl(stats.mean - mean) <= 1e-9 * mean);
	assert_true(fabsl(stats.m2 - squares) <= 1e-9 * squares);
	assert_true(fabsl(stats.jitter - jitter) <= 1e-6 * jitter);
	assert_true(llabs(sdr_stats_mdev(&stats) - llroundl(sqrtl(squares / count))) <= 1);
}

static int by_size(const void *a, const void *b)
{
	sdr_ns x = *(const sdr_ns *)a, y = *(const sdr_ns *)b;
	return (x > y) - (x < y);
}

static void check_percentiles(sdr_ns *samples, size_t n)
{
	struct sdr_sketch sketch = {0};
	for (size_t i = 0; i < n; i++)
		sdr_sketch_add(&sketch, i, sdr_code_of(samples[i]));
	qsort(samples, n, sizeof(*samples), by_size);
	static const double parts[] = {0.01, 0.5, 0.95, 0.99, 1};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t rank = (size_t)ceil(parts[i] * (double)n);
		double exact = (double)samples[rank ? rank - 1 : 0],
		       found = (double)sdr_sketch_percentile(&sketch, parts[i]);
		assert_true(fabs(found - exact) <= 0.05 * exact);
	}
}

/* Steps, tails, and drifts that make the kept buckets move, up to 60,000 round trips and more than
 * a count can hold. */
static void test_percentiles_within_5_percent(void **state)
{
	(void)state;
	static sdr_ns samples[300000];
	uint64_t seed = 3;
	assert_true(sdr_sketch_percentile(&(struct sdr_sketch){0}, 0.5) == SDR_NS_NONE);
	for (int shape = 0; shape < 6; shape++) {
		size_t n = shape == 5 ? 300000 : 1000;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			double u = (double)(seed >> 11) / 9007199254740992.0;
			static const double scale[] = {0.3e6, 12e6, 3e3, 5e8, 1e6, 1e6};
			samples[i] = (sdr_ns)(scale[shape] *
				(shape % 2 ? exp(3 * u) : 1 + u * u * u * 200));
		}
		check_percentiles(samples, n);
	}
	sdr_ns same[3] = {SDR_MS, SDR_MS, SDR_MS};
	check_percentiles(same, 3);
}

/* When a count is full, one in 2, 4, 8 ... is taken: ranks are then off by no more than half a
 * hundredth of all. */
static void test_percentiles_of_a_long_run(void **state)
{
	(void)state;
	enum { N = 1000000, OFF = N / 200 };
	static sdr_ns samples[N];
	static const double parts[] = {0.5, 0.95, 0.99};
	struct sdr_sketch sketch = {0};
	uint64_t seed = 5;
	for (uint64_t i = 0; i < N; i++) {
		double u = 0;
		for (int k = 0; k < 6; k++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			u += (double)(seed >> 11) / 9007199254740992.0 - 0.5;
		}
		samples[i] = (sdr_ns)(20e6 * exp(u));
		sdr_sketch_add(&sketch, i, sdr_code_of(samples[i]));
	}
	assert_true(sketch.halvings > 3);
	qsort(samples, N, sizeof(*samples), by_size);
	for (int i = 0; i < 3; i++) {
		size_t rank = (size_t)(parts[i] * N);
		double low = (double)samples[rank - OFF],
		       high = (double)samples[rank + OFF < N ? rank + OFF : N - 1];
		double found = (double)sdr_sketch_percentile(&sketch, parts[i]);
		assert_true(found >= 0.95 * low && found <= 1.05 * high);
	}
}

static void assert_near(sdr_ns found, double wanted)
{
	assert_true(fabs((double)found - wanted) <= 0.05 * wanted);
}

/* What comes with a period is not missed, though not all are taken; and an outlier, even the first
 * of all, costs nothing. */
static void test_percentiles_of_patterns(void **state)
{
	(void)state;
	struct sdr_sketch paced = {0}, first = {0}, rare = {0};
	for (uint64_t i = 0; i < 400000; i++) {
		sdr_sketch_add(&paced, i, sdr_code_of(i % 4 ? SDR_MS : 10 * SDR_MS));
		sdr_sketch_add(&first, i, sdr_code_of(i ? 200 * SDR_US : SDR_SECOND));
		sdr_sketch_add(
			&rare, i, sdr_code_of(i % 1000 == 500 ? 20 * SDR_SECOND : 200 * SDR_US));
	}
	assert_near(sdr_sketch_percentile(&paced, 0.5), 1e6);
	assert_near(sdr_sketch_percentile(&paced, 0.70), 1e6);
	assert_near(sdr_sketch_percentile(&paced, 0.80), 1e7);
	assert_near(sdr_sketch_percentile(&first, 0.5), 2e5);
	assert_near(sdr_sketch_percentile(&first, 0.99), 2e5);
	assert_near(sdr_sketch_percentile(&rare, 0.5), 2e5);
	assert_near(sdr_sketch_percentile(&rare, 0.99), 2e5);
}

static void test_codes_keep_their_value(void **state)
{
	(void)state;
	for (uint16_t code = 0; code <= SDR_CODE_MAX; code++)
		assert_int_equal(sdr_code_of(sdr_code_value(code)), code);
	for (double ns = 1000; ns < 1e12; ns *= 1.0007)
		assert_true(fabs((double)sdr_code_value(sdr_code_of((sdr_ns)ns)) - ns) <=
			0.0026 * ns + 1);
	/* Beside half a code of rounding, the table may be off by a 250th. */
	for (double ns = 1001; ns < 0.99e12; ns *= 1.00003)
		assert_true(
			fabs(sdr_code_of((sdr_ns)ns) - log2(floor(ns) / 1000) * 136.8) <= 0.504);
	assert_int_equal(sdr_code_of(0), 0);
	assert_int_equal(sdr_code_of(-5), 0);
	assert_int_equal(sdr_code_of(INT64_MAX), SDR_CODE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_D21_mean_and_deviation),
		cmocka_unit_test(test_percentiles_within_5_percent),
		cmocka_unit_test(test_percentiles_of_a_long_run),
		cmocka_unit_test(test_percentiles_of_patterns),
		cmocka_unit_test(test_codes_keep_their_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
