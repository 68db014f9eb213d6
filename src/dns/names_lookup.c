/* names_lookup.c - one lookup: a name's addresses, or an address's names. The idea: the services of
 * nsswitch.conf (the hosts file, DNS, this host's own name) gone through until one's answer ends
 * the list; every step happens in a callback of the loop. RFC 6724 sec. 6, nsswitch.conf(5). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "dns/found.h"
#include "dns/names_state.h"
#include "dns/reply.h"

#define SETTLE (50 * SDR_MS) /* RFC 8305 sec. 3 and 8: Resolution Delay */

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28 };

struct sdr_names_call {
	TAILQ_ENTRY(sdr_names_call) link;
	uv_timer_t timer; /* runs steps in the next loop iteration */
	struct sdr_names *names;
	struct sdr_names_query query; /* name: unused; server: not NULL if `server` counts */
	struct sdr_endpoint server;
	bool reverse;
	struct sdr_addr literal;      /* the name was an address: this */
	char name[SDR_MESSAGE_NAME];  /* as sent, in A-labels */
	struct sdr_nsswitch services; /* as they were when it began */
	unsigned at;
	struct sdr_questions *questions; /* pending, or NULL */
	sdr_ns started;
	struct found found;
	bool known;               /* a service had an answer: `found` */
	enum sdr_outcome outcome; /* else of the last service that did not know */
	char why[SDR_ERROR_TEXT];
	char missing[SDR_NAMES_NOTE]; /* as the answer's */
	char unseen[SDR_NAMES_NOTE];  /* likewise */
	char failed[SDR_NAMES_NOTE];  /* likewise */
	sdr_ns query_time, waited;    /* likewise */
	struct sdr_attempt *attempts; /* [attempt_count], owned */
	unsigned attempt_count;
};

static void on_closed(uv_handle_t *handle)
{
	struct sdr_names_call *call = handle->data;
	free(call->attempts);
	found_clear(&call->found);
	free(call);
}

void sdr_names_cancel(struct sdr_names *names, struct sdr_names_call *call)
{
	TAILQ_REMOVE(&names->calls, call, link);
	if (call->questions)
		sdr_questions_cancel(call->questions);
	uv_close((uv_handle_t *)&call->timer, on_closed);
}

/* "No such name" from the hosts file alone is reported as such. */
static void note_unasked(struct sdr_names_call *call)
{
	if (call->outcome == SDR_OUTCOME_NXDOMAIN && call->attempt_count == 0)
		snprintf(call->why, sizeof(call->why),
			"no such name: %.200s (nsswitch.conf has no name server asked for it)",
			call->name);
}

/* Calls back and ends the call. */
static void deliver(struct sdr_names_call *call)
{
	struct sdr_names_address addresses[SDR_NAMES_ADDRESSES_MAX];
	const char *aliases[FOUND_TEXTS] = {NULL};
	struct found *found = &call->found;
	struct sdr_names_answer answer = {.outcome = call->outcome,
		.why = call->why,
		.canonical_name = call->name,
		.aliases = aliases,
		.addresses = addresses,
		.elapsed = sdr_clock_now() - call->started,
		.query = call->query_time,
		.waited = call->waited,
		.attempts = call->attempts,
		.attempt_count = call->attempt_count,
		.failed = call->failed};
	if (found->no_memory) { /* half an answer does not count */
		answer.outcome = SDR_OUTCOME_LOCAL;
		answer.why = sdr_status_text(SDR_ENOMEM);
	} else if (!call->known) {
		note_unasked(call);
	} else {
		found_order(found, &call->names->tables);
		if (found->unseen != 0 && call->unseen[0] == '\0')
			snprintf(call->unseen, sizeof(call->unseen),
				"not all that is known of it could be put together: %s",
				strerror(found->unseen));
		answer.unseen = call->unseen[0] != '\0' ? call->unseen : NULL;
		answer.outcome = SDR_OUTCOME_OK;
		answer.why = "answered";
		answer.count = found->count;
		answer.partial = call->missing[0] != '\0';
		answer.missing = answer.partial ? call->missing : NULL;
		answer.cut = found->more > 0;
		answer.more = found->more;
		answer.more_names = found->more_texts;
		for (unsigned i = 0; i < found->count; i++)
			addresses[i] = found->items[i].address;
		for (unsigned i = 1; i < found->text_count; i++)
			aliases[i - 1] = found->texts[i];
		if (found->text_count > 0)
			answer.canonical_name = found->texts[0];
	}
	call->query.done(call->query.context, &answer);
	sdr_names_cancel(call->names, call);
}

