/* The containers of base (arena, ring) and of host (its table) against plain models of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/ring.h"
#include "host/row_table.h"

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

/* ---- host's table ---- */

struct pair {
	int key, value;
};

static bool same_key(const void *a, const void *b)
{
	return ((const struct pair *)a)->key == ((const struct pair *)b)->key;
}

static int by_key(const void *a, const void *b)
{
	return ((const struct pair *)a)->key - ((const struct pair *)b)->key;
}

static const struct table_kind pairs = {sizeof(struct pair), same_key, by_key, 64};

/* Keys 0..63 come, change and go in any order; model[key] is the value, 0: there is none. */
static void test_table_against_a_plain_one(void **state)
{
	(void)state;
	struct table table;
	int model[64] = {0};
	unsigned random = 1;
	sdr_table_init(&table, &pairs);
	for (int step = 0; step < 4000; step++) {
		random = random * 1103515245 + 12345;
		struct pair pair = {.key = random >> 16 & 63, .value = 1 + (random >> 24 & 1)};
		int *place = &model[pair.key];
		if (random >> 28 & 1) {
			assert_int_equal(sdr_table_remove(&table, &pair), *place != 0);
			*place = 0;
		} else {
			assert_int_equal(sdr_table_put(&table, &pair), *place != pair.value);
			*place = pair.value;
		}
		size_t at = 0;
		for (int key = 0; key < 64; key++) {
			const struct pair *found = sdr_table_at(&table, at);
			if (model[key] == 0)
				continue;
			assert_true(found && found->key == key && found->value == model[key]);
			at++;
		}
		assert_int_equal(table.count, at);
		assert_null(sdr_table_at(&table, at));
	}
	assert_int_equal(table.lacking, 0);
	sdr_table_done(&table);
	assert_int_equal(table.count, 0);
}

static void test_table_that_is_full(void **state)
{
	(void)state;
	struct table table;
	sdr_table_init(&table, &pairs);
	for (int key = 63; key >= 0; key--)
		assert_true(sdr_table_append(&table, &(struct pair){key, 1}));
	assert_false(sdr_table_put(&table, &(struct pair){64, 1}));
	assert_int_equal(table.lacking, E2BIG);
	assert_int_equal(table.count, 64);
	sdr_table_sort(&table);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(((const struct pair *)sdr_table_at(&table, i))->key, i);
	sdr_table_done(&table);
}

static void test_table_taken_by_another(void **state)
{
	(void)state;
	struct table old, fresh;
	sdr_table_init(&old, &pairs);
	sdr_table_init(&fresh, &pairs);
	assert_false(sdr_table_take(&old, &fresh)); /* nothing, as before */
	sdr_table_put(&fresh, &(struct pair){1, 1});
	assert_true(sdr_table_take(&old, &fresh));
	assert_int_equal(old.count, 1);
	assert_int_equal(fresh.count, 0);
	sdr_table_put(&fresh, &(struct pair){1, 1});
	assert_false(sdr_table_take(&old, &fresh));
	sdr_table_put(&fresh, &(struct pair){1, 2});
	assert_true(sdr_table_take(&old, &fresh));
	assert_int_equal(((const struct pair *)sdr_table_at(&old, 0))->value, 2);
	assert_true(sdr_table_take(&old, &fresh)); /* gone */
	assert_int_equal(old.count, 0);
	sdr_table_done(&old);
	sdr_table_done(&fresh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_pieces_are_zeroed_and_apart),
		cmocka_unit_test(test_ring_keeps_the_newest),
		cmocka_unit_test(test_table_against_a_plain_one),
		cmocka_unit_test(test_table_that_is_full),
		cmocka_unit_test(test_table_taken_by_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
