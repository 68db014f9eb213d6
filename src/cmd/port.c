/* port.c - `port [tcp|udp|sctp|dccp|ddp] WHAT...`: which service is at a port, which port a service
 * has, who listens there. RFC 6335. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/port_row.h"
#include "sounder/app.h"
#include "sounder/privilege.h"

/* Bytes of a question; no service's name or description is longer than that. */
#define WORD_MAX 256

/* How a question is put. */
enum how { BY_NUMBER, BY_RANGE, BY_NAME, BY_LIKENESS };

struct question {
	char what[WORD_MAX]; /* without its transport */
	unsigned transports; /* bits 1 << enum sdr_transport */
	enum how how;
	struct sdr_port_range range; /* BY_NUMBER, BY_RANGE */
	bool fuzzy;                  /* BY_LIKENESS */
};

/* What answers a question. */
struct work {
	const struct sdr_call *call;
	struct sdr_registry *registry;
	const struct sdr_answers *answers;
	const struct question *question;
	struct sdr_error unseen; /* what could not be read; "" while all could */
};

/* "443/tcp": takes the transport off. */
static void take_suffix(struct question *question)
{
	char *slash = strrchr(question->what, '/');
	enum sdr_transport transport;
	if (!slash || slash == question->what || !sdr_transport_find(slash + 1, &transport))
		return;
	*slash = '\0';
	question->transports = 1U << transport;
}

/* "tcp telnet" as one line of standard input: takes the transport off. */
static const char *take_prefix(const char *word, struct question *question)
{
	char first[8];
	enum sdr_transport transport;
	size_t length = strcspn(word, " \t");
	const char *rest = word + length + strspn(word + length, " \t");
	if (rest[0] == '\0' || length >= sizeof(first))
		return word;
	snprintf(first, sizeof(first), "%.*s", (int)length, word);
	if (!sdr_transport_find(first, &transport))
		return word;
	question->transports = 1U << transport;
	return rest;
}

static enum sdr_status read_question(const struct sdr_call *call, const char *word,
	struct question *question, struct sdr_error *error)
{
	enum sdr_transport transport;
	*question = (struct question){
		.transports = SDR_TRANSPORTS_ALL, .fuzzy = sdr_call_has(call, "fuzzy")};
	if (sdr_call_words(call) > 1 && sdr_transport_find(sdr_call_word(call, 0), &transport))
		question->transports = 1U << transport;
	word = take_prefix(word, question);
	size_t length = (size_t)snprintf(question->what, sizeof(question->what), "%s", word);
	while (length < sizeof(question->what) && length > 0 &&
		strchr(" \t", question->what[length - 1]))
		question->what[--length] = '\0';
	take_suffix(question);
	if (question->what[0] == '\0') {
		sdr_error_set(error, 0,
			"a port or a service is missing; give a number from 0 to 65535, "
			"a range such as 6000-6010, or a name such as http");
		return SDR_EINVAL;
	}
	bool digits = question->what[strspn(question->what, "0123456789")] == '\0';
	bool range = question->what[0] >= '0' && question->what[0] <= '9' &&
		question->what[strspn(question->what, "0123456789-")] == '\0';
	if (question->fuzzy || sdr_call_has(call, "like"))
		question->how = BY_LIKENESS;
	else
		question->how = digits ? BY_NUMBER : range ? BY_RANGE : BY_NAME;
	if (question->how != BY_NUMBER && question->how != BY_RANGE)
		return SDR_OK;
	return sdr_port_range_parse(question->what, &question->range, error);
}

/* Rows that answer the question, as indexes; a new array of *count, which the caller frees. NULL
 * when out of memory. */
static size_t *find(struct sdr_registry *registry, const struct question *question, size_t *count)
{
	size_t rows = sdr_registry_port_count(registry);
	size_t *indexes = malloc((rows + 1) * sizeof(*indexes));
	if (!indexes)
		return NULL;
	if (question->how == BY_NUMBER)
		*count = sdr_registry_port_by_number(
			registry, question->range.first, question->transports, indexes, rows);
	else if (question->how == BY_RANGE)
		*count = sdr_registry_port_by_range(
			registry, &question->range, question->transports, indexes, rows);
	else
		*count = sdr_registry_port_by_name(
			registry, question->what, question->transports, indexes, rows);
	return indexes;
}

