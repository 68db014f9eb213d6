/* subnet_set.c - `subnet cover`, `merge`, `exclude`, `sort`: lists of networks as sets of
 * addresses. All words are gathered first, then the answer is one list. */
#include <stdlib.h>

#include "cmd/options.h"
#include "cmd/subnet.h"

/* The collected networks, and those subtracted from them. */
struct state {
	struct sdr_space all, less;
};

static void release(void *memory)
{
	struct state *state = memory;
	sdr_space_done(&state->all);
	sdr_space_done(&state->less);
}

static enum sdr_exit gather(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct state *state = answers->state;
	struct sdr_space *space =
		call->command->lookup.words_first > 0 ? &state->less : &state->all;
	return sdr_subnet_exit(sdr_subnet_read(word, space, error), error);
}

static enum sdr_exit finish_cover(
	const struct sdr_call *call, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct state *state = answers->state;
	enum sdr_status status = SDR_OK;
	sdr_space_join(&state->all);
	if (!sdr_call_has(call, "single"))
		return sdr_subnet_exit(sdr_subnet_emit_space(answers, &state->all), error);
	for (size_t i = 0, next; status == SDR_OK && i < state->all.count; i = next) {
		struct sdr_range range = state->all.ranges[i];
		for (next = i; next < state->all.count &&
			state->all.ranges[next].first.version == range.first.version;
			next++)
			range.last = state->all.ranges[next].last;
		struct sdr_prefix holder = sdr_range_holder(&range);
		range = sdr_range_of(&holder);
		status = sdr_subnet_emit(answers, &range, NULL, NULL);
	}
	return sdr_subnet_exit(status, error);
}

static enum sdr_exit finish_exclude(
	const struct sdr_call *call, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct state *state = answers->state;
	(void)call;
	sdr_space_join(&state->all);
	sdr_space_join(&state->less);
	enum sdr_status status = sdr_space_subtract(&state->all, &state->less);
	if (status == SDR_OK)
		status = sdr_subnet_emit_space(answers, &state->all);
	enum sdr_exit exit = sdr_subnet_exit(status, error);
	return exit == SDR_EXIT_YES && state->all.count == 0 ? SDR_EXIT_NO : exit;
}

static enum sdr_exit finish_sort(
	const struct sdr_call *call, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct state *state = answers->state;
	enum sdr_status status = SDR_OK;
	bool unique = sdr_call_has(call, "unique");
	if (state->all.count > 1)
		qsort(state->all.ranges, state->all.count, sizeof(*state->all.ranges),
			sdr_subnet_by_place);
	for (size_t i = 0; status == SDR_OK && i < state->all.count; i++)
		if (!unique || i == 0 ||
			sdr_subnet_by_place(&state->all.ranges[i - 1], &state->all.ranges[i]) != 0)
			status = sdr_subnet_emit(answers, &state->all.ranges[i], NULL, NULL);
	return sdr_subnet_exit(status, error);
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct state *state = sdr_request_alloc(request, sizeof(*state));
	(void)call;
	if (!state) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	request->state = state;
	request->release = release;
	return SDR_OK;
}

static enum sdr_status make_exclude(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	enum sdr_status status = make(call, request, error);
	if (status == SDR_OK)
		status = sdr_subnet_read(
			sdr_call_word(call, 0), &((struct state *)request->state)->all, error);
	return status;
}

static const struct sdr_option cover_options[] = {
	{"single", '1', SDR_OPTION_FLAG, NULL,
		"the one smallest network that holds everything, of each version", 0, 0},
	{NULL},
};

static const struct sdr_option sort_options[] = {
	{"unique", 'u', SDR_OPTION_FLAG, NULL, "each network once", 0, 0},
	{NULL},
};

static const char *const cover_examples[] = {
	"subnet cover 10.0.0.5-10.0.1.20",
	"the fewest networks that hold just these addresses",
	"subnet cover --single 10.0.0.5 10.0.3.9",
	"the smallest network that holds both, 10.0.0.0/22",
	NULL,
};

const struct sdr_command subnet_cover = {
	.name = "subnet cover",
	.arguments = "RANGE|NET|FILE...",
	.sentence = "list the fewest networks that hold just the given addresses",
	.details =
		"A word is an address, a network, a range (10.0.0.5-10.0.1.20), several with "
		"commas between, or the name of a file with one a line; \"-\" is standard input. "
		"What follows a # is a comment.",
	.examples = cover_examples,
	.options = {sdr_options_output, cover_options},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.lookup = {.each_word = true,
		.answer = gather,
		.finish = finish_cover,
		.print = sdr_subnet_print},
	.make = make,
};

static const char *const merge_examples[] = {
	"subnet merge 10.0.0.0/25 10.0.0.128/25 10.0.0.7",
	"10.0.0.0/24",
	NULL,
};

const struct sdr_command subnet_merge = {
	.name = "subnet merge",
	.arguments = "NET|FILE...",
	.sentence = "join networks that touch or overlap into as few as can be",
	.details = "No address is added or lost. Files and standard input as for cover.",
	.examples = merge_examples,
	.options = {sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.lookup = {.each_word = true,
		.answer = gather,
		.finish = finish_cover,
		.print = sdr_subnet_print},
	.make = make,
};

static const char *const exclude_examples[] = {
	"subnet exclude 10.0.0.0/22 10.0.1.0/24",
	"10.0.0.0/24 and 10.0.2.0/23 are left",
	NULL,
};

const struct sdr_command subnet_exclude = {
	.name = "subnet exclude",
	.arguments = "NET|FILE LESS...",
	.sentence = "list what is left of networks once others are taken away",
	.details = "The first word is what is there, the others are taken away; "
		   "each as for cover, \"-\" only among the others. "
		   "Exits with 1 if nothing is left.",
	.examples = exclude_examples,
	.options = {sdr_options_output},
	.words_min = 2,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.lookup = {.each_word = true,
		.words_first = 1,
		.answer = gather,
		.finish = finish_exclude,
		.print = sdr_subnet_print},
	.make = make_exclude,
};

static const char *const sort_examples[] = {
	"subnet sort -u nets",
	"a file's networks in the order of their addresses, each once",
	NULL,
};

const struct sdr_command subnet_sort = {
	.name = "subnet sort",
	.arguments = "NET|FILE...",
	.sentence = "sort networks by address, the wider first, IPv4 before IPv6",
	.details = "Host bits are cut off, and an address alone is written as a /32 or /128. "
		   "Files and standard input as for cover.",
	.examples = sort_examples,
	.options = {sdr_options_output, sort_options},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_FILE,
	.lookup = {.each_word = true,
		.answer = gather,
		.finish = finish_sort,
		.print = sdr_subnet_print},
	.make = make,
};
