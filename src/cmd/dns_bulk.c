/* dns_bulk.c - `dns -`: the same types of many names, asked at once. */
#include "cmd/dns_bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/many.h"
#include "sounder/app.h"
#include "sounder/bulk.h"

/* The request's state. */
struct all {
	struct sdr_bulk_spec spec;
	struct sdr_bulk *bulk; /* NULL until the first name */
};

/* One name. */
struct run {
	struct sdr_answers answers;
	struct sdr_bulk_call *call;
	char word[]; /* as typed */
};

static void end(struct run *run, enum sdr_exit exit, const char *why)
{
	struct sdr_error error = {0};
	if (why)
		sdr_error_set(&error, 0, "%.100s: %s", run->word, why);
	run->answers.done(run->answers.context, exit, why ? &error : NULL);
	free(run);
}

static void on_answer(void *context, const struct sdr_bulk_answer *answer)
{
	struct run *run = context;
	struct sdr_error error = {0};
	bool good = answer->outcome == SDR_OUTCOME_OK;
	if (run->answers.text) {
		run->answers.text(run->answers.context, answer->text, answer->length);
	} else {
		if (answer->sheet) {
			struct sdr_item *root = sdr_sheet_root(answer->sheet);
			sdr_item_text(root, "outcome", "Outcome", sdr_outcome_word(answer->outcome))
				->show = SDR_SHOW_HIDDEN;
			sdr_item_text(root, "input", "Input", run->word)->show = SDR_SHOW_HIDDEN;
		}
		if (!sdr_answers_emit(&run->answers, answer->sheet, &error)) {
			end(run, SDR_EXIT_FAIL, error.text);
			return;
		}
	}
	end(run, sdr_outcome_exit(answer->outcome), good ? NULL : answer->why);
}

static enum sdr_status start(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct all *all = answers->state;
	struct run *run = malloc(sizeof(*run) + strlen(word) + 1);
	enum sdr_status status = run ? SDR_OK : SDR_ENOMEM;
	if (!run)
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	if (run && !all->bulk) {
		all->spec.form = !answers->text ? SDR_BULK_SHEETS : all->spec.form;
		status = sdr_bulk_new(sdr_app_names(call->app), &all->spec, &all->bulk, error);
	}
	if (status == SDR_OK) {
		run->answers = *answers;
		strcpy(run->word, word);
		const struct sdr_bulk_question question = {
			.name = word, .done = on_answer, .context = run};
		status = sdr_bulk_ask(all->bulk, &question, &run->call, error);
	}
	if (status == SDR_OK)
		*answers->handle = run;
	else
		free(run);
	return status;
}

static void cancel(const struct sdr_call *call, void *handle)
{
	struct run *run = handle;
	(void)call;
	sdr_bulk_cancel(run->call);
	free(run);
}

static void release(void *state)
{
	struct all *all = state;
	sdr_bulk_free(all->bulk);
}

static enum sdr_status check(const struct sdr_call *call, struct sdr_error *error)
{
	static const char *const single[] = {"reverse", "interval", "count", "until", "losses",
		"group", "deadline", "expect", "csv", "watch", NULL};
	const char *given = sdr_call_any(call, single);
	if (given)
		sdr_error_set(error, 0,
			"--%s is for one name; the word - stands for many, each "
			"asked for once",
			given);
	return given ? SDR_EINVAL : SDR_OK;
}

enum sdr_status sdr_dns_bulk_make(const struct sdr_call *call, struct sdr_request *request,
	const struct sdr_spec *spec, size_t word, struct sdr_error *error)
{
	struct all *all = sdr_request_alloc(request, sizeof(*all));
	if (!all)
		return SDR_ENOMEM;
	*all = (struct all){
		.spec = {.options = spec->options,
			.server = spec->server,
			.timeout = spec->timeout,
			.form = sdr_call_has(call, "short") ? SDR_BULK_SHORT : SDR_BULK_LINES}};
	enum sdr_status status = check(call, error);
	if (status != SDR_OK)
		return status;
	request->kind = SDR_REQUEST_LOOKUP;
	request->state = all;
	request->release = release;
	request->lookup = (struct sdr_lookup){.each_word = true,
		.words_first = word,
		.words_end = word + 1,
		.texts = true,
		.start = start,
		.cancel = cancel};
	return sdr_many_take(call, request, error);
}
