/* The model beyond figures (tests/sim has those): rows, latest values, order, failed targets, the
 * journal, and what a target costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/set_target.h"
#include <malloc.h>
#include <math.h>
#include <stdio.h>

#include "model/bits.h"
#include "model/digest.h"
#include "model/model.h"
#include "model/state.h"

static const struct sdr_field fields[] = {
	{.name = "size", .kind = SDR_FIELD_INTEGER, .brief = true},
	{.name = "text", .kind = SDR_FIELD_TEXT, .brief = true},
};
static const struct sdr_probe_type plain = {.name = "plain"},
				   rich = {.name = "rich", .fields = fields, .field_count = 2};

static struct sdr_target target_of(uint32_t id, const struct sdr_probe_type *type, const char *name)
{
	static const struct sdr_spec specs[] = {
		{.type = &plain, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND},
		{.type = &rich, .interval = SDR_SECOND, .timeout = 2 * SDR_SECOND}};
	return (struct sdr_target){.id = id,
		.phase = SDR_PHASE_RUNNING,
		.spec = &specs[type == &rich],
		.typed = name,
		.why = "",
		.name = name};
}

static void notify(
	struct sdr_model *model, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sdr_sink sink = sdr_model_sink(model);
	sink.on_target(sink.context, target, event);
}

static void give(
	struct sdr_model *model, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_sink sink = sdr_model_sink(model);
	sink.on_result(sink.context, target, result);
}

static struct sdr_result answer(uint64_t sequence)
{
	return (struct sdr_result){.sequence = sequence,
		.sent = (sdr_ns)sequence * SDR_SECOND,
		.when = (sdr_wall)sequence * SDR_SECOND + 1,
		.rtt = SDR_MS};
}

static void test_latest_values_are_kept(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &rich, "web");
	struct sdr_row row;
	char text[] = "first";
	notify(model, &target, SDR_TARGET_ADDED);
	struct sdr_result result = answer(1);
	const struct sdr_value values[] = {
		{.present = true, .number = 7}, {.present = true, .text = text}};
	result.values = values;
	result.value_count = 2;
	result.why = text;
	struct sdr_sheet *sheet = sdr_sheet_new();
	sdr_item_text(sdr_sheet_root(sheet), "key", NULL, "value");
	result.detail = sheet;
	give(model, &target, &result);
	sdr_sheet_free(sheet);
	memset(text, '#', sizeof(text) - 1);
	sdr_model_row(model, 0, &row);
	assert_int_equal(sdr_model_value(model, 0, 0)->number, 7);
	assert_string_equal(sdr_model_value(model, 0, 1)->text, "first");
	assert_string_equal(row.why, "first");
	assert_non_null(sdr_item_find(sdr_sheet_view(row.detail), "key"));
	assert_true(row.last == SDR_MS);
	result = answer(2);
	result.outcome = SDR_OUTCOME_REFUSED;
	result.rtt = SDR_NS_NONE;
	give(model, &target, &result);
	sdr_model_row(model, 0, &row);
	assert_false(sdr_model_value(model, 0, 0)->present);
	assert_null(sdr_model_value(model, 0, 1)->text);
	assert_null(row.why);
	assert_null(row.detail);
	assert_int_equal(row.outcome, SDR_OUTCOME_REFUSED);
	assert_int_equal(row.lost, 1);
	sdr_model_free(model);
}

static void test_order_and_versions(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target targets[100];
	struct sdr_row row;
	char names[100][8];
	for (uint32_t i = 0; i < 100; i++) {
		snprintf(names[i], sizeof(names[i]), "t%u", i);
		targets[i] = target_of(99 - i, &plain, names[i]);
		notify(model, &targets[i], SDR_TARGET_ADDED);
	}
	for (uint32_t i = 0; i < 100; i += 2)
		notify(model, &targets[i], SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_count(model), 50);
	assert_int_equal(sdr_model_tally(model, SDR_STATE_UNKNOWN), 50);
	for (uint32_t i = 0; i < 50; i++) {
		sdr_model_row(model, i, &row);
		assert_ptr_equal(row.target, &targets[2 * i + 1]);
	}
	uint64_t version = sdr_model_version(model), order = sdr_model_order_version(model);
	struct sdr_result result = answer(1);
	give(model, &targets[1], &result);
	assert_true(sdr_model_version(model) > version);
	assert_true(sdr_model_order_version(model) > order);
	order = sdr_model_order_version(model);
	result = answer(2);
	give(model, &targets[1], &result);
	assert_true(sdr_model_order_version(model) == order);
	version = sdr_model_version(model);
	give(model, &targets[0], &result);
	assert_true(sdr_model_version(model) == version);
	sdr_model_free(model);
}

/* Who came, went or changed its state, found by id, by position and by version. */
static void test_positions_and_changes(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target targets[3];
	static const uint32_t ids[] = {7, 900, 2};
	for (uint32_t id = 0; id < 2000; id++)
		assert_int_equal(sdr_model_position(model, id), UINT32_MAX);
	for (uint32_t i = 0; i < 3; i++) {
		uint64_t members = sdr_model_member_version(model);
		targets[i] = target_of(ids[i], &plain, "t");
		notify(model, &targets[i], SDR_TARGET_ADDED);
		assert_true(sdr_model_member_version(model) > members);
		assert_int_equal(sdr_model_changed(model, sdr_model_order_version(model)), ids[i]);
	}
	uint64_t members = sdr_model_member_version(model);
	struct sdr_result result = answer(1);
	give(model, &targets[1], &result);
	notify(model, &targets[1], SDR_TARGET_CHANGED);
	assert_true(sdr_model_member_version(model) == members);
	notify(model, &targets[0], SDR_TARGET_REMOVED);
	assert_true(sdr_model_member_version(model) > members);
	assert_int_equal(sdr_model_changed(model, sdr_model_order_version(model)), 7);
	assert_int_equal(sdr_model_changed(model, sdr_model_order_version(model) - 1), 900);
	for (uint32_t id = 0; id < 2000; id++)
		assert_int_equal(sdr_model_position(model, id),
			id == 900         ? 0
				: id == 2 ? 1
					  : UINT32_MAX);
	assert_ptr_equal(sdr_model_target(model, 1), &targets[2]);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	for (int i = 0; i < 4096; i++) {
		assert_int_not_equal(
			sdr_model_changed(model, sdr_model_order_version(model)), UINT32_MAX);
		targets[0].id = i % 2 ? 7 : 8;
		notify(model, &targets[0], SDR_TARGET_ADDED);
		notify(model, &targets[0], SDR_TARGET_REMOVED);
	}
	uint64_t version = sdr_model_order_version(model);
	assert_int_equal(sdr_model_changed(model, version - 4095), 8);
	assert_int_equal(sdr_model_changed(model, version - 4096), UINT32_MAX);
	assert_int_equal(sdr_model_changed(model, version + 1), UINT32_MAX);
	sdr_model_free(model);
}

/* What is asked once is a question, not a monitor. */
static void test_questions_are_no_rows(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_spec once = {.type = &plain, .count = 1};
	struct sdr_target target = target_of(0, &plain, "db1");
	target.spec = &once;
	notify(model, &target, SDR_TARGET_ADDED);
	assert_int_equal(sdr_model_count(model), 0);
	struct sdr_result result = answer(1);
	give(model, &target, &result);
	notify(model, &target, SDR_TARGET_CHANGED);
	notify(model, &target, SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_event_count(model), 0);
	sdr_model_free(model);
}

/* Transmitted is received, lost, local and in flight, before and after a reset; odd results
 * are counted apart. */
