/* act_filter.c - `filter`: which rows of the panel's table are shown, as one types; `match`: from
 * one of them to the next. */
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "filter_field.h"

static enum sdr_status refuse(struct sdr_error *error)
{
	sdr_error_set(error, 0, "there is no table here to filter");
	return SDR_ENOENT;
}

/* The words of a call as one text, which is longer than a filter may be where it is cut. */
static void join_words(const struct sdr_call *call, char out[static UI_FILTER_TEXT + 1])
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < sdr_call_words(call) && used <= UI_FILTER_TEXT; i++)
		used += (size_t)snprintf(out + used, UI_FILTER_TEXT + 1 - used, "%s%s",
			i ? " " : "", sdr_call_word(call, i));
}

static enum sdr_status perform_filter(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	struct ui_table *table = ui_filter_table(ui);
	char text[UI_FILTER_TEXT + 1];
	if (!table)
		return refuse(error);
	if (!sdr_call_word(call, 0)) {
		ui_filter_field_open(ui, table);
		return SDR_OK;
	}
	join_words(call, text);
	bool again = sdr_call_has(call, "toggle") && !strcmp(ui_table_filter_text(table), text);
	return ui_table_set_filter(table, again ? "" : text, error);
}
UI_ACTION(filter)

static enum sdr_status perform_match(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui_table *table = ui_filter_table(screen);
	const char *word = sdr_call_word(call, 0);
	bool next = !strcmp(word, "next");
	if (!next && strcmp(word, "previous") != 0) {
		sdr_error_set(error, 0, "\"%s\": next or previous is right", word);
		return SDR_EINVAL;
	}
	if (!table || !table->filter) {
		sdr_error_set(error, 0, "nothing is filtered here; / filters the table");
		return SDR_ENOENT;
	}
	ui_table_step(table, next ? 1 : -1);
	return SDR_OK;
}
UI_ACTION(match)

static const struct sdr_option filter_options[] = {
	{.name = "toggle",
		.kind = SDR_OPTION_FLAG,
		.sentence = "show all again where that is the filter already"},
	{0},
};

static const struct sdr_command filter = {.name = "filter",
	.topic = UI_TOPIC_MOVING,
	.arguments = "[WORD...]",
	.sentence = "show only the rows of this table that a filter holds for; \"\": all",
	.details =
		"Words of a filter all have to hold; a \"!\" before one inverts it. A word is "
		"text that the row has (upper case counts where the word has any), or one of "
		"is:down, is:slow, is:up, is:new, is:paused, is:wrong, is:flapping, is:marked, "
		"probe:http, "
		"group:rack3 (with \"=\" for \":\" the value is meant whole), or a figure of the "
		"last minute with a limit: loss>1, last>5ms, p50>=20, p95>1s, jitter>3, sent<100. "
		"Quotes make text of any word, and of several; a value may be quoted, too.",
	.options = {filter_options},
	.words_max = -1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_OPENS_FIELD,
	.make = make_filter};
static const struct sdr_command match = {.name = "match",
	.topic = UI_TOPIC_MOVING,
	.arguments = "next|previous",
	.sentence = "go to the next row that the filter holds for, or the one before",
	.words_min = 1,
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.make = make_match};

const struct sdr_command *const ui_act_filter[] = {&filter, &match, NULL};
