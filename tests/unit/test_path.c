/* test_path.c - a path of one hop, to this host, by each protocol; members, sums, the sheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "lib/given.h"
#include "lib/own_net.h"
#include "lib/skip.h"
#include "model/model.h"
#include "probe/engine.h"
#include "sounder/line.h"
#include "sounder/path.h"

#define RUN_UNTIL(condition) \
	do { \
		sdr_ns end = sdr_clock_now() + 10 * SDR_SECOND; \
		while (!(condition) && sdr_clock_now() < end) \
			uv_run(&rig.loop, UV_RUN_ONCE); \
		assert_true(condition); \
	} while (0)

static struct {
	uv_loop_t loop;
	struct sdr_engine *engine;
	struct sdr_model *model;
	unsigned answers, hops, finished;
	enum sdr_outcome outcome;
} rig;

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	(void)context;
	rig.finished += event == SDR_TARGET_FINISHED && sdr_target_leads(target);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	(void)context;
	rig.hops += sdr_target_is_part(target);
	if (sdr_target_is_part(target))
		return;
	rig.answers++;
	rig.outcome = result->outcome;
}

static int set_up(void **state)
{
	const struct sdr_sink sink = {.on_target = on_target, .on_result = on_result};
	(void)state;
	memset(&rig, 0, sizeof(rig));
	assert_int_equal(uv_loop_init(&rig.loop), 0);
	rig.engine = sdr_engine_new(&rig.loop, NULL, NULL);
	rig.model = sdr_model_new();
	const struct sdr_sink model = sdr_model_sink(rig.model);
	assert_int_equal(sdr_engine_sink_add(rig.engine, &model), SDR_OK);
	assert_int_equal(sdr_engine_sink_add(rig.engine, &sink), SDR_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdr_engine_free(rig.engine);
	sdr_model_free(rig.model);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&rig.loop), 0);
	return 0;
}

static const struct sdr_target *follow(struct sdr_spec spec)
{
	uint32_t id = 0;
	spec.type = sdr_probe_find("path");
	spec.target = spec.host = spec.host ? spec.host : "127.0.0.1";
	spec.interval = 20 * SDR_MS;
	spec.timeout = 500 * SDR_MS;
	spec.count = 4;
	assert_int_equal(sdr_engine_add(rig.engine, &spec, &id, NULL), SDR_OK);
	RUN_UNTIL(rig.finished == 1);
	return sdr_engine_find(rig.engine, id);
}

/* One hop, four rounds, nothing lost. */
static void check(const struct sdr_target *target, const char *protocol)
{
	struct sdr_path path;
	assert_true(sdr_path_view(target, &path));
	assert_string_equal(path.protocol, protocol);
	assert_true(path.reached);
	assert_int_equal(path.count, 1);
	assert_int_equal(path.round, 4);
	assert_int_equal(path.epoch, 1);
	assert_int_equal(path.past_count, 0);
	assert_int_equal(path.hops[0].received, 4);
	assert_int_equal(path.hops[0].sent, 4);
	assert_int_equal(path.hops[0].lost, 0);
	assert_true(sdr_addr_compare(&path.hops[0].addr, &target->addr) == 0);
	assert_string_equal(path.hops[0].state, "ok");
	assert_true(path.loss == 0 && !path.placed);
	assert_int_equal(rig.answers, 4);
	assert_int_equal(rig.hops, 4);
	assert_int_equal(rig.outcome, SDR_OUTCOME_OK);
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	sdr_target_summary(target, values);
	assert_true(values[0].present && values[0].number == 1);
	struct sdr_sheet *sheet = NULL;
	assert_int_equal(sdr_target_sheet(target, &sheet), SDR_OK);
	assert_non_null(sheet);
	const struct sdr_item *hops = sdr_item_find(sdr_sheet_view(sheet), "hops");
	assert_non_null(hops->first);
	assert_null(hops->first->next);
	assert_string_equal(sdr_item_string(hops->first, "state", "-"), "ok");
	sdr_sheet_free(sheet);
}

static void test_icmp(void **state)
{
	(void)state;
	check(follow((struct sdr_spec){0}), "icmp");
}

static void test_udp(void **state)
{
	(void)state;
	check(follow((struct sdr_spec){.udp = true, .port = 33434}), "udp");
}

/* A closed port answers, too. */
static void test_tcp(void **state)
{
	(void)state;
	check(follow((struct sdr_spec){.port = 9}), "tcp");
}

static void test_six(void **state)
{
	(void)state;
	check(follow((struct sdr_spec){.host = "::1"}), "icmp");
}

/* A part is up once it answered, without a word in the journal; other targets have no path. */
static void test_in_the_model(void **state)
{
	struct sdr_path path;
	struct sdr_row row;
	(void)state;
	const struct sdr_target *target = follow((struct sdr_spec){0});
	assert_int_equal(sdr_model_count(rig.model), 2);
	sdr_model_row(rig.model, 1, &row);
	assert_string_equal(sdr_target_role(row.target), "hop 1");
	assert_int_equal(row.state, SDR_STATE_UP);
	assert_int_equal(row.received, 4);
	assert_false(sdr_path_view(row.target, &path));
	for (uint32_t i = 0; sdr_model_event(rig.model, i); i++)
		assert_null(strstr(sdr_model_event(rig.model, i)->subject, "hop"));
	const struct sdr_target *held = sdr_target_hold(target);
	assert_int_equal(sdr_engine_remove(rig.engine, target->id), SDR_OK);
	RUN_UNTIL(sdr_model_count(rig.model) == 0);
	assert_false(sdr_path_view(held, &path));
	struct sdr_sheet *sheet;
	assert_int_equal(sdr_target_sheet(held, &sheet), SDR_OK);
	assert_null(sheet);
	sdr_target_release(held);
}

static void test_what_is_refused(void **state)
{
	struct sdr_error error = {0};
	(void)state;
	const struct sdr_spec spec = {.type = sdr_probe_find("path"),
		.target = "127.0.0.1",
		.host = "127.0.0.1",
		.source = "nosuch0"};
	assert_int_equal(sdr_engine_add(rig.engine, &spec, NULL, &error), SDR_EINVAL);
	assert_non_null(strstr(error.text, "nosuch0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_icmp, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_udp, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_tcp, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_six, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_in_the_model, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_refused, set_up, tear_down),
	};
	if (!own_net_enter())
		SKIP_ALL_BECAUSE(tests, "no network namespace of its own");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