static void test_counts_add_up(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db1");
	struct sdr_row row;
	notify(model, &target, SDR_TARGET_ADDED);
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 1; i <= 10; i++) {
			struct sdr_result result = answer((uint64_t)round * 12 + i);
			result.outcome = i <= 2 ? SDR_OUTCOME_TIMEOUT
				: i <= 5        ? SDR_OUTCOME_LOCAL
						: SDR_OUTCOME_OK;
			result.rtt = i <= 5 ? SDR_NS_NONE : (sdr_ns)i * SDR_MS;
			give(model, &target, &result);
		}
		target.begun = (uint64_t)round * 12 + 12;
		for (int kind = 0; kind <= SDR_RESULT_PENDING; kind++) {
			struct sdr_result odd = answer((uint64_t)round * 12 + 3);
			odd.kind = (enum sdr_result_kind)kind;
			if (kind != SDR_RESULT_ANSWER && kind != SDR_RESULT_AMENDED)
				give(model, &target, &odd);
		}
		sdr_model_row(model, 0, &row);
		assert_true(row.received == 5 && row.lost == 2 && row.local == 3 && row.sent == 7);
		uint64_t flying = 2 + 2 * (uint64_t)round; /* of both rounds */
		assert_true(row.in_flight == flying && row.transmitted == 10 + flying);
		assert_true(row.late == 1 && row.duplicates == 1 && row.corrupt == 1 &&
			row.foreign == 1);
		assert_true(row.last == 10 * SDR_MS && row.outcome == SDR_OUTCOME_OK);
		sdr_model_reset(model, round ? UINT32_MAX : 0);
		sdr_model_row(model, 0, &row);
		assert_true(row.received + row.lost + row.local + row.sent == 0);
		assert_true(row.late + row.duplicates + row.corrupt + row.foreign == 0);
		assert_true(row.transmitted == flying && row.in_flight == flying);
		assert_int_equal(row.state, SDR_STATE_UP);
	}
	sdr_model_reset(model, 0); /* nothing begun since */
	target.begun = 20;
	sdr_model_row(model, 0, &row);
	assert_true(row.transmitted == 0 && row.in_flight == 0);
	sdr_model_free(model);
}

/* D10: what could not be sent from here is no loss; a name that can't be resolved is down at
 * once. */
static void test_D10_failed_targets(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(3, &plain, "gone.example");
	struct sdr_row row;
	notify(model, &target, SDR_TARGET_ADDED);
	target.phase = SDR_PHASE_FAILED;
	target.outcome = SDR_OUTCOME_NXDOMAIN;
	target.why = "no such name";
	notify(model, &target, SDR_TARGET_CHANGED);
	sdr_model_row(model, 0, &row);
	assert_int_equal(row.state, SDR_STATE_DOWN);
	assert_int_equal(row.outcome, SDR_OUTCOME_NXDOMAIN);
	assert_string_equal(row.why, "no such name");
	assert_string_equal(sdr_model_event(model, 0)->text, "new -> DOWN: no such name");
	target.outcome = SDR_OUTCOME_LOCAL;
	target.why = "no resolver";
	notify(model, &target, SDR_TARGET_CHANGED);
	sdr_model_row(model, 0, &row);
	assert_int_equal(row.state, SDR_STATE_UNKNOWN);
	assert_int_equal(row.lost + row.sent + row.local, 0);
	assert_int_equal(sdr_model_tally(model, SDR_STATE_DOWN), 0);
	sdr_model_free(model);
}

/* Reports probes from..to, of which every `nth` is lost; 0: none. */
static void give_some(struct sdr_model *model, const struct sdr_target *target, uint64_t from,
	uint64_t to, uint64_t nth)
{
	for (; from <= to; from++) {
		struct sdr_result result = answer(from);
		if (nth > 0 && from % nth == 0) {
			result.outcome = SDR_OUTCOME_TIMEOUT;
			result.rtt = SDR_NS_NONE;
		}
		give(model, target, &result);
	}
}

static struct sdr_result loss(uint64_t sequence, enum sdr_outcome outcome, const char *why)
{
	struct sdr_result result = answer(sequence);
	result.outcome = outcome;
	result.rtt = SDR_NS_NONE;
	result.why = why;
	return result;
}

/* Feeds the results of a target's probes, in turn, and returns what is known then. */
static struct sdr_row after(struct sdr_model *model, struct sdr_target *target,
	const struct sdr_result *results, size_t n)
{
	struct sdr_row row;
	for (size_t i = 0; i < n; i++) {
		target->begun = results[i].sequence;
		give(model, target, &results[i]);
	}
	sdr_model_row(model, 0, &row);
	return row;
}

#define AFTER(model, target, ...) \
	after(model, target, (const struct sdr_result[]){__VA_ARGS__}, \
		sizeof((struct sdr_result[]){__VA_ARGS__}) / sizeof(struct sdr_result))

static const char *outage_why(struct sdr_model *model, struct sdr_outage *outage)
{
	assert_int_equal(sdr_model_outages(model, 0, SDR_MINUTE, outage, 1), 1);
	return outage->why;
}

/* DOWN's reason is that of the probes that caused it: not the first answer's that does not end it
 * yet, nor a time-out's if others are more specific. */
static void test_KC10_an_outage_has_its_own_evidence(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db1");
	struct sdr_outage outage;
	notify(model, &target, SDR_TARGET_ADDED);
	struct sdr_row row = AFTER(model, &target, answer(1), loss(2, SDR_OUTCOME_TIMEOUT, NULL),
		loss(3, SDR_OUTCOME_UNREACHABLE, "no ARP answer on ea"),
		loss(4, SDR_OUTCOME_TIMEOUT, NULL));
	assert_int_equal(row.state, SDR_STATE_DOWN);
	assert_int_equal(row.cause, SDR_OUTCOME_UNREACHABLE);
	assert_string_equal(row.cause_why, "no ARP answer on ea");
	assert_non_null(strstr(sdr_model_event(model, 0)->text, "no ARP answer on ea"));
	assert_string_equal(outage_why(model, &outage), "no ARP answer on ea");
	struct sdr_model *copy = sdr_model_freeze(model);
	row = AFTER(model, &target, answer(5)); /* one answer does not end it */
	assert_int_equal(row.state, SDR_STATE_DOWN);
	assert_int_equal(row.outcome, SDR_OUTCOME_OK);
	assert_string_equal(row.cause_why, "no ARP answer on ea");
	row = AFTER(model, &target, loss(6, SDR_OUTCOME_LOCAL, "ea is down"),
		loss(7, SDR_OUTCOME_PROHIBITED, "Packet filtered"));
	assert_string_equal(row.cause_why, "Packet filtered");
	assert_string_equal(outage_why(model, &outage), "Packet filtered");
	sdr_model_row(copy, 0, &row);
	assert_string_equal(row.cause_why, "no ARP answer on ea");
	sdr_model_thaw(copy);
	row = AFTER(model, &target, answer(8), answer(9));
	assert_int_equal(row.state, SDR_STATE_UP);
	assert_null(row.cause_why);
	/* The next outage knows nothing of the one before. */
	row = AFTER(model, &target, loss(10, SDR_OUTCOME_TIMEOUT, NULL),
		loss(11, SDR_OUTCOME_TIMEOUT, NULL), loss(12, SDR_OUTCOME_TIMEOUT, NULL));
	assert_int_equal(row.state, SDR_STATE_DOWN);
	assert_int_equal(row.cause, SDR_OUTCOME_TIMEOUT);
	assert_null(row.cause_why);
	assert_string_equal(outage_why(model, &outage), "no answer in time");
	/* It came without words, and they came later. */
	row = AFTER(model, &target, loss(13, SDR_OUTCOME_TIMEOUT, "ea has no carrier"));
	assert_string_equal(row.cause_why, "ea has no carrier");
	assert_string_equal(outage_why(model, &outage), "ea has no carrier");
	sdr_model_free(model);
}

