/* test_sets.c - the sets that a model counts, counted again after each of many random changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/set_target.h"
#include "model/model.h"
#include "sounder/groups.h"

#define TARGETS 300
#define SETS 40 /* those with lower ids lead one, or will */

static const struct sdr_probe_type plain = {.name = "plain"};
static const struct sdr_spec spec = {
	.type = &plain, .target = "a", .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND};

struct world {
	struct sdr_model *model, *frozen;
	struct engine_target *targets[TARGETS];
	uint32_t set_count;
	uint64_t sequence;
};

static void send(struct world *world, uint32_t id, enum sdr_target_event event)
{
	struct sdr_sink sink = sdr_model_sink(world->model);
	sink.on_target(sink.context, world->targets[id]->public, event);
}

static void add(struct world *world, uint32_t id)
{
	world->targets[id] = set_target_plain(&spec, id);
	send(world, id, SDR_TARGET_ADDED);
}

/* Adds a target to another one's set, which leads from now on if it did not. */
static void add_member(struct world *world, uint32_t leader, uint32_t id)
{
	world->targets[id] = set_target_plain(&spec, id);
	if (!sdr_set_of(world->targets[leader]))
		set_target_lead(world->targets[leader], ++world->set_count, id % 2);
	set_target_join(world->targets[leader], world->targets[id]);
	send(world, id, SDR_TARGET_ADDED);
}

/* As the engine does: a target has left its set before its end is heard of. */
static void remove_target(struct world *world, uint32_t id)
{
	sdr_set_leave(world->targets[id]);
	send(world, id, SDR_TARGET_REMOVED);
	set_target_free(world->targets[id]);
	world->targets[id] = NULL;
}

static void pause(struct world *world, uint32_t id)
{
	struct sdr_target *target = world->targets[id]->public;
	target->phase = target->phase == SDR_PHASE_PAUSED ? SDR_PHASE_RUNNING : SDR_PHASE_PAUSED;
	send(world, id, SDR_TARGET_CHANGED);
}

static void give(struct world *world, uint32_t id, bool answered)
{
	struct sdr_sink sink = sdr_model_sink(world->model);
	world->sequence++;
	const struct sdr_result result = {.sequence = world->sequence,
		.sent = (sdr_ns)world->sequence * SDR_MS,
		.when = (sdr_wall)world->sequence * SDR_MS + 1,
		.outcome = answered ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT,
		.rtt = answered ? SDR_MS : SDR_NS_NONE};
	sink.on_result(sink.context, world->targets[id]->public, &result);
}

static void open_world(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->model = sdr_model_new();
	assert_non_null(world->model);
}

static void close_world(struct world *world)
{
	sdr_model_thaw(world->frozen);
	sdr_model_free(world->model);
	for (uint32_t id = 0; id < TARGETS; id++)
		if (world->targets[id])
			set_target_free(world->targets[id]);
}

/* The set of a target; whether it is in one. */
static bool set_of(const struct sdr_model *model, uint32_t id, struct sdr_target_group *group)
{
	return sdr_model_set(model, sdr_model_set_of(model, sdr_model_position(model, id)), group);
}

/* ---- one by one ---- */

/* A target that leads only once its first member comes is counted with it. */
static void test_a_leader_made_by_its_member(void **state)
{
	struct world world;
	struct sdr_target_group group;
	(void)state;
	open_world(&world);
	add(&world, 0);
	add(&world, 1);
	assert_int_equal(sdr_model_sets(world.model), 0);
	assert_int_equal(sdr_model_set_of(world.model, 0), SDR_SET_NONE);
	assert_false(sdr_model_set(world.model, 0, &group));
	give(&world, 0, true);
	add_member(&world, 0, 2);
	assert_true(sdr_model_sets(world.model) > 0);
	assert_false(set_of(world.model, 1, &group));
	for (uint32_t id = 0; id < 3; id += 2) {
		assert_true(set_of(world.model, id, &group));
		assert_true(group.members == 2 && group.up == 1 && group.tally[SDR_STATE_UP] == 1);
		assert_int_equal(group.worst, SDR_STATE_UP);
		assert_int_equal(group.kind, SDR_GROUP_SET);
		assert_string_equal(group.name, "addresses");
	}
	for (int i = 0; i < 3; i++)
		give(&world, 2, false);
	assert_true(set_of(world.model, 0, &group));
	assert_int_equal(group.worst, SDR_STATE_DOWN);
	remove_target(&world, 0); /* the other one leads */
	assert_true(set_of(world.model, 2, &group));
	assert_true(group.members == 1 && group.up == 0);
	remove_target(&world, 2);
	assert_int_equal(sdr_model_sets(world.model), 0);
	close_world(&world);
}

