/* exchange.c - one question put to one or more servers until one answers. The idea: a state that only its timer moves. c-ares's callback
 * notes what came and makes the timer due, so that nothing is freed or called back from within c-ares, and `done` never comes before the
 * start has returned. A question that timed out here is left to c-ares, which forgets it later. */
#include "dns/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "dns/wire.h"

enum rcode { FORMERR = 1, SERVFAIL = 2, NOTIMP = 4, REFUSED = 5 };

/* A question at c-ares. */
struct flight {
	struct sdr_exchange *exchange; /* NULL once nobody waits for it */
};

struct sdr_exchange {
	uv_timer_t timer;
	struct sdr_turn turn;
	struct sdr_exchange_spec spec;               /* name: owned copy; server: unused */
	struct sdr_server *servers[SDR_SERVERS_MAX]; /* [count], referred to */
	bool closed[SDR_SERVERS_MAX];                /* known not to answer: not asked again */
	unsigned count, at;
	unsigned rounds_left;  /* questions that may still be sent, but for those by TCP or without EDNS */
	struct flight *flight; /* the question under way, or NULL */
	bool tcp, plain;       /* how the present one is asked */
	bool again;            /* it is the same server's second way: uses up no try */
	bool arrived;          /* c-ares said how it ended: `end` */
	enum sdr_channel_end end;
	sdr_ns sent_at, arrived_at, started; /* of the present question; of the first */
	uint8_t *bytes;                      /* [length] the answer at hand, owned */
	size_t length;
	struct sdr_exchange_result best; /* what is told if nothing better comes; its bytes: `kept` */
	uint8_t *kept;                   /* owned */
};

static void on_timer(uv_timer_t *timer);

static void due(struct sdr_exchange *exchange, sdr_ns after)
{
	uv_timer_start(&exchange->timer, on_timer, (uint64_t)((after + SDR_MS - 1) / SDR_MS), 0);
}

static struct sdr_server *server_of(const struct sdr_exchange *exchange)
{
	return exchange->servers[exchange->at];
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_exchange *exchange = handle->data;
	free((char *)exchange->spec.name);
	free(exchange->bytes);
	free(exchange->kept);
	free(exchange);
}

void sdr_exchange_cancel(struct sdr_exchange *exchange)
{
	if (exchange->flight != NULL)
		exchange->flight->exchange = NULL;
	if (exchange->count > 0)
		sdr_server_turn_end(server_of(exchange), &exchange->turn);
	for (unsigned i = 0; i < exchange->count; i++)
		sdr_server_drop(exchange->servers[i]);
	exchange->count = 0;
	uv_close((uv_handle_t *)&exchange->timer, on_closed);
}

static void finish(struct sdr_exchange *exchange)
{
	struct sdr_exchange_result result = exchange->best;
	sdr_ns until = result.end == SDR_EXCHANGE_ANSWER ? exchange->arrived_at : sdr_clock_now();
	result.bytes = exchange->kept;
	result.elapsed = exchange->started == 0 ? 0 : until - exchange->started;
	exchange->spec.done(exchange->spec.context, &result);
	sdr_exchange_cancel(exchange);
}

/* An answer beats none; something unreadable beats silence; silence beats a closed port. The first of equals stays. */
static int worth(enum sdr_exchange_end end)
{
	static const int worths[] = {[SDR_EXCHANGE_ANSWER] = 5,
		[SDR_EXCHANGE_MALFORMED] = 4,
		[SDR_EXCHANGE_TIMEOUT_END] = 3,
		[SDR_EXCHANGE_CLOSED] = 2,
		[SDR_EXCHANGE_NO_ROUTE] = 1,
		[SDR_EXCHANGE_NO_SERVER] = 0,
		[SDR_EXCHANGE_BROKEN] = 0};
	return worths[end];
}

/* Keeps the present question's end if it is the best so far. */
static void note(struct sdr_exchange *exchange, enum sdr_exchange_end end, int error)
{
	struct sdr_exchange_result *best = &exchange->best;
	if (best->server.addr.version != 0 && worth(best->end) >= worth(end))
		return;
	best->end = end;
	best->error = error;
	best->server = *sdr_server_endpoint(server_of(exchange));
	best->tcp = exchange->tcp;
	best->plain = exchange->plain;
	if (end != SDR_EXCHANGE_ANSWER)
		return;
	free(exchange->kept);
	exchange->kept = exchange->bytes;
	best->length = exchange->length;
	exchange->bytes = NULL;
}

static void on_ready(struct sdr_turn *turn)
{
	struct sdr_exchange *exchange = (struct sdr_exchange *)((char *)turn - offsetof(struct sdr_exchange, turn));
	due(exchange, 0);
}

