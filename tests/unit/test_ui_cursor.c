/* test_ui_cursor.c - the cursor is a target: whatever sorts up under it, keys act on what was drawn
 * there; and what they took comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/given.h"
#include "lib/random.h"
#include "model/model.h"
#include "places.h"
#include "sounder/model.h"
#include "ui_test.h"
#include "ui_tick.h"
#include "undo.h"

#define TARGETS 12

static uint64_t seed = 4711;

static unsigned below(unsigned limit)
{
	return random_below(&seed, limit);
}

/* A name server that never answers: targets wait for it, and get the test's results alone. */
static int silent = -1;
static char server[32];

static void open_server(void)
{
	uint16_t port = 0;
	silent = loopback_socket(SOCK_DGRAM | SOCK_CLOEXEC, 1, &port);
	snprintf(server, sizeof(server), "127.0.0.1:%u", port);
}

/* Writes the line that watches a target. */
static const char *line_of(char out[static 128], const char *name)
{
	snprintf(out, 128, "tcp --server %s --interval 1s %s:80", server, name);
	return out;
}

/* What was added is known to the model after a turn of the loop. */
static void turn(struct ui_test *test)
{
	ui_test_loop(test);
	ui_tick(&test->ui);
}

static int open_screen(void **state)
{
	struct ui_test *test = ui_test_new(30, 120);
	ui_do(&test->ui, "panel overview");
	open_server();
	for (unsigned i = 0; i < TARGETS; i++) {
		char name[32], line[128];
		snprintf(name, sizeof(name), "n%02u.example", i);
		ui_do(&test->ui, line_of(line, name));
	}
	turn(test);
	assert_int_equal(sdr_model_count(sdr_app_model(test->app)), TARGETS);
	*state = test;
	return 0;
}

static int close_screen(void **state)
{
	(void)ui_test_teardown(state);
	close(silent);
	return 0;
}

static const struct sdr_target *find(struct ui_test *test, const char *name)
{
	const struct sdr_engine *engine = sdr_app_engine(test->app);
	for (uint32_t id = 0; id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		if (target && strncmp(target->typed, name, strlen(name)) == 0)
			return target;
	}
	return NULL;
}

/* One more result of a target, as its probe would bring it. */
static void give(struct ui_test *test, const struct sdr_target *target, bool answered)
{
	static uint64_t sequence[64];
	struct sdr_sink sink = sdr_model_sink(sdr_app_model(test->app));
	struct sdr_result result = {.sequence = ++sequence[target->id % 64],
		.sent = test->ui.now,
		.when = test->ui.wall,
		.outcome = answered ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT,
		.rtt = answered ? (sdr_ns)(1 + below(900)) * SDR_MS : SDR_NS_NONE};
	sink.on_result(sink.context, target, &result);
}

static void answer(struct ui_test *test, const char *name, unsigned good, unsigned bad)
{
	for (unsigned i = 0; i < good + bad; i++, test->ui.now += SDR_SECOND)
		give(test, find(test, name), i < good);
}

/* Some targets answer or do not, so that they change places. */
static void shake(struct ui_test *test)
{
	for (unsigned i = 0; i < 4; i++) {
		char name[32];
		bool answered = below(2);
		snprintf(name, sizeof(name), "n%02u.", below(TARGETS));
		const struct sdr_target *target = find(test, name);
		for (unsigned probe = 0; target && probe < 3; probe++)
			give(test, target, answered);
	}
}

static struct ui_table *table_of(struct ui_test *test)
{
	struct ui_slot *slot = ui_focused(&test->ui);
	return slot->panel->table(&test->ui, slot->state);
}

/* Draws, and writes which name stands on the cursor's line of the picture. */
static void draw(struct ui_test *test, char name[static 16])
{
	const char *at = ui_test_draw(test);
	const struct ui_table *table = table_of(test);
	for (int row = table->row + (int)(table->cursor - table->top); row > 0; row--)
		at += strcspn(at, "\n") + 1;
	const char *found = strchr(at, 'n');
	while (found && !(found[1] >= '0' && found[1] <= '9' && found[3] == '.'))
		found = strchr(found + 1, 'n');
	assert_non_null(found);
	snprintf(name, 16, "%.4s", found);
}

