/* test_lookup_sheets.c - the whole of what ip answers, item by item: see lookup_sheets.inc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/dump_sheet.h"
#include "trial.h"

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	dump_sheet(context, sdr_sheet_view(sheet));
}

/* What a line answers for a word; the caller frees. */
static char *answer(struct sdr_app *app, const char *text, const char *word)
{
	struct sdr_line *line = parse(app, text);
	const struct sdr_call *call = sdr_line_call(line);
	struct sdr_request request = {0};
	struct sdr_error error = {0};
	char *bytes = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&bytes, &length);
	assert_non_null(file);
	const struct sdr_answers answers = {.context = file, .emit = on_emit};
	assert_int_equal(sdr_request_make(call, &request, NULL), SDR_OK);
	assert_int_equal(request.kind, SDR_REQUEST_LOOKUP);
	enum sdr_exit code = request.lookup.answer(call, word, &answers, &error);
	fprintf(file, "%d", code);
	if (code != SDR_EXIT_YES)
		fprintf(file, " %s", error.text);
	assert_int_equal(fclose(file), 0);
	sdr_request_done(&request);
	sdr_line_free(line);
	return bytes;
}

static void test_whole_sheets(void **state)
{
	static const struct {
		const char *line, *word, *wanted;
	} cases[] = {
#include "lookup_sheets.inc"
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = answer(*state, cases[i].line, cases[i].word);
		assert_string_equal(text, cases[i].wanted);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_sheets),
	};
	return cmocka_run_group_tests(tests, trial_set_up, trial_tear_down);
}
