/* test_hop_ring.c - probes by the numbers that they carry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "net/hop_ring.h"

static struct hop_ring ring;
static const uint16_t keys[4] = {0x1234, 0xfedc, 0x0f1e, 0x7777};

static int set_up(void **state)
{
	(void)state;
	return sdr_hop_ring_init(&ring, keys) == SDR_OK ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	sdr_hop_ring_done(&ring);
	return 0;
}

static uint64_t add(uint32_t trace, uint8_t host, sdr_ns now)
{
	const struct hop_probe probe = {
		.tag = {.trace = trace}, .to = {.version = 4, .bytes = {10, 0, 0, host}}};
	return sdr_hop_ring_add(&ring, &probe, now);
}

/* All 65,536 numbers stand for others, each for one, and not in a row. */
static void test_a_permutation(void **state)
{
	unsigned char *seen = calloc(65536, 1);
	unsigned next = 0;
	(void)state;
	assert_non_null(seen);
	for (unsigned i = 0; i < 65536; i++) {
		uint16_t carried = sdr_hop_ring_short(&ring, i);
		assert_int_equal(seen[carried], 0);
		seen[carried] = 1;
		next += carried == (uint16_t)(sdr_hop_ring_short(&ring, i + 1) - 1);
	}
	free(seen);
	assert_in_range(next, 0, 20);
}

static void test_the_latest_are_known(void **state)
{
	(void)state;
	assert_null(sdr_hop_ring_at(&ring, 0));
	assert_null(sdr_hop_ring_by_short(&ring, 5));
	for (uint32_t i = 0; i < 100000; i++)
		assert_int_equal(add(i, 1, i), i);
	assert_null(sdr_hop_ring_at(&ring, 100000));
	assert_null(sdr_hop_ring_at(&ring, 100000 - HOP_RING - 1));
	for (uint64_t number = 100000 - HOP_RING; number < 100000; number++) {
		struct hop_entry *entry = sdr_hop_ring_at(&ring, number);
		assert_non_null(entry);
		assert_int_equal(entry->tag.trace, number);
		assert_ptr_equal(
			sdr_hop_ring_by_short(&ring, sdr_hop_ring_short(&ring, number)), entry);
		assert_ptr_equal(sdr_hop_ring_by_low(&ring, (uint32_t)number), entry);
		assert_int_equal(sdr_hop_ring_number(&ring, entry), number);
	}
	assert_null(sdr_hop_ring_by_short(&ring, sdr_hop_ring_short(&ring, 70000)));
	assert_null(sdr_hop_ring_by_low(&ring, 100000));
	assert_null(sdr_hop_ring_by_low(&ring, UINT32_MAX));
}

static void test_the_only_one_under_way(void **state)
{
	const struct sdr_addr one = {.version = 4, .bytes = {10, 0, 0, 1}},
			      two = {.version = 4, .bytes = {10, 0, 0, 2}},
			      none = {.version = 4, .bytes = {10, 0, 0, 3}};
	const struct hop_entry *latest;
	(void)state;
	add(1, 1, 10);
	add(2, 2, 20);
	add(3, 2, 30);
	assert_ptr_equal(sdr_hop_ring_only(&ring, &one, 0, &latest), sdr_hop_ring_at(&ring, 0));
	assert_null(sdr_hop_ring_only(&ring, &one, 11, &latest));
	assert_null(latest);
	assert_null(sdr_hop_ring_only(&ring, &two, 0, &latest));
	assert_int_equal(latest->tag.trace, 3);
	sdr_hop_ring_forget(&ring, &(struct hop_tag){.trace = 3, .ttl = 1});
	sdr_hop_ring_forget(&ring, &(struct hop_tag){.trace = 3, .second = true});
	assert_true(sdr_hop_ring_at(&ring, 2)->open);
	sdr_hop_ring_forget(&ring, &(struct hop_tag){.trace = 3});
	assert_false(sdr_hop_ring_at(&ring, 2)->open);
	assert_int_equal(sdr_hop_ring_only(&ring, &two, 0, &latest)->tag.trace, 2);
	assert_null(sdr_hop_ring_only(&ring, &none, 0, &latest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_permutation, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_latest_are_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_only_one_under_way, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
