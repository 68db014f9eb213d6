/* dns.c - `dns`: the records of a name, as the name servers have them; once, or again and again.
 * RFC 1035. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/dns_bulk.h"
#include "cmd/dns_views.h"
#include "cmd/many.h"
#include "cmd/options.h"
#include "cmd/probe_options.h"
#include "cmd/repeat.h"
#include "sounder/app.h"
#include "sounder/command.h"
#include "sounder/line.h"
#include "sounder/names.h"
#include "sounder/probe_options.h"

static const struct sdr_option own_options[] = {
	{"reverse", 'x', SDR_OPTION_TEXT, "ADDRESS", "ask for the names of an address (PTR)", 0, 0},
	{"server", 0, SDR_OPTION_TEXT, "ADDR[:PORT]",
		"ask this name server instead of the system's; @ADDR[:PORT] is the same", 0, 0},
	{"watch", 0, SDR_OPTION_FLAG, NULL,
		"ask each view again when the time of its answer is over; print what changes", 0, 0,
		.where = SDR_WHERE_SHELL,
		.excludes = "short interval count until losses group csv"},
	{"short", 0, SDR_OPTION_FLAG, NULL, "print the data of the answers alone", 0, 0,
		.where = SDR_WHERE_SHELL, .excludes = "json csv"},
	{NULL},
};

/* Words, sorted: the name first, then types, and views behind an @ anywhere. */
struct sorted {
	const char *name;
	const char **types, **views; /* NULL-terminated */
	size_t type_count, view_count;
	size_t place; /* of the name among the words */
};

static enum sdr_status sort_words(const struct sdr_call *call, struct sdr_request *request,
	struct sorted *sorted, struct sdr_error *error)
{
	size_t words = sdr_call_words(call);
	sorted->types = sdr_request_alloc(request, (words + 1) * sizeof(*sorted->types));
	sorted->views = sdr_request_alloc(request, (words + 1) * sizeof(*sorted->views));
	if (!sorted->types || !sorted->views)
		return SDR_ENOMEM;
	sorted->name = sdr_call_text(call, "reverse");
	for (size_t i = 0; i < words; i++) {
		const char *word = sdr_call_word(call, i);
		uint16_t type;
		if (word[0] == '@')
			sorted->views[sorted->view_count++] = word;
		else if (!sorted->name)
			sorted->name = sdr_call_word(call, sorted->place = i);
		else if (sdr_names_type_parse(word, &type, error) == SDR_OK)
			sorted->types[sorted->type_count++] = word;
		else
			return SDR_EINVAL;
	}
	sorted->types[sorted->type_count] = sorted->views[sorted->view_count] = NULL;
	if (sorted->name)
		return SDR_OK;
	sdr_error_set(error, 0,
		"no name given; `dns www.example.com MX` asks for that name's MX records");
	return SDR_EINVAL;
}

/* Returns the address of a view that is one name server; NULL: it is another view, or several. */
static const char *server_of(const struct sorted *sorted, bool *tcp)
{
	struct sdr_endpoint server;
	const char *text = sorted->view_count == 1 ? sorted->views[0] + 1 : NULL;
	bool stream = text && strncasecmp(text, "tcp://", 6) == 0;
	text += stream ? 6 : 0;
	if (!text || sdr_names_server_parse(text, &server, NULL) != SDR_OK)
		return NULL;
	*tcp = *tcp || stream;
	return text;
}

static enum sdr_status take_words(const struct sdr_call *call, struct sdr_request *request,
	struct sdr_spec *spec, struct sorted *sorted, struct sdr_error *error)
{
	struct sdr_dns_options *options = sdr_request_alloc(request, sizeof(*options));
	enum sdr_status status = options ? sort_words(call, request, sorted, error) : SDR_ENOMEM;
	if (status != SDR_OK)
		return status;
	*options = *(const struct sdr_dns_options *)spec->options;
	options->types = sorted->type_count > 0 ? sorted->types : NULL;
	spec->options = options;
	spec->target = spec->host = sorted->name;
	spec->server = sdr_call_text(call, "server");
	if (spec->server && sorted->view_count > 0) {
		sdr_error_set(error, 0,
			"%s: a second name server, beside --server %s; several are asked as @%s %s",
			sorted->views[0], spec->server, spec->server, sorted->views[0]);
		return SDR_EINVAL;
	}
	if (!spec->server)
		spec->server = server_of(sorted, &options->tcp);
	return SDR_OK;
}

