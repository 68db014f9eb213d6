/* test_ui_ranking.c - which targets a table shows, what each column orders them by, what they stand
 * together by, and how often many of them are looked at. The model is a made-up one. */
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
#include "model/model.h"
#include "ranking.h"
#include "ui_state.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct sdr_probe_type ping = {.name = "ping", .label = "icmp", .panel = "ping"},
				   http = {.name = "http", .label = "http", .panel = "http"};
static const struct sdr_spec specs[] = {
	{.type = &ping, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND},
	{.type = &http, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND}};

static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_STATE, UI_MONITORS_TARGET,
	UI_MONITORS_KIND, UI_MONITORS_ADDRESS, UI_MONITORS_LOSS, UI_MONITORS_LAST, UI_MONITORS_P50,
	UI_MONITORS_P95, UI_MONITORS_JITTER, UI_MONITORS_SENT};
static const struct ui_column columns[COUNT(shown) + 1] = {{"a", 1, .sorts = true},
	{"b", 1, .sorts = true}, {"c", 1, .sorts = true}, {"d", 1, .sorts = true},
	{"e", 1, .sorts = true}, {"f", 1, .sorts = true}, {"g", 1, .sorts = true},
	{"h", 1, .sorts = true}, {"i", 1, .sorts = true}, {"j", 1, .sorts = true},
	{"k", 1, .sorts = true}};

/* A table over some targets. */
struct scene {
	struct ui ui;
	struct sdr_model *model;
	struct ui_monitors monitors;
	struct sdr_target *targets; /* [count] */
	uint32_t count;
	uint64_t weights[64], groups[64];
};

static void send(struct scene *scene, uint32_t id, enum sdr_target_event event)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	sink.on_target(sink.context, &scene->targets[id], event);
}

static void add(struct scene *scene, uint32_t id, const char *typed, const char *address)
{
	scene->targets[id] = (struct sdr_target){.id = id,
		.phase = SDR_PHASE_RUNNING,
		.spec = &specs[0],
		.typed = typed,
		.name = typed,
		.why = ""};
	if (address)
		assert_int_equal(sdr_addr_parse(address, &scene->targets[id].addr, NULL), SDR_OK);
	send(scene, id, SDR_TARGET_ADDED);
}

static void open_scene(struct scene *scene, uint32_t count, const char *panel)
{
	*scene = (struct scene){.count = count};
	scene->model = scene->ui.frozen = sdr_model_new();
	scene->targets = calloc(count + 1, sizeof(*scene->targets));
	assert_true(scene->model && scene->targets);
	ui_monitors_init(&scene->monitors, &scene->ui, columns, shown, panel);
}

static void close_scene(struct scene *scene)
{
	ui_monitors_done(&scene->monitors);
	sdr_model_free(scene->model);
	free(scene->targets);
}

static void give(struct scene *scene, uint32_t id, uint64_t sequence, sdr_ns rtt)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	const struct sdr_result result = {.sequence = sequence,
		.sent = (sdr_ns)sequence * SDR_SECOND,
		.when = (sdr_wall)sequence * SDR_SECOND + 1,
		.outcome = rtt == SDR_NS_NONE ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
		.rtt = rtt};
	sink.on_result(sink.context, &scene->targets[id], &result);
}

static void look_at(struct scene *scene, sdr_ns now)
{
	scene->ui.frozen_now = now;
	ui_monitors_update(&scene->monitors);
}

/* The column's number in the table. */
static unsigned number_of(enum ui_monitors_column column)
{
	return (unsigned)((const uint8_t *)memchr(shown, (int)column, sizeof(shown)) - shown);
}

static void sort_by(struct scene *scene, enum ui_monitors_column column)
{
	while (scene->monitors.table.sort != (int)number_of(column) + 1)
		ui_table_sort(&scene->monitors.table, 1);
}

