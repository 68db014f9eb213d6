/* name_lookup.c - what `resolve` and `host` share: a name lookup for one word, from the options of
 * the call. */
#include "cmd/name_lookup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/app.h"

const struct sdr_option sdr_lookup_options[] = {
	{"timeout", 'W', SDR_OPTION_DURATION, "TIME",
		"wait this long for each try; 2s unless given here or in resolv.conf", SDR_MS,
		SDR_HOUR},
	{NULL},
};

/* Adds to the note after the answer, or the error, that a file which may change the result could
 * not be read. */
static bool add_unread(const struct sdr_lookup_job *job, struct sdr_error *error)
{
	const char *unread =
		sdr_names_unread(sdr_app_names(job->call->app), sdr_call_text(job->call, "server"));
	size_t used = strlen(error->text);
	if (unread[0] == '\0' || job->literal)
		return false;
	snprintf(error->text + used, sizeof(error->text) - used, "%s%s", used > 0 ? "; " : "",
		unread);
	return true;
}

static void end(struct sdr_lookup_job *job, enum sdr_exit exit, const struct sdr_error *error)
{
	struct sdr_error with = error ? *error : (struct sdr_error){0};
	exit = add_unread(job, &with) ? SDR_EXIT_FAIL : exit;
	job->answers.done(job->answers.context, exit, with.text[0] != '\0' ? &with : NULL);
	free(job);
}

/* Adds a sentence, parted from the one before. */
static void add_note(char out[static SDR_LOOKUP_NOTE], const char *format, ...) SDR_PRINTF(2, 3);

static void add_note(char out[static SDR_LOOKUP_NOTE], const char *format, ...)
{
	va_list args;
	size_t length = strlen(out);
	if (length > 0 && length < SDR_LOOKUP_NOTE - 3)
		length += (size_t)snprintf(out + length, SDR_LOOKUP_NOTE - length, "; ");
	va_start(args, format);
	vsnprintf(out + length, SDR_LOOKUP_NOTE - length, format, args);
	va_end(args);
}

static bool asks_dns(const struct sdr_names_answer *answer)
{
	return answer->attempt_count > 0;
}

void sdr_lookup_note(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
	char out[static SDR_LOOKUP_NOTE])
{
	const char *unfollowed = sdr_names_unfollowed(sdr_app_names(job->call->app));
	out[0] = '\0';
	if (answer->missing)
		add_note(out, "%s", answer->missing);
	if (answer->more > 0)
		add_note(out, "and %u more addresses, left out", answer->more);
	if (answer->more_names > 0)
		add_note(out, "and %u more names, left out", answer->more_names);
	if (answer->failed[0] != '\0' && !answer->missing)
		add_note(out, "not answered by %s", answer->failed);
	if (*unfollowed != '\0' && asks_dns(answer) && !sdr_call_has(job->call, "server"))
		add_note(out, "not followed here: %s", unfollowed);
}

void sdr_lookup_fill(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
	struct sdr_item *root)
{
	const char *unfollowed = sdr_names_unfollowed(sdr_app_names(job->call->app));
	char note[SDR_LOOKUP_NOTE];
	sdr_lookup_note(job, answer, note);
	if (!job->note_apart)
		sdr_item_text(root, "note", "Note", note[0] != '\0' ? note : NULL)->show =
			note[0] != '\0' ? SDR_SHOW_FIELD : SDR_SHOW_HIDDEN;
	sdr_item_text(root, "outcome", "Outcome", sdr_outcome_word(answer->outcome))->show =
		SDR_SHOW_HIDDEN;
	sdr_item_text(root, "why", "Why", answer->outcome != SDR_OUTCOME_OK ? answer->why : NULL)
		->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "partial", "Missing", answer->missing)->show = SDR_SHOW_HIDDEN;
	sdr_item_integer(root, "omitted", "Left out", answer->more + answer->more_names)->show =
		SDR_SHOW_HIDDEN;
	sdr_item_duration(root, "query_seconds", "Query", answer->query)->show = SDR_SHOW_HIDDEN;
	sdr_item_duration(root, "waited_seconds", "Waited", answer->waited)->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "not_followed", "Not followed", *unfollowed != '\0' ? unfollowed : NULL)
		->show = SDR_SHOW_HIDDEN;
	if (sdr_call_has(job->call, "json")) /* no other code sees them */
		sdr_attempts_write(root, "server", answer->attempts, answer->attempt_count);
}

