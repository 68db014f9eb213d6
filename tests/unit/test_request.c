/* test_request.c - requests and the memory they live in: made, failed, done; and what a watch asks
 * of each target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/app.h"
#include "sounder/line.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the command of this test did, and is to do. */
struct record {
	enum sdr_status status;
	unsigned made, released;
};

static void on_release(void *state)
{
	((struct record *)state)->released++;
}

/* A call's app stands for the record: this command asks nothing else of it. */
static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct record *record = (struct record *)call->app;
	record->made++;
	request->kind = SDR_REQUEST_SERVE;
	request->serve.count = 5;
	request->state = record;
	request->release = on_release;
	for (size_t size = 0; size < 5000; size += 97) {
		char *memory = sdr_request_alloc(request, size);
		assert_non_null(memory);
		memset(memory, 'x', size);
	}
	if (record->status != SDR_OK)
		sdr_error_set(error, 2, "refused by the test");
	return record->status;
}

static const struct sdr_command command = {.name = "trial", .make = make};
static const struct sdr_option server = {"server", 0, SDR_OPTION_TEXT, "ADDR", "", 0, 0},
			       size = {"size", 's', SDR_OPTION_INTEGER, "N", "", 0, 9},
			       note = {"note", 'n', SDR_OPTION_TEXT, "TEXT", "", 0, 0};

static enum sdr_status make_with(struct record *record, const struct sdr_option *option,
	const char *text, struct sdr_request *request, struct sdr_error *error)
{
	const struct sdr_arg arg = {option, text, 0};
	const struct sdr_call call = {&command, (struct sdr_app *)record, &arg, option ? 1 : 0};
	return sdr_request_make(&call, request, error);
}

static void test_made_and_done(void **state)
{
	struct record record = {0};
	struct sdr_request request = {0};
	(void)state;
	assert_int_equal(make_with(&record, NULL, NULL, &request, NULL), SDR_OK);
	assert_int_equal(request.kind, SDR_REQUEST_SERVE);
	assert_int_equal(request.serve.count, 5);
	assert_string_equal(sdr_request_text(&request, "%s-%05d", "text", 42), "text-00042");
	char *text = sdr_request_text(&request, "%*s|", 10000, "");
	assert_int_equal(strlen(text), 10001);
	assert_int_equal(record.released, 0);
	sdr_request_done(&request);
	assert_int_equal(record.released, 1);
	sdr_request_done(&request); /* it is nothing now */
	assert_int_equal(record.released, 1);
	assert_int_equal(request.kind, SDR_REQUEST_NONE);
}

/* A failure leaves the caller's request as it was, and gives back what the command took. */
static void test_failed(void **state)
{
	struct record record = {.status = SDR_ERANGE};
	struct sdr_request request, before;
	struct sdr_error error = {0};
	(void)state;
	memset(&request, 0x5a, sizeof(request));
	before = request;
	assert_int_equal(make_with(&record, NULL, NULL, &request, &error), SDR_ERANGE);
	assert_string_equal(error.text, "refused by the test");
	assert_int_equal(error.offset, 2);
	assert_int_equal(record.released, 1);
	assert_memory_equal(&request, &before, sizeof(request));
}

