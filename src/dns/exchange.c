/* exchange.c - one question put to one or more servers in turn until one answers it. The idea: only
 * the timer changes its state. c-ares's callback notes what came and makes the timer due, so that
 * nothing is freed or called back from within c-ares, and `done` is never called before the start
 * has returned. Each answer is classified as it comes: a good one ends the exchange, of the bad
 * ones the best is kept while the next server is asked. A try that timed out stays listed, so that
 * its answer still counts if it comes before the others'. */
#include "dns/exchange.h"

#include <stdlib.h>

#include "dns/exchange_try.h"
#include "dns/reply.h"
#include "dns/wire.h"

#define RCODE_SERVFAIL 2   /* RFC 1035 sec. 4.1.1 */
#define RCODE_BADCOOKIE 23 /* RFC 7873 sec. 8 */

static void on_timer(uv_timer_t *timer);

static void due(struct sdr_exchange *exchange, sdr_ns after)
{
	uv_timer_start(&exchange->timer, on_timer, (uint64_t)((after + SDR_MS - 1) / SDR_MS), 0);
}

static void due_now(struct sdr_exchange *exchange)
{
	due(exchange, 0);
}

static struct sdr_server *server_of(const struct sdr_exchange *exchange)
{
	return exchange->servers[exchange->at].server;
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
	while (exchange->asked)
		exchange_forget(exchange, exchange->asked);
	if (exchange->count > 0)
		sdr_server_leave(server_of(exchange), &exchange->place);
	for (unsigned i = 0; i < exchange->count; i++)
		sdr_server_drop(exchange->servers[i].server);
	exchange->count = 0;
	uv_close((uv_handle_t *)&exchange->timer, on_closed);
}

/* Classifies all tries together, where none had an answer. */
static void classify_failure(struct sdr_exchange *exchange, sdr_ns now)
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
	sdr_reply_classify(&result, exchange->spec.name, &exchange->best);
}

static void best_forget(struct sdr_exchange *exchange)
{
	sdr_message_free(exchange->best.message);
	exchange->best =
		(struct sdr_reply){.type = exchange->spec.type, .outcome = SDR_OUTCOME_LOCAL};
}

/* Without a reply: why there is none. */
static void best_missing(struct sdr_exchange *exchange)
{
	exchange->best_end = exchange->broken ? SDR_EXCHANGE_BROKEN : SDR_EXCHANGE_TIMEOUT_END;
	exchange->best.server = *sdr_server_endpoint(exchange->servers[0].server);
}

static uint64_t rejected_by_all(const struct sdr_exchange *exchange)
{
	uint64_t rejected = 0;
	for (unsigned i = 0; i < exchange->count; i++)
		rejected += sdr_server_rejected(exchange->servers[i].server) -
			exchange->servers[i].rejected;
	return rejected;
}

void sdr_exchange_leave(struct sdr_exchange *exchange, struct sdr_reply *reply)
{
	sdr_ns now = sdr_clock_now();
	if (exchange->broken && !sdr_reply_is_final(&exchange->best))
		best_forget(exchange); /* what other servers failed at is not the whole truth */
	if (exchange->best.server.addr.version == 0)
		best_missing(exchange);
	if (exchange->best_end != SDR_EXCHANGE_ANSWER)
		classify_failure(exchange, now);
	*reply = exchange->best;
	reply->tries = exchange->tries;
	reply->truncated = exchange->truncated;
	reply->rejected = rejected_by_all(exchange);
	if (reply->message)
		reply->waited = (sdr_reply_is_final(reply) ? exchange->best_at : now) -
			exchange->started - reply->elapsed;
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
	exchange->broken = true;
	finish(exchange);
}

/* Keeps a reply if it is the best so far. */
static void keep(struct sdr_exchange *exchange, struct sdr_reply *reply,
	const struct sdr_exchange_result *result, sdr_ns at)
{
	if (exchange->best.server.addr.version != 0 &&
		sdr_reply_worth(&exchange->best) >= sdr_reply_worth(reply)) {
		sdr_message_free(reply->message);
		return;
	}
	sdr_message_free(exchange->best.message);
	exchange->best = *reply;
	exchange->best_end = result->end;
	exchange->best_error = result->error;
	exchange->best_at = at;
}

/* The wait for a place in the window may have used up the budget: then nothing is left, and never
 * less, which a timer takes for ages. */
