/* test_lookup_sheets.c - the whole of what ip answers, item by item: see lookup_sheets.inc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sounder/sheet.h"
#include "trial.h"

/* Items and what is in them: "key=value; "; "key?" is what JSON alone has, "key!" a section. The
 * registry's edition is left out. */
static void dump(FILE *file, const struct sdr_item *item)
{
	char value[1024] = "";
	const char *key = item->key ? item->key : "",
		   *show = item->show == SDR_SHOW_HIDDEN ? "?"
		: item->show == SDR_SHOW_SECTION         ? "!"
							 : "";
	if (strcmp(key, "registry") == 0)
		return;
	fprintf(file, "%s%s", key, show);
	if (item->kind == SDR_ITEM_OBJECT || item->kind == SDR_ITEM_LIST) {
		fputs("{", file);
		for (const struct sdr_item *one = item->first; one; one = one->next)
			dump(file, one);
		fputs("}; ", file);
		return;
	}
	sdr_item_format_value(value, sizeof(value), item);
	fprintf(file, "=%s; ", value);
}

static void on_emit(void *context, const struct sdr_sheet *sheet)
{
	dump(context, sdr_sheet_view(sheet));
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