/* What the table shows, the first at the top, sorted by a column: the targets' ids. */
static void assert_order(struct scene *scene, enum ui_monitors_column column, const char *expected)
{
	char found[128] = "";
	sort_by(scene, column);
	scene->ui.frozen_now += SDR_SECOND;
	ui_monitors_update(&scene->monitors);
	for (uint32_t line = 0; line < scene->monitors.table.count; line++) {
		uint32_t row = ui_table_row_at(&scene->monitors.table, line);
		size_t length = strlen(found);
		snprintf(found + length, sizeof(found) - length, "%s%llu", line ? " " : "",
			(unsigned long long)ui_ranking_key(&scene->monitors, row));
	}
	assert_string_equal(found, expected);
}

/* Names stand in the order of the alphabet by eight bytes behind what all begin with, addresses by
 * their number: IPv4, IPv6, then those without. */
static void test_texts_and_addresses(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 8, NULL);
	add(&scene, 0, "host-with-a-long-name-b", NULL);
	add(&scene, 1, "host-with-a-long-name-a", "10.0.0.200");
	add(&scene, 2, "host-with-a-long-name-", "9.255.0.1");
	add(&scene, 3, "host-with-a-long-name-c1", "2001:db8::200");
	add(&scene, 4, "host-with-a-long-name-c0", "2001:db8::100");
	add(&scene, 5, "host-with-a-long-name-B", "10.0.0.3");
	scene.targets[2].spec = &specs[1];
	assert_order(&scene, UI_MONITORS_TARGET, "2 5 1 0 4 3");
	assert_order(&scene, UI_MONITORS_ADDRESS, "2 5 1 4 3 0");
	assert_order(&scene, UI_MONITORS_KIND, "2 0 1 3 4 5");
	add(&scene, 6, "a", "2001:db8:1::1");
	add(&scene, 7, "b", "fe80::1");
	assert_order(&scene, UI_MONITORS_TARGET, "6 7 0 1 2 3 4 5");
	assert_order(&scene, UI_MONITORS_ADDRESS, "2 5 1 3 4 6 7 0");
	close_scene(&scene);
}

/* Seven bytes of addresses are compared, from the first in which two differ on, and from the tenth
 * at the latest; where those are alike the order is that of adding. */
static void test_addresses_of_one_network(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 4, NULL);
	add(&scene, 0, "a", "2001:db8::1:0:0:3");
	add(&scene, 1, "b", "2001:db8::1:0:0:2");
	add(&scene, 2, "c", "2001:db8::2");
	assert_order(&scene, UI_MONITORS_ADDRESS, "2 1 0");
	add(&scene, 3, "d", "10.0.0.1");
	assert_order(&scene, UI_MONITORS_ADDRESS, "3 2 1 0");
	close_scene(&scene);
}

/* Of figures the worst is first and what has none is last. */
static void test_figures(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 4, NULL);
	for (uint32_t id = 0; id < 4; id++)
		add(&scene, id, "a", NULL);
	for (uint64_t i = 1; i <= 20; i++) {
		give(&scene, 0, i, 5 * SDR_MS);
		give(&scene, 1, i, i == 7 ? SDR_NS_NONE : i % 2 ? SDR_MS : 9 * SDR_MS);
	}
	for (uint64_t i = 1; i <= 10; i++)
		give(&scene, 2, i, i == 4 || i == 6 ? SDR_NS_NONE : i == 10 ? SDR_SECOND : SDR_MS);
	scene.ui.frozen_now = 20 * SDR_SECOND;
	assert_order(&scene, UI_MONITORS_LOSS, "2 1 0 3");
	assert_order(&scene, UI_MONITORS_LAST, "2 1 0 3");
	assert_order(&scene, UI_MONITORS_P50, "1 0 2 3");
	assert_order(&scene, UI_MONITORS_P95, "2 1 0 3");
	assert_order(&scene, UI_MONITORS_JITTER, "2 1 0 3");
	assert_order(&scene, UI_MONITORS_SENT, "0 1 2 3");
	ui_table_invert(&scene.monitors.table);
	assert_order(&scene, UI_MONITORS_P50, "3 2 0 1");
	close_scene(&scene);
}

