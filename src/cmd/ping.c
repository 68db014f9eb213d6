/* ping.c - `ping`: ICMP echo to one host or to a hundred thousand, with iputils' options and text.
 * RFC 792, RFC 4443. */
#include <string.h>

#include "cmd/host_words.h"
#include "cmd/leave.h"
#include "cmd/options.h"
#include "cmd/probe_options.h"
#include "cmd/repeat.h"
#include "sounder/line.h"
#include "sounder/probe_options.h"

static const struct sdr_option own_options[] = {
	{"size", 's', SDR_OPTION_INTEGER, "BYTES", "payload of each request; 56 unless given", 0,
		65507},
	{"ttl", 't', SDR_OPTION_INTEGER, "HOPS", "time to live (hop limit) of each request", 1,
		255},
	{"tos", 'Q', SDR_OPTION_TEXT, "N|NAME",
		"type of service: 0 to 255 (0x too), or a DSCP by name: ef, af41, cs6, le, va", 0,
		0},
	{"pattern", 'p', SDR_OPTION_TEXT, "HEX", "fill payloads with these bytes, up to 16", 0, 0},
	{"mtu-discovery", 'M', SDR_OPTION_TEXT, "do|dont|want|probe",
		"whether packets may be fragmented: do forbids it", 0, 0},
	{"broadcast", 'b', SDR_OPTION_FLAG, NULL,
		"take broadcast, multicast and network addresses as targets, too", 0, 0},
	{"tcp", 0, SDR_OPTION_TEXT, "PORT",
		"time TCP connects to this port instead, where ICMP is filtered or not permitted",
		0, 0,
		.excludes =
			"udp-echo size pattern mtu-discovery broadcast outstanding find-mtu sweep"},
	{"udp-echo", 0, SDR_OPTION_TEXT, "PORT", "ask an echo service (RFC 862) over UDP instead",
		0, 0, .excludes = "pattern mtu-discovery broadcast outstanding find-mtu sweep"},
	{"find-mtu", 0, SDR_OPTION_FLAG, NULL,
		"look for the largest packet that gets through unbroken", 0, 0,
		.excludes =
			"all-addresses count interval deadline until fail-over fping all-times "
			"sweep size mtu-discovery pattern outstanding timestamps rate quiet csv "
			"group"},
	{"fail-over", 0, SDR_OPTION_INTEGER, "PERCENT",
		"fail if a host lost more than this; what could not be sent is lost, too", 0, 100,
		.where = SDR_WHERE_SHELL, .excludes = "until"},
	{"fping", 0, SDR_OPTION_FLAG, NULL,
		"print and exit as fping does; without -c: which hosts are alive?", 0, 0,
		.where = SDR_WHERE_SHELL},
	{"all-times", 'C', SDR_OPTION_INTEGER, "N",
		"fping's -C: N probes, and every round trip in the summary", 1, 1000000,
		.where = SDR_WHERE_SHELL, .excludes = "count"},
	{"source", 'I', SDR_OPTION_TEXT, "ADDRESS|INTERFACE", "send from this address or interface",
		0, 0},
	{"quiet", 'q', SDR_OPTION_FLAG, NULL, "print summaries only", 0, 0,
		.where = SDR_WHERE_SHELL},
	{"numeric", 'n', SDR_OPTION_FLAG, NULL, "show addresses, no names", 0, 0,
		.where = SDR_WHERE_SHELL},
	{"timestamps", 'D', SDR_OPTION_FLAG, NULL, "put the time of day before each line", 0, 0,
		.where = SDR_WHERE_SHELL},
	{"outstanding", 'O', SDR_OPTION_FLAG, NULL,
		"report a probe without an answer yet when the next one leaves", 0, 0,
		.where = SDR_WHERE_SHELL},
	{"sweep", 0, SDR_OPTION_FLAG, NULL,
		"ask each host once, as fast as this one can send: which are alive?", 0, 0,
		.excludes = "interval until fail-over outstanding timestamps all-times group"},
	{"rate", 0, SDR_OPTION_INTEGER, "N",
		"probes a second over all targets at most; 1000 unless given", 1, 1000000},
	{NULL},
};

/* Finds `word` among words, NULL-terminated. Without a word: 0, else 1 and up. */
static enum sdr_status read_choice(const struct sdr_call *call, const char *option,
	const char *const *words, uint8_t *choice, struct sdr_error *error)
{
	const char *word = sdr_call_text(call, option);
	*choice = 0;
	if (!word)
		return SDR_OK;
	for (uint8_t i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0) {
			*choice = (uint8_t)(i + 1);
			return SDR_OK;
		}
	sdr_error_set(error, 0, "--%s %.40s: %s or %s is right, see \"help ping\"", option, word,
		words[0], words[1]);
	return SDR_EINVAL;
}

