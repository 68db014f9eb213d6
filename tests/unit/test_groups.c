/* test_groups.c - which targets stand together, counted again after each of many random
 * changes; and that asking costs the same however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cpu_time.h"
#include "lib/model_feed.h"
#include "model/groups.h"
#include "model/model.h"

#define TARGETS 300

static const struct sdr_probe_type plain = {.name = "plain"};

/* Targets with a model, and what each should be counted as. */
struct world {
	struct sdr_model *model, *frozen;
	struct sdr_target targets[TARGETS];
	struct sdr_spec specs[TARGETS];
	char names[TARGETS][24];
	bool there[TARGETS];
	uint64_t sequence;
};

static void send(struct world *world, uint32_t id, enum sdr_target_event event)
{
	feed_event(world->model, &world->targets[id], event);
}

static void add(struct world *world, uint32_t id, const char *name, const char *address)
{
	snprintf(world->names[id], sizeof(world->names[id]), "%s", name);
	world->specs[id] = (struct sdr_spec){
		.type = &plain, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND};
	world->targets[id] = feed_target(&world->specs[id], id, world->names[id]);
	if (address)
		assert_int_equal(sdr_addr_parse(address, &world->targets[id].addr, NULL), SDR_OK);
	world->there[id] = true;
	send(world, id, SDR_TARGET_ADDED);
}

static void remove_target(struct world *world, uint32_t id)
{
	world->there[id] = false;
	send(world, id, SDR_TARGET_REMOVED);
}

static void set_group(struct world *world, uint32_t id, const char *group)
{
	world->specs[id].group = group;
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
	sink.on_result(sink.context, &world->targets[id], &result);
}

/* "web", or "-": the name of a target's group. */
static const char *group_of(const struct sdr_model *model, uint32_t id)
{
	struct sdr_target_group group;
	uint32_t number = sdr_model_group_of(model, sdr_model_position(model, id));
	if (number == SDR_GROUP_NONE)
		return "-";
	assert_true(sdr_model_group(model, number, &group));
	return group.name;
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
}

/* ---- who belongs where ---- */

