/* front.c - the dashboard's front end: runs requests. Lookups and probes that run once become jobs,
 * whose answers go to panels; continuous probes go to the engine, servers to the services, actions
 * to the screen. */
#include "front.h"

#include <stdlib.h>
#include <string.h>

#include "call_text.h"
#include "lines_asked.h"
#include "sounder/job.h"
#include "sounder/line.h"
#include "sounder/model.h"
#include "ui_job.h"

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

/* A sentence typed into the prompt ("no such host") is hardly a list of hosts. Names with a dot, a
 * digit or a colon are. */
static bool is_sentence(const struct sdr_watch *watch)
{
	bool plain = watch->names && watch->count >= 3;
	for (size_t i = 0; plain && i < watch->count; i++)
		plain = !strpbrk(watch->names[i], ".:0123456789");
	return plain;
}

static enum sdr_status run_watch(
	struct ui *ui, const struct sdr_watch *watch, struct sdr_error *error)
{
	if (ui->typed_line && is_sentence(watch)) {
		sdr_error_set(error, 0,
			"%s, %s, %s: are these hosts? Then write each with "
			"a dot behind it (%s.), or by itself",
			watch->names[0], watch->names[1], watch->names[2], watch->names[0]);
		return SDR_EINVAL;
	}
	if (watch->rate)
		sdr_engine_set_rate(sdr_app_engine(ui->app), watch->rate);
	for (size_t i = 0; i < watch->count; i++) {
		struct sdr_spec spec;
		sdr_watch_spec(watch, i, &spec);
		enum sdr_status status =
			sdr_session_add(sdr_app_session(ui->app), &spec, NULL, error);
		if (status)
			return status;
	}
	if (watch->count == 1)
		ui_notify(ui, SDR_TONE_PLAIN, "watching %s%s (%s)",
			watch->specs[0].all_addresses ? "all addresses of " : "",
			watch->names ? watch->names[0] : watch->specs[0].target,
			watch->specs[0].type->label);
	else
		ui_notify(ui, SDR_TONE_PLAIN, "watching %zu targets more", watch->count);
	return SDR_OK;
}

static enum sdr_status run_serve(
	struct ui *ui, const struct sdr_serve *serve, struct sdr_error *error)
{
	for (size_t i = 0; i < serve->count; i++) {
		struct sdr_endpoint bound = {0};
		char text[SDR_ENDPOINT_TEXT];
		enum sdr_status status = sdr_services_start(
			sdr_app_services(ui->app), &serve->specs[i], NULL, &bound, error);
		if (status)
			return status;
		ui_notify(ui, SDR_TONE_PLAIN, "serving %s on %s %s", serve->specs[i].type->name,
			serve->specs[i].transport == SDR_TCP ? "tcp" : "udp",
			sdr_endpoint_format(text, &bound));
	}
	return SDR_OK;
}

/* What is probed again and again has the engine's rate, which all share: no job may change it. */
static enum sdr_status check_rate(const struct sdr_request *request, struct sdr_error *error)
{
	const struct sdr_watch *watch = &request->watch;
	if (request->kind != SDR_REQUEST_WATCH || watch->sweep || !watch->rate)
		return SDR_OK;
	sdr_error_set(error, 0,
		"--rate would hold for all that is watched here; leave it out, "
		"\"set rate\" changes it");
	return SDR_EINVAL;
}

/* Takes line and request over. */
static enum sdr_status run_job(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	enum sdr_status status = check_rate(request, error);
	if (status != SDR_OK) {
		sdr_request_done(request);
		sdr_line_free(line);
		return status;
	}
	if (ui_asked_wants(sdr_line_call(line), request))
		return ui_asked_open(ui, line, request, error);
	return ui_job_start(ui, line, request, error);
}

/* Whether running it does more than show something. */
static bool has_effects(const struct sdr_command *command, const struct sdr_request *request)
{
	return command->effects & (SDR_EFFECT_CHANGES | SDR_EFFECT_LEAVES) ||
		request->kind == SDR_REQUEST_SERVE ||
		(request->kind == SDR_REQUEST_WATCH && !request->watch.single);
}

/* With --read-only the screen looks and asks; what it watches was chosen when it was started. No
 * server is started even then. */
