/* inquiry.c - several types of one name asked at once, the search list gone through. The idea: one exchange per type, all at once; when all
 * of a name's are in and say that there is no such thing, the next name's start. */
#include "dns/inquiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sdr_inquiry;

/* One type's question. */
struct part {
	struct sdr_inquiry *inquiry;
	struct sdr_exchange *exchange; /* NULL once it is done */
	struct sdr_reply reply;
};

struct sdr_inquiry {
	struct sdr_servers *servers;
	struct sdr_inquiry_spec spec;    /* names, types and server: unused, the copies below count */
	struct sdr_endpoint server;      /* if spec.server was given */
	char (*names)[SDR_MESSAGE_NAME]; /* [spec.name_count], owned */
	unsigned at;                     /* the name being asked for */
	unsigned pending;                /* parts whose exchange runs */
	sdr_ns started;
	struct part parts[SDR_INQUIRY_TYPES]; /* [spec.type_count] */
};

static void parts_forget(struct sdr_inquiry *inquiry)
{
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct part *part = &inquiry->parts[i];
		if (part->exchange != NULL)
			sdr_exchange_cancel(part->exchange);
		part->exchange = NULL;
		sdr_message_free(part->reply.message);
		part->reply.message = NULL;
	}
}

void sdr_inquiry_cancel(struct sdr_inquiry *inquiry)
{
	parts_forget(inquiry);
	free(inquiry->names);
	free(inquiry);
}

/* Which outcome says most of several bad ones; the larger. */
static int weight(enum sdr_outcome outcome)
{
	static const enum sdr_outcome order[] = {SDR_OUTCOME_OK, SDR_OUTCOME_LOCAL, SDR_OUTCOME_SERVFAIL, SDR_OUTCOME_REFUSED,
		SDR_OUTCOME_MALFORMED, SDR_OUTCOME_TIMEOUT, SDR_OUTCOME_NODATA, SDR_OUTCOME_NXDOMAIN};
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
		if (replies[i].outcome != SDR_OUTCOME_NODATA || replies[i].chain.loop || replies[i].chain.too_long || replies[i].chain.unknown)
			return;
		length += (size_t)snprintf(
			types + length, sizeof(types) - length, "%s%s", i > 0 ? ", " : "", sdr_message_type_format(type, replies[i].type));
	}
	if (inquiry->spec.type_count == 1)
		return;
	snprintf(first->why, sizeof(first->why), "NODATA: %.100s has no record of the types %.80s", first->chain.end, types);
	sdr_inquiry_add_edes(first);
}

static void finish(struct sdr_inquiry *inquiry)
{
	struct sdr_reply replies[SDR_INQUIRY_TYPES];
	for (unsigned i = 0; i < inquiry->spec.type_count; i++)
		replies[i] = inquiry->parts[i].reply;
	say_none(inquiry, replies);
	struct sdr_inquiry_result result = {.name = inquiry->names[inquiry->at],
		.names_tried = inquiry->at + 1,
		.count = inquiry->spec.type_count,
		.replies = replies,
		.telling = most_telling(inquiry, replies),
		.elapsed = sdr_clock_now() - inquiry->started};
	/* one name only: the questions' own times, without the loop's turns between */
	if (inquiry->at == 0)
		result.elapsed = 0;
	for (unsigned i = 0; i < inquiry->spec.type_count && inquiry->at == 0; i++)
		if (replies[i].elapsed > result.elapsed)
			result.elapsed = replies[i].elapsed;
	inquiry->spec.done(inquiry->spec.context, &result);
	sdr_inquiry_cancel(inquiry);
}

static enum sdr_status name_start(struct sdr_inquiry *inquiry);

/* Whether the next name of the list is worth asking for: all say that there is no such name or record. */
static bool goes_on(const struct sdr_inquiry *inquiry)
{
	if (inquiry->at + 1 >= inquiry->spec.name_count)
		return false;
	if (inquiry->spec.budget > 0 && sdr_clock_now() - inquiry->started >= inquiry->spec.budget)
		return false;
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		enum sdr_outcome outcome = inquiry->parts[i].reply.outcome;
		if (outcome != SDR_OUTCOME_NXDOMAIN && outcome != SDR_OUTCOME_NODATA)
			return false;
	}
	return true;
}

static void on_done(void *context, const struct sdr_exchange_result *result)
{
	struct part *part = context;
	struct sdr_inquiry *inquiry = part->inquiry;
	part->exchange = NULL;
	sdr_inquiry_judge(result, inquiry->names[inquiry->at], &part->reply);
	if (--inquiry->pending > 0)
		return;
	if (goes_on(inquiry)) {
		inquiry->at++;
		if (name_start(inquiry) == SDR_OK)
			return;
		inquiry->at--; /* out of memory: what there is stands */
	}
	finish(inquiry);
}

/* Starts the questions for the present name. On failure none runs and the replies are as before. */
static enum sdr_status name_start(struct sdr_inquiry *inquiry)
{
	struct sdr_exchange *started[SDR_INQUIRY_TYPES] = {0};
	sdr_ns left = inquiry->spec.budget - (sdr_clock_now() - inquiry->started);
	for (unsigned i = 0; i < inquiry->spec.type_count; i++) {
		struct part *part = &inquiry->parts[i];
		struct sdr_exchange_spec spec = {.name = inquiry->names[inquiry->at],
			.type = part->reply.type,
			.server = inquiry->spec.server != NULL ? &inquiry->server : NULL,
			.timeout = inquiry->spec.timeout,
			.budget = inquiry->spec.budget == 0 ? 0
				: left > 0                  ? left
							    : 1, /* 0 would be no bound */
			.tries = inquiry->spec.tries,
			.tcp = inquiry->spec.tcp,
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