/* An answer after an ICMP error takes its place, in counts, in windows, in minutes gone by. */
static void test_KC9_an_answer_after_an_error(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db1");
	struct sdr_figures figures;
	notify(model, &target, SDR_TARGET_ADDED);
	for (uint64_t sequence = 1; sequence <= 300; sequence++) {
		struct sdr_result error = loss(sequence, SDR_OUTCOME_UNREACHABLE, "unreachable"),
				  amended = answer(sequence - 1);
		amended.kind = SDR_RESULT_AMENDED;
		target.begun = sequence;
		give(model, &target, &error);
		if (sequence > 1)
			give(model, &target, &amended);
	}
	struct sdr_row row;
	sdr_model_row(model, 0, &row);
	assert_true(row.transmitted == 300 && row.received == 299 && row.lost == 1 &&
		row.local == 0 && row.in_flight == 0);
	for (enum sdr_window window = 0; window < SDR_WINDOW_COUNT; window++) {
		sdr_model_figures(model, 0, window, 300 * SDR_SECOND, &figures);
		assert_true(figures.lost == 1 && figures.received > 8);
	}
	assert_true(figures.received == 299);
	sdr_model_free(model);
}

static void test_journal_drops_the_oldest(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	char name[200];
	memset(name, 'a', sizeof(name));
	memcpy(name + 195, "-eu1", 5);
	for (int i = 0; i < 2000; i++)
		sdr_model_note(model, i, SDR_TONE_PLAIN, name, "number %d", i);
	assert_true(sdr_model_event_count(model) == 2000);
	assert_string_equal(sdr_model_event(model, 0)->text, "number 1999");
	assert_int_equal(strlen(sdr_model_event(model, 0)->subject), 63);
	assert_non_null(strstr(sdr_model_event(model, 0)->subject, "...aaa"));
	assert_string_equal(sdr_model_event(model, 0)->subject + 59, "-eu1");
	uint32_t kept = 0;
	while (sdr_model_event(model, kept))
		kept++;
	assert_in_range(kept, 100, 1999);
	sdr_model_free(model);
}

