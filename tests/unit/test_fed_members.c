/* test_fed_members.c - a type that drives a set, with a probe type made for it: members by role,
 * their results, phases and end; state and sum of a target; when it is probed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "job/watch_items.h"
#include "lib/set_target.h"
#include "model/model.h"
#include "probe/engine.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RUN_UNTIL(condition) \
	do { \
		sdr_ns end = sdr_clock_now() + 10 * SDR_SECOND; \
		while (!(condition) && sdr_clock_now() < end) \
			uv_run(&rig.loop, UV_RUN_ONCE); \
		assert_true(condition); \
	} while (0)

/* ---- a type with three members; the second goes after its leader's third probe ---- */

struct steps {
	uint64_t probes;
	char last[8];
};

static struct {
	uv_loop_t loop;
	uv_timer_t soon; /* results come from the loop */
	struct probe_env *env;
	struct sdr_engine *engine;
	const struct sdr_target *asked;
	uint64_t sequence;
	unsigned stops;
	sdr_ns wait; /* what the type asks for; 0: nothing */
} rig;

static const struct sdr_field summary_fields[] = {
	{"probes", "Probes", NULL, "how many", SDR_FIELD_INTEGER},
	{"last", "Last", NULL, "the last one", SDR_FIELD_TEXT},
	{"never", "Never", NULL, "not known", SDR_FIELD_INTEGER},
};

static void summarise(const void *state, struct sdr_value *values)
{
	const struct steps *steps = state;
	values[0] = (struct sdr_value){.present = true, .number = (int64_t)steps->probes};
	values[1] = (struct sdr_value){.present = true, .text = steps->last};
}

static void emit_member(const char *role, enum sdr_outcome outcome)
{
	struct sdr_result result = {.outcome = outcome, .sent = sdr_clock_now(), .rtt = SDR_MS};
	result.from.addr = (struct sdr_addr){
		.version = 4, .bytes = {10, 0, 0, (unsigned char)(role[0] - '0')}};
	assert_int_equal(rig.env->emit_member(rig.env, rig.asked->id, role, &result), SDR_OK);
}

static void on_soon(uv_timer_t *timer)
{
	struct sdr_result result = {.sequence = rig.sequence, .rtt = 5 * SDR_MS};
	struct steps *steps = sdr_target_state(rig.asked);
	(void)timer;
	result.sent = sdr_clock_now();
	snprintf(steps->last, sizeof(steps->last), "n%d", (int)rig.sequence);
	emit_member("1", SDR_OUTCOME_OK);
	if (rig.sequence < 3)
		emit_member("2", SDR_OUTCOME_TIMEOUT);
	else
		rig.env->remove_member(rig.env, rig.asked->id, "2", "no longer on the way");
	emit_member("3", SDR_OUTCOME_OK);
	rig.env->remove_member(rig.env, rig.asked->id, "7", "never was");
	if (rig.wait)
		rig.env->again_at(rig.env, rig.asked->id, sdr_clock_now() + rig.wait);
	rig.env->emit(rig.env, rig.asked->id, &result);
}

static enum sdr_status start(
	void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct steps *steps = sdr_target_state(target);
	(void)shared;
	(void)now;
	assert_non_null(steps);
	steps->probes++;
	rig.asked = target;
	rig.sequence = sequence;
	uv_timer_start(&rig.soon, on_soon, 1, 0);
	return SDR_OK;
}

static void stop(void *shared, const struct sdr_target *target)
{
	(void)shared;
	assert_true(sdr_target_leads(target)); /* a member has no probes to stop */
	uv_timer_stop(&rig.soon);
	rig.stops++;
}

static enum sdr_status open_type(struct probe_env *env, void **shared, struct sdr_error *error)
{
	(void)shared;
	(void)error;
	rig.env = env;
	return SDR_OK;
}

static const struct probe_type steps_type = {
	.public = {.name = "steps",
		.label = "steps",
		.members = "steps",
		.summary_fields = summary_fields,
		.summary_field_count = COUNT(summary_fields),
		.default_interval = 10 * SDR_MS,
		.default_timeout = SDR_SECOND},
	.open = open_type,
	.start = start,
	.stop = stop,
	.state_size = sizeof(struct steps),
	.summarise = summarise,
};

/* ---- what a sink sees ---- */

static struct seen {
	unsigned added, removed, finished, results, leader_results, paused;
	bool unknown; /* a result before ADDED, or after REMOVED */
	bool there[8];
	uint64_t sequence[8];
	char gone[64];
} seen;

static unsigned role_of(const struct sdr_target *target)
{
	return sdr_target_role(target) ? (unsigned)(sdr_target_role(target)[0] - '0') : 0;
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	(void)context;
	seen.added += event == SDR_TARGET_ADDED;
	seen.removed += event == SDR_TARGET_REMOVED;
	seen.finished += event == SDR_TARGET_FINISHED;
	seen.paused += event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_PAUSED;
	seen.there[role_of(target)] = event != SDR_TARGET_REMOVED;
	if (event == SDR_TARGET_REMOVED && role_of(target) == 2)
		snprintf(seen.gone, sizeof(seen.gone), "%s", target->why);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	unsigned role = role_of(target);
	(void)context;
	seen.unknown = seen.unknown || !seen.there[role];
	seen.results += role != 0;
	seen.leader_results += role == 0;
	assert_int_equal(result->sequence, seen.sequence[role] + 1);
	seen.sequence[role] = result->sequence;
}

