/* serve.c - `serve`: runs the daytime and echo services. Options belong to the service word before
 * them, so the arguments are read in the order typed: each service word opens a group, and what
 * comes until the next one is its sockets and limits. */
#include <string.h>

#include "cmd/options.h"
#include "sounder/command.h"
#include "sounder/privilege.h"
#include "sounder/registry.h"

static const char *const examples[] = {
	"serve",
	"both services on loopback, on ports 13 and 7 or else 10013 and 10007",
	"serve echo --tcp 127.0.0.1:0",
	"echo over TCP on a port that the system chooses and the first line shows",
	"serve daytime --tcp 127.0.0.1:1313 --udp [::1]:1313 echo --udp 127.0.0.1:7777",
	"each socket as named",
	"serve echo --tcp 0.0.0.0:10007 --max-clients 20 --idle 10s",
	"for everyone who can reach this host, with tighter limits",
	NULL,
};

static const struct sdr_option options[] = {
	{"tcp", 0, SDR_OPTION_TEXT, "ADDR[:PORT]",
		"listen there over TCP; port 0 lets the system "
		"choose, `localhost` is 127.0.0.1 and ::1",
		0, 0, .repeats = true},
	{"udp", 0, SDR_OPTION_TEXT, "ADDR[:PORT]", "answer there over UDP", 0, 0, .repeats = true},
	{"max-clients", 0, SDR_OPTION_INTEGER, "N",
		"serve so many TCP clients at once (128; loopback: no limit)", 1, 1000000,
		.repeats = true},
	{"per-source", 0, SDR_OPTION_INTEGER, "N",
		"so many TCP clients, or UDP answers a second, of "
		"one source (10; loopback: no limit)",
		1, 1000, .repeats = true},
	{"rate", 0, SDR_OPTION_INTEGER, "N",
		"so many TCP clients (50) or UDP answers (200) a "
		"second in all (loopback: no limit)",
		1, 100000, .repeats = true},
	{"idle", 0, SDR_OPTION_DURATION, "TIME",
		"close a TCP client that sends nothing for so long (60s; loopback: never)",
		SDR_SECOND / 10, 24 * SDR_HOUR, .repeats = true},
	{"life", 0, SDR_OPTION_DURATION, "TIME",
		"close a TCP client after so long (5m; loopback: never)", SDR_SECOND / 10,
		8760 * SDR_HOUR, .repeats = true},
	{NULL},
};

/* A service word with what follows it. */
struct group {
	const struct sdr_service_type *type; /* NULL: before the first service word */
	size_t first;                        /* of its specs */
	struct sdr_service_limits limits;
};

/* What has been read so far. */
struct plan {
	struct sdr_service_spec *specs; /* room for ROOM(call->count) */
	size_t count;
	struct group group;
	struct sdr_service_limits common; /* typed before any service word: for all */
};

#define LOOPBACKS 2
#define ROOM(args) \
	(4 * ((args) + 2)) /* a word makes at most TCP and UDP on both loopback addresses */

static const struct sdr_addr loopbacks[LOOPBACKS] = {
	{.version = 4, .bytes = {127, 0, 0, 1}}, {.version = 6, .bytes = {[15] = 1}}};

static void add(struct plan *plan, enum sdr_transport transport, const struct sdr_addr *addr,
	uint16_t port, bool or_fallback)
{
	plan->specs[plan->count++] = (struct sdr_service_spec){.type = plan->group.type,
		.transport = transport,
		.local = {*addr, port},
		.or_fallback = or_fallback};
}

static void end_group(struct plan *plan)
{
	struct group *group = &plan->group;
	if (!group->type) {
		plan->common = group->limits;
		return;
	}
	if (plan->count == group->first)
		for (int i = 0; i < LOOPBACKS; i++) {
			add(plan, SDR_TCP, &loopbacks[i], group->type->port, true);
			add(plan, SDR_UDP, &loopbacks[i], group->type->port, true);
		}
	for (size_t i = group->first; i < plan->count; i++)
		plan->specs[i].limits = group->limits;
}

static void begin_group(struct plan *plan, const struct sdr_service_type *type)
{
	end_group(plan);
	plan->group = (struct group){.type = type, .first = plan->count, .limits = plan->common};
}

static enum sdr_status take_service(struct plan *plan, const char *word, struct sdr_error *error)
{
	const struct sdr_service_type *type = sdr_service_find(word);
	if (!type) {
		sdr_error_set(error, 0, "%s: no such service; daytime and echo are there", word);
		return SDR_ENOENT;
	}
	begin_group(plan, type);
	return SDR_OK;
}

