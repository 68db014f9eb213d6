/* connection.c - sockets of the tcp, echo and daytime probes: connects without blocking, classifies
 * failures, keeps the deadline.
 *
 * The addresses are known already. Each probe has a socket of its own, so nothing of an earlier
 * probe can be taken for its answer. Records are reused. */
#include "probe/connection.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/connection_socket.h"
#include "probe/connection_udp.h"

/* Takes the connection off the list and closes it; the record stays readable until the next loop
 * iteration. */
static void retire(struct connection *connection)
{
	connection->ended = true;
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		connection->connector->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	sdr_dial_cancel(connection->race);
	connection->race = NULL;
	uv_close((uv_handle_t *)&connection->deadline, sdr_connection_closed);
	if (connection->fd >= 0) {
		if (connection->handles == 2)
			uv_close((uv_handle_t *)&connection->poll, sdr_connection_closed);
		close(connection->fd);
	}
}

/* ---- how it ended ---- */

static void set_number(struct sdr_value *value, bool present, int64_t number)
{
	*value = (struct sdr_value){.present = present, .number = number};
}

/* The try that a result is about: the winner, else the first that ended so. */
static const struct sdr_attempt *attempt_of(
	const struct connection *connection, enum sdr_outcome outcome)
{
	if (!connection->attempts || connection->connected)
		return connection->attempts ? &connection->attempts[connection->winner] : NULL;
	for (unsigned i = 0; i < connection->attempt_count; i++)
		if (connection->attempts[i].outcome == outcome)
			return &connection->attempts[i];
	return connection->attempts;
}

static void fill_common(struct connection *connection, const struct sdr_result *result,
	struct sdr_value values[static SDR_CONNECTION_FIELDS])
{
	const struct sdr_attempt *attempt = attempt_of(connection, result->outcome);
	bool bad = attempt && result->outcome != SDR_OUTCOME_OK;
	set_number(&values[0], connection->waited != SDR_NS_NONE, connection->waited);
	values[1] = (struct sdr_value){
		.present = connection->error_name, .text = connection->error_name};
	set_number(&values[2], bad && attempt->icmp_type >= 0, bad ? attempt->icmp_type : 0);
	set_number(&values[3], bad && attempt->icmp_code >= 0, bad ? attempt->icmp_code : 0);
	values[4] = (struct sdr_value){
		.present = connection->router.version != 0, .addr = &connection->router};
}

static void fill_values(struct connection *connection, struct sdr_result *result)
{
	struct connector *connector = connection->connector;
	unsigned own = connector->verbs->fields;
	result->value_count = own + SDR_CONNECTION_FIELDS;
	memset(connector->values, 0, result->value_count * sizeof(*connector->values));
	if (connector->verbs->fill)
		connector->verbs->fill(connection, connector->values);
	fill_common(connection, result, connector->values + own);
	result->values = connector->values;
}

const char *sdr_connection_why(struct connection *connection, const char *why)
{
	char *warning = connection->warning;
	if (!warning || !warning[0] || connection->warned)
		return why;
	connection->warned = true;
	if (why) {
		size_t used = strlen(warning);
		snprintf(warning + used, CONNECTION_WARNING - used, "; %s", why);
	}
	return warning;
}

void sdr_connection_end(struct connection *connection, struct sdr_result *result)
{
	struct probe_env *env = connection->connector->env;
	result->kind = SDR_RESULT_ANSWER;
	result->sequence = connection->sequence;
	result->sent = connection->sent;
	result->when = connection->when;
	if (connection->udp)
		sdr_datagrams_conclude(connection, result);
	if (connection->router.version != 0)
		result->from = (struct sdr_endpoint){.addr = connection->router};
	else if (connection->connected && result->outcome != SDR_OUTCOME_TIMEOUT &&
		result->outcome != SDR_OUTCOME_LOCAL)
		result->from = connection->peer;
	result->attempts = connection->attempts;
	result->attempt_count = connection->attempt_count;
	result->why = sdr_connection_why(connection, result->why);
	fill_values(connection, result);
	retire(connection);
	env->emit(env, connection->target->id, result);
}

static void end_with_fault(struct connection *connection, const struct sdr_fault *fault)
{
	struct sdr_result result = {.outcome = fault->outcome, .rtt = SDR_NS_NONE};
	if (connection->udp && sdr_datagrams_move(connection, fault))
		return;
	connection->error_name = fault->error_name;
	connection->router = fault->router;
	snprintf(connection->why, sizeof(connection->why), "%s", fault->words);
	result.why = connection->why[0] ? connection->why : NULL;
	sdr_connection_end(connection, &result);
}