/* A column that was just chosen sorts at once; between frames there is nothing to do for few. */
static void test_a_chosen_column_sorts_at_once(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 2, NULL);
	for (uint32_t id = 0; id < 2; id++) {
		add(&scene, id, "a", NULL);
		give(&scene, id, 1, (id + 1) * SDR_MS);
	}
	look_at(&scene, SDR_SECOND);
	sort_by(&scene, UI_MONITORS_P50);
	look_at(&scene, SDR_SECOND);
	assert_int_equal(ui_table_row_at(&scene.monitors.table, 0), 1);
	assert_false(ui_monitors_work(&scene.monitors));
	close_scene(&scene);
}

/* Who never answered and is not down yet has no loss to be sorted by; who is down has it all. */
static void test_loss_of_the_new(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 3, NULL);
	for (uint32_t id = 0; id < 3; id++)
		add(&scene, id, "a", NULL);
	give(&scene, 0, 1, SDR_NS_NONE);
	for (uint64_t i = 1; i <= 3; i++) {
		give(&scene, 1, i, SDR_MS);
		give(&scene, 2, i, SDR_NS_NONE);
	}
	scene.ui.frozen_now = 3 * SDR_SECOND;
	assert_int_equal(sdr_model_state(scene.model, 0), SDR_STATE_UNKNOWN);
	assert_int_equal(sdr_model_state(scene.model, 2), SDR_STATE_DOWN);
	assert_order(&scene, UI_MONITORS_LOSS, "2 1 0");
	close_scene(&scene);
}

/* Down, slow, paused, up, new; the tally is of those. */
static void test_states(void **state)
{
	struct scene scene;
	(void)state;
	static const enum sdr_state worst_first[] = {
		SDR_STATE_DOWN, SDR_STATE_SLOW, SDR_STATE_PAUSED, SDR_STATE_UP, SDR_STATE_UNKNOWN};
	for (uint8_t i = 0; i < COUNT(worst_first); i++)
		assert_int_equal(sdr_state_rank(worst_first[i]), i);
	open_scene(&scene, 4, NULL);
	for (uint32_t id = 0; id < 4; id++)
		add(&scene, id, "a", NULL);
	look_at(&scene, SDR_SECOND);
	assert_int_equal(scene.monitors.tally[4], 4);
	give(&scene, 0, 1, SDR_MS);
	for (uint64_t i = 1; i <= 3; i++)
		give(&scene, 2, i, SDR_NS_NONE);
	scene.targets[1].phase = SDR_PHASE_PAUSED;
	send(&scene, 1, SDR_TARGET_CHANGED);
	assert_order(&scene, UI_MONITORS_SIGN, "2 1 0 3");
	assert_order(&scene, UI_MONITORS_STATE, "2 1 0 3");
	static const uint32_t tally[] = {1, 0, 1, 1, 1};
	assert_memory_equal(scene.monitors.tally, tally, sizeof(tally));
	send(&scene, 2, SDR_TARGET_REMOVED);
	assert_order(&scene, UI_MONITORS_SIGN, "1 0 3");
	assert_int_equal(scene.monitors.tally[0], 0);
	close_scene(&scene);
}

/* More changes than the model keeps: all states are read again. */
static void test_more_changes_than_are_known(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 2, NULL);
	add(&scene, 0, "a", NULL);
	add(&scene, 1, "b", NULL);
	look_at(&scene, SDR_SECOND);
	for (int i = 0; i < 5000; i++) {
		scene.targets[1].phase = i % 2 ? SDR_PHASE_RUNNING : SDR_PHASE_PAUSED;
		send(&scene, 1, SDR_TARGET_CHANGED);
	}
	give(&scene, 0, 1, SDR_MS);
	scene.targets[1].phase = SDR_PHASE_PAUSED;
	send(&scene, 1, SDR_TARGET_CHANGED);
	look_at(&scene, 2 * SDR_SECOND);
	static const uint32_t tally[] = {0, 0, 1, 1, 0};
	assert_memory_equal(scene.monitors.tally, tally, sizeof(tally));
	close_scene(&scene);
}

