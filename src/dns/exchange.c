/* exchange.c - one question put to one or more servers in turn until one answers it. The idea: a state that only its timer moves. c-ares's
 * callback notes what came and makes the timer due, so that nothing is freed or called back from within c-ares, and `done` never comes before
 * the start has returned. Each answer is judged as it comes: a good one ends the exchange, of the bad ones the best is kept while the next
 * server is asked. A try that timed out stays listed, so that its answer still counts if it comes before the others'. */
#include "dns/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uv.h>

#include "dns/reply.h"
#include "dns/wire.h"

#define RCODE_SERVFAIL 2 /* RFC 1035 sec. 4.1.1 */

/* One try: the question as it was put to one server in one way. */
struct asked {
	struct asked *next;
	struct sdr_exchange *exchange; /* NULL once nobody waits for it: then freed when c-ares lets go */
	unsigned attempt;              /* its index in the exchange's attempts */
	unsigned server;               /* its index in the exchange's servers */
	bool tcp, plain;
	bool arrived; /* `result` says how it ended, which is still to be looked at */
	bool let_go;  /* c-ares called back */
	sdr_ns sent_at, arrived_at;
	struct sdr_channel_result result; /* its bytes: owned */
};

/* What is known of a server in this exchange. */
struct standing {
	struct sdr_server *server; /* referred to */
	bool over;                 /* it said what it has to say, or can't be reached: not asked again */
	bool servfail;             /* that was SERVFAIL with EDNS, which some answer to what they don't know: may be asked once without */
};

struct sdr_exchange {
	uv_timer_t timer;
	struct sdr_place place;
	struct sdr_exchange_spec spec; /* server: unused */
	struct standing servers[SDR_SERVERS_MAX];
	unsigned count, at;    /* of `servers`; the one whose turn it is */
	unsigned rounds_left;  /* tries left, but for those by TCP or without EDNS */
	struct asked *asked;   /* all tries that may still be answered, the latest first */
	struct asked *current; /* the one that is waited for, or NULL */
	bool tcp, plain;       /* how the next one is put */
	bool again;            /* it is the same server's second way: uses up no round */
	bool truncated;        /* a UDP answer was */
	bool broken;           /* a try could not be begun */
	bool edns_refused;     /* by the server whose turn it is */
	bool assumed;          /* no server is configured: this host's own is asked, as libc does */
	sdr_ns started;        /* when the first was sent; 0: none was */
	sdr_ns deadline;       /* of `current` */
	unsigned tries;
	struct sdr_reply best; /* what is told if nothing better comes; .server version 0: nothing yet */
	enum sdr_exchange_end best_end;
	int best_error;
	sdr_ns best_at;
	struct sdr_attempt *attempts; /* [attempt_count], owned */
	unsigned attempt_count, attempt_room;
};

static void on_timer(uv_timer_t *timer);

static void due(struct sdr_exchange *exchange, sdr_ns after)
{
	uv_timer_start(&exchange->timer, on_timer, (uint64_t)((after + SDR_MS - 1) / SDR_MS), 0);
}

static struct sdr_server *server_of(const struct sdr_exchange *exchange)
{
	return exchange->servers[exchange->at].server;
}

static void asked_free(struct asked *asked)
{
	free((uint8_t *)asked->result.bytes);
	free(asked);
}

/* Takes a try off the list; c-ares may still have it. */
static void forget(struct sdr_exchange *exchange, struct asked *asked)
{
	struct asked **at = &exchange->asked;
	while (*at != asked)
		at = &(*at)->next;
	*at = asked->next;
	if (exchange->current == asked)
		exchange->current = NULL;
	asked->exchange = NULL;
	if (asked->let_go)
		asked_free(asked);
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_exchange *exchange = handle->data;
	free(exchange->attempts);
	sdr_message_free(exchange->best.message);
	free(exchange);
}

void sdr_exchange_cancel(struct sdr_exchange *exchange)
{
	while (exchange->asked != NULL)
		forget(exchange, exchange->asked);
	if (exchange->count > 0)
		sdr_server_leave(server_of(exchange), &exchange->place);
	for (unsigned i = 0; i < exchange->count; i++)
		sdr_server_drop(exchange->servers[i].server);
	exchange->count = 0;
	uv_close((uv_handle_t *)&exchange->timer, on_closed);
}

