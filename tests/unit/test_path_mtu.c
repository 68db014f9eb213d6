/* test_path_mtu.c - the search for a path's MTU: on paths that report, that don't, and that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "path/mtu.h"

/* A path of `hops` hops whose link after hop `narrow` carries `carries` bytes. */
struct way {
	uint8_t hops, narrow;
	uint32_t carries;
	bool reports;
	uint32_t lie;   /* reported instead */
	uint8_t silent; /* hop that never answers; 0: none */
	unsigned drops; /* each nth probe is lost by chance; 0: none */
};

/* Returns how many probes it took. */
static unsigned run(struct path_mtu *mtu, const struct way *way)
{
	unsigned count = 0;
	uint32_t size;
	uint8_t ttl;
	while (path_mtu_next(mtu, &size, &ttl)) {
		struct hop_answer answer = {.kind = HOP_REACHED};
		bool short_of = ttl != 0 && ttl <= way->narrow;
		assert_in_range(++count, 1, 200);
		if (way->drops && count % way->drops == 0) {
			path_mtu_lost(mtu);
			continue;
		}
		if (short_of)
			answer.kind = HOP_EXCEEDED;
		else if (size > way->carries)
			answer.kind = HOP_TOO_BIG;
		answer.mtu = way->lie ? way->lie : way->carries;
		answer.from = (struct sdr_addr){.version = 4, .bytes = {10, 0, 0, way->narrow}};
		bool quiet = (answer.kind == HOP_TOO_BIG && !way->reports) ||
			(short_of && ttl == way->silent);
		if (quiet)
			path_mtu_lost(mtu);
		else
			path_mtu_answer(mtu, &answer);
	}
	assert_int_equal(mtu->phase, PATH_MTU_DONE);
	return count;
}

static void test_nothing_is_narrow(void **state)
{
	const struct way way = {.hops = 7, .narrow = 3, .carries = 9000};
	struct path_mtu mtu;
	(void)state;
	path_mtu_begin(&mtu, 4, 1500, 7);
	assert_int_equal(run(&mtu, &way), 1);
	assert_int_equal(mtu.low, 1500);
	assert_false(mtu.vanished);
	assert_int_equal(mtu.reported, 0);
}

static void test_a_router_that_reports(void **state)
{
	const struct way way = {.hops = 7, .narrow = 3, .carries = 1300, .reports = true};
	struct path_mtu mtu;
	(void)state;
	path_mtu_begin(&mtu, 4, 1500, 7);
	assert_int_equal(run(&mtu, &way), 3); /* the link's, the one reported, a byte more */
	assert_int_equal(mtu.low, 1300);
	assert_int_equal(mtu.reported, 1300);
	assert_int_equal(mtu.by.bytes[3], 3);
	assert_false(mtu.vanished);
}

/* Every size from the least to the link's, without a word: found to the byte, and placed. */
static void test_a_black_hole(void **state)
{
	(void)state;
	for (uint32_t carries = 68; carries < 1500; carries++) {
		const struct way way = {
			.hops = 7, .narrow = (uint8_t)(carries % 6), .carries = carries};
		struct path_mtu mtu;
		path_mtu_begin(&mtu, 4, 1500, 7);
		assert_in_range(run(&mtu, &way), 1, 40);
		assert_int_equal(mtu.low, carries);
		assert_true(mtu.vanished);
		assert_int_equal(mtu.hole_after, way.narrow);
	}
}

static void test_a_silent_hop_before_it(void **state)
{
	const struct way way = {.hops = 9, .narrow = 5, .carries = 1400, .silent = 2};
	struct path_mtu mtu;
	(void)state;
	path_mtu_begin(&mtu, 4, 1500, 9);
	run(&mtu, &way);
	assert_int_equal(mtu.low, 1400);
	assert_int_equal(mtu.hole_after, 5);
}

/* One loss by chance is no hole. */
static void test_losses_by_chance(void **state)
{
	const struct way way = {
		.hops = 7, .narrow = 3, .carries = 1400, .reports = true, .drops = 3};
	struct path_mtu mtu;
	(void)state;
	path_mtu_begin(&mtu, 4, 1500, 7);
	run(&mtu, &way);
	assert_int_equal(mtu.low, 1400);
	assert_false(mtu.vanished);
}

/* What is reported is tried: more than was sent, less than links carry, nothing, too little. */
static void test_routers_that_lie(void **state)
{
	static const uint32_t lies[] = {1500, 65535, 67, 1, 0, 68, 69, 700, 1005, 1007, 1499};
	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		const struct way way = {.hops = 7,
			.narrow = 3,
			.carries = 1006,
			.reports = true,
			.lie = lies[i] ? lies[i] : 3};
		struct path_mtu mtu;
		path_mtu_begin(&mtu, 4, 1500, 7);
		run(&mtu, &way);
		assert_int_equal(mtu.low, 1006);
		assert_int_equal(mtu.reported, 0);
		assert_int_equal(mtu.by.bytes[3], 3);
	}
}

/* Each time one byte less than it was: that is not followed to the end. */
static void test_a_router_that_steps_down(void **state)
{
	struct path_mtu mtu;
	uint32_t size;
	uint8_t ttl;
	unsigned count = 0;
	(void)state;
	path_mtu_begin(&mtu, 4, 1500, 7);
	while (path_mtu_next(&mtu, &size, &ttl)) {
		const struct hop_answer answer = {.kind = size > 576 ? HOP_TOO_BIG : HOP_REACHED,
			.mtu = size - 1,
			.from = {.version = 4, .bytes = {10, 0, 0, 1}}};
		assert_in_range(++count, 1, 40);
		path_mtu_answer(&mtu, &answer);
	}
	assert_int_equal(mtu.low, 576);
}

static void test_the_least(void **state)
{
	struct path_mtu mtu;
	uint32_t size;
	uint8_t ttl;
	(void)state;
	path_mtu_begin(&mtu, 6, 1280, 3);
	assert_false(path_mtu_next(&mtu, &size, &ttl));
	assert_int_equal(mtu.low, 1280);
	path_mtu_begin(&mtu, 6, 1281, 3);
	assert_true(path_mtu_next(&mtu, &size, &ttl));
	assert_int_equal(size, 1281);
	const struct hop_answer local = {.kind = HOP_LOCAL};
	path_mtu_answer(&mtu, &local);
	assert_int_equal(mtu.phase, PATH_MTU_DONE);
	assert_int_equal(mtu.low, 1280);
	path_mtu_lost(&mtu);
	assert_int_equal(mtu.phase, PATH_MTU_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_narrow),
		cmocka_unit_test(test_a_router_that_reports),
		cmocka_unit_test(test_a_black_hole),
		cmocka_unit_test(test_a_silent_hop_before_it),
		cmocka_unit_test(test_losses_by_chance),
		cmocka_unit_test(test_routers_that_lie),
		cmocka_unit_test(test_a_router_that_steps_down),
		cmocka_unit_test(test_the_least),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