/* By UDP an ICMP error has more detail than its errno. */
void sdr_connection_fail(struct connection *connection, int number)
{
	struct sdr_fault fault;
	const struct sdr_fault_about about = sdr_connection_about(connection);
	if (!connection->udp || !sdr_fault_read(connection->fd, &about, &fault))
		sdr_fault_of_errno(&about, connection->failed ? connection->stage : SDR_FAULT_WAIT,
			number, &fault);
	end_with_fault(connection, &fault);
}

static void report_error(struct connection *connection, int number)
{
	if (connection->connector->verbs->on_error && connection->connected)
		connection->connector->verbs->on_error(connection, number);
	else
		sdr_connection_fail(connection, number);
}

static void on_deadline(uv_timer_t *timer)
{
	struct connection *connection = timer->data;
	if (connection->failed) {
		sdr_connection_fail(connection, connection->number);
		return;
	}
	if (connection->connector->verbs->on_deadline && connection->connected) {
		connection->connector->verbs->on_deadline(connection);
		return;
	}
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE};
	sdr_connection_end(connection, &result);
}

static void note_local_port(struct connection *connection)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	struct sdr_endpoint local;
	if (getsockname(connection->fd, (struct sockaddr *)&address, &length) == 0 &&
		sdr_endpoint_from_sockaddr((struct sockaddr *)&address, &local) == SDR_OK)
		connection->local_port = local.port;
}

static void open_up(struct connection *connection, sdr_ns now)
{
	connection->connected = true;
	note_local_port(connection);
	connection->connector->verbs->on_open(connection, now);
}

/* libuv reports any POLLERR as UV_EBADF and stops the watch; the socket knows the cause. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct connection *connection = poll->data;
	sdr_ns now = sdr_clock_now();
	struct sdr_fault fault;
	const struct sdr_fault_about about = sdr_connection_about(connection);
	if (status >= 0) {
		if (connection->connected)
			connection->connector->verbs->on_ready(connection, events, now);
		else
			open_up(connection, now);
		return;
	}
	if (connection->udp && sdr_fault_read(connection->fd, &about, &fault)) {
		if (connection->connected) /* an answer that also came is more informative */
			connection->connector->verbs->on_ready(connection, UV_READABLE, now);
		if (!connection->ended && !connection->moving)
			end_with_fault(connection, &fault);
		return;
	}
	int number = sdr_fault_pending(connection->fd);
	report_error(connection, number ? number : EPIPE);
}

enum sdr_status sdr_connection_open(
	struct probe_env *env, const struct connection_verbs *verbs, struct connector **connector)
{
	struct connector *made = calloc(1,
		sizeof(*made) + (verbs->fields + SDR_CONNECTION_FIELDS) * sizeof(struct sdr_value));
	if (!made)
		return SDR_ENOMEM;
	made->env = env;
	made->verbs = verbs;
	made->on_poll = on_poll;
	made->on_deadline = on_deadline;
	if (getrandom(&made->secret, sizeof(made->secret), 0) != sizeof(made->secret))
		made->secret = (uint64_t)sdr_clock_now();
	*connector = made;
	return SDR_OK;
}

void sdr_connection_hurry(struct connection *connection, sdr_ns timeout)
{
	uint64_t ms = (uint64_t)((timeout + SDR_MS - 1) / SDR_MS);
	if (uv_timer_get_due_in(&connection->deadline) > ms)
		uv_timer_start(&connection->deadline, on_deadline, ms, 0);
}

ssize_t sdr_connection_read(struct connection *connection, void *bytes, size_t size)
{
	ssize_t got = recv(connection->fd, bytes, size, MSG_DONTWAIT);
	if (got < 0 && errno != EAGAIN && errno != EINTR)
		sdr_connection_fail(connection, errno);
	return got;
}

struct sdr_value sdr_connection_connect(const struct connection *connection)
{
	return (struct sdr_value){
		.present = !connection->udp && connection->connect_time != SDR_NS_NONE,
		.number = connection->connect_time};
}

unsigned char *sdr_connection_buffer(const struct connection *connection)
{
	return connection->connector->buffer;
}

uint64_t sdr_connection_secret(const struct connection *connection)
{
	return connection->connector->secret;
}

/* A record with its bytes cleared; its place on the list is taken. */
static struct connection *take_record(struct connector *connector)
{
	struct connection *connection = connector->spare;
	if (connection)
		connector->spare = connection->next;
	else
		connection = malloc(connector->verbs->size);
	if (!connection)
		return NULL;
	memset(connection, 0, connector->verbs->size);
	connection->connector = connector;
	connection->next = connector->first;
	if (connector->first)
		connector->first->previous = connection;
	connector->first = connection;
	connector->open++;
	return connection;
}

/* ---- TCP: the race ---- */