/* What all tries together come to, where none brought an answer. */
static void judge_all(struct sdr_exchange *exchange, sdr_ns now)
{
	struct sdr_exchange_result result = {.end = exchange->best_end,
		.error = exchange->best_error,
		.server = exchange->best.server,
		.servers = exchange->count,
		.tries = exchange->tries,
		.elapsed = exchange->started == 0 ? 0 : now - exchange->started,
		.tcp = exchange->best.tcp,
		.truncated = exchange->truncated,
		.plain = exchange->best.plain};
	if (exchange->assumed && result.end != SDR_EXCHANGE_BROKEN)
		result.end = SDR_EXCHANGE_NO_SERVER;
	sdr_inquiry_judge(&result, exchange->spec.name, &exchange->best);
}

/* Without a reply: why there is none. */
static void best_missing(struct sdr_exchange *exchange)
{
	exchange->best_end = exchange->broken ? SDR_EXCHANGE_BROKEN : SDR_EXCHANGE_TIMEOUT_END;
	exchange->best.server = *sdr_server_endpoint(exchange->servers[0].server);
}

void sdr_exchange_leave(struct sdr_exchange *exchange, struct sdr_reply *reply)
{
	sdr_ns now = sdr_clock_now();
	if (exchange->best.server.addr.version == 0)
		best_missing(exchange);
	if (exchange->best_end != SDR_EXCHANGE_ANSWER)
		judge_all(exchange, now);
	*reply = exchange->best;
	reply->tries = exchange->tries;
	reply->truncated = exchange->truncated;
	if (reply->message != NULL)
		reply->waited = (sdr_reply_is_final(reply) ? exchange->best_at : now) - exchange->started - reply->elapsed;
	reply->attempts = exchange->attempts;
	reply->attempt_count = exchange->attempt_count;
	exchange->attempts = NULL;
	exchange->attempt_count = 0;
	exchange->best = (struct sdr_reply){0};
	sdr_exchange_cancel(exchange);
}

static void finish(struct sdr_exchange *exchange)
{
	struct sdr_exchange_spec spec = exchange->spec;
	struct sdr_reply reply;
	sdr_exchange_leave(exchange, &reply);
	spec.done(spec.context, &reply);
}

static void break_off(struct sdr_exchange *exchange)
{
	sdr_message_free(exchange->best.message);
	exchange->best = (struct sdr_reply){.type = exchange->spec.type};
	exchange->broken = true;
	finish(exchange);
}

/* Keeps a reply if it is the best so far. */
static void keep(struct sdr_exchange *exchange, struct sdr_reply *reply, const struct sdr_exchange_result *result, sdr_ns at)
{
	if (exchange->best.server.addr.version != 0 && sdr_reply_worth(&exchange->best) >= sdr_reply_worth(reply)) {
		sdr_message_free(reply->message);
		return;
	}
	sdr_message_free(exchange->best.message);
	exchange->best = *reply;
	exchange->best_end = result->end;
	exchange->best_error = result->error;
	exchange->best_at = at;
}

static struct sdr_exchange *exchange_of(struct sdr_place *place)
{
	return (struct sdr_exchange *)((char *)place - offsetof(struct sdr_exchange, place));
}

static void on_ready(struct sdr_place *place)
{
	due(exchange_of(place), 0);
}

static void on_refused(struct sdr_place *place)
{
	struct sdr_exchange *exchange = exchange_of(place);
	struct asked *asked = exchange->current;
	if (asked == NULL || asked->tcp || asked->arrived)
		return;
	asked->arrived = true;
	asked->arrived_at = sdr_clock_now();
	asked->result = (struct sdr_channel_result){.end = SDR_CHANNEL_REFUSED, .error = ECONNREFUSED};
	due(exchange, 0);
}

static void on_answer(void *context, const struct sdr_channel_result *result)
{
	struct asked *asked = context;
	struct sdr_exchange *exchange = asked->exchange;
	asked->let_go = true;
	if (exchange == NULL) {
		asked_free(asked);
		return;
	}
	if (asked->arrived) /* its port is known to be closed */
		return;
	asked->arrived = true;
	asked->arrived_at = sdr_clock_now();
	asked->result = *result;
	asked->result.bytes = NULL;
	if (result->length > 0) {
		uint8_t *bytes = malloc(result->length);
		if (bytes != NULL)
			memcpy(bytes, result->bytes, result->length);
		else
			asked->result.end = SDR_CHANNEL_LOCAL;
		asked->result.bytes = bytes;
	}
	due(exchange, 0);
}

