/* inquiry.c - several types of one name asked at once, the search list gone through. The idea: one exchange per type, all at once; when all
 * of a name's are in and say that there is no such thing, the next name's start. */
#include "dns/inquiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define RCODE_SERVFAIL 2

struct sdr_inquiry;

/* One type's question. */
struct part {
	struct sdr_inquiry *inquiry;
	struct sdr_exchange *exchange; /* NULL once it is done */
	struct sdr_reply reply;
};

/* What the names before came to, where none of them was it. */
struct verdict {
	bool known;
	bool taken;                                  /* the present name's replies have been looked at for it, and are gone */
	unsigned at;                                 /* the name it is of */
	struct sdr_reply replies[SDR_INQUIRY_TYPES]; /* [spec.type_count], owned */
};

struct sdr_inquiry {
	uv_timer_t timer; /* runs while the other types are waited for no longer than spec.settle */
	struct sdr_servers *servers;
	struct sdr_inquiry_spec spec;    /* names, types and server: unused, the copies below count */
	struct sdr_endpoint server;      /* if spec.server was given */
	char (*names)[SDR_MESSAGE_NAME]; /* [spec.name_count], owned */
	unsigned at;                     /* the name being asked for */
	unsigned pending;                /* parts whose exchange runs */
	sdr_ns started;
	struct sdr_attempt *past; /* [past_count] tries of the names before this one, owned */
	unsigned past_count;
	struct verdict before;                /* what says most of the names before this one */
	enum sdr_status broken;               /* why the names after it could not be asked for; SDR_OK: they could */
	struct part parts[SDR_INQUIRY_TYPES]; /* [spec.type_count] */
};

static void verdict_forget(struct sdr_inquiry *inquiry)
{
	for (unsigned i = 0; i < inquiry->spec.type_count; i++)
		sdr_reply_clear(&inquiry->before.replies[i]);
	inquiry->before.known = false;
}

static void parts_forget(struct sdr_inquiry *inquiry)
{
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct part *part = &inquiry->parts[i];
		if (part->exchange != NULL)
			sdr_exchange_cancel(part->exchange);
		part->exchange = NULL;
		sdr_reply_clear(&part->reply);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_inquiry *inquiry = handle->data;
	free(inquiry->names);
	free(inquiry->past);
	free(inquiry);
}

void sdr_inquiry_cancel(struct sdr_inquiry *inquiry)
{
	parts_forget(inquiry);
	verdict_forget(inquiry);
	uv_close((uv_handle_t *)&inquiry->timer, on_closed);
}

/* Which outcome says most of several bad ones; the larger. */
static int weight(enum sdr_outcome outcome)
{
	static const enum sdr_outcome order[] = {SDR_OUTCOME_OK, SDR_OUTCOME_LOCAL, SDR_OUTCOME_SERVFAIL, SDR_OUTCOME_REFUSED,
		SDR_OUTCOME_MALFORMED, SDR_OUTCOME_RESET, SDR_OUTCOME_TIMEOUT, SDR_OUTCOME_NODATA, SDR_OUTCOME_NXDOMAIN};
	int count = sizeof(order) / sizeof(*order);
	for (int i = 0; i < count; i++)
		if (order[i] == outcome)
			return count - i;
	return 0;
}

static const struct sdr_reply *most_telling(const struct sdr_inquiry *inquiry, const struct sdr_reply replies[])
{
	const struct sdr_reply *best = &replies[0];
	for (unsigned i = 1; i < inquiry->spec.type_count; i++)
		if (weight(replies[i].outcome) > weight(best->outcome))
			best = &replies[i];
	return best;
}

/* Where none of several types has a record, the one sentence names them all. */
static void say_none(const struct sdr_inquiry *inquiry, struct sdr_reply replies[])
{
	struct sdr_reply *first = &replies[0];
	size_t length = 0;
	char types[SDR_INQUIRY_TYPES * SDR_MESSAGE_WORD] = "", type[SDR_MESSAGE_WORD];
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		if (replies[i].outcome != SDR_OUTCOME_NODATA || replies[i].chain.loop || replies[i].chain.too_long ||
			replies[i].chain.unknown)
			return;
		length += (size_t)snprintf(
			types + length, sizeof(types) - length, "%s%s", i > 0 ? ", " : "", sdr_message_type_format(type, replies[i].type));
	}
	if (inquiry->spec.type_count == 1)
		return;
	snprintf(first->why, sizeof(first->why), "NODATA: %.100s has no record of the types %.80s", first->chain.end, types);
	sdr_inquiry_add_edes(first);
}

static int by_beginning(const void *a, const void *b)
{
	sdr_ns first = ((const struct sdr_attempt *)a)->began, second = ((const struct sdr_attempt *)b)->began;
	return (first > second) - (first < second);
}

