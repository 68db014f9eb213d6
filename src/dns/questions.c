/* questions.c - several types of one name asked at once, with the search list. The idea: one
 * exchange per type, all at once; when all of a name are done without records, those of the next
 * name start. */
#include "dns/questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "dns/reply.h"

#define RCODE_SERVFAIL 2

struct sdr_questions;

/* One type's question. */
struct part {
	struct sdr_questions *questions;
	struct sdr_exchange *exchange; /* NULL once it is done */
	struct sdr_reply reply;
};

/* The best replies of the names before, none of which had an answer. */
struct best_replies {
	bool known;
	bool taken;  /* the present name's replies are moved in here, or dropped */
	unsigned at; /* the name they belong to */
	struct sdr_reply replies[SDR_QUESTIONS_TYPES]; /* [spec.type_count], owned */
};

struct sdr_questions {
	uv_timer_t timer; /* limits the wait for the other types to spec.settle */
	struct sdr_servers *servers;
	struct sdr_questions_spec
		spec;               /* names, types and server: unused, the copies below count */
	struct sdr_endpoint server; /* if spec.server was given */
	char (*names)[SDR_MESSAGE_NAME]; /* [spec.name_count], owned */
	unsigned at;                     /* the name being asked for */
	unsigned pending;                /* parts whose exchange runs */
	sdr_ns started;
	struct sdr_attempt *earlier; /* [earlier_count] tries of the names before this one, owned */
	unsigned earlier_count;
	struct best_replies best; /* the most informative replies of the names before this one */
	enum sdr_status
		broken; /* why the names after it could not be asked for; SDR_OK: they could */
	struct part parts[SDR_QUESTIONS_TYPES]; /* [spec.type_count] */
};

static void best_forget(struct sdr_questions *questions)
{
	for (unsigned i = 0; i < questions->spec.type_count; i++)
		sdr_reply_clear(&questions->best.replies[i]);
	questions->best.known = false;
}

static void parts_forget(struct sdr_questions *questions)
{
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		struct part *part = &questions->parts[i];
		if (part->exchange)
			sdr_exchange_cancel(part->exchange);
		part->exchange = NULL;
		sdr_reply_clear(&part->reply);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_questions *questions = handle->data;
	free(questions->names);
	free(questions->earlier);
	free(questions);
}

void sdr_questions_cancel(struct sdr_questions *questions)
{
	parts_forget(questions);
	best_forget(questions);
	uv_close((uv_handle_t *)&questions->timer, on_closed);
}

/* How informative a bad outcome is; the larger, the more. */
static int weight(enum sdr_outcome outcome)
{
	static const enum sdr_outcome order[] = {SDR_OUTCOME_OK, SDR_OUTCOME_LOCAL,
		SDR_OUTCOME_SERVFAIL, SDR_OUTCOME_REFUSED, SDR_OUTCOME_MALFORMED, SDR_OUTCOME_RESET,
		SDR_OUTCOME_TIMEOUT, SDR_OUTCOME_NODATA, SDR_OUTCOME_NXDOMAIN};
	int count = sizeof(order) / sizeof(*order);
	for (int i = 0; i < count; i++)
		if (order[i] == outcome)
			return count - i;
	return 0;
}

const struct sdr_reply *sdr_replies_deciding(const struct sdr_reply replies[], unsigned count)
{
	const struct sdr_reply *best = &replies[0];
	for (unsigned i = 1; i < count; i++)
		if (weight(replies[i].outcome) > weight(best->outcome))
			best = &replies[i];
	return best;
}

static const struct sdr_reply *deciding_reply(
	const struct sdr_questions *questions, const struct sdr_reply replies[])
{
	return sdr_replies_deciding(replies, questions->spec.type_count);
}

/* Where none of several types has a record, the one sentence names them all. */
static void format_none(const struct sdr_questions *questions, struct sdr_reply replies[])
{
	struct sdr_reply *first = &replies[0];
	size_t length = 0;
	char types[SDR_QUESTIONS_TYPES * SDR_MESSAGE_WORD] = "", type[SDR_MESSAGE_WORD];
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		if (replies[i].outcome != SDR_OUTCOME_NODATA || replies[i].chain.loop ||
			replies[i].chain.too_long || replies[i].chain.unknown)
			return;
		length += (size_t)snprintf(types + length, sizeof(types) - length, "%s%s",
			i > 0 ? ", " : "", sdr_message_type_format(type, replies[i].type));
	}
	if (questions->spec.type_count == 1)
		return;
	snprintf(first->why, sizeof(first->why), "NODATA: %.100s has no record of the types %.80s",
		first->chain.end, types);
	sdr_reply_add_edes(first);
}

static int by_beginning(const void *a, const void *b)
{
	sdr_ns first = ((const struct sdr_attempt *)a)->began,
	       second = ((const struct sdr_attempt *)b)->began;
	return (first > second) - (first < second);
}

