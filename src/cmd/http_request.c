/* http_request.c - from a call to a spec. With a proxy or --connect-to, that is the host to
 * resolve; the URL keeps the name for Host and SNI. */
#include "cmd/http_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/http_secret.h"
#include "cmd/http_target.h"
#include "cmd/repeat.h"
#include "sounder/app.h"
#include "sounder/file.h"
#include "sounder/line.h"
#include "sounder/probe_options.h"

#define BODY_MAX_GET ((uint64_t)64 * 1024 * 1024)

const struct sdr_option sdr_http_request_options[] = {
	{"http1.0", '0', SDR_OPTION_FLAG, NULL, "speak HTTP/1.0 (host:port always does)", 0, 0},
	{"bare", 0, SDR_OPTION_FLAG, NULL,
		"send the request line and the empty line alone, as HTTP/1.0", 0, 0},
	{"header", 'H', SDR_OPTION_TEXT, "LINE",
		"send this header too (\"Name: value\"), or none of that name (\"Name:\")", 0, 0,
		.repeats = true},
	{"cacert", 0, SDR_OPTION_TEXT, "FILE",
		"trust the certificates in this file (PEM), and no others", 0, 0},
	{"insecure", 'k', SDR_OPTION_FLAG, NULL, "take any certificate", 0, 0},
	{"connect-to", 0, SDR_OPTION_TEXT, "HOST1:PORT1:HOST2:PORT2",
		"connect to HOST2:PORT2 where HOST1:PORT1 is asked for", 0, 0},
	{"proxy", 'x', SDR_OPTION_TEXT, "[SCHEME://]HOST[:PORT]",
		"go through this proxy; the environment's is never used", 0, 0},
	{"max-body", 0, SDR_OPTION_INTEGER, "BYTES",
		"cut the body after so many bytes (head: 1 MiB, get: 64 MiB)", 1, INT64_C(1) << 40},
	{NULL},
};

/* A line feed in a header would be a second header. */
static enum sdr_status header_check(const char *line, struct sdr_error *error)
{
	size_t name = strcspn(line, ":; \t");

	char shown[SDR_ERROR_TEXT];

	if (name == 0 || (line[name] != ':' && line[name] != ';') || strpbrk(line, "\r\n")) {
		sdr_error_set(error, 0,
			"--header \"%s\" is no header; \"Name: value\" on one line would be right",
			sdr_secret_header(shown, sizeof(shown), line));
		return SDR_EINVAL;
	}
	if (strcmp(sdr_secret_header(shown, sizeof(shown), line), line) == 0 &&
		strstr(line, SDR_SECRET_MARK) == line + name + 2 &&
		strlen(line) == name + 2 + strlen(SDR_SECRET_MARK)) {
		sdr_error_set(error, 0,
			"--header \"%s\": *** stands for a value that "
			"is not shown; write what it is",
			line);
		return SDR_EINVAL;
	}
	return SDR_OK;
}

/* The command's own until the request is handed on. */
static struct sdr_http_options *options_of(struct sdr_spec *spec)
{
	return (struct sdr_http_options *)(uintptr_t)spec->options;
}

static enum sdr_status take_headers(const struct sdr_call *call, struct sdr_request *request,
	struct sdr_spec *spec, struct sdr_error *error)
{
	const char *const *lines = sdr_request_list(request, call, "header");
	if (!lines)
		return SDR_ENOMEM;
	for (const char *const *line = lines; *line; line++) {
		enum sdr_status status = header_check(*line, error);
		if (status != SDR_OK)
			return status;
	}
	options_of(spec)->headers = lines[0] ? lines : NULL;
	return SDR_OK;
}