/* Writes all tries, of this name and those before, into out[SDR_ATTEMPTS_MAX], in the order they began; returns how many. */
static unsigned collect(const struct sdr_inquiry *inquiry, struct sdr_attempt out[static SDR_ATTEMPTS_MAX])
{
	unsigned count = inquiry->past_count;
	if (count > 0)
		memcpy(out, inquiry->past, count * sizeof(*out));
	for (unsigned i = 0; i < inquiry->spec.type_count; i++)
		for (unsigned j = 0; j < inquiry->parts[i].reply.attempt_count && count < SDR_ATTEMPTS_MAX; j++)
			out[count++] = inquiry->parts[i].reply.attempts[j];
	qsort(out, count, sizeof(*out), by_beginning);
	return count;
}

/* What the time went to: the longest of the tries that answered, and the rest. */
static void take_times(const struct sdr_inquiry *inquiry, struct sdr_inquiry_result *result)
{
	sdr_ns total = inquiry->at > 0 ? sdr_clock_now() - inquiry->started : 0; /* of one name: without the loop's turns between */
	bool answered = false;
	result->elapsed = 0;
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_reply *reply = &result->replies[i];
		sdr_ns whole = reply->elapsed + reply->waited;
		total = inquiry->at == 0 && whole > total ? whole : total;
		answered = answered || reply->message != NULL;
		if (reply->message != NULL && reply->elapsed > result->elapsed)
			result->elapsed = reply->elapsed;
	}
	if (!answered)
		result->elapsed = total;
	result->waited = total - result->elapsed;
}

/* Whether the names before have more to tell than the present one: that a server failed, that there is a name without such records; or as much,
 * of the name as it was typed, which is the shortest. */
static bool before_tells(const struct sdr_inquiry *inquiry, const struct sdr_reply *present)
{
	const struct verdict *before = &inquiry->before;
	if (!before->known || present->outcome == SDR_OUTCOME_OK)
		return false;
	int first = weight(most_telling(inquiry, before->replies)->outcome), second = weight(present->outcome);
	return first > second || (first == second && strlen(inquiry->names[before->at]) < strlen(inquiry->names[inquiry->at]));
}

static void copy_present(const struct sdr_inquiry *inquiry, struct sdr_reply replies[])
{
	for (unsigned i = 0; i < inquiry->spec.type_count; i++)
		replies[i] = inquiry->parts[i].reply;
}

static void finish(struct sdr_inquiry *inquiry)
{
	struct sdr_reply replies[SDR_INQUIRY_TYPES];
	struct sdr_attempt attempts[SDR_ATTEMPTS_MAX];
	unsigned at = inquiry->at, attempt_count = collect(inquiry, attempts);
	copy_present(inquiry, replies);
	if (inquiry->before.taken || before_tells(inquiry, most_telling(inquiry, replies))) {
		at = inquiry->before.at;
		memcpy(replies, inquiry->before.replies, inquiry->spec.type_count * sizeof(*replies));
	}
	say_none(inquiry, replies);
	struct sdr_reply *told = &replies[most_telling(inquiry, replies) - replies];
	if (inquiry->broken != SDR_OK) { /* what the names before had to say is not the whole truth */
		told->outcome = SDR_OUTCOME_LOCAL;
		snprintf(told->why, sizeof(told->why), "%s", sdr_status_text(inquiry->broken));
	}
	struct sdr_inquiry_result result = {.name = inquiry->names[at],
		.names_tried = inquiry->at + 1,
		.count = inquiry->spec.type_count,
		.replies = replies,
		.telling = told,
		.attempts = attempts,
		.attempt_count = attempt_count};
	take_times(inquiry, &result);
	inquiry->spec.done(inquiry->spec.context, &result);
	sdr_inquiry_cancel(inquiry);
}

static enum sdr_status name_start(struct sdr_inquiry *inquiry);

/* Whether the next name of the list is worth asking for: all say that there is no such name or record, or SERVFAIL, of which libc thinks the
 * same: it is about this name. */
static bool goes_on(const struct sdr_inquiry *inquiry)
{
	if (inquiry->at + 1 >= inquiry->spec.name_count)
		return false;
	if (inquiry->spec.budget > 0 && sdr_clock_now() - inquiry->started >= inquiry->spec.budget)
		return false;
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		const struct sdr_reply *reply = &inquiry->parts[i].reply;
		bool servfail = reply->outcome == SDR_OUTCOME_SERVFAIL && reply->rcode == RCODE_SERVFAIL;
		if (reply->outcome != SDR_OUTCOME_NXDOMAIN && reply->outcome != SDR_OUTCOME_NODATA && !servfail)
			return false;
	}
	return true;
}