/* A frozen copy keeps counts as they were, but for those that go. */
static void test_a_copy(void **state)
{
	struct world world;
	struct sdr_target_group group;
	(void)state;
	open_world(&world);
	add(&world, 0);
	world.frozen = sdr_model_freeze(world.model);
	assert_non_null(world.frozen);
	assert_int_equal(sdr_model_sets(world.frozen), 0);
	sdr_model_thaw(world.frozen);
	add_member(&world, 0, 1);
	add_member(&world, 0, 2);
	world.frozen = sdr_model_freeze(world.model);
	assert_non_null(world.frozen);
	give(&world, 1, true);
	add_member(&world, 0, 3);
	assert_true(set_of(world.frozen, 1, &group));
	assert_true(group.members == 3 && group.up == 0);
	remove_target(&world, 0);
	assert_true(set_of(world.frozen, 1, &group));
	assert_int_equal(group.members, 2);
	assert_true(set_of(world.model, 1, &group));
	assert_true(group.members == 3 && group.up == 1);
	close_world(&world);
}

/* ---- counting again ---- */

static const enum sdr_state worst_first[] = {
	SDR_STATE_DOWN, SDR_STATE_SLOW, SDR_STATE_PAUSED, SDR_STATE_UP, SDR_STATE_UNKNOWN};

static void assert_group(
	const struct sdr_target_group *group, const uint32_t tally[SDR_STATE_PAUSED + 1])
{
	uint32_t members = 0;
	unsigned at = 0;
	for (unsigned i = 0; i <= SDR_STATE_PAUSED; i++)
		members += tally[i];
	while (at < 4 && tally[worst_first[at]] == 0)
		at++;
	assert_memory_equal(group->tally, tally, sizeof(group->tally));
	assert_true(members > 0 && group->members == members);
	assert_int_equal(group->up, tally[SDR_STATE_UP] + tally[SDR_STATE_SLOW]);
	assert_int_equal(group->worst, worst_first[at]);
}

/* Every target is counted to the set that it is of, which no other set's are; and no set that has
 * none is left. */
static void assert_counted(const struct sdr_model *model)
{
	uint32_t limit = sdr_model_sets(model), found = 0, there = 0;
	uint32_t(*tally)[SDR_STATE_PAUSED + 1] = calloc(limit + 1, sizeof(*tally)),
					    *numbers = calloc(limit + 1, sizeof(*numbers));
	assert_true(tally && numbers);
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		const struct sdr_set *set = sdr_target_set(sdr_model_target(model, i));
		uint32_t at = sdr_model_set_of(model, i);
		assert_int_equal(at != SDR_SET_NONE, set != NULL);
		if (!set)
			continue;
		assert_true(at < limit);
		found += numbers[at] == 0;
		numbers[at] = numbers[at] ? numbers[at] : set->number;
		assert_int_equal(numbers[at], set->number);
		tally[at][sdr_model_state(model, i)]++;
	}
	for (uint32_t i = 0; i < limit; i++) {
		struct sdr_target_group group;
		if (!sdr_model_set(model, i, &group))
			continue;
		there++;
		assert_group(&group, tally[i]);
		for (uint32_t j = 0; j < i; j++)
			assert_true(numbers[i] != numbers[j] || numbers[i] == 0);
	}
	assert_int_equal(there, found);
	free(tally);
	free(numbers);
}

/* Leaders come alone, and lead once a member comes. Each may go, change its state or be paused. */
static void change_one(struct world *world, unsigned seed)
{
	uint32_t id = seed / 16 % TARGETS, leader = seed / 16 / TARGETS % SETS;
	if (!world->targets[id]) {
		if (id < SETS || !world->targets[leader])
			add(world, id);
		else
			add_member(world, leader, id);
		return;
	}
	if (seed % 8 == 0)
		remove_target(world, id);
	else if (seed % 8 == 1)
		pause(world, id);
	for (int i = 0; seed % 8 > 1 && i < 3; i++)
		give(world, id, seed % 8 < 6);
}

static void test_counts_after_random_changes(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	uint32_t most = 0;
	(void)state;
	assert_non_null(world);
	open_world(world);
	srand(7);
	for (int i = 0; i < 20000; i++) {
		change_one(world, (unsigned)rand());
		if (i % 20 == 0)
			assert_counted(world->model);
		if (world->frozen && i % 20 == 1)
			assert_counted(world->frozen); /* from it go those that are gone */
		if (i % 1000 == 500)
			world->frozen = sdr_model_freeze(world->model);
		if (i % 1000 == 700) {
			sdr_model_thaw(world->frozen);
			world->frozen = NULL;
		}
		most = sdr_model_sets(world->model) > most ? sdr_model_sets(world->model) : most;
	}
	assert_true(most >= SETS / 2);
	for (uint32_t id = 0; id < TARGETS; id++)
		if (world->targets[id])
			remove_target(world, id);
	assert_int_equal(sdr_model_sets(world->model), 0);
	close_world(world);
	free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_leader_made_by_its_member),
		cmocka_unit_test(test_a_copy),
		cmocka_unit_test(test_counts_after_random_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