/* Reads user and password out of a URL or proxy. */
static enum sdr_status take_credentials(struct sdr_request *request, const char *url,
	const char **user, const char **password, struct sdr_error *error)
{
	size_t size = sdr_userinfo_find(url).length + 1;
	struct sdr_credentials made = {.user = sdr_request_alloc(request, size),
		.password = sdr_request_alloc(request, size)};
	if (size == 1)
		return SDR_OK;
	if (!made.user || !made.password)
		return SDR_ENOMEM;
	enum sdr_status status = sdr_credentials_decode(url, &made, error);
	*user = made.user;
	*password = made.password;
	return status;
}

/* Returns a text of the request with user and password masked, or left out. */
static char *without_secrets(struct sdr_request *request, const char *url, bool mark)
{
	struct sdr_userinfo found = sdr_userinfo_find(url);
	if (found.length == 0)
		return sdr_request_text(request, "%s", url);
	return sdr_request_text(request, "%.*s%s%s", (int)found.at, url,
		mark ? SDR_SECRET_MARK : "", url + found.at + found.length + !mark);
}

/* Takes the proxy's name and credentials apart; `target` becomes what to connect to. */
static enum sdr_status take_proxy(struct sdr_registry *registry, struct sdr_request *request,
	struct sdr_spec *spec, struct sdr_http_target *target, struct sdr_error *error)
{
	const char *typed = options_of(spec)->proxy;
	enum sdr_status status = sdr_http_target_proxy(registry, typed, target, error);
	if (status == SDR_OK)
		status = take_credentials(request, typed, &options_of(spec)->proxy_user,
			&options_of(spec)->proxy_password, error);
	if (status == SDR_OK)
		options_of(spec)->proxy = without_secrets(request, typed, false);
	return status != SDR_OK || options_of(spec)->proxy ? status : SDR_ENOMEM;
}

/* Finds the URL to ask for, and what outputs show of it. */
static enum sdr_status take_url(const char *typed, struct sdr_request *request,
	struct sdr_spec *spec, const struct sdr_http_target *target, struct sdr_error *error)
{
	bool is_v6 = strchr(target->host, ':');
	enum sdr_status status = take_credentials(
		request, typed, &options_of(spec)->user, &options_of(spec)->password, error);
	if (status != SDR_OK)
		return status;
	spec->target = without_secrets(request, typed, true);
	if (!spec->target)
		return SDR_ENOMEM;
	if (target->is_url) {
		char *url = sdr_request_alloc(request, strlen(typed) * 3 + 1);
		if (url)
			sdr_http_target_url(url, typed);
		options_of(spec)->url = url;
	} else if (options_of(spec)->proxy || options_of(spec)->connect_to) {
		/* The name to ask for and the one to connect to differ, so the spec must hold
		 * both. */
		options_of(spec)->url = sdr_request_text(request, "http://%s%s%s:%u/",
			is_v6 ? "[" : "", target->host, is_v6 ? "]" : "", target->port);
		options_of(spec)->http10 = true;
	} else {
		return SDR_OK;
	}
	return options_of(spec)->url ? SDR_OK : SDR_ENOMEM;
}

/* Finds out what to resolve and connect to. */
static enum sdr_status take_peer(const struct sdr_call *call, struct sdr_request *request,
	struct sdr_spec *spec, struct sdr_error *error)
{
	struct sdr_registry *registry = sdr_app_registry(call->app);
	const char *typed = sdr_call_word(call, 0);
	struct sdr_http_target target;
	enum sdr_status status = sdr_http_target_parse(registry, typed, &target, error);
	if (status != SDR_OK)
		return status;
	status = take_url(typed, request, spec, &target, error);
	if (status == SDR_OK && options_of(spec)->proxy)
		status = take_proxy(registry, request, spec, &target, error);
	else if (status == SDR_OK && options_of(spec)->connect_to)
		status = sdr_http_target_connect_to(
			registry, options_of(spec)->connect_to, &target, error);
	if (status != SDR_OK)
		return status;
	spec->host = sdr_request_text(request, "%s", target.host);
	spec->port = target.port;
	return spec->host ? SDR_OK : SDR_ENOMEM;
}