/* Hands the answer out as a sheet. False with `error`: out of memory. */
static bool emit(
	struct sdr_lookup_job *job, const struct sdr_names_answer *answer, struct sdr_error *error)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		job->fill(job, answer, sdr_sheet_root(sheet));
	return sdr_answers_emit(&job->answers, sheet, error);
}

/* Text has only the reason; scripts get their object or row, with the attempts. */
static void on_failed(struct sdr_lookup_job *job, const struct sdr_names_answer *answer)
{
	struct sdr_error error = {0};
	struct sdr_names_answer shown = *answer;
	shown.canonical_name = NULL;
	sdr_error_set(&error, 0, "%.100s: %s", job->word, answer->why);
	bool good = (!sdr_call_has(job->call, "json") && !sdr_call_has(job->call, "csv")) ||
		emit(job, &shown, &error);
	/* "not known" is not "no" */
	bool nothing =
		answer->outcome == SDR_OUTCOME_NXDOMAIN || answer->outcome == SDR_OUTCOME_NODATA;
	end(job, good && nothing ? SDR_EXIT_NO : SDR_EXIT_FAIL, &error);
}

static void on_answer(void *context, const struct sdr_names_answer *answer)
{
	struct sdr_lookup_job *job = context;
	struct sdr_error error = {0};
	if (answer->outcome != SDR_OUTCOME_OK) {
		on_failed(job, answer);
		return;
	}
	if (!emit(job, answer, &error)) {
		end(job, SDR_EXIT_FAIL, &error);
		return;
	}
	char note[SDR_LOOKUP_NOTE] = "";
	if (job->note_apart && !sdr_call_has(job->call, "json") && !sdr_call_has(job->call, "csv"))
		sdr_lookup_note(job, answer, note);
	if (answer->unseen || note[0] != '\0')
		sdr_error_set(
			&error, 0, "%.100s: %s", job->word, answer->unseen ? answer->unseen : note);
	end(job, answer->unseen ? SDR_EXIT_FAIL : SDR_EXIT_YES, &error);
}

enum sdr_status sdr_lookup_start(
	const struct sdr_lookup_job *job, const char *name, bool reverse, struct sdr_error *error)
{
	const struct sdr_call *call = job->call;
	bool v4 = sdr_call_has(call, "ipv4"), v6 = sdr_call_has(call, "ipv6");
	struct sdr_names *names = sdr_app_names(call->app);
	struct sdr_lookup_job *copy = malloc(sizeof(*copy));
	if (!copy) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	struct sdr_addr addr;
	*copy = *job;
	copy->literal = !reverse && sdr_addr_parse(name, &addr, NULL) == SDR_OK;
	struct sdr_names_query query = {.name = name,
		.family = v4 == v6 ? 0
			: v4       ? 4
				   : 6,
		.server = sdr_call_text(call, "server"),
		.timeout = sdr_call_number(call, "timeout", 0),
		.search = true,
		.done = on_answer,
		.context = copy};
	enum sdr_status status = reverse
		? sdr_names_reverse(names, &query, &copy->under_way, error)
		: sdr_names_addresses(names, &query, &copy->under_way, error);
	if (status == SDR_OK)
		*copy->answers.handle = copy;
	else
		free(copy);
	return status;
}

void sdr_lookup_cancel(const struct sdr_call *call, void *handle)
{
	struct sdr_lookup_job *job = handle;
	sdr_names_cancel(sdr_app_names(call->app), job->under_way);
	free(job);
}
