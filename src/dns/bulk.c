/* bulk.c - many names. The idea: nearly all of them are answered by one datagram, so that is all
 * they cost; whatever else comes (time-outs, TC, errors, what is malformed) puts the name among the
 * questions that have every means, with what time is left. */
#include "sounder/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "dns/ask.h"
#include "dns/bulk_socket.h"
#include "dns/dns_sheet.h"
#include "dns/reply.h"
#include "dns/reply_sheet.h"
#include "dns/wire.h"
#include "sounder/sheet.h"

/* The question for one type. */
struct part {
	struct bulk_asked asked; /* first */
	struct sdr_bulk_call *call;
	bool open; /* under way, the short way */
	struct sdr_reply reply;
};

struct sdr_bulk_call {
	TAILQ_ENTRY(sdr_bulk_call) link;
	struct sdr_bulk *bulk;
	struct sdr_bulk_question question; /* name: `name` */
	struct sdr_questions *questions;   /* the long way; or NULL */
	sdr_ns began;
	char name[SDR_MESSAGE_NAME];
	unsigned count, pending;                       /* pending: parts that are open */
	struct sdr_attempt first[SDR_QUESTIONS_TYPES]; /* [first_count] of the short way */
	unsigned first_count;
	struct part parts[]; /* [count] */
};

struct sdr_bulk {
	struct sdr_names *names;
	struct sdr_bulk_spec spec;
	struct sdr_endpoint server; /* of the short way */
	bool named;                 /* spec.server: alone */
	bool plain;                 /* it takes no EDNS */
	struct sdr_manner manner;
	struct bulk_socket *socket; /* NULL: there is no short way */
	TAILQ_HEAD(bulk_calls, sdr_bulk_call) calls;
	char *text; /* [text_room], lines under construction; owned */
	size_t text_length, text_room;
	bool text_failed;
};

static sdr_ns timeout_of(const struct sdr_bulk *bulk)
{
	return bulk->spec.timeout > 0 ? bulk->spec.timeout : SDR_ASK_TIMEOUT;
}

/* ---- what comes of a name ---- */

static void put(struct sdr_bulk *bulk, const char *bytes, size_t length)
{
	if (bulk->text_room - bulk->text_length < length) {
		size_t room = (bulk->text_length + length) * 2;
		char *grown = realloc(bulk->text, room);
		if (!grown) {
			bulk->text_failed = true;
			return;
		}
		bulk->text = grown;
		bulk->text_room = room;
	}
	memcpy(bulk->text + bulk->text_length, bytes, length);
	bulk->text_length += length;
}

static void put_word(struct sdr_bulk *bulk, const char *word)
{
	put(bulk, word, strlen(word));
}

static void put_number(struct sdr_bulk *bulk, uint32_t number)
{
	char digits[10];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(bulk, digits + at, sizeof(digits) - at);
}

static void put_record(struct sdr_bulk *bulk, const struct sdr_record *record)
{
	if (bulk->spec.form == SDR_BULK_LINES) {
		put_word(bulk, record->name);
		put_word(bulk, "  ");
		put_number(bulk, record->ttl);
		put_word(bulk, "  ");
		put_word(bulk, record->klass);
		put_word(bulk, "  ");
		put_word(bulk, record->type_text);
		put_word(bulk, "  ");
	}
	put_word(bulk, record->data);
	put(bulk, "\n", 1);
}

static void put_answer(struct sdr_bulk *bulk, const struct sdr_questions_result *result)
{
	bulk->text_length = 0;
	bulk->text_failed = false;
	for (unsigned i = 0; i < result->count; i++) {
		const struct sdr_message *message = result->replies[i].message;
		for (unsigned j = 0; message && j < message->count; j++)
			if (message->records[j].section == SDR_SECTION_ANSWER &&
				(i == 0 ||
					!sdr_reply_shown_before(result, i, &message->records[j])))
				put_record(bulk, &message->records[j]);
	}
}