static int set_up(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof(rig));
	memset(&seen, 0, sizeof(seen));
	assert_int_equal(uv_loop_init(&rig.loop), 0);
	uv_timer_init(&rig.loop, &rig.soon);
	rig.engine = sdr_engine_new(&rig.loop, NULL, NULL);
	const struct sdr_sink sink = {.on_target = on_target, .on_result = on_result};
	assert_int_equal(sdr_engine_sink_add(rig.engine, &sink), SDR_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdr_engine_free(rig.engine);
	uv_close((uv_handle_t *)&rig.soon, NULL);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&rig.loop), 0);
	return 0;
}

static uint32_t add(uint64_t count)
{
	const struct sdr_spec spec = {.type = &steps_type.public,
		.target = "way",
		.interval = 10 * SDR_MS,
		.count = count};
	uint32_t id = UINT32_MAX;
	assert_int_equal(sdr_engine_add(rig.engine, &spec, &id, NULL), SDR_OK);
	return id;
}

static void test_members_come_go_and_end_with_their_leader(void **state)
{
	(void)state;
	uint32_t id = add(5);
	RUN_UNTIL(seen.finished == 3);
	assert_false(seen.unknown);
	assert_int_equal(seen.added, 4);
	assert_int_equal(seen.leader_results, 5);
	assert_int_equal(seen.results, 5 + 2 + 5);
	assert_string_equal(seen.gone, "no longer on the way");
	assert_int_equal(sdr_engine_running(rig.engine), 0);
	const struct sdr_target *leader = sdr_engine_find(rig.engine, id);
	const struct sdr_set *set = sdr_target_set(leader);
	assert_true(set->fed && set->leader == id && set->count == 3);
	assert_string_equal(set->rule, "steps");
	assert_null(sdr_target_role(leader));
}

/* To callers the set is one. */
static void test_one_for_all(void **state)
{
	(void)state;
	uint32_t id = add(0), member = UINT32_MAX;
	RUN_UNTIL(seen.leader_results == 1);
	for (uint32_t i = 0; i < sdr_engine_limit(rig.engine); i++)
		member = i != id && sdr_engine_find(rig.engine, i) ? i : member;
	assert_int_equal(sdr_engine_pause(rig.engine, member, true), SDR_OK);
	RUN_UNTIL(seen.paused == seen.added);
	unsigned before = seen.leader_results;
	assert_int_equal(sdr_engine_again(rig.engine, member), SDR_OK);
	RUN_UNTIL(seen.leader_results == before + 1);
	assert_int_equal(sdr_engine_pause(rig.engine, id, false), SDR_OK);
	RUN_UNTIL(seen.leader_results == before + 3);
	assert_int_equal(sdr_engine_find(rig.engine, id)->phase, SDR_PHASE_RUNNING);
	assert_int_equal(sdr_engine_remove(rig.engine, member), SDR_OK);
	RUN_UNTIL(seen.removed == seen.added);
	assert_null(sdr_engine_find(rig.engine, id));
	assert_int_equal(rig.stops, 1);
}

static void check_sum(const struct sdr_target *target, int64_t probes)
{
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	char last[8];
	snprintf(last, sizeof(last), "n%d", (int)probes);
	sdr_target_summary(target, values);
	assert_true(values[0].present && values[0].number == probes);
	assert_string_equal(values[1].text, last);
	assert_false(values[2].present);
}

/* What was summed up outlives the state, in a copy too. */
static void test_sum_and_state(void **state)
{
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	(void)state;
	uint32_t id = add(3);
	const struct sdr_target *held = sdr_target_hold(sdr_engine_find(rig.engine, id));
	sdr_target_summary(held, values);
	assert_false(values[0].present || values[1].present); /* nothing was begun */
	RUN_UNTIL(seen.leader_results == 3);
	check_sum(held, 3);
	const struct sdr_target *copy = sdr_target_copy(held);
	assert_int_equal(sdr_engine_remove(rig.engine, id), SDR_OK);
	RUN_UNTIL(seen.removed == seen.added);
	assert_null(sdr_target_state(held)); /* nothing asks of it any more what was closed */
	check_sum(held, 3);
	check_sum(copy, 3);
	sdr_target_release(held);
	sdr_target_release(copy);
}