/* Keeps what the present name's questions have to tell, before the next name's begin. */
static enum sdr_status name_past(struct sdr_inquiry *inquiry)
{
	struct sdr_attempt attempts[SDR_ATTEMPTS_MAX];
	unsigned count = collect(inquiry, attempts);
	struct sdr_attempt *past = realloc(inquiry->past, (count > 0 ? count : 1) * sizeof(*past));
	if (past == NULL)
		return SDR_ENOMEM;
	memcpy(past, attempts, count * sizeof(*past));
	inquiry->past = past;
	inquiry->past_count = count;
	struct sdr_reply replies[SDR_INQUIRY_TYPES] = {0};
	copy_present(inquiry, replies);
	bool keep = !before_tells(inquiry, most_telling(inquiry, replies));
	if (keep)
		verdict_forget(inquiry);
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct sdr_reply *reply = &inquiry->parts[i].reply;
		if (keep)
			inquiry->before.replies[i] = *reply;
		else
			sdr_reply_clear(reply);
		*reply = (struct sdr_reply){.type = reply->type};
	}
	if (keep)
		inquiry->before.at = inquiry->at;
	inquiry->before.known = inquiry->before.taken = true;
	return SDR_OK;
}

static void name_end(struct sdr_inquiry *inquiry)
{
	if (goes_on(inquiry)) {
		inquiry->broken = name_past(inquiry);
		if (inquiry->broken == SDR_OK) {
			inquiry->at++;
			inquiry->broken = name_start(inquiry);
			if (inquiry->broken == SDR_OK)
				return;
			inquiry->at--;
		}
	}
	finish(inquiry);
}

/* The other types have had their time. */
static void on_settled(uv_timer_t *timer)
{
	struct sdr_inquiry *inquiry = timer->data;
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct part *part = &inquiry->parts[i];
		if (part->exchange == NULL)
			continue;
		sdr_exchange_leave(part->exchange, &part->reply);
		part->exchange = NULL;
		part->reply.not_waited_for = true;
	}
	inquiry->pending = 0;
	finish(inquiry);
}

static void on_done(void *context, struct sdr_reply *reply)
{
	struct part *part = context;
	struct sdr_inquiry *inquiry = part->inquiry;
	part->exchange = NULL;
	part->reply = *reply;
	if (--inquiry->pending == 0) {
		uv_timer_stop(&inquiry->timer);
		name_end(inquiry);
	} else if (inquiry->spec.settle > 0 && reply->outcome == SDR_OUTCOME_OK && !uv_is_active((uv_handle_t *)&inquiry->timer)) {
		uv_timer_start(&inquiry->timer, on_settled, (uint64_t)(inquiry->spec.settle / SDR_MS), 0);
	}
}

/* Starts the questions for the present name. On failure none runs. */
static enum sdr_status name_start(struct sdr_inquiry *inquiry)
{
	struct sdr_exchange *started[SDR_INQUIRY_TYPES] = {0};
	sdr_ns left = inquiry->spec.budget - (sdr_clock_now() - inquiry->started);
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct part *part = &inquiry->parts[i];
		struct sdr_exchange_spec spec = {.name = inquiry->names[inquiry->at],
			.type = part->reply.type,
			.server = inquiry->spec.server != NULL ? &inquiry->server : NULL,
			.since = inquiry->started,
			.timeout = inquiry->spec.timeout,
			.budget = inquiry->spec.budget == 0 ? 0
				: left > 0                  ? left
							    : 1, /* 0 would be no bound */
			.tries = inquiry->spec.tries,
			.tcp = inquiry->spec.tcp,
			.authentic = inquiry->spec.authentic,
			.done = on_done,
			.context = part};
		enum sdr_status status = sdr_exchange_start(inquiry->servers, &spec, &started[i]);
		if (status == SDR_OK)
			continue;
		while (i > 0)
			sdr_exchange_cancel(started[--i]);
		return status;
	}
	parts_forget(inquiry);
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct part *part = &inquiry->parts[i];
		part->exchange = started[i];
		part->reply = (struct sdr_reply){.type = part->reply.type};
	}
	inquiry->pending = inquiry->spec.type_count;
	inquiry->before.taken = false;
	return SDR_OK;
}

enum sdr_status sdr_inquiry_start(struct sdr_servers *servers, const struct sdr_inquiry_spec *spec, struct sdr_inquiry **inquiry)
{
	struct sdr_inquiry *made = calloc(1, sizeof(*made));
	char(*names)[SDR_MESSAGE_NAME] = calloc(spec->name_count, sizeof(*names));
	if (made == NULL || names == NULL) {
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
	if (spec->server != NULL)
		made->server = *spec->server;
	for (unsigned i = 0; i < spec->type_count; i++) {
		made->parts[i].inquiry = made;
		made->parts[i].reply.type = spec->types[i];
	}
	enum sdr_status status = name_start(made);
	if (status != SDR_OK) {
		sdr_inquiry_cancel(made);
		return status;
	}
	*inquiry = made;
	return SDR_OK;
}
