/* path.c - `path`: who is on the way to a host, and where loss begins. */
#include "cmd/host_words.h"
#include "cmd/leave.h"
#include "cmd/options.h"
#include "cmd/probe_options.h"
#include "cmd/repeat.h"
#include "sounder/app.h"
#include "sounder/line.h"
#include "sounder/privilege.h"

#define ROUNDS 3
#define REPORT_ROUNDS 10 /* as mtr has it */

static const struct sdr_option own_options[] = {
	{"udp", 0, SDR_OPTION_FLAG, NULL, "probe by UDP, from and to fixed ports", 0, 0},
	{"tcp", 0, SDR_OPTION_TEXT, "PORT",
		"probe by TCP handshakes with this port, where all else is filtered", 0, 0,
		.excludes = "udp size port mtu"},
	{"port", 'P', SDR_OPTION_INTEGER, "N", "the UDP port to probe; 33434 unless given", 1,
		65535},
	{"report", 'r', SDR_OPTION_FLAG, NULL,
		"print what mtr --report prints, after 10 rounds unless -c", 0, 0,
		.where = SDR_WHERE_SHELL, .excludes = "json csv"},
	{"report-wide", 0, SDR_OPTION_FLAG, NULL, "the same, with no name cut", 0, 0,
		.where = SDR_WHERE_SHELL, .excludes = "json csv"},
	{"tos", 'Q', SDR_OPTION_TEXT, "N|NAME",
		"type of service: 0 to 255 (0x too), or a DSCP by name: ef, af41, cs6, le, va", 0,
		0},
	{"source", 'I', SDR_OPTION_TEXT, "ADDRESS|INTERFACE", "send from this address or interface",
		0, 0},
	{NULL},
};

static enum sdr_status read_port(
	const struct sdr_call *call, struct sdr_spec *spec, struct sdr_error *error)
{
	spec->udp = sdr_call_has(call, "udp");
	if (sdr_call_has(call, "port") && !spec->udp) {
		sdr_error_set(error, 0,
			"--port is the port of UDP: --udp is right with it, or --tcp PORT");
		return SDR_EINVAL;
	}
	spec->port = (uint16_t)sdr_call_number(call, "port", 0);
	return sdr_leave_port(call, "tcp", SDR_TCP, &spec->port, error);
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sdr_hosts hosts = {.request = request};
	enum sdr_status status = sdr_hosts_take(call, &hosts, error);
	if (status != SDR_OK)
		return status;
	struct sdr_spec *spec = sdr_request_alloc(request, sizeof(*spec));
	const char *options = sdr_request_line(request, call, false);
	if (!spec || !options)
		return SDR_ENOMEM;
	bool endless = sdr_call_has(call, "interval") || sdr_call_has(call, "until");
	bool report = sdr_call_has(call, "report") || sdr_call_has(call, "report-wide");
	*spec = (struct sdr_spec){.type = sdr_probe_find("path"),
		.server = sdr_call_text(call, "server"),
		.source = sdr_call_text(call, "source"),
		.family = sdr_leave_family(call)};
	spec->interval = sdr_call_number(call, "interval", SDR_SECOND);
	spec->timeout = sdr_call_number(call, "timeout", 0);
	spec->count = (uint64_t)sdr_call_number(call, "count",
		endless          ? 0
			: report ? REPORT_ROUNDS
				 : ROUNDS);
	status = sdr_leave_tos(sdr_call_text(call, "tos"), &spec->tos, error);
	if (status == SDR_OK)
		status = read_port(call, spec, error);
	if (status == SDR_OK)
		status = sdr_probe_options(call, request, spec, error);
	if (status != SDR_OK)
		return status;
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){.specs = spec,
		.names = hosts.names,
		.count = hosts.count,
		.options = options,
		.mtr = report,
		.mtr_wide = sdr_call_has(call, "report-wide"),
		.quiet = report,
		.names_must_exist = true};
	return sdr_repeat_take(call, &request->watch, error);
}

static const char *const examples[] = {
	"path db1",
	"three rounds, and where loss begins",
	"path -c 100 -i 100ms db1",
	"a hundred rounds: small losses show",
	"path --tcp https www.example.com",
	"the way that the service's own packets go",
	"path --flows 8 www.example.com",
	"the ways that balancers may choose",
	NULL,
};

const struct sdr_command cmd_path = {
	.name = "path",
	.aliases = {"traceroute", "mtr"},
	.arguments = "HOST...",
	.sentence = "show each hop to a host, and where loss begins",
	.details =
		"Sends probes that may go one hop, two, three and so on; each router on the "
		"way tells that it dropped one. Needs no privileges. Three rounds, unless -c, "
		"--interval or --until says otherwise; by ICMP where this user may, else by "
		"UDP.\n\n"
		"A router need not answer, and many answer rarely: that is no loss of the "
		"path. `limits` is a hop that leaves probes unanswered which the path did not "
		"lose, `silent` one that never answered though hops behind it did. Loss is "
		"named where all that answers behind it loses as well: after which hop it "
		"begins, and by which at the latest. It may be on the way back: one end "
		"cannot tell.\n\n"
		"Where only the target loses, it may limit its answers. Then a second protocol "
		"asks it as well, once a round: a TCP handshake with port 443 (--second-port), "
		"which a closed port answers, too; by --tcp it is a ping. What loses nothing by "
		"that limits its answers; or one of several parallel links loses, to which a flow "
		"keeps: --flows 8 shows that.\n\n"
		"A router that leaves many probes unanswered is asked half as often for a while, "
		"once 30 rounds are over. What then answers as many a second limits its answers; "
		"the same share is loss, or a limit that the probes of others use up.\n\n"
		"All that balancers hash stays the same: a flow keeps to one way, and is the "
		"same at the next start. Figures are those of one path: when a hop is another "
		"router for three rounds, they begin anew.\n\n"
		"With CAP_NET_RAW (root, or setcap cap_net_raw=p) what routers quote of a probe "
		"is shown, too: another TOS than was sent (-Q), a TTL that was written anew, a "
		"NAT that left its traces. The hop that is named is the first that got it so: "
		"it or the one before did it.\n\n"
		"By TCP one hop is asked at a time, a second at most each. What a firewall of "
		"this host drops is named as such, but for TCP, of which the kernel does not "
		"tell: it looks like silence; a firewall that rejects is named there as well.\n\n"
		"Exit status: 0 the target answered, 1 it did not, 2 for everything else.",
	.examples = examples,
	.options = {own_options, sdr_options_repeat, sdr_options_names, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.effects = SDR_EFFECT_CHANGES,
	.privileges = SDR_PRIVILEGE_RAW,
	.parts = SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.takes_targets = true,
	.probe = "path",
	.make = make,
};
