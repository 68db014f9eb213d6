/* test_ui_set_rows.c - members of a set under their leader: in which order, folded or not, where
 * the cursor goes, what a folded leader shows. The model is a made-up one. */
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
#include "lib/set_target.h"
#include "model/model.h"
#include "ranking.h"
#include "ui_state.h"

#define TARGETS 40

static const struct sdr_probe_type plain = {.name = "plain", .label = "icmp"};
static const struct sdr_spec spec = {
	.type = &plain, .target = "a", .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND};
static const uint8_t shown[] = {UI_MONITORS_SIGN, UI_MONITORS_ADDRESS, UI_MONITORS_P50};
static const struct ui_column columns[] = {{"a", 1, .sorts = true}, {"b", 1, .sorts = true},
	{"c", 1, .sorts = true}, {NULL, 0, 0, 0, false, false}};

struct scene {
	struct ui ui;
	struct sdr_model *model;
	struct ui_monitors monitors;
	struct engine_target *targets[TARGETS];
	uint32_t set_count;
	uint64_t sequence;
};

static void send(struct scene *scene, uint32_t id, enum sdr_target_event event)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	sink.on_target(sink.context, scene->targets[id]->public, event);
}

/* Adds a target whose address ends in `last`: alone, or to the set of another one, which is made
 * with it where there is none. */
static void add(struct scene *scene, uint32_t id, uint8_t last, int leader, bool fed)
{
	struct engine_target *target = scene->targets[id] = set_target_plain(&spec, id);
	target->public->addr = (struct sdr_addr){.version = 4, .bytes = {10, 0, 0, last}};
	if (leader >= 0 && !sdr_set_of(scene->targets[leader]))
		set_target_lead(scene->targets[leader], ++scene->set_count, fed);
	if (leader >= 0)
		set_target_join(scene->targets[leader], target);
	send(scene, id, SDR_TARGET_ADDED);
}

static void remove_target(struct scene *scene, uint32_t id)
{
	sdr_set_leave(scene->targets[id]);
	send(scene, id, SDR_TARGET_REMOVED);
	set_target_free(scene->targets[id]);
	scene->targets[id] = NULL;
}

static void give(struct scene *scene, uint32_t id, sdr_ns rtt, int times)
{
	struct sdr_sink sink = sdr_model_sink(scene->model);
	while (times-- > 0) {
		scene->sequence++;
		const struct sdr_result result = {.sequence = scene->sequence,
			.sent = (sdr_ns)scene->sequence * SDR_MS,
			.when = (sdr_wall)scene->sequence * SDR_MS + 1,
			.outcome = rtt == SDR_NS_NONE ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
			.rtt = rtt};
		sink.on_result(sink.context, scene->targets[id]->public, &result);
	}
}

static void look(struct scene *scene)
{
	scene->ui.frozen_now += SDR_SECOND;
	ui_monitors_update(&scene->monitors);
}

/* Two targets alone, 0 and 5; a set of three addresses, 1 to 3; a fed one, 4 with 6 and 7. */
static int open_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	assert_non_null(scene);
	scene->model = scene->ui.frozen = sdr_model_new();
	assert_non_null(scene->model);
	ui_monitors_init(&scene->monitors, &scene->ui, columns, shown, NULL);
	add(scene, 0, 5, -1, false);
	add(scene, 1, 9, -1, false);
	add(scene, 2, 1, 1, false);
	add(scene, 3, 4, 1, false);
	add(scene, 4, 6, -1, false);
	add(scene, 5, 3, -1, false);
	add(scene, 6, 2, 4, true);
	add(scene, 7, 7, 4, true);
	*state = scene;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *scene = *state;
	ui_monitors_done(&scene->monitors);
	sdr_model_free(scene->model);
	for (uint32_t id = 0; id < TARGETS; id++)
		if (scene->targets[id])
			set_target_free(scene->targets[id]);
	free(scene);
	return 0;
}

/* The lines of the table: ids, ">" before those that stand under another one, "+2" or "+2/1s" after
 * a folded one, with how many are in the worst state and that. */