static sdr_ns patience(const struct sdr_exchange *exchange, sdr_ns now)
{
	sdr_ns timeout = exchange->spec.timeout;
	sdr_ns left = exchange->started + exchange->spec.budget - now;
	if (exchange->spec.budget == 0 || left >= timeout)
		return timeout;
	return left > 0 ? left : 0;
}

static void send_question(struct sdr_exchange *exchange)
{
	struct sdr_server *server = server_of(exchange);
	struct sdr_channel *channel = sdr_server_channel(server, exchange->tcp);
	uint8_t wire[SDR_MESSAGE_QUESTION];
	size_t length = 0;
	exchange->plain =
		exchange->plain || exchange->spec.manner.no_edns || sdr_server_is_plain(server);
	struct asked *asked = channel ? exchange_try(exchange, wire, &length) : NULL;
	if (!asked) {
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
		exchange->servers[exchange->at].left--;
	exchange->again = false;
	sdr_server_count_asked(server);
	exchange->deadline = asked->sent_at + patience(exchange, asked->sent_at);
	due(exchange, exchange->deadline - asked->sent_at); /* before sending: an answer at once
							       moves the timer again */
	sdr_channel_send(channel, wire, length, exchange_on_answer, asked);
}

/* When no server had an answer: one that replied SERVFAIL with EDNS is asked once without. */
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

static bool may_ask(const struct standing *standing)
{
	return !standing->over && standing->left > 0;
}

/* Continues with the next server that may answer, or ends. */
static void advance(struct sdr_exchange *exchange)
{
	sdr_ns now = sdr_clock_now();
	bool late = exchange->spec.budget > 0 && now - exchange->started >= exchange->spec.budget;
	unsigned alive = 0;
	sdr_server_leave(server_of(exchange), &exchange->place);
	for (unsigned i = 0; i < exchange->count; i++)
		alive += may_ask(&exchange->servers[i]);
	if (late || (alive == 0 && !plain_chance(exchange))) {
		finish(exchange);
		return;
	}
	if (!exchange->again) {
		do
			exchange->at = (exchange->at + 1) % exchange->count;
		while (!may_ask(&exchange->servers[exchange->at]));
		exchange->tcp = exchange->spec.tcp;
		exchange->plain = false;
	}
	exchange->edns_refused = false;
	exchange->bad_cookies = 0;
	due(exchange, 0);
}

/* Asks the same server again, by TCP or without EDNS. */
static void ask_again(struct sdr_exchange *exchange, struct sdr_reply *reply)
{
	sdr_message_free(reply->message);
	exchange->again = true;
	due(exchange, 0);
}

static void note_standing(struct sdr_exchange *exchange, const struct asked *asked,
	const struct sdr_exchange_result *result, const struct sdr_reply *reply)
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
	if (exchange->edns_refused && asked == exchange->current &&
		!sdr_reply_refuses_edns(reply, result))
		sdr_server_set_plain(standing->server);
}

static void note_cookie(
	struct sdr_exchange *exchange, const struct asked *asked, const struct sdr_reply *reply)
{
	if (asked->cookie && reply->message && sdr_edns_has_cookie(&reply->message->edns))
		sdr_server_take_cookie(exchange->servers[asked->server].server,
			reply->message->edns.cookie, reply->message->edns.cookie_length);
}

/* Whether the same server is to be asked by other means: without EDNS where it refused that; with
 * the cookie it gave, then by TCP, where ours was bad (RFC 7873 sec. 5.3). */
static bool other_means(struct sdr_exchange *exchange, const struct asked *asked,
	const struct sdr_reply *reply, const struct sdr_exchange_result *result)
{
	if (!asked->plain && sdr_reply_refuses_edns(reply, result)) {
		exchange->plain = exchange->edns_refused = true;
		return true;
	}
	if (!asked->cookie || reply->rcode != RCODE_BADCOOKIE || asked->tcp)
		return false;
	exchange->tcp = exchange->bad_cookies++ > 0;
	return true;
}

