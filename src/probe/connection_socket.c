/* connection_socket.c - the handles and times of one connection, below what decides with them. */
#include "probe/connection_socket.h"

#include <errno.h>
#include <stdlib.h>

void sdr_connection_free_if_done(struct connector *connector)
{
	if (!connector->closing || connector->open > 0)
		return;
	while (connector->spare) {
		struct connection *connection = connector->spare;
		connector->spare = connection->next;
		free(connection);
	}
	free(connector);
}

void sdr_connection_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	struct connector *connector = connection->connector;
	if (--connection->handles > 0)
		return;
	if (connection->attempts != &connection->one)
		free(connection->attempts);
	free(connection->warning);
	free(connection->words);
	connection->next = connector->spare;
	connector->spare = connection;
	connector->open--;
	sdr_connection_free_if_done(connector);
}

struct sdr_fault_about sdr_connection_about(const struct connection *connection)
{
	return (struct sdr_fault_about){.to = connection->peer,
		.source = connection->target->spec->source,
		.udp = connection->udp};
}

sdr_ns sdr_connection_timeout(const struct connection *connection)
{
	return connection->target->spec->timeout > 0 ? connection->target->spec->timeout
						     : CONNECTION_TIMEOUT;
}

sdr_ns sdr_connection_left(const struct connection *connection)
{
	sdr_ns left = connection->sent + sdr_connection_timeout(connection) - sdr_clock_now();
	return left > 0 ? left : 0;
}

void sdr_connection_deadline(struct connection *connection, sdr_ns time)
{
	uv_timer_start(&connection->deadline, connection->connector->on_deadline,
		(uint64_t)((time + SDR_MS - 1) / SDR_MS), 0);
}

void sdr_connection_watch(struct connection *connection, int events)
{
	uv_poll_start(&connection->poll, events, connection->connector->on_poll);
}

int sdr_connection_poll(struct connection *connection)
{
	if (uv_poll_init(connection->connector->env->loop, &connection->poll, connection->fd) != 0)
		return ENOMEM;
	connection->handles++;
	connection->poll.data = connection;
	return 0;
}