static size_t bytes_used(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

/* Six thousand targets at 1 s, of which those after the first 1,024 keep a minute probe by probe:
 * memory a target, malloc's own included, and none more however long it runs (H10). */
static void test_H10_memory_is_flat(void **state)
{
	(void)state;
	enum { N = 6000, LEAN = N - 1024 };
	static struct sdr_target targets[N];
	struct sdr_model *model = sdr_model_new();
	size_t before = 0;
	for (uint32_t i = 0; i < N; i++) {
		before = i == N - LEAN ? bytes_used() : before;
		targets[i] = target_of(i, &plain, "t");
		notify(model, &targets[i], SDR_TARGET_ADDED);
	}
	size_t after = bytes_used();
	print_message("memory: %zu bytes a target\n", (after - before) / LEAN);
	for (uint64_t sequence = 1; sequence <= 200; sequence++)
		for (uint32_t i = 0; i < N; i++) {
			struct sdr_result result = answer(sequence);
			result.outcome = (sequence + i) % 7 ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT;
			result.why = (sequence + i) % 7 ? NULL : "no answer";
			give(model, &targets[i], &result);
		}
	assert_true((after - before) / LEAN <= 720);
	assert_true(bytes_used() <= after + N * 32);
	for (uint32_t i = 0; i < N; i++)
		notify(model, &targets[i], SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_count(model), 0);
	sdr_model_free(model);
}

/* What was lost is known by kind, and an outage from its first lost probe to the first answer after
 * it. */
static void test_outages_and_faults(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db2"), other = target_of(1, &plain, "db3");
	struct sdr_outage outages[4];
	struct sdr_fault faults[4];
	notify(model, &target, SDR_TARGET_ADDED);
	notify(model, &other, SDR_TARGET_ADDED);
	for (uint64_t i = 1; i <= 20; i++) {
		struct sdr_result result = answer(i);
		if (i >= 5 && i < 12) {
			result.outcome = i < 11 ? SDR_OUTCOME_UNREACHABLE : SDR_OUTCOME_TIMEOUT;
			result.rtt = SDR_NS_NONE;
			result.why = i < 11 ? "host unreachable" : NULL;
		}
		give(model, &target, &result);
		result = answer(i);
		give(model, &other, &result);
	}
	assert_int_equal(sdr_model_outages(model, 0, 20 * SDR_SECOND, outages, 4), 1);
	assert_true(outages[0].from == 5 * SDR_SECOND + 1);
	assert_true(outages[0].to == 12 * SDR_SECOND + 1);
	assert_true(outages[0].lasted == 7 * SDR_SECOND);
	assert_string_equal(outages[0].why, "host unreachable");
	assert_int_equal(sdr_model_faults(model, 0, faults, 4), 2);
	assert_int_equal(faults[0].outcome, SDR_OUTCOME_TIMEOUT);
	assert_int_equal(faults[0].count, 1);
	assert_int_equal(faults[1].count, 6);
	assert_string_equal(faults[1].why, "host unreachable");
	assert_int_equal(sdr_model_outages(model, 1, 20 * SDR_SECOND, outages, 4), 0);
	assert_int_equal(sdr_model_faults(model, 1, faults, 4), 0);
	sdr_model_free(model);
}

/* Outages of several targets in turn: each lists its own, the newest first, as many as there is
 * room for; one that goes on has no end. */
static void test_outages_of_several(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target targets[2] = {target_of(0, &plain, "db1"), target_of(1, &plain, "db2")};
	struct sdr_outage outages[8];
	notify(model, &targets[0], SDR_TARGET_ADDED);
	notify(model, &targets[1], SDR_TARGET_ADDED);
	for (uint64_t i = 0; i < 75; i++) { /* 5 in turn; in the last round db2 stays down */
		for (int t = 0; t < 2; t++) {
			struct sdr_result result = i / 5 % 3 == (uint64_t)t + 1
				? loss(i + 1, SDR_OUTCOME_TIMEOUT, NULL)
				: answer(i + 1);
			give(model, &targets[t], &result);
		}
	}
	for (uint32_t t = 0; t < 2; t++) {
		assert_int_equal(sdr_model_outages(model, t, 80 * SDR_SECOND, outages, 8), 5);
		for (int i = 0; i < 5; i++) {
			sdr_wall from = (sdr_wall)((4 - i) * 15 + (int)t * 5 + 6) * SDR_SECOND + 1;
			bool goes_on = t == 1 && i == 0;
			assert_true(outages[i].from == from);
			assert_true(outages[i].to == (goes_on ? 0 : from + 5 * SDR_SECOND));
			assert_true(outages[i].lasted ==
				(goes_on ? 80 * SDR_SECOND + 1 - from : 5 * SDR_SECOND));
			assert_string_equal(outages[i].why, "no answer in time");
		}
		assert_int_equal(sdr_model_outages(model, t, 80 * SDR_SECOND, outages, 2), 2);
		assert_int_equal(sdr_model_outages(model, t, 80 * SDR_SECOND, outages, 0), 0);
	}
	sdr_model_free(model);
}

/* A pause is a gap in the series; what was under way as it began keeps its place before it. */
static void test_a_pause_is_a_gap(void **state)
{
	(void)state;
	enum { N = 40 };
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db1");
	struct sdr_clocks clocks = {.now = 11 * SDR_SECOND, .boot = 11 * SDR_SECOND, .wall = 1};
	sdr_ns samples[N];
	notify(model, &target, SDR_TARGET_ADDED);
	give_some(model, &target, 1, 9, 0);
	sdr_model_advance(model, &clocks);
	target.phase = SDR_PHASE_PAUSED;
	notify(model, &target, SDR_TARGET_CHANGED);
	clocks = (struct sdr_clocks){31 * SDR_SECOND, 31 * SDR_SECOND, 1};
	sdr_model_advance(model, &clocks);
	target.phase = SDR_PHASE_RUNNING;
	notify(model, &target, SDR_TARGET_CHANGED);
	give_some(model, &target, 10, 10, 1); /* lost */
	struct sdr_result later = answer(11);
	later.sent = 31 * SDR_SECOND;
	give(model, &target, &later);
	assert_int_equal(sdr_model_series(model, 0, samples, N), 31); /* the gap, too */
	for (int i = 0; i < N; i++) {
		int number = i - (N - 31); /* 0 is the first probe, 30 the last */
		if (number < 0 || (number >= 10 && number < 30))
			assert_true(samples[i] == SDR_SAMPLE_GAP);
		else if (number == 9)
			assert_true(samples[i] == SDR_SAMPLE_LOST);
		else
			assert_true(samples[i] > 0);
	}
	sdr_model_free(model);
}

/* The first minute is one, too. */
static void test_the_first_minute(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db1");
	struct sdr_minute minutes[4];
	notify(model, &target, SDR_TARGET_ADDED);
	give_some(model, &target, 1, 150, 0);
	sdr_model_history(model, 0, 150 * SDR_SECOND, minutes, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(minutes[i].typical != SDR_NS_NONE, i > 0);
	sdr_model_free(model);
}

/* A probe reported too late for a window counts in none, and moves none of the tenths that
 * stand. */
static void test_too_late_for_the_window(void **state)
{
	(void)state;
	struct sdr_figures figures;
	for (uint64_t late = 8; late <= 12; late++) {
		struct sdr_model *model = sdr_model_new();
		struct sdr_target target = target_of(0, &plain, "db1");
		notify(model, &target, SDR_TARGET_ADDED);
		for (uint64_t i = 1; i <= 20; i++)
			if (i != late)
				give_some(model, &target, i, i, 0);
		give_some(model, &target, late, late, 1);
		for (sdr_ns now = 20; now < 31; now++) { /* the last nine seconds, and this one */
			sdr_model_figures(model, 0, SDR_WINDOW_10S, now * SDR_SECOND, &figures);
			uint64_t first = (uint64_t)now - 9, lost = late >= first;
			assert_true(figures.lost == lost);
			assert_true(figures.sent == (first <= 20 ? 21 - first : 0));
		}
		sdr_ns guard = 42;
		assert_int_equal(sdr_model_series(model, 0, &guard, 0), 0);
		assert_true(guard == 42);
		sdr_model_free(model);
	}
}

/* The journal's words for each way from state to state. */
static void test_words_of_changes(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	const struct sdr_limits limits = {.losses = 2, .replies = 1, .slow = 500 * SDR_MS};
	struct sdr_target target = target_of(0, &plain, "db1");
	char reason[96];
	uint64_t version = sdr_model_version(model);
	sdr_model_set_limits(model, &limits);
	assert_true(sdr_model_version(model) > version);
	notify(model, &target, SDR_TARGET_ADDED);
	(void)AFTER(model, &target, answer(1));
	assert_string_equal(sdr_model_event(model, 0)->text, "new -> up after 1 answer");
	(void)AFTER(model, &target, loss(2, SDR_OUTCOME_LOCAL, "ea is down"),
		loss(3, SDR_OUTCOME_LOCAL, "ea is down"));
	assert_string_equal(
		sdr_model_event(model, 0)->text, "up -> new after 2 local faults: ea is down");
	assert_int_equal(sdr_model_event(model, 0)->tone, SDR_TONE_WARNING);
	(void)AFTER(model, &target, loss(4, SDR_OUTCOME_TIMEOUT, NULL),
		loss(5, SDR_OUTCOME_TIMEOUT, NULL));
	assert_string_equal(sdr_model_event(model, 0)->text, "new -> DOWN after 2 lost probes");
	assert_int_equal(sdr_model_event(model, 0)->tone, SDR_TONE_BAD);
	(void)AFTER(model, &target, answer(6));
	assert_string_equal(sdr_model_event(model, 0)->text, "DOWN -> up after 2s, 1 answer");
	assert_int_equal(sdr_model_event(model, 0)->tone, SDR_TONE_OK);
	struct sdr_result slow = answer(7);
	for (; slow.sequence < 9; slow.sequence++, slow.sent += SDR_SECOND) {
		slow.rtt = 842 * SDR_MS;
		give(model, &target, &slow);
	}
	assert_string_equal(
		sdr_model_event(model, 0)->text, "up -> SLOW after 2 answers over 500ms");
	sdr_model_slow_reason(model, 0, 9 * SDR_SECOND, reason, sizeof(reason));
	assert_memory_equal(reason, "p95 84", 6); /* right to 0.3 % */
	assert_string_equal(reason + 7, " ms over 1 min (limit 500ms)");
	(void)AFTER(model, &target, answer(9));
	assert_memory_equal(sdr_model_event(model, 0)->text, "SLOW -> up after ", 17);
	target.phase = SDR_PHASE_PAUSED;
	notify(model, &target, SDR_TARGET_CHANGED);
	assert_string_equal(sdr_model_event(model, 0)->text, "up -> paused");
	assert_int_equal(sdr_model_event(model, 0)->tone, SDR_TONE_DIM);
	assert_int_equal(sdr_model_tally(model, SDR_STATE_PAUSED), 1);
	assert_int_equal(sdr_model_tally(model, SDR_STATE_UP), 0);
	assert_true(sdr_model_event(model, 0)->when == 9 * SDR_SECOND + 1 + SDR_MS);
	sdr_model_free(model);
}

/* A family without an answer is reported once, and again after one that had it. */
static void test_a_missing_family_is_reported_once(void **state)
{
	static const struct {
		const char *missing;
		uint64_t events;
	} steps[] = {{NULL, 0}, {"no IPv6 address", 1}, {"no IPv6 address", 1}, {NULL, 1},
		{"no IPv6 address", 2}};
	(void)state;
	struct sdr_model *model = sdr_model_new();
	const struct sdr_spec spec = {.type = sdr_probe_find("ping"),
		.target = "db1",
		.host = "db1",
		.interval = SDR_SECOND};
	struct sdr_target *target = sdr_target_new(&spec, NULL);
	notify(model, target, SDR_TARGET_ADDED);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		sdr_target_set_missing(target, steps[i].missing);
		notify(model, target, SDR_TARGET_CHANGED);
		assert_true(sdr_model_event_count(model) == steps[i].events);
	}
	assert_string_equal(sdr_model_event(model, 0)->text, "no IPv6 address");
	assert_string_equal(sdr_model_event(model, 0)->subject, "db1");
	notify(model, target, SDR_TARGET_REMOVED);
	assert_true(sdr_model_event_count(model) == 2);
	sdr_target_release(target);
	sdr_model_free(model);
}

/* The wall clock is known from the clocks before any result, goes with them, and a step or a sleep
 * is reported. */
static void test_clocks_that_run_apart(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db1");
	struct sdr_row row;
	struct sdr_clocks clocks = {
		.now = 5 * SDR_SECOND, .boot = 6 * SDR_SECOND, .wall = 1000 * SDR_SECOND};
	sdr_model_advance(model, &clocks);
	notify(model, &target, SDR_TARGET_ADDED);
	sdr_model_row(model, 0, &row);
	assert_true(row.since == 1000 * SDR_SECOND && row.since_mono == 5 * SDR_SECOND);
	for (int i = 0; i < 3; i++) { /* by less than a second: nothing */
		clocks.now += SDR_SECOND;
		clocks.boot += SDR_SECOND + 900 * SDR_MS;
		clocks.wall += SDR_SECOND + 900 * SDR_MS;
		sdr_model_advance(model, &clocks);
		clocks.now += SDR_SECOND;
		clocks.boot += SDR_SECOND;
		clocks.wall += SDR_SECOND - 900 * SDR_MS;
		sdr_model_advance(model, &clocks);
	}
	uint64_t before = sdr_model_event_count(model);
	clocks.now += SDR_SECOND;
	clocks.boot += SDR_SECOND + SDR_HOUR;
	clocks.wall += SDR_SECOND + SDR_HOUR;
	sdr_model_advance(model, &clocks);
	assert_true(sdr_model_event_count(model) == before + 1);
	assert_non_null(strstr(sdr_model_event(model, 0)->text, "1h00m"));
	clocks.now += SDR_SECOND;
	clocks.boot += SDR_SECOND;
	clocks.wall += SDR_SECOND - SDR_MINUTE;
	sdr_model_advance(model, &clocks);
	assert_true(sdr_model_event_count(model) == before + 2);
	assert_string_equal(sdr_model_event(model, 0)->text, "clock stepped by -1m00s");
	clocks.now += SDR_SECOND;
	clocks.boot += SDR_SECOND;
	clocks.wall += SDR_SECOND;
	sdr_model_advance(model, &clocks);
	assert_true(sdr_model_event_count(model) == before + 2);
	sdr_model_free(model);
}

/* An hour by minutes: losses and the longest round trips stay to be seen, within 5 %, after the
 * slots are gone. */
static void test_an_hour_of_minutes(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db2");
	struct sdr_minute minutes[60];
	notify(model, &target, SDR_TARGET_ADDED);
	for (uint64_t i = 0; i < 4000; i++) {
		struct sdr_result result = answer(i + 1);
		result.sent = (sdr_ns)i * SDR_SECOND;
		result.rtt = i / 60 == 30 ? 80 * SDR_MS : 2 * SDR_MS;
		if (i / 60 == 40 && i % 2) {
			result.outcome = SDR_OUTCOME_TIMEOUT;
			result.rtt = SDR_NS_NONE;
		}
		give(model, &target, &result);
	}
	sdr_model_history(model, 0, 3999 * SDR_SECOND, minutes, 60);
	for (uint32_t i = 0; i < 60; i++) {
		uint32_t minute = 66 - 59 + i;
		double wanted = minute == 30 ? 80e6 : 2e6;
		assert_true((double)minutes[i].typical > 0.95 * wanted &&
			(double)minutes[i].typical < 1.05 * wanted);
		assert_true((double)minutes[i].worst > 0.95 * wanted &&
			(double)minutes[i].worst < 1.05 * wanted);
		assert_true(minutes[i].loss == (minute == 40 ? 50.0 : 0.0));
	}
	sdr_model_free(model);
}

/* ---- minutes ---- */

static void test_bits_are_read_back(void **state)
{
	(void)state;
	static const uint32_t numbers[] = {
		0, 1, 2, 3, 6, 7, 59, 60, 227, 4095, 65535, (1u << 28) - 2};
	uint8_t bytes[64] = {0};
	struct sdr_bits bits = {.bytes = bytes, .size = sizeof(bytes) * 8};
	unsigned count = sizeof(numbers) / sizeof(*numbers), written = 0;
	while (sdr_bits_put(&bits, 3, written % 8) &&
		sdr_bits_put_any(&bits, numbers[written % count]))
		written++;
	assert_in_range(written, count, 100);
	assert_in_range(bits.at, bits.size - 60, bits.size);
	bits.at = 0;
	for (unsigned i = 0; i < written; i++) {
		assert_int_equal(sdr_bits_get(&bits, 3), i % 8);
		assert_int_equal(sdr_bits_get_any(&bits), numbers[i % count]);
	}
	memset(bytes, 0, sizeof(bytes));
	bits.at = 0;
	assert_int_equal(sdr_bits_get(&bits, 21) + sdr_bits_get_any(&bits), 0);
	bits.at = bits.size;
	assert_int_equal(sdr_bits_get_any(&bits), 0);
}

static double chance(void)
{
	static uint64_t seed = 9;
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (double)((seed >> 11) + 1) / 9007199254740993.0;
}

static double bell(void)
{
	return sqrt(-2 * log(chance())) * cos(6.283185307 * chance());
}

/* Counts of any size survive; the longest and the least are exact however much is thinned out. */
static void test_digests_keep_counts(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 3000; n = n < 200 ? n + 1 : n + 97) {
		struct sdr_counts counts = {.lost = n * 7 % 61}, found = {0};
		uint8_t digest[24], ample = n % 2 ? 24 : sdr_digest_size(64, false);
		for (; counts.received < n; counts.received++)
			counts.by[(int)(chance() * SDR_BUCKET_COUNT)]++;
		sdr_digest_write(digest, ample, &counts);
		sdr_digest_add(digest, ample, &found);
		assert_int_equal(found.lost, counts.lost);
		assert_int_equal(found.received, counts.received);
		uint32_t sum = 0;
		for (int i = 0; i < SDR_BUCKET_COUNT; i++)
			sum += found.by[i];
		assert_int_equal(sum, n);
		if (n == 0)
			continue;
		assert_int_equal(sdr_counts_ranked(&found, 0), sdr_counts_ranked(&counts, 0));
		assert_int_equal(sdr_counts_ranked(&found, 1), sdr_counts_ranked(&counts, 1));
	}
}