/* Whether the footer's message, the prompt or the page is about it. */
static bool is_about(struct ui_test *test, const char *name)
{
	if (ui_on_page(&test->ui)) {
		bool about = strstr(ui_about(&test->ui)->host, name);
		ui_test_keys(test, "Esc");
		return about && !ui_on_page(&test->ui);
	}
	if (ui_prompt_is_open(test->ui.prompt)) {
		bool about = strstr(ui_prompt_text(test->ui.prompt), name);
		ui_test_keys(test, "Esc");
		return about;
	}
	return strstr(test->ui.message, name);
}

/* 1,000 times all is sorted again, with what changes between a frame and a key not yet drawn. */
static void test_keys_act_on_what_was_drawn(void **state)
{
	static const char *const keys[] = {"p", "y", "e", "r", "Y", "*", "Enter"};
	struct ui_test *test = *state;
	unsigned moved = 0;
	uint32_t line = 0;
	for (unsigned round = 0; round < 1000; round++) {
		char name[16];
		test->ui.now += (sdr_ns)below(4000) * SDR_MS;
		shake(test);
		if (below(5) == 0)
			ui_test_keys(test, below(2) ? "Down" : "Up");
		if (below(40) == 0)
			ui_test_keys(test, below(2) ? "I" : ">");
		draw(test, name);
		moved += line != table_of(test)->cursor;
		line = table_of(test)->cursor;
		shake(test);
		if (below(3) == 0)
			ui_tick(&test->ui);
		test->ui.message[0] = '\0';
		test->ui.message_until = 0;
		const char *key = keys[below(7)];
		ui_test_keys(test, key);
		if (!is_about(test, name))
			fail_msg("round %u: %s was on the line, %s acted: %s", round, name, key,
				test->ui.message);
		ui_do(&test->ui, "mark --none");
	}
	assert_true(moved > 100);
}

/* A target that goes between a frame and a key takes the key with it: nothing else is acted on. */
static void test_what_is_gone_is_not_acted_on(void **state)
{
	static const char *const keys[] = {"d", "p", "r", "e", "y"};
	struct ui_test *test = *state;
	for (unsigned round = 0; round < 5; round++) {
		char name[16], after[16];
		draw(test, name);
		if (round > 0)
			ui_test_keys(test, "Down Up");
		uint32_t count = sdr_model_count(sdr_app_model(test->app));
		assert_int_equal(
			sdr_session_remove(sdr_app_session(test->app), find(test, name)->id),
			SDR_OK);
		turn(test);
		ui_test_keys(test, keys[round]);
		assert_non_null(strstr(test->ui.message, "gone"));
		assert_false(ui_prompt_is_open(test->ui.prompt));
		assert_int_equal(sdr_model_count(sdr_app_model(test->app)), count - 1);
		draw(test, after);
		assert_string_not_equal(after, name);
		test->ui.message_until = 0;
		ui_test_keys(test, "y");
		assert_true(is_about(test, after));
	}
}

/* Untouched, the cursor is at the top, on what is worst; once moved it is a target. */
static void test_cursor_that_was_never_moved(void **state)
{
	struct ui_test *test = *state;
	char name[16];
	draw(test, name);
	answer(test, "n05.", 1, 3);
	test->ui.now += 3 * SDR_SECOND;
	draw(test, name);
	assert_string_equal(name, "n05.");
	ui_test_keys(test, "Down Up");
	for (unsigned i = 0; i < 5; i++)
		give(test, find(test, "n05."), true);
	answer(test, "n06.", 1, 3);
	test->ui.now += 3 * SDR_SECOND;
	draw(test, name);
	assert_string_equal(name, "n05.");
	assert_int_not_equal(table_of(test)->cursor, 0);
}

/* For two seconds after a key nothing changes its place, and it is in the head. */
static void test_order_is_held(void **state)
{
	struct ui_test *test = *state;
	char first[16], name[16];
	ui_test_keys(test, "Down");
	draw(test, first);
	uint32_t line = table_of(test)->cursor;
	for (unsigned probe = 0; probe < 4; probe++)
		give(test, find(test, "n09."), probe < 1);
	test->ui.now += SDR_SECOND;
	assert_non_null(strstr(ui_test_draw(test), ", held "));
	draw(test, name);
	assert_string_equal(name, first);
	assert_int_equal(table_of(test)->cursor, line);
	test->ui.now += UI_HOLD;
	assert_null(strstr(ui_test_draw(test), ", held "));
	draw(test, name);
	assert_string_equal(name, first);
	assert_int_equal(table_of(test)->cursor, line + 1);
}