static void call_free(struct sdr_bulk_call *call)
{
	for (unsigned i = 0; i < call->count; i++)
		sdr_reply_clear(&call->parts[i].reply);
	free(call);
}

static void call_stop(struct sdr_bulk_call *call)
{
	struct sdr_bulk *bulk = call->bulk;
	for (unsigned i = 0; i < call->count; i++) {
		if (call->parts[i].open)
			sdr_bulk_socket_forget(bulk->socket, &call->parts[i].asked);
		call->parts[i].open = false;
	}
	call->pending = 0;
	if (call->questions)
		sdr_questions_cancel(call->questions);
	call->questions = NULL;
}

void sdr_bulk_cancel(struct sdr_bulk_call *call)
{
	TAILQ_REMOVE(&call->bulk->calls, call, link);
	call_stop(call);
	call_free(call);
}

/* Hands the answer on; the call is gone then. */
static void deliver(struct sdr_bulk_call *call, const struct sdr_questions_result *result)
{
	struct sdr_bulk *bulk = call->bulk;
	struct sdr_bulk_answer answer = {
		.outcome = result->deciding->outcome, .why = result->deciding->why};
	if (bulk->spec.form == SDR_BULK_SHEETS) {
		answer.sheet = sdr_dns_sheet_new(result, NULL);
	} else {
		put_answer(bulk, result);
		answer.text = bulk->text ? bulk->text : "";
		answer.length = bulk->text_length;
	}
	if (bulk->text_failed) {
		answer.outcome = SDR_OUTCOME_LOCAL;
		answer.why = sdr_status_text(SDR_ENOMEM);
		answer.length = 0;
	}
	TAILQ_REMOVE(&bulk->calls, call, link);
	call->question.done(call->question.context, &answer);
	call_free(call);
}

/* ---- the long way ---- */

static void on_questions(void *context, const struct sdr_questions_result *result)
{
	struct sdr_bulk_call *call = context;
	struct sdr_attempt all[SDR_ATTEMPTS_MAX];
	struct sdr_questions_result whole = *result;
	unsigned count = call->first_count;
	call->questions = NULL;
	memcpy(all, call->first, count * sizeof(*all));
	for (unsigned i = 0; i < result->attempt_count && count < SDR_ATTEMPTS_MAX; i++)
		all[count++] = result->attempts[i];
	whole.attempts = all;
	whole.attempt_count = count;
	deliver(call, &whole);
}

static enum sdr_status start_questions(struct sdr_bulk_call *call)
{
	struct sdr_bulk *bulk = call->bulk;
	char names[SDR_QUESTIONS_NAMES][SDR_MESSAGE_NAME];
	uint16_t types[SDR_QUESTIONS_TYPES];
	sdr_ns left = timeout_of(bulk) - (sdr_clock_now() - call->began);
	struct sdr_questions_spec ask = {.names = (const char(*)[SDR_MESSAGE_NAME])names,
		.name_count = 1,
		.types = types,
		.type_count = call->count,
		.server = bulk->named ? &bulk->server : NULL,
		.budget = left > SDR_MS ? left : SDR_MS,
		.tries = call->first_count > 0 ? SDR_ASK_TRIES - 1 : 0,
		.tcp = bulk->spec.options->tcp,
		.manner = bulk->manner,
		.done = on_questions,
		.context = call};
	for (unsigned i = 0; i < call->count; i++)
		types[i] = call->parts[i].reply.type;
	memcpy(names[0], call->name, sizeof(call->name));
	if (bulk->spec.options->search)
		ask.name_count = sdr_resolvconf_candidates(
			sdr_names_resolvconf(bulk->names), call->name, names);
	sdr_ask_times(bulk->names, &ask);
	return sdr_questions_start(sdr_names_servers(bulk->names), &ask, &call->questions);
}

