/* connection_socket.h (internal) - what all connections of one type share, and the handles and
 * times of one. For connection*.c. */
#ifndef SOUNDER_PROBE_CONNECTION_SOCKET_H
#define SOUNDER_PROBE_CONNECTION_SOCKET_H

#include "probe/connection.h"

/* All probes of one type. */
struct connector {
	struct probe_env *env; /* borrowed */
	const struct connection_verbs *verbs;
	uv_poll_cb on_poll; /* connection.c's, like the next */
	uv_timer_cb on_deadline;
	struct connection *first; /* pending */
	struct connection *spare; /* for reuse */
	unsigned open;            /* records whose handles are not closed yet */
	bool closing;
	uint64_t secret;
	unsigned char buffer[CONNECTION_BUFFER];
	struct sdr_value values[]; /* of the result that is being reported */
};

/* Frees it once it is closing and no record has open handles. */
void sdr_connection_free_if_done(struct connector *connector);

/* Where the connection is to; watches its descriptor (0 or an errno); the deadline in that time;
 * the time-out, and what is left of it; a handle of it was closed. */
struct sdr_fault_about sdr_connection_about(const struct connection *connection);
int sdr_connection_poll(struct connection *connection);
void sdr_connection_deadline(struct connection *connection, sdr_ns time);
sdr_ns sdr_connection_timeout(const struct connection *connection);
sdr_ns sdr_connection_left(const struct connection *connection);
void sdr_connection_closed(uv_handle_t *handle);

#endif
