/* test_ui_filter.c - what a filter means, which rows of a table it leaves, and the field that it is
 * typed in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter_field.h"
#include "frame.h"
#include "keys.h"
#include "lib/cpu_time.h"
#include "model/model.h"
#include "ui_test.h"
#include "ui_tick.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the language ---- */

static bool holds(const char *text, struct sdr_error *error)
{
	static const struct ui_filter_facts row = {
		.texts = {"edge-fra-Rack3.example", "http", "10.0.0.9"},
		.probe = "http",
		.group = "rack3",
		.is = 1u << UI_FILTER_IS_SLOW | 1u << UI_FILTER_IS_WRONG,
		.figures = {1.5, 20, 104, 250.5, (double)NAN, 1000}};
	struct ui_filter filter;
	(void)ui_filter_read(&filter, text, error);
	return ui_filter_holds(&filter, &row) && ui_filter_figures_hold(&filter, &row);
}

static void test_words(void **state)
{
	static const char *const yes[] = {"", " ", "edge", "rack3 edge", "Rack3", "!db", "10.0.0.9",
		"is:slow", "is:wrong", "is:s", "is:SLOW", "!is:down", "is=slow", "probe:http",
		"probe:ht", "probe=http", "group:rack", "!group=rack", "!group=RACK3", "loss>1",
		"loss>=1.5", "loss=1.5%", "last<21ms", "p50>=104", "p95>0.25s", "p95<251",
		"last<20001us", "sent=1000", "!jitter>0", "\"edge-fra\"", "!\"is:slow\"",
		"edge !db is:wrong p50>100", "http 10.0"};
	static const char *const no[] = {"db", "!edge", "RACK3", "is:down", "!is:wrong", "is:u",
		"probe:icmp", "probe=htt", "group:rack4", "group=rack", "loss>1.5", "loss<1",
		"last>21", "jitter>0", "jitter<100000", "jitter=0", "sent<1000", "\"is:slow\"",
		"edge db", "edge !rack3 is:slow", "p95", "loss", "is", "is:slow is:up"};
	/* Not typed to its end: as if it were not there. */
	static const char *const unfinished[] = {
		"is:", "!is:", "probe=", "p95>", "p95>=", "!loss<", "!", "\"", "\"\"", "!\""};
	struct sdr_error error = {0};
	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		if (!holds(yes[i], &error))
			fail_msg("%s does not hold", yes[i]);
	for (size_t i = 0; i < COUNT(no); i++)
		if (holds(no[i], &error))
			fail_msg("%s holds", no[i]);
	for (size_t i = 0; i < COUNT(unfinished); i++)
		if (!holds(unfinished[i], &error))
			fail_msg("%s does not hold", unfinished[i]);
	assert_string_equal(error.text, "");
}

/* A value may have blanks. */
static void test_quoted_values(void **state)
{
	static const struct ui_filter_facts row = {.texts = {"edge1"}, .group = "a b"};
	static const struct {
		const char *text;
		bool holds;
	} cases[] = {{"group=\"a b\"", true}, {"group=\"a\"", false}, {"group:\"b\"", true},
		{"group=\"a c\"", false}, {"!group=\"a b\"", false}, {"group:\"a b", true},
		{"group=\"a b\" edge1", true}, {"group=\"a b\" db", false},
		{"edge group=\"a b\"edge1", true}, {"group:\"\"", true}, {"group:\"", true},
		{"group:a", true}, {"group=a b", false}};
	struct ui_filter filter;
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(ui_filter_read(&filter, cases[i].text, NULL), SDR_OK);
		if (ui_filter_holds(&filter, &row) != cases[i].holds)
			fail_msg("%s", cases[i].text);
	}
}

/* What is wrong is named with its place, and the other words hold. */
static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *error;
		size_t offset;
		bool holds;
	} cases[] = {{"is:upset", "is:upset?", 0, true}, {"edge is:x", "down slow up", 5, true},
		{"db is:x", "down slow up", 3, false}, {"p95>x", "p95>x? a number: ms", 0, true},
		{"loss>5ms", "percent", 0, true}, {"sent>1%", "a count", 0, true},
		{"last>1e3", "ms", 0, true}, {"p50>.", "ms", 0, true}, {"p50>-1", "ms", 0, true},
		{"is=slo", "is:slo?", 0, true}};
	char longer[UI_FILTER_TEXT + 1];
	struct ui_filter filter;
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sdr_error error = {0};
		assert_int_equal(holds(cases[i].text, &error), cases[i].holds);
		assert_non_null(strstr(error.text, cases[i].error));
		assert_int_equal(error.offset, cases[i].offset);
		assert_int_equal(ui_filter_read(&filter, cases[i].text, NULL), SDR_EINVAL);
	}
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(ui_filter_read(&filter, longer, NULL), SDR_ERANGE);
	longer[sizeof(longer) - 2] = '\0';
	assert_int_equal(ui_filter_read(&filter, longer, NULL), SDR_OK);
	assert_int_equal(ui_filter_read(&filter, "a b c d e f g h i j k l m n o p", NULL), SDR_OK);
	assert_int_equal(
		ui_filter_read(&filter, "a b c d e f g h i j k l m n o p q", NULL), SDR_ERANGE);
}