/* Gives the short way up. */
static void go_on(struct sdr_bulk_call *call)
{
	call_stop(call);
	for (unsigned i = 0; i < call->count; i++) {
		struct part *part = &call->parts[i];
		sdr_reply_clear(&part->reply);
		part->reply = (struct sdr_reply){.type = part->reply.type};
	}
	if (start_questions(call) == SDR_OK)
		return;
	struct sdr_reply reply = {.type = call->parts[0].reply.type,
		.outcome = SDR_OUTCOME_LOCAL,
		.rcode = -1,
		.why = "out of memory"};
	deliver(call,
		&(struct sdr_questions_result){
			.name = call->name, .count = 1, .replies = &reply, .deciding = &reply});
}

/* ---- the short way ---- */

static void note_try(struct part *part, enum sdr_outcome outcome, sdr_ns now)
{
	struct sdr_bulk_call *call = part->call;
	call->first[call->first_count++] = (struct sdr_attempt){.to = call->bulk->server,
		.transport = "udp",
		.began = part->asked.sent_at > call->began ? part->asked.sent_at - call->began : 0,
		.took = now - part->asked.sent_at,
		.outcome = outcome,
		.icmp_type = -1,
		.icmp_code = -1};
}

static void finish(struct sdr_bulk_call *call)
{
	struct sdr_reply replies[SDR_QUESTIONS_TYPES];
	struct sdr_questions_result result = {.name = call->name,
		.names_tried = 1,
		.count = call->count,
		.replies = replies,
		.attempts = call->first,
		.attempt_count = call->first_count};
	for (unsigned i = 0; i < call->count; i++) {
		replies[i] = call->parts[i].reply;
		result.elapsed =
			replies[i].elapsed > result.elapsed ? replies[i].elapsed : result.elapsed;
	}
	result.deciding = sdr_replies_deciding(replies, call->count);
	deliver(call, &result);
}

/* Whether it is all that there is to know: an answer, or REFUSED where nobody else can be asked. */
static bool suffices(const struct sdr_bulk *bulk, const struct sdr_reply *reply)
{
	bool alone = bulk->named || sdr_names_server_count(bulk->names) == 1;
	return sdr_reply_is_final(reply) ||
		(alone && reply->message && reply->outcome == SDR_OUTCOME_REFUSED);
}

static void on_came(void *context, struct bulk_asked *asked, const uint8_t *bytes, size_t length)
{
	struct sdr_bulk *bulk = context;
	struct part *part = (struct part *)asked;
	struct sdr_bulk_call *call = part->call;
	sdr_ns now = sdr_clock_now();
	part->open = false;
	call->pending--;
	if (!bytes || (bytes[2] & 0x02) != 0) {
		if (bytes || now - asked->sent_at >= SDR_MS) /* else there is no socket any more */
			note_try(part, bytes ? SDR_OUTCOME_OK : SDR_OUTCOME_TIMEOUT, now);
		go_on(call);
		return;
	}
	struct sdr_exchange_result result = {.end = SDR_EXCHANGE_ANSWER,
		.bytes = bytes,
		.length = length,
		.server = bulk->server,
		.servers = 1,
		.tries = 1,
		.elapsed = now - asked->sent_at,
		.plain = bulk->plain || bulk->manner.no_edns,
		.manner = &bulk->manner};
	sdr_reply_classify(&result, call->name, &part->reply);
	note_try(part, part->reply.outcome, now);
	bulk->plain = bulk->plain || sdr_reply_refuses_edns(&part->reply, &result);
	if (!suffices(bulk, &part->reply))
		go_on(call);
	else if (call->pending == 0)
		finish(call);
}

/* Puts the questions on their way; false: the short way can't have them. */
static bool start_short(struct sdr_bulk_call *call)
{
	struct sdr_bulk *bulk = call->bulk;
	const struct sdr_resolvconf *conf = sdr_names_resolvconf(bulk->names);
	for (unsigned i = 0; bulk->socket && i < call->count; i++) {
		struct part *part = &call->parts[i];
		uint8_t wire[SDR_MESSAGE_QUESTION];
		struct sdr_message_question question = {.name = call->name,
			.type = part->reply.type,
			.edns = !bulk->plain && !bulk->manner.no_edns,
			.authentic = !bulk->named && conf->authentic,
			.manner = &bulk->manner};
		size_t length = sdr_message_encode(wire, &question);
		part->open = sdr_bulk_socket_ask(bulk->socket, wire, length, &part->asked);
		call->pending += part->open;
		if (!part->open)
			break;
	}
	if (call->pending == call->count)
		return true;
	call_stop(call);
	return false;
}

