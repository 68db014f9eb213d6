/* test_ui_group_facts.c - which groups are shown, what of them is counted, and that their spreads
 * come in parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "group_facts.h"
#include "lib/model_feed.h"

#define GROUPS 30
#define MEMBERS 100
#define TARGETS (GROUPS * MEMBERS)

static const struct sdr_probe_type plain = {.name = "plain"};

struct world {
	struct sdr_model *model;
	struct sdr_spec specs[TARGETS];
	struct sdr_target targets[TARGETS];
	char names[TARGETS][16], groups[GROUPS][16];
};

static struct world *open_world(void)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world->model = sdr_model_new();
	assert_non_null(world->model);
	for (uint32_t id = 0; id < TARGETS; id++) {
		unsigned group = id / MEMBERS;
		snprintf(world->names[id], sizeof(*world->names), "h%u", id);
		snprintf(world->groups[group], sizeof(*world->groups), "rack%u", group);
		world->specs[id] = (struct sdr_spec){.type = &plain,
			.interval = SDR_SECOND,
			.timeout = SDR_SECOND,
			.group = world->groups[group]};
		world->targets[id] = feed_target(&world->specs[id], id, world->names[id]);
		feed_event(world->model, &world->targets[id], SDR_TARGET_ADDED);
	}
	/* All answer, in 1 to 100 ms by their place in the group; one of rack 29 is lost. */
	for (int second = 0; second < 5; second++)
		for (uint32_t id = 0; id < TARGETS; id++)
			feed_probe(world->model, &world->targets[id], second,
				id == TARGETS - 1 ? SDR_NS_NONE : (id % MEMBERS + 1) * SDR_MS);
	return world;
}

static void close_world(struct world *world)
{
	sdr_model_free(world->model);
	free(world);
}

static void test_which(void **state)
{
	struct world *world = open_world();
	struct ui_group_facts facts = {.count = 0};
	(void)state;
	ui_group_facts_update(&facts, world->model, 3, 5 * SDR_SECOND);
	assert_int_equal(facts.count, 3);
	assert_string_equal(facts.facts[0].name, "rack0");
	assert_string_equal(facts.facts[1].name, "rack1");
	assert_string_equal(facts.facts[2].name, "rack29"); /* something is wrong there */
	assert_int_equal(facts.facts[2].group.tally[SDR_STATE_DOWN], 1);
	assert_true(facts.facts[2].up < 1 && facts.facts[2].up > 0.98);
	assert_true(facts.facts[0].up == 1);
	assert_int_equal(facts.more, GROUPS - 3);
	assert_int_equal(facts.more_wrong, 0);
	ui_group_facts_update(&facts, world->model, 0, 5 * SDR_SECOND);
	assert_int_equal(facts.count, 0);
	assert_int_equal(facts.more_wrong, 1);
	ui_group_facts_update(&facts, world->model, 1000, 5 * SDR_SECOND);
	assert_int_equal(facts.count, UI_FACTS_GROUPS);
	close_world(world);
}

static void test_spreads(void **state)
{
	struct world *world = open_world();
	struct ui_group_facts facts = {.count = 0};
	sdr_ns now = 5 * SDR_SECOND;
	unsigned parts = 0;
	(void)state;
	ui_group_facts_update(&facts, world->model, 4, now);
	assert_int_equal(facts.facts[0].spread.p50, SDR_NS_NONE);
	while (ui_group_facts_work(&facts, world->model, now))
		parts++;
	assert_in_range(parts, 4, 20);
	ui_group_facts_update(&facts, world->model, 4, now);
	for (unsigned i = 0; i < 4; i++) {
		const struct ui_group_fact *fact = &facts.facts[i];
		assert_in_range(fact->spread.p50, 47 * SDR_MS, 54 * SDR_MS);
		assert_in_range(fact->spread.p95, 90 * SDR_MS, 100 * SDR_MS);
		assert_true(fact->spread.p99 >= fact->spread.p95);
	}
	/* Then it rests; later it looks again. */
	assert_false(ui_group_facts_work(&facts, world->model, now + SDR_SECOND));
	assert_true(ui_group_facts_work(&facts, world->model, now + 6 * SDR_SECOND));
	close_world(world);
}

/* Targets that go while their group is being summed up are of no number any more. */
static void test_who_goes_meanwhile(void **state)
{
	struct world *world = open_world();
	struct ui_group_facts facts = {.count = 0};
	sdr_ns now = 5 * SDR_SECOND;
	(void)state;
	ui_group_facts_update(&facts, world->model, 4, now);
	assert_true(ui_group_facts_work(&facts, world->model, now));
	for (uint32_t id = 10; id < TARGETS; id++)
		feed_event(world->model, &world->targets[id], SDR_TARGET_REMOVED);
	assert_true(ui_group_facts_still(&facts.facts[0], world->model));
	assert_false(ui_group_facts_still(&facts.facts[2], world->model));
	assert_string_equal(facts.facts[2].name, "rack2"); /* though the model's is gone */
	ui_group_facts_update(&facts, world->model, 4, now);
	while (ui_group_facts_work(&facts, world->model, now))
		;
	ui_group_facts_update(&facts, world->model, 4, now);
	assert_int_equal(facts.count, 1);
	assert_in_range(facts.facts[0].spread.p99, 9 * SDR_MS, 11 * SDR_MS);
	close_world(world);
}

static void test_a_pool_is_all_of_them(void **state)
{
	struct world *world = open_world();
	uint32_t positions[2] = {0, 99};
	struct sdr_figures figures;
	(void)state;
	sdr_model_pool(world->model, positions, 2, 5 * SDR_SECOND, &figures);
	assert_int_equal(figures.received, 10);
	assert_in_range(figures.min, 950000, 1050000);
	assert_in_range(figures.max, 95 * SDR_MS, 105 * SDR_MS);
	assert_true(figures.loss == 0);
	positions[1] = TARGETS - 1;
	sdr_model_pool(world->model, positions, 2, 5 * SDR_SECOND, &figures);
	assert_int_equal(figures.lost, 5);
	assert_true(figures.loss == 50);
	sdr_model_pool(world->model, positions, 0, 5 * SDR_SECOND, &figures);
	assert_int_equal(figures.p50, SDR_NS_NONE);
	close_world(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which),
		cmocka_unit_test(test_spreads),
		cmocka_unit_test(test_who_goes_meanwhile),
		cmocka_unit_test(test_a_pool_is_all_of_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