static enum sdr_status check(
	const struct sdr_call *call, const struct sdr_spec *spec, struct sdr_error *error)
{
	struct sdr_addr addr;
	struct sdr_endpoint server;
	enum sdr_status status = SDR_OK;
	if (sdr_call_has(call, "reverse"))
		status = sdr_addr_parse(spec->host, &addr, error);
	else
		status = sdr_domain_check(spec->host, error);
	if (status == SDR_OK && spec->server)
		status = sdr_names_server_parse(spec->server, &server, error);
	return status;
}

/* Column widths of the records table. */
struct widths {
	int name, ttl, type;
};

static int wider(int width, int other, int limit)
{
	return other > limit ? (width > limit ? width : limit) : other > width ? other : width;
}

static struct widths measure(const struct sdr_item *records)
{
	struct widths widths = {0};
	for (const struct sdr_item *row = records->first; row; row = row->next) {
		widths.name =
			wider(widths.name, (int)strlen(sdr_item_string(row, "name", NULL)), 48);
		widths.type =
			wider(widths.type, (int)strlen(sdr_item_string(row, "type", NULL)), 12);
		widths.ttl = wider(widths.ttl,
			snprintf(NULL, 0, "%lld",
				(long long)sdr_item_find(row, "ttl")->value.integer),
			12);
	}
	return widths;
}

static void print_record(
	struct sdr_out *out, const struct sdr_item *row, const struct widths *widths)
{
	bool answer = strcmp(sdr_item_string(row, "section", NULL), "answer") == 0;
	sdr_out_line(out, answer ? SDR_TONE_PLAIN : SDR_TONE_DIM, "%-*s  %*lld  %s  %-*s  %s",
		widths->name, sdr_item_string(row, "name", NULL), widths->ttl,
		(long long)sdr_item_find(row, "ttl")->value.integer,
		sdr_item_string(row, "class", NULL), widths->type,
		sdr_item_string(row, "type", NULL), sdr_item_string(row, "data", NULL));
}

static void print_records(struct sdr_out *out, const struct sdr_item *records)
{
	const char *section = "answer";
	struct widths widths = measure(records);
	for (const struct sdr_item *row = records->first; row; row = row->next) {
		if (strcmp(section, sdr_item_string(row, "section", NULL)) != 0) {
			section = sdr_item_string(row, "section", NULL);
			sdr_out_line(out, SDR_TONE_DIM, "%s:", section);
		}
		print_record(out, row, &widths);
	}
}

/* Types that ended otherwise than the whole did, where that is no mere absence. */
static void print_troubles(struct sdr_out *out, const struct sdr_item *questions, const char *why)
{
	for (const struct sdr_item *row = questions->first; row; row = row->next) {
		const char *outcome = sdr_item_string(row, "outcome", NULL),
			   *text = sdr_item_string(row, "why", NULL);
		if (!text || strcmp(outcome, "nodata") == 0 || (why && strcmp(text, why) == 0))
			continue;
		sdr_out_line(
			out, SDR_TONE_WARNING, "%s: %s", sdr_item_string(row, "type", NULL), text);
	}
}

/* Whether any type was answered: then a note is a note (an extended error), no failure. */
static bool any_found(const struct sdr_item *questions)
{
	for (const struct sdr_item *row = questions->first; row; row = row->next)
		if (strcmp(sdr_item_string(row, "outcome", NULL), "ok") == 0)
			return true;
	return false;
}