/* Whatever is thinned out, what stands for the rest is drawn neither way: over minutes of all sizes
 * the mean bucket stays within a 33rd of one. */
static void test_digests_are_drawn_no_way(void **state)
{
	(void)state;
	double off = 0;
	for (uint32_t n = 40; n <= 220; n++) {
		struct sdr_counts counts = {.received = n}, found = {0};
		uint8_t digest[24] = {0};
		for (uint32_t i = 0; i < n; i++)
			counts.by[i] = 1;
		sdr_digest_write(digest, sizeof(digest), &counts);
		sdr_digest_add(digest, sizeof(digest), &found);
		for (int i = 0; i < SDR_BUCKET_COUNT; i++)
			off += (double)i * ((int)found.by[i] - (int)counts.by[i]) / n;
	}
	assert_true(fabs(off / 181) < 0.03);
}

/* Who stands for a group is its middle one; of two in the middle it is now this one, now that. The
 * round trips are all of different length, so that each bucket is the place of one. */
static void test_digests_keep_the_middle_of_a_group(void **state)
{
	(void)state;
	for (uint32_t n = 1; n < SDR_BUCKET_COUNT && n <= 220; n++) {
		struct sdr_counts counts = {.received = n}, found = {0};
		uint8_t digest[24] = {0};
		uint32_t place = 0, size = 0;
		int side = 0;
		for (uint32_t i = 0; i < n; i++)
			counts.by[i] = 1;
		sdr_digest_write(digest, sizeof(digest), &counts);
		sdr_digest_add(digest, sizeof(digest), &found);
		for (uint32_t bucket = n; bucket-- > 0; place += found.by[bucket]) {
			uint32_t members = found.by[bucket];
			if (members == 0)
				continue;
			int off = 2 * (int)(n - 1 - bucket) - (2 * (int)place + (int)members - 1);
			assert_in_range(off + 1, 0, 2);
			if (members > 1 && members == size && members % 2 == 0)
				assert_int_equal(off, -side);
			size = members;
			side = off;
		}
		assert_int_equal(place, n);
	}
}

