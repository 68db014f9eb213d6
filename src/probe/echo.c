/* echo.c - the probe type `echo`: sends bytes to an echo service (RFC 862) and checks every byte
 * that comes back.
 *
 * The payload is a keyed stream of (secret, target, sequence), so it is never stored: what came is
 * compared with what byte n must be. TCP: when all is back, our side is closed, and the server must
 * close too without another byte. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "probe/connection.h"
#include "probe/echo_payload.h"

#define SIZE_DEFAULT 64
#define SIZE_MAX_UDP 65507
#define SIZE_MAX_TCP (1 << 20)

struct echo_options {
	int64_t size; /* payload bytes */
};

static const struct sdr_option options[] = {
	{"size", 's', SDR_OPTION_INTEGER, "BYTES", "send so many bytes; 64 by default", 1,
		SIZE_MAX_TCP, .place = SDR_PLACE(struct echo_options, size),
		.otherwise = SIZE_DEFAULT},
	{NULL},
};

static uint32_t size_of(const struct sdr_spec *spec)
{
	const struct echo_options *given = spec->options;
	return (uint32_t)(given ? given->size : SIZE_DEFAULT);
}
#define CLOSE_PATIENCE (500 * SDR_MS)
#define READS_PER_WAKEUP 16

/* The order of `fields`. */
enum {
	BYTES_SENT,
	BYTES_RECEIVED,
	MISMATCH_AT,
	CONNECT,
	COMMON,
	FIELD_COUNT = COMMON + SDR_CONNECTION_FIELDS
};

static const struct sdr_field fields[FIELD_COUNT] = {
	[BYTES_SENT] = {"bytes_sent", "Sent", "bytes", "payload bytes that were sent",
		SDR_FIELD_INTEGER},
	[BYTES_RECEIVED] = {"bytes_received", "Back", "bytes", "bytes that came back",
		SDR_FIELD_INTEGER},
	[MISMATCH_AT] = {"mismatch_at", "Wrong at", NULL, "the first byte that differs, from 0",
		SDR_FIELD_INTEGER},
	[CONNECT] = SDR_CONNECTION_CONNECT_ROW,
	SDR_CONNECTION_FIELD_ROWS(COMMON),
};

/* One echo in flight. */
struct echo {
	struct connection connection;
	struct echo_payload payload;
	uint32_t sent, received; /* so far; received may pass the payload's size */
	bool mismatch, half_closed;
	uint32_t mismatch_at;
	sdr_ns sent_at; /* first byte */
	sdr_ns rtt;     /* until the last byte was back; SDR_NS_NONE until then */
};

static struct echo *echo_of(struct connection *connection)
{
	return (struct echo *)connection;
}

static void fill(const struct connection *connection, struct sdr_value *values)
{
	const struct echo *echo = (const struct echo *)connection;
	values[BYTES_SENT] = (struct sdr_value){.present = true, .number = echo->sent};
	values[BYTES_RECEIVED] = (struct sdr_value){.present = true, .number = echo->received};
	values[MISMATCH_AT] =
		(struct sdr_value){.present = echo->mismatch, .number = echo->mismatch_at};
	values[CONNECT] = sdr_connection_connect(connection);
}

static void end_well(struct echo *echo, const char *why)
{
	struct sdr_result result = {.outcome = SDR_OUTCOME_OK, .rtt = echo->rtt, .why = why};
	sdr_connection_end(&echo->connection, &result);
}

static void end_wrong(struct echo *echo, uint32_t at, const char *how)
{
	echo->mismatch = true;
	echo->mismatch_at = at;
	snprintf(echo->connection.why, sizeof(echo->connection.why), "mismatch at byte %u: %s", at,
		how);
	struct sdr_result result = {.outcome = SDR_OUTCOME_MISMATCH,
		.rtt = sdr_clock_now() - echo->sent_at,
		.why = echo->connection.why};
	sdr_connection_end(&echo->connection, &result);
}