static void test_narrows(void **state)
{
	static const struct {
		const char *from, *to;
		bool narrows;
	} cases[] = {{"", "a", true}, {"a", "ab", true}, {"a", "aB", true}, {"a b", "a bc", true},
		{"a", "a b", true}, {"a", "a !b", true}, {"a", "a p95>", true}, {"ab", "a", false},
		{"!a", "!ab", false}, {"a", "b", false}, {"a", "ba", false}, {"a b", "ac b", false},
		{"p95>1", "p95>10", false}, {"loss<1", "loss<10", false}, {"is:u", "is:up", false},
		{"A", "a", false}, {"a", "!a", false}};
	struct ui_filter from, to;
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(ui_filter_read(&from, cases[i].from, NULL), SDR_OK);
		assert_int_equal(ui_filter_read(&to, cases[i].to, NULL), SDR_OK);
		if (ui_filter_narrows(&from, &to) != cases[i].narrows)
			fail_msg("%s, %s", cases[i].from, cases[i].to);
	}
}

/* ---- targets ---- */

/* Those that were made in a test: the session may hold them until its end. */
static struct made {
	struct sdr_target *targets;
	uint32_t count;
} made[8];
static unsigned made_count;

/* Targets named by their number, in groups of ten: each third answers in its number of ms, others
 * are down. */
static struct sdr_target *watch(struct ui_test *test, uint32_t count)
{
	static struct sdr_spec spec, other;
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(test->app));
	struct sdr_target *targets = calloc(count, sizeof(*targets));
	assert_true(targets && made_count < COUNT(made));
	made[made_count++] = (struct made){targets, count};
	spec = (struct sdr_spec){.type = sdr_probe_find("ping"), .interval = SDR_SECOND};
	other = (struct sdr_spec){
		.type = sdr_probe_find("http"), .interval = SDR_SECOND, .group = "web"};
	for (uint32_t i = 0; i < count; i++) {
		char *name = malloc(40);
		snprintf(name, 40, "rack%u-node-%u.example", i / 10, i);
		targets[i] = (struct sdr_target){.id = i, .phase = SDR_PHASE_RUNNING, .why = ""};
		targets[i].spec = i % 10 == 9 ? &other : &spec;
		targets[i].typed = targets[i].host = targets[i].name = name;
		targets[i].addr = (struct sdr_addr){.version = 4,
			.bytes = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}};
		sink.on_target(sink.context, &targets[i], SDR_TARGET_ADDED);
		for (unsigned probe = 1; probe <= 3; probe++) {
			struct sdr_result result = {.sequence = probe,
				.sent = test->ui.now - (4 - probe) * SDR_SECOND,
				.when = test->ui.wall,
				.outcome = i % 3 ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
				.rtt = i % 3 ? SDR_NS_NONE : (sdr_ns)(i + 1) * SDR_MS};
			sink.on_result(sink.context, &targets[i], &result);
		}
	}
	return targets;
}

static void forget(struct ui_test *test, struct sdr_target *targets, uint32_t count)
{
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(test->app));
	for (uint32_t i = 0; i < count; i++)
		sink.on_target(sink.context, &targets[i], SDR_TARGET_REMOVED);
}

static struct ui_table *table_of(struct ui_test *test)
{
	struct ui_slot *slot = ui_focused(&test->ui);
	return slot->panel->table(&test->ui, slot->state);
}

/* By a look at each target's number: whether it is to be shown. */
static bool expected(const char *filter, uint32_t i)
{
	bool answers = i % 3 == 0;
	if (!strcmp(filter, "rack3"))
		return i / 10 == 3 || (i / 10 >= 30 && i / 10 < 40);
	if (!strcmp(filter, "is:down"))
		return !answers;
	if (!strcmp(filter, "!is:down probe:http"))
		return answers && i % 10 == 9;
	if (!strcmp(filter, "group:web"))
		return i % 10 == 9;
	if (!strcmp(filter, "last>100"))
		return answers && i + 1 > 100;
	if (!strcmp(filter, "loss>50"))
		return !answers;
	return strcmp(filter, "10.0.0.7") == 0 && (i == 7 || (i >= 70 && i < 80));
}