static void print_without_edns(struct sdr_out *out, const struct sdr_item *questions)
{
	for (const struct sdr_item *row = questions->first; row; row = row->next) {
		const char *server = sdr_item_string(row, "server", NULL);
		if (!sdr_item_find(row, "without_edns")->value.integer || !server)
			continue;
		sdr_out_line(out, SDR_TONE_DIM, "asked without EDNS, which %s refused", server);
		return;
	}
}

static const struct sdr_item *present(const struct sdr_item *row, const char *key)
{
	const struct sdr_item *item = sdr_item_find(row, key);
	return item->kind == SDR_ITEM_NULL ? NULL : item;
}

/* What was asked for by EDNS, of the first type that has it. */
static void print_option(struct sdr_out *out, const struct sdr_item *questions, const char *key,
	const char *label, const char *missing)
{
	const struct sdr_item *item = NULL;
	for (const struct sdr_item *row = questions->first; row && !item; row = row->next)
		item = present(row, key);
	sdr_out_put(out, item ? SDR_TONE_DIM : SDR_TONE_WARNING, "%s ", label);
	if (item)
		sdr_out_bytes(out, SDR_TONE_PLAIN, item->value.bytes, item->value.length, -1);
	else
		sdr_out_put(out, SDR_TONE_WARNING, "%s", missing);
	sdr_out_end(out);
}

static void print_options(
	struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *questions)
{
	if (sdr_call_has(call, "nsid"))
		print_option(out, questions, "nsid", "NSID", "none: the server gives none");
	if (sdr_call_has(call, "subnet"))
		print_option(out, questions, "subnet", "subnet",
			"not looked at: the answer does not mention it");
	if (sdr_call_has(call, "cookie"))
		print_option(
			out, questions, "cookie", "cookie", "none: the server does not do them");
}

static void print_rejected(struct sdr_out *out, const struct sdr_item *questions)
{
	int64_t most = 0; /* questions asked at once see the same ones */
	for (const struct sdr_item *row = questions->first; row; row = row->next) {
		int64_t rejected = sdr_item_find(row, "rejected")->value.integer;
		most = rejected > most ? rejected : most;
	}
	if (most > 0)
		sdr_out_line(out, SDR_TONE_WARNING,
			"rejected %" PRId64 " %s no answer to what was asked", most,
			most == 1 ? "datagram that was" : "datagrams that were");
}

static void print_short(struct sdr_out *out, const struct sdr_item *records)
{
	for (const struct sdr_item *row = records->first; row; row = row->next)
		if (strcmp(sdr_item_string(row, "section", NULL), "answer") == 0) {
			const struct sdr_item *data = sdr_item_find(row, "data");
			sdr_out_bytes(
				out, SDR_TONE_PLAIN, data->value.bytes, data->value.length, -1);
			sdr_out_end(out);
		}
}

static void print(struct sdr_out *out, const struct sdr_call *call, const struct sdr_item *detail)
{
	char time[32];
	const struct sdr_item *records = sdr_item_find(detail, "records"),
			      *questions = sdr_item_find(detail, "questions");
	const char *rcode = sdr_item_string(detail, "rcode", NULL),
		   *server = sdr_item_string(detail, "server", NULL),
		   *why = sdr_item_string(detail, "why", NULL);
	if (sdr_call_has(call, "short")) {
		print_short(out, records);
		return;
	}
	print_records(out, records);
	print_troubles(out, questions, why);
	if (why)
		sdr_out_line(
			out, any_found(questions) ? SDR_TONE_WARNING : SDR_TONE_BAD, "%s", why);
	print_rejected(out, questions);
	if (!rcode)
		return;
	if (!sdr_call_has(call, "no-edns"))
		print_without_edns(out, questions);
	print_options(out, call, questions);
	if (sdr_item_string(detail, "failed", NULL))
		sdr_out_line(out, SDR_TONE_WARNING, "not answered by %s",
			sdr_item_string(detail, "failed", NULL));
	sdr_item_format_value(time, sizeof(time), sdr_item_find(detail, "query_seconds"));
	sdr_out_line(out, SDR_TONE_DIM, "%s from %s in %s", rcode, server, time);
}

