/* exchange.h (internal) - one question put to one or more servers until one answers. */
#ifndef SOUNDER_DNS_EXCHANGE_H
#define SOUNDER_DNS_EXCHANGE_H

#include "dns/message.h"
#include "dns/server.h"

struct sdr_exchange;

#define SDR_EXCHANGE_TIMEOUT (2 * SDR_SECOND) /* per try */
#define SDR_EXCHANGE_TRIES 2                  /* per server */

/* How it ended. */
enum sdr_exchange_end {
	SDR_EXCHANGE_ANSWER,      /* bytes[length] hold an answer, not truncated; perhaps SERVFAIL and the like */
	SDR_EXCHANGE_TIMEOUT_END, /* nobody answered in time */
	SDR_EXCHANGE_CLOSED,      /* every server's port is closed */
	SDR_EXCHANGE_MALFORMED,   /* what came could not be read */
	SDR_EXCHANGE_NO_SERVER,   /* none is configured */
	SDR_EXCHANGE_NO_ROUTE,    /* no server can be reached from this host: `error` */
	SDR_EXCHANGE_BROKEN,      /* out of memory or the like */
};

struct sdr_exchange_result {
	enum sdr_exchange_end end;
	const uint8_t *bytes; /* [length], valid during the callback */
	size_t length;
	struct sdr_endpoint server; /* who answered, else the first that was asked; version 0: nobody */
	unsigned servers;           /* asked */
	unsigned tries;             /* questions sent, over all servers */
	sdr_ns elapsed;             /* first question sent to the end */
	bool tcp;                   /* the answer came by TCP */
	bool truncated;             /* a UDP answer was cut, so TCP was tried */
	bool plain;                 /* asked without EDNS, which the server had refused */
	int error;                  /* NO_ROUTE: errno of connect */
};

struct sdr_exchange_spec {
	const char *name; /* copied */
	uint16_t type;
	const struct sdr_endpoint *server; /* copied; NULL: the system's */
	sdr_ns timeout;                    /* per try; 0: 2 s */
	sdr_ns budget;                     /* in all; 0: tries * servers * timeout */
	uint8_t tries;                     /* per server; 0: 2 */
	bool tcp;
	void (*done)(void *context, const struct sdr_exchange_result *result); /* once, from the loop, never before start returns */
	void *context;
};

/* EINVAL: the name can't be asked for; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_exchange_start(
	struct sdr_servers *servers, const struct sdr_exchange_spec *spec, struct sdr_exchange **exchange);

/* Gives it up: `done` does not come. */
void sdr_exchange_cancel(struct sdr_exchange *exchange);

#endif