/* A panel has the targets of its types alone; each is found by its id as long as it is there. */
static void test_types_and_finding(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 6, "http");
	for (uint32_t id = 0; id < 6; id++) {
		scene.targets[id] = (struct sdr_target){.id = id,
			.phase = SDR_PHASE_RUNNING,
			.spec = &specs[id % 2],
			.typed = "a",
			.name = "a",
			.why = ""};
		send(&scene, id, SDR_TARGET_ADDED);
	}
	assert_order(&scene, UI_MONITORS_KIND, "1 3 5");
	for (uint32_t id = 0; id < 6; id++) {
		uint32_t row = ui_ranking_find(&scene.monitors, id);
		assert_int_equal(row, id % 2 ? id / 2 : UINT32_MAX);
	}
	send(&scene, 3, SDR_TARGET_REMOVED);
	assert_order(&scene, UI_MONITORS_KIND, "1 5");
	assert_int_equal(ui_ranking_find(&scene.monitors, 3), UINT32_MAX);
	assert_int_equal(ui_ranking_find(&scene.monitors, 5), 1);
	assert_int_equal(ui_ranking_find(&scene.monitors, 99), UINT32_MAX);
	close_scene(&scene);
}

static const char *group_name(const struct scene *scene, uint32_t row)
{
	static char name[96];
	return ui_ranking_group_name(&scene->monitors, row, name, sizeof(name));
}

/* By name: what stands behind the first dot, a short name by itself, and who has none with the
 * others of its /24 or /48. Names come before networks, IPv4 before IPv6, without an address
 * last. */
static void test_groups(void **state)
{
	static const struct {
		const char *typed, *address;
		const char *by_name, *by_network;
	} cases[] = {
		{"www.a.example", "10.1.2.3", "a.example", "10.1.2.0/24"},
		{"db.a.example", "2001:db8:1::1", "a.example", "2001:db8:1::/48"},
		{"b", "10.1.2.200", "b", "10.1.2.0/24"},
		{"host.", "10.1.3.1", "host.", "10.1.3.0/24"},
		{"10.1.2.3", "10.1.2.3", "10.1.2.0/24", "10.1.2.0/24"},
		{"10.1.2.9", "10.1.2.9", "10.1.2.0/24", "10.1.2.0/24"},
		{"2001:db8:1:2::9", "2001:db8:1:2::9", "2001:db8:1::/48", "2001:db8:1::/48"},
		{"gone", NULL, "gone", "no address"},
	};
	struct scene scene;
	(void)state;
	open_scene(&scene, COUNT(cases), NULL);
	for (uint32_t i = 0; i < COUNT(cases); i++)
		add(&scene, i, cases[i].typed, cases[i].address);
	look_at(&scene, SDR_SECOND);
	assert_false(ui_ranking_group(&scene.monitors, scene.groups));
	for (int by_name = 0; by_name < 2; by_name++) {
		scene.monitors.grouping = by_name ? UI_GROUPING_NAME : UI_GROUPING_NETWORK;
		assert_true(ui_ranking_group(&scene.monitors, scene.groups));
		for (uint32_t i = 0; i < COUNT(cases); i++) {
			const char *name = by_name ? cases[i].by_name : cases[i].by_network;
			assert_string_equal(group_name(&scene, i), name);
			for (uint32_t j = 0; j < COUNT(cases); j++)
				assert_int_equal(scene.groups[i] == scene.groups[j],
					strcmp(name,
						by_name ? cases[j].by_name : cases[j].by_network) ==
						0);
		}
		assert_true(scene.groups[4] < scene.groups[6]);
		assert_true(by_name ? scene.groups[0] < scene.groups[2] &&
					scene.groups[7] < scene.groups[4]
				    : scene.groups[6] < scene.groups[7]);
	}
	scene.targets[0].host = "x.b"; /* of a URL, the host in it */
	assert_string_equal(group_name(&scene, 0), "b");
	scene.monitors.grouping = UI_GROUPING_STATE;
	give(&scene, 1, 1, SDR_MS);
	look_at(&scene, 2 * SDR_SECOND);
	assert_string_equal(group_name(&scene, 1), sdr_state_word(SDR_STATE_UP));
	assert_string_equal(group_name(&scene, 2), sdr_state_word(SDR_STATE_UNKNOWN));
	assert_int_equal(ui_ranking_group_of(&scene.monitors, 1), 3);
	close_scene(&scene);
}