/* Round trips of several kinds, ns. */
static double constant(void)
{
	return 0.3e6;
}

static double normal(void)
{
	return 2e6 * (1 + 0.1 * bell());
}

static double lognormal(void)
{
	return 10e6 * exp(bell());
}

static double seldom_slow(void)
{
	return chance() < 0.001 ? 1e9 : 1e6 * (1 + 0.05 * bell());
}

static double bimodal(void)
{
	return chance() < 0.45 ? 1e9 * (1 + 0.02 * bell()) : 1e6 * (1 + 0.02 * bell());
}

static double uniform(void)
{
	return 1e6 * (1 + 1999 * chance());
}

static double outliers(void)
{
	return chance() < 0.004 ? 3e9 : 0.3e6 * exp(0.15 * bell());
}

static const struct {
	double (*draw)(void);
	int off[3]; /* places of 600 by which p50, p95, p99 may be off */
} kinds[] = {{constant, {0, 0, 0}}, {normal, {0, 0, 0}}, {lognormal, {16, 3, 0}},
	{seldom_slow, {0, 0, 0}}, {bimodal, {0, 0, 0}}, {uniform, {12, 3, 0}},
	{outliers, {0, 0, 0}}};

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Figures of ten minutes: the longest, the least and p99 within 5 %, the others within 5 % of one
 * that is so many places off. */
static void check_ten_minutes(const struct sdr_figures *figures, double *rtts, unsigned kind)
{
	enum { N = 600 };
	static const int ranks[] = {N / 2, N / 100 * 95, N / 100 * 99};
	const sdr_ns found[] = {figures->p50, figures->p95, figures->p99};
	double sum = 0;
	for (int i = 0; i < N; i++)
		sum += rtts[i];
	qsort(rtts, N, sizeof(*rtts), by_size);
	assert_int_equal(figures->received, N);
	for (int i = 0; i < 3; i++) {
		int low = ranks[i] - 1 - kinds[kind].off[i],
		    high = ranks[i] - 1 + kinds[kind].off[i];
		assert_true((double)found[i] >= 0.95 * rtts[low] &&
			(double)found[i] <= 1.05 * rtts[high < N ? high : N - 1]);
	}
	assert_true(fabs((double)figures->min - rtts[0]) <= 0.05 * rtts[0]);
	assert_true(fabs((double)figures->max - rtts[N - 1]) <= 0.05 * rtts[N - 1]);
	assert_true(fabs((double)figures->avg - sum / N) <= 0.05 * sum / N);
}

/* Among thousands of targets, where minutes have little room. */
static void test_ten_minutes_of_many(void **state)
{
	(void)state;
	enum { MANY = 1024 };
	static struct sdr_target many[MANY], target;
	struct sdr_model *model = sdr_model_new();
	for (uint32_t i = 0; i < MANY; i++) {
		many[i] = target_of(i, &plain, "t");
		notify(model, &many[i], SDR_TARGET_ADDED);
	}
	for (unsigned run = 0; run < 20 * sizeof(kinds) / sizeof(*kinds); run++) {
		double rtts[600];
		struct sdr_figures figures;
		target = target_of(MANY, &plain, "watched");
		notify(model, &target, SDR_TARGET_ADDED);
		for (uint64_t i = 60; i < 720; i++) {
			struct sdr_result result = answer(i);
			double rtt = kinds[run / 20].draw();
			result.rtt = (sdr_ns)rtt;
			rtts[i < 120 ? 0 : i - 120] = rtt;
			give(model, &target, &result);
		}
		sdr_model_figures(model, MANY, SDR_WINDOW_10MIN, 719 * SDR_SECOND, &figures);
		check_ten_minutes(&figures, rtts, run / 20);
		notify(model, &target, SDR_TARGET_REMOVED);
	}
	sdr_model_free(model);
}

/* An hour is kept; of what was before, or before the first probe, or is yet to come, nothing is
 * known. */
static void test_minutes_that_are_not_kept(void **state)
{
	(void)state;
	enum { N = 80 };
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db2");
	struct sdr_minute minutes[N];
	notify(model, &target, SDR_TARGET_ADDED);
	for (uint64_t i = 0; i < 4000; i++) {
		struct sdr_result result = answer(i + 1);
		result.sent = (sdr_ns)i * SDR_SECOND;
		give(model, &target, &result);
	}
	for (int32_t later = 0; later < 3; later++) {
		sdr_model_history(model, 0, 3999 * SDR_SECOND + later * SDR_MINUTE, minutes, N);
		for (int32_t i = 0; i < N; i++) {
			int32_t minute = 66 + later - (N - 1 - i);
			bool kept = minute > 66 - 60 && minute <= 66;
			assert_int_equal(minutes[i].typical != SDR_NS_NONE, kept);
			assert_int_equal(isnan(minutes[i].loss), !kept);
		}
	}
	sdr_model_free(model);
}

/* Losses by minute stay as they were reported: in 60ths, and finer where they are few. */
static void test_losses_of_an_hour(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "db2");
	struct sdr_minute minutes[60];
	notify(model, &target, SDR_TARGET_ADDED);
	for (uint64_t i = 0; i < 3660; i++) {
		struct sdr_result result = answer(i + 1);
		result.sent = (sdr_ns)i * SDR_SECOND;
		if (i % 60 < i / 60) {
			result.outcome = SDR_OUTCOME_TIMEOUT;
			result.rtt = SDR_NS_NONE;
		}
		give(model, &target, &result);
	}
	sdr_model_history(model, 0, 3659 * SDR_SECOND, minutes, 60);
	for (uint32_t i = 0; i < 60; i++) {
		assert_true(fabs(minutes[i].loss - 100.0 * (i + 1) / 60) < 1e-9);
		assert_true((minutes[i].typical == SDR_NS_NONE) == (i == 59));
	}
	sdr_model_free(model);
}

/* A copy stands still while the model goes on, even where an entry moves to make room for a shorter
 * interval, which loses nothing. */
static void test_a_copy_stands_still(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(7, &rich, "web");
	struct sdr_figures before, after;
	notify(model, &target, SDR_TARGET_ADDED);
	for (uint64_t i = 1; i <= 400; i++) {
		struct sdr_result result = answer(i);
		result.why = i == 400 ? "slow" : NULL;
		give(model, &target, &result);
	}
	struct sdr_model *copy = sdr_model_freeze(model);
	struct sdr_spec brisk = *target.spec;
	brisk.interval = 20 * SDR_MS;
	target.spec = &brisk;
	notify(model, &target, SDR_TARGET_CHANGED);
	for (int window = 0; window < SDR_WINDOW_COUNT; window++) {
		sdr_model_figures(copy, 0, window, 400 * SDR_SECOND, &before);
		sdr_model_figures(model, 0, window, 400 * SDR_SECOND, &after);
		assert_int_equal(before.received,
			window == SDR_WINDOW_10S            ? 10
				: window == SDR_WINDOW_1MIN ? 59
							    : 400);
		assert_memory_equal(&before, &after, sizeof(before));
	}
	for (uint64_t i = 401; i <= 1000; i++) {
		struct sdr_result result = answer(i);
		give(model, &target, &result);
	}
	sdr_model_figures(copy, 0, SDR_WINDOW_ALL, 400 * SDR_SECOND, &after);
	assert_int_equal(after.received, 400);
	notify(model, &target, SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_count(copy), 0);
	sdr_model_thaw(copy);
	sdr_model_free(model);
}

