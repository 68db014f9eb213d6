/* Probes in flight on a made-up clock: time-outs, late answers, wrap of the sequence, keys, against
 * a plain array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/inflight.h"
#include "probe/ping_table.h"

static void test_D3_timeout_then_late_then_unknown(void **state)
{
	(void)state;
	struct inflight table;
	assert_int_equal(sdr_inflight_init(&table, 10 * SDR_SECOND, 5), SDR_OK);
	assert_int_equal(sdr_inflight_reserve(&table, 4), SDR_OK);
	assert_true(sdr_inflight_next(&table) == SDR_NS_NONE);
	uint32_t index = sdr_inflight_add(&table, 3, 1, SDR_SECOND, 2 * SDR_SECOND);
	assert_int_not_equal(index, SDR_INFLIGHT_NONE);
	sdr_ns next = sdr_inflight_next(&table);
	assert_true(next >= 3 * SDR_SECOND && next <= 3 * SDR_SECOND + 8 * SDR_MS);
	assert_int_equal(sdr_inflight_expire(&table, 3 * SDR_SECOND - 1), SDR_INFLIGHT_NONE);
	assert_int_equal(sdr_inflight_expire(&table, 3 * SDR_SECOND), index);
	assert_int_equal(sdr_inflight_expire(&table, 3 * SDR_SECOND), SDR_INFLIGHT_NONE);
	assert_int_equal(sdr_inflight_find(&table, 3, 1), index);
	assert_true(table.entries[index].late);
	assert_int_equal(sdr_inflight_expire(&table, 13 * SDR_SECOND - 1), SDR_INFLIGHT_NONE);
	assert_int_equal(sdr_inflight_find(&table, 3, 1), index);
	assert_int_equal(sdr_inflight_expire(&table, 13 * SDR_SECOND), SDR_INFLIGHT_NONE);
	assert_int_equal(sdr_inflight_find(&table, 3, 1), SDR_INFLIGHT_NONE);
	assert_int_equal(table.count, 0);
	sdr_inflight_done(&table);
}

/* 200,000 probes across 65,535 -> 0 of the 16 bits on the wire, many in flight, answered in another
 * order. */
static void test_D1_sequence_wrap(void **state)
{
	(void)state;
	enum { LAG = 1000, PROBES = 200000 };
	struct inflight table;
	assert_int_equal(sdr_inflight_init(&table, SDR_SECOND, 0), SDR_OK);
	assert_int_equal(sdr_inflight_reserve(&table, LAG + 1), SDR_OK);
	uint32_t capacity = table.capacity;
	for (uint64_t sequence = 65000; sequence < 65000 + PROBES; sequence++) {
		sdr_ns sent = (sdr_ns)sequence * SDR_MS;
		assert_int_not_equal(sdr_inflight_add(&table, 9, sequence, sent, 5 * SDR_SECOND),
			SDR_INFLIGHT_NONE);
		if (sequence < 65000 + LAG)
			continue;
		uint16_t on_wire = (uint16_t)((sequence ^ 1) - LAG);
		uint64_t widened = sdr_ping_widen(sequence, on_wire, 16);
		uint32_t index = sdr_inflight_find(&table, 9, widened);
		assert_int_not_equal(index, SDR_INFLIGHT_NONE);
		assert_true(table.entries[index].sent == (sdr_ns)((sequence ^ 1) - LAG) * SDR_MS);
		sdr_inflight_remove(&table, index);
		assert_int_equal(sdr_inflight_find(&table, 9, widened),
			SDR_INFLIGHT_NONE); /* its duplicate finds nothing */
	}
	assert_int_equal(table.capacity, capacity); /* nothing was allocated meanwhile */
	sdr_inflight_done(&table);
}

/* Random traffic, each step compared with an array that is searched from end to end. */
static void test_against_a_plain_array(void **state)
{
	(void)state;
	enum { TARGETS = 40, DEPTH = 64, STEPS = 60000 };
	static struct plain {
		bool there, late;
		sdr_ns due;
	} plain[TARGETS][DEPTH];
	uint64_t last[TARGETS] = {0};
	struct inflight table;
	unsigned seed = 1;
	memset(plain, 0, sizeof(plain));
	assert_int_equal(sdr_inflight_init(&table, 700 * SDR_MS, 0), SDR_OK);
	sdr_ns now = 0;
	for (int step = 0; step < STEPS; step++) {
		uint32_t target = (uint32_t)rand_r(&seed) % TARGETS;
		struct plain *slot = &plain[target][(last[target] + 1) % DEPTH];
		if (!slot->there && rand_r(&seed) % 2) {
			sdr_ns timeout = (1 + rand_r(&seed) % 3000) *
				SDR_MS; /* mixed, some beyond a lap's part */
			*slot = (struct plain){true, false, now + timeout};
			assert_int_not_equal(
				sdr_inflight_add(&table, target, ++last[target], now, timeout),
				SDR_INFLIGHT_NONE);
		}
		uint64_t sequence = last[target] > DEPTH
			? last[target] - (uint64_t)(rand_r(&seed) % DEPTH)
			: last[target];
		uint32_t index = sdr_inflight_find(&table, target, sequence);
		struct plain *hit = &plain[target][sequence % DEPTH];
		if (index != SDR_INFLIGHT_NONE) {
			assert_true(hit->there && table.entries[index].late == hit->late);
			if (rand_r(&seed) % 2) {
				hit->there = false;
				sdr_inflight_remove(&table, index);
			}
		}
		now += rand_r(&seed) % 1000 == 0 ? 20 * SDR_SECOND
						 : rand_r(&seed) % (int)(10 * SDR_MS);
		while ((index = sdr_inflight_expire(&table, now)) != SDR_INFLIGHT_NONE) {
			struct plain *gone = &plain[table.entries[index].target]
						   [table.entries[index].sequence % DEPTH];
			assert_true(gone->there && !gone->late && gone->due <= now);
			gone->late = true;
			gone->due += 700 * SDR_MS;
		}
		uint32_t count = 0;
		for (uint32_t t = 0; t < TARGETS; t++)
			for (int i = 0; i < DEPTH; i++) {
				plain[t][i].there = plain[t][i].there &&
					!(plain[t][i].late && plain[t][i].due <= now);
				count += plain[t][i].there;
			}
		assert_int_equal(table.count, count);
	}
	sdr_inflight_done(&table);
}