/* The lines of the table: "[web 2/3]" for a group with 2 of 3 up, "(...)" folded; targets by id. */
static void assert_lines(struct scene *scene, const char *expected)
{
	const struct ui_monitors *monitors = &scene->monitors;
	char found[256] = "", name[64];
	scene->ui.frozen_now += SDR_SECOND;
	ui_monitors_update(&scene->monitors);
	for (uint32_t line = 0; line < monitors->table.line_count; line++) {
		uint32_t row = ui_table_row_at(&monitors->table, line);
		size_t at = strlen(found);
		uint64_t key = ui_ranking_key(&scene->monitors, row);
		assert_int_equal(ui_ranking_find(&scene->monitors, key), row);
		if (row < monitors->table.count) {
			snprintf(found + at, sizeof(found) - at, "%u ", (unsigned)key);
			continue;
		}
		uint32_t block = row - monitors->table.count;
		bool folded = monitors->groups.folded[block];
		snprintf(found + at, sizeof(found) - at, "%c%s %u/%u%c ", folded ? '(' : '[',
			ui_group_rows_name(scene->model, block, name, sizeof(name)),
			monitors->groups.tally[block][3] + monitors->groups.tally[block][1],
			ui_group_rows_size(&monitors->groups, block), folded ? ')' : ']');
	}
	assert_string_equal(found, expected);
}

/* Worst first, then by name; in a group as the column has it. Only what is shown counts. */
static void test_blocks_of_groups(void **state)
{
	struct scene scene;
	(void)state;
	open_scene(&scene, 10, "ping");
	for (uint32_t id = 0; id < 6; id++)
		add(&scene, id, id < 3 ? "web1" : "db1", NULL);
	scene.targets[6] = (struct sdr_target){
		.id = 6, .phase = SDR_PHASE_RUNNING, .spec = &specs[1], .typed = "web9", .why = ""};
	send(&scene, 6, SDR_TARGET_ADDED);
	ui_monitors_group(&scene.monitors, UI_GROUPING_GROUP);
	sort_by(&scene, UI_MONITORS_SIGN);
	assert_lines(&scene, "[db 0/3] 3 4 5 [web 0/3] 0 1 2 ");
	for (uint32_t id = 0; id < 7; id++)
		give(&scene, id, 1, SDR_MS);
	for (uint64_t sequence = 2; sequence < 5; sequence++)
		give(&scene, 1, sequence, SDR_NS_NONE);
	assert_lines(&scene, "[web 2/3] 1 0 2 [db 3/3] 3 4 5 ");
	struct sdr_spec labelled = specs[0];
	labelled.group = "a";
	scene.targets[4].spec = scene.targets[1].spec = &labelled;
	send(&scene, 4, SDR_TARGET_CHANGED);
	assert_lines(&scene, "[web 2/3] 1 0 2 [a 1/1] 4 [db 2/2] 3 5 ");
	send(&scene, 1, SDR_TARGET_CHANGED);
	assert_lines(&scene, "[a 1/2] 1 4 [db 2/2] 3 5 [web 2/2] 0 2 ");
	ui_table_go(&scene.monitors.table, 4);
	assert_true(ui_table_fold(&scene.monitors.table, false));
	assert_lines(&scene, "[a 1/2] 1 4 (db 2/2) [web 2/2] 0 2 ");
	uint32_t ids[4] = {0};
	assert_int_equal(ui_monitors_members(&scene.monitors, ids, 1), 2);
	assert_true(ids[0] == 3 && ids[1] == 0);
	add(&scene, 7, "x", NULL);
	assert_lines(&scene, "[a 1/2] 1 4 (db 2/2) [web 2/2] 0 2 [no group yet 0/1] 7 ");
	assert_int_equal(ui_monitors_members(&scene.monitors, NULL, 0), 2); /* the cursor's */
	send(&scene, 3, SDR_TARGET_REMOVED);
	send(&scene, 5, SDR_TARGET_REMOVED);
	send(&scene, 7, SDR_TARGET_REMOVED);
	assert_lines(&scene, "[a 1/2] 1 4 [web 2/2] 0 2 ");
	ui_monitors_group(&scene.monitors, UI_GROUPING_NONE);
	assert_lines(&scene, "1 0 2 4 ");
	close_scene(&scene);
}