static void assert_lines(struct scene *scene, const char *expected)
{
	const struct ui_monitors *monitors = &scene->monitors;
	char found[256] = "";
	look(scene);
	for (uint32_t line = 0; line < monitors->table.line_count; line++) {
		uint32_t row = ui_table_row_at(&monitors->table, line);
		size_t at = strlen(found);
		struct ui_set_hidden hidden = ui_set_rows_hidden(&monitors->sets, scene->model, row,
			sdr_model_state(scene->model, ui_monitors_position(monitors, row)));
		bool under = monitors->grouping == UI_GROUPING_NONE &&
			ui_set_rows_is_under(&monitors->sets, row);
		at += (size_t)snprintf(found + at, sizeof(found) - at, "%s%u", under ? ">" : "",
			(unsigned)ui_ranking_key(&scene->monitors, row));
		if (hidden.count > 0)
			at += (size_t)snprintf(found + at, sizeof(found) - at, "+%u", hidden.count);
		if (hidden.worst_count > 0)
			at += (size_t)snprintf(found + at, sizeof(found) - at, "/%u%c",
				hidden.worst_count, "nusdp"[hidden.worst]);
		snprintf(found + at, sizeof(found) - at, " ");
	}
	assert_string_equal(found, expected);
}

static void go_to(struct scene *scene, uint32_t id)
{
	uint32_t row = ui_ranking_find(&scene->monitors, id);
	for (uint32_t line = 0; line < scene->monitors.table.line_count; line++)
		if (ui_table_row_at(&scene->monitors.table, line) == row)
			ui_table_go(&scene->monitors.table, line);
	assert_int_equal(ui_table_row(&scene->monitors.table), row);
}

static uint64_t cursor(struct scene *scene)
{
	return ui_ranking_key(&scene->monitors, ui_table_row(&scene->monitors.table));
}

static void sort_by(struct scene *scene, int column)
{
	while (scene->monitors.table.sort != column + 1)
		ui_table_sort(&scene->monitors.table, 1);
}

/* ---- tests ---- */

/* Whatever orders the rows, members are right below their leader, in that order; a set is where the
 * first of them would be. */
static void test_members_are_below_their_leader(void **state)
{
	struct scene *scene = *state;
	look(scene);
	ui_table_fold(&scene->monitors.table, true);
	ui_table_fold(&scene->monitors.table, true);
	assert_lines(scene, "0 1 >2 >3 4 >6 >7 5 ");
	sort_by(scene, 1); /* the address */
	assert_lines(scene, "1 >2 >3 4 >6 >7 5 0 ");
	ui_table_invert(&scene->monitors.table);
	assert_lines(scene, "1 >3 >2 4 >7 >6 0 5 ");
	ui_table_invert(&scene->monitors.table);
	for (uint32_t id = 0; id < 8; id++)
		give(scene, id, (id == 3 ? 50 : 10 - id) * SDR_MS, 2);
	sort_by(scene, 2); /* the median, the longest first */
	assert_lines(scene, "1 >3 >2 0 4 >6 >7 5 ");
	sort_by(scene, 0);
	assert_lines(scene, "0 1 >2 >3 4 >6 >7 5 ");
	give(scene, 7, SDR_NS_NONE, 3);
	assert_lines(scene, "4 >7 >6 0 1 >2 >3 5 ");
	scene->monitors.table.sort = 0; /* as they were added */
	scene->monitors.table.fresh = false;
	assert_lines(scene, "0 1 >2 >3 4 >6 >7 5 ");
}

/* Addresses are open at first, what a leader feeds is folded; the leader shows what it hides. */
static void test_what_is_folded_at_first(void **state)
{
	struct scene *scene = *state;
	assert_lines(scene, "0 1 >2 >3 4+2 5 ");
	for (uint32_t id = 0; id < 8; id++)
		give(scene, id, id == 6 ? SDR_NS_NONE : SDR_MS, 3);
	assert_lines(scene, "4+2/1d 0 1 >2 >3 5 ");
	give(scene, 4, SDR_NS_NONE, 3);
	assert_lines(scene, "4+2/1d 0 1 >2 >3 5 "); /* its own state is not counted */
	give(scene, 6, SDR_MS, 3);
	assert_lines(scene, "4+2 0 1 >2 >3 5 ");
}