/* Handles the end of a try, and continues. */
static void settle(struct sdr_exchange *exchange, struct asked *asked)
{
	struct sdr_exchange_result result = exchange_try_result(exchange, asked);
	struct sdr_reply reply = {.type = exchange->spec.type};
	bool current = asked == exchange->current, open = exchange->attempts[asked->attempt].open;
	bool truncated = result.end == SDR_EXCHANGE_ANSWER && result.length >= WIRE_HEADER &&
		(result.bytes[2] & 0x02) != 0 && !asked->tcp;
	sdr_reply_classify(&result, exchange->spec.name, &reply);
	exchange->broken = exchange->broken || result.end == SDR_EXCHANGE_BROKEN ||
		(result.end == SDR_EXCHANGE_ANSWER && reply.outcome == SDR_OUTCOME_LOCAL);
	if (truncated)
		reply.outcome = SDR_OUTCOME_OK; /* it answered: what was asked for comes by TCP */
	if (open || result.end == SDR_EXCHANGE_ANSWER)
		exchange_try_end(exchange, asked, &result, &reply);
	note_cookie(exchange, asked, &reply);
	bool other = current && other_means(exchange, asked, &reply, &result),
	     cut = current && truncated && !other;
	if (other || cut) {
		exchange->truncated = exchange->truncated || cut;
		exchange->tcp = exchange->tcp || cut;
		exchange_forget(exchange, asked);
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
		exchange_forget(exchange, asked);
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
	for (struct asked *asked = exchange->asked; asked; asked = asked->next)
		if (asked->arrived)
			first = asked;
	return first;
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_exchange *exchange = timer->data;
	struct asked *arrived = first_arrived(exchange), *current = exchange->current;
	sdr_ns now = sdr_clock_now();
	if (arrived) {
		if (arrived != current) /* it leads to nothing but an end: what the timer was for
					   comes after */
			due(exchange, 0);
		settle(exchange, arrived);
	} else if (current && exchange->deadline - now > SDR_MS) {
		due(exchange, exchange->deadline - now);
	} else if (current) {
		current->arrived_at = now;
		current->result = (struct sdr_channel_result){.end = SDR_CHANNEL_TIMEOUT};
		settle(exchange, current);
	} else if (exchange->place.held ||
		(!exchange->place.queued &&
			sdr_server_enter(server_of(exchange), &exchange->place))) {
		send_question(exchange);
	}
}

/* Takes the servers to ask; without any, this host's own, as libc does. */
static void take_servers(
	struct sdr_exchange *exchange, struct sdr_servers *servers, const struct sdr_endpoint *only)
{
	static const struct sdr_endpoint own = {
		.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = 53};
	struct sdr_server *list[SDR_SERVERS_MAX];
	sdr_ns now = sdr_clock_now();
	exchange->count = sdr_servers_take(servers, only, now, list);
	if (exchange->count == 0 && !only) {
		exchange->count = sdr_servers_take(servers, &own, now, list);
		exchange->assumed = true;
	}
	for (unsigned i = 0; i < exchange->count; i++)
		exchange->servers[i] = (struct standing){
			.server = list[i], .rejected = sdr_server_rejected(list[i])};
}

static void take_times(struct sdr_exchange *exchange)
{
	struct sdr_exchange_spec *spec = &exchange->spec;
	unsigned tries = spec->tries > 0 ? spec->tries : SDR_EXCHANGE_TRIES;
	for (unsigned i = 0; i < exchange->count; i++)
		exchange->servers[i].left = tries;
	if (spec->timeout == 0)
		spec->timeout = SDR_EXCHANGE_TIMEOUT;
	if (spec->since == 0)
		spec->since = sdr_clock_now();
	/* a budget is for all servers: each is asked once at least, none for longer than a try */
	sdr_ns share = spec->budget / (exchange->count > tries ? exchange->count : tries);
	if (spec->budget > 0 && share < spec->timeout)
		spec->timeout = share > SDR_MS ? share : SDR_MS;
}

enum sdr_status sdr_exchange_start(struct sdr_servers *servers,
	const struct sdr_exchange_spec *spec, struct sdr_exchange **exchange)
{
	uint8_t wire[SDR_MESSAGE_QUESTION];
	struct sdr_message_question question = {.name = spec->name, .type = spec->type};
	if (sdr_message_encode(wire, &question) == 0)
		return SDR_EINVAL;
	struct sdr_exchange *made = calloc(1, sizeof(*made));
	if (made)
		take_servers(made, servers, spec->server);
	if (!made || made->count == 0) {
		free(made);
		return SDR_ENOMEM;
	}
	made->spec = *spec;
	made->spec.server = NULL;
	made->due = due_now;
	made->place.ready = exchange_on_ready;
	made->place.refused = exchange_on_refused;
	made->tcp = spec->tcp;
	made->best = (struct sdr_reply){.type = spec->type, .outcome = SDR_OUTCOME_LOCAL};
	take_times(made);
	uv_timer_init(sdr_servers_loop(servers), &made->timer);
	made->timer.data = made;
	due(made, 0);
	*exchange = made;
	return SDR_OK;
}
