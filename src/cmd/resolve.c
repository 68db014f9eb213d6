/* resolve.c - `resolve`: from a host and a service as a person writes them to one address and port.
 * RFC 6724, RFC 6335. */
#include <stdio.h>
#include <string.h>

#include "cmd/many.h"
#include "cmd/name_lookup.h"
#include "cmd/options.h"
#include "sounder/app.h"
#include "sounder/registry.h"

static void fill(const struct sdr_lookup_job *job, const struct sdr_names_answer *answer,
	struct sdr_item *root)
{
	char text[SDR_ADDR_TEXT];
	const struct sdr_addr *addr = answer->count > 0 ? &answer->addresses[0].addr : NULL;
	struct sdr_addr literal;
	bool named = !job->wildcard && sdr_addr_parse(job->parts.host, &literal, NULL) != SDR_OK;
	sdr_item_text(root, "address", "Address", addr ? sdr_addr_format(text, addr) : NULL);
	if (job->parts.has_service)
		sdr_item_integer(root, "port", "Port", job->port);
	else
		sdr_item_null(root, "port", "Port");
	if (addr)
		sdr_item_integer(root, "version", "IP version", addr->version);
	else
		sdr_item_null(root, "version", "IP version");
	sdr_item_text(root, "host", "Host", job->wildcard ? NULL : job->parts.host);
	sdr_item_text(
		root, "service", "Service", job->parts.has_service ? job->parts.service : NULL);
	sdr_item_text(
		root, "canonical_name", "Canonical name", named ? answer->canonical_name : NULL);
	sdr_item_boolean(root, "wildcard", "All addresses", job->wildcard);
	sdr_item_duration(root, "resolve_seconds", "Time", answer->elapsed);
	sdr_lookup_fill(job, answer, root);
	sdr_item_text(root, "input", "Input", job->word)->show = SDR_SHOW_HIDDEN;
}

/* `127.0.0.1:80`, `[::1]:80`, or only the address. */
static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *root)
{
	const struct sdr_item *address = sdr_item_find(root, "address"),
			      *port = sdr_item_find(root, "port");
	bool v6 = sdr_item_find(root, "version")->value.integer == 6;
	(void)call;
	if (port->kind == SDR_ITEM_NULL)
		sdr_out_line(out, SDR_TONE_PLAIN, "%s", address->value.bytes);
	else
		sdr_out_line(out, SDR_TONE_PLAIN, v6 ? "[%s]:%d" : "%s:%d", address->value.bytes,
			(int)port->value.integer);
}

static enum sdr_status start(const struct sdr_call *call, const char *word,
	const struct sdr_answers *answers, struct sdr_error *error)
{
	struct sdr_lookup_job job = {
		.call = call, .answers = *answers, .fill = fill, .note_apart = true};
	enum sdr_status status = sdr_hostport_parse(word, &job.parts, error);
	if (status != SDR_OK)
		return status;
	if (job.parts.has_service)
		status = sdr_registry_service_port(
			sdr_app_registry(call->app), job.parts.service, SDR_TCP, &job.port, error);
	if (status == SDR_ENOENT)
		status = sdr_registry_service_port(
			sdr_app_registry(call->app), job.parts.service, SDR_UDP, &job.port, NULL);
	if (status != SDR_OK)
		return status;
	snprintf(job.word, sizeof(job.word), "%s", word);
	job.wildcard = job.parts.host[0] == '\0';
	const char *any = sdr_call_has(call, "ipv4") ? "0.0.0.0" : "::";
	return sdr_lookup_start(&job, job.wildcard ? any : job.parts.host, false, error);
}

static const char *const examples[] = {
	"resolve www.example.com:http",
	"one address and the port of HTTP, as a connection would use them",
	"resolve -4 localhost:80",
	"the IPv4 address: 127.0.0.1:80",
	"resolve --json :80",
	"what a server that takes connections on all addresses binds to: :: and port 80",
	"resolve db1 --server 127.0.0.1:5353",
	"by that name server, without the hosts file",
	NULL,
};

const struct sdr_command cmd_resolve = {
	.name = "resolve",
	.arguments = "HOST[:SERVICE]...",
	.sentence = "find the address and port to connect to",
	.details =
		"HOST is a name or an address; IPv6 addresses with a port stand in brackets. "
		"SERVICE is a number or a name of the services file or IANA's registry. "
		"Looks in the hosts file, in DNS with the search list, and for this host's own "
		"name, as nsswitch.conf and resolv.conf have it; of several addresses the one is "
		"shown that this host's libc would try first (RFC 6724 with the tables of libc "
		"or gai.conf). No HOST stands for all addresses of this host. "
		"The word - stands for lines of standard input, as with host.\n\n"
		"JSON has an object a word: address, port, version, host, service, canonical_name, "
		"wildcard, resolve_seconds, and as host has it: outcome, why, partial, omitted, "
		"query_seconds, waited_seconds, not_followed, attempts, input.\n\n"
		"Exit status: 0 for an address; 1 where there is none; 2 where the "
		"name servers could not answer, or a file of the configuration "
		"is there and could not be read, or for bad text.",
	.examples = examples,
	.options = {sdr_options_names, sdr_lookup_options, sdr_options_many, sdr_options_output},
	.words_min = 1,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN,
	.parts = SDR_PART_NAMES | SDR_PART_REGISTRY,
	.complete = SDR_COMPLETE_HOST,
	.make = sdr_many_take,
	.lookup = {.each_word = true, .start = start, .cancel = sdr_lookup_cancel, .print = print},
};
