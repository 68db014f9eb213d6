/* request.c - a request and its memory. */
#include "cmd/cmd.h"
#include "sounder/app.h"
#include "sounder/engine.h"
#include "sounder/names.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *sdr_request_alloc(struct sdr_request *request, size_t size)
{
	return sdr_arena_alloc(request->arena, size);
}

char *sdr_request_text(struct sdr_request *request, const char *format, ...)
{
	va_list rest;
	va_start(rest, format);
	int length = vsnprintf(NULL, 0, format, rest);
	va_end(rest);
	char *text = length < 0 ? NULL : sdr_arena_alloc(request->arena, (size_t)length + 1);
	if (!text)
		return NULL;
	va_start(rest, format);
	vsnprintf(text, (size_t)length + 1, format, rest);
	va_end(rest);
	return text;
}

const char *sdr_request_line_add(struct sdr_request *request, const char *line, const char *word)
{
	size_t size = sdr_word_quote(NULL, 0, word) + 1;
	char *quoted = line ? sdr_request_alloc(request, size) : NULL;
	if (!quoted)
		return NULL;
	sdr_word_quote(quoted, size, word);
	return sdr_request_text(request, "%s %s", line, quoted);
}

const char *const *sdr_request_list(
	struct sdr_request *request, const struct sdr_call *call, const char *option)
{
	size_t count = 0;
	const char **list = sdr_request_alloc(request, (call->count + 1) * sizeof(*list));
	for (size_t i = 0; list && i < call->count; i++)
		if (call->args[i].option && strcmp(call->args[i].option->name, option) == 0)
			list[count++] = call->args[i].text;
	if (list)
		list[count] = NULL;
	return list;
}

/* A target's label is kept beside its line. */
static bool is_group(const struct sdr_option *option)
{
	return strcmp(option->name, "group") == 0;
}

const char *sdr_request_line(struct sdr_request *request, const struct sdr_call *call, bool words)
{
	const char *line = call->command->name;
	for (size_t i = 0; line && i < call->count; i++) {
		const struct sdr_arg *arg = &call->args[i];
		if (arg->option ? is_group(arg->option) : !words)
			continue;
		size_t size = arg->text ? strlen(arg->text) + SDR_ARG_SHOWN_MORE : 0;
		char *shown = size ? sdr_request_alloc(request, size) : NULL;
		if (size && !shown)
			return NULL;
		if (arg->option)
			line = sdr_request_text(request, "%s --%s", line, arg->option->name);
		if (arg->text)
			line = sdr_request_line_add(
				request, line, sdr_arg_shown(shown, size, call, arg));
	}
	return line;
}

/* A number whose %word has not been replaced can't have been checked: the line was bound to a key,
 * not meant to be run as it is. */
static enum sdr_status check_replaced(const struct sdr_call *call, struct sdr_error *error)
{
	for (size_t i = 0; i < call->count; i++) {
		const struct sdr_arg *arg = &call->args[i];
		if (!arg->option || arg->option->kind == SDR_OPTION_TEXT || !arg->text ||
			!sdr_words_used(arg->text))
			continue;
		sdr_error_set(error, 0,
			"--%s %s: a word like %%port stands for the line "
			"under the cursor, and there is none here",
			arg->option->name, arg->text);
		return SDR_EINVAL;
	}
	return SDR_OK;
}

/* A resolver is checked once and before anything is sent, also where a target is an address and
 * nothing is asked: no option is ignored. */
static enum sdr_status check_server(const struct sdr_call *call, struct sdr_error *error)
{
	const char *server = sdr_call_text(call, "server");
	struct sdr_endpoint endpoint;
	return server ? sdr_names_server_parse(server, &endpoint, error) : SDR_OK;
}

/* Labels what is to be watched. The text lives as long as the call, as the specs do. */
static void take_group(const struct sdr_call *call, struct sdr_request *request)
{
	const char *group = sdr_call_text(call, "group");
	if (request->kind != SDR_REQUEST_WATCH)
		return;
	for (size_t i = 0; i < (request->watch.names ? 1 : request->watch.count); i++)
		request->watch.specs[i].group = group;
}

enum sdr_status sdr_request_make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	enum sdr_status status = check_replaced(call, error);
	if (status == SDR_OK)
		status = check_server(call, error);
	if (status == SDR_OK && sdr_call_has(call, "group"))
		status = sdr_group_check(sdr_call_text(call, "group"), error);
	if (status == SDR_OK)
		status = sdr_app_open(call->app, call->command->parts, error);
	if (status != SDR_OK)
		return status;
	struct sdr_request made = {.kind = SDR_REQUEST_NONE, .arena = sdr_arena_new()};
	if (!made.arena)
		return SDR_ENOMEM;
	const struct sdr_command *command = call->command;
	if (command->lookup.answer || command->lookup.start) {
		made.kind = SDR_REQUEST_LOOKUP;
		made.lookup = command->lookup;
	}
	if (command->make)
		status = command->make(call, &made, error);
	if (status != SDR_OK) {
		sdr_request_done(&made);
		return status;
	}
	take_group(call, &made);
	*request = made;
	return SDR_OK;
}

bool sdr_answers_emit(
	const struct sdr_answers *answers, struct sdr_sheet *sheet, struct sdr_error *error)
{
	bool whole = sheet && !sdr_sheet_failed(sheet);
	if (whole)
		answers->emit(answers->context, sheet);
	else
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
	sdr_sheet_free(sheet);
	return whole;
}

void sdr_watch_spec(const struct sdr_watch *watch, size_t index, struct sdr_spec *spec)
{
	*spec = watch->specs[watch->names ? 0 : index];
	if (!watch->names)
		return;
	spec->target = spec->host = watch->names[index];
	spec->line = watch->options;
	spec->line_open = true;
}

char *sdr_target_line(const struct sdr_target *target, bool group)
{
	char typed[SDR_HOST_TEXT * 4 + 8] = "", label[SDR_GROUP_TEXT * 4 + 8] = "", *line = NULL;
	const struct sdr_spec *spec = target->spec;
	if (!spec->line ||
		(spec->line_open &&
			sdr_word_quote(typed, sizeof(typed), target->typed) >= sizeof(typed)))
		return NULL;
	group = group && spec->group;
	if (group && sdr_word_quote(label, sizeof(label), spec->group) >= sizeof(label))
		return NULL;
	int command = (int)strcspn(spec->line, " "); /* its name, which has no blank in it */
	return asprintf(&line, "%.*s%s%s%s%s%s", command, spec->line, group ? " --group " : "",
		       label, spec->line + command, spec->line_open ? " " : "", typed) < 0
		? NULL
		: line;
}

void sdr_request_done(struct sdr_request *request)
{
	if (request->release)
		request->release(request->state);
	sdr_arena_free(request->arena);
	*request = (struct sdr_request){.kind = SDR_REQUEST_NONE};
}