/* Bad states are named; others only where they are worse than the leader's. */
static void test_which_states_are_named(void **state)
{
	struct scene *scene = *state;
	for (uint32_t id = 6; id < 8; id++) {
		scene->targets[id]->public->phase = SDR_PHASE_PAUSED;
		send(scene, id, SDR_TARGET_CHANGED);
	}
	assert_lines(scene, "4+2/2p 0 1 >2 >3 5 ");
	scene->targets[4]->public->phase = SDR_PHASE_PAUSED;
	send(scene, 4, SDR_TARGET_CHANGED);
	assert_lines(scene, "4+2 0 1 >2 >3 5 ");
	for (uint32_t id = 4; id < 8; id++) {
		scene->targets[id]->public->phase = SDR_PHASE_RUNNING;
		send(scene, id, SDR_TARGET_CHANGED);
	}
	assert_lines(scene, "0 1 >2 >3 4+2 5 ");
	give(scene, 4, SDR_MS, 1);
	assert_lines(scene, "4+2/2n 0 1 >2 >3 5 "); /* where 6, the first of them, would be */
}

/* On any line of a set the key folds it, and the cursor goes to the leader; unfolding leaves it. */
static void test_the_cursor(void **state)
{
	struct scene *scene = *state;
	struct ui_table *table = &scene->monitors.table;
	look(scene);
	go_to(scene, 3);
	assert_true(ui_table_fold(table, false));
	assert_int_equal(cursor(scene), 1);
	assert_lines(scene, "0 1+2 4+2 5 ");
	assert_int_equal(cursor(scene), 1);
	give(scene, 3, SDR_NS_NONE, 3);
	assert_lines(scene, "1+2/1d 0 4+2 5 ");
	assert_int_equal(cursor(scene), 1);
	assert_true(ui_table_fold(table, false));
	assert_lines(scene, "1 >3 >2 0 4+2 5 ");
	assert_int_equal(cursor(scene), 1);
	go_to(scene, 5);
	assert_false(ui_table_fold(table, false));
	assert_true(ui_table_fold(table, true)); /* one is open: all fold */
	assert_lines(scene, "1+2/1d 0 4+2 5 ");
	assert_int_equal(cursor(scene), 5);
	assert_true(ui_table_fold(table, true));
	assert_lines(scene, "1 >3 >2 0 4 >6 >7 5 ");
	assert_int_equal(cursor(scene), 5);
}

/* A fold stays as others come and go, and is forgotten with its set; the number of a set that is
 * gone may be another's. Where one is left there is nothing to fold. */
static void test_sets_come_and_go(void **state)
{
	struct scene *scene = *state;
	look(scene);
	go_to(scene, 2);
	assert_true(ui_table_fold(&scene->monitors.table, false));
	remove_target(scene, 0);
	assert_lines(scene, "1+2 4+2 5 ");
	remove_target(scene, 1); /* the oldest of the others leads */
	assert_lines(scene, "2+1 4+2 5 ");
	remove_target(scene, 3);
	assert_lines(scene, "2 4+2 5 ");
	add(scene, 3, 4, 2, false);
	assert_lines(scene, "2+1 4+2 5 ");
	remove_target(scene, 2);
	remove_target(scene, 3);
	assert_lines(scene, "4+2 5 ");
	add(scene, 0, 5, 5, false);
	assert_lines(scene, "4+2 5 >0 ");
	remove_target(scene, 4);
	assert_lines(scene, "5 >0 6+1 ");
	remove_target(scene, 6);
	remove_target(scene, 0);
	assert_lines(scene, "5 7 ");
	assert_false(ui_table_fold(&scene->monitors.table, true));
	remove_target(scene, 7);
	remove_target(scene, 5);
	assert_int_equal(sdr_model_sets(scene->model), 0);
	assert_lines(scene, "");
	add(scene, 0, 5, -1, false);
	assert_lines(scene, "0 ");
	assert_null(scene->monitors.sets.of); /* nothing is kept where there are no sets */
}