static void step(struct sdr_names_call *call);

/* A service has answered: its entry decides whether the next one is asked. The last one's result
 * counts, as in libc: a success that continues is lost. */
static void service_end(struct sdr_names_call *call, enum sdr_service_end end)
{
	const struct sdr_nsswitch_service *service = &call->services.services[call->at];
	call->known = end == SDR_SERVICE_SUCCESS;
	if (service->returns[end] || ++call->at >= call->services.count) {
		deliver(call);
		return;
	}
	found_clear(&call->found);
	step(call);
}

static void answer_literal(struct sdr_names_call *call)
{
	if (call->query.family != 0 && call->literal.version != call->query.family) {
		call->outcome = SDR_OUTCOME_NODATA;
		snprintf(call->why, sizeof(call->why), "%.100s is no IPv%u address", call->name,
			call->query.family);
	} else {
		found_address(&call->found, &call->literal, -1);
		found_text(&call->found, call->name);
		call->known = true;
	}
	deliver(call);
}

/* RFC 6761 sec. 6.3: localhost is this host, whatever a server answers. */
static void ask_files(struct sdr_names_call *call)
{
	const struct sdr_hosts *hosts = sdr_names_hosts(call->names);
	struct sdr_hosts_match match = {0};
	bool known = hosts &&
		(call->reverse ? sdr_hosts_find_addr(hosts, &call->literal, &match)
			       : sdr_hosts_find(hosts, call->name, call->query.family, &match));
	if (known)
		found_match(&call->found, &match);
	else if (!call->reverse && sdr_is_localhost(call->name))
		found_localhost(&call->found, call->name, call->query.family);
	else {
		service_end(call, SDR_SERVICE_NOTFOUND);
		return;
	}
	service_end(call, SDR_SERVICE_SUCCESS);
}

static void ask_own(struct sdr_names_call *call)
{
	bool known = !call->reverse && found_own(&call->found, call->name, call->query.family);
	if (!known && !call->reverse && sdr_is_localhost(call->name)) {
		found_localhost(&call->found, call->name, call->query.family);
		known = true;
	}
	service_end(call, known ? SDR_SERVICE_SUCCESS : SDR_SERVICE_NOTFOUND);
}

/* A name in presentation form is a host name if nothing in it needed an escape: RFC 1123 sec. 2.1,
 * and underscores. */
static bool is_host_name(const char *name)
{
	return !strpbrk(name, "\\\"()<>;@$ ");
}

static void note_failure(struct sdr_names_call *call, const struct sdr_questions_result *result)
{
	const struct sdr_reply *reply = result->deciding;
	call->outcome = reply->outcome;
	int length = snprintf(call->why, sizeof(call->why), "%s", reply->why);
	if (result->names_tried > 1 && length > 0 && (size_t)length < sizeof(call->why))
		snprintf(call->why + length, sizeof(call->why) - (size_t)length,
			" (%u names tried, through the search list)", result->names_tried);
}

/* Writes which type's addresses are missing and why. */
static void note_missing(struct sdr_names_call *call, const struct sdr_reply *reply)
{
	char type[SDR_MESSAGE_WORD], time[SDR_QUESTIONS_TIME];
	sdr_message_type_format(type, reply->type);
	if (reply->not_waited_for)
		snprintf(call->missing, sizeof(call->missing),
			"%s: no answer within %d ms of the other family's, not waited for", type,
			(int)(SETTLE / SDR_MS));
	else if (reply->outcome == SDR_OUTCOME_TIMEOUT)
		snprintf(call->missing, sizeof(call->missing), "%s: no answer in %s", type,
			sdr_questions_format_time(time, reply->elapsed));
	else
		snprintf(call->missing, sizeof(call->missing), "%s: %s", type, reply->why);
	if (reply->outcome == SDR_OUTCOME_LOCAL)
		snprintf(call->unseen, sizeof(call->unseen), "%s", call->missing);
}

