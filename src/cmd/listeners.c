/* listeners.c - `listeners [tcp|udp|sctp] [NAME|NUMBER|RANGE]`: which programs of this host wait
 * for others. sock_diag(7). */
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"
#include "cmd/options.h"
#include "cmd/port_row.h"
#include "sounder/app.h"
#include "sounder/privilege.h"

/* Which ones to show. */
struct wanted {
	const char *what;    /* as typed; NULL: all */
	unsigned transports; /* bits 1 << enum sdr_transport */
	struct sdr_port_range range;
	bool by_name; /* `range` is not used: the port of each transport is asked for */
};

static enum sdr_status read_wanted(
	const struct sdr_call *call, struct wanted *wanted, struct sdr_error *error)
{
	const char *first = sdr_call_word(call, 0), *second = sdr_call_word(call, 1);
	enum sdr_transport transport;
	*wanted = (struct wanted){
		.what = first, .transports = SDR_TRANSPORTS_ALL, .range = {0, UINT16_MAX}};
	if (first && sdr_transport_find(first, &transport)) {
		wanted->transports = 1U << transport;
		wanted->what = second;
	} else if (second) {
		sdr_error_set(error, 0,
			"\"%.80s\" is no transport with ports; before "
			"the port may stand tcp, udp or sctp",
			first);
		return SDR_EINVAL;
	}
	if (!wanted->what)
		return SDR_OK;
	if (wanted->what[0] == '\0') {
		sdr_error_set(error, 0,
			"a port or a service is missing; give a number from 0 to 65535, "
			"a range such as 6000-6010, or a name such as http");
		return SDR_EINVAL;
	}
	wanted->by_name =
		wanted->what[strspn(wanted->what, "0123456789-")] != '\0' || wanted->what[0] == '-';
	return wanted->by_name ? SDR_OK : sdr_port_range_parse(wanted->what, &wanted->range, error);
}

/* The row that best describes a port: the first by source. */
static bool find_row(struct sdr_registry *registry, const struct sdr_listener *listener,
	struct sdr_port_row *row)
{
	size_t index;
	return sdr_registry_port_by_number(registry, listener->endpoint.port,
		       1U << listener->transport, &index, 1) > 0 &&
		sdr_registry_port(registry, index, row);
}

static bool is_wanted(struct sdr_registry *registry, const struct wanted *wanted,
	const struct sdr_listener *listener)
{
	uint16_t port;
	if ((wanted->transports >> listener->transport & 1) == 0)
		return false;
	if (!wanted->by_name)
		return listener->endpoint.port >= wanted->range.first &&
			listener->endpoint.port <= wanted->range.last;
	return sdr_registry_service_port(
		       registry, wanted->what, listener->transport, &port, NULL) == SDR_OK &&
		port == listener->endpoint.port;
}

/* Prints a row. */
struct showing {
	const struct sdr_call *call;
	const struct sdr_listeners *listeners;
	struct sdr_error unseen; /* what could not be read; "" while all could */
};

static void fill(
	struct sdr_item *root, struct showing *showing, const struct sdr_listener *listener)
{
	struct sdr_port_row row;
	(void)sdr_port_row_listener(root, showing->listeners, listener, &showing->unseen);
	sdr_about_text(root, "service", "Service",
		find_row(sdr_app_registry(showing->call->app), listener, &row) ? row.name : NULL);
}

/* A name that no transport has is a mistake, not a port without listeners. */
static bool is_known(
	struct sdr_registry *registry, const struct wanted *wanted, struct sdr_error *error)
{
	size_t index;
	if (!wanted->by_name)
		return true;
	bool known = sdr_registry_port_by_name(
			     registry, wanted->what, wanted->transports, &index, 1) > 0;
	if (sdr_registry_ports_why(registry)[0] != '\0') { /* it may have another port */
		sdr_error_set(error, 0, "%s", sdr_registry_ports_why(registry));
		return false;
	}
	if (known)
		return true;
	sdr_error_set(error, 0,
		"\"%.80s\" is no service known by name; give a port from 0 to "
		"65535, a range such as 6000-6010, or a name such as http",
		wanted->what);
	return false;
}