/* More groups than there was room for may come between a frame and a key. */
static void test_a_fold_before_new_groups_are_drawn(void **state)
{
	struct scene scene;
	struct sdr_spec labelled[60];
	char names[60][8];
	(void)state;
	open_scene(&scene, 60, NULL);
	for (uint32_t id = 0; id < 60; id++)
		add(&scene, id, "web1", NULL);
	ui_monitors_group(&scene.monitors, UI_GROUPING_GROUP);
	look_at(&scene, SDR_SECOND);
	ui_table_go(&scene.monitors.table, 0);
	for (uint32_t id = 1; id < 60; id++) {
		snprintf(names[id], sizeof(names[id]), "g%u", id);
		labelled[id] = specs[0];
		labelled[id].group = names[id];
		scene.targets[id].spec = &labelled[id];
		send(&scene, id, SDR_TARGET_CHANGED);
	}
	scene.ui.frozen_now = 2 * SDR_SECOND;
	ui_monitors_work(&scene.monitors);
	assert_true(ui_table_fold(&scene.monitors.table, true));
	look_at(&scene, 3 * SDR_SECOND);
	assert_int_equal(scene.monitors.table.line_count, 60);
	close_scene(&scene);
}

/* What a changed state costs a frame of 65,536 targets in 4,096 groups, which is to take 2 ms: the
 * least of some, and only ten times as much fails. */
static void test_the_cost_of_many_groups(void **state)
{
	struct scene scene;
	double least = 1e9;
	(void)state;
	open_scene(&scene, 65536, NULL);
	struct sdr_spec *labelled = calloc(4096, sizeof(*labelled));
	char(*names)[16] = calloc(4096, sizeof(*names));
	assert_true(labelled && names);
	for (uint32_t i = 0; i < 4096; i++) {
		snprintf(names[i], sizeof(names[i]), "rack%u", i);
		labelled[i] = specs[0];
		labelled[i].group = names[i];
	}
	for (uint32_t id = 0; id < 65536; id++) {
		scene.targets[id] = (struct sdr_target){.id = id,
			.phase = SDR_PHASE_RUNNING,
			.spec = &labelled[id * 2654435761u >> 20],
			.typed = "a",
			.why = ""};
		send(&scene, id, SDR_TARGET_ADDED);
	}
	ui_monitors_group(&scene.monitors, UI_GROUPING_GROUP);
	look_at(&scene, SDR_SECOND);
	uint64_t sorted = scene.monitors.sorted;
	for (uint32_t turn = 1; turn < 12; turn++) {
		give(&scene, turn * 5000, 1, SDR_MS);
		double start = cpu_ms();
		look_at(&scene, (turn + 1) * SDR_SECOND);
		double took = cpu_ms() - start;
		assert_int_equal(scene.monitors.sorted, sorted + turn);
		least = took < least ? took : least;
	}
	print_message("65,536 targets in 4,096 groups are put in order in %.2f ms\n", least);
	assert_int_equal(scene.monitors.table.line_count, 65536 + 4096);
	assert_true(least < 20);
	close_scene(&scene);
	free(labelled);
	free(names);
}