/* The wait for a place in the window may have used up the budget: then nothing is left, and never less, which a timer takes for ages. */
static sdr_ns patience(const struct sdr_exchange *exchange, sdr_ns now)
{
	sdr_ns timeout = exchange->spec.timeout;
	sdr_ns left = exchange->started + exchange->spec.budget - now;
	if (exchange->spec.budget == 0 || left >= timeout)
		return timeout;
	return left > 0 ? left : 0;
}

/* Adds an open entry for a try that begins. Returns false when out of memory. */
static bool attempt_begin(struct sdr_exchange *exchange, struct asked *asked)
{
	if (exchange->attempt_count == exchange->attempt_room) {
		unsigned room = exchange->attempt_room == 0 ? 1 : exchange->attempt_room * 2;
		struct sdr_attempt *grown = realloc(exchange->attempts, room * sizeof(*grown));
		if (grown == NULL)
			return false;
		exchange->attempts = grown;
		exchange->attempt_room = room;
	}
	asked->attempt = exchange->attempt_count++;
	exchange->attempts[asked->attempt] = (struct sdr_attempt){.to = *sdr_server_endpoint(server_of(exchange)),
		.transport = asked->tcp ? "tcp" : "udp",
		.began = asked->sent_at - exchange->spec.since,
		.open = true,
		.icmp_type = -1,
		.icmp_code = -1};
	return true;
}

static struct asked *asked_new(struct sdr_exchange *exchange, uint8_t wire[static SDR_MESSAGE_QUESTION], size_t *length)
{
	struct asked *asked = calloc(1, sizeof(*asked));
	struct sdr_message_question question = {
		.name = exchange->spec.name, .type = exchange->spec.type, .edns = !exchange->plain, .authentic = exchange->spec.authentic};
	bool good = asked != NULL && getrandom(&question.id, sizeof(question.id), GRND_NONBLOCK) == sizeof(question.id);
	*length = good ? sdr_message_encode(wire, &question) : 0;
	if (*length == 0) {
		free(asked);
		return NULL;
	}
	*asked = (struct asked){
		.server = exchange->at, .tcp = exchange->tcp, .plain = exchange->plain, .let_go = true, .sent_at = sdr_clock_now()};
	if (attempt_begin(exchange, asked))
		return asked;
	free(asked);
	return NULL;
}

static void send_question(struct sdr_exchange *exchange)
{
	struct sdr_server *server = server_of(exchange);
	struct sdr_channel *channel = sdr_server_channel(server, exchange->tcp);
	uint8_t wire[SDR_MESSAGE_QUESTION];
	size_t length = 0;
	exchange->plain = exchange->plain || sdr_server_is_plain(server);
	struct asked *asked = channel != NULL ? asked_new(exchange, wire, &length) : NULL;
	if (asked == NULL) {
		break_off(exchange);
		return;
	}
	asked->exchange = exchange;
	asked->let_go = false;
	asked->next = exchange->asked;
	exchange->asked = exchange->current = asked;
	if (exchange->started == 0)
		exchange->started = asked->sent_at;
	exchange->tries++;
	if (!exchange->again)
		exchange->rounds_left--;
	exchange->again = false;
	sdr_server_count_asked(server);
	exchange->deadline = asked->sent_at + patience(exchange, asked->sent_at);
	due(exchange, exchange->deadline - asked->sent_at); /* before sending: an answer at once moves the timer again */
	sdr_channel_send(channel, wire, length, on_answer, asked);
}

/* Where all servers have been asked in vain: one that said SERVFAIL to EDNS is asked without, once. */
static bool plain_chance(struct sdr_exchange *exchange)
{
	for (unsigned i = 0; i < exchange->count; i++)
		if (exchange->servers[i].servfail) {
			exchange->servers[i].servfail = false;
			exchange->at = i;
			exchange->plain = exchange->again = true;
			exchange->tcp = exchange->spec.tcp;
			return true;
		}
	return false;
}