static void on_refused(struct sdr_turn *turn)
{
	struct sdr_exchange *exchange = (struct sdr_exchange *)((char *)turn - offsetof(struct sdr_exchange, turn));
	if (exchange->flight == NULL || exchange->tcp)
		return;
	exchange->flight->exchange = NULL;
	exchange->flight = NULL;
	exchange->arrived = true;
	exchange->arrived_at = sdr_clock_now();
	exchange->end = SDR_CHANNEL_REFUSED;
	due(exchange, 0);
}

/* Goes on to the next server that may answer, or ends. */
static void advance(struct sdr_exchange *exchange)
{
	sdr_ns now = sdr_clock_now();
	bool late = exchange->spec.budget > 0 && now - exchange->started >= exchange->spec.budget;
	unsigned alive = 0;
	sdr_server_turn_end(server_of(exchange), &exchange->turn);
	for (unsigned i = 0; i < exchange->count; i++)
		alive += !exchange->closed[i];
	if (alive == 0 || exchange->rounds_left == 0 || late) {
		finish(exchange);
		return;
	}
	do
		exchange->at = (exchange->at + 1) % exchange->count;
	while (exchange->closed[exchange->at]);
	exchange->tcp = exchange->spec.tcp;
	exchange->plain = false;
	due(exchange, 0);
}

static void on_answer(void *context, enum sdr_channel_end end, const uint8_t *bytes, size_t length)
{
	struct flight *flight = context;
	struct sdr_exchange *exchange = flight->exchange;
	free(flight);
	if (exchange == NULL)
		return;
	exchange->flight = NULL;
	exchange->arrived = true;
	exchange->arrived_at = sdr_clock_now();
	exchange->end = end;
	free(exchange->bytes);
	exchange->bytes = length > 0 ? malloc(length) : NULL;
	exchange->length = length;
	if (exchange->bytes != NULL)
		memcpy(exchange->bytes, bytes, length);
	else if (end == SDR_CHANNEL_ANSWER)
		exchange->end = SDR_CHANNEL_LOCAL;
	due(exchange, 0);
}

/* The wait for a place in the window may have used up the budget: then nothing is left, and never less, which a timer takes for ages. */
static sdr_ns patience(const struct sdr_exchange *exchange)
{
	sdr_ns timeout = exchange->spec.timeout;
	sdr_ns left = exchange->started + exchange->spec.budget - exchange->sent_at;
	if (exchange->spec.budget == 0 || left >= timeout)
		return timeout;
	return left > 0 ? left : 0;
}

static void send_question(struct sdr_exchange *exchange)
{
	struct sdr_server *server = server_of(exchange);
	struct sdr_channel *channel = sdr_server_channel(server, exchange->tcp);
	struct flight *flight = malloc(sizeof(*flight));
	uint8_t wire[SDR_MESSAGE_QUESTION];
	exchange->plain = exchange->plain || sdr_server_is_plain(server);
	struct sdr_message_question question = {.name = exchange->spec.name, .type = exchange->spec.type, .edns = !exchange->plain};
	bool good = channel != NULL && flight != NULL && getrandom(&question.id, sizeof(question.id), GRND_NONBLOCK) == sizeof(question.id);
	size_t length = good ? sdr_message_encode(wire, &question) : 0;
	if (length == 0) {
		free(flight);
		exchange->best.end = SDR_EXCHANGE_BROKEN;
		finish(exchange);
		return;
	}
	flight->exchange = exchange;
	exchange->flight = flight;
	exchange->sent_at = sdr_clock_now();
	if (exchange->started == 0)
		exchange->started = exchange->sent_at;
	exchange->best.tries++;
	if (!exchange->again)
		exchange->rounds_left--;
	exchange->again = false;
	sdr_server_count_asked(server);
	due(exchange, patience(exchange)); /* before sending: an answer at once moves the timer again */
	sdr_channel_send(channel, wire, length, on_answer, flight);
}

/* Why a server can't be reached, as c-ares does not say: the errno of connect, 0 if there is a route. */
static int route_error(const struct sdr_endpoint *server)
{
	struct sockaddr_storage to;
	unsigned length = sdr_endpoint_to_sockaddr(server, &to);
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error = fd < 0 || connect(fd, (struct sockaddr *)&to, length) != 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error;
}

/* The same server again, another way: by TCP, or without EDNS. */
static void ask_again(struct sdr_exchange *exchange)
{
	exchange->again = true;
	due(exchange, 0);
}

static void judge_answer(struct sdr_exchange *exchange)
{
	unsigned rcode = exchange->length >= WIRE_HEADER ? exchange->bytes[3] & 15u : FORMERR;
	bool truncated = exchange->length >= WIRE_HEADER && (exchange->bytes[2] & 0x02) != 0;
	sdr_ns took = exchange->arrived_at - exchange->sent_at;
	if (rcode == FORMERR && !exchange->plain) {
		exchange->plain = true;
		ask_again(exchange);
		return;
	}
	if (exchange->plain && rcode != FORMERR)
		sdr_server_set_plain(server_of(exchange));
	if (truncated && !exchange->tcp) {
		exchange->tcp = true;
		exchange->best.truncated = true;
		ask_again(exchange);
		return;
	}
	bool failed = rcode == SERVFAIL || rcode == NOTIMP || rcode == REFUSED;
	sdr_server_count_end(server_of(exchange), failed ? SDR_OUTCOME_SERVFAIL : SDR_OUTCOME_OK, took, exchange->arrived_at);
	note(exchange, SDR_EXCHANGE_ANSWER, 0);
	exchange->closed[exchange->at] = true; /* it has said what it has to say */
	if (failed)
		advance(exchange);
	else
		finish(exchange);
}

