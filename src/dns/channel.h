/* channel.h (internal) - c-ares on the loop: one channel for one server and one transport. */
#ifndef SOUNDER_DNS_CHANNEL_H
#define SOUNDER_DNS_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"

struct uv_loop_s;
struct sdr_channel;

/* How a question sent through a channel ended. */
enum sdr_channel_end {
	SDR_CHANNEL_ANSWER,  /* an answer to it came, whatever its rcode; truncated or not */
	SDR_CHANNEL_REFUSED, /* the port is closed, or there is no route: `error` */
	SDR_CHANNEL_HUNG_UP, /* the server ended the TCP connection without an answer */
	SDR_CHANNEL_TIMEOUT, /* c-ares gave up waiting */
	SDR_CHANNEL_CLOSED,  /* the channel was freed */
	SDR_CHANNEL_LOCAL,   /* out of memory or the like */
};

struct sdr_channel_result {
	enum sdr_channel_end end;
	int error;            /* REFUSED, HUNG_UP: errno, 0 where no system call failed */
	const uint8_t *bytes; /* [length], valid during the call */
	size_t length;
};

/* May come before sdr_channel_send returns. Must not free the channel. */
typedef void sdr_channel_done(void *context, const struct sdr_channel_result *result);

/* NULL when out of memory. */
struct sdr_channel *sdr_channel_new(
	struct uv_loop_s *loop, const struct sdr_endpoint *server, bool tcp);

/* Ends all pending questions with CLOSED, then frees the channel; its handles close as the loop
 * runs. Never from a done callback. NULL is allowed. */
void sdr_channel_free(struct sdr_channel *channel);

/* Sends a question's wire form. `done` comes exactly once. */
void sdr_channel_send(struct sdr_channel *channel, const uint8_t *wire, size_t length,
	sdr_channel_done *done, void *context);

/* How many datagrams came that answered no question: forged, or of another one. By TCP 0. */
uint64_t sdr_channel_rejected(const struct sdr_channel *channel);

#endif