static void add_many(struct scene *scene, uint32_t count)
{
	for (uint32_t id = 0; id < count; id++)
		add(scene, id, "a", NULL);
}

/* Few targets are looked at with every frame, many twice a second; a clock that was set back does
 * not keep them waiting. */
static void test_many_are_looked_at_less_often(void **state)
{
	(void)state;
	for (uint32_t count = 999; count <= 1000; count++) {
		struct scene scene;
		bool few = count < 1000;
		open_scene(&scene, count, NULL);
		add_many(&scene, count);
		look_at(&scene, 10 * SDR_SECOND);
		give(&scene, 3, 1, SDR_MS);
		look_at(&scene, 10 * SDR_SECOND + 499 * SDR_MS);
		assert_int_equal(scene.monitors.tally[3], few);
		assert_int_equal(ui_table_row_at(&scene.monitors.table, 0) == 3, few);
		look_at(&scene, 10 * SDR_SECOND + 500 * SDR_MS);
		assert_int_equal(scene.monitors.tally[3], 1);
		assert_int_equal(ui_table_row_at(&scene.monitors.table, 0), 3);
		give(&scene, 4, 1, SDR_MS);
		look_at(&scene, SDR_SECOND);
		assert_int_equal(scene.monitors.tally[3], 2);
		close_scene(&scene);
	}
}

/* Between frames the figures of 1024 rows at a time are computed, all in turn, and the table is
 * sorted by them twice a second. Of few it is done with the frame. */
static void test_figures_of_many_take_turns(void **state)
{
	struct scene scene;
	struct ui_monitors *monitors = &scene.monitors;
	(void)state;
	open_scene(&scene, 3000, NULL);
	add_many(&scene, 3000);
	for (uint32_t id = 0; id < 3000; id++)
		give(&scene, id, 1, id == 2999 ? 2 * SDR_MS : SDR_MS);
	sort_by(&scene, UI_MONITORS_P50);
	look_at(&scene, 2 * SDR_SECOND);
	uint64_t sorted = monitors->sorted;
	for (int i = 0; i < 3; i++)
		assert_true(ui_monitors_work(monitors));
	uint64_t common = monitors->weights[0];
	for (uint32_t id = 0; id < 2999; id++)
		assert_int_equal(monitors->weights[id], common);
	assert_true(monitors->weights[2999] < common);
	assert_int_equal(monitors->sorted, sorted + 1); /* never before */
	scene.ui.frozen_now += 499 * SDR_MS;
	assert_true(ui_monitors_work(monitors));
	assert_int_equal(monitors->sorted, sorted + 1);
	scene.ui.frozen_now += SDR_MS;
	assert_true(ui_monitors_work(monitors));
	assert_int_equal(monitors->sorted, sorted + 2);
	look_at(&scene, scene.ui.frozen_now);
	assert_int_equal(ui_table_row_at(&monitors->table, 0), 2999);
	sort_by(&scene, UI_MONITORS_TARGET);
	assert_false(ui_monitors_work(monitors));
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_and_addresses),
		cmocka_unit_test(test_addresses_of_one_network),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_a_chosen_column_sorts_at_once),
		cmocka_unit_test(test_loss_of_the_new),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_more_changes_than_are_known),
		cmocka_unit_test(test_types_and_finding),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_blocks_of_groups),
		cmocka_unit_test(test_a_fold_before_new_groups_are_drawn),
		cmocka_unit_test(test_the_cost_of_many_groups),
		cmocka_unit_test(test_many_are_looked_at_less_often),
		cmocka_unit_test(test_figures_of_many_take_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
