/* connection.h - one connected socket per probe, TCP or UDP, non-blocking on the loop, with a
 * deadline: what tcp, echo and daytime share. By TCP it connects to the first of the name's
 * addresses that answers (net/dial.h); by UDP the next is tried where one can't be reached
 * (connection_udp.h). */
#ifndef SOUNDER_PROBE_CONNECTION_H
#define SOUNDER_PROBE_CONNECTION_H

#include <uv.h>

#include "net/dial.h"
#include "net/dial_error.h"
#include "probe/probe_type.h"
#include "sounder/attempt.h"

#define CONNECTION_BUFFER 65536
/* The kernel reports after 3.07 s that a neighbour did not answer. */
#define CONNECTION_TIMEOUT (4 * SDR_SECOND)

struct connector;

/* One probe in flight. A type's own record begins with it. */
struct connection {
	struct connector *connector;
	struct connection *next, *previous; /* those in flight; `next` also of the spare ones */
	const struct sdr_target *target;    /* borrowed until stop */
	struct sdr_dial *race;              /* TCP, while it connects; else NULL */
	uv_poll_t poll;
	uv_timer_t deadline;
	unsigned handles; /* open uv handles */
	int fd;           /* -1: none yet, or it failed */
	bool udp, connected;
	bool ended;  /* its result is reported, or no longer needed */
	bool failed; /* UDP: from the start, reported in the next iteration, by the next two */
	enum sdr_fault_stage stage; /* where `number` came */
	int number;                 /* errno of that */
	uint64_t sequence;
	sdr_ns sent;         /* when the probe began */
	sdr_ns connect_time; /* TCP: what the handshake took; SDR_NS_NONE until then */
	sdr_ns waited; /* the attempts before it, at addresses that did not answer; the same; UDP:
			  only if there were any */
	sdr_wall when;
	const char *error_name;   /* "ECONNREFUSED", or NULL */
	struct sdr_endpoint peer; /* connected to; version 0 until then */
	struct sdr_addr router;   /* who sent the ICMP error that ended it; version 0: none did */
	struct sdr_attempt one;   /* what `attempts` is where there was one */
	struct sdr_attempt *attempts; /* [attempt_count]; owned where not `one`; NULL before the
					 first has ended */
	unsigned attempt_count, winner;
	unsigned address_count;         /* that may be tried */
	char (*words)[SDR_FAULT_WORDS]; /* [address_count] UDP to several: why each failed; owned;
					   else NULL */
	bool moving;                    /* UDP: between two addresses */
	uint16_t local_port;            /* ours; 0 until connected */
	char why[SDR_FAULT_WORDS];      /* for words about this very probe */
	bool warned;                    /* `warning` is in the words about this probe */
	char *warning; /* which addresses are dead where another one answered; owned; NULL or "":
			  none */
};

/* A type's verbs. Each may end the connection; then nothing of it may be touched. */
struct connection_verbs {
	size_t size;  /* of the type's record; its bytes beyond `struct connection` start as 0 */
	bool may_udp; /* where the spec asks for it; else TCP */
	void (*on_open)(struct connection *connection,
		sdr_ns now); /* connected, or the UDP socket is ready: begin */
	void (*on_ready)(struct connection *connection, int events,
		sdr_ns now); /* UV_READABLE, UV_WRITABLE as watched */
	void (*on_error)(struct connection *connection,
		int number); /* the socket failed; NULL: sdr_connection_fail */
	void (*on_deadline)(struct connection *connection); /* NULL: a time-out */
	/* Fills in the type's values, all unknown so far, whatever the outcome; may be NULL. */
	void (*fill)(const struct connection *connection, struct sdr_value *values);
	unsigned fields; /* where those of SDR_CONNECTION_FIELD_ROWS begin, its last */
};

/* For the type's own `open`. Keeps `verbs`. */
SDR_MUST_CHECK enum sdr_status sdr_connection_open(
	struct probe_env *env, const struct connection_verbs *verbs, struct connector **connector);

/* Verbs of struct probe_type, as they stand; `shared` is the connector. */
void sdr_connection_close(void *shared);
enum sdr_status sdr_connection_start(
	void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now);
void sdr_connection_stop(void *shared, const struct sdr_target *target);

/* Watches for UV_READABLE, UV_WRITABLE or both. */
void sdr_connection_watch(struct connection *connection, int events);

/* Moves the deadline closer. */
void sdr_connection_hurry(struct connection *connection, sdr_ns timeout);

/* Reads once, what fits into bytes[size]. Returns how many came, 0 at the stream's end, or -1:
 * nothing is there yet, or the connection has failed and is ended. */
ssize_t sdr_connection_read(struct connection *connection, void *bytes, size_t size);

/* Room that all connections share: its content holds until the callback returns. */
unsigned char *sdr_connection_buffer(const struct connection *connection);

/* Returns a secret of this run, to make payloads that can't be guessed. */
uint64_t sdr_connection_secret(const struct connection *connection);

/* Returns `why` (which may be NULL) with the dead addresses added. For a type that also shows them
 * in its detail; else sdr_connection_end does it. */
const char *sdr_connection_why(struct connection *connection, const char *why);

/* Ends the connection with its one result: outcome, rtt, why and detail are those of `result`; the
 * rest is filled in here. */
void sdr_connection_end(struct connection *connection, struct sdr_result *result);

/* Ends it with the outcome of an errno. */
void sdr_connection_fail(struct connection *connection, int number);

/* The end of a type's `public`, and of the type. */
#define SDR_CONNECTION_PUBLIC \
	.panel = "ping", .by_address = true, .by_names = true, .default_interval = SDR_SECOND, \
	.default_timeout = CONNECTION_TIMEOUT
#define SDR_CONNECTION_VERBS \
	.close = sdr_connection_close, .start = sdr_connection_start, .stop = sdr_connection_stop

/* The field of a type to which the handshake is not all, and its value. */
#define SDR_CONNECTION_CONNECT_ROW \
	{ \
		"connect_seconds", "Connect", "ms", "what the TCP handshake took", \
			SDR_FIELD_DURATION \
	}
struct sdr_value sdr_connection_connect(const struct connection *connection);

/* Fields that all types have, in the order of their places from `first` on. */
#define SDR_CONNECTION_FIELDS 5
#define SDR_CONNECTION_FIELD_ROWS(first) \
	[(first)] = {"waited_seconds", "Waited", "ms", \
		"what went before the handshake, at addresses that did not answer", \
		SDR_FIELD_DURATION}, \
	[(first) + 1] = {"errno", "Error", NULL, "the system's name of what went wrong", \
		SDR_FIELD_TEXT}, \
	[(first) + 2] = {"icmp_type", "Type", NULL, "type of the ICMP error", SDR_FIELD_INTEGER}, \
	[(first) + 3] = {"icmp_code", "Code", NULL, "code of the ICMP error", SDR_FIELD_INTEGER}, \
	[(first) + 4] = {"router", "Router", NULL, "who sent the ICMP error", SDR_FIELD_ADDRESS}

#endif