/* A type may ask for more time than the interval, not for less; the user's wish is not held up. */
static void test_next_time_by_the_type(void **state)
{
	(void)state;
	rig.wait = 200 * SDR_MS;
	uint32_t id = add(0);
	RUN_UNTIL(seen.leader_results == 1);
	sdr_ns begun = sdr_clock_now();
	RUN_UNTIL(seen.leader_results == 2);
	assert_true(sdr_clock_now() - begun >= 190 * SDR_MS);
	begun = sdr_clock_now();
	assert_int_equal(sdr_engine_again(rig.engine, id), SDR_OK);
	unsigned before = seen.leader_results;
	RUN_UNTIL(seen.leader_results == before + 1);
	assert_int_equal(rig.sequence, before + 1);
	rig.wait = 1;
	RUN_UNTIL(seen.leader_results == before + 2);
	begun = sdr_clock_now();
	RUN_UNTIL(seen.leader_results == before + 7);
	assert_true(sdr_clock_now() - begun >= 40 * SDR_MS);
}

/* Members have states, series and a journal like any target. */
static void test_members_in_the_model(void **state)
{
	struct sdr_model *model = sdr_model_new();
	const struct sdr_sink sink = sdr_model_sink(model);
	(void)state;
	assert_int_equal(sdr_engine_sink_add(rig.engine, &sink), SDR_OK);
	add(4);
	RUN_UNTIL(seen.finished == 3);
	assert_int_equal(sdr_model_count(model), 3);
	unsigned up = 0;
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		struct sdr_row row;
		sdr_ns samples[4];
		sdr_model_row(model, i, &row);
		up += row.state == SDR_STATE_UP;
		assert_int_equal(row.received, 4);
		assert_int_equal(sdr_model_series(model, i, samples, 4), 4);
	}
	assert_int_equal(up, 3);
	assert_non_null(strstr(sdr_model_event(model, 0)->subject, "way"));
	sdr_engine_sink_remove(rig.engine, model);
	sdr_model_free(model);
}

/* An address sanitizer's allocator would end the process where others return NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* More than there is memory for: nothing is begun, so there is nothing to stop. */
static void test_no_memory_for_a_state(void **state)
{
	static struct probe_type large;
	(void)state;
	large = steps_type;
	large.state_size = SIZE_MAX / 2;
	const struct sdr_spec spec = {.type = &large.public, .target = "way"};
	uint32_t id = UINT32_MAX;
	assert_int_equal(sdr_engine_add(rig.engine, &spec, &id, NULL), SDR_OK);
	seen.there[0] = true;
	RUN_UNTIL(seen.leader_results == 1);
	assert_null(rig.asked);
	assert_int_equal(sdr_engine_remove(rig.engine, id), SDR_OK);
	RUN_UNTIL(seen.removed == 1);
	assert_int_equal(rig.stops, 0);
}

/* A job's members wait for nothing: another target may be added as soon as the leader has begun. */
static void test_members_of_a_job(void **state)
{
	const struct sdr_spec spec = {
		.type = &steps_type.public, .target = "way", .interval = SDR_HOUR};
	struct sdr_owner owner = {.sink = {.on_target = on_target, .on_result = on_result}};
	(void)state;
	assert_int_equal(sdr_engine_add_owned(rig.engine, &spec, &owner, NULL, NULL), SDR_OK);
	assert_int_equal(owner.waiting, 1);
	RUN_UNTIL(seen.leader_results == 1);
	assert_int_equal(owner.waiting, 0);
	assert_int_equal(seen.results, 3);
	sdr_engine_release(rig.engine, &owner);
}

/* What came to a target that was asked for is listed after it, whenever its set began. */
static void test_members_of_what_was_asked_for(void **state)
{
	struct sdr_spec specs[2] = {{.type = &steps_type.public, .target = "other"},
		{.type = &steps_type.public, .target = "way"}};
	const struct sdr_watch watch = {.specs = specs, .count = 2};
	struct watch_items items;
	enum sdr_status status;
	(void)state;
	assert_int_equal(sdr_watch_items_open(&items, &watch, rig.engine), SDR_OK);
	uint32_t other = add(1);
	assert_int_equal(sdr_watch_items_place(&items, 0, other), SDR_OK);
	RUN_UNTIL(seen.leader_results == 1);
	memset(seen.sequence, 0, sizeof(seen.sequence));
	uint32_t id = add(1);
	assert_int_equal(sdr_watch_items_place(&items, 1, id), SDR_OK);
	RUN_UNTIL(seen.leader_results == 2);
	for (uint32_t i = 0; i < sdr_engine_limit(rig.engine); i++) {
		const struct sdr_target *target = sdr_engine_find(rig.engine, i);
		bool member = !sdr_target_leads(target) && sdr_target_set(target)->leader == id;
		if (member)
			assert_non_null(sdr_watch_item_add(&items, target, &status));
	}
	assert_int_equal(items.count, 5);
	assert_int_equal(items.list[0].next, 0);
	assert_int_equal(items.list[1].next, 2);
	assert_int_equal(items.list[4].next, 0);
	sdr_watch_items_close(&items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_members_come_go_and_end_with_their_leader, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_one_for_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sum_and_state, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_next_time_by_the_type, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_members_in_the_model, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_memory_for_a_state, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_members_of_a_job, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_members_of_what_was_asked_for, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