static void take_options(const struct sdr_call *call, struct sdr_spec *spec)
{
	spec->type = sdr_probe_find("http");
	spec->server = sdr_call_text(call, "server");
	spec->family = sdr_call_has(call, "ipv6") ? 6 : sdr_call_has(call, "ipv4") ? 4 : 0;
	spec->count = (uint64_t)sdr_call_number(call, "count", 0);
	spec->interval = sdr_repeat_interval(call);
	spec->timeout = sdr_call_number(call, "timeout", 0);
	spec->all_addresses = sdr_call_has(call, "all-addresses");
	options_of(spec)->http10 = sdr_call_has(call, "http1.0");
	options_of(spec)->bare = sdr_call_has(call, "bare");
	options_of(spec)->insecure = sdr_call_has(call, "insecure");
	options_of(spec)->cacert = sdr_call_text(call, "cacert");
	options_of(spec)->connect_to = sdr_call_text(call, "connect-to");
	options_of(spec)->proxy = sdr_call_text(call, "proxy");
}

/* libcurl would open whatever it is, and wait for a pipe's other end; so it is read here first. */
static enum sdr_status check_cacert(const char *path, struct sdr_error *error)
{
	struct sdr_error why = {0};
	char *text = NULL;
	size_t length = 0;
	enum sdr_status status =
		path ? sdr_file_read(path, SDR_FILE_LIST_MAX, &text, &length, &why) : SDR_OK;
	free(text);
	if (status != SDR_OK)
		sdr_error_set(error, 0, "the CA certificates: %s", why.text);
	return status;
}

enum sdr_status sdr_http_request_make(const struct sdr_call *call, const char *method,
	struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_spec *spec = sdr_request_alloc(request, sizeof(*spec));
	struct sdr_http_options *options = sdr_request_alloc(request, sizeof(*options));
	if (!spec || !options)
		return SDR_ENOMEM;
	*options = (struct sdr_http_options){0};
	*spec = (struct sdr_spec){.options = options};
	take_options(call, spec);
	options_of(spec)->method = method;
	options_of(spec)->body_max = (uint64_t)sdr_call_number(
		call, "max-body", strcmp(method, "GET") == 0 ? (int64_t)BODY_MAX_GET : 0);
	enum sdr_status status = take_headers(call, request, spec, error);
	if (status == SDR_OK)
		status = take_peer(call, request, spec, error);
	if (status == SDR_OK)
		status = check_cacert(options_of(spec)->cacert, error);
	if (status != SDR_OK)
		return status;
	spec->line = sdr_request_line(request, call, true);
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){
		.specs = spec,
		.count = 1,
		.single = spec->interval == 0,
	};
	return sdr_repeat_take(call, &request->watch, error);
}

/* Long values are cut on a terminal only: a pipe gets all of it. */
static void print_bytes(struct sdr_out *out, enum sdr_tone tone, const struct sdr_item *item)
{
	if (item && item->kind == SDR_ITEM_TEXT)
		sdr_out_bytes(out, tone, item->value.bytes, item->value.length,
			out->is_terminal ? 0 : -1);
}

static void print_answer(struct sdr_out *out, const struct sdr_item *detail)
{
	const struct sdr_item *line = sdr_item_find(detail, "status_line");
	const struct sdr_item *status = sdr_item_find(detail, "status_code");
	const struct sdr_item *headers = sdr_item_find(detail, "headers");
	if (!line || line->kind != SDR_ITEM_TEXT)
		return;
	print_bytes(
		out, status && status->value.integer >= 400 ? SDR_TONE_BAD : SDR_TONE_STRONG, line);
	sdr_out_end(out);
	for (const struct sdr_item *header = headers ? headers->first : NULL; header;
		header = header->next) {
		print_bytes(out, SDR_TONE_PLAIN, sdr_item_find(header, "name"));
		sdr_out_put(out, SDR_TONE_PLAIN, ": ");
		print_bytes(out, SDR_TONE_PLAIN, sdr_item_find(header, "value"));
		sdr_out_end(out);
	}
	sdr_out_end(out);
}