/* Sends what the socket takes. Returns 0 or an errno. */
static int push(struct echo *echo)
{
	unsigned char *buffer = sdr_connection_buffer(&echo->connection);
	while (echo->sent < echo->payload.size) {
		uint32_t left = echo->payload.size - echo->sent,
			 n = left < CONNECTION_BUFFER ? left : CONNECTION_BUFFER;
		sdr_echo_fill(&echo->payload, echo->sent, buffer, n);
		ssize_t out = send(echo->connection.fd, buffer, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (out < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : errno;
		echo->sent += (uint32_t)out;
	}
	return 0;
}

static void push_and_watch(struct echo *echo)
{
	int number = push(echo);
	if (number != 0)
		sdr_connection_fail(&echo->connection, number);
	else
		sdr_connection_watch(&echo->connection,
			echo->sent < echo->payload.size ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

static void on_open(struct connection *connection, sdr_ns now)
{
	struct echo *echo = echo_of(connection);
	echo->payload.size = size_of(connection->target->spec);
	echo->payload.sequence = connection->sequence;
	echo->payload.key = sdr_echo_mix(sdr_connection_secret(connection) ^
		sdr_echo_mix(connection->target->id) ^ sdr_echo_mix(connection->sequence));
	echo->sent_at = now;
	echo->sent = 0; /* by UDP another address may have been asked before */
	echo->rtt = SDR_NS_NONE;
	push_and_watch(echo);
}

/* Compares what came; returns whether it fits so far. */
static bool verify(struct echo *echo, const unsigned char *bytes, uint32_t length)
{
	uint32_t at;
	enum echo_fault fault =
		sdr_echo_compare(&echo->payload, echo->received, bytes, length, &at);
	echo->received += length;
	if (fault != ECHO_FAULT_NONE)
		end_wrong(echo, at,
			fault == ECHO_FAULT_MORE ? "more came back than was sent"
						 : "another byte came back");
	return fault == ECHO_FAULT_NONE;
}

static void on_end_of_stream(struct echo *echo)
{
	if (echo->rtt != SDR_NS_NONE)
		end_well(echo, NULL);
	else
		end_wrong(echo, echo->received, "the connection was closed");
}

/* Reads once. Returns whether to go on. */
static bool pull_stream(struct echo *echo, sdr_ns now)
{
	unsigned char *buffer = sdr_connection_buffer(&echo->connection);
	ssize_t got = sdr_connection_read(&echo->connection, buffer, CONNECTION_BUFFER);
	if (got < 0)
		return false;
	if (got == 0) {
		on_end_of_stream(echo);
		return false;
	}
	if (!verify(echo, buffer, (uint32_t)got))
		return false;
	if (echo->received == echo->payload.size && echo->rtt == SDR_NS_NONE) {
		echo->rtt = now - echo->sent_at;
		echo->half_closed = shutdown(echo->connection.fd, SHUT_WR) == 0;
		sdr_connection_hurry(&echo->connection, CLOSE_PATIENCE);
	}
	return true;
}

static void pull_datagram(struct echo *echo, sdr_ns now)
{
	unsigned char *buffer = sdr_connection_buffer(&echo->connection);
	ssize_t got = sdr_connection_read(&echo->connection, buffer, CONNECTION_BUFFER);
	if (got < 0)
		return;
	if (!verify(echo, buffer, (uint32_t)got))
		return;
	if (echo->received < echo->payload.size) {
		end_wrong(echo, echo->received, "the datagram ends");
		return;
	}
	echo->rtt = now - echo->sent_at;
	end_well(echo, NULL);
}

static void on_ready(struct connection *connection, int events, sdr_ns now)
{
	struct echo *echo = echo_of(connection);
	if (connection->udp) {
		pull_datagram(echo, now);
		return;
	}
	if (events & UV_READABLE)
		for (int i = 0; i < READS_PER_WAKEUP; i++)
			if (!pull_stream(echo, now)) {
				events = 0; /* it may be over */
				break;
			}
	if (events & UV_WRITABLE && echo->sent < echo->payload.size)
		push_and_watch(echo);
}

static void on_error(struct connection *connection, int number)
{
	struct echo *echo = echo_of(connection);
	if (echo->rtt != SDR_NS_NONE)
		end_well(echo, "the server reset the connection after the last byte");
	else
		sdr_connection_fail(connection, number);
}

static void on_deadline(struct connection *connection)
{
	struct echo *echo = echo_of(connection);
	struct sdr_result result = {.outcome = SDR_OUTCOME_TIMEOUT, .rtt = SDR_NS_NONE};
	if (echo->rtt != SDR_NS_NONE)
		end_well(echo, echo->half_closed ? "the server did not close after us" : NULL);
	else if (echo->received > 0)
		end_wrong(echo, echo->received, "nothing more came in time");
	else
		sdr_connection_end(connection, &result);
}

static const struct connection_verbs verbs = {
	.size = sizeof(struct echo),
	.may_udp = true,
	.on_open = on_open,
	.on_ready = on_ready,
	.on_error = on_error,
	.on_deadline = on_deadline,
	.fill = fill,
	.fields = COMMON,
};

static enum sdr_status check(const struct sdr_spec *spec, struct sdr_error *error)
{
	uint32_t most = spec->udp ? SIZE_MAX_UDP : SIZE_MAX_TCP;
	if (spec->port == 0) {
		sdr_error_set(error, 0, "'%s' names no port; echo's own is 7", spec->target);
		return SDR_EINVAL;
	}
	if (size_of(spec) > most) {
		sdr_error_set(
			error, 0, "%u bytes are too many to echo; %u at most", size_of(spec), most);
		return SDR_ERANGE;
	}
	return SDR_OK;
}

static enum sdr_status open_shared(struct probe_env *env, void **shared, struct sdr_error *error)
{
	(void)error;
	return sdr_connection_open(env, &verbs, (struct connector **)shared);
}

const struct probe_type probe_echo = {
	.public = {.name = "echo",
		.label = "echo",
		.sentence = "sends bytes to an echo service (RFC 862) and checks what comes back",
		.fields = fields,
		.field_count = FIELD_COUNT,
		.options_size = sizeof(struct echo_options),
		.options = options,
		.default_port = 7,
		SDR_CONNECTION_PUBLIC},
	.check = check,
	.open = open_shared,
	SDR_CONNECTION_VERBS,
};