/* Keeps the attempts, whatever the result. */
static void keep_attempts(struct sdr_names_call *call, const struct sdr_questions_result *result)
{
	size_t size = result->attempt_count * sizeof(*call->attempts);
	bool answered = false;
	for (unsigned i = 0; i < result->count; i++)
		answered = answered || result->replies[i].message;
	free(call->attempts);
	call->attempts = size > 0 ? malloc(size) : NULL;
	call->attempt_count = call->attempts ? result->attempt_count : 0;
	if (call->attempts)
		memcpy(call->attempts, result->attempts, size);
	call->found.no_memory = call->found.no_memory || (size > 0 && !call->attempts);
	call->query_time = answered ? result->elapsed : SDR_NS_NONE;
	call->waited = answered ? result->waited : result->elapsed + result->waited;
	sdr_attempts_failed(
		call->failed, sizeof(call->failed), result->attempts, result->attempt_count);
}

/* What libc makes of an answer: nothing there, or could not be asked. */
static enum sdr_service_end service_end_of(const struct sdr_reply *reply)
{
	switch (reply->outcome) {
	case SDR_OUTCOME_OK:
		return SDR_SERVICE_SUCCESS;
	case SDR_OUTCOME_NXDOMAIN:
	case SDR_OUTCOME_NODATA:
		return SDR_SERVICE_NOTFOUND;
	default:
		return SDR_SERVICE_UNAVAIL;
	}
}

static void on_questions(void *context, const struct sdr_questions_result *result)
{
	struct sdr_names_call *call = context;
	const struct sdr_reply *deciding = result->deciding;
	call->questions = NULL;
	keep_attempts(call, result);
	if (deciding->outcome != SDR_OUTCOME_OK) {
		note_failure(call, result);
		service_end(call, service_end_of(deciding));
		return;
	}
	if (!call->reverse && !is_host_name(deciding->chain.end)) {
		call->outcome = SDR_OUTCOME_MALFORMED;
		snprintf(call->why, sizeof(call->why), "invalid host name in the answer: %.200s",
			deciding->chain.end);
		deliver(call);
		return;
	}
	if (!call->reverse)
		found_text(&call->found, deciding->chain.end);
	for (unsigned i = 0; i < deciding->chain.steps && !call->reverse; i++)
		found_text(&call->found, deciding->chain.names[i]);
	for (unsigned i = 0; i < result->count; i++)
		if (result->replies[i].outcome == SDR_OUTCOME_OK)
			found_reply(&call->found, &result->replies[i]);
		else if (result->replies[i].outcome != SDR_OUTCOME_NODATA &&
			result->replies[i].outcome != SDR_OUTCOME_NXDOMAIN)
			note_missing(call, &result->replies[i]);
	if (call->query.family == 4 && !call->query.server) /* libc then uses only this one */
		found_sort(&call->found, sdr_names_resolvconf(call->names));
	service_end(call, SDR_SERVICE_SUCCESS);
}

/* Fills in the types to ask for; returns how many. 0: resolv.conf forbids the only one. */
static unsigned types_choose(const struct sdr_names_call *call, const uint16_t **types)
{
	static const uint16_t both[] = {TYPE_A, TYPE_AAAA}, pointer[] = {TYPE_PTR};
	bool no_aaaa = sdr_names_resolvconf(call->names)->no_aaaa && !call->query.server;
	*types = call->reverse ? pointer : call->query.family == 6 ? both + 1 : both;
	if (call->reverse || call->query.family == 4)
		return 1;
	if (call->query.family == 6)
		return no_aaaa ? 0 : 1;
	return no_aaaa ? 1 : 2;
}

static void fail_locally(struct sdr_names_call *call, enum sdr_status status)
{
	call->outcome = SDR_OUTCOME_LOCAL;
	snprintf(call->why, sizeof(call->why), "%s", sdr_status_text(status));
	deliver(call);
}

/* Writes the names to ask for, with the search list where it is wanted; returns how many. */
static unsigned names_choose(const struct sdr_names_call *call, char names[][SDR_MESSAGE_NAME])
{
	if (call->reverse)
		sdr_message_reverse(names[0], &call->literal);
	else if (call->query.search)
		return sdr_resolvconf_candidates(
			sdr_names_resolvconf(call->names), call->name, names);
	else
		memcpy(names[0], call->name, sizeof(call->name));
	return 1;
}

