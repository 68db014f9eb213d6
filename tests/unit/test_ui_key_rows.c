/* test_ui_key_rows.c - rows of one key, as the probes of a host, in one row: against a count of
 * each pair of rows, with names in any case, in random orders of which only some are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key_rows.h"
#include "lib/model_feed.h"
#include "lib/set_target.h"
#include "page_host.h"

#define MOST 60

/* Names of the same number are the same host. */
static const struct {
	const char *text;
	unsigned host;
} names[] = {{"db1", 0}, {"DB1", 0}, {"db1.", 0}, {"web.example", 1}, {"Web.Example.", 1},
	{"10.0.0.1", 2}, {"::1", 3}, {"0:0::1", 3}, {"10.0.0.10", 4}, {"db", 5}, {".", 6}};
#define NAMES (sizeof(names) / sizeof(*names))

static const struct sdr_probe_type plain = {.name = "plain", .label = "icmp"};
static const struct sdr_spec spec = {.type = &plain, .target = "a", .interval = SDR_SECOND};

struct scene {
	struct sdr_model *model;
	struct sdr_target targets[MOST];
	unsigned of[MOST]; /* the host of each row */
	uint32_t rows;
	struct ui_key_rows hosts;
	uint32_t order[MOST], shown;
};

static void add(struct scene *scene, unsigned name)
{
	uint32_t row = scene->rows++;
	scene->targets[row] = feed_target(&spec, row, names[name].text);
	scene->of[row] = names[name].host;
	feed_event(scene->model, &scene->targets[row], SDR_TARGET_ADDED);
}

static void build(struct scene *scene)
{
	ui_key_rows_begin(&scene->hosts, scene->rows);
	for (uint32_t row = 0; row < scene->rows; row++)
		ui_key_rows_add(
			&scene->hosts, ui_page_host_key(scene->model, &scene->targets[row]), false);
	ui_key_rows_end(&scene->hosts);
}

static void shuffle(struct scene *scene)
{
	scene->shown = 0;
	for (uint32_t row = 0; row < scene->rows; row++)
		if (rand() % 4)
			scene->order[scene->shown++] = row;
	for (uint32_t i = scene->shown; i > 1; i--) {
		uint32_t j = (uint32_t)rand() % i, kept = scene->order[i - 1];
		scene->order[i - 1] = scene->order[j];
		scene->order[j] = kept;
	}
}

static uint32_t arrange(struct scene *scene, uint32_t *lines)
{
	const struct ui_blocks *blocks = ui_key_rows_blocks(&scene->hosts);
	uint32_t places[MOST];
	struct ui_sorted sorted = {scene->order, scene->shown, scene->rows};
	if (blocks)
		return ui_blocks_arrange(blocks, &sorted, places, lines);
	memcpy(lines, scene->order, scene->shown * sizeof(*lines));
	return scene->shown;
}

/* What the lines are by a look at each pair of rows. */
static uint32_t expect(const struct scene *scene, const bool *open, uint32_t *lines)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < scene->shown; i++) {
		uint32_t top = scene->order[i];
		bool first = true;
		for (uint32_t j = 0; j < i; j++)
			first = first && scene->of[scene->order[j]] != scene->of[top];
		if (!first)
			continue;
		lines[count++] = top;
		for (uint32_t j = i + 1; open[scene->of[top]] && j < scene->shown; j++)
			if (scene->of[scene->order[j]] == scene->of[top])
				lines[count++] = scene->order[j];
	}
	return count;
}

static void assert_lines(struct scene *scene, const bool *open)
{
	uint32_t found[MOST], expected[MOST];
	uint32_t count = arrange(scene, found);
	assert_int_equal(count, expect(scene, open, expected));
	assert_memory_equal(found, expected, count * sizeof(*found));
}

static void assert_rings(const struct scene *scene)
{
	for (uint32_t row = 0; row < scene->rows; row++) {
		uint32_t same = 0, ring = 0;
		for (uint32_t other = 0; other < scene->rows; other++)
			same += scene->of[other] == scene->of[row];
		uint32_t at = row;
		do {
			assert_int_equal(scene->of[at], scene->of[row]);
			at = ui_key_rows_next(&scene->hosts, at);
			ring++;
		} while (at != row && ring <= scene->rows);
		assert_int_equal(ring, same);
	}
}

/* Opens or folds the block of a host; a host with one row has none. */
static void turn(struct scene *scene, unsigned host, bool *open)
{
	const struct ui_blocks *blocks = ui_key_rows_blocks(&scene->hosts);
	for (uint32_t row = 0; blocks && row < scene->rows; row++) {
		if (scene->of[row] != host || blocks->of[row] == UI_BLOCK_NONE)
			continue;
		open[host] = !open[host];
		ui_key_rows_fold(&scene->hosts, blocks->of[row], !open[host]);
		return;
	}
}

