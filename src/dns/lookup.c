/* lookup.c - one lookup: a name's addresses, or an address's names. The idea: a list of sources (the text itself, the hosts file, DNS) gone
 * through until one knows; every step happens in a callback of the loop. RFC 6724 sec. 6, RFC 6761 sec. 6.3, nsswitch.conf(5). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "dns/names.h"
#include "dns/order.h"
#include "dns/wire.h"

#define TEXTS_MAX (SDR_NAMES_ADDRESSES_MAX + 2)

enum source { SOURCE_LITERAL, SOURCE_FILES, SOURCE_DNS, SOURCE_END };

struct sdr_names_call {
	TAILQ_ENTRY(sdr_names_call) link;
	uv_timer_t timer; /* carries steps to the loop's next turn */
	struct sdr_names *names;
	struct sdr_names_query query; /* name: unused; server: not NULL if `server` counts */
	struct sdr_endpoint server;
	bool reverse;
	struct sdr_addr literal;       /* the name was an address: this */
	char name[SDR_MESSAGE_NAME];   /* as it is asked for, A-labels */
	enum source order[SOURCE_END]; /* sources, ended by SOURCE_END */
	unsigned at;
	struct sdr_inquiry *inquiry; /* under way, or NULL */
	sdr_ns started;
	enum sdr_outcome outcome; /* of the last source that did not know */
	char why[SDR_ERROR_TEXT];
};

/* What a lookup found, while it is put together. */
struct found {
	struct sdr_order_item items[SDR_NAMES_ADDRESSES_MAX];
	unsigned count;
	bool partial, cut;      /* as the answer's */
	char *texts[TEXTS_MAX]; /* canonical name, then aliases; owned; NULL-terminated */
	unsigned text_count;
};

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void sdr_names_cancel(struct sdr_names *names, struct sdr_names_call *call)
{
	TAILQ_REMOVE(&names->calls, call, link);
	if (call->inquiry != NULL)
		sdr_inquiry_cancel(call->inquiry);
	uv_close((uv_handle_t *)&call->timer, on_closed);
}

/* Adds a name without its trailing dot. */
static void found_text(struct found *found, const char *text)
{
	size_t length = strlen(text);
	if (found->text_count == TEXTS_MAX - 1)
		return;
	if (length > 1 && text[length - 1] == '.')
		length--;
	char *copy = strndup(text, length);
	if (copy != NULL)
		found->texts[found->text_count++] = copy;
}

static void found_address(struct found *found, const struct sdr_addr *addr, int32_t ttl)
{
	for (unsigned i = 0; i < found->count; i++)
		if (sdr_addr_compare(&found->items[i].address.addr, addr) == 0)
			return;
	if (found->count == SDR_NAMES_ADDRESSES_MAX)
		found->cut = true;
	else
		found->items[found->count++].address = (struct sdr_names_address){*addr, ttl};
}

/* The address that the system would send from; none if there is no route. A connect of a datagram socket sends nothing. */
static struct sdr_addr source_for(const struct sdr_addr *addr)
{
	struct sdr_endpoint to = {*addr, 9}, from = {0};
	struct sockaddr_storage storage;
	unsigned length = sdr_endpoint_to_sockaddr(&to, &storage);
	socklen_t size = sizeof(storage);
	int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool known = fd >= 0 && connect(fd, (struct sockaddr *)&storage, length) == 0 &&
		getsockname(fd, (struct sockaddr *)&storage, &size) == 0;
	if (known && sdr_endpoint_from_sockaddr((struct sockaddr *)&storage, &from) != SDR_OK)
		from = (struct sdr_endpoint){0};
	if (fd >= 0)
		close(fd);
	return from.addr;
}

static void found_order(struct found *found)
{
	if (found->count < 2)
		return;
	for (unsigned i = 0; i < found->count; i++)
		found->items[i].source = source_for(&found->items[i].address.addr);
	sdr_order_sort(found->items, found->count);
}

/* Tells the asker, and ends the call. `found` NULL: the outcome of the last source. */
static void deliver(struct sdr_names_call *call, struct found *found)
{
	struct sdr_names_address addresses[SDR_NAMES_ADDRESSES_MAX];
	const char *aliases[TEXTS_MAX] = {NULL};
	struct sdr_names_answer answer = {.outcome = call->outcome,
		.why = call->why,
		.canonical_name = call->name,
		.aliases = aliases,
		.addresses = addresses,
		.elapsed = sdr_clock_now() - call->started};
	if (found != NULL) {
		found_order(found);
		answer.outcome = SDR_OUTCOME_OK;
		answer.why = "answered";
		answer.count = found->count;
		answer.partial = found->partial;
		answer.cut = found->cut;
		for (unsigned i = 0; i < found->count; i++)
			addresses[i] = found->items[i].address;
		for (unsigned i = 1; i < found->text_count; i++)
			aliases[i - 1] = found->texts[i];
		if (found->text_count > 0)
			answer.canonical_name = found->texts[0];
	}
	call->query.done(call->query.context, &answer);
	for (unsigned i = 0; found != NULL && i < found->text_count; i++)
		free(found->texts[i]);
	sdr_names_cancel(call->names, call);
}

