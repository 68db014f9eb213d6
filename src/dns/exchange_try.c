/* exchange_try.c - one try of an exchange. The idea: a try outlives its exchange if it must, since
 * c-ares decides when a question ends; its callback only notes what came. */
#include "dns/exchange_try.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dns/reply.h"

static void asked_free(struct asked *asked)
{
	free((uint8_t *)asked->result.bytes);
	free(asked);
}

void exchange_forget(struct sdr_exchange *exchange, struct asked *asked)
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

static struct sdr_exchange *exchange_of(struct sdr_place *place)
{
	return (struct sdr_exchange *)((char *)place - offsetof(struct sdr_exchange, place));
}

void exchange_on_ready(struct sdr_place *place)
{
	struct sdr_exchange *exchange = exchange_of(place);
	exchange->due(exchange);
}

void exchange_on_refused(struct sdr_place *place)
{
	struct sdr_exchange *exchange = exchange_of(place);
	struct asked *asked = exchange->current;
	if (!asked || asked->tcp || asked->arrived)
		return;
	asked->arrived = true;
	asked->arrived_at = sdr_clock_now();
	asked->result =
		(struct sdr_channel_result){.end = SDR_CHANNEL_REFUSED, .error = ECONNREFUSED};
	exchange->due(exchange);
}

void exchange_on_answer(void *context, const struct sdr_channel_result *result)
{
	struct asked *asked = context;
	struct sdr_exchange *exchange = asked->exchange;
	asked->let_go = true;
	if (!exchange) {
		asked_free(asked);
		return;
	}
	if (asked->arrived) /* its port is closed */
		return;
	asked->arrived = true;
	asked->arrived_at = sdr_clock_now();
	asked->result = *result;
	asked->result.bytes = NULL;
	if (result->length > 0) {
		uint8_t *bytes = malloc(result->length);
		if (bytes)
			memcpy(bytes, result->bytes, result->length);
		else
			asked->result.end = SDR_CHANNEL_LOCAL;
		asked->result.bytes = bytes;
	}
	exchange->due(exchange);
}

/* Adds an open entry for a try that begins. Returns false when out of memory. */
static bool attempt_begin(struct sdr_exchange *exchange, struct asked *asked)
{
	if (exchange->attempt_count == exchange->attempt_room) {
		unsigned room = exchange->attempt_room == 0 ? 1 : exchange->attempt_room * 2;
		struct sdr_attempt *grown = realloc(exchange->attempts, room * sizeof(*grown));
		if (!grown)
			return false;
		exchange->attempts = grown;
		exchange->attempt_room = room;
	}
	asked->attempt = exchange->attempt_count++;
	exchange->attempts[asked->attempt] = (struct sdr_attempt){
		.to = *sdr_server_endpoint(exchange->servers[exchange->at].server),
		.transport = asked->tcp ? "tcp" : "udp",
		.began = asked->sent_at - exchange->spec.since,
		.open = true,
		.icmp_type = -1,
		.icmp_code = -1};
	return true;
}

static struct sdr_server *server_of(const struct sdr_exchange *exchange, unsigned index)
{
	return exchange->servers[index].server;
}

struct asked *exchange_try(
	struct sdr_exchange *exchange, uint8_t wire[static SDR_MESSAGE_QUESTION], size_t *length)
{
	struct asked *asked = calloc(1, sizeof(*asked));
	struct sdr_message_question question = {.name = exchange->spec.name,
		.type = exchange->spec.type,
		.edns = !exchange->plain,
		.authentic = exchange->spec.authentic,
		.manner = &exchange->spec.manner};
	bool with_cookie = question.edns && exchange->spec.manner.cookie;
	if (with_cookie)
		question.cookie = sdr_server_cookie(
			server_of(exchange, exchange->at), &question.cookie_length);
	bool good = asked && (!with_cookie || question.cookie) &&
		getrandom(&question.id, sizeof(question.id), GRND_NONBLOCK) == sizeof(question.id);
	*length = good ? sdr_message_encode(wire, &question) : 0;
	if (*length == 0) {
		free(asked);
		return NULL;
	}
	*asked = (struct asked){.server = exchange->at,
		.tcp = exchange->tcp,
		.plain = exchange->plain,
		.cookie = with_cookie,
		.let_go = true,
		.sent_at = sdr_clock_now()};
	if (attempt_begin(exchange, asked))
		return asked;
	free(asked);
	return NULL;
}

struct sdr_exchange_result exchange_try_result(
	struct sdr_exchange *exchange, const struct asked *asked)
{
	size_t length;
	struct sdr_server *server = server_of(exchange, asked->server);
	struct sdr_exchange_result result = {.server = *sdr_server_endpoint(server),
		.manner = asked->plain ? NULL : &exchange->spec.manner,
		.cookie = asked->cookie ? sdr_server_cookie(server, &length) : NULL,
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

void exchange_try_end(struct sdr_exchange *exchange, const struct asked *asked,
	const struct sdr_exchange_result *result, const struct sdr_reply *reply)
{
	struct sdr_attempt *attempt = &exchange->attempts[asked->attempt];
	bool answered = result->end == SDR_EXCHANGE_ANSWER;
	attempt->open = false;
	attempt->took = asked->arrived_at - asked->sent_at;
	attempt->outcome = reply->outcome;
	attempt->error_name = answered ? NULL : sdr_errno_name(asked->result.error);
	sdr_server_count_end(exchange->servers[asked->server].server, reply->outcome,
		answered ? attempt->took : SDR_NS_NONE, asked->arrived_at);
}