/* Rows that are grouped by something stand as they did; folds are as they were afterwards. */
static void test_grouped_rows(void **state)
{
	struct scene *scene = *state;
	look(scene);
	go_to(scene, 1);
	assert_true(ui_table_fold(&scene->monitors.table, false));
	ui_monitors_group(&scene->monitors, UI_GROUPING_STATE);
	look(scene);
	assert_int_equal(scene->monitors.table.line_count, 8);
	assert_false(ui_table_fold(&scene->monitors.table, false));
	ui_monitors_group(&scene->monitors, UI_GROUPING_GROUP);
	look(scene);
	assert_int_equal(scene->monitors.table.line_count, 9); /* "10.0.0.0/24" */
	ui_monitors_group(&scene->monitors, UI_GROUPING_NONE);
	assert_lines(scene, "0 1+2 4+2 5 ");
}

/* ---- what it costs ---- */

#define MANY 65536

/* The least that a look takes after a change of state. */
static double least_of_looks(
	struct scene *scene, struct engine_target *const *targets, struct sdr_sink sink)
{
	double least = 1e9;
	for (uint32_t turn = 1; turn < 12; turn++) {
		struct sdr_target *target = targets[turn * 5000]->public;
		target->phase =
			target->phase == SDR_PHASE_PAUSED ? SDR_PHASE_RUNNING : SDR_PHASE_PAUSED;
		sink.on_target(sink.context, target, SDR_TARGET_CHANGED);
		double start = cpu_ms();
		look(scene);
		double took = cpu_ms() - start;
		least = took < least ? took : least;
	}
	return least;
}

/* 65,536 targets, with a few sets and then with 4,096 more of two: what a changed state costs a
 * frame then is to be 2 ms, and only ten times as much fails. */
static void test_the_cost_of_many_sets(void **state)
{
	struct scene *scene = *state;
	struct sdr_sink sink = sdr_model_sink(scene->model);
	struct engine_target **targets = calloc(MANY, sizeof(struct engine_target *));
	assert_non_null(targets);
	for (uint32_t id = TARGETS; id < MANY; id++) {
		targets[id] = set_target_plain(&spec, id);
		sink.on_target(sink.context, targets[id]->public, SDR_TARGET_ADDED);
	}
	look(scene);
	double few = least_of_looks(scene, targets, sink);
	for (uint32_t id = MANY - 8192; id < MANY; id += 2) {
		set_target_lead(targets[id], ++scene->set_count, id % 4 == 2);
		set_target_join(targets[id], targets[id + 1]);
		sink.on_target(sink.context, targets[id + 1]->public, SDR_TARGET_CHANGED);
	}
	scene->monitors.members = UINT64_MAX; /* as when one comes */
	double start = cpu_ms();
	look(scene);
	double gathered = cpu_ms() - start, many = least_of_looks(scene, targets, sink);
	print_message("65,536 targets are put in order in %.2f ms with 2 sets, %.2f ms with 4,098; "
		      "when one comes in %.2f ms\n",
		few, many, gathered);
	assert_int_equal(sdr_model_sets(scene->model), 4098);
	assert_int_equal(scene->monitors.table.line_count, MANY - TARGETS + 8 - 2 - 2048);
	assert_true(few < 20 && many < 20);
	for (uint32_t id = TARGETS; id < MANY; id++) {
		sdr_set_leave(targets[id]);
		sink.on_target(sink.context, targets[id]->public, SDR_TARGET_REMOVED);
		set_target_free(targets[id]);
	}
	free(targets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_members_are_below_their_leader, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(
			test_what_is_folded_at_first, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(
			test_which_states_are_named, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_the_cursor, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_sets_come_and_go, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_grouped_rows, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(
			test_the_cost_of_many_sets, open_scene, close_scene),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
