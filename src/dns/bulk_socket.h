/* bulk_socket.h (internal) - questions by UDP from one socket, sent and received many at a time.
 * What comes is matched to what was asked by id, name and type; the rest is for others to
 * decide. */
#ifndef SOUNDER_DNS_BULK_SOCKET_H
#define SOUNDER_DNS_BULK_SOCKET_H

#include "dns/server.h"

struct uv_loop_s;
struct bulk_socket;

/* A question under way; embedded in what asks. */
struct bulk_asked {
	TAILQ_ENTRY(bulk_asked) link;
	unsigned slot;
	sdr_ns sent_at;
};

/* What became of a question; from the loop. `bytes` NULL: nothing came in time, or the socket
 * failed. */
typedef void bulk_came(
	void *context, struct bulk_asked *asked, const uint8_t *bytes, size_t length);

/* NULL: no memory, or no socket. */
struct bulk_socket *sdr_bulk_socket_new(struct uv_loop_s *loop, const struct sdr_endpoint *server,
	sdr_ns timeout, bulk_came *came, void *context);
void sdr_bulk_socket_free(struct bulk_socket *socket); /* NULL is allowed */

/* Takes a question's message, whose id it writes; it leaves with others, in this turn of the loop.
 * False: as many are under way as may be. */
bool sdr_bulk_socket_ask(
	struct bulk_socket *socket, uint8_t *wire, size_t length, struct bulk_asked *asked);

/* Nobody waits for it any more. */
void sdr_bulk_socket_forget(struct bulk_socket *socket, struct bulk_asked *asked);

#endif