/* For few targets and for so many that figures are compared between frames. */
static void test_targets(void **state)
{
	static const char *const filters[] = {"rack3", "is:down", "!is:down probe:http",
		"group:web", "last>100", "loss>50", "10.0.0.7"};
	static const uint32_t counts[] = {200, 3000};
	struct ui_test *test = *state;
	for (size_t c = 0; c < COUNT(counts); c++) {
		struct sdr_target *targets = watch(test, counts[c]);
		for (size_t f = 0; f < COUNT(filters); f++) {
			ui_test_draw(test);
			struct ui_table *table = table_of(test);
			uint32_t shown = 0;
			assert_int_equal(ui_table_set_filter(table, filters[f], NULL), SDR_OK);
			ui_test_work(test);
			test->ui.now += SDR_SECOND / 2;
			ui_test_work(test);
			ui_test_draw(test);
			for (uint32_t i = 0; i < counts[c]; i++) {
				shown += expected(filters[f], i);
				if (ui_table_shows(table, i) != expected(filters[f], i))
					fail_msg("%s: %u of %u", filters[f], i, counts[c]);
			}
			assert_int_equal(table->found, shown);
			assert_int_equal(table->line_count, shown);
			assert_false(table->partial);
		}
		assert_int_equal(ui_table_set_filter(table_of(test), "", NULL), SDR_OK);
		assert_int_equal(table_of(test)->line_count, counts[c]);
		forget(test, targets, counts[c]);
	}
}

/* Typing on gives the same rows as the whole filter at once. */
static void test_typing_on(void **state)
{
	static const char text[] = "node-1 !rack10 is:down 5";
	struct ui_test *test = *state;
	struct sdr_target *targets = watch(test, 500);
	bool typed[500];
	ui_test_draw(test);
	ui_test_keys(test, "/");
	ui_test_text(test, text);
	struct ui_table *table = table_of(test);
	for (uint32_t i = 0; i < 500; i++)
		typed[i] = ui_table_shows(table, i);
	uint32_t found = table->found;
	assert_true(found > 0 && found < 100);
	ui_test_keys(test, "Esc");
	assert_false(ui_table_is_filtered(table));
	assert_int_equal(ui_table_set_filter(table, text, NULL), SDR_OK);
	for (uint32_t i = 0; i < 500; i++)
		assert_int_equal(ui_table_shows(table, i), typed[i]);
	assert_int_equal(table->found, found);
	forget(test, targets, 500);
}

/* ---- keys ---- */

static const char *name_at(struct ui_test *test)
{
	struct ui_subject subject;
	static char name[SDR_HOST_TEXT];
	assert_true(ui_subject(&test->ui, &subject));
	snprintf(name, sizeof(name), "%s", subject.name);
	return name;
}

/* The cursor stays on its target where that is shown, else is on the first; n and N go round; Esc
 * shows all; the field edits, moves the cursor and acts nowhere else. */
static void test_keys(void **state)
{
	struct ui_test *test = *state;
	struct sdr_target *targets = watch(test, 60);
	ui_test_keys(test, "2");
	ui_test_draw(test);
	struct ui_table *table = table_of(test);
	ui_test_keys(test, "Down Down Down");
	char was[SDR_HOST_TEXT];
	snprintf(was, sizeof(was), "%s", name_at(test));
	ui_test_keys(test, "/");
	assert_true(ui_filter_field_is_open(&test->ui));
	ui_test_text(test, "node");
	assert_string_equal(name_at(test), was);
	ui_test_text(test, "-4q");
	assert_int_equal(table->found, 0);
	assert_false(test->ui.quitting);
	ui_test_keys(test, "Backspace");
	assert_int_equal(table->cursor, 0);
	assert_int_equal(table->found, 10); /* 4 and 40 to 49, but 49, which is a page */
	ui_test_keys(test, "Down Enter");
	assert_false(ui_filter_field_is_open(&test->ui));
	assert_int_equal(table->cursor, 1);
	for (int i = 0; i < 9; i++)
		ui_test_keys(test, "n");
	assert_int_equal(table->cursor, 0);
	ui_test_keys(test, "N");
	assert_int_equal(table->cursor, 9);
	snprintf(was, sizeof(was), "%s", name_at(test));
	ui_test_keys(test, "Esc");
	assert_int_equal(table->found, 54);
	assert_string_equal(name_at(test), was);
	ui_test_keys(test, "n");
	assert_non_null(strstr(test->ui.message, "nothing is filtered"));
	ui_test_keys(test, "w");
	assert_string_equal(ui_table_filter_text(table), "is:wrong");
	ui_test_keys(test, "w");
	assert_string_equal(ui_table_filter_text(table), "");
	forget(test, targets, 60);
}