static void test_hosts_are_one_row(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 400; seed++) {
		struct scene scene = {.model = sdr_model_new()};
		bool open[NAMES] = {false};
		srand(seed);
		for (unsigned n = (unsigned)rand() % MOST; n > 0; n--)
			add(&scene, (unsigned)rand() % NAMES);
		build(&scene);
		assert_rings(&scene);
		for (unsigned step = 0; step < 6; step++) {
			shuffle(&scene);
			assert_lines(&scene, open);
			turn(&scene, (unsigned)rand() % 7, open);
		}
		/* What was opened stays open as others come. */
		if (scene.rows > 0 && scene.rows < MOST) {
			add(&scene, NAMES - 1);
			build(&scene);
			shuffle(&scene);
			assert_lines(&scene, open);
		}
		ui_key_rows_done(&scene.hosts);
		sdr_model_free(scene.model);
	}
}

static void test_all_at_once(void **state)
{
	(void)state;
	struct scene scene = {.model = sdr_model_new()};
	bool open[NAMES] = {true, true, true, true, true, true, true};
	for (unsigned i = 0; i < 2 * NAMES; i++)
		add(&scene, i / 2);
	build(&scene);
	shuffle(&scene);
	ui_key_rows_fold(&scene.hosts, UI_BLOCK_NONE, false);
	assert_lines(&scene, open);
	ui_key_rows_fold(&scene.hosts, UI_BLOCK_NONE, true);
	memset(open, 0, sizeof(open));
	assert_lines(&scene, open);
	ui_key_rows_done(&scene.hosts);
	sdr_model_free(scene.model);
}

static void test_what_a_host_hides(void **state)
{
	(void)state;
	struct scene scene = {.model = sdr_model_new()};
	const uint8_t down = sdr_state_rank(SDR_STATE_DOWN), up = sdr_state_rank(SDR_STATE_UP);
	const uint8_t ranks[] = {up, down, up, down, down};
	uint32_t lines[MOST];
	for (unsigned i = 0; i < 4; i++)
		add(&scene, 0);
	add(&scene, 3);
	build(&scene);
	scene.shown = 5;
	memcpy(scene.order, (const uint32_t[]){1, 3, 4, 0, 2}, 5 * sizeof(*scene.order));
	assert_int_equal(arrange(&scene, lines), 2);
	struct ui_set_hidden hidden = ui_key_rows_hidden(&scene.hosts, ranks, 1);
	assert_int_equal(hidden.count, 3);
	assert_int_equal(hidden.worst_count, 1);
	assert_int_equal(hidden.worst, SDR_STATE_DOWN);
	assert_true(ui_key_rows_is_folded(&scene.hosts, 1));
	assert_false(ui_key_rows_is_folded(&scene.hosts, 4)); /* the only one of its host */
	assert_true(ui_key_rows_is_under(&scene.hosts, 3));
	assert_int_equal(ui_key_rows_hidden(&scene.hosts, ranks, 3).count, 0);
	ui_key_rows_done(&scene.hosts);
	sdr_model_free(scene.model);
}

/* A hop is never the head of the path that brought it, however ill it is. */
static void test_a_hop_is_no_head(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct engine_target *path = set_target_plain(&spec, 0), *hops[2];
	struct ui_key_rows hosts = {0};
	uint32_t lines[3], places[3];
	set_target_lead(path, 1, true);
	feed_event(model, path->public, SDR_TARGET_ADDED);
	for (uint32_t i = 0; i < 2; i++) {
		hops[i] = set_target_plain(&spec, i + 1);
		set_target_join(path, hops[i]);
		feed_event(model, hops[i]->public, SDR_TARGET_ADDED);
	}
	ui_key_rows_begin(&hosts, 3);
	for (uint32_t i = 0; i < 3; i++)
		ui_key_rows_add(&hosts, ui_page_host_key(model, sdr_model_target(model, i)), i > 0);
	ui_key_rows_end(&hosts);
	struct ui_sorted sorted = {(const uint32_t[]){2, 1, 0}, 3, 3};
	assert_int_equal(ui_blocks_arrange(ui_key_rows_blocks(&hosts), &sorted, places, lines), 1);
	assert_int_equal(lines[0], 0);
	sorted.shown = 2; /* a filter leaves it out: the first hop stands for them */
	assert_int_equal(ui_blocks_arrange(ui_key_rows_blocks(&hosts), &sorted, places, lines), 1);
	assert_int_equal(lines[0], 2);
	ui_key_rows_done(&hosts);
	for (uint32_t i = 0; i < 2; i++) {
		feed_event(model, hops[i]->public, SDR_TARGET_REMOVED);
		set_target_free(hops[i]);
	}
	feed_event(model, path->public, SDR_TARGET_REMOVED);
	set_target_free(path);
	sdr_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_are_one_row),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_what_a_host_hides),
		cmocka_unit_test(test_a_hop_is_no_head),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