static void judge(struct sdr_exchange *exchange)
{
	struct sdr_server *server = server_of(exchange);
	int error = 0;
	exchange->arrived = false;
	switch (exchange->end) {
	case SDR_CHANNEL_ANSWER:
		judge_answer(exchange);
		return;
	case SDR_CHANNEL_REFUSED:
		error = route_error(sdr_server_endpoint(server));
		exchange->closed[exchange->at] = true;
		if (!exchange->tcp)
			sdr_server_refused(server);
		note(exchange, error != 0 ? SDR_EXCHANGE_NO_ROUTE : SDR_EXCHANGE_CLOSED, error);
		break;
	case SDR_CHANNEL_TIMEOUT:
		note(exchange, SDR_EXCHANGE_TIMEOUT_END, 0);
		break;
	case SDR_CHANNEL_MALFORMED:
		note(exchange, SDR_EXCHANGE_MALFORMED, 0);
		break;
	case SDR_CHANNEL_CLOSED:
	case SDR_CHANNEL_LOCAL:
		note(exchange, SDR_EXCHANGE_BROKEN, 0);
		break;
	}
	static const enum sdr_outcome outcomes[] = {[SDR_CHANNEL_REFUSED] = SDR_OUTCOME_REFUSED,
		[SDR_CHANNEL_TIMEOUT] = SDR_OUTCOME_TIMEOUT,
		[SDR_CHANNEL_MALFORMED] = SDR_OUTCOME_MALFORMED,
		[SDR_CHANNEL_CLOSED] = SDR_OUTCOME_LOCAL,
		[SDR_CHANNEL_LOCAL] = SDR_OUTCOME_LOCAL};
	sdr_server_count_end(server, outcomes[exchange->end], SDR_NS_NONE, exchange->arrived_at);
	advance(exchange);
}

/* Begins a question: waits for its place in the server's window, then sends. */
static void begin(struct sdr_exchange *exchange)
{
	if (exchange->count == 0) {
		finish(exchange);
		return;
	}
	if (!exchange->turn.held && !sdr_server_turn(server_of(exchange), &exchange->turn))
		return;
	send_question(exchange);
}

static void on_timer(uv_timer_t *timer)
{
	struct sdr_exchange *exchange = timer->data;
	if (exchange->arrived) {
		judge(exchange);
		return;
	}
	if (exchange->flight == NULL) {
		begin(exchange);
		return;
	}
	exchange->flight->exchange = NULL;
	exchange->flight = NULL;
	exchange->end = SDR_CHANNEL_TIMEOUT;
	exchange->arrived_at = sdr_clock_now();
	judge(exchange);
}

enum sdr_status sdr_exchange_start(struct sdr_servers *servers, const struct sdr_exchange_spec *spec, struct sdr_exchange **exchange)
{
	uint8_t wire[SDR_MESSAGE_QUESTION];
	struct sdr_message_question question = {.name = spec->name, .type = spec->type};
	if (sdr_message_encode(wire, &question) == 0)
		return SDR_EINVAL;
	struct sdr_exchange *made = calloc(1, sizeof(*made));
	char *name = strdup(spec->name);
	if (made == NULL || name == NULL) {
		free(made);
		free(name);
		return SDR_ENOMEM;
	}
	made->spec = *spec;
	made->spec.name = name;
	made->spec.server = NULL;
	made->turn.ready = on_ready;
	made->turn.refused = on_refused;
	made->count = sdr_servers_take(servers, spec->server, sdr_clock_now(), made->servers);
	unsigned tries = spec->tries > 0 ? spec->tries : SDR_EXCHANGE_TRIES;
	made->rounds_left = made->count * tries;
	if (made->spec.timeout == 0)
		made->spec.timeout = SDR_EXCHANGE_TIMEOUT;
	/* a budget is for all servers: each is asked once at least, none for longer than a try */
	sdr_ns share = spec->budget / (made->count > tries ? made->count : tries);
	if (spec->budget > 0 && share < made->spec.timeout)
		made->spec.timeout = share > SDR_MS ? share : SDR_MS;
	made->tcp = spec->tcp;
	made->best = (struct sdr_exchange_result){.end = SDR_EXCHANGE_NO_SERVER, .servers = made->count};
	uv_timer_init(sdr_servers_loop(servers), &made->timer);
	made->timer.data = made;
	due(made, 0);
	*exchange = made;
	return SDR_OK;
}