/* A wrong filter stays open to be mended, and is explained; a paste is text for it. */
static void test_field(void **state)
{
	struct ui_test *test = *state;
	struct sdr_target *targets = watch(test, 60);
	struct ui_event paste = {.kind = UI_EVENT_PASTE, .bytes = "is:up\nq", .length = 7};
	ui_test_draw(test);
	ui_test_keys(test, "/");
	ui_test_text(test, "is:x");
	ui_test_keys(test, "Enter");
	assert_true(ui_filter_field_is_open(&test->ui));
	assert_non_null(strstr(ui_test_draw(test), "is:x? down slow up"));
	ui_test_keys(test, "C-u");
	ui_on_event(&test->ui, &paste);
	assert_string_equal(ui_table_filter_text(table_of(test)), "is:up q");
	assert_false(test->ui.quitting);
	ui_test_keys(test, "Enter Tab");
	assert_false(ui_filter_field_is_open(&test->ui));
	assert_false(ui_table_is_filtered(table_of(test))); /* another panel's table */
	ui_test_keys(test, "S-Tab /");
	assert_string_equal(test->ui.filter.text, "is:up q");
	ui_test_keys(test, "Esc");
	assert_false(ui_table_is_filtered(table_of(test)));
	ui_do(&test->ui, "filter is:down !web");
	assert_string_equal(ui_table_filter_text(table_of(test)), "is:down !web");
	ui_do(&test->ui, "filter is:nothing");
	assert_non_null(strstr(test->ui.message, "is:nothing?"));
	forget(test, targets, 60);
}

/* What changes its state comes and goes as the filter has it. */
static void test_states_change(void **state)
{
	struct ui_test *test = *state;
	struct sdr_target *targets = watch(test, 30);
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(test->app));
	ui_test_draw(test);
	struct ui_table *table = table_of(test);
	assert_int_equal(ui_table_set_filter(table, "is:down", NULL), SDR_OK);
	assert_int_equal(table->found, 20);
	for (unsigned probe = 4; probe <= 6; probe++) {
		struct sdr_result result = {.sequence = probe,
			.sent = test->ui.now,
			.when = test->ui.wall,
			.outcome = SDR_OUTCOME_OK,
			.rtt = SDR_MS};
		sink.on_result(sink.context, &targets[1], &result);
	}
	test->ui.now += SDR_SECOND;
	ui_test_draw(test);
	assert_int_equal(table->found, 19);
	forget(test, targets, 30);
}

/* ---- 65,536 ---- */

#define MOST 65536
#define GOAL_MS 16.0

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Each key and the frame that shows it, of this thread's own time. */
static void test_65536_targets_as_one_types(void **state)
{
	static const char *const typed[] = {"rack30", "node-12345", "is:down", "!rack9 is:up",
		"10.0.200.", "group:web", "last>60000", "zzzz"};
	double times[512];
	unsigned count = 0;
	struct ui_test *test = *state;
	struct sdr_target *targets = watch(test, MOST);
	ui_test_keys(test, "2");
	ui_test_draw(test);
	for (size_t i = 0; i < COUNT(typed); i++) {
		ui_test_keys(test, "/");
		for (const char *c = typed[i]; *c; c++) {
			char key[2] = {*c, '\0'};
			double start = cpu_ms();
			ui_test_text(test, key);
			struct ui_surface screen = ui_canvas_begin(test->ui.canvas);
			ui_frame_draw(&test->ui, &screen);
			times[count++] = cpu_ms() - start;
		}
		ui_test_keys(test, "Esc");
	}
	qsort(times, count, sizeof(*times), by_size);
	print_message("a key among 65,536 targets: p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
		times[count / 2], times[count * 99 / 100], times[count - 1]);
	assert_true(times[count * 99 / 100] < 10 * GOAL_MS);
	forget(test, targets, MOST);
}

/* ---- */

static int open_screen(void **state)
{
	*state = ui_test_new(40, 120);
	return 0;
}

static int close_screen(void **state)
{
	(void)ui_test_teardown(state);
	for (; made_count > 0; made_count--) {
		struct made *last = &made[made_count - 1];
		for (uint32_t i = 0; i < last->count; i++)
			free((char *)(uintptr_t)last->targets[i].name);
		free(last->targets);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_words),
		cmocka_unit_test(test_quoted_values), cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_narrows),
		cmocka_unit_test_setup_teardown(test_targets, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_typing_on, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_keys, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_field, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_states_change, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_65536_targets_as_one_types, open_screen, close_screen)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
