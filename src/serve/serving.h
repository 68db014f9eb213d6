/* serving.h (internal) - what a service gives the listeners, and what the files of this folder
 * share.
 *
 * A service is one file ending in `const struct serve_type serve_NAME` and one line of
 * services.def. service.c holds the listeners and counters, service_event.c reports them;
 * socket.c makes sockets; stream.c has the TCP clients, datagram.c the UDP ones, guard.c the
 * rules for them; service_view.c shows it all. */
#ifndef SOUNDER_SERVE_SERVING_H
#define SOUNDER_SERVE_SERVING_H

#include <uv.h>

#include "net/daytime_text.h"
#include "serve/guard.h"
#include "sounder/privilege.h"
#include "sounder/service.h"

/* Bytes: the one receive buffer that all TCP clients share, and the most one may have pending. */
#define SERVE_BUFFER 65536
#define SERVE_RESERVE 32  /* descriptors kept free for probes, a quarter where there are few */
#define SERVE_SHARE 4     /* clients that each other TCP service is sure to be able to take */
#define SERVE_TICK_MS 500 /* how often clients are looked over for idleness */
/* How long a client that has got everything may take to close. */
#define SERVE_LINGER (2 * SDR_SECOND)
#define SERVE_SINKS 8
#define SERVE_WHY 160
/* Ten events a second about clients in the long run, a hundred at once. */
#define SERVE_EVENT_PRICE (SDR_SECOND / 10)
#define SERVE_EVENT_CREDIT_MAX (100 * SERVE_EVENT_PRICE)

struct serve_client;

/* A service's functions; NULL where it sends nothing. */
struct serve_type {
	struct sdr_service_type public;
	bool answers_empty; /* UDP: its answer is never longer than the question */

	/* TCP: a client has come. */
	void (*on_open)(struct serve_client *client);

	/* TCP: bytes[length] came; NULL: they are thrown away. */
	void (*on_data)(struct serve_client *client, const void *bytes, size_t length);

	/* UDP: puts the answer to *bytes of `length` into *bytes and returns its length. */
	size_t (*on_datagram)(struct sdr_services *services, const void **bytes, size_t length);
};

/* A TCP connection. */
struct serve_client {
	uv_poll_t poll;
	struct serve_listener *listener;
	struct serve_client *next,
		**link; /* the listener's list; link points to what points here */
	struct sdr_endpoint peer;
	int fd;
	bool closing;        /* no longer in the list */
	bool finishing;      /* everything is sent or pending; FIN follows, then `linger_until` */
	sdr_ns since, last;  /* accepted; last byte in or out */
	sdr_ns linger_until; /* SDR_NS_NONE until FIN is sent */
	uint64_t bytes_in, bytes_out;
	const char *why; /* why it was closed; static or the listener's */
	char *pending;   /* what the socket did not take; NULL mostly, reading is paused while it is
			    there */
	uint32_t pending_length, pending_sent;
};

/* A listening TCP socket or a UDP socket. */
struct serve_listener {
	uv_poll_t poll;
	struct sdr_services *services;
	struct serve_listener *next;
	uint32_t id;
	const struct serve_type *type;
	enum sdr_transport transport;
	struct sdr_endpoint local;
	bool is_public; /* wider than loopback */
	bool announced, closing;
	bool wildcard;                    /* UDP: answers must name their source address */
	struct sdr_service_limits limits; /* those in force; 0: none */
	int fd;
	unsigned handles; /* open uv handles: its own and its clients' */
	sdr_ns started;
	sdr_ns accept_again; /* accepting is paused until then; SDR_NS_NONE: it is not */
	sdr_ns complained;   /* last complaint about descriptors, SDR_NS_NONE if never */
	uint64_t served, refused, dropped, bytes_in, bytes_out;
	struct serve_client *clients;
	uint32_t client_count;
	struct guard_pace own_pace; /* of limits asked for this listener */
	struct guard_pace *pace; /* TCP: accepts; UDP: answers. `own_pace`, or what all public UDP
				    sockets share */
	struct guard_sources *sources;   /* UDP */
	char why[SERVE_WHY];             /* "" if there is nothing to add */
	char idle_why[48], life_why[48]; /* "idle for 60s", "open for 5m" */
};