/* Refused before the command sees them. */
static void test_what_no_command_gets(void **state)
{
	static const struct {
		const struct sdr_option *option;
		const char *text;
		enum sdr_status status;
		const char *message;
	} cases[] = {
		{&server, "127.0.0.1", SDR_OK, ""},
		{&server, "127.0.0.1:5353", SDR_OK, ""},
		{&server, "[::1]:53", SDR_OK, ""},
		{&server, "127.0.0.1:99999", SDR_ERANGE, "99999"},
		{&server, "a.name", SDR_EINVAL, "a.name"},
		{&server, "", SDR_EINVAL, ""},
		{&size, "%port", SDR_EINVAL, "--size %port"},
		{&note, "%port", SDR_OK, ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record record = {0};
		struct sdr_request request = {0};
		struct sdr_error error = {0};
		assert_int_equal(
			make_with(&record, cases[i].option, cases[i].text, &request, &error),
			cases[i].status);
		assert_int_equal(record.made, cases[i].status == SDR_OK);
		if (!strstr(error.text, cases[i].message))
			fail_msg("%zu: %s", i, error.text);
		sdr_request_done(&request);
	}
}

static void test_specs_of_a_watch(void **state)
{
	static const char *const names[] = {"db1", "db2"};
	struct sdr_spec specs[] = {{.target = "one", .host = "h1", .port = 1, .line = "tcp one"},
		{.target = "two", .host = "h2", .port = 2, .line = "tcp two"}};
	struct sdr_watch watch = {.specs = specs, .count = 2};
	struct sdr_spec spec;
	(void)state;
	sdr_watch_spec(&watch, 1, &spec);
	assert_memory_equal(&spec, &specs[1], sizeof(spec));
	watch.names = names;
	watch.options = "ping -c 3";
	for (size_t i = 0; i < 2; i++) {
		sdr_watch_spec(&watch, i, &spec);
		assert_string_equal(spec.target, names[i]);
		assert_string_equal(spec.host, names[i]);
		assert_int_equal(spec.port, 1); /* the one that stands for all */
		assert_string_equal(spec.line, "ping -c 3");
		assert_true(spec.line_open);
	}
}

static void test_lines_of_targets(void **state)
{
	static const struct {
		const char *line, *typed;
		bool open;
		const char *wanted;
	} cases[] = {
		{"tcp db1:80", "db1:80", false, "tcp db1:80"},
		{"ping -c 3", "db1", true, "ping -c 3 db1"},
		{"ping", "a b'c", true, NULL}, /* as sdr_word_quote has it */
		{NULL, "db1", true, ""},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sdr_spec spec = {.line = cases[i].line, .line_open = cases[i].open};
		const struct sdr_target target = {.spec = &spec, .typed = cases[i].typed};
		char wanted[64] = "ping ", *line = sdr_target_line(&target, true);
		if (!cases[i].wanted)
			sdr_word_quote(wanted + 5, sizeof(wanted) - 5, cases[i].typed);
		assert_string_equal(line ? line : "", cases[i].wanted ? cases[i].wanted : wanted);
		free(line);
	}
	const struct sdr_spec labelled = {
		.line = "ping -c 3", .line_open = true, .group = "rack 3"};
	const struct sdr_target target = {.spec = &labelled, .typed = "db1"};
	for (int group = 0; group < 2; group++) {
		char wanted[64] = "ping", *line = sdr_target_line(&target, group);
		if (group) {
			strcat(wanted, " --group ");
			sdr_word_quote(wanted + strlen(wanted), 32, "rack 3");
		}
		strcat(wanted, " -c 3 db1");
		assert_string_equal(line, wanted);
		free(line);
	}
}

/* Whatever command makes it: the label is the spec's and not in its line; a bad one is refused
 * before anything is made. */
static void test_labels(void **state)
{
	static const char *const lines[][2] = {{"ping --group", "db1"},
		{"tcp --group", "db1:80 db2:80"}, {"dns db1 --group", ""},
		{"head http://db1/ --group", ""}, {"get --group", "http://db1/"},
		{"echo --group", "db1"}, {"daytime db1 --group", ""}};
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
	(void)state;
	assert_non_null(app);
	for (size_t i = 0; i < COUNT(lines); i++)
		for (int bad = 0; bad < 2; bad++) {
			char text[128];
			struct sdr_line *line;
			struct sdr_request request = {0};
			struct sdr_error error = {0};
			snprintf(text, sizeof(text), "%s %s %s", lines[i][0],
				bad ? "' x'" : "rack3", lines[i][1]);
			assert_int_equal(sdr_line_parse(app, text, &line, &error), SDR_OK);
			enum sdr_status status =
				sdr_request_make(sdr_line_call(line), &request, &error);
			assert_int_equal(status, bad ? SDR_EINVAL : SDR_OK);
			if (bad)
				assert_non_null(strstr(error.text, "\" x\""));
			for (size_t at = 0; !bad && at < request.watch.count; at++) {
				struct sdr_spec spec;
				sdr_watch_spec(&request.watch, at, &spec);
				assert_string_equal(spec.group, "rack3");
				assert_null(strstr(spec.line, "rack3"));
			}
			sdr_request_done(&request);
			sdr_line_free(line);
		}
	sdr_app_free(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_and_done),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_what_no_command_gets),
		cmocka_unit_test(test_specs_of_a_watch),
		cmocka_unit_test(test_lines_of_targets),
		cmocka_unit_test(test_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