static size_t *find_alike(
	struct sdr_registry *registry, const struct question *question, size_t *count)
{
	size_t rows = sdr_registry_port_count(registry);
	struct sdr_port_query query = {question->what, question->transports, question->fuzzy};
	struct sdr_port_match *matches = malloc((rows + 1) * sizeof(*matches));
	size_t *indexes = malloc((rows + 1) * sizeof(*indexes));
	if (matches && indexes) {
		*count = sdr_registry_port_search(registry, &query, matches, rows);
		*count = *count == SIZE_MAX ? 0 : *count; /* see sdr_registry_ports_why */
		for (size_t i = 0; i < *count; i++)
			indexes[i] = matches[i].index;
	} else {
		free(indexes);
		indexes = NULL;
	}
	free(matches);
	return indexes;
}

static bool emit(struct work *work, const struct sdr_port_row *row, struct sdr_error *error)
{
	bool getent = sdr_call_has(work->call, "getent");
	if (getent && row->name[0] == '\0')
		return true;
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet)
		(void)sdr_port_row_fill(
			sdr_sheet_root(sheet), getent ? NULL : work->call->app, row, &work->unseen);
	return sdr_answers_emit(work->answers, sheet, error);
}

/* Describes a port without a row: its range, and who uses it anyway. */
static void format_more(struct work *work, char *out, size_t size)
{
	uint16_t port = work->question->range.first, first = 0, last = 0;
	struct sdr_listeners *listeners = sdr_port_row_listeners(work->call->app, port);
	const struct sdr_listener *listener =
		sdr_listeners_at(listeners, sdr_listeners_find(listeners, port));
	bool ephemeral = sdr_listeners_ephemeral(&first, &last, &work->unseen) == SDR_OK &&
		port >= first && port <= last;
	(void)!sdr_listeners_look(listeners, work->question->transports, &work->unseen);
	int used = snprintf(out, size, "; it is a %s port", sdr_port_range_name(port));
	if (port == 0)
		used += snprintf(out + used, size - (size_t)used,
			": no packet bears it, and a program that binds to it "
			"is given a free one (RFC 6335 sec. 6)");
	if (ephemeral)
		used += snprintf(out + used, size - (size_t)used,
			", one that this host gives to outgoing connections (%u-%u)", first, last);
	if (!listener || listener->endpoint.port != port)
		return;
	snprintf(out + used, size - (size_t)used, ", and %s listens here with %s",
		listener->pid != 0 ? listener->process : "a program",
		sdr_transport_name(listener->transport));
}

/* Reports that nothing matched, and with which transport it would have. */
static void set_nothing(struct work *work, struct sdr_error *error)
{
	const struct question *question = work->question;
	struct question any = *question;
	struct sdr_port_row row;
	char more[200] = "";
	const char *what = question->how == BY_NUMBER ? "port"
		: question->how == BY_RANGE           ? "range"
						      : "service";
	size_t others = 0;
	any.transports = SDR_TRANSPORTS_ALL;
	if (question->how == BY_LIKENESS) {
		sdr_error_set(error, 0,
			"no service has \"%.80s\" in its name, aliases or "
			"description; fewer letters%s find more",
			question->what, question->fuzzy ? "" : ", or --fuzzy,");
		return;
	}
	size_t *indexes = find(work->registry, &any, &others);
	if (!indexes)
		sdr_error_set(&work->unseen, 0, "%s", sdr_status_text(SDR_ENOMEM));
	bool other = indexes && others > 0 && sdr_registry_port(work->registry, indexes[0], &row);
	free(indexes);
	if (question->how == BY_NUMBER)
		format_more(work, more, sizeof(more));
	if (other)
		sdr_error_set(error, 0,
			"%s \"%.80s\" is not assigned with this protocol, but with %s", what,
			question->what, sdr_transport_name(row.transport));
	else
		sdr_error_set(error, 0,
			"%s \"%.80s\" is neither in this system's "
			"services file nor assigned by IANA%s",
			what, question->what, more);
}

static enum sdr_exit emit_all(struct work *work, struct sdr_error *error)
{
	struct sdr_port_row row;
	size_t count = 0, i = 0;
	bool alike = work->question->how == BY_LIKENESS;
	size_t *indexes = alike ? find_alike(work->registry, work->question, &count)
				: find(work->registry, work->question, &count);
	bool whole = indexes;
	for (; whole && i < count; i++)
		whole = sdr_registry_port(work->registry, indexes[i], &row) &&
			emit(work, &row, error);
	free(indexes);
	if (!whole) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_EXIT_FAIL;
	}
	if (sdr_registry_ports_why(work->registry)[0] != '\0')
		sdr_error_set(&work->unseen, 0, "%s", sdr_registry_ports_why(work->registry));
	else if (count == 0)
		set_nothing(work, error);
	if (work->unseen.text[0] != '\0') {
		*error = work->unseen;
		return SDR_EXIT_FAIL;
	}
	return count > 0 ? SDR_EXIT_YES : SDR_EXIT_NO;
}