static enum sdr_status take_socket(struct plan *plan, const struct sdr_arg *arg,
	enum sdr_transport transport, struct sdr_error *error)
{
	const struct sdr_service_type *type = plan->group.type;
	struct sdr_hostport parts;
	struct sdr_error inner = {0};
	struct sdr_addr addr;
	if (!type) {
		sdr_error_set(error, 0,
			"--%s %s: which service? `serve echo --%s %s` would be right",
			arg->option->name, arg->text, arg->option->name, arg->text);
		return SDR_EINVAL;
	}
	enum sdr_status status = sdr_hostport_parse(arg->text, &parts, &inner);
	uint16_t port = type->port;
	if (status == SDR_OK && parts.has_service)
		status = sdr_registry_service_port(NULL, parts.service, transport, &port, &inner);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "--%s %s: %s", arg->option->name, arg->text, inner.text);
		return status;
	}
	if (strcmp(parts.host, "localhost") == 0) {
		for (int i = 0; i < LOOPBACKS; i++)
			add(plan, transport, &loopbacks[i], port, !parts.has_service);
		return SDR_OK;
	}
	status = sdr_addr_parse(parts.host, &addr, &inner);
	if (status != SDR_OK) {
		sdr_error_set(error, 0,
			"--%s %s: an address of this host and a port are wanted, as "
			"in 127.0.0.1:%u, or 0.0.0.0:%u for everyone",
			arg->option->name, arg->text, type->fallback_port, type->fallback_port);
		return SDR_EINVAL;
	}
	add(plan, transport, &addr, port, !parts.has_service);
	return SDR_OK;
}

static void take_limit(struct plan *plan, const struct sdr_arg *arg)
{
	struct sdr_service_limits *limits = &plan->group.limits;
	const char *name = arg->option->name;
	if (strcmp(name, "max-clients") == 0)
		limits->clients_max = (uint32_t)arg->number;
	else if (strcmp(name, "per-source") == 0)
		limits->per_source_max = (uint32_t)arg->number;
	else if (strcmp(name, "rate") == 0)
		limits->accepts_per_second = limits->udp_per_second = (uint32_t)arg->number;
	else if (strcmp(name, "idle") == 0)
		limits->idle = arg->number;
	else if (strcmp(name, "life") == 0)
		limits->life = arg->number;
}

static enum sdr_status take(struct plan *plan, const struct sdr_arg *arg, struct sdr_error *error)
{
	if (!arg->option)
		return take_service(plan, arg->text, error);
	if (strcmp(arg->option->name, "tcp") == 0)
		return take_socket(plan, arg, SDR_TCP, error);
	if (strcmp(arg->option->name, "udp") == 0)
		return take_socket(plan, arg, SDR_UDP, error);
	take_limit(plan, arg);
	return SDR_OK;
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct plan plan = {
		.specs = sdr_request_alloc(request, ROOM(call->count) * sizeof(*plan.specs))};
	if (!plan.specs)
		return SDR_ENOMEM;
	for (size_t i = 0; i < call->count; i++) {
		enum sdr_status status = take(&plan, &call->args[i], error);
		if (status != SDR_OK)
			return status;
	}
	if (sdr_call_words(call) == 0) {
		const struct sdr_service_type *type;
		for (unsigned i = 0; (type = sdr_service_at(i)); i++)
			begin_group(&plan, type);
	}
	end_group(&plan);
	request->kind = SDR_REQUEST_SERVE;
	request->serve = (struct sdr_serve){.specs = plan.specs, .count = plan.count};
	return SDR_OK;
}

const struct sdr_command cmd_serve = {
	.name = "serve",
	.arguments = "[daytime|echo [--tcp ADDR:PORT] [--udp ADDR:PORT]...]...",
	.sentence = "run daytime and echo services to test against",
	.details =
		"Daytime (RFC 867) sends the time as one line and closes; echo (RFC 862) "
		"sends back what it gets, after the client's half-close too.  "
		"Options belong to the service word before them; those before any apply to all.  "
		"A service without a socket gets TCP and UDP on 127.0.0.1 and ::1, on its own "
		"port or, where that is not available, on 10013 (daytime) or 10007 (echo).\n\n"
		"On loopback the only limit is that 32 descriptors stay free.  "
		"A wider address must be named; then the limits below hold, and UDP is "
		"answered 10 times a second at most to each /24 or /56.  "
		"Datagrams from ports below 1024, from multicast and broadcast addresses and "
		"from such services themselves are dropped everywhere, since they are how "
		"forged packets make two services talk to each other for ever.\n\n"
		"SIGTERM or SIGINT ends it; the counters are printed then.\n\n"
		"Exit status: 0 when ended; 2 if a socket could not be had (the others go on).",
	.examples = examples,
	.options = {options, sdr_options_output},
	.words_min = 0,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.privileges = SDR_PRIVILEGE_BIND,
	.effects = SDR_EFFECT_CHANGES,
	.complete = SDR_COMPLETE_SERVICE,
	.make = make,
};