/* What is known of the requested transports is shown; what could not be read is reported after
 * it. */
static enum sdr_exit emit_all(const struct sdr_call *call, const struct wanted *wanted,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_registry *registry = sdr_app_registry(call->app);
	struct showing showing = {call, sdr_port_row_listeners(call->app, 0), {0}};
	const struct sdr_listener *listener;
	bool found = false;
	for (size_t i = 0; (listener = sdr_listeners_at(showing.listeners, i)); i++) {
		if (!is_wanted(registry, wanted, listener))
			continue;
		found = true;
		struct sdr_sheet *sheet = sdr_sheet_new();
		if (sheet)
			fill(sdr_sheet_root(sheet), &showing, listener);
		if (!sdr_answers_emit(answers, sheet, error))
			return SDR_EXIT_FAIL;
	}
	(void)!sdr_listeners_look(showing.listeners, wanted->transports, &showing.unseen);
	if (sdr_registry_ports_why(registry)[0] != '\0')
		sdr_error_set(&showing.unseen, 0, "%s", sdr_registry_ports_why(registry));
	if (showing.unseen.text[0] != '\0') {
		*error = showing.unseen;
		return SDR_EXIT_FAIL;
	}
	if (!found)
		sdr_error_set(error, 0, "nobody listens here%s%.80s", wanted->what ? " on " : "",
			wanted->what ? wanted->what : "");
	return found ? SDR_EXIT_YES : SDR_EXIT_NO;
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct wanted wanted;
	(void)word;
	struct sdr_registry *registry = sdr_app_registry(call->app);
	(void)sdr_registry_refresh(registry);
	if (read_wanted(call, &wanted, error) != SDR_OK || !is_known(registry, &wanted, error))
		return SDR_EXIT_FAIL;
	return emit_all(call, &wanted, answers, error);
}

/* The endpoint as one types it: [::]:22. */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	char endpoint[SDR_ENDPOINT_TEXT], program[SDR_PROGRAM_TEXT];
	const char *address = sdr_item_string(root, "address", ""),
		   *service = sdr_item_string(root, "service", "");
	bool six = strchr(address, ':');
	(void)call;
	snprintf(endpoint, sizeof(endpoint), "%s%s%s:%d", six ? "[" : "", address, six ? "]" : "",
		(int)sdr_item_find(root, "port")->value.integer);
	sdr_out_put(out, SDR_TONE_PLAIN, "%-4s  ", sdr_item_string(root, "transport", ""));
	sdr_out_put(out, SDR_TONE_STRONG, "%-21s", endpoint);
	sdr_out_line(out, SDR_TONE_PLAIN, "  %-16s  %s", service[0] != '\0' ? service : "-",
		sdr_port_row_program(root, program, sizeof(program)));
}

static const char *const examples[] = {
	"listeners",
	"all sockets of this host that wait for others, by port",
	"listeners tcp ssh",
	"who listens on TCP port 22",
	"listeners --json 8000-8999",
	"a JSON object for each socket within a range of ports",
	NULL,
};

const struct sdr_command cmd_listeners = {
	.name = "listeners",
	.arguments = "[tcp|udp|sctp] [NAME|NUMBER|RANGE]",
	.sentence = "show which programs of this host listen",
	.details = "Shows TCP and SCTP sockets that listen and UDP sockets that are "
		   "bound but not connected, with the program that holds each. "
		   "Programs of other users are named only with "
		   "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as root has. "
		   "The exit code is 1 if nobody listens; what could "
		   "not be read is named, and it is 2.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 0,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_REGISTRY | SDR_PART_LISTENERS,
	.privileges = SDR_PRIVILEGE_SOCKET_OWNERS,
	.complete = SDR_COMPLETE_PORT,
	.lookup = {.answer = answer, .print = print},
};
