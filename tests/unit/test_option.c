/* test_option.c - options by a table: from what was typed into the struct of a probe type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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
	assert_int_equal(sdr_probe_options(call, request, spec), SDR_OK);
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