static void step(struct sdr_names_call *call);

static void next_source(struct sdr_names_call *call)
{
	call->at++;
	step(call);
}

static void ask_literal(struct sdr_names_call *call)
{
	struct found found = {0};
	if (call->query.family != 0 && call->literal.version != call->query.family) {
		call->outcome = SDR_OUTCOME_NODATA;
		snprintf(call->why, sizeof(call->why), "%.100s is no IPv%u address", call->name, call->query.family);
		deliver(call, NULL);
		return;
	}
	found_address(&found, &call->literal, -1);
	found_text(&found, call->name);
	deliver(call, &found);
}

/* RFC 6761 sec. 6.3: localhost is this machine, whatever any file or server says. */
static bool is_localhost(const char *name)
{
	size_t length = strlen(name);
	length -= length > 1 && name[length - 1] == '.';
	if (length < 9 || strncasecmp(name + length - 9, "localhost", 9) != 0)
		return false;
	return length == 9 || name[length - 10] == '.';
}

static void found_localhost(struct found *found, const struct sdr_names_call *call)
{
	const struct sdr_addr v6 = {.version = 6, .bytes = {[15] = 1}}, v4 = {.version = 4, .bytes = {127, 0, 0, 1}};
	if (call->query.family != 4)
		found_address(found, &v6, -1);
	if (call->query.family != 6)
		found_address(found, &v4, -1);
	found_text(found, call->name);
}

static void ask_files(struct sdr_names_call *call)
{
	const struct sdr_hosts *hosts = sdr_names_hosts(call->names);
	struct sdr_hosts_match match = {0};
	struct found found = {0};
	bool known = hosts != NULL &&
		(call->reverse ? sdr_hosts_find_addr(hosts, &call->literal, &match)
			       : sdr_hosts_find(hosts, call->name, call->query.family, &match));
	if (known) {
		for (unsigned i = 0; i < match.count; i++)
			found_address(&found, &match.addrs[i], -1);
		found_text(&found, match.canonical);
		for (unsigned i = 0; i < match.name_count; i++)
			found_text(&found, match.names[i]);
	} else if (!call->reverse && is_localhost(call->name)) {
		found_localhost(&found, call);
	} else {
		next_source(call);
		return;
	}
	deliver(call, &found);
}

static void found_reply(struct found *found, const struct sdr_reply *reply)
{
	const struct sdr_record *record = NULL;
	while ((record = sdr_message_next(reply->message, &reply->chain, reply->type, record)) != NULL) {
		if (record->addr.version != 0)
			found_address(found, &record->addr, (int32_t)reply->chain.ttl); /* the least of the whole chain; in 31 bits */
		else if (record->type == WIRE_PTR)
			found_text(found, record->data);
	}
}

/* A name in presentation form is a host name if nothing in it needed an escape: RFC 1123 sec. 2.1, and underscores. */
static bool is_host_name(const char *name)
{
	return strpbrk(name, "\\\"()<>;@$ ") == NULL;
}

static void note_failure(struct sdr_names_call *call, const struct sdr_inquiry_result *result)
{
	const struct sdr_reply *reply = result->telling;
	call->outcome = reply->outcome;
	int length = snprintf(call->why, sizeof(call->why), "%s", reply->why);
	if (result->names_tried > 1 && length > 0 && (size_t)length < sizeof(call->why))
		snprintf(call->why + length, sizeof(call->why) - (size_t)length, " (%u names tried, through the search list)",
			result->names_tried);
}

static void on_inquiry(void *context, const struct sdr_inquiry_result *result)
{
	struct sdr_names_call *call = context;
	const struct sdr_reply *telling = result->telling;
	struct found found = {0};
	call->inquiry = NULL;
	if (telling->outcome != SDR_OUTCOME_OK) {
		note_failure(call, result);
		next_source(call);
		return;
	}
	if (!call->reverse && !is_host_name(telling->chain.end)) {
		call->outcome = SDR_OUTCOME_MALFORMED;
		snprintf(call->why, sizeof(call->why), "invalid host name in the answer: %.200s", telling->chain.end);
		deliver(call, NULL);
		return;
	}
	if (!call->reverse)
		found_text(&found, telling->chain.end);
	for (unsigned i = 0; i < telling->chain.steps && !call->reverse; i++)
		found_text(&found, telling->chain.names[i]);
	for (unsigned i = 0; i < result->count; i++)
		if (result->replies[i].outcome == SDR_OUTCOME_OK)
			found_reply(&found, &result->replies[i]);
		else if (result->replies[i].outcome != SDR_OUTCOME_NODATA && result->replies[i].outcome != SDR_OUTCOME_NXDOMAIN)
			found.partial = true;
	deliver(call, &found);
}