static void test_targets_by_key_and_address(void **state)
{
	(void)state;
	struct ping_table table = {0};
	struct sdr_target faces[100];
	memset(faces, 0, sizeof(faces));
	for (uint32_t i = 0; i < 100; i++) {
		faces[i].id = i;
		faces[i].addr =
			(struct sdr_addr){.version = 4, .bytes = {127, 0, 0, (uint8_t)(i / 2)}};
		assert_non_null(sdr_ping_table_add(&table, &faces[i]));
	}
	for (uint32_t i = 0; i < 100; i++) {
		unsigned found = 0;
		for (uint32_t id = sdr_ping_table_first(&table, &faces[i].addr);
			id != SDR_PING_NONE;
			id = sdr_ping_table_next(&table, id, &faces[i].addr), found++)
			assert_int_equal(id / 2, i / 2);
		assert_int_equal(found, 2);
	}
	uint32_t key = sdr_ping_table_key(&table, 5);
	assert_ptr_equal(sdr_ping_table_by_key(&table, key)->public, &faces[5]);
	sdr_ping_table_remove(&table, 5);
	assert_null(sdr_ping_table_by_key(&table, key));
	assert_non_null(sdr_ping_table_add(&table, &faces[5]));
	assert_null(sdr_ping_table_by_key(&table, key)); /* the old key stays dead */
	assert_int_equal(sdr_ping_table_first(
				 &table, &(struct sdr_addr){.version = 4, .bytes = {1, 1, 1, 1}}),
		SDR_PING_NONE);
	sdr_ping_table_done(&table);
}

/* Sources are kept once each, by name and address; a target without one has none of anything. */
static void test_sources(void **state)
{
	(void)state;
	static const struct ping_source sources[] = {
		{.name = "lo", .interface = 77}, {.addr = {.version = 4, .bytes = {127, 0, 0, 1}}},
		{.addr = {.version = 4, .bytes = {127, 0, 0, 2}}},
		{.name = "nonesuch", .interface = 78},
		{.name = "lo", .addr = {.version = 4, .bytes = {127, 0, 0, 1}}},
		{.interface = 79}, /* by none that was named */
	};
	struct ping_table table = {0};
	struct sdr_target faces[12];
	struct ping_target *targets[12];
	memset(faces, 0, sizeof(faces));
	for (uint32_t i = 0; i < 12; i++)
		faces[i].id = i;
	for (uint32_t i = 0; i < 12; i++) {
		targets[i] = sdr_ping_table_add(&table, &faces[i]);
		assert_non_null(targets[i]);
		assert_int_equal(sdr_ping_table_set_source(&table, i, &sources[i % 6]), SDR_OK);
	}
	assert_int_equal(table.source_count, 5);
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 12; i++) {
			const struct ping_source *wanted = &sources[i % 6],
						 *source = sdr_ping_table_source(
							 &table, &table.targets[i]);
			assert_string_equal(source->name, wanted->name);
			assert_int_equal(sdr_addr_compare(&source->addr, &wanted->addr), 0);
			/* Looked up again, one that is gone keeps its index. */
			bool there = strcmp(wanted->name, "lo") == 0;
			assert_int_equal(source->interface,
				i % 6 == 5               ? 0
					: round && there ? 1
							 : wanted->interface);
		}
		sdr_ping_table_renew_sources(&table);
	}
	sdr_ping_table_done(&table);
}

static void test_widening(void **state)
{
	(void)state;
	assert_true(sdr_ping_widen(1, 1, 16) == 1);
	assert_true(sdr_ping_widen(1, 2, 16) == 0); /* never sent */
	assert_true(sdr_ping_widen(65536, 65535, 16) == 65535);
	assert_true(sdr_ping_widen(65536, 0, 16) == 65536);
	assert_true(sdr_ping_widen(0x100000005u, 0xfffffff0u, 32) == 0xfffffff0u);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_D3_timeout_then_late_then_unknown),
		cmocka_unit_test(test_D1_sequence_wrap),
		cmocka_unit_test(test_against_a_plain_array),
		cmocka_unit_test(test_targets_by_key_and_address),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_widening),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
