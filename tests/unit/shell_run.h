/* shell_run.h - a line run by the shell's front, and what it prints. */
#ifndef SOUNDER_TESTS_SHELL_RUN_H
#define SOUNDER_TESTS_SHELL_RUN_H

#include <stdio.h>
#include <stdlib.h>

#include "sounder/app.h"
#include "sounder/line.h"
#include "sounder/shell.h"

struct printed {
	char *out, *err;
	enum sdr_exit exit;
};

static inline void printed_free(struct printed *printed)
{
	free(printed->out);
	free(printed->err);
}

static inline enum sdr_exit run_into(struct sdr_app *app, const char *text, FILE *out, FILE *err)
{
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	struct sdr_out to_out, to_err;
	if (sdr_line_parse(app, text, &line, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	sdr_out_init(&to_out, out, SDR_COLOUR_NEVER);
	sdr_out_init(&to_err, err, SDR_COLOUR_NEVER);
	enum sdr_exit exit = sdr_shell_run(app, sdr_line_call(line), &to_out, &to_err);
	sdr_line_free(line);
	return exit;
}

static inline struct printed run(struct sdr_app *app, const char *text)
{
	struct printed printed = {0};
	size_t sizes[2];
	FILE *out = open_memstream(&printed.out, &sizes[0]),
	     *err = open_memstream(&printed.err, &sizes[1]);
	assert_true(out && err);
	printed.exit = run_into(app, text, out, err);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fclose(err), 0);
	return printed;
}

#endif