/* Has the hosts asked by TCP or UDP instead. */
static enum sdr_status read_transport(
	const struct sdr_call *call, struct sdr_spec *spec, struct sdr_error *error)
{
	bool tcp = sdr_call_has(call, "tcp");
	if (!tcp && !sdr_call_has(call, "udp-echo"))
		return SDR_OK;
	enum sdr_status status = sdr_leave_port(
		call, tcp ? "tcp" : "udp-echo", tcp ? SDR_TCP : SDR_UDP, &spec->port, error);
	if (status != SDR_OK)
		return status;
	spec->type = sdr_probe_find(tcp ? "tcp" : "echo");
	spec->udp = !tcp;
	return SDR_OK;
}

/* fping without a count asks which are alive. */
static bool is_sweep(const struct sdr_call *call)
{
	bool counts = sdr_call_has(call, "count") || sdr_call_has(call, "all-times") ||
		sdr_call_has(call, "until");
	return sdr_call_has(call, "sweep") || (sdr_call_has(call, "fping") && !counts);
}

static struct sdr_spec common_spec(const struct sdr_call *call)
{
	struct sdr_spec spec = {
		.type = sdr_probe_find("ping"), .server = sdr_call_text(call, "server")};
	spec.family = sdr_leave_family(call);
	spec.all_addresses = sdr_call_has(call, "all-addresses");
	spec.interval = sdr_call_number(call, "interval", SDR_SECOND);
	spec.timeout = sdr_call_number(call, "timeout", 0);
	spec.count = (uint64_t)sdr_call_number(call, "count", 0);
	if (sdr_call_has(call, "all-times"))
		spec.count = (uint64_t)sdr_call_number(call, "all-times", 0);
	if (is_sweep(call)) {
		spec.interval = 0;
		spec.count = 1;
	}
	spec.hop_limit = (uint8_t)sdr_call_number(call, "ttl", 0);
	spec.broadcast = sdr_call_has(call, "broadcast");
	spec.source = sdr_call_text(call, "source");
	return spec;
}

/* What ICMP alone has. */
static enum sdr_status read_icmp(const struct sdr_call *call, struct sdr_request *request,
	struct sdr_spec *spec, bool several, struct sdr_error *error)
{
	static const char *const fragments[] = {
		"do", "dont", "want", "probe", NULL}; /* in the order of enum sdr_fragment */
	struct sdr_ping_options *options = sdr_request_alloc(request, sizeof(*options));
	if (!options)
		return SDR_ENOMEM;
	*options = (struct sdr_ping_options){
		.size = (uint32_t)sdr_call_number(call, "size", 0),
		.has_size = sdr_call_has(call, "size"),
		.pattern = sdr_call_text(call, "pattern"),
		.late_notice = sdr_call_has(call, "outstanding"),
		.stamps = sdr_call_has(call, "timestamps"),
		.numeric = sdr_call_has(call, "numeric"),
		.several = several,
	};
	spec->options = options;
	return read_choice(call, "mtu-discovery", fragments, &options->fragment, error);
}

/* What needs more than a look. */
static enum sdr_status read_more(
	const struct sdr_call *call, struct sdr_spec *spec, struct sdr_error *error)
{
	if (sdr_call_has(call, "sweep") &&
		(spec->count != 1 || sdr_call_number(call, "count", 1) != 1)) {
		sdr_error_set(error, 0, "--sweep asks each host once; leave out --count");
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_leave_tos(sdr_call_text(call, "tos"), &spec->tos, error);
	return status == SDR_OK ? read_transport(call, spec, error) : status;
}

static void fill_watch(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_spec *spec)
{
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){
		.specs = spec,
		.sweep = is_sweep(call),
		.find_mtu = sdr_call_has(call, "find-mtu"),
		.fping = sdr_call_has(call, "fping") || sdr_call_has(call, "all-times"),
		.fping_all = sdr_call_has(call, "all-times"),
		.rate = (uint32_t)sdr_call_number(
			call, "rate", sdr_call_has(call, "sweep") ? UINT32_MAX : 0),
		.has_loss_max = sdr_call_has(call, "fail-over"),
		.loss_max = (double)sdr_call_number(call, "fail-over", 0),
		.quiet = sdr_call_has(call, "quiet"),
		.numeric = sdr_call_has(call, "numeric"),
		.stamps = sdr_call_has(call, "timestamps"),
		.names_must_exist = true,
	};
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_hosts hosts = {.request = request, .whole = sdr_call_has(call, "broadcast")};
	enum sdr_status status = sdr_hosts_take(call, &hosts, error);
	if (status != SDR_OK)
		return status;
	struct sdr_spec *spec = sdr_request_alloc(request, sizeof(*spec));
	const char *options = sdr_request_line(request, call, false);
	if (!spec || !options)
		return SDR_ENOMEM;
	*spec = common_spec(call);
	status = read_more(call, spec, error);
	if (status == SDR_OK && strcmp(spec->type->name, "ping") == 0)
		status = read_icmp(
			call, request, spec, hosts.count > 1 || spec->all_addresses, error);
	else if (status == SDR_OK)
		status = sdr_probe_options(call, request, spec, error);
	if (status != SDR_OK)
		return status;
	fill_watch(call, request, spec);
	request->watch.names = hosts.names;
	request->watch.count = hosts.count;
	request->watch.options = options;
	return sdr_repeat_take(call, &request->watch, error);
}

