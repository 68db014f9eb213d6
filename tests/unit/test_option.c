/* test_option.c - options by a table: from what was typed into the struct of a probe type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "cmd/probe_options.h"
#include "sounder/call.h"
#include "sounder/probe.h"

/* One option of each kind, and one that repeats. */
struct kinds {
	bool flag;
	const char *text;
	const char *const *list;
	int64_t number;
	sdr_ns time;
};

static const struct sdr_option options[] = {
	{"flag", 0, SDR_OPTION_FLAG, .place = SDR_PLACE(struct kinds, flag)},
	{"text", 0, SDR_OPTION_TEXT, .place = SDR_PLACE(struct kinds, text)},
	{"list", 0, SDR_OPTION_TEXT, .place = SDR_PLACE(struct kinds, list), .repeats = true},
	{"number", 0, SDR_OPTION_INTEGER, .place = SDR_PLACE(struct kinds, number), .otherwise = 7},
	{"time", 0, SDR_OPTION_DURATION, .place = SDR_PLACE(struct kinds, time),
		.otherwise = SDR_SECOND},
	{NULL},
};
static const struct sdr_probe_type type = {
	.name = "kinds", .options = options, .options_size = sizeof(struct kinds)};

static const struct kinds *taken(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_spec *spec)
{
	*request = (struct sdr_request){.arena = sdr_arena_new()};
	*spec = (struct sdr_spec){.type = &type};
	assert_int_equal(sdr_probe_options(call, request, spec, NULL), SDR_OK);
	return spec->options;
}

static void test_what_was_given(void **state)
{
	const struct sdr_arg args[] = {{&options[0], NULL, 0}, {NULL, "word", 0},
		{&options[1], "a", 0}, {&options[2], "b", 0}, {&options[2], "c", 0},
		{&options[3], "9", 9}, {&options[4], "2s", 2 * SDR_SECOND}};
	const struct sdr_call call = {.args = args, .count = 7};
	struct sdr_request request;
	struct sdr_spec spec;
	const struct kinds *kinds = taken(&call, &request, &spec);
	(void)state;
	assert_true(kinds->flag);
	assert_string_equal(kinds->text, "a");
	assert_string_equal(kinds->list[0], "b");
	assert_string_equal(kinds->list[1], "c");
	assert_null(kinds->list[2]);
	assert_int_equal(kinds->number, 9);
	assert_int_equal(kinds->time, 2 * SDR_SECOND);
	sdr_request_done(&request);
}

/* A command may have an option of the same name that takes more: the type's bounds hold. */
static void test_bounds_of_the_type(void **state)
{
	static const struct sdr_option narrow[] = {
		{"number", 0, SDR_OPTION_INTEGER, "N", "n", 1, 9,
			.place = SDR_PLACE(struct kinds, number), .otherwise = 7},
		{NULL},
	};
	static const struct sdr_probe_type bounded = {
		.name = "bounded", .options = narrow, .options_size = sizeof(struct kinds)};
	static const struct {
		const char *text;
		enum sdr_status status;
	} rows[] = {{"0", SDR_ERANGE}, {"1", SDR_OK}, {"9", SDR_OK}, {"10", SDR_ERANGE}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sdr_arg args[] = {{&options[3], rows[i].text, atoll(rows[i].text)}};
		const struct sdr_call call = {.args = args, .count = 1};
		struct sdr_request request = {.arena = sdr_arena_new()};
		struct sdr_spec spec = {.type = &bounded};
		struct sdr_error error = {0};
		assert_int_equal(sdr_probe_options(&call, &request, &spec, &error), rows[i].status);
		assert_int_equal(
			strstr(error.text, "1 to 9") != NULL, rows[i].status == SDR_ERANGE);
		sdr_request_done(&request);
	}
}

static void test_what_was_not(void **state)
{
	const struct sdr_call call = {0};
	struct sdr_request request;
	struct sdr_spec spec;
	const struct kinds *kinds = taken(&call, &request, &spec);
	(void)state;
	assert_false(kinds->flag);
	assert_null(kinds->text);
	assert_null(kinds->list);
	assert_int_equal(kinds->number, 7);
	assert_int_equal(kinds->time, SDR_SECOND);
	sdr_request_done(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_given),
		cmocka_unit_test(test_what_was_not),
		cmocka_unit_test(test_bounds_of_the_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
