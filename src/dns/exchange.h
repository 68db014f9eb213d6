/* exchange.h (internal) - one question put to one or more servers in turn until one answers it.
 * Every try is kept. */
#ifndef SOUNDER_DNS_EXCHANGE_H
#define SOUNDER_DNS_EXCHANGE_H

#include "dns/message.h"
#include "dns/server.h"
#include "sounder/attempt.h"

struct sdr_exchange;
struct sdr_reply;

#define SDR_EXCHANGE_TIMEOUT (2 * SDR_SECOND) /* per try */
#define SDR_EXCHANGE_TRIES 2                  /* per server */

/* How a try ended, or all of them together. */
enum sdr_exchange_end {
	SDR_EXCHANGE_ANSWER,      /* bytes[length] hold an answer, perhaps SERVFAIL and the like */
	SDR_EXCHANGE_TIMEOUT_END, /* no server answered in time */
	SDR_EXCHANGE_CLOSED,      /* every server's port is closed */
	SDR_EXCHANGE_HUNG_UP,     /* the server ended the TCP connection without an answer */
	SDR_EXCHANGE_NO_SERVER,   /* none is configured, nor is there one on this host, which libc
				     asks then */
	SDR_EXCHANGE_NO_ROUTE,    /* no server can be reached from this host: `error` */
	SDR_EXCHANGE_BROKEN,      /* out of memory or the like */
};

/* The input of sdr_reply_classify. */
struct sdr_exchange_result {
	enum sdr_exchange_end end;
	const uint8_t *bytes; /* [length], valid during the call */
	size_t length;
	struct sdr_endpoint
		server;   /* the server that answered, else the first that was asked; version 0:
			     none */
	unsigned servers; /* asked */
	unsigned tries;   /* questions sent, over all servers */
	sdr_ns elapsed;   /* of the try that answered; without an answer of all tries */
	bool tcp;         /* the answer came by TCP */
	bool truncated;   /* a UDP answer was cut, so TCP was tried */
	bool plain;       /* asked without EDNS, which the server had refused */
	int error;        /* NO_ROUTE, HUNG_UP: errno */
	/* What the question had, see struct sdr_message_asked; NULL: nothing. */
	const struct sdr_manner *manner;
	const uint8_t *cookie;
};

struct sdr_exchange_spec {
	const char
		*name; /* borrowed as long as the exchange, and the reply, which may point to it */
	uint16_t type;
	const struct sdr_endpoint *server; /* copied; NULL: the system's */
	sdr_ns since;   /* the attempts' `began` counts from here; 0: from the start */
	sdr_ns timeout; /* per try; 0: 2 s */
	sdr_ns budget;  /* in all; 0: tries * servers * timeout */
	uint8_t tries;  /* per server; 0: 2 */
	bool tcp;
	bool authentic; /* the question sets AD: we understand it (resolv.conf's trust-ad; RFC 6840
			   sec. 5.7) */
	struct sdr_manner manner;
	/* Once, from the loop, never before start returns. `reply` is the best reply; the callee
	 * takes what it owns. */
	void (*done)(void *context, struct sdr_reply *reply);
	void *context;
};

/* EINVAL: the name can't be asked for; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_exchange_start(struct sdr_servers *servers,
	const struct sdr_exchange_spec *spec, struct sdr_exchange **exchange);

/* Gives it up: `done` does not come. */
void sdr_exchange_cancel(struct sdr_exchange *exchange);

/* The same, and returns what came so far: tries that have not ended are `open`. */
void sdr_exchange_leave(struct sdr_exchange *exchange, struct sdr_reply *reply);

#endif