static const char *const examples[] = {
	"ping db1",
	"once a second, until stopped",
	"ping -c 3 192.0.2.1 2001:db8::1",
	"three times each, with a summary",
	"ping -i 5s @hosts.txt",
	"every host of a list, every five seconds",
	"ping --sweep 10.0.0.0/16",
	"which of 65,534 hosts are alive?",
	"ping --tcp https --until up -w 5m db1",
	"wait until something listens there, by TCP where ICMP is filtered",
	"ping --all-addresses -6 www.example.com",
	"every IPv6 address that the name has, now and later",
	"ping -C 20 -q db1 db2",
	"as fping -C 20 -q: what SmokePing reads",
	NULL,
};

const struct sdr_command cmd_ping = {
	.name = "ping",
	.arguments = "HOST...|NETWORK/LENGTH|FIRST-LAST|@FILE|-",
	.sentence = "send ICMP echo requests and time the answers",
	.details = "Continues until stopped, unless -c is given. "
		   "Lines and summary are those of iputils' ping; several hosts run at once, a "
		   "summary each. 10.0.0.0/24 and 10.0.0.1-10.0.0.9 stand for the hosts in them; "
		   "@FILE and - (stdin; on the dashboard a field for lines) read a list of all "
		   "these, # begins a comment. "
		   "All targets together are paced to 1,000 probes a "
		   "second, spread evenly; --rate changes that. "
		   "Broadcast, multicast and network addresses are refused unless -b is given.\n\n"
		   "With --tcp and --udp-echo -I, -t and -Q hold as well; by TCP the first "
		   "of a name's addresses that answers counts, and dead ones before it are "
		   "named; by UDP the next is asked where one can't be.\n\n"
		   "A name stands for its first address, by the system's order. "
		   "With --all-addresses it stands for all of them (-4 and -6 choose), 64 at "
		   "most, each a target with lines and a summary of its own. "
		   "The name is resolved again when its TTL expires (after 5 "
		   "seconds at least): an address that is new joins, one that is "
		   "gone ends; a lookup that fails changes nothing.\n\n"
		   "A probe that could not leave this host counts: ping's text counts it as "
		   "lost, as iputils does; data has transmitted = received + lost + local + "
		   "in_flight, loss_percent of those that left and unsent_percent; and as the "
		   "dashboard has them percentiles, jitter, `windows` of 10 s, 1 and 10 min, and "
		   "`outages` (from when, to when, how long, why). "
		   "Its cause is shown: which interface is down, which "
		   "address is gone, whose MTU is too small. "
		   "An interface named by -I may go and come back.\n\n"
		   "With --until a host's first answer makes it up, and lost probes in a row make "
		   "it DOWN, as on the dashboard (`set losses`, or --losses; after DOWN `set "
		   "replies` answers in a row). --until up waits for the name to be found, too.\n\n"
		   "Exit status: 0 if every host answered, 1 if one did not, 2 for an unknown "
		   "host, a probe that could not leave or no permission. --fail-over and "
		   "--until set what counts instead; --fping and -C exit as fping does: 1 "
		   "some did not answer, 2 unknown host, 3 usage, 4 a local fault.",
	.examples = examples,
	.options = {own_options, sdr_options_addresses, sdr_options_repeat, sdr_options_names,
		sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_HOST,
	.takes_targets = true,
	.make = make,
};
