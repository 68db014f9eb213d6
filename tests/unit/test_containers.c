/* The containers of base (arena, buf, ring, map, wheel) against plain models of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/ring.h"
#include "base/wheel.h"

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	return *state ^= *state << 17;
}

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

static void test_buf_checks_the_end(void **state)
{
	(void)state;
	const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct sdr_buf buf;
	sdr_buf_init(&buf, bytes, sizeof bytes);
	assert_int_equal(sdr_buf_u8(&buf), 1);
	assert_int_equal(sdr_buf_be16(&buf), 0x0203);
	assert_int_equal(sdr_buf_be32(&buf), 0x04050607);
	assert_int_equal(sdr_buf_be32(&buf), 0);
	assert_true(buf.failed);
	assert_int_equal(sdr_buf_left(&buf), 2);
	assert_null(sdr_buf_bytes(&buf, SIZE_MAX));
	assert_ptr_equal(sdr_buf_bytes(&buf, 2), bytes + 7);
	assert_int_equal(sdr_buf_u8(&buf), 0);
	sdr_buf_init(&buf, bytes, 8);
	assert_true(sdr_buf_be64(&buf) == 0x0102030405060708);
}

static void test_buf_lines(void **state)
{
	(void)state;
	struct sdr_buf buf;
	size_t length;
	sdr_buf_init(&buf, "ab\r\n\nc\rd\n\r\nrest", 15);
	assert_memory_equal(sdr_buf_line(&buf, &length), "ab", 2);
	assert_int_equal(length, 2);
	assert_non_null(sdr_buf_line(&buf, &length));
	assert_int_equal(length, 0);
	assert_memory_equal(sdr_buf_line(&buf, &length), "c\rd", 3);
	assert_int_equal(length, 3);
	assert_non_null(sdr_buf_line(&buf, &length));
	assert_int_equal(length, 0);
	assert_null(sdr_buf_line(&buf, &length));
	assert_false(buf.failed);
	assert_int_equal(sdr_buf_left(&buf), 4);
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
	}
	sdr_ring_done(&ring);
}

/* Keys of few bits, so that they come, go and collide often. */
static void test_map_against_an_array(void **state)
{
	(void)state;
	struct sdr_map map = {0};
	static uint32_t model[4096];
	uint64_t seed = 42;
	size_t count = 0;
	memset(model, 0xFF, sizeof model);
	assert_int_equal(sdr_map_find(&map, 0), SDR_MAP_NONE);
	assert_int_equal(sdr_map_remove(&map, 0), SDR_MAP_NONE);
	for (int i = 0; i < 300000; i++) {
		uint64_t r = random_next(&seed), key = r % 4096;
		uint32_t value = (uint32_t)(r >> 40);
		if ((r >> 20) % 2) {
			count += model[key] == SDR_MAP_NONE;
			assert_int_equal(sdr_map_add(&map, key, model[key] = value), SDR_OK);
		} else {
			count -= model[key] != SDR_MAP_NONE;
			assert_int_equal(sdr_map_remove(&map, key), model[key]);
			model[key] = SDR_MAP_NONE;
		}
		assert_int_equal(map.count, count);
		uint64_t other = random_next(&seed) % 4096;
		assert_int_equal(sdr_map_find(&map, other), model[other]);
	}
	sdr_map_done(&map);
}

struct alarm {
	struct sdr_timer timer; /* first, so that it is the alarm's address too */
	sdr_ns due;             /* as asked for */
	bool set;               /* expected to fire */
	unsigned fired;         /* times */
};

struct clockwork {
	struct sdr_wheel wheel;
	struct alarm alarms[500];
	sdr_ns now;     /* of the advance under way */
	uint64_t seed;  /* of the random numbers */
	uint64_t fired; /* in all */
};

