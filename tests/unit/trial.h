/* trial.h - an app with two commands of the tests' own, `trial` and `tie`, and their lines. */
#ifndef SOUNDER_TESTS_TRIAL_H
#define SOUNDER_TESTS_TRIAL_H

#include "cmd/options.h"
#include "sounder/app.h"
#include "sounder/line.h"

static inline enum sdr_status trial_make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_NONE;
	return SDR_OK;
}

static const struct sdr_option trial_options[] = {
	{"alpha", 'a', SDR_OPTION_FLAG, NULL, "a flag", 0, 0},
	{"beta", 'b', SDR_OPTION_FLAG, NULL, "another", 0, 0},
	{"size", 's', SDR_OPTION_INTEGER, "N", "a number", 0, 65507},
	{"pause", 'p', SDR_OPTION_DURATION, "TIME", "a duration", 10 * SDR_MS, SDR_HOUR},
	{"note", 'n', SDR_OPTION_TEXT, "TEXT", "a text", 0, 0},
	{"mark", 0, SDR_OPTION_TEXT, "TEXT", "a text, several times", 0, 0, .repeats = true},
	{"times", 0, SDR_OPTION_INTEGER, "N", "a number, several times", 0, 99, .repeats = true},
	{NULL},
};

static const struct sdr_command trial_command = {
	.name = "trial",
	.aliases = {"tr1"},
	.arguments = "WORD...",
	.sentence = "a command of this test",
	.options = {trial_options, sdr_options_names},
	.words_min = 1,
	.words_max = 3,
	.where = SDR_WHERE_SHELL | SDR_WHERE_CONFIG,
	.make = trial_make,
};

static const struct sdr_command tie_command = {
	.name = "tie",
	.arguments = "KEY LINE",
	.sentence = "takes the rest as one word",
	.words_min = 2,
	.words_max = 2,
	.raw_words = true,
	.where = SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_THEME,
	.make = trial_make,
};

static const struct sdr_command *const trial_commands[] = {&trial_command, &tie_command, NULL};

static inline int trial_set_up(void **state)
{
	static const struct sdr_privilege privilege = {.icmp4 = -1, .icmp6 = -1};
	struct sdr_app *app = sdr_app_new(&privilege, sdr_commands);
	sdr_app_register(app, trial_commands);
	*state = app;
	return sdr_app_open(app, SDR_PART_REGISTRY, NULL) == SDR_OK ? 0 : -1;
}

static inline int trial_tear_down(void **state)
{
	sdr_app_free(*state);
	return 0;
}

static inline struct sdr_line *parse(struct sdr_app *app, const char *text)
{
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	if (sdr_line_parse(app, text, &line, &error) != SDR_OK)
		fail_msg("%s: %s", text, error.text);
	return line;
}

#endif
