/* ping.c - `ping`: ICMP echo to one host or to a hundred thousand, with iputils' options and text. RFC 792, RFC 4443. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sounder/command.h"

#define TARGETS_MAX 1000000 /* of one call: the engine's ids have 20 bits */

static const struct sdr_option own_options[] = {
	{"size", 's', SDR_OPTION_INTEGER, "BYTES", "payload of each request; 56 unless given", 0, 65507},
	{"ttl", 't', SDR_OPTION_INTEGER, "HOPS", "time to live (hop limit) of each request", 1, 255},
	{"tos", 'Q', SDR_OPTION_INTEGER, "N", "type of service (traffic class) of each request", 0, 255},
	{"source", 'I', SDR_OPTION_TEXT, "ADDRESS|INTERFACE", "send from this address or interface", 0, 0},
	{"quiet", 'q', SDR_OPTION_FLAG, NULL, "print summaries only", 0, 0},
	{"numeric", 'n', SDR_OPTION_FLAG, NULL, "show addresses, no names", 0, 0},
	{"timestamps", 'D', SDR_OPTION_FLAG, NULL, "put the time of day before each line", 0, 0},
	{"outstanding", 'O', SDR_OPTION_FLAG, NULL, "say which probe has no answer yet as the next one leaves", 0, 0},
	{"rate", 0, SDR_OPTION_INTEGER, "N", "probes a second over all targets at most; 1000 unless given", 1, 1000000},
	{NULL},
};

/* The hosts found so far. */
struct hosts {
	struct sdr_request *request;
	const char **names; /* [count], in the request's memory or the call's */
	size_t count, capacity;
};

static enum sdr_status add_host(struct hosts *hosts, const char *name, struct sdr_error *error)
{
	if (hosts->count == TARGETS_MAX) {
		sdr_error_set(error, 0, "more than %d hosts", TARGETS_MAX);
		return SDR_ERANGE;
	}
	if (hosts->count == hosts->capacity) {
		size_t capacity = hosts->capacity ? hosts->capacity * 2 : 64;
		const char **names = sdr_request_alloc(hosts->request, capacity * sizeof(*names));
		if (!names)
			return SDR_ENOMEM;
		if (hosts->count > 0)
			memcpy(names, hosts->names, hosts->count * sizeof(*names));
		hosts->names = names;
		hosts->capacity = capacity;
	}
	hosts->names[hosts->count++] = name;
	return SDR_OK;
}

/* Takes a list's line: a host, blanks around it, and perhaps a comment. */
static enum sdr_status add_line(struct hosts *hosts, char *line, struct sdr_error *error)
{
	line[strcspn(line, "#\r\n")] = '\0';
	char *save, *word = strtok_r(line, " \t", &save);
	enum sdr_status status = SDR_OK;
	for (; word && status == SDR_OK; word = strtok_r(NULL, " \t", &save)) {
		char *copy = word[0] == '-' ? NULL : sdr_request_text(hosts->request, "%s", word);
		if (word[0] == '-') {
			sdr_error_set(error, 0, "'%.80s' in the list looks like an option; a list has hosts only", word);
			return SDR_EINVAL;
		}
		status = copy ? add_host(hosts, copy, error) : SDR_ENOMEM;
	}
	return status;
}

static enum sdr_status add_stream(struct hosts *hosts, FILE *stream, struct sdr_error *error)
{
	char *line = NULL;
	size_t size = 0;
	enum sdr_status status = SDR_OK;
	while (status == SDR_OK && getline(&line, &size, stream) >= 0)
		status = add_line(hosts, line, error);
	free(line);
	return status;
}

static enum sdr_status add_list(struct hosts *hosts, const char *path, struct sdr_error *error)
{
	if (!path) {
		if (!isatty(STDIN_FILENO))
			return add_stream(hosts, stdin, error);
		sdr_error_set(error, 0, "'-' reads hosts from stdin, which is a terminal; @FILE reads a file");
		return SDR_EINVAL;
	}
	FILE *file = fopen(path, "re");
	if (!file) {
		sdr_error_set(error, 0, "the list %s can't be read: %s", path, strerror(errno));
		return SDR_ENOENT;
	}
	enum sdr_status status = add_stream(hosts, file, error);
	fclose(file);
	return status;
}

static enum sdr_status take_words(const struct sdr_call *call, struct hosts *hosts, struct sdr_error *error)
{
	enum sdr_status status = SDR_OK;
	const char *word;
	for (size_t i = 0; status == SDR_OK && (word = sdr_call_word(call, i)) != NULL; i++) {
		if (word[0] == '@')
			status = add_list(hosts, word + 1, error);
		else if (strcmp(word, "-") == 0)
			status = add_list(hosts, NULL, error);
		else
			status = add_host(hosts, word, error);
	}
	if (status == SDR_OK && hosts->count == 0) {
		sdr_error_set(error, 0, "the list has no hosts; a host a line is right");
		status = SDR_EINVAL;
	}
	return status;
}