/* ---- loss as a warning ---- */

static struct sdr_model *model_with_limit(unsigned loss)
{
	struct sdr_model *model = sdr_model_new();
	const struct sdr_limits limits = {.losses = 3, .replies = 2, .loss = loss};
	sdr_model_set_limits(model, &limits);
	return model;
}

static void test_loss_makes_slow_and_is_reported(void **state)
{
	(void)state;
	char reason[96];
	struct sdr_model *model = model_with_limit(5);
	struct sdr_target target = target_of(0, &plain, "db1");
	notify(model, &target, SDR_TARGET_ADDED);
	give_some(model, &target, 1, 19, 8); /* 2 of 19: too few are known */
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	sdr_model_slow_reason(model, 0, 19 * SDR_SECOND, reason, sizeof(reason));
	assert_string_equal(reason, "");
	reason[0] = '#'; /* no room at all */
	sdr_model_slow_reason(model, 0, 19 * SDR_SECOND, reason, 0);
	assert_int_equal(reason[0], '#');
	reason[1] = '#'; /* for the end alone */
	sdr_model_slow_reason(model, 0, 19 * SDR_SECOND, reason, 1);
	assert_true(reason[0] == '\0' && reason[1] == '#');
	give_some(model, &target, 20, 60, 8);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_SLOW);
	assert_string_equal(
		sdr_model_event(model, 0)->text, "up -> SLOW loss 10 % over 1 min (limit 5)");
	give_some(model, &target, 61, 63, 0);
	sdr_model_slow_reason(model, 0, 63 * SDR_SECOND, reason, sizeof(reason));
	assert_string_equal(reason, "loss 12 % over 1 min (limit 5)"); /* 6 of the 49 since 15 s */
	give_some(model, &target, 64, 130, 0);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	assert_non_null(strstr(sdr_model_event(model, 0)->text, "SLOW -> up loss "));
	assert_int_equal(sdr_model_event_count(model), 3);
	notify(model, &target, SDR_TARGET_REMOVED);
	sdr_model_free(model);
}

static void test_one_loss_of_few_is_no_warning(void **state)
{
	(void)state;
	struct sdr_model *model = model_with_limit(5);
	struct sdr_target target = target_of(0, &plain, "db1");
	notify(model, &target, SDR_TARGET_ADDED);
	for (uint64_t i = 1; i < 600; i += 40) { /* one in forty */
		give_some(model, &target, i, i, 1);
		give_some(model, &target, i + 1, i + 39, 0);
	}
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	assert_int_equal(sdr_model_event_count(model), 1);
	sdr_model_free(model);
}

static void test_loss_that_is_off_reports_nothing(void **state)
{
	(void)state;
	struct sdr_model *model = model_with_limit(0);
	struct sdr_target target = target_of(0, &plain, "db1");
	notify(model, &target, SDR_TARGET_ADDED);
	give_some(model, &target, 1, 100, 3);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	const struct sdr_limits on = {.losses = 3, .replies = 2, .loss = 20},
				off = {.losses = 3, .replies = 2};
	sdr_model_set_limits(model, &on);
	give_some(model, &target, 101, 101, 0);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_SLOW);
	sdr_model_set_limits(model, &off);
	give_some(model, &target, 103, 104, 0);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	assert_string_equal(sdr_model_event(model, 0)->text, "SLOW -> up after 3 answers");
	sdr_model_free(model);
}

/* Up, slow and down as the journal has them, and what a pause leaves of it. */
static void test_loss_and_the_other_states(void **state)
{
	(void)state;
	struct sdr_model *model = model_with_limit(5);
	struct sdr_target target = target_of(0, &plain, "db1");
	notify(model, &target, SDR_TARGET_ADDED);
	give_some(model, &target, 1, 41, 8);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_SLOW);
	give_some(model, &target, 42, 44, 1);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_DOWN);
	give_some(model, &target, 45, 64, 0);
	assert_int_equal(
		sdr_model_state(model, 0), SDR_STATE_UP); /* the outage does not count as recent
							     loss */
	give_some(model, &target, 65, 73, 8);             /* 64 is not, 72 is */
	give_some(model, &target, 74, 81, 4);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_SLOW);
	target.phase = SDR_PHASE_PAUSED;
	notify(model, &target, SDR_TARGET_CHANGED);
	target.phase = SDR_PHASE_RUNNING;
	notify(model, &target, SDR_TARGET_CHANGED);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_SLOW);
	give_some(model, &target, 500, 502, 0);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP);
	sdr_model_free(model);
}

/* Whenever it begins, and though a byte counts: the share is that of the probes. */
static void test_loss_share_is_true(void **state)
{
	(void)state;
	for (uint32_t begun = 0; begun < 70000; begun += 251) {
		struct sdr_health health = {0};
		for (int i = 0; i < 30; i++)
			sdr_state_share(&health, begun, i % 3 == 0);
		assert_int_equal(health.shares.known[begun % SDR_LOSS_PARTS], 30);
		assert_int_equal(health.shares.lost[begun % SDR_LOSS_PARTS], 10);
	}
	static const double chances[] = {0.006, 0.02, 0.045};
	for (unsigned n = 0; n < 3; n++) {
		struct sdr_health health = {0};
		double sum = 0;
		for (uint32_t part = 4; part < 4004; part++) {
			for (int i = 0; i < 1500; i++)
				sdr_state_share(&health, part, chance() < chances[n]);
			unsigned at = part % SDR_LOSS_PARTS;
			sum += (double)health.shares.lost[at] / health.shares.known[at];
		}
		assert_true(fabs(sum / 4000 - chances[n]) < 0.1 * chances[n]);
	}
}

/* However long a row gets, it is one. */
static void test_counts_in_a_row_have_an_end(void **state)
{
	(void)state;
	const struct sdr_limits limits = {.losses = 3, .replies = 2, .slow = SDR_MS};
	struct sdr_health health = {0};
	for (int i = 0; i < 70000; i++)
		(void)sdr_state_take(&health, &limits, SDR_EVIDENCE_GOOD, 2 * SDR_MS);
	assert_int_equal(health.good, UINT16_MAX);
	assert_int_equal(health.slow, UINT16_MAX);
	assert_int_equal(health.state, SDR_STATE_SLOW);
	for (int i = 0; i < 70000; i++)
		(void)sdr_state_take(&health, &limits, SDR_EVIDENCE_BAD, SDR_NS_NONE);
	assert_int_equal(health.bad, UINT16_MAX);
	assert_int_equal(health.state, SDR_STATE_DOWN);
	assert_int_equal(health.good + health.slow + health.fast, 0);
}

