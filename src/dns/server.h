/* server.h (internal) - name servers: their channels, counters, and the limit of pending questions
 * to each. */
#ifndef SOUNDER_DNS_SERVER_H
#define SOUNDER_DNS_SERVER_H

#include <sys/queue.h>

#include "dns/channel.h"
#include "dns/edns.h"
#include "sounder/names.h"

/* Pending questions to one server: more only overflow its receive buffer. */
#define SDR_SERVER_WINDOW 128
#define SDR_SERVERS_MAX 8 /* configured ones */

struct sdr_servers;
struct sdr_server;

/* A place in a server's window, or in the queue for one; embedded in what asks. */
struct sdr_place {
	TAILQ_ENTRY(sdr_place) link;
	bool queued, held;
	void (*ready)(struct sdr_place
			*place); /* the place is held now; must not call back into the server */
	void (*refused)(
		struct sdr_place *place); /* another's datagram found the port closed; likewise */
};

struct sdr_servers *sdr_servers_new(struct uv_loop_s *loop); /* NULL when out of memory */
void sdr_servers_free(struct sdr_servers
		*servers); /* nothing may be pending any more; handles close as the loop runs */
struct uv_loop_s *sdr_servers_loop(const struct sdr_servers *servers);

/* Sets the system's servers. Those that stay keep channel and counters; pending questions to others
 * still end. ENOMEM: nothing changed. */
SDR_MUST_CHECK enum sdr_status sdr_servers_configure(
	struct sdr_servers *servers, const struct sdr_endpoint *endpoints, unsigned count);
unsigned sdr_servers_count(const struct sdr_servers *servers);
void sdr_servers_view(
	const struct sdr_servers *servers, unsigned index, struct sdr_names_server *view);
uint64_t sdr_servers_version(const struct sdr_servers *servers);

/* Whether the system's servers are taken from another first one each time: resolv.conf's rotate. */
void sdr_servers_rotate(struct sdr_servers *servers, bool rotate);

/* Takes the system's servers into list[SDR_SERVERS_MAX], those that failed recently last; or the
 * one given. The caller drops each. Returns how many. */
unsigned sdr_servers_take(struct sdr_servers *servers, const struct sdr_endpoint *only, sdr_ns now,
	struct sdr_server **list);
void sdr_server_drop(struct sdr_server *server);

/* Asks for a place in the window: true: held now; false: `place->ready` comes later. */
bool sdr_server_enter(struct sdr_server *server, struct sdr_place *place);

/* Gives a place, held or queued, back. */
void sdr_server_leave(struct sdr_server *server, struct sdr_place *place);

/* Notifies all pending questions that the UDP port is closed: the kernel reports it once, to the
 * next question that uses the socket. */
void sdr_server_refused(struct sdr_server *server);

/* Returns the channel, made when first wanted; NULL when out of memory. */
struct sdr_channel *sdr_server_channel(struct sdr_server *server, bool tcp);

const struct sdr_endpoint *sdr_server_endpoint(const struct sdr_server *server);
uint64_t sdr_server_rejected(const struct sdr_server *server); /* see sdr_channel_rejected */

/* Whether the server turned out not to take EDNS. */
bool sdr_server_is_plain(const struct sdr_server *server);
void sdr_server_set_plain(struct sdr_server *server);

/* Returns this client's cookie for the server, [*length] bytes with the server's part once that is
 * known; NULL: there is no randomness to make one of. RFC 7873 sec. 5.1, RFC 9018 sec. 3 */
const uint8_t *sdr_server_cookie(struct sdr_server *server, size_t *length);

/* Keeps an answer's cookie, whose client's part is ours. */
void sdr_server_take_cookie(struct sdr_server *server, const uint8_t *cookie, size_t length);

/* Counts. `took` SDR_NS_NONE: no answer. */
void sdr_server_count_asked(struct sdr_server *server);
void sdr_server_count_end(
	struct sdr_server *server, enum sdr_outcome outcome, sdr_ns took, sdr_ns now);

#endif
