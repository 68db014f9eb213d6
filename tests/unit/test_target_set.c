/* test_target_set.c - several targets that a rule makes of one: who leads, what stays readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/set_target.h"

static struct sdr_spec spec;

static int set_up(void **state)
{
	(void)state;
	spec = (struct sdr_spec){
		.type = sdr_probe_find("ping"), .target = "db1", .host = "db1.test"};
	return 0;
}

/* A target without a set stands for itself; so does a caller's own, which has none. */
static void test_none(void **state)
{
	struct sdr_target *target = sdr_target_new(&spec, NULL);
	const struct sdr_target own = {.typed = "db1"};
	(void)state;
	assert_non_null(target);
	assert_null(sdr_target_set(target));
	assert_null(sdr_target_role(target));
	assert_null(sdr_target_origin(target));
	assert_true(sdr_target_leads(target));
	assert_null(sdr_target_set(&own));
	assert_true(sdr_target_leads(&own));
	sdr_target_release(target);
}

/* The oldest leads; when it goes, the next one does. */
static void test_who_leads(void **state)
{
	struct engine_target *members[4];
	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		members[i] = set_target_new(i ? members[0] : NULL, &spec, 10 + i, "role");
	const struct sdr_set *set = sdr_target_set(members[3]->public);
	assert_int_equal(set->count, 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_ptr_equal(sdr_target_set(members[i]->public), set);
		assert_int_equal(sdr_target_leads(members[i]->public), i == 0);
	}
	assert_ptr_equal(sdr_set_other(members[2]), members[0]);
	assert_ptr_equal(sdr_set_other(members[0]), members[1]);
	set_target_free(members[2]); /* from the middle */
	assert_ptr_equal(sdr_set_next(members[1]), members[3]);
	set_target_free(members[0]);
	assert_true(sdr_target_leads(members[1]->public));
	assert_int_equal(set->leader, 11);
	set_target_free(members[3]); /* the last: the next one is its successor */
	members[0] = set_target_new(members[1], &spec, 20, NULL);
	assert_ptr_equal(sdr_set_next(members[1]), members[0]);
	assert_null(sdr_target_role(members[0]->public));
	assert_int_equal(set->count, 2);
	set_target_free(members[1]);
	assert_null(sdr_set_other(members[0]));
	set_target_free(members[0]);
}

/* Whoever holds a target reads its set after all members are gone. */
static void test_what_stays(void **state)
{
	struct engine_target *first = set_target_new(NULL, &spec, 1, "a"),
			     *second = set_target_new(first, &spec, 2, "b");
	const struct sdr_target *held = sdr_target_hold(second->public),
				*copy = sdr_target_copy(second->public);
	char label[SDR_TARGET_LABEL];
	(void)state;
	sdr_target_find(second->public)->origin = "it came";
	assert_null(sdr_target_origin(copy));
	const struct sdr_target *later = sdr_target_copy(second->public);
	assert_string_equal(sdr_target_origin(later), "it came");
	sdr_target_release(later);
	set_target_free(second);
	set_target_free(first);
	assert_int_equal(sdr_target_set(held)->number, 1);
	assert_int_equal(sdr_target_set(held)->count, 0);
	assert_string_equal(sdr_target_role(held), "b");
	assert_string_equal(sdr_target_origin(held), "it came");
	sdr_target_release(held);
	assert_int_equal(sdr_target_set(copy)->number, 1);
	assert_string_equal(sdr_target_label(label, copy), "db1 (b)");
	sdr_target_release(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_none, set_up),
		cmocka_unit_test_setup(test_who_leads, set_up),
		cmocka_unit_test_setup(test_what_stays, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