static void test_prefixes(void **state)
{
	static const struct {
		const char *host, *wanted;
	} cases[] = {
		{"web1", "web"},
		{"WEB12.a.example", "web"},
		{"edge-fra-rack3-node-111.example", "edge-fra-rack3-node"},
		{"db_7", "db"},
		{"www.a.example", "www"},
		{"web1a", "web1a"},
		{"12.a.example", NULL},
		{"10.1.2.3", NULL},
		{"2001:db8::1", NULL},
		{"", NULL},
		{".", NULL},
		{"-1", NULL},
		{"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl", NULL},
		{"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk",
			"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char prefix[64];
		struct sdr_target target = {.typed = "typed9", .host = cases[i].host};
		bool found = sdr_groups_prefix(prefix, &target);
		assert_int_equal(found, cases[i].wanted != NULL);
		if (found)
			assert_string_equal(prefix, cases[i].wanted);
	}
	struct sdr_target typed = {.typed = "typed9"};
	char prefix[64];
	assert_true(sdr_groups_prefix(prefix, &typed));
	assert_string_equal(prefix, "typed");
}

/* A label goes first; then the beginning of the name once there are three, as long as there is one;
 * then the network. */
static void test_three_ways(void **state)
{
	struct world world;
	(void)state;
	open_world(&world);
	add(&world, 0, "web1", "10.1.2.3");
	add(&world, 1, "web2", NULL);
	add(&world, 2, "10.1.2.9", "10.1.2.9");
	add(&world, 3, "2001:db8:1:2::9", "2001:db8:1:2::9");
	assert_string_equal(group_of(world.model, 0), "10.1.2.0/24");
	assert_string_equal(group_of(world.model, 1), "-");
	assert_string_equal(group_of(world.model, 2), "10.1.2.0/24");
	assert_string_equal(group_of(world.model, 3), "2001:db8:1:2::/64");
	uint64_t order = sdr_model_order_version(world.model),
		 version = sdr_model_group_version(world.model);
	add(&world, 4, "Web33.a.example", "10.9.9.9");
	for (uint32_t id = 0; id < 5; id++)
		assert_string_equal(group_of(world.model, id),
			id == 2           ? "10.1.2.0/24"
				: id == 3 ? "2001:db8:1:2::/64"
					  : "web");
	assert_true(sdr_model_group_version(world.model) > version);
	bool seen[5] = {false}; /* those that waited changed, too */
	while (order++ < sdr_model_order_version(world.model))
		seen[sdr_model_changed(world.model, order)] = true;
	assert_true(seen[0] && seen[1] && seen[4] && !seen[2] && !seen[3]);
	remove_target(&world, 0);
	remove_target(&world, 1);
	assert_string_equal(group_of(world.model, 4), "web");
	set_group(&world, 4, "rack3");
	assert_string_equal(group_of(world.model, 4), "rack3");
	set_group(&world, 4, NULL); /* it was the last */
	assert_string_equal(group_of(world.model, 4), "10.9.9.0/24");
	add(&world, 0, "web1", NULL);
	add(&world, 1, "web2", NULL);
	assert_string_equal(group_of(world.model, 4), "web");
	set_group(&world, 2, "web"); /* a label is another group than a beginning */
	assert_int_not_equal(sdr_model_group_of(world.model, sdr_model_position(world.model, 2)),
		sdr_model_group_of(world.model, sdr_model_position(world.model, 4)));
	close_world(&world);
}

/* One that is labelled, or gone, waits no longer for a third. */
static void test_who_waits(void **state)
{
	struct world world;
	(void)state;
	open_world(&world);
	add(&world, 0, "db1", NULL);
	add(&world, 1, "db2", NULL);
	set_group(&world, 0, "x");
	add(&world, 2, "db3", NULL);
	assert_string_equal(group_of(world.model, 2), "-");
	set_group(&world, 0, NULL);
	assert_string_equal(group_of(world.model, 0), "db");
	assert_string_equal(group_of(world.model, 1), "db");
	for (uint32_t id = 0; id < 3; id++)
		remove_target(&world, id);
	assert_false(sdr_model_group(world.model, 0, &(struct sdr_target_group){0}));
	add(&world, 0, "db1", NULL);
	add(&world, 1, "db2", NULL);
	remove_target(&world, 0);
	send(&world, 1, SDR_TARGET_CHANGED);
	add(&world, 3, "db4", NULL);
	assert_string_equal(group_of(world.model, 1), "-");
	world.targets[1].addr.version = 4; /* it got an address, 0.0.0.0 */
	send(&world, 1, SDR_TARGET_CHANGED);
	assert_string_equal(group_of(world.model, 1), "0.0.0.0/24");
	add(&world, 4, "db5", NULL);
	assert_string_equal(group_of(world.model, 3), "db");
	assert_string_equal(group_of(world.model, 1), "db");
	close_world(&world);
}

/* ---- counting again ---- */

static const enum sdr_state worst_first[] = {
	SDR_STATE_DOWN, SDR_STATE_SLOW, SDR_STATE_PAUSED, SDR_STATE_UP, SDR_STATE_UNKNOWN};

static enum sdr_state worst_of(const uint32_t tally[SDR_STATE_PAUSED + 1])
{
	unsigned at = 0;
	while (at < 4 && tally[worst_first[at]] == 0)
		at++;
	return worst_first[at];
}

/* Every group has the members and states that its targets have. */
static void assert_counted(const struct sdr_model *model)
{
	uint32_t limit = sdr_model_groups(model), all = 0;
	uint32_t(*tally)[SDR_STATE_PAUSED + 1] = calloc(limit + 1, sizeof(*tally));
	assert_non_null(tally);
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		uint32_t number = sdr_model_group_of(model, i);
		if (number == SDR_GROUP_NONE)
			continue;
		assert_true(number < limit);
		tally[number][sdr_model_state(model, i)]++;
		all++;
	}
	for (uint32_t i = 0; i < limit; i++) {
		struct sdr_target_group group;
		if (!sdr_model_group(model, i, &group)) {
			for (unsigned at = 0; at <= SDR_STATE_PAUSED; at++)
				assert_int_equal(tally[i][at], 0);
			continue;
		}
		assert_memory_equal(group.tally, tally[i], sizeof(tally[i]));
		assert_int_equal(group.worst, worst_of(tally[i]));
		assert_int_equal(group.up, tally[i][SDR_STATE_UP] + tally[i][SDR_STATE_SLOW]);
		assert_true(group.members > 0);
		all -= group.members;
	}
	assert_int_equal(all, 0);
	free(tally);
}

static void change_one(struct world *world, unsigned seed)
{
	static const char *const labels[] = {NULL, "a", "b", "rack 3"};
	uint32_t id = seed / 16 % TARGETS;
	char name[24], address[24];
	snprintf(name, sizeof(name), "%c%u", 'a' + (int)(id % 40), id);
	snprintf(address, sizeof(address), "10.0.%u.%u", id % 7, id % 200);
	if (!world->there[id]) {
		add(world, id, id % 3 ? name : address, seed / 8 % 2 ? address : NULL);
		return;
	}
	switch (seed % 8) {
	case 0:
		remove_target(world, id);
		break;
	case 1:
		set_group(world, id, labels[seed / 8 % 4]);
		break;
	case 2:
		world->targets[id].phase = world->targets[id].phase == SDR_PHASE_PAUSED
			? SDR_PHASE_RUNNING
			: SDR_PHASE_PAUSED;
		send(world, id, SDR_TARGET_CHANGED);
		break;
	case 3:
		assert_int_equal(sdr_addr_parse(address, &world->targets[id].addr, NULL), SDR_OK);
		send(world, id, SDR_TARGET_CHANGED);
		break;
	default:
		for (int i = 0; i < 3; i++)
			give(world, id, seed % 8 < 6);
	}
}

