/* port.c - `port [tcp|udp|sctp|dccp|ddp] NAME|NUMBER`: which service is at a port, which port a service has. RFC 6335. */
#include <stdio.h>
#include <string.h>

#include "cmd/about.h"
#include "sounder/command.h"
#include "sounder/out.h"
#include "sounder/registry.h"

#define ROWS_MAX 256 /* a port or a name has a dozen rows at most; system files may add some */

struct question {
	const char *what;    /* name or number */
	unsigned transports; /* bits 1 << enum sdr_transport */
	bool is_number;
	uint16_t number;
};

static enum sdr_status read_question(const struct sdr_call *call, struct question *question, struct sdr_error *error)
{
	const char *first = sdr_call_word(call, 0), *second = sdr_call_word(call, 1);
	enum sdr_transport transport;
	*question = (struct question){.what = first, .transports = SDR_TRANSPORTS_ALL};
	if (second != NULL) {
		if (!sdr_transport_find(first, &transport)) {
			sdr_error_set(error, 0,
				"\"%.80s\" is no transport with ports; before the port may stand tcp, udp, sctp, dccp or ddp", first);
			return SDR_EINVAL;
		}
		question->what = second;
		question->transports = 1U << transport;
	}
	if (question->what[0] == '\0') {
		sdr_error_set(error, 0, "a port or a service is missing; give a number from 0 to 65535, or a name such as http");
		return SDR_EINVAL;
	}
	question->is_number = question->what[strspn(question->what, "0123456789")] == '\0';
	return question->is_number ? sdr_port_parse(question->what, &question->number, error) : SDR_OK;
}

static void fill(struct sdr_item *root, const struct sdr_port_row *row)
{
	sdr_item_integer(root, "port", "Port", row->port);
	if (row->port_last > row->port)
		sdr_item_integer(root, "port_last", "Last port", row->port_last);
	else
		sdr_item_null(root, "port_last", "Last port")->show = SDR_SHOW_HIDDEN;
	sdr_item_text(root, "protocol", "Protocol", sdr_transport_name(row->transport));
	sdr_about_text(root, "name", "Name", row->name);
	sdr_about_aliases(root, row->aliases);
	sdr_about_text(root, "description", "Description", row->description);
	sdr_item_text(root, "source", "Source", sdr_source_name(row->source));
}

static bool emit(const struct sdr_answers *answers, const struct sdr_port_row *row)
{
	struct sdr_sheet *sheet = sdr_sheet_new();
	if (sheet == NULL)
		return false;
	fill(sdr_sheet_root(sheet), row);
	bool whole = !sdr_sheet_failed(sheet);
	if (whole)
		answers->emit(answers->context, sheet);
	sdr_sheet_free(sheet);
	return whole;
}

/* Says that nothing matched, with which transport it would have. */
static void set_nothing(struct sdr_registry *registry, const struct question *question, struct sdr_error *error)
{
	size_t index;
	struct sdr_port_row row;
	const char *what = question->is_number ? "port" : "service";
	size_t others = question->is_number ? sdr_registry_port_by_number(registry, question->number, SDR_TRANSPORTS_ALL, &index, 1)
					    : sdr_registry_port_by_name(registry, question->what, SDR_TRANSPORTS_ALL, &index, 1);
	if (others > 0 && sdr_registry_port(registry, index, &row))
		sdr_error_set(error, 0, "%s \"%.80s\" is not assigned with this protocol, but with %s", what, question->what,
			sdr_transport_name(row.transport));
	else
		sdr_error_set(
			error, 0, "%s \"%.80s\" is neither in this system's services file nor assigned by IANA", what, question->what);
}

static enum sdr_exit emit_all(
	struct sdr_registry *registry, const struct question *question, const struct sdr_answers *answers, struct sdr_error *error)
{
	size_t indexes[ROWS_MAX];
	struct sdr_port_row row;
	size_t count = question->is_number
		? sdr_registry_port_by_number(registry, question->number, question->transports, indexes, ROWS_MAX)
		: sdr_registry_port_by_name(registry, question->what, question->transports, indexes, ROWS_MAX);
	if (count == 0) {
		set_nothing(registry, question, error);
		return SDR_EXIT_NO;
	}
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		if (sdr_registry_port(registry, indexes[i], &row) && emit(answers, &row))
			continue;
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_EXIT_FAIL;
	}
	return SDR_EXIT_YES;
}

static enum sdr_exit answer(const struct sdr_call *call, const char *word, const struct sdr_answers *answers, struct sdr_error *error)
{
	struct question question;
	(void)word;
	if (read_question(call, &question, error) != SDR_OK)
		return SDR_EXIT_FAIL;
	struct sdr_registry *registry = sdr_registry_new();
	if (registry == NULL) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_EXIT_FAIL;
	}
	enum sdr_exit exit = emit_all(registry, &question, answers, error);
	sdr_registry_free(registry);
	return exit;
}

static const char *text_of(const struct sdr_item *root, const char *key)
{
	const struct sdr_item *item = sdr_item_find(root, key);
	return item != NULL && item->kind == SDR_ITEM_TEXT ? item->value.bytes : "";
}

/* A line like those of /etc/services, whose columns are the same whatever the order: 23/tcp  telnet  ... */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	char port[32];
	const struct sdr_item *last = sdr_item_find(root, "port_last"), *aliases = sdr_item_find(root, "aliases");
	int first = (int)sdr_item_find(root, "port")->value.integer;
	(void)call;
	if (last->kind == SDR_ITEM_INTEGER)
		snprintf(port, sizeof port, "%d-%d/%s", first, (int)last->value.integer, text_of(root, "protocol"));
	else
		snprintf(port, sizeof port, "%d/%s", first, text_of(root, "protocol"));
	sdr_out_put(out, SDR_TONE_STRONG, "%-13s  %-18s", port, text_of(root, "name")[0] != '\0' ? text_of(root, "name") : "-");
	sdr_out_put(out, SDR_TONE_PLAIN, "  %s", text_of(root, "description"));
	for (const struct sdr_item *alias = aliases->first; alias != NULL; alias = alias->next)
		sdr_out_put(out, SDR_TONE_PLAIN, "%s%s", alias == aliases->first ? "  also " : ", ", alias->value.bytes);
	sdr_out_line(out, SDR_TONE_DIM, "  (%s)", text_of(root, "source"));
}

static enum sdr_status make(const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	(void)call;
	(void)error;
	request->kind = SDR_REQUEST_LOOKUP;
	request->lookup = (struct sdr_lookup){.answer = answer, .print = print};
	return SDR_OK;
}

static const char *const examples[] = {
	"port tcp telnet",
	"the TCP port of telnet: 23",
	"port 443",
	"all that is assigned to port 443, with any protocol",
	"port --json domain",
	"a JSON object for each row that matches",
	NULL,
};

const struct sdr_command cmd_port = {
	.name = "port",
	.arguments = "[tcp|udp|sctp|dccp|ddp] NAME|NUMBER",
	.sentence = "show the port of a service, or the services of a port",
	.details =
		"Looks in the system's services file first (source: system), then in IANA's registry, which is compiled in (source: iana). "
		"A name may be an alias, and upper case counts as lower. All rows that match are shown; none ends in exit code 1.",
	.examples = examples,
	.options = {sdr_options_output},
	.words_min = 1,
	.words_max = 2,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.complete = SDR_COMPLETE_SERVICE,
	.make = make,
};
