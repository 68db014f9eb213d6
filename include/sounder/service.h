/* service.h - the embedded servers: daytime (RFC 867) and echo (RFC 862), TCP and UDP, any number
 * of sockets at once. */
#ifndef SOUNDER_SERVICE_H
#define SOUNDER_SERVICE_H

#include "sounder/addr.h"
#include "sounder/clock.h"

struct sdr_services;

struct sdr_service_type {
	const char *name; /* "echo" */
	const char *sentence;
	uint16_t port;          /* its well-known port */
	uint16_t fallback_port; /* used when that one can't be had */
};

/* Zero means the default: on a loopback bind no limit but the reserve of descriptors, elsewhere the
 * figures given here. Of a source (an IPv4 address or /64 by TCP, a /24 or /56 by UDP) 1000 at
 * most, of rates 100,000. */
struct sdr_service_limits {
	uint32_t clients_max;        /* 128 */
	uint32_t per_source_max;     /* 10 */
	uint32_t accepts_per_second; /* 50 */
	uint32_t udp_per_second;     /* 200 replies in all, 10 a source prefix */
	sdr_ns idle;                 /* 60 s */
	sdr_ns life;                 /* 300 s */
};

struct sdr_service_spec {
	const struct sdr_service_type *type;
	enum sdr_transport transport;
	struct sdr_endpoint local; /* port 0: the system chooses */
	bool or_fallback;          /* EACCES or EADDRINUSE: try the fallback port, and report it */
	struct sdr_service_limits limits;
};

enum sdr_service_event_kind {
	SDR_SERVICE_LISTENING, /* the socket is up; `why`: another port than the one asked for */
	SDR_SERVICE_ACCEPTED,  /* TCP: a client */
	SDR_SERVICE_CLOSED,    /* TCP: a client has gone, or was sent away: `why` */
	SDR_SERVICE_REFUSED,   /* TCP: a client beyond the limits; reset at once */
	SDR_SERVICE_DROPPED,   /* UDP: a datagram that is not answered */
	SDR_SERVICE_ANSWERED,  /* UDP: one that is */
	SDR_SERVICE_FAILED,    /* TCP: accepting pauses for a second, without descriptors or memory;
				  reported once a minute */
	SDR_SERVICE_STOPPED    /* the last event of a listener */
};

/* Returns its word, as JSON has it: "listening" ... Static. */
const char *sdr_service_event_word(enum sdr_service_event_kind kind);

struct sdr_service_event {
	enum sdr_service_event_kind kind;
	sdr_wall when;
	uint32_t id; /* of the listener */
	const struct sdr_service_type *type;
	enum sdr_transport transport;
	struct sdr_endpoint local, peer; /* peer: version 0 where there is none */
	uint64_t bytes_in, bytes_out;    /* CLOSED: of the connection; STOPPED: of the listener */
	const char *
		why; /* "idle for 60s", "in use by another program; 10007 is up instead", or NULL */
};

/* One listener as a panel shows it: a socket that is up. */
struct sdr_service_view {
	uint32_t id;
	const struct sdr_service_type *type;
	enum sdr_transport transport;
	struct sdr_endpoint local;
	bool is_public; /* bound wider than loopback */
	sdr_ns started;
	uint32_t clients; /* connected now; UDP: sources of the last minute */
	uint64_t served, refused, dropped, bytes_in, bytes_out;
	const char *why; /* what was given instead of what was asked for; may be NULL */
};

struct sdr_service_client {
	struct sdr_endpoint peer;
	sdr_ns since, last;
	uint64_t bytes_in, bytes_out;
};

/* Returns a service by its position in the table (services.def); NULL past the end. Static. */
const struct sdr_service_type *sdr_service_at(unsigned index);

/* Returns the service of that name; NULL if absent. Static. */
const struct sdr_service_type *sdr_service_find(const char *name);

/* Starts a listener. `id` and `bound` (the endpoint really had) may be NULL. EPERM, EINUSE, EINVAL
 * (no such local address, a group's, no TCP or UDP), ESYSTEM, ENOMEM with `error`. A LISTENING
 * event follows in the next loop iteration. */
SDR_MUST_CHECK enum sdr_status sdr_services_start(struct sdr_services *services,
	const struct sdr_service_spec *spec, uint32_t *id, struct sdr_endpoint *bound,
	struct sdr_error *error);

/* Stops a listener and closes its clients; CLOSED of each and STOPPED follow from the loop. ENOENT:
 * no listener has that id. */
enum sdr_status sdr_services_stop(struct sdr_services *services, uint32_t id);

/* Listeners in order of starting, those that are stopped left out: how many, and one by its
 * position; false past the end. `why` lives as long as the listener. */
unsigned sdr_services_count(const struct sdr_services *services);
bool sdr_services_view(
	const struct sdr_services *services, unsigned index, struct sdr_service_view *view);

/* A listener's clients, by UDP the sources of the last minute: how many, 0 for an id that no
 * listener has, and one by its position; false past the end. */
unsigned sdr_services_client_count(const struct sdr_services *services, uint32_t id);
bool sdr_services_client(const struct sdr_services *services, uint32_t id, unsigned index,
	struct sdr_service_client *client);

/* Returns a number that grows as listeners and clients come and go, and with each datagram. */
uint64_t sdr_services_version(const struct sdr_services *services);

/* Sinks of events, called from the loop, until they are removed or the services are freed; each may
 * stop listeners. At most 10 events about clients are sent per second (100 in a burst); the next
 * one's `why` counts those left out. ENOMEM: there are eight sinks already. */
SDR_MUST_CHECK enum sdr_status sdr_services_sink_add(struct sdr_services *services,
	void (*on_event)(void *context, const struct sdr_service_event *), void *context);
void sdr_services_sink_remove(struct sdr_services *services,
	void *context); /* all with that context, but not from within one; none is called any more
			 */

#endif
