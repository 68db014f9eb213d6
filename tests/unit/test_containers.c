/* The containers of base (arena, ring) against plain models of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/ring.h"

static void test_arena_pieces_are_zeroed_and_apart(void **state)
{
	(void)state;
	struct sdr_arena *arena = sdr_arena_new();
	unsigned char *pieces[200];
	for (size_t i = 0; i < 200; i++) {
		pieces[i] = sdr_arena_alloc(arena, i * 13);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i * 13; k++)
			assert_int_equal(pieces[i][k], 0);
		memset(pieces[i], (int)i, i * 13);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < i * 13; k++)
			assert_int_equal(pieces[i][k], i);
	assert_memory_equal(sdr_arena_text(arena, "a\0b", 3), "a\0b", 4);
	assert_null(sdr_arena_alloc(NULL, 1));
	sdr_arena_free(arena);
}

static void test_ring_keeps_the_newest(void **state)
{
	(void)state;
	struct sdr_ring ring;
	assert_int_equal(sdr_ring_init(&ring, 5, sizeof(int)), SDR_OK);
	assert_null(sdr_ring_back(&ring, 0));
	for (int i = 0; i < 23; i++) {
		*(int *)sdr_ring_push(&ring) = i;
		for (uint32_t back = 0; back < 5 && (int)back <= i; back++)
			assert_int_equal(*(int *)sdr_ring_back(&ring, back), i - (int)back);
		assert_null(sdr_ring_back(&ring, i < 5 ? (uint32_t)i + 1 : 5));
		struct sdr_ring copy;
		assert_int_equal(sdr_ring_copy(&copy, &ring), SDR_OK);
		*(int *)sdr_ring_push(&copy) = -1; /* leaves the other as it is */
		for (uint32_t back = 0; back < 5 && (int)back <= i; back++)
			assert_int_equal(*(int *)sdr_ring_back(&ring, back), i - (int)back);
		for (uint32_t back = 1; back < 5 && (int)back <= i + 1; back++)
			assert_int_equal(*(int *)sdr_ring_back(&copy, back), i + 1 - (int)back);
		sdr_ring_done(&copy);
	}
	sdr_ring_done(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_pieces_are_zeroed_and_apart),
		cmocka_unit_test(test_ring_keeps_the_newest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
