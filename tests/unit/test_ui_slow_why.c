/* test_ui_slow_why.c - which part of an answer took the time: of a request whose phases follow each
 * other, of a name for which servers were asked in vain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/model_feed.h"
#include "slow_why.h"

static const struct sdr_probe_type plain = {.name = "plain", .label = "icmp"};
static const struct sdr_spec spec = {.type = &plain, .target = "a", .interval = SDR_SECOND};

/* The times at which the phases of a request end, in ms; 0: it had none. */
static void assert_request(const double *ends, const char *expected)
{
	static const char *const keys[] = {"time_namelookup", "time_connect", "time_appconnect",
		"time_starttransfer", "time_total"};
	struct sdr_sheet *sheet = sdr_sheet_new();
	char text[SDR_ERROR_TEXT];
	assert_non_null(sheet);
	for (unsigned i = 0; i < 5; i++)
		sdr_item_duration(sdr_sheet_root(sheet), keys[i], NULL,
			ends[i] > 0 ? (sdr_ns)(ends[i] * 1e6) : SDR_NS_NONE);
	assert_string_equal(ui_slow_part(sdr_sheet_view(sheet), text, sizeof(text)), expected);
	sdr_sheet_free(sheet);
}

static void test_requests(void **state)
{
	(void)state;
	assert_request((const double[]){5, 20, 50, 1150, 1150},
		"the server took 1.1 of 1.15 s (first byte)");
	assert_request(
		(const double[]){0, 1, 0, 360, 375}, "the server took 359 of 375 ms (first byte)");
	assert_request(
		(const double[]){900, 901, 0, 950, 960}, "the name's lookup took 900 of 960 ms");
	assert_request((const double[]){1, 700, 720, 760, 770},
		"the way to the host took 699 of 770 ms (connect)");
	assert_request(
		(const double[]){1, 20, 720, 760, 770}, "the TLS handshake took 700 of 770 ms");
	assert_request((const double[]){1, 20, 0, 120, 2000}, "the body took 1.88 of 2 s");
	assert_request((const double[]){0, 1, 0, 497, 497}, "the server took 497 ms (first byte)");
	/* No part has half of it: none is to blame. */
	assert_request((const double[]){200, 400, 600, 800, 1000}, "");
	assert_request((const double[]){0, 0, 0, 0, 0}, "");
}

static void assert_question(
	double query, double waited, const char *server, const char *failed, const char *expected)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	char text[SDR_ERROR_TEXT];
	assert_non_null(sheet);
	struct sdr_item *root = sdr_sheet_root(sheet);
	sdr_item_duration(root, "query_seconds", NULL, (sdr_ns)(query * 1e6));
	sdr_item_duration(root, "waited_seconds", NULL, (sdr_ns)(waited * 1e6));
	sdr_item_text(root, "server", NULL, server);
	sdr_item_text(root, "failed", NULL, failed);
	assert_string_equal(ui_slow_part(sdr_sheet_view(sheet), text, sizeof(text)), expected);
	sdr_sheet_free(sheet);
}

static void test_questions(void **state)
{
	(void)state;
	assert_question(800, 0, "10.0.0.53:53", NULL, "server 10.0.0.53:53 took 800 ms");
	assert_question(10, 2000, "10.0.0.54:53", "10.0.0.53: no answer",
		"other servers took 2.01 s: 10.0.0.53: no answer");
	assert_question(10, 2000, "10.0.0.54:53", NULL, "other servers took 2.01 s");
	assert_question(800, 0, NULL, NULL, "");
}

/* Only who is SLOW by its answers' time gets a part; losses are no answer's. */
static void test_states(void **state)
{
	(void)state;
	struct sdr_model *model = sdr_model_new();
	const struct sdr_limits limits = {.losses = 3, .replies = 2, .slow = 100 * SDR_MS};
	struct sdr_target target = feed_target(&spec, 0, "a");
	struct sdr_sheet *sheet = sdr_sheet_new();
	char text[SDR_ERROR_TEXT];
	sdr_model_set_limits(model, &limits);
	sdr_item_duration(sdr_sheet_root(sheet), "time_starttransfer", NULL, 190 * SDR_MS);
	sdr_item_duration(sdr_sheet_root(sheet), "time_total", NULL, 200 * SDR_MS);
	feed_event(model, &target, SDR_TARGET_ADDED);
	feed_probe(model, &target, 1, SDR_MS);
	assert_string_equal(ui_slow_why(model, 0, 2 * SDR_SECOND, text, sizeof(text)), "");
	for (int second = 2; second < 10; second++) {
		struct sdr_sink sink = sdr_model_sink(model);
		const struct sdr_result result = {.sequence = (uint64_t)second + 1,
			.sent = second * SDR_SECOND,
			.when = second * SDR_SECOND,
			.outcome = SDR_OUTCOME_OK,
			.rtt = 200 * SDR_MS,
			.detail = sheet};
		sink.on_result(sink.context, &target, &result);
	}
	assert_string_equal(ui_slow_why(model, 0, 10 * SDR_SECOND, text, sizeof(text)),
		"p95 200 ms over 1 min (limit 100ms); the server took 190 of 200 ms (first byte)");
	/* Losses are no part of an answer. */
	struct sdr_model *lossy = sdr_model_new();
	const struct sdr_limits by_loss = {.losses = 100, .replies = 2, .loss = 5};
	sdr_model_set_limits(lossy, &by_loss);
	feed_event(lossy, &target, SDR_TARGET_ADDED);
	for (int second = 1; second < 40; second++)
		feed_probe(lossy, &target, second, second % 3 ? SDR_MS : SDR_NS_NONE);
	struct sdr_sink sink = sdr_model_sink(lossy);
	const struct sdr_result last = {.sequence = 41,
		.sent = 40 * SDR_SECOND,
		.when = 40 * SDR_SECOND,
		.outcome = SDR_OUTCOME_OK,
		.rtt = 200 * SDR_MS,
		.detail = sheet};
	sink.on_result(sink.context, &target, &last);
	ui_slow_why(lossy, 0, 41 * SDR_SECOND, text, sizeof(text));
	assert_non_null(strstr(text, "loss "));
	assert_null(strstr(text, "server"));
	sdr_model_free(lossy);
	sdr_model_free(model);
	sdr_sheet_free(sheet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_states),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