static bool may_not(
	const struct ui *ui, const struct sdr_command *command, const struct sdr_request *request)
{
	bool watches = request->kind != SDR_REQUEST_SERVE;
	return ui->read_only && !(ui->beginning && watches) &&
		!(command->effects & (SDR_EFFECT_LEAVES | SDR_EFFECT_LOOKS)) &&
		has_effects(command, request);
}

static enum sdr_status refuse(
	struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	sdr_error_set(error, 0, "%s: not with --read-only", sdr_line_call(line)->command->name);
	sdr_request_done(request);
	sdr_line_free(line);
	return SDR_EPERM;
}

/* Takes line and request over. */
static enum sdr_status dispatch(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	enum sdr_status status = SDR_OK;
	if (ui->typeahead.guards && has_effects(sdr_line_call(line)->command, request)) {
		ui->typeahead.held_back = true;
		sdr_error_set(error, 0, "looks pasted: not run");
		sdr_request_done(request);
		sdr_line_free(line);
		return SDR_EPERM;
	}
	if (may_not(ui, sdr_line_call(line)->command, request))
		return refuse(line, request, error);
	if (sdr_job_ends(request))
		return run_job(ui, line, request, error);
	if (request->kind == SDR_REQUEST_WATCH)
		status = run_watch(ui, &request->watch, error);
	else if (request->kind == SDR_REQUEST_SERVE)
		status = run_serve(ui, &request->serve, error);
	else if (request->kind == SDR_REQUEST_ACTION)
		status = request->action.perform(ui, sdr_line_call(line), error);
	sdr_request_done(request);
	sdr_line_free(line);
	return status;
}

static enum sdr_status run_line(struct ui *ui, struct sdr_line *line, struct sdr_error *error);

/* `COMMAND --help`: what `help COMMAND` answers, and nothing else, also from a panel's input. Takes
 * the line over. */
static enum sdr_status run_help(struct ui *ui, struct sdr_line *line, struct sdr_error *error)
{
	char text[64];
	struct sdr_line *help = NULL;
	struct ui_slot *before = ui->asking;
	snprintf(text, sizeof(text), "help %s", sdr_line_call(line)->command->name);
	sdr_line_free(line);
	ui->asking = NULL;
	enum sdr_status status = sdr_line_parse(ui->app, text, &help, error);
	if (status == SDR_OK)
		status = run_line(ui, help, error);
	ui->asking = before;
	return status;
}

/* Takes the line over. */
static enum sdr_status run_line(struct ui *ui, struct sdr_line *line, struct sdr_error *error)
{
	const struct sdr_call *call = sdr_line_call(line);
	struct sdr_request request = {0};
	if (sdr_call_has(call, "help"))
		return run_help(ui, line, error);
	enum sdr_status status;
	if (!(call->command->where & SDR_WHERE_SCREEN)) {
		sdr_error_set(error, 0, "\"%s\" works in a shell only: sounder %s ...",
			call->command->name, call->command->name);
		sdr_line_free(line);
		return SDR_ENOTSUP;
	}
	status = sdr_call_check_where(call, SDR_WHERE_SCREEN, error);
	if (!status && ui_asked_wants_targets(call))
		return ui_asked_open(ui, line, &request, error);
	if (!status)
		status = sdr_request_make(call, &request, error);
	if (status) {
		sdr_request_done(&request);
		sdr_line_free(line);
		return status;
	}
	return dispatch(ui, line, &request, error);
}

/* The values of a line's %words; `endpoint` is room for the one that is made of two. */
static struct sdr_words words_of(
	const struct ui_subject *subject, char endpoint[static SDR_ENDPOINT_TEXT])
{
	struct sdr_words values = {.target = or_null(subject->target),
		.address = or_null(subject->address),
		.port = or_null(subject->port),
		.name = or_null(subject->name)};
	struct sdr_endpoint at = {0};
	char *end;
	unsigned long port = strtoul(subject->port, &end, 10);
	if (!*subject->port || *end || port > UINT16_MAX ||
		sdr_addr_parse(subject->address, &at.addr, NULL))
		return values;
	at.port = (uint16_t)port;
	values.endpoint = sdr_endpoint_format(endpoint, &at);
	return values;
}