/* Goes on to the next server that may answer, or ends. */
static void advance(struct sdr_exchange *exchange)
{
	sdr_ns now = sdr_clock_now();
	bool late = exchange->spec.budget > 0 && now - exchange->started >= exchange->spec.budget;
	unsigned alive = 0;
	sdr_server_leave(server_of(exchange), &exchange->place);
	for (unsigned i = 0; i < exchange->count; i++)
		alive += !exchange->servers[i].over;
	if (late || ((alive == 0 || exchange->rounds_left == 0) && !plain_chance(exchange))) {
		finish(exchange);
		return;
	}
	if (!exchange->again) {
		do
			exchange->at = (exchange->at + 1) % exchange->count;
		while (exchange->servers[exchange->at].over);
		exchange->tcp = exchange->spec.tcp;
		exchange->plain = false;
	}
	exchange->edns_refused = false;
	due(exchange, 0);
}

/* What one try ended with, as the judge takes it. */
static struct sdr_exchange_result result_of(struct sdr_exchange *exchange, const struct asked *asked)
{
	struct sdr_exchange_result result = {.server = *sdr_server_endpoint(exchange->servers[asked->server].server),
		.bytes = asked->result.bytes,
		.length = asked->result.length,
		.servers = exchange->count,
		.tries = exchange->tries,
		.elapsed = asked->arrived_at - asked->sent_at,
		.tcp = asked->tcp,
		.truncated = exchange->truncated,
		.plain = asked->plain,
		.error = asked->result.error};
	result.end = sdr_reply_end(&asked->result, &result.server, &result.error);
	return result;
}

/* Writes how a try ended into its entry and the server's counters. The wait for it is this server's, and no other's. */
static void attempt_end(struct sdr_exchange *exchange, const struct asked *asked, const struct sdr_exchange_result *result,
	const struct sdr_reply *reply)
{
	struct sdr_attempt *attempt = &exchange->attempts[asked->attempt];
	bool answered = result->end == SDR_EXCHANGE_ANSWER;
	attempt->open = false;
	attempt->took = asked->arrived_at - asked->sent_at;
	attempt->outcome = reply->outcome;
	attempt->error_name = asked->result.error != 0 && !answered ? strerrorname_np(asked->result.error) : NULL;
	sdr_server_count_end(exchange->servers[asked->server].server, reply->outcome, answered ? attempt->took : SDR_NS_NONE,
		asked->arrived_at);
}

/* Asks the same server in another way. */
static void ask_again(struct sdr_exchange *exchange, struct sdr_reply *reply)
{
	sdr_message_free(reply->message);
	exchange->again = true;
	due(exchange, 0);
}

static void note_standing(struct sdr_exchange *exchange, const struct asked *asked, const struct sdr_exchange_result *result,
	const struct sdr_reply *reply)
{
	struct standing *standing = &exchange->servers[asked->server];
	bool unreadable = reply->outcome == SDR_OUTCOME_MALFORMED;
	if (result->end == SDR_EXCHANGE_CLOSED || result->end == SDR_EXCHANGE_NO_ROUTE)
		standing->over = true;
	if (result->end == SDR_EXCHANGE_CLOSED && !asked->tcp)
		sdr_server_refused(standing->server);
	if (result->end != SDR_EXCHANGE_ANSWER || unreadable)
		return;
	standing->over = true;
	standing->servfail = reply->rcode == RCODE_SERVFAIL && !asked->plain;
	if (exchange->edns_refused && asked == exchange->current && !sdr_reply_refuses_edns(reply, result))
		sdr_server_set_plain(standing->server);
}

/* Looks at how a try ended, and goes on from there. */
static void settle(struct sdr_exchange *exchange, struct asked *asked)
{
	struct sdr_exchange_result result = result_of(exchange, asked);
	struct sdr_reply reply = {.type = exchange->spec.type};
	bool current = asked == exchange->current, open = exchange->attempts[asked->attempt].open;
	bool truncated = result.end == SDR_EXCHANGE_ANSWER && result.length >= WIRE_HEADER && (result.bytes[2] & 0x02) != 0 && !asked->tcp;
	sdr_inquiry_judge(&result, exchange->spec.name, &reply);
	if (truncated)
		reply.outcome = SDR_OUTCOME_OK; /* it answered: what was asked for comes by TCP */
	if (open || result.end == SDR_EXCHANGE_ANSWER)
		attempt_end(exchange, asked, &result, &reply);
	if (current && !asked->plain && sdr_reply_refuses_edns(&reply, &result)) {
		exchange->plain = exchange->edns_refused = true;
		forget(exchange, asked);
		ask_again(exchange, &reply);
		return;
	}
	if (truncated && current) {
		exchange->tcp = exchange->truncated = true;
		forget(exchange, asked);
		ask_again(exchange, &reply);
		return;
	}
	bool final = sdr_reply_is_final(&reply) && !truncated;
	note_standing(exchange, asked, &result, &reply);
	if (truncated)
		sdr_message_free(reply.message);
	else
		keep(exchange, &reply, &result, asked->arrived_at);
	if (asked->arrived)
		forget(exchange, asked);
	exchange->current = current ? NULL : exchange->current;
	if (final)
		finish(exchange);
	else if (current)
		advance(exchange);
}