/* The options as they were typed, for the line that adds one target again. */
static const char *options_text(const struct sdr_call *call, struct sdr_request *request)
{
	const char *line = "ping";
	for (size_t i = 0; line && i < call->count; i++) {
		const struct sdr_arg *arg = &call->args[i];
		char value[512] = "";
		if (!arg->option || (arg->text && sdr_word_quote(value, sizeof(value), arg->text) >= sizeof(value)))
			continue;
		line = sdr_request_text(request, "%s --%s%s%s", line, arg->option->name, arg->text ? " " : "", value);
	}
	return line;
}

static struct sdr_spec common_spec(const struct sdr_call *call)
{
	struct sdr_spec spec = {.type = sdr_probe_find("ping"), .server = sdr_call_text(call, "server")};
	spec.family = sdr_call_has(call, "ipv4") ? 4 : sdr_call_has(call, "ipv6") ? 6 : 0;
	spec.interval = sdr_call_number(call, "interval", SDR_SECOND);
	spec.timeout = sdr_call_number(call, "timeout", 0);
	spec.count = (uint64_t)sdr_call_number(call, "count", 0);
	spec.ping = (struct sdr_ping_options){
		.size = (uint32_t)sdr_call_number(call, "size", 0),
		.has_size = sdr_call_has(call, "size"),
		.hop_limit = (uint8_t)sdr_call_number(call, "ttl", 0),
		.tos = (uint8_t)sdr_call_number(call, "tos", 0),
		.interface = sdr_call_text(call, "source"),
		.late_notice = sdr_call_has(call, "outstanding"),
		.stamps = sdr_call_has(call, "timestamps"),
		.numeric = sdr_call_has(call, "numeric"),
	};
	return spec;
}

static enum sdr_status fill_specs(const struct sdr_call *call, const struct hosts *hosts, struct sdr_spec *specs)
{
	const struct sdr_spec spec = common_spec(call);
	const char *options = options_text(call, hosts->request);
	for (size_t i = 0; options && i < hosts->count; i++) {
		char quoted[SDR_HOST_TEXT * 4 + 8];
		specs[i] = spec;
		specs[i].target = specs[i].host = hosts->names[i];
		if (sdr_word_quote(quoted, sizeof(quoted), hosts->names[i]) < sizeof(quoted))
			specs[i].line = sdr_request_text(hosts->request, "%s %s", options, quoted);
	}
	return options ? SDR_OK : SDR_ENOMEM;
}

static enum sdr_status make(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct hosts hosts = {.request = request};
	if (sdr_call_has(call, "ipv4") && sdr_call_has(call, "ipv6")) {
		sdr_error_set(error, 0, "-4 and -6 exclude each other; without either, the name's first address is taken");
		return SDR_EINVAL;
	}
	enum sdr_status status = take_words(call, &hosts, error);
	if (status != SDR_OK)
		return status;
	struct sdr_spec *specs = sdr_request_alloc(request, hosts.count * sizeof(*specs));
	if (!specs || fill_specs(call, &hosts, specs) != SDR_OK)
		return SDR_ENOMEM;
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){
		.specs = specs,
		.count = hosts.count,
		.rate = (uint32_t)sdr_call_number(call, "rate", 0),
		.deadline = sdr_call_number(call, "deadline", 0),
		.quiet = sdr_call_has(call, "quiet"),
		.numeric = sdr_call_has(call, "numeric"),
		.stamps = sdr_call_has(call, "timestamps"),
		.names_must_exist = true,
	};
	return SDR_OK;
}

static const char *const examples[] = {
	"ping db1",
	"once a second, until stopped",
	"ping -c 3 192.0.2.1 2001:db8::1",
	"three times each, with a summary",
	"ping -i 5s @hosts.txt",
	"every host of a list, every five seconds",
	"ping --rate 20000 -c 1 -q - <hosts.txt",
	"a sweep over many hosts, summaries only",
	NULL,
};

const struct sdr_command cmd_ping = {
	.name = "ping",
	.arguments = "HOST...|@FILE|-",
	.sentence = "send ICMP echo requests and time the answers",
	.details =
		"Goes on until stopped, unless -c says otherwise. Lines and summary are those of iputils' ping; several hosts run at once, "
		"a "
		"summary each. @FILE and - (stdin) read a list, a host a line, # begins a comment. All targets together are paced to 1,000 "
		"probes a second, spread evenly; --rate changes that. Broadcast and multicast addresses are refused.\n\n"
		"Exit status: 0 if every host answered, 1 if one did not, 2 for an unknown host, a local fault or no permission.",
	.examples = examples,
	.options = {own_options, sdr_options_repeat, sdr_options_names, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.complete = SDR_COMPLETE_HOST,
	.make = make,
};