enum sdr_status ui_front_run(struct ui *ui, const struct sdr_line *line,
	const struct ui_subject *words, struct sdr_error *error)
{
	struct sdr_words values = {0};
	struct sdr_line *expanded;
	char endpoint[SDR_ENDPOINT_TEXT];
	if (words)
		values = words_of(words, endpoint);
	enum sdr_status status = sdr_line_expand(line, &values, &expanded, error);
	return status ? status : run_line(ui, expanded, error);
}

static bool expand(
	const struct sdr_line *line, const struct ui_subject *words, char *out, size_t size)
{
	char endpoint[SDR_ENDPOINT_TEXT];
	struct sdr_words values = words_of(words, endpoint);
	struct sdr_line *expanded;
	if (sdr_line_expand(line, &values, &expanded, NULL))
		return false;
	char *text = ui_call_text(sdr_line_call(expanded));
	bool fits = text && snprintf(out, size, "%s", text) < (int)size;
	free(text);
	sdr_line_free(expanded);
	return fits;
}

bool ui_expand_text(
	const struct ui_binding *binding, const struct ui_subject *words, char *out, size_t size)
{
	return expand(binding->line, words, out, size);
}

bool ui_expand_line(
	struct ui *ui, const char *text, const struct ui_subject *words, char *out, size_t size)
{
	struct sdr_line *line;
	if (sdr_line_parse(ui->app, text, &line, NULL) || !line)
		return false;
	bool expanded = expand(line, words, out, size);
	sdr_line_free(line);
	return expanded;
}

enum sdr_status ui_front_run_text(struct ui *ui, const char *text, struct sdr_error *error)
{
	struct sdr_line *line;
	enum sdr_status status = sdr_line_parse(ui->app, text, &line, error);
	if (status || !line)
		return status;
	return run_line(ui, line, error);
}

/* Leaving needs no memory: the binding's own call is performed as it stands. */
static enum sdr_status leave(struct ui *ui, const struct sdr_call *call, struct sdr_error *error)
{
	struct sdr_request request = {0};
	enum sdr_status status = call->command->make(call, &request, error);
	return status ? status : request.action.perform(ui, call, error);
}

void ui_front_key(struct ui *ui, const struct sdr_line *line)
{
	struct ui_subject subject;
	struct sdr_error error = {0};
	ui_subject(ui, &subject);
	enum sdr_status status = ui_front_run(ui, line, &subject, &error);
	if (status == SDR_ENOMEM && sdr_line_call(line)->command->effects & SDR_EFFECT_LEAVES)
		status = leave(ui, sdr_line_call(line), &error);
	if (status)
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text[0] ? error.text : "that did not work");
}

enum sdr_status ui_front_config(void *context, const struct sdr_call *call, struct sdr_error *error)
{
	if (ui_asked_wants_targets(call)) {
		sdr_error_set(error, 0,
			"'-' asks for lines, which a file has none of; @FILE reads a list");
		return SDR_EINVAL;
	}
	/* The call belongs to the reader and ends with the line; a request may take longer, so it
	 * gets a copy. */
	char *text = ui_call_text(call);
	if (!text)
		return SDR_ENOMEM;
	struct ui *ui = context;
	bool before = ui->of_file;
	ui->of_file = true;
	enum sdr_status status = ui_front_run_text(ui, text, error);
	ui->of_file = before;
	free(text);
	return status;
}

/* ---- what panels and main ask for ---- */

void ui_do(struct ui *ui, const char *text)
{
	struct sdr_error error = {0};
	if (ui_front_run_text(ui, text, &error))
		ui_notify(ui, SDR_TONE_BAD, "%s", error.text[0] ? error.text : "that did not work");
}

void ui_ask(struct ui *ui, const struct ui_panel *panel, const char *text)
{
	struct ui_slot *slot = ui_slot_of(ui, panel), *before = ui->asking;
	struct sdr_error error = {0};
	if (!slot)
		return;
	ui_job_drop(ui, slot);
	slot->input.error[0] = '\0';
	ui->asking = slot;
	if (ui_front_run_text(ui, text, &error))
		snprintf(slot->input.error, sizeof(slot->input.error), "%s",
			error.text[0] ? error.text : "that did not work");
	ui->asking = before;
}