/* All of them. */
struct sdr_services {
	uv_loop_t *loop;
	const struct sdr_privilege *privilege; /* borrowed */
	uv_timer_t announce;                   /* fires once after a start */
	uv_timer_t tick;                  /* runs while a client is there or accepting is paused */
	uv_timer_cb on_tick;              /* service.c's: what it does then */
	unsigned handles;                 /* open ones of services and listeners; the last frees */
	struct serve_listener *listeners; /* in order of starting */
	uint32_t last_id;
	uint64_t version;
	int descriptor_limit; /* RLIMIT_NOFILE */
	struct {
		void (*on_event)(void *, const struct sdr_service_event *);
		void *context;
	} sinks[SERVE_SINKS];
	unsigned sink_count;
	struct guard_pace
		udp_pace;       /* answers of all public UDP sockets without a limit of their own */
	int64_t event_credit;   /* events about clients that may be sent, in billionths */
	sdr_ns event_credit_at; /* when that was so */
	uint64_t muted;         /* events dropped since the last one sent */
	struct sdr_endpoint *own; /* [own_count]: UDP sockets, for the guard */
	unsigned own_count;
	uint16_t ports[8]; /* [port_count]: fallback ports of all services, for the guard */
	unsigned port_count;
	char line[SDR_DAYTIME_TEXT]; /* the time as text, made once a second */
	size_t line_length;
	int64_t line_second;
	char *buffer;              /* [SERVE_BUFFER] */
	struct serve_batch *batch; /* UDP's messages; made with the first UDP socket */
};

/* Makes an empty set of services on a loop. `privilege` is borrowed, may be NULL. NULL when out of
 * memory. */
struct sdr_services *sdr_services_new(
	struct uv_loop_s *loop, const struct sdr_privilege *privilege);

/* Closes everything without events; memory goes as the loop runs on. */
void sdr_services_free(struct sdr_services *services);

/* ---- service_event.c ---- */

/* An event's data, besides the listener. */
struct serve_notice {
	enum sdr_service_event_kind kind;
	const struct sdr_endpoint *peer; /* NULL: none */
	uint64_t bytes_in, bytes_out;
	const char *why; /* or NULL */
};

/* Notifies the sinks; events about clients are rate-limited. The listener may be closing when it
 * returns. */
void sdr_service_notify(struct serve_listener *listener, const struct serve_notice *notice);

/* ---- service_handle.c ---- */

/* Frees a listener that has no handles. */
void sdr_service_listener_free(struct serve_listener *listener);

/* Notes that one of the listener's handles has closed: the last one frees it. */
void sdr_service_handle_closed(struct serve_listener *listener);

/* Likewise of the services and all their listeners. */
void sdr_services_release(struct sdr_services *services);

/* Keeps the tick running. */
void sdr_service_tick_start(struct sdr_services *services);

/* ---- socket.c ---- */

/* Makes, binds and (TCP) listens; `bound` is what was had. EPERM EINUSE EINVAL ESYSTEM with
 * `error`. */
SDR_MUST_CHECK enum sdr_status sdr_socket_open(const struct sdr_services *services,
	const struct sdr_service_spec *spec, int *fd, struct sdr_endpoint *bound,
	struct sdr_error *error);

/* ---- stream.c ---- */

void sdr_stream_on_readable(
	uv_poll_t *poll, int status, int events); /* the listener's accept loop */
void sdr_stream_sweep(
	struct serve_listener *listener, sdr_ns now); /* closes the idle, resumes accepting */
bool sdr_stream_needs_sweep(const struct serve_listener *listener);
void sdr_stream_close_all(struct serve_listener *listener);

/* For services: sends what fits, keeps the rest; `bytes` are at most SERVE_BUFFER. */
void sdr_stream_send(struct serve_client *client, const void *bytes, size_t length);

/* For services: FIN after what was sent, then whatever comes is thrown away until the client
 * closes, for SERVE_LINGER at most. */
void sdr_stream_finish(struct serve_client *client);

/* ---- datagram.c ---- */

SDR_MUST_CHECK enum sdr_status sdr_datagram_prepare(struct serve_listener *listener);
void sdr_datagram_on_readable(uv_poll_t *poll, int status, int events);

#endif