/* ---- undo ---- */

static void row_of(struct ui_test *test, const char *name, struct sdr_row *row)
{
	const struct sdr_target *target = find(test, name);
	const struct sdr_model *model = sdr_app_model(test->app);
	assert_non_null(target);
	sdr_model_row(model, sdr_model_position(model, target->id), row);
}

static void go_to(struct ui_test *test, const char *name)
{
	char at[16];
	ui_test_keys(test, "g");
	for (unsigned i = 0; i < TARGETS; i++) {
		draw(test, at);
		if (strcmp(at, name) == 0)
			return;
		ui_test_keys(test, "Down");
	}
	fail_msg("%s is on no line", name);
}

static void test_removed_comes_back(void **state)
{
	struct ui_test *test = *state;
	struct sdr_outage outage;
	struct sdr_row row;
	answer(test, "n03.", 20, 5);
	go_to(test, "n03.");
	row_of(test, "n03.", &row);
	assert_int_equal(row.state, SDR_STATE_DOWN);
	ui_test_keys(test, "d");
	turn(test);
	assert_non_null(strstr(test->ui.message, "removed n03.example:80 (tcp); u brings it back"));
	assert_null(find(test, "n03."));
	test->ui.now += 20 * SDR_SECOND;
	ui_test_keys(test, "u");
	turn(test);
	assert_non_null(strstr(test->ui.message, "back: n03.example"));
	row_of(test, "n03.", &row);
	assert_int_equal(row.received, 20);
	assert_int_equal(row.lost, 5);
	assert_int_equal(row.transmitted, 25);
	assert_int_equal(row.in_flight, 0);
	assert_int_equal(row.state, SDR_STATE_DOWN);
	uint32_t position = sdr_model_position(sdr_app_model(test->app), row.target->id);
	assert_int_equal(
		sdr_model_outages(sdr_app_model(test->app), position, test->ui.now, &outage, 1), 1);
	answer(test, "n03.", 3, 0);
	row_of(test, "n03.", &row);
	assert_int_equal(row.received, 23);
	assert_int_equal(row.state, SDR_STATE_UP);
	char *line = sdr_target_line(row.target, true), wanted[128];
	assert_string_equal(line, line_of(wanted, "n03.example"));
	free(line);
	ui_test_keys(test, "u");
	turn(test);
	assert_non_null(strstr(test->ui.message, "nothing to bring back"));
}

static void test_reset_comes_back(void **state)
{
	struct ui_test *test = *state;
	struct sdr_row row;
	answer(test, "n04.", 10, 2);
	answer(test, "n05.", 7, 0);
	go_to(test, "n04.");
	ui_test_keys(test, "r");
	row_of(test, "n04.", &row);
	assert_int_equal(row.received + row.lost, 0);
	answer(test, "n04.", 2, 0);
	ui_do(&test->ui, "reset --all");
	row_of(test, "n05.", &row);
	assert_int_equal(row.received, 0);
	ui_test_keys(test, "u");
	turn(test);
	row_of(test, "n05.", &row);
	assert_int_equal(row.received, 7);
	row_of(test, "n04.", &row);
	assert_int_equal(row.received, 2);
	ui_test_keys(test, "u");
	turn(test);
	row_of(test, "n04.", &row);
	assert_int_equal(row.received, 10);
	assert_int_equal(row.lost, 2);
	assert_int_equal(row.in_flight, 0);
}

static void test_replaced_comes_back(void **state)
{
	struct ui_test *test = *state;
	struct sdr_row row;
	char line[256], with[128];
	answer(test, "n07.", 9, 0);
	snprintf(line, sizeof(line), "replace n07.example:80 %s", line_of(with, "other.example"));
	ui_do(&test->ui, line);
	turn(test);
	assert_null(find(test, "n07."));
	assert_non_null(find(test, "other."));
	ui_test_keys(test, "u");
	turn(test);
	assert_null(find(test, "other."));
	row_of(test, "n07.", &row);
	assert_int_equal(row.received, 9);
	assert_int_equal(sdr_model_count(sdr_app_model(test->app)), TARGETS);
}

