/* set.c - `set NAME VALUE` changes a setting, `set NAME` and `set` show what is set. */
#include "cmd/options.h"
#include "sounder/app.h"
#include "sounder/line.h"

#include <stdio.h>
#include <string.h>

static void add_setting(
	struct sdr_item *parent, const struct sdr_settings *settings, enum sdr_setting_id id)
{
	const struct sdr_setting *setting = sdr_setting_at(id);
	sdr_item_text(parent, "name", "Name", setting->name);
	sdr_item_text(parent, "value", "Value", sdr_settings_text(settings, id));
	sdr_item_text(parent, "default", "Default", setting->fallback);
	sdr_item_text(parent, "sentence", "Meaning", setting->sentence);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	const struct sdr_settings *settings = sdr_app_settings(call->app);
	const struct sdr_setting *setting;
	bool found = false;
	(void)word;
	for (unsigned i = 0; (setting = sdr_setting_at(i)); i++) {
		const char *only = sdr_call_word(call, 0);
		if (only && strcmp(only, setting->name) != 0)
			continue;
		struct sdr_sheet *sheet = sdr_sheet_new();
		if (sheet)
			add_setting(sdr_sheet_root(sheet), settings, (enum sdr_setting_id)i);
		if (!sdr_answers_emit(answers, sheet, error))
			return SDR_EXIT_FAIL;
		found = true;
	}
	if (found)
		return SDR_EXIT_YES;
	sdr_error_set(
		error, 0, "%s: no such setting; \"set\" alone lists them", sdr_call_word(call, 0));
	return SDR_EXIT_FAIL;
}

/* A line of a config file: what sets the setting to its present value. */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	char quoted[1024];
	(void)call;
	sdr_word_quote(quoted, sizeof(quoted), sdr_item_find(root, "value")->value.bytes);
	sdr_out_put(out, SDR_TONE_STRONG, "set %s %s", sdr_item_find(root, "name")->value.bytes,
		quoted);
	sdr_out_line(out, SDR_TONE_DIM, " # %s", sdr_item_find(root, "sentence")->value.bytes);
}

static enum sdr_status perform(void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	(void)screen;
	enum sdr_status status = sdr_settings_set(
		sdr_app_settings(call->app), sdr_call_word(call, 0), sdr_call_word(call, 1), error);
	if (status == SDR_OK)
		sdr_app_settle(call->app);
	return status;
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)error;
	if (sdr_call_words(call) == 2) {
		request->kind = SDR_REQUEST_ACTION;
		request->action.perform = perform;
	}
	return SDR_OK;
}

static const char *const examples[] = {
	"set losses 5",
	"call a target DOWN after five losses in a row",
	"set slow 200ms",
	"call a target SLOW when answers take longer than 200 ms",
	NULL,
};

const struct sdr_command cmd_set = {
	.name = "set",
	.arguments = "[NAME [VALUE]]",
	.sentence = "change a setting, or show the settings",
	.details = "With a name and a value, a line of a configuration "
		   "file or of the dashboard's prompt. "
		   "Without a value, shows what is set.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 0,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_SETTING,
	.lookup = {.answer = answer, .print = print},
	.make = make,
};