static void ask_dns(struct sdr_names_call *call)
{
	char(*names)[SDR_MESSAGE_NAME] =
		malloc((sdr_names_resolvconf(call->names)->search_count + 1) * sizeof(*names));
	struct sdr_questions_spec spec = {.names = (const char(*)[SDR_MESSAGE_NAME])names,
		.server = call->query.server ? &call->server : NULL,
		.timeout = call->query.timeout,
		.settle = call->query.connects ? SETTLE : 0,
		.tries = call->query.tries,
		.done = on_questions,
		.context = call};
	spec.type_count = types_choose(call, &spec.types);
	if (!names) {
		fail_locally(call, SDR_ENOMEM);
		return;
	}
	if (spec.type_count == 0) {
		free(names);
		call->outcome = SDR_OUTCOME_NODATA;
		snprintf(call->why, sizeof(call->why),
			"no IPv6 address is asked for: resolv.conf has no-aaaa");
		service_end(call, SDR_SERVICE_NOTFOUND);
		return;
	}
	sdr_names_take_options(call->names, &spec);
	spec.name_count = names_choose(call, names);
	enum sdr_status status =
		sdr_questions_start(sdr_names_servers(call->names), &spec, &call->questions);
	free(names);
	if (status != SDR_OK)
		fail_locally(call, status);
}

static void step(struct sdr_names_call *call)
{
	static void (*const ask[])(struct sdr_names_call *) = {[SDR_SERVICE_FILES] = ask_files,
		[SDR_SERVICE_DNS] = ask_dns,
		[SDR_SERVICE_MYHOSTNAME] = ask_own};
	if (call->literal.version != 0 && !call->reverse)
		answer_literal(call);
	else if (call->services.count == 0)
		deliver(call);
	else
		ask[call->services.services[call->at].kind](call);
}

static void on_timer(uv_timer_t *timer)
{
	step(timer->data);
}

/* With a server named by the caller, only that one is asked. */
static void services_choose(struct sdr_names_call *call)
{
	static const struct sdr_nsswitch dns = {
		.services = {{.kind = SDR_SERVICE_DNS, .returns = {[SDR_SERVICE_SUCCESS] = true}}},
		.count = 1};
	call->services = call->query.server ? dns : call->names->services;
}

static enum sdr_status call_start(struct sdr_names *names, struct sdr_names_call *made,
	struct sdr_names_call **call, struct sdr_error *error)
{
	struct sdr_names_call *kept = malloc(sizeof(*kept));
	if (!kept) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	*kept = *made;
	kept->names = names;
	kept->started = sdr_clock_now();
	kept->outcome = SDR_OUTCOME_NXDOMAIN;
	snprintf(kept->why, sizeof(kept->why), "no such name: %.200s", kept->name);
	services_choose(kept);
	kept->query_time = kept->waited = SDR_NS_NONE;
	uv_timer_init(names->loop, &kept->timer);
	kept->timer.data = kept;
	uv_timer_start(&kept->timer, on_timer, 0, 0);
	TAILQ_INSERT_TAIL(&names->calls, kept, link);
	if (call)
		*call = kept;
	return SDR_OK;
}

enum sdr_status sdr_names_addresses(struct sdr_names *names, const struct sdr_names_query *query,
	struct sdr_names_call **call, struct sdr_error *error)
{
	struct sdr_names_call made = {.query = *query};
	enum sdr_status status = SDR_OK;
	sdr_filewatch_look(names->watch);
	if (query->server)
		status = sdr_names_server_parse(query->server, &made.server, error);
	if (status == SDR_OK)
		status = sdr_host_check(query->name, error);
	if (status != SDR_OK)
		return status;
	if (sdr_addr_parse(query->name, &made.literal, NULL) == SDR_OK)
		snprintf(made.name, sizeof(made.name), "%.*s", (int)sizeof(made.name) - 1,
			query->name);
	else
		status = sdr_message_name(made.name, query->name, error);
	if (status == SDR_OK)
		status = sdr_host_check(made.name, error); /* as IDNA made it */
	return status == SDR_OK ? call_start(names, &made, call, error) : status;
}

enum sdr_status sdr_names_reverse(struct sdr_names *names, const struct sdr_names_query *query,
	struct sdr_names_call **call, struct sdr_error *error)
{
	struct sdr_names_call made = {.query = *query, .reverse = true};
	enum sdr_status status = sdr_addr_parse(query->name, &made.literal, error);
	sdr_filewatch_look(names->watch);
	if (status == SDR_OK && query->server)
		status = sdr_names_server_parse(query->server, &made.server, error);
	if (status != SDR_OK)
		return status;
	snprintf(made.name, sizeof(made.name), "%.*s", (int)sizeof(made.name) - 1, query->name);
	return call_start(names, &made, call, error);
}