static void test_counts_after_random_changes(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	(void)state;
	assert_non_null(world);
	open_world(world);
	srand(7);
	for (int i = 0; i < 20000; i++) {
		change_one(world, (unsigned)rand());
		if (i % 50 == 0)
			assert_counted(world->model);
		if (i % 1000 == 500)
			world->frozen = sdr_model_freeze(world->model);
		if (world->frozen && i % 10 == 0)
			assert_counted(world->frozen); /* from it go those that are gone */
		if (i % 1000 == 700) {
			sdr_model_thaw(world->frozen);
			world->frozen = NULL;
		}
	}
	close_world(world);
	free(world);
}

/* A frozen copy keeps groups and labels as they were. */
static void test_a_copy(void **state)
{
	struct world world;
	struct sdr_target_group group;
	(void)state;
	open_world(&world);
	for (uint32_t id = 0; id < 4; id++) {
		char name[8];
		snprintf(name, sizeof(name), "web%u", id);
		add(&world, id, name, NULL);
	}
	set_group(&world, 3, "x");
	world.frozen = sdr_model_freeze(world.model);
	assert_non_null(world.frozen);
	set_group(&world, 0, "y");
	give(&world, 1, true);
	assert_string_equal(group_of(world.frozen, 0), "web");
	assert_string_equal(group_of(world.model, 0), "y");
	assert_true(sdr_model_group(world.frozen, sdr_model_group_of(world.frozen, 1), &group));
	assert_true(group.members == 3 && group.up == 0 && group.worst == SDR_STATE_UNKNOWN);
	remove_target(&world, 0);
	assert_true(sdr_model_group(world.frozen, sdr_model_group_of(world.frozen, 0), &group));
	assert_int_equal(group.members, 2);
	assert_int_equal(group.kind, SDR_GROUP_PREFIX);
	close_world(&world);
}

/* ---- what it costs ---- */

#define MANY 65536
#define MANY_GROUPS 4096

/* Worst state and members up of all groups, without a look at their members: a quarter of a
 * microsecond each, where nothing of it is in a cache. Only ten times as much and more is wrong. */
static void test_the_cost_of_reading(void **state)
{
	struct sdr_model *model = sdr_model_new();
	struct sdr_sink sink = sdr_model_sink(model);
	struct sdr_target *targets = calloc(MANY, sizeof(*targets));
	struct sdr_spec *specs = calloc(MANY_GROUPS, sizeof(*specs));
	char(*names)[16] = calloc(MANY_GROUPS, sizeof(*names));
	uint32_t up = 0, found = 0;
	(void)state;
	assert_true(model && targets && specs && names);
	for (uint32_t i = 0; i < MANY_GROUPS; i++) {
		snprintf(names[i], sizeof(names[i]), "group%u", i);
		specs[i] = (struct sdr_spec){.type = &plain,
			.interval = SDR_SECOND,
			.timeout = SDR_SECOND,
			.group = names[i]};
	}
	for (uint32_t i = 0; i < MANY; i++) {
		targets[i] = (struct sdr_target){.id = i,
			.phase = SDR_PHASE_RUNNING,
			.spec = &specs[i * 2654435761u >> 20],
			.typed = "a",
			.why = ""};
		sink.on_target(sink.context, &targets[i], SDR_TARGET_ADDED);
	}
	double start = cpu_ms() * 1e3;
	for (uint32_t i = 0; i < sdr_model_groups(model); i++) {
		struct sdr_target_group group;
		found += sdr_model_group(model, i, &group);
		up += group.up + (group.worst == SDR_STATE_DOWN);
	}
	double took = cpu_ms() * 1e3 - start;
	print_message("%u groups of %u targets read in %.0f us\n", found, MANY, took);
	assert_int_equal(found, MANY_GROUPS);
	assert_int_equal(up, 0);
	assert_true(took < 5 * MANY_GROUPS);
	sdr_model_free(model);
	free(targets);
	free(specs);
	free(names);
}

/* The worst first; each rank is one state's. */
static void test_ranks_of_states(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SDR_STATES; i++) {
		assert_int_equal(sdr_state_rank(worst_first[i]), i);
		assert_int_equal(sdr_state_ranked(i), worst_first[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_three_ways),
		cmocka_unit_test(test_who_waits),
		cmocka_unit_test(test_counts_after_random_changes),
		cmocka_unit_test(test_a_copy),
		cmocka_unit_test(test_the_cost_of_reading),
		cmocka_unit_test(test_ranks_of_states),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
