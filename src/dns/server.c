/* server.c - name servers: their channels, counters and windows. The idea: servers are counted
 * references, held by the configuration and by questions, so that a new resolv.conf takes effect at
 * once and loses no question. */
#include "dns/server.h"

#include <ares.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Servers kept besides the configured ones, for probes that use them again. */
#define IDLE_MAX 32
#define FAILED_FOR (30 * SDR_SECOND) /* a server that failed is asked last for so long */

struct sdr_server {
	TAILQ_ENTRY(sdr_server) link;
	struct sdr_servers *set;
	struct sdr_endpoint endpoint;
	struct sdr_channel *channels[2];     /* UDP, TCP; owned; NULL until needed */
	unsigned refs;                       /* the configuration's and questions' */
	unsigned held;                       /* places held in the window */
	TAILQ_HEAD(places, sdr_place) queue; /* waiting for a place */
	struct places holders;               /* holding one */
	bool plain;                          /* takes no EDNS */
	uint8_t cookie[SDR_COOKIE_MAX];      /* [cookie_length] */
	size_t cookie_length;                /* 0: none was needed */
	sdr_ns failed_at;                    /* 0: its latest question was answered */
	uint64_t asked, answered;
	sdr_ns last; /* latest answer's time, SDR_NS_NONE */
	enum sdr_outcome outcome;
};

struct sdr_servers {
	struct uv_loop_s *loop; /* borrowed */
	TAILQ_HEAD(server_list, sdr_server) all;
	unsigned idle; /* servers without references */
	struct sdr_server *configured[SDR_SERVERS_MAX];
	unsigned count;
	bool rotate;    /* see sdr_servers_rotate */
	uint16_t first; /* the one to begin with then */
	uint64_t version;
};

struct sdr_servers *sdr_servers_new(struct uv_loop_s *loop)
{
	struct sdr_servers *servers = calloc(1, sizeof(*servers));
	if (!servers || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		free(servers);
		return NULL;
	}
	servers->loop = loop;
	servers->version = 1;
	TAILQ_INIT(&servers->all);
	return servers;
}

static void server_free(struct sdr_server *server)
{
	TAILQ_REMOVE(&server->set->all, server, link);
	sdr_channel_free(server->channels[0]);
	sdr_channel_free(server->channels[1]);
	free(server);
}

void sdr_servers_free(struct sdr_servers *servers)
{
	if (!servers)
		return;
	struct sdr_server *server;
	while ((server = TAILQ_FIRST(&servers->all)))
		server_free(server); /* NOLINT(clang-analyzer-unix.Malloc): it takes the server off
					the list */
	free(servers);
	ares_library_cleanup();
}

struct uv_loop_s *sdr_servers_loop(const struct sdr_servers *servers)
{
	return servers->loop;
}

static bool same_endpoint(const struct sdr_endpoint *a, const struct sdr_endpoint *b)
{
	return a->port == b->port && sdr_addr_compare(&a->addr, &b->addr) == 0;
}

/* Returns the server at an endpoint with one more reference, made if there is none. */
static struct sdr_server *server_take(
	struct sdr_servers *servers, const struct sdr_endpoint *endpoint)
{
	struct sdr_server *server;
	TAILQ_FOREACH(server, &servers->all, link)
	if (same_endpoint(&server->endpoint, endpoint)) {
		servers->idle -= server->refs == 0;
		server->refs++;
		return server;
	}
	server = calloc(1, sizeof(*server));
	if (!server)
		return NULL;
	server->set = servers;
	server->endpoint = *endpoint;
	server->refs = 1;
	server->last = SDR_NS_NONE;
	TAILQ_INIT(&server->queue);
	TAILQ_INIT(&server->holders);
	TAILQ_INSERT_HEAD(&servers->all, server, link);
	return server;
}

void sdr_server_drop(struct sdr_server *server)
{
	struct sdr_servers *servers = server->set;
	if (--server->refs > 0)
		return;
	if (servers->idle < IDLE_MAX)
		servers->idle++;
	else
		server_free(server);
}

enum sdr_status sdr_servers_configure(
	struct sdr_servers *servers, const struct sdr_endpoint *endpoints, unsigned count)
{
	struct sdr_server *taken[SDR_SERVERS_MAX];
	unsigned n = 0;
	for (unsigned i = 0; i < count && n < SDR_SERVERS_MAX; i++) {
		taken[n] = server_take(servers, &endpoints[i]);
		if (!taken[n]) {
			while (n > 0)
				sdr_server_drop(taken[--n]);
			return SDR_ENOMEM;
		}
		n++;
	}
	for (unsigned i = 0; i < servers->count; i++)
		sdr_server_drop(servers->configured[i]);
	for (unsigned i = 0; i < n; i++)
		servers->configured[i] = taken[i];
	servers->count = n;
	servers->version++;
	return SDR_OK;
}