/* One line: "lookup 1.2 ms  connect 0.4 ms  first byte 3 ms  total 4.6 ms  127.0.0.1 port 80". */
static void print_phases(struct sdr_out *out, const struct sdr_item *detail)
{
	const struct sdr_item *phases = sdr_item_find(detail, "phases");
	const struct sdr_item *address = sdr_item_find(detail, "remote_address");
	const struct sdr_item *port = sdr_item_find(detail, "remote_port");
	const char *gap = "";
	char text[SDR_DURATION_TEXT];
	for (const struct sdr_item *phase = phases ? phases->first : NULL; phase;
		phase = phase->next) {
		if (phase->kind != SDR_ITEM_DURATION || phase->show == SDR_SHOW_HIDDEN)
			continue;
		sdr_out_put(out, SDR_TONE_DIM, "%s%s ", gap, phase->label);
		sdr_out_put(out, SDR_TONE_PLAIN, "%s",
			sdr_duration_display(text, phase->value.integer));
		gap = "  ";
	}
	if (address && address->kind == SDR_ITEM_TEXT && port) {
		sdr_out_put(out, SDR_TONE_DIM, "%sfrom ", gap);
		sdr_out_put(out, SDR_TONE_PLAIN, "%s port %lld", address->value.bytes,
			(long long)port->value.integer);
	}
	sdr_out_end(out);
}

static void print_certificate(struct sdr_out *out, const struct sdr_item *detail)
{
	const struct sdr_item *tls = sdr_item_find(detail, "tls");
	const struct sdr_item *certificate = sdr_item_find(detail, "certificate");
	const struct sdr_item *earlier = sdr_item_find(detail, "chain_note");
	const struct sdr_item *expires = certificate ? sdr_item_find(certificate, "expires") : NULL;
	if (!tls && !certificate)
		return;
	print_bytes(out, SDR_TONE_PLAIN, tls);
	if (certificate) {
		sdr_out_put(out, SDR_TONE_DIM, "%scertificate ", tls ? "  " : "");
		print_bytes(out, SDR_TONE_PLAIN, sdr_item_find(certificate, "subject"));
	}
	if (expires) {
		sdr_out_put(out, SDR_TONE_DIM, "  expires ");
		print_bytes(out, SDR_TONE_PLAIN, expires);
	}
	sdr_out_end(out);
	if (!earlier || earlier->kind != SDR_ITEM_TEXT)
		return;
	sdr_out_put(out, SDR_TONE_WARNING, "chain ends first with ");
	print_bytes(out, SDR_TONE_WARNING, earlier);
	sdr_out_end(out);
}

void sdr_http_request_print(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *detail)
{
	const struct sdr_item *note = sdr_item_find(detail, "note");
	const struct sdr_item *failed_at = sdr_item_find(detail, "failed_at");
	bool failed = failed_at && failed_at->kind == SDR_ITEM_TEXT;
	const struct sdr_item *status = sdr_item_find(detail, "status_code");
	bool is_error = status && status->kind == SDR_ITEM_INTEGER && status->value.integer >= 400;
	const struct sdr_item *line = sdr_item_find(detail, "status_line");
	bool is_repeated = is_error && !failed && note && line && line->kind == SDR_ITEM_TEXT &&
		note->kind == SDR_ITEM_TEXT && strcmp(note->value.bytes, line->value.bytes) == 0;
	print_answer(out, detail);
	if (note && note->kind == SDR_ITEM_TEXT && !is_repeated) {
		char target[SDR_ERROR_TEXT];
		sdr_out_put(out, failed ? SDR_TONE_BAD : SDR_TONE_WARNING,
			"%s: ", sdr_secret_url(target, sizeof(target), sdr_call_word(call, 0)));
		print_bytes(out, failed ? SDR_TONE_BAD : SDR_TONE_WARNING, note);
		sdr_out_end(out);
	}
	print_phases(out, detail);
	print_certificate(out, detail);
}
