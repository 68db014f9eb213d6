/* ping.c - `ping`: ICMP echo to one host or to a hundred thousand, with iputils' options and text. RFC 792, RFC 4443. */
#include "cmd/hosts.h"

static const struct sdr_option own_options[] = {
	{"size", 's', SDR_OPTION_INTEGER, "BYTES", "payload of each request; 56 unless given", 0, 65507},
	{"ttl", 't', SDR_OPTION_INTEGER, "HOPS", "time to live (hop limit) of each request", 1, 255},
	{"tos", 'Q', SDR_OPTION_INTEGER, "N", "type of service (traffic class) of each request", 0, 255},
	{"source", 'I', SDR_OPTION_TEXT, "ADDRESS|INTERFACE", "send from this address or interface", 0, 0},
	{"quiet", 'q', SDR_OPTION_FLAG, NULL, "print summaries only", 0, 0},
	{"numeric", 'n', SDR_OPTION_FLAG, NULL, "show addresses, no names", 0, 0},
	{"timestamps", 'D', SDR_OPTION_FLAG, NULL, "put the time of day before each line", 0, 0},
	{"outstanding", 'O', SDR_OPTION_FLAG, NULL, "say which probe has no answer yet as the next one leaves", 0, 0},
	{"sweep", 0, SDR_OPTION_FLAG, NULL, "ask each host once, as fast as this one can send: which are alive?", 0, 0},
	{"rate", 0, SDR_OPTION_INTEGER, "N", "probes a second over all targets at most; 1000 unless given", 1, 1000000},
	{NULL},
};

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
	if (sdr_call_has(call, "sweep")) {
		spec.interval = 0;
		spec.count = 1;
	}
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

static enum sdr_status make(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_hosts hosts = {.request = request};
	if (sdr_call_has(call, "ipv4") && sdr_call_has(call, "ipv6")) {
		sdr_error_set(error, 0, "-4 and -6 exclude each other; without either, the name's first address is taken");
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_hosts_take(call, &hosts, error);
	if (status != SDR_OK)
		return status;
	struct sdr_spec *spec = sdr_request_alloc(request, sizeof(*spec));
	const char *options = options_text(call, request);
	if (!spec || !options)
		return SDR_ENOMEM;
	*spec = common_spec(call);
	bool sweep = sdr_call_has(call, "sweep");
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){
		.specs = spec,
		.names = hosts.names,
		.options = options,
		.count = hosts.count,
		.sweep = sweep,
		.rate = (uint32_t)sdr_call_number(call, "rate", sweep ? UINT32_MAX : 0),
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