static enum sdr_status make_views(const struct sdr_call *call, struct sdr_request *request,
	const struct sdr_spec *spec, const struct sorted *sorted, struct sdr_error *error)
{
	struct sdr_views_spec views = {.name = spec->host,
		.options = spec->options,
		.views = sorted->views,
		.timeout = spec->timeout,
		.watch = sdr_call_has(call, "watch"),
		.deadline = sdr_call_number(call, "deadline", 0)};
	const char **list = sdr_request_alloc(request, 2 * sizeof(*list));
	char *server = spec->server ? sdr_request_text(request, "@%s", spec->server) : NULL;
	if (!list || (spec->server && !server))
		return SDR_ENOMEM;
	list[0] = server;
	views.views = server ? list : views.views;
	return sdr_dns_views_make(call, request, &views, error);
}

static enum sdr_status make_many(const struct sdr_call *call, struct sdr_request *request,
	const struct sdr_spec *spec, const struct sorted *sorted, struct sdr_error *error)
{
	if (sorted->view_count == 0 || spec->server)
		return sdr_dns_bulk_make(call, request, spec, sorted->place, error);
	sdr_error_set(error, 0,
		"%s: many names are asked of one name server, @ADDR, or of resolv.conf's",
		sorted->views[sorted->view_count - 1]);
	return SDR_EINVAL;
}

static enum sdr_status make(
	const struct sdr_call *call, struct sdr_request *request, struct sdr_error *error)
{
	struct sorted sorted = {0};
	struct sdr_spec *spec = sdr_request_alloc(request, sizeof(*spec));
	uint64_t count = (uint64_t)sdr_call_number(call, "count", 0);
	if (!spec)
		return SDR_ENOMEM;
	*spec = (struct sdr_spec){.type = sdr_probe_find("dns"),
		.count = count,
		.timeout = sdr_call_number(call, "timeout", 0)};
	enum sdr_status status = sdr_probe_options(call, request, spec, error);
	if (status == SDR_OK)
		status = take_words(call, request, spec, &sorted, error);
	bool many = status == SDR_OK && strcmp(spec->host, "-") == 0;
	if (status == SDR_OK && !many)
		status = check(call, spec, error);
	if (status == SDR_OK)
		status = many ? make_many(call, request, spec, &sorted, error)
			      : sdr_many_take(call, request, error);
	if (status != SDR_OK || many)
		return status;
	if ((sorted.view_count > 0 && !spec->server) || sdr_call_has(call, "watch"))
		return make_views(call, request, spec, &sorted, error);
	spec->interval = sdr_repeat_interval(call);
	spec->line = sdr_request_line(request, call, true);
	request->kind = SDR_REQUEST_WATCH;
	request->watch = (struct sdr_watch){
		.specs = spec, .count = 1, .single = spec->interval == 0, .print = print};
	return spec->line ? sdr_repeat_take(call, &request->watch, error) : SDR_ENOMEM;
}

static const char *const examples[] = {
	"dns www.example.com",
	"its A and AAAA records",
	"dns example.com MX TXT",
	"two other types, asked at once",
	"dns example.com SOA @127.0.0.1:5353",
	"by that name server",
	"dns -x 127.0.0.1 --short",
	"the name of an address, and nothing else",
	"dns www.example.com A @127.0.0.1 @hosts @libc",
	"who has what, side by side",
	"dns - MX @127.0.0.1 <names",
	"a line a record, of a hundred names at a time",
	"dns www.example.com --interval 10s",
	"ask every ten seconds, and keep count",
	NULL,
};

