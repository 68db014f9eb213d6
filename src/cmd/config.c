/* config.c - a config file is a list of command lines. A bad one is reported with file, line,
 * column, and the rest still runs. */
#include "sounder/config.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "sounder/app.h"
#include "sounder/file.h"
#include "sounder/user_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file being run. */
struct source {
	struct sdr_app *app;
	const struct sdr_config *config;
	const char *name; /* as complaints show it */
	const char *text; /* [length], the whole file */
	size_t length;
	char group[SDR_GROUP_TEXT]; /* of the lines that follow; "": none */
};

static void complain(const struct source *source, size_t offset, const char *what)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < offset && i < source->length; i++) {
		column = source->text[i] == '\n'
			? 1
			: column + ((source->text[i] & 0xc0) != 0x80); /* in characters */
		line += source->text[i] == '\n';
	}
	char message[SDR_ERROR_TEXT + 512];
	snprintf(message, sizeof(message), "%s:%zu:%zu: %s", source->name, line, column, what);
	source->config->complain(source->config->context, message);
}

/* Runs a call through the front end; `set` needs none. */
static enum sdr_status run_call(
	const struct source *source, const struct sdr_call *call, struct sdr_error *error)
{
	if (!(call->command->where & SDR_WHERE_CONFIG)) {
		sdr_error_set(error, 0,
			"%s has no place in a configuration file; \"help\" lists what has",
			call->command->name);
		return SDR_EINVAL;
	}
	if (source->config->run)
		return source->config->run(source->config->context, call, error);
	struct sdr_request request;
	enum sdr_status status = sdr_request_make(call, &request, error);
	if (status != SDR_OK)
		return status;
	if (request.kind == SDR_REQUEST_ACTION)
		status = request.action.perform(NULL, call, error);
	sdr_request_done(&request);
	return status;
}

/* ---- groups ---- */

/* On the screen `group` labels what the cursor is on, here the lines that follow. */
static bool is_group(const struct sdr_call *call)
{
	return strcmp(call->command->name, "group") == 0;
}

static enum sdr_status take_group(
	struct source *source, const struct sdr_call *call, struct sdr_error *error)
{
	const char *name = sdr_call_word(call, 0);
	enum sdr_status status = name ? sdr_group_check(name, error) : SDR_OK;
	if (status == SDR_OK)
		snprintf(source->group, sizeof(source->group), "%s", name ? name : "");
	return status;
}

/* Whether the call, with room for one more argument, gets the label as if it had been typed: its
 * command may take one, and its own goes first. */
static bool label(const struct source *source, struct sdr_call *call, struct sdr_arg *args)
{
	const struct sdr_option *option = sdr_option_long(call->command, "group", strlen("group"));
	if (!option || sdr_call_has(call, "group"))
		return false;
	memcpy(args, call->args, call->count * sizeof(*args));
	args[call->count] = (struct sdr_arg){.option = option, .text = source->group};
	call->args = args;
	call->count++;
	return sdr_options_check(call, NULL) == SDR_OK;
}

static enum sdr_status run_labelled(
	const struct source *source, const struct sdr_call *call, struct sdr_error *error)
{
	struct sdr_call labelled = *call;
	if (!source->group[0])
		return run_call(source, call, error);
	struct sdr_arg *args = malloc((call->count + 1) * sizeof(*args));
	if (!args)
		return SDR_ENOMEM;
	enum sdr_status status =
		run_call(source, label(source, &labelled, args) ? &labelled : call, error);
	free(args);
	return status;
}

/* Subcommands read only the `set` lines and check no others: those belong to the screen. */
static bool is_setting(const char *text)
{
	text += strspn(text, " \t\r");
	return strncmp(text, "set", 3) == 0 && (!text[3] || strchr(" \t\r\n\\", text[3]));
}

/* Without --help, a call has all the words that its command needs. */
static enum sdr_status run_parsed(
	struct source *source, const struct sdr_call *call, struct sdr_error *error)
{
	if (sdr_call_has(call, "help")) {
		sdr_error_set(error, 0, "--help has no place in a configuration file");
		return SDR_EINVAL;
	}
	return is_group(call) ? take_group(source, call, error) : run_labelled(source, call, error);
}

/* A line that is wrong is passed over; one that there is no memory for is no fault of the file's:
 * ENOMEM. */
static enum sdr_status run_line(struct source *source, const char *text, size_t start)
{
	struct sdr_line *line = NULL;
	struct sdr_error error = {0};
	if (source->config->only_settings && !is_setting(text))
		return SDR_OK;
	enum sdr_status status = sdr_line_parse(source->app, text, &line, &error);
	if (status != SDR_OK && status != SDR_ENOMEM)
		complain(source, start + error.offset, error.text);
	if (line) {
		struct sdr_error fault = {0};
		status = run_parsed(source, sdr_line_call(line), &fault);
		if (status != SDR_OK && status != SDR_ENOMEM)
			complain(source, start + sdr_line_offset(line, fault.offset), fault.text);
	}
	sdr_line_free(line);
	return status == SDR_ENOMEM ? SDR_ENOMEM : SDR_OK;
}

enum sdr_status sdr_config_text(struct sdr_app *app, const struct sdr_config *config,
	const struct sdr_config_file *file, struct sdr_error *error)
{
	struct source source = {app, config, file->name, file->text, file->length, ""};
	enum sdr_status result = SDR_OK;
	for (size_t at = 0; at < file->length;) {
		size_t length = sdr_split_logical(file->text + at, file->length - at);
		char *text = strndup(file->text + at, length);
		enum sdr_status status = text ? run_line(&source, text, at) : SDR_ENOMEM;
		free(text);
		if (status != SDR_OK) {
			sdr_error_set(error, 0, "%s: %s", file->name, sdr_status_text(status));
			result = status; /* the others may still fit */
		}
		at += length + 1;
	}
	return result;
}

static enum sdr_status run_file(struct sdr_app *app, const struct sdr_config *config,
	const char *path, bool must, struct sdr_error *error)
{
	struct sdr_error why = {0};
	char *text = NULL;
	size_t length = 0;
	enum sdr_status status = sdr_file_read(path, SDR_FILE_CONFIG_MAX, &text, &length, &why);
	if (status == SDR_ENOENT && !must)
		return SDR_OK;
	if (status != SDR_OK && must) {
		sdr_error_set(error, 0, "%s", why.text);
		return status;
	}
	if (status != SDR_OK) {
		config->complain(config->context, why.text);
		return SDR_OK;
	}
	status = sdr_config_text(app, config, &(struct sdr_config_file){path, text, length}, error);
	free(text);
	return status;
}

enum sdr_status sdr_config_run(
	struct sdr_app *app, const struct sdr_config *config, struct sdr_error *error)
{
	char path[SDR_USER_PATH];
	if (config->file)
		return run_file(app, config, config->file, true, error);
	struct sdr_error inner;
	enum sdr_status status = run_file(app, config, "/etc/sounder.conf", false, &inner);
	if (status == SDR_OK && sdr_user_path(SDR_USER_CONFIG, "sounder.conf", path, sizeof(path)))
		status = run_file(app, config, path, false, &inner);
	if (status != SDR_OK && error)
		*error = inner;
	return status;
}