/* ---- asking ---- */

enum sdr_status sdr_bulk_ask(struct sdr_bulk *bulk, const struct sdr_bulk_question *asked,
	struct sdr_bulk_call **call, struct sdr_error *error)
{
	const char *name = asked->name;
	uint16_t types[SDR_QUESTIONS_TYPES];
	unsigned count;
	enum sdr_status status =
		sdr_ask_types(name, bulk->spec.options->types, types, &count, error);
	if (status == SDR_OK)
		status = sdr_domain_check(name, error);
	if (status != SDR_OK)
		return status;
	struct sdr_bulk_call *made = calloc(1, sizeof(*made) + count * sizeof(made->parts[0]));
	if (!made) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	status = sdr_ask_name(name, made->name, error);
	if (status != SDR_OK) {
		free(made);
		return status;
	}
	made->bulk = bulk;
	made->question = *asked;
	made->began = sdr_clock_now();
	made->count = count;
	for (unsigned i = 0; i < count; i++)
		made->parts[i] = (struct part){.call = made, .reply.type = types[i]};
	if (!start_short(made))
		status = start_questions(made);
	if (status != SDR_OK) {
		sdr_error_set(error, 0, "%s", sdr_status_text(status));
		free(made);
		return status;
	}
	TAILQ_INSERT_TAIL(&bulk->calls, made, link);
	*call = made;
	return SDR_OK;
}

/* The first server is asked the short way; what it does not answer goes to the others, too. */
static void open_socket(struct sdr_bulk *bulk)
{
	const struct sdr_dns_options *options = bulk->spec.options;
	const struct sdr_resolvconf *conf = sdr_names_resolvconf(bulk->names);
	struct sdr_names_server server;
	sdr_ns timeout = timeout_of(bulk) / SDR_ASK_TRIES;
	if (options->tcp || options->search || options->cookie)
		return;
	if (!bulk->named && (conf->tcp || conf->rotate || sdr_names_server_count(bulk->names) == 0))
		return;
	if (!bulk->named) {
		sdr_names_server(bulk->names, 0, &server);
		bulk->server = server.endpoint;
	}
	if (timeout > SDR_EXCHANGE_TIMEOUT)
		timeout = SDR_EXCHANGE_TIMEOUT;
	bulk->socket = sdr_bulk_socket_new(sdr_servers_loop(sdr_names_servers(bulk->names)),
		&bulk->server, timeout, on_came, bulk);
}

enum sdr_status sdr_bulk_new(struct sdr_names *names, const struct sdr_bulk_spec *spec,
	struct sdr_bulk **bulk, struct sdr_error *error)
{
	uint16_t types[SDR_QUESTIONS_TYPES];
	unsigned count;
	struct sdr_bulk *made = calloc(1, sizeof(*made));
	if (!made) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	made->names = names;
	made->spec = *spec;
	made->named = spec->server;
	TAILQ_INIT(&made->calls);
	enum sdr_status status = sdr_ask_types("x", spec->options->types, types, &count, error);
	if (status == SDR_OK)
		status = sdr_ask_manner(spec->options, &made->manner, error);
	if (status == SDR_OK && spec->server)
		status = sdr_names_server_parse(spec->server, &made->server, error);
	if (status != SDR_OK) {
		free(made);
		return status;
	}
	open_socket(made);
	*bulk = made;
	return SDR_OK;
}

void sdr_bulk_free(struct sdr_bulk *bulk)
{
	if (!bulk)
		return;
	while (!TAILQ_EMPTY(&bulk->calls))
		sdr_bulk_cancel(TAILQ_FIRST(&bulk->calls));
	sdr_bulk_socket_free(bulk->socket);
	free(bulk->text);
	free(bulk);
}