const struct sdr_command cmd_dns = {
	.name = "dns",
	.arguments = "NAME|- [TYPE...] [@VIEW...]",
	.sentence = "ask name servers for the records of a name",
	.details =
		"Asks for A and AAAA unless types are named (any case; TYPE65280 for those "
		"without a name), for PTR if NAME is an address, which stands for its name in "
		"in-addr.arpa or ip6.arpa. The hosts file is not used, and the search list only "
		"with --search. The answer's code is shown as the server gave it: NXDOMAIN is no "
		"such name, NODATA a name without such records; SERVFAIL, REFUSED, FORMERR and "
		"NOTIMP are distinguished. Two tries are made within --timeout (4s), unless "
		"resolv.conf's options set another number; a server that fails (SERVFAIL, "
		"REFUSED, NOTIMP, FORMERR, a malformed answer, silence) is skipped for the next, "
		"and each try is kept. A truncated answer is asked for again by TCP, and without "
		"EDNS where the server takes none. Datagrams of a server's that answer no "
		"question (another ID or name: forged, or of another one) are rejected, and "
		"counted.\n\n"
		"An answer is checked before anything of it is shown, each record against what "
		"its type is made of: what is malformed is named, and is no answer. A referral "
		"is shown as such, and NXDOMAIN with the name it is about, which may be the "
		"target of a CNAME. Data is shown as in a zone file, \\DDD for bytes that do not "
		"print; types without a form of their own as \\# LENGTH HEX. Extended errors "
		"(EDE) are shown beside the answer's code; NSID, the client's subnet and cookies "
		"ride along only where asked for. A subnet is answered as 10.1.0.0/16/24 where "
		"what came is for a /24 there, /0 for everybody. TTL is that of the whole "
		"answer: the least of its records and CNAMEs, or of the SOA and its MINIMUM "
		"where there is nothing.\n\n"
		"A VIEW is one to ask: @ADDR[:PORT] or @tcp://ADDR a name server, @NAME all "
		"addresses of one, @system each server of resolv.conf, @hosts the hosts file, "
		"@libc getaddrinfo, which is what programs here get. Several stand side by side "
		"in a table. Two have the same if code and data are: order, TTL, and letter case "
		"of names do not count; NXDOMAIN, NODATA and a referral are three things. The "
		"largest number that have the same are group A; who has a part of its data, or "
		"more (a rotating pool), is shown as A- and does not differ. A view that failed, "
		"or whose hosts file does not list the name, is in no group. With --watch each "
		"view is asked again when the time of its answer is over (1 s to an hour), never "
		"sooner; another answer is a line.\n\n"
		"In NAME, \\DDD and \\X stand for a byte and a character; `dns` takes a "
		"service's name with blanks as one word (\"My Printer._ipp._tcp.example\").\n\n"
		"JSON has an object: name, types, rcode, server, times, flags, ede [{code, "
		"text}], nsid, records [{section, name, type, class, ttl, data}], questions (the "
		"same for each type, and how it was asked), attempts. Of several views: type "
		"\"names\", name, types, agree and answered (how many views), expected, groups "
		"[{group, views, data}], views [{view, server, transport, outcome, rcode, flags, "
		"group, relation (same, subset, differs, none), records, canonical_name, ttl, "
		"expires, query_seconds, waited_seconds, attempts, nsid, ede, subnet, cookie, "
		"why, serial, aa, dnssec}]; with --watch then type \"change\", when, name, view, "
		"was, now, held_seconds.\n\n"
		"Exit status: 0 for records; 1 where there are none, no answer or a refusal, or "
		"not what --expect has; 2 for SERVFAIL, no resolver, a resolv.conf that is there "
		"and could not be read, or bad text. Of several views: 0 where all that answered "
		"agree, 1 where they differ or there is nothing, 2 where none answered.",
	.examples = examples,
	.probe = "dns",
	.options = {own_options, sdr_options_repeat, sdr_options_many, sdr_options_output},
	.words_min = 0,
	.words_max = -1,
	.where = SDR_WHERE_SHELL | SDR_WHERE_SCREEN | SDR_WHERE_CONFIG,
	.parts = SDR_PART_NAMES,
	.complete = SDR_COMPLETE_HOST,
	.make = make,
};