/* Writes all tries, of this name and those before, into out[SDR_ATTEMPTS_MAX], in the order they
 * began; returns how many. */
static unsigned collect(
	const struct sdr_questions *questions, struct sdr_attempt out[static SDR_ATTEMPTS_MAX])
{
	unsigned count = questions->earlier_count;
	if (count > 0)
		memcpy(out, questions->earlier, count * sizeof(*out));
	for (unsigned i = 0; i < questions->spec.type_count; i++)
		for (unsigned j = 0;
			j < questions->parts[i].reply.attempt_count && count < SDR_ATTEMPTS_MAX;
			j++)
			out[count++] = questions->parts[i].reply.attempts[j];
	qsort(out, count, sizeof(*out), by_beginning);
	return count;
}

/* What the time went to: the longest of the tries that answered, and the rest. */
static void take_times(const struct sdr_questions *questions, struct sdr_questions_result *result)
{
	sdr_ns total = questions->at > 0 ? sdr_clock_now() - questions->started
					 : 0; /* of one name: without loop iterations between */
	bool answered = false;
	result->elapsed = 0;
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		sdr_ns whole = reply->elapsed + reply->waited;
		total = questions->at == 0 && whole > total ? whole : total;
		answered = answered || reply->message;
		if (reply->message && reply->elapsed > result->elapsed)
			result->elapsed = reply->elapsed;
	}
	if (!answered)
		result->elapsed = total;
	result->waited = total - result->elapsed;
}

/* Whether the names before have a more informative outcome than the present one: a server failed,
 * or the name exists without such records; or an equal one for the name as typed, which is the
 * shortest. */
static bool best_outranks(const struct sdr_questions *questions, const struct sdr_reply *present)
{
	const struct best_replies *best = &questions->best;
	if (!best->known || present->outcome == SDR_OUTCOME_OK)
		return false;
	int first = weight(deciding_reply(questions, best->replies)->outcome),
	    second = weight(present->outcome);
	return first > second ||
		(first == second &&
			strlen(questions->names[best->at]) <
				strlen(questions->names[questions->at]));
}

static void copy_present(const struct sdr_questions *questions, struct sdr_reply replies[])
{
	for (unsigned i = 0; i < questions->spec.type_count; i++)
		replies[i] = questions->parts[i].reply;
}

int64_t sdr_questions_ttl(const struct sdr_questions_result *result)
{
	int64_t ttl = -1;
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		if (reply->outcome == result->deciding->outcome && reply->message &&
			reply->chain.ttl >= 0 && (ttl < 0 || reply->chain.ttl < ttl))
			ttl = reply->chain.ttl;
	}
	return ttl;
}

static void finish(struct sdr_questions *questions)
{
	struct sdr_reply replies[SDR_QUESTIONS_TYPES];
	struct sdr_attempt attempts[SDR_ATTEMPTS_MAX];
	unsigned at = questions->at, attempt_count = collect(questions, attempts);
	copy_present(questions, replies);
	if (questions->best.taken || best_outranks(questions, deciding_reply(questions, replies))) {
		at = questions->best.at;
		memcpy(replies, questions->best.replies,
			questions->spec.type_count * sizeof(*replies));
	}
	format_none(questions, replies);
	struct sdr_reply *reported = &replies[deciding_reply(questions, replies) - replies];
	if (questions->broken != SDR_OK) { /* the replies for the names before are incomplete */
		reported->outcome = SDR_OUTCOME_LOCAL;
		snprintf(reported->why, sizeof(reported->why), "%s",
			sdr_status_text(questions->broken));
	}
	struct sdr_questions_result result = {.name = questions->names[at],
		.names_tried = questions->at + 1,
		.count = questions->spec.type_count,
		.replies = replies,
		.deciding = reported,
		.attempts = attempts,
		.attempt_count = attempt_count};
	take_times(questions, &result);
	questions->spec.done(questions->spec.context, &result);
	sdr_questions_cancel(questions);
}

static enum sdr_status name_start(struct sdr_questions *questions);

/* Whether to continue with the next name of the list: all replies are no such name, no record, or
 * SERVFAIL, which libc also takes to be about this name alone. */
static bool goes_on(const struct sdr_questions *questions)
{
	if (questions->at + 1 >= questions->spec.name_count)
		return false;
	if (questions->spec.budget > 0 &&
		sdr_clock_now() - questions->started >= questions->spec.budget)
		return false;
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		const struct sdr_reply *reply = &questions->parts[i].reply;
		bool servfail =
			reply->outcome == SDR_OUTCOME_SERVFAIL && reply->rcode == RCODE_SERVFAIL;
		if (reply->outcome != SDR_OUTCOME_NXDOMAIN &&
			reply->outcome != SDR_OUTCOME_NODATA && !servfail)
			return false;
	}
	return true;
}