/* The one that was sent first: late answers are looked at before the one that may end it all. */
static struct asked *first_arrived(const struct sdr_exchange *exchange)
{
	struct asked *first = NULL;
	for (struct asked *asked = exchange->asked; asked != NULL; asked = asked->next)
		if (asked->arrived)
			first = asked;
	return first;
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_exchange *exchange = timer->data;
	struct asked *arrived = first_arrived(exchange), *current = exchange->current;
	sdr_ns now = sdr_clock_now();
	if (arrived != NULL) {
		if (arrived != current) /* it leads to nothing but an end: what the timer was for comes after */
			due(exchange, 0);
		settle(exchange, arrived);
	} else if (current != NULL && exchange->deadline - now > SDR_MS) {
		due(exchange, exchange->deadline - now);
	} else if (current != NULL) {
		current->arrived_at = now;
		current->result = (struct sdr_channel_result){.end = SDR_CHANNEL_TIMEOUT};
		settle(exchange, current);
	} else if (exchange->place.held || (!exchange->place.queued && sdr_server_enter(server_of(exchange), &exchange->place))) {
		send_question(exchange);
	}
}

/* Takes the servers to ask; without any, this host's own, as libc does. */
static void take_servers(struct sdr_exchange *exchange, struct sdr_servers *servers, const struct sdr_endpoint *only)
{
	static const struct sdr_endpoint own = {.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = 53};
	struct sdr_server *list[SDR_SERVERS_MAX];
	sdr_ns now = sdr_clock_now();
	exchange->count = sdr_servers_take(servers, only, now, list);
	if (exchange->count == 0 && only == NULL) {
		exchange->count = sdr_servers_take(servers, &own, now, list);
		exchange->assumed = true;
	}
	for (unsigned i = 0; i < exchange->count; i++)
		exchange->servers[i].server = list[i];
}

static void take_times(struct sdr_exchange *exchange)
{
	struct sdr_exchange_spec *spec = &exchange->spec;
	unsigned tries = spec->tries > 0 ? spec->tries : SDR_EXCHANGE_TRIES;
	exchange->rounds_left = exchange->count * tries;
	if (spec->timeout == 0)
		spec->timeout = SDR_EXCHANGE_TIMEOUT;
	if (spec->since == 0)
		spec->since = sdr_clock_now();
	/* a budget is for all servers: each is asked once at least, none for longer than a try */
	sdr_ns share = spec->budget / (exchange->count > tries ? exchange->count : tries);
	if (spec->budget > 0 && share < spec->timeout)
		spec->timeout = share > SDR_MS ? share : SDR_MS;
}

enum sdr_status sdr_exchange_start(struct sdr_servers *servers, const struct sdr_exchange_spec *spec, struct sdr_exchange **exchange)
{
	uint8_t wire[SDR_MESSAGE_QUESTION];
	struct sdr_message_question question = {.name = spec->name, .type = spec->type};
	if (sdr_message_encode(wire, &question) == 0)
		return SDR_EINVAL;
	struct sdr_exchange *made = calloc(1, sizeof(*made));
	if (made != NULL)
		take_servers(made, servers, spec->server);
	if (made == NULL || made->count == 0) {
		free(made);
		return SDR_ENOMEM;
	}
	made->spec = *spec;
	made->spec.server = NULL;
	made->place.ready = on_ready;
	made->place.refused = on_refused;
	made->tcp = spec->tcp;
	made->best.type = spec->type;
	take_times(made);
	uv_timer_init(sdr_servers_loop(servers), &made->timer);
	made->timer.data = made;
	due(made, 0);
	*exchange = made;
	return SDR_OK;
}