static void ask_dns(struct sdr_names_call *call)
{
	static const uint16_t both[] = {WIRE_A, WIRE_AAAA}, pointer[] = {WIRE_PTR};
	char names[SDR_INQUIRY_NAMES][SDR_MESSAGE_NAME];
	struct sdr_inquiry_spec spec = {.names = (const char(*)[SDR_MESSAGE_NAME])names,
		.name_count = 1,
		.types = call->reverse            ? pointer
			: call->query.family == 6 ? both + 1
						  : both,
		.type_count = call->reverse || call->query.family != 0 ? 1 : 2,
		.server = call->query.server != NULL ? &call->server : NULL,
		.timeout = call->query.timeout,
		.tries = call->query.tries,
		.done = on_inquiry,
		.context = call};
	if (call->reverse)
		sdr_message_reverse(names[0], &call->literal);
	else if (call->query.search)
		spec.name_count = sdr_resolvconf_candidates(sdr_names_resolvconf(call->names), call->name, names);
	else
		memcpy(names[0], call->name, sizeof(call->name));
	enum sdr_status status = sdr_inquiry_start(sdr_names_servers(call->names), &spec, &call->inquiry);
	if (status == SDR_OK)
		return;
	call->outcome = SDR_OUTCOME_LOCAL;
	snprintf(call->why, sizeof(call->why), "%s", sdr_status_text(status));
	deliver(call, NULL);
}

static void step(struct sdr_names_call *call)
{
	static void (*const ask[])(struct sdr_names_call *) = {
		[SOURCE_LITERAL] = ask_literal, [SOURCE_FILES] = ask_files, [SOURCE_DNS] = ask_dns};
	enum source source = call->order[call->at];
	if (source != SOURCE_END)
		ask[source](call);
	else
		deliver(call, NULL);
}

static void on_timer(uv_timer_t *timer)
{
	step(timer->data);
}

/* A resolver named by the asker is asked and nothing else. */
static void sources_choose(struct sdr_names_call *call)
{
	const struct sdr_nsswitch *order = &call->names->order;
	unsigned n = 0;
	bool asked = call->query.server != NULL;
	if (call->literal.version != 0 && !call->reverse) {
		call->order[n++] = SOURCE_LITERAL;
	} else {
		if (order->files && order->files_first && !asked)
			call->order[n++] = SOURCE_FILES;
		if (order->dns || asked)
			call->order[n++] = SOURCE_DNS;
		if (order->files && !order->files_first && !asked)
			call->order[n++] = SOURCE_FILES;
	}
	call->order[n] = SOURCE_END;
}

static enum sdr_status call_start(struct sdr_names *names, struct sdr_names_call *made, struct sdr_names_call **call)
{
	struct sdr_names_call *kept = malloc(sizeof(*kept));
	if (kept == NULL)
		return SDR_ENOMEM;
	*kept = *made;
	kept->names = names;
	kept->started = sdr_clock_now();
	kept->outcome = SDR_OUTCOME_NXDOMAIN;
	snprintf(kept->why, sizeof(kept->why), "no such name: %.200s", kept->name);
	sources_choose(kept);
	uv_timer_init(names->loop, &kept->timer);
	kept->timer.data = kept;
	uv_timer_start(&kept->timer, on_timer, 0, 0);
	TAILQ_INSERT_TAIL(&names->calls, kept, link);
	if (call != NULL)
		*call = kept;
	return SDR_OK;
}

enum sdr_status sdr_names_addresses(
	struct sdr_names *names, const struct sdr_names_query *query, struct sdr_names_call **call, struct sdr_error *error)
{
	struct sdr_names_call made = {.query = *query};
	enum sdr_status status = SDR_OK;
	sdr_filewatch_look(names->watch);
	if (query->server != NULL)
		status = sdr_names_server_parse(query->server, &made.server, error);
	if (status == SDR_OK)
		status = sdr_host_check(query->name, error);
	if (status != SDR_OK)
		return status;
	if (sdr_addr_parse(query->name, &made.literal, NULL) == SDR_OK)
		snprintf(made.name, sizeof(made.name), "%.*s", (int)sizeof(made.name) - 1, query->name);
	else
		status = sdr_message_name(made.name, query->name, error);
	if (status == SDR_OK)
		status = sdr_host_check(made.name, error); /* as IDNA made it */
	return status == SDR_OK ? call_start(names, &made, call) : status;
}

enum sdr_status sdr_names_reverse(
	struct sdr_names *names, const struct sdr_names_query *query, struct sdr_names_call **call, struct sdr_error *error)
{
	struct sdr_names_call made = {.query = *query, .reverse = true};
	enum sdr_status status = sdr_addr_parse(query->name, &made.literal, error);
	sdr_filewatch_look(names->watch);
	if (status == SDR_OK && query->server != NULL)
		status = sdr_names_server_parse(query->server, &made.server, error);
	if (status != SDR_OK)
		return status;
	snprintf(made.name, sizeof(made.name), "%.*s", (int)sizeof(made.name) - 1, query->name);
	return call_start(names, &made, call);
}