/* Keeps the results of the present name before the questions of the next one start. */
static enum sdr_status name_keep(struct sdr_questions *questions)
{
	struct sdr_attempt attempts[SDR_ATTEMPTS_MAX];
	unsigned count = collect(questions, attempts);
	struct sdr_attempt *earlier =
		realloc(questions->earlier, (count > 0 ? count : 1) * sizeof(*earlier));
	if (!earlier)
		return SDR_ENOMEM;
	memcpy(earlier, attempts, count * sizeof(*earlier));
	questions->earlier = earlier;
	questions->earlier_count = count;
	struct sdr_reply replies[SDR_QUESTIONS_TYPES] = {0};
	copy_present(questions, replies);
	bool keep = !best_outranks(questions, deciding_reply(questions, replies));
	if (keep)
		best_forget(questions);
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		struct sdr_reply *reply = &questions->parts[i].reply;
		if (keep)
			questions->best.replies[i] = *reply;
		else
			sdr_reply_clear(reply);
		*reply = (struct sdr_reply){.type = reply->type};
	}
	if (keep)
		questions->best.at = questions->at;
	questions->best.known = questions->best.taken = true;
	return SDR_OK;
}

static void name_end(struct sdr_questions *questions)
{
	if (goes_on(questions)) {
		questions->broken = name_keep(questions);
		if (questions->broken == SDR_OK) {
			questions->at++;
			questions->broken = name_start(questions);
			if (questions->broken == SDR_OK)
				return;
			questions->at--;
		}
	}
	finish(questions);
}

/* The other types have had their time. */
static void on_settled(uv_timer_t *timer)
{
	struct sdr_questions *questions = timer->data;
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		struct part *part = &questions->parts[i];
		if (!part->exchange)
			continue;
		sdr_exchange_leave(part->exchange, &part->reply);
		part->exchange = NULL;
		part->reply.not_waited_for = true;
	}
	questions->pending = 0;
	finish(questions);
}

static void on_done(void *context, struct sdr_reply *reply)
{
	struct part *part = context;
	struct sdr_questions *questions = part->questions;
	part->exchange = NULL;
	part->reply = *reply;
	if (--questions->pending == 0) {
		uv_timer_stop(&questions->timer);
		name_end(questions);
	} else if (questions->spec.settle > 0 && reply->outcome == SDR_OUTCOME_OK &&
		!uv_is_active((uv_handle_t *)&questions->timer)) {
		uv_timer_start(&questions->timer, on_settled,
			(uint64_t)(questions->spec.settle / SDR_MS), 0);
	}
}

/* Starts the questions for the present name. On failure none runs. */
static enum sdr_status name_start(struct sdr_questions *questions)
{
	struct sdr_exchange *started[SDR_QUESTIONS_TYPES] = {0};
	sdr_ns left = questions->spec.budget - (sdr_clock_now() - questions->started);
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		struct part *part = &questions->parts[i];
		struct sdr_exchange_spec spec = {.name = questions->names[questions->at],
			.type = part->reply.type,
			.server = questions->spec.server ? &questions->server : NULL,
			.since = questions->started,
			.timeout = questions->spec.timeout,
			.budget = questions->spec.budget == 0 ? 0
				: left > 0                    ? left
							      : 1, /* 0 would be no bound */
			.tries = questions->spec.tries,
			.tcp = questions->spec.tcp,
			.authentic = questions->spec.authentic,
			.manner = questions->spec.manner,
			.done = on_done,
			.context = part};
		enum sdr_status status = sdr_exchange_start(questions->servers, &spec, &started[i]);
		if (status == SDR_OK)
			continue;
		while (i > 0)
			sdr_exchange_cancel(started[--i]);
		return status;
	}
	parts_forget(questions);
	for (unsigned i = 0; i < questions->spec.type_count; i++) {
		struct part *part = &questions->parts[i];
		part->exchange = started[i];
		part->reply = (struct sdr_reply){.type = part->reply.type};
	}
	questions->pending = questions->spec.type_count;
	questions->best.taken = false;
	return SDR_OK;
}

enum sdr_status sdr_questions_start(struct sdr_servers *servers,
	const struct sdr_questions_spec *spec, struct sdr_questions **questions)
{
	struct sdr_questions *made = calloc(1, sizeof(*made));
	char(*names)[SDR_MESSAGE_NAME] = calloc(spec->name_count, sizeof(*names));
	if (!made || !names) {
		free(made);
		free(names);
		return SDR_ENOMEM;
	}
	memcpy(names, spec->names, spec->name_count * sizeof(*names));
	made->servers = servers;
	made->spec = *spec;
	made->names = names;
	made->started = sdr_clock_now();
	uv_timer_init(sdr_servers_loop(servers), &made->timer);
	made->timer.data = made;
	if (spec->server)
		made->server = *spec->server;
	for (unsigned i = 0; i < spec->type_count; i++) {
		made->parts[i].questions = made;
		made->parts[i].reply.type = spec->types[i];
	}
	enum sdr_status status = name_start(made);
	if (status != SDR_OK) {
		sdr_questions_cancel(made);
		return status;
	}
	*questions = made;
	return SDR_OK;
}