unsigned sdr_servers_count(const struct sdr_servers *servers)
{
	return servers->count;
}

void sdr_servers_view(
	const struct sdr_servers *servers, unsigned index, struct sdr_names_server *view)
{
	const struct sdr_server *server = servers->configured[index];
	*view = (struct sdr_names_server){.endpoint = server->endpoint,
		.asked = server->asked,
		.answered = server->answered,
		.rejected = sdr_server_rejected(server),
		.last = server->last,
		.outcome = server->outcome};
}

uint64_t sdr_servers_version(const struct sdr_servers *servers)
{
	return servers->version;
}

void sdr_servers_rotate(struct sdr_servers *servers, bool rotate)
{
	if (rotate && !servers->rotate &&
		getrandom(&servers->first, sizeof(servers->first), GRND_NONBLOCK) < 0)
		servers->first = 0;
	servers->rotate = rotate;
}

static bool failed_recently(const struct sdr_server *server, sdr_ns now)
{
	return server->failed_at != 0 && now - server->failed_at < FAILED_FOR;
}

unsigned sdr_servers_take(struct sdr_servers *servers, const struct sdr_endpoint *only, sdr_ns now,
	struct sdr_server **list)
{
	if (only) {
		list[0] = server_take(servers, only);
		return list[0] ? 1 : 0;
	}
	unsigned n = 0, first = servers->rotate ? servers->first++ : 0;
	for (int failed = 0; failed < 2; failed++)
		for (unsigned i = 0; i < servers->count; i++) {
			struct sdr_server *server =
				servers->configured[(first + i) % servers->count];
			if (failed_recently(server, now) == failed)
				list[n++] = server;
		}
	for (unsigned i = 0; i < n; i++)
		list[i]->refs++;
	return n;
}

bool sdr_server_enter(struct sdr_server *server, struct sdr_place *place)
{
	if (server->held < SDR_SERVER_WINDOW) {
		server->held++;
		place->held = true;
		TAILQ_INSERT_TAIL(&server->holders, place, link);
		return true;
	}
	TAILQ_INSERT_TAIL(&server->queue, place, link);
	place->queued = true;
	return false;
}

void sdr_server_leave(struct sdr_server *server, struct sdr_place *place)
{
	if (place->queued)
		TAILQ_REMOVE(&server->queue, place, link);
	place->queued = false;
	if (!place->held)
		return;
	place->held = false;
	TAILQ_REMOVE(&server->holders, place, link);
	struct sdr_place *next = TAILQ_FIRST(&server->queue);
	if (!next) {
		server->held--;
		return;
	}
	TAILQ_REMOVE(&server->queue, next, link);
	next->queued = false;
	next->held = true;
	TAILQ_INSERT_TAIL(&server->holders, next, link);
	next->ready(next);
}

void sdr_server_refused(struct sdr_server *server)
{
	struct sdr_place *place;
	TAILQ_FOREACH(place, &server->holders, link)
	place->refused(place);
}

struct sdr_channel *sdr_server_channel(struct sdr_server *server, bool tcp)
{
	if (!server->channels[tcp])
		server->channels[tcp] = sdr_channel_new(server->set->loop, &server->endpoint, tcp);
	return server->channels[tcp];
}

uint64_t sdr_server_rejected(const struct sdr_server *server)
{
	return server->channels[false] ? sdr_channel_rejected(server->channels[false]) : 0;
}

const struct sdr_endpoint *sdr_server_endpoint(const struct sdr_server *server)
{
	return &server->endpoint;
}

bool sdr_server_is_plain(const struct sdr_server *server)
{
	return server->plain;
}

void sdr_server_set_plain(struct sdr_server *server)
{
	server->plain = true;
}

const uint8_t *sdr_server_cookie(struct sdr_server *server, size_t *length)
{
	if (server->cookie_length == 0 &&
		getrandom(server->cookie, SDR_COOKIE_CLIENT, GRND_NONBLOCK) == SDR_COOKIE_CLIENT)
		server->cookie_length = SDR_COOKIE_CLIENT;
	*length = server->cookie_length;
	return *length > 0 ? server->cookie : NULL;
}

void sdr_server_take_cookie(struct sdr_server *server, const uint8_t *cookie, size_t length)
{
	memcpy(server->cookie, cookie, length);
	server->cookie_length = length;
}

void sdr_server_count_asked(struct sdr_server *server)
{
	server->asked++;
}

void sdr_server_count_end(
	struct sdr_server *server, enum sdr_outcome outcome, sdr_ns took, sdr_ns now)
{
	server->answered += took != SDR_NS_NONE;
	if (took != SDR_NS_NONE)
		server->last = took;
	server->failed_at = took != SDR_NS_NONE ? 0 : now;
	server->outcome = outcome;
	server->set->version++;
}