static void alarm_set(struct clockwork *works, struct alarm *alarm, sdr_ns due)
{
	alarm->due = due;
	alarm->set = true;
	sdr_wheel_add(&works->wheel, &alarm->timer, due);
}

static void on_alarm(void *context, struct sdr_timer *timer)
{
	struct clockwork *works = context;
	struct alarm *alarm = (struct alarm *)timer;
	assert_true(alarm->set);
	assert_true(alarm->due <= works->now);
	alarm->set = false;
	works->fired++;
	uint64_t r = random_next(&works->seed);
	struct alarm *other = &works->alarms[r % 500];
	if (r >> 32 & 1)
		alarm_set(works, alarm, works->now + (sdr_ns)(r >> 40) % (10 * SDR_SECOND));
	if ((r >> 33 & 7) == 0 && other != alarm) {
		sdr_wheel_remove(&works->wheel, &other->timer);
		other->set = false;
	}
}

/* Random timers from now to a day ahead, time going on in random steps: none early, none left behind, none late by more than a tick. */
static void test_wheel_fires_each_in_its_time(void **state)
{
	(void)state;
	static struct clockwork works = {.seed = 7, .now = 123456789};
	static const sdr_ns spans[] = {2 * SDR_MS, SDR_SECOND, SDR_MINUTE, 24 * SDR_HOUR};
	sdr_wheel_init(&works.wheel, works.now, SDR_MS);
	for (int round = 0; round < 20000; round++) {
		uint64_t r = random_next(&works.seed);
		struct alarm *alarm = &works.alarms[r % 500];
		if (!alarm->set)
			alarm_set(&works, alarm, works.now + (sdr_ns)(r >> 8) % spans[r >> 4 & 3]);
		works.now += (sdr_ns)(random_next(&works.seed) % (uint64_t)spans[(r >> 6 & 15) ? 0 : r >> 60 ? 1 : 2]);
		sdr_ns next = sdr_wheel_next(&works.wheel);
		uint32_t set = 0;
		for (int i = 0; i < 500; i++) {
			set += works.alarms[i].set;
			assert_true(!works.alarms[i].set || next <= works.alarms[i].due + SDR_MS);
		}
		assert_int_equal(set, works.wheel.count);
		sdr_wheel_advance(&works.wheel, works.now, on_alarm, &works);
		for (int i = 0; i < 500; i++)
			assert_true(!works.alarms[i].set || works.alarms[i].due > works.now - 2 * SDR_MS);
	}
	assert_true(works.fired > 5000);
}

/* An idle wheel asks to be woken for what it holds, not each round. */
static void test_wheel_sleeps_long(void **state)
{
	(void)state;
	struct sdr_wheel wheel;
	struct sdr_timer timer = {0};
	sdr_wheel_init(&wheel, 0, SDR_MS);
	assert_true(sdr_wheel_next(&wheel) == SDR_NS_NONE);
	sdr_wheel_add(&wheel, &timer, SDR_HOUR);
	int wakes = 0;
	while (wheel.count) {
		sdr_ns next = sdr_wheel_next(&wheel);
		assert_true(next <= SDR_HOUR);
		if (next == SDR_HOUR)
			break;
		sdr_wheel_advance(&wheel, next, NULL, NULL);
		wakes++;
	}
	assert_true(wakes <= SDR_WHEEL_LEVELS);
	sdr_wheel_remove(&wheel, &timer);
	sdr_wheel_remove(&wheel, &timer);
	assert_int_equal(wheel.count, 0);
	assert_true(sdr_wheel_next(&wheel) == SDR_NS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_pieces_are_zeroed_and_apart),
		cmocka_unit_test(test_buf_checks_the_end),
		cmocka_unit_test(test_buf_lines),
		cmocka_unit_test(test_ring_keeps_the_newest),
		cmocka_unit_test(test_map_against_an_array),
		cmocka_unit_test(test_wheel_fires_each_in_its_time),
		cmocka_unit_test(test_wheel_sleeps_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