static void keep_attempts(struct connection *connection, const struct sdr_dial_result *result)
{
	memcpy(connection->attempts, result->attempts,
		result->count * sizeof(*connection->attempts));
	connection->attempt_count = result->count;
	connection->winner = result->winner;
}

static void on_race(void *context, const struct sdr_dial_result *result)
{
	struct connection *connection = context;
	connection->race = NULL;
	keep_attempts(connection, result);
	if (result->fd < 0) {
		const struct sdr_attempt *attempt = attempt_of(connection, result->outcome);
		struct sdr_result failed = {.outcome = result->outcome, .rtt = SDR_NS_NONE};
		connection->error_name = attempt ? attempt->error_name : NULL;
		connection->router = attempt ? attempt->router : (struct sdr_addr){0};
		failed.why = result->why[0]                      ? result->why
			: result->outcome == SDR_OUTCOME_TIMEOUT ? "not connected in time"
								 : NULL;
		sdr_connection_end(connection, &failed);
		return;
	}
	connection->fd = result->fd;
	connection->peer = result->attempts[result->winner].to;
	connection->connect_time = result->handshake;
	connection->waited = result->waited;
	if (connection->warning)
		snprintf(connection->warning, CONNECTION_WARNING, "%s", result->why);
	if (sdr_connection_poll(connection) != 0) {
		sdr_connection_fail(connection, ENOMEM);
		return;
	}
	sdr_ns now = sdr_clock_now();
	sdr_connection_deadline(connection, sdr_connection_left(connection));
	open_up(connection, now);
}

/* Copies the addresses, since the name's may change meanwhile, and allocates for the results of
 * several, so that the end needs no memory. */
static enum sdr_status take_addresses(struct connection *connection)
{
	const struct sdr_addr *addresses;
	unsigned count = sdr_target_addresses(connection->target, &addresses);
	assert(count > 0); /* the engine has resolved the name */
	if (count > SDR_ATTEMPTS_MAX)
		count = SDR_ATTEMPTS_MAX;
	connection->attempts = &connection->one;
	if (count > 1) {
		connection->attempts = calloc(count, sizeof(*connection->attempts));
		connection->warning = calloc(1, CONNECTION_WARNING);
		connection->words =
			connection->udp ? calloc(count, sizeof(*connection->words)) : NULL;
		if (!connection->attempts || !connection->warning ||
			(connection->udp && !connection->words))
			return SDR_ENOMEM;
	}
	connection->address_count = count;
	for (unsigned i = 0; i < count; i++)
		connection->attempts[i].to = (struct sdr_endpoint){
			sdr_addr_unmap(&addresses[i]), connection->target->port};
	return SDR_OK;
}

/* Without memory for a race there is no probe. */
static enum sdr_status begin_race(struct connection *connection)
{
	struct sdr_endpoint to[SDR_ATTEMPTS_MAX];
	const struct sdr_spec *asked = connection->target->spec;
	for (unsigned i = 0; i < connection->address_count; i++)
		to[i] = connection->attempts[i].to;
	const struct sdr_dial_spec spec = {.endpoints = to,
		.count = connection->address_count,
		.timeout = sdr_connection_timeout(connection),
		.interface = asked->source,
		.hop_limit = asked->hop_limit,
		.tos = asked->tos,
		.done = on_race,
		.context = connection};
	return sdr_dial_begin(connection->connector->env->loop, &spec, &connection->race);
}

enum sdr_status sdr_connection_start(
	void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now)
{
	struct connector *connector = shared;
	(void)now;
	struct connection *connection = take_record(connector);
	if (!connection)
		return SDR_ENOMEM;
	connection->target = target;
	connection->sequence = sequence;
	connection->fd = -1;
	connection->sent =
		sdr_clock_now(); /* not the batch's: others of it were started in between */
	connection->when = sdr_clock_wall();
	connection->connect_time = connection->waited = SDR_NS_NONE;
	connection->udp = connector->verbs->may_udp && target->spec->udp;
	uv_timer_init(connector->env->loop, &connection->deadline);
	connection->deadline.data = connection;
	connection->handles = 1;
	enum sdr_status status = take_addresses(connection);
	if (status == SDR_OK && connection->udp)
		sdr_datagrams_begin(connection);
	else if (status == SDR_OK) /* the race keeps the time until it is connected */
		status = begin_race(connection);
	if (status != SDR_OK)
		retire(connection);
	return status;
}

void sdr_connection_stop(void *shared, const struct sdr_target *target)
{
	struct connector *connector = shared;
	for (struct connection *connection = connector->first, *next; connection;
		connection = next) {
		next = connection->next;
		if (connection->target == target)
			retire(connection);
	}
}

void sdr_connection_close(void *shared)
{
	struct connector *connector = shared;
	connector->closing = true;
	while (connector->first)
		retire(connector->first);
	sdr_connection_free_if_done(connector);
}