/* Members of a set: the events when they come and go, and what is not right with the whole. */
static void test_members_that_come_and_go(void **state)
{
	const struct sdr_spec spec = {.type = sdr_probe_find("ping"),
		.target = "db1",
		.host = "db1",
		.interval = SDR_SECOND};
	struct sdr_model *model = sdr_model_new();
	struct engine_target *first = set_target_new(NULL, &spec, 0, "192.0.2.1"),
			     *second = set_target_new(first, &spec, 1, "192.0.2.2");
	(void)state;
	sdr_target_find(second->public)->origin = "its name has it";
	notify(model, first->public, SDR_TARGET_ADDED);
	assert_int_equal(sdr_model_event_count(model), 0);
	notify(model, second->public, SDR_TARGET_ADDED);
	assert_string_equal(sdr_model_event(model, 0)->subject, "db1 (192.0.2.2)");
	assert_string_equal(sdr_model_event(model, 0)->text, "added: its name has it");
	sdr_set_of(first)->public.notice = "lacks some";
	notify(model, second->public, SDR_TARGET_CHANGED); /* the leader's is enough */
	assert_int_equal(sdr_model_event_count(model), 1);
	notify(model, first->public, SDR_TARGET_CHANGED);
	notify(model, first->public, SDR_TARGET_CHANGED);
	assert_string_equal(sdr_model_event(model, 0)->text, "lacks some");
	assert_int_equal(sdr_model_event_count(model), 2);
	struct sdr_model *still = sdr_model_freeze(model);
	assert_string_equal(sdr_target_role(sdr_model_target(still, 1)), "192.0.2.2");
	assert_int_equal(sdr_target_set(sdr_model_target(still, 1))->number, 1);
	first->public->why = "gone";
	notify(model, first->public, SDR_TARGET_REMOVED);
	assert_string_equal(sdr_model_event(model, 0)->subject, "db1 (192.0.2.1)");
	assert_string_equal(sdr_model_event(model, 0)->text, "removed: gone");
	assert_int_equal(sdr_model_event_count(still), 2);
	set_target_free(first);
	assert_true(sdr_target_leads(second->public));
	assert_string_equal(sdr_target_set(sdr_model_target(still, 0))->rule, "addresses");
	sdr_model_thaw(still);
	notify(model, second->public, SDR_TARGET_REMOVED); /* by the user, who knows */
	assert_int_equal(sdr_model_event_count(model), 3);
	assert_int_equal(sdr_model_count(model), 0);
	set_target_free(second);
	sdr_model_free(model);
}

/* Who came, went or changed, by the version at which it did; positions follow. */
static void test_what_changed(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target targets[3];
	for (uint32_t i = 0; i < 3; i++) {
		uint64_t member = sdr_model_member_version(model);
		targets[i] = target_of(10 + i, &plain, "t");
		notify(model, &targets[i], SDR_TARGET_ADDED);
		assert_true(sdr_model_member_version(model) > member);
		assert_int_equal(sdr_model_changed(model, sdr_model_order_version(model)), 10 + i);
		assert_ptr_equal(sdr_model_target(model, i), &targets[i]);
		assert_int_equal(sdr_model_position(model, 10 + i), i);
		assert_int_equal(sdr_model_state(model, i), SDR_STATE_UNKNOWN);
	}
	uint64_t member = sdr_model_member_version(model), order = sdr_model_order_version(model);
	struct sdr_result result = answer(1);
	give(model, &targets[2], &result);
	assert_int_equal(sdr_model_state(model, 2), SDR_STATE_UP);
	assert_true(sdr_model_member_version(model) == member);
	assert_true(sdr_model_order_version(model) == order + 1);
	assert_int_equal(sdr_model_changed(model, order + 1), 12);
	notify(model, &targets[0], SDR_TARGET_REMOVED);
	assert_int_equal(sdr_model_changed(model, order + 2), 10);
	assert_int_equal(sdr_model_position(model, 10), UINT32_MAX);
	assert_int_equal(sdr_model_position(model, 12), 1);
	for (uint64_t i = 2; i < 10000; i++) {
		result = answer(i);
		result.outcome = i / 3 % 2 ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK;
		give(model, &targets[2], &result);
	}
	assert_int_equal(sdr_model_changed(model, sdr_model_order_version(model)), 12);
	for (uint64_t i = 0; i < 5000; i++) {
		notify(model, &targets[0], SDR_TARGET_ADDED);
		notify(model, &targets[0], SDR_TARGET_REMOVED);
	}
	assert_int_equal(sdr_model_changed(model, order + 1), UINT32_MAX); /* too long ago */
	assert_int_equal(sdr_model_changed(model, sdr_model_order_version(model)), 10);
	sdr_model_free(model);
}

static void test_series_are_numbered(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	struct sdr_target target = target_of(0, &plain, "t");
	sdr_ns samples[4];
	notify(model, &target, SDR_TARGET_ADDED);
	assert_int_equal(sdr_model_series(model, 0, samples, 4), 0);
	uint64_t before = sdr_model_series_number(model, 0);
	for (uint64_t i = 1; i <= 3; i++) {
		struct sdr_result result = answer(i);
		result.outcome = i == 2 ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK;
		result.rtt = i == 2 ? SDR_NS_NONE : (sdr_ns)i * SDR_MS;
		give(model, &target, &result);
		assert_true(sdr_model_series_number(model, 0) == before + i);
	}
	assert_int_equal(sdr_model_series(model, 0, samples, 4), 3);
	assert_true(samples[0] == SDR_SAMPLE_GAP && samples[2] == SDR_SAMPLE_LOST);
	assert_true(llabs(samples[1] - SDR_MS) < SDR_MS / 100);
	assert_true(llabs(samples[3] - 3 * SDR_MS) < SDR_MS / 30);
	/* Those that are pending are kept, too: a chart is not of another time for them. */
	struct sdr_result later = answer(7);
	give(model, &target, &later);
	assert_int_equal(sdr_model_series(model, 0, samples, 4), 4);
	assert_true(samples[0] == SDR_SAMPLE_GAP && samples[2] == SDR_SAMPLE_GAP);
	sdr_model_reset(model, UINT32_MAX);
	sdr_model_series(model, 0, samples, 4);
	for (int i = 0; i < 4; i++)
		assert_true(samples[i] == SDR_SAMPLE_GAP);
	assert_int_equal(sdr_model_state(model, 0), SDR_STATE_UP); /* states stay */
	sdr_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_changed),
		cmocka_unit_test(test_series_are_numbered),
		cmocka_unit_test(test_latest_values_are_kept),
		cmocka_unit_test(test_order_and_versions),
		cmocka_unit_test(test_positions_and_changes),
		cmocka_unit_test(test_questions_are_no_rows),
		cmocka_unit_test(test_counts_add_up),
		cmocka_unit_test(test_minutes_that_are_not_kept),
		cmocka_unit_test(test_D10_failed_targets),
		cmocka_unit_test(test_KC10_an_outage_has_its_own_evidence),
		cmocka_unit_test(test_KC9_an_answer_after_an_error),
		cmocka_unit_test(test_journal_drops_the_oldest),
		cmocka_unit_test(test_outages_and_faults),
		cmocka_unit_test(test_outages_of_several),
		cmocka_unit_test(test_a_pause_is_a_gap),
		cmocka_unit_test(test_the_first_minute),
		cmocka_unit_test(test_too_late_for_the_window),
		cmocka_unit_test(test_words_of_changes),
		cmocka_unit_test(test_a_missing_family_is_reported_once),
		cmocka_unit_test(test_clocks_that_run_apart),
		cmocka_unit_test(test_an_hour_of_minutes),
		cmocka_unit_test(test_losses_of_an_hour),
		cmocka_unit_test(test_bits_are_read_back),
		cmocka_unit_test(test_digests_keep_counts),
		cmocka_unit_test(test_digests_are_drawn_no_way),
		cmocka_unit_test(test_digests_keep_the_middle_of_a_group),
		cmocka_unit_test(test_ten_minutes_of_many),
		cmocka_unit_test(test_a_copy_stands_still),
		cmocka_unit_test(test_H10_memory_is_flat),
		cmocka_unit_test(test_loss_makes_slow_and_is_reported),
		cmocka_unit_test(test_loss_share_is_true),
		cmocka_unit_test(test_one_loss_of_few_is_no_warning),
		cmocka_unit_test(test_loss_that_is_off_reports_nothing),
		cmocka_unit_test(test_loss_and_the_other_states),
		cmocka_unit_test(test_counts_in_a_row_have_an_end),
		cmocka_unit_test(test_members_that_come_and_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
