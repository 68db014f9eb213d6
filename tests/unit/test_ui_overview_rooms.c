/* test_ui_overview_rooms.c - rows of the overview, at every height and for many wishes: no more is
 * given than there is, nor than is wanted; what is wrong comes first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>

#include "overview_rooms.h"

static int sum(const struct ui_overview_rooms *rooms)
{
	int sections = (rooms->groups > 0) + (rooms->log > 0) + (rooms->tiles > 0);
	return rooms->strip + rooms->table + rooms->groups + rooms->log + rooms->tiles +
		rooms->gap * sections;
}

static void check(const struct ui_overview_wants *wants, int height)
{
	struct ui_overview_rooms rooms = ui_overview_share(wants, height);
	if (sum(&rooms) > height)
		fail_msg("%d of %d rows", sum(&rooms), height);
	assert_in_range(rooms.table, 0, height);
	assert_in_range(rooms.groups, 0, wants->groups);
	assert_in_range(rooms.log, 0, wants->log);
	assert_in_range(rooms.tiles, 0, wants->tiles);
	assert_int_not_equal(rooms.groups, 1); /* a rule alone */
	assert_int_not_equal(rooms.log, 1);
	int wrong = wants->wrong + 3 < wants->table ? wants->wrong + 3 : wants->table;
	if (height >= 12 && rooms.log + rooms.groups + rooms.tiles > 0)
		assert_true(rooms.table >= wrong || rooms.table >= height / 2);
	if (rooms.log > 5) /* nobody else wants those */
		assert_true(rooms.table >= wants->table);
}

static void test_shares(void **state)
{
	unsigned seed = 3;
	(void)state;
	for (int height = 0; height < 90; height++)
		for (int i = 0; i < 300; i++) {
			struct ui_overview_wants wants = {.table = 2 + rand_r(&seed) % 70,
				.groups = rand_r(&seed) % 2 ? 2 + rand_r(&seed) % 20 : 0,
				.log = 2 + rand_r(&seed) % 90,
				.tiles = rand_r(&seed) % 12};
			wants.wrong = rand_r(&seed) % wants.table;
			check(&wants, height);
		}
}

static void test_a_full_screen(void **state)
{
	const struct ui_overview_wants many = {
		.table = 54, .wrong = 5, .groups = 8, .log = 38, .tiles = 5};
	struct ui_overview_rooms rooms = ui_overview_share(&many, 38);
	(void)state;
	assert_int_equal(rooms.strip, 2);
	assert_int_equal(rooms.groups, 8);
	assert_int_equal(rooms.log, 4);
	assert_int_equal(rooms.tiles, 5);
	assert_int_equal(sum(&rooms), 38);
	rooms = ui_overview_share(&many, 21);
	assert_int_equal(rooms.strip, 1);
	assert_int_equal(rooms.table, 8);
	assert_int_equal(rooms.groups, 8);
	assert_int_equal(rooms.log, 4);
	assert_int_equal(rooms.tiles, 0);
	rooms = ui_overview_share(&many, 8);
	assert_int_equal(rooms.table, 8);
	assert_int_equal(sum(&rooms), 8);
}

static void test_few_targets(void **state)
{
	const struct ui_overview_wants few = {.table = 4, .log = 20, .tiles = 6};
	struct ui_overview_rooms rooms = ui_overview_share(&few, 21);
	(void)state;
	assert_int_equal(rooms.strip, 0);
	assert_int_equal(rooms.table, 4);
	assert_int_equal(rooms.tiles, 6);
	assert_int_equal(rooms.log, 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_a_full_screen),
		cmocka_unit_test(test_few_targets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