/* Of two targets of one name that one is replaced whose line it was; the prompt shows no number. */
static void test_edit_means_its_own_line(void **state)
{
	struct ui_test *test = *state;
	char line[256], with[128];
	ui_do(&test->ui, line_of(line, "n08.example"));
	turn(test);
	uint32_t first = find(test, "n08.")->id;
	snprintf(line, sizeof(line), "replace n08.example:80 %s", line_of(with, "other.example"));
	ui_do(&test->ui, line);
	assert_non_null(strstr(test->ui.message, "2 targets are called n08.example:80"));
	test->ui.now += 2 * SDR_SECOND;
	go_to(test, "n08.");
	struct ui_subject subject;
	assert_true(ui_subject(&test->ui, &subject));
	ui_test_keys(test, "e");
	assert_memory_equal(
		ui_prompt_text(test->ui.prompt), "replace n08.example:80 tcp --server ", 36);
	ui_test_text(test, "80");
	ui_test_keys(test, "Enter");
	turn(test);
	assert_null(sdr_engine_find(sdr_app_engine(test->app), subject.id));
	assert_non_null(find(test, "n08.example:8080"));
	assert_int_equal(find(test, "n08.example:80")->id == first, subject.id != first);
	ui_do(&test->ui, "replace nobody tcp 127.0.0.1:1");
	assert_non_null(strstr(test->ui.message, "no target \"nobody\""));
}

/* For a minute, and the latest first. */
static void test_a_minute_and_no_longer(void **state)
{
	struct ui_test *test = *state;
	go_to(test, "n01.");
	ui_test_keys(test, "d");
	turn(test);
	test->ui.now += UI_UNDO_FOR / 2;
	go_to(test, "n02.");
	ui_test_keys(test, "d");
	turn(test);
	test->ui.now += UI_UNDO_FOR / 2;
	ui_test_keys(test, "u");
	turn(test);
	assert_non_null(find(test, "n02."));
	ui_test_keys(test, "u");
	turn(test);
	assert_non_null(strstr(test->ui.message, "nothing to bring back"));
	assert_null(find(test, "n01."));
	test->ui.now += 2 * SDR_SECOND;
	ui_test_draw(test);
	for (unsigned i = 0; i < 2 * UI_UNDO_STEPS; i++)
		ui_test_keys(test, "r");
	for (unsigned i = 0; i < UI_UNDO_STEPS - 1; i++) {
		ui_test_keys(test, "u");
		turn(test);
		assert_non_null(strstr(test->ui.message, "back: figures"));
	}
	ui_test_keys(test, "u");
	turn(test);
	assert_non_null(strstr(test->ui.message, "nothing to bring back"));
}

/* What was paused is, with its figures, and sends nothing. */
static void test_paused_comes_back_paused(void **state)
{
	struct ui_test *test = *state;
	ui_do(&test->ui, "tcp --interval 1h 127.0.0.1:9");
	turn(test);
	const struct sdr_target *target = find(test, "127.0.0.1:9");
	struct sdr_session *session = sdr_app_session(test->app);
	assert_int_equal(sdr_session_pause(session, target->id, true), SDR_OK);
	assert_int_equal(target->phase, SDR_PHASE_PAUSED);
	ui_undo_begin(&test->ui, "it");
	ui_undo_remove(&test->ui, target);
	assert_int_equal(sdr_session_remove(session, target->id), SDR_OK);
	ui_undo_end(&test->ui, true);
	turn(test);
	assert_null(find(test, "127.0.0.1:9"));
	ui_test_keys(test, "u");
	turn(test);
	assert_int_equal(find(test, "127.0.0.1:9")->phase, SDR_PHASE_PAUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_keys_act_on_what_was_drawn, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_what_is_gone_is_not_acted_on, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_cursor_that_was_never_moved, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_order_is_held, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_removed_comes_back, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(test_reset_comes_back, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_replaced_comes_back, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_edit_means_its_own_line, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_a_minute_and_no_longer, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(
			test_paused_comes_back_paused, open_screen, close_screen)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
