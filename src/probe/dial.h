/* dial.h - one connected socket per probe, TCP or UDP, non-blocking on the loop, with a deadline: what tcp, echo and daytime share. */
#ifndef SOUNDER_PROBE_DIAL_H
#define SOUNDER_PROBE_DIAL_H

#include <uv.h>

#include "probe/probe.h"

#define DIAL_BUFFER 65536
#define DIAL_TIMEOUT (3 * SDR_SECOND)

struct dialer;

/* One probe under way. A type's own record begins with it. */
struct dial {
	struct dialer *dialer;
	struct dial *next, *previous;    /* those under way; `next` also of the spare ones */
	const struct sdr_target *target; /* borrowed until stop */
	uv_poll_t poll;
	uv_timer_t deadline;
	unsigned handles; /* open uv handles */
	int fd;           /* -1 if none could be had */
	int failure;      /* errno of the start, told on the next turn; 0 */
	bool udp, connected;
	uint64_t sequence;
	sdr_ns sent;         /* when the probe began */
	sdr_ns connect_time; /* TCP: what the handshake took; SDR_NS_NONE until then */
	sdr_wall when;
	const char *error_name; /* "ECONNREFUSED", or NULL */
	uint16_t local_port;    /* ours; 0 until connected */
	char why[128];          /* for words about this very probe */
};

/* A type's verbs. Each may end the dial; then nothing of it may be touched. */
struct dial_verbs {
	size_t size;                                                 /* of the type's record; its bytes beyond `struct dial` start as 0 */
	bool (*is_udp)(const struct sdr_target *target);             /* NULL: TCP */
	void (*on_open)(struct dial *dial, sdr_ns now);              /* connected, or the UDP socket is ready: begin */
	void (*on_ready)(struct dial *dial, int events, sdr_ns now); /* UV_READABLE, UV_WRITABLE as watched */
	void (*on_error)(struct dial *dial, int number);             /* the socket failed; NULL: sdr_dial_fail */
	void (*on_deadline)(struct dial *dial);                      /* NULL: a time-out */
	void (*fill)(const struct dial *dial, struct sdr_result *result); /* the type's values, whatever the outcome; may be NULL */
};

/* For the type's own `open`. Keeps `verbs`. */
SDR_MUST_CHECK enum sdr_status sdr_dial_open(struct probe_env *env, const struct dial_verbs *verbs, struct dialer **dialer);

/* Verbs of struct probe_type, as they stand; `shared` is the dialer. */
void sdr_dial_close(void *shared);
enum sdr_status sdr_dial_start(void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now);
void sdr_dial_stop(void *shared, const struct sdr_target *target);

/* Watches for UV_READABLE, UV_WRITABLE or both. */
void sdr_dial_watch(struct dial *dial, int events);

/* Moves the deadline closer. */
void sdr_dial_hurry(struct dial *dial, sdr_ns timeout);

/* Room that all dials share: its content holds until the callback returns. */
unsigned char *sdr_dial_buffer(const struct dial *dial);

/* Returns a secret of this run, to make payloads nobody can guess. */
uint64_t sdr_dial_secret(const struct dial *dial);

/* Ends the dial with its one result: outcome, rtt, why and detail are those of `result`; the rest is filled in here. */
void sdr_dial_end(struct dial *dial, struct sdr_result *result);

/* Ends it with the outcome that an errno stands for. */
void sdr_dial_fail(struct dial *dial, int number);

/* Returns the outcome of an errno and, where there is more to say, a few words. `starting`: no packet has left yet, so the fault is ours. */
enum sdr_outcome sdr_dial_outcome(int number, bool starting, bool udp, const char **why);

#endif