/* The transport before the words is not one of them. */
static bool is_prefix(const struct sdr_call *call, const char *word)
{
	enum sdr_transport transport;
	return sdr_call_words(call) > 1 && word == sdr_call_word(call, 0) &&
		sdr_transport_find(word, &transport);
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct question question;
	struct work work = {call, sdr_app_registry(call->app), answers, &question, {0}};
	if (is_prefix(call, word))
		return SDR_EXIT_YES;
	if (read_question(call, word, &question, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	(void)sdr_registry_refresh(work.registry);
	return emit_all(&work, error);
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	if (sdr_call_has(call, "getent"))
		sdr_port_row_getent(out, root);
	else
		sdr_port_row_print(out, root);
}

/* "icmp 80": a protocol, but none with ports, stands where tcp or udp may. */
static bool is_portless(const struct sdr_call *call)
{
	struct sdr_registry *registry = sdr_app_registry(call->app);
	const char *first = sdr_call_word(call, 0);
	struct sdr_protocol_row row;
	enum sdr_transport transport;
	size_t found;
	if (sdr_call_words(call) < 2 || sdr_transport_find(first, &transport) ||
		sdr_call_has(call, "like") || sdr_call_has(call, "fuzzy"))
		return false;
	if (sdr_registry_port_by_name(registry, first, SDR_TRANSPORTS_ALL, &found, 1) > 0)
		return false;
	for (size_t i = 0; sdr_registry_protocol(registry, i, &row); i++)
		if (sdr_registry_protocol_is(&row, first))
			return true;
	return false;
}

static enum sdr_status check(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)request;
	if (sdr_call_has(call, "like") && sdr_call_has(call, "fuzzy")) {
		sdr_error_set(error, 0,
			"--like and --fuzzy together; --fuzzy finds what "
			"--like finds, and more: give one of them");
		return SDR_EINVAL;
	}
	if (is_portless(call)) {
		sdr_error_set(error, 0,
			"\"%.80s\" is no transport with ports; before the "
			"port may stand tcp, udp, sctp, dccp or ddp",
			sdr_call_word(call, 0));
		return SDR_EINVAL;
	}
	return SDR_OK;
}

static const char *const examples[] = {
	"port tcp telnet",
	"the TCP port of telnet: 23",
	"port 443",
	"all that is assigned to port 443, with any protocol, and who listens there on this host",
	"port 6000-6010",
	"all that is assigned within a range",
	"port --like kerberos",
	"services with the text in their name, aliases or description",
	"port --fuzzy htpps",
	"services whose names are a slip of the finger away",
	"port --getent 53/udp",
	"rows in the form of getent, for scripts",
	"port --json domain",
	"a JSON object for each row that matches",
	NULL,
};

const struct sdr_command cmd_port = {
	.name = "port",
	.arguments = "[tcp|udp|sctp|dccp|ddp] NAME|NUMBER|RANGE...",
	.sentence = "show the port of a service, or the services of a port, and who listens there",
	.details = "Looks among your own labels in ~/.config/sounder/services, which has the "
		   "form of /etc/services (source: user), in the system's services file "
		   "(source: system), then in IANA's registry, which is compiled in "
		   "(source: iana). A name may be an alias, and upper case counts as "
		   "lower; a protocol may also stand behind it, as in 53/udp. "
		   "All rows that match are shown; none ends in exit code "
		   "1, and a file that can't be read in 2.\n\n"
		   "Below a row stands which program listens on this host. "
		   "Programs of other users are named only to who has "
		   "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as root has. "
		   "Ports that this host gives to outgoing connections are marked as ephemeral.\n\n"
		   "\"-\" reads questions from standard input, one a line.",
	.examples = examples,
	.options = {sdr_options_search, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_REGISTRY | SDR_PART_LISTENERS,
	.privileges = SDR_PRIVILEGE_SOCKET_OWNERS,
	.complete = SDR_COMPLETE_PORT,
	.lookup = {.each_word = true, .answer = answer, .print = print},
	.make = check,
};
