/* exchange_try.h (internal) - an exchange's state, and one try of it: put to a server, noted,
 * forgotten. Shared by exchange.c and exchange_try.c. */
#ifndef SOUNDER_DNS_EXCHANGE_TRY_H
#define SOUNDER_DNS_EXCHANGE_TRY_H

#include <uv.h>

#include "dns/questions.h"

/* One try: the question to one server, by one transport, with or without EDNS. */
struct asked {
	struct asked *next;
	struct sdr_exchange
		*exchange; /* NULL once it is abandoned: then freed when c-ares calls back */
	unsigned attempt;  /* its index in the exchange's attempts */
	unsigned server;   /* its index in the exchange's servers */
	bool tcp, plain;
	bool cookie;  /* it was sent along */
	bool arrived; /* it has ended with `result`; not yet handled */
	bool let_go;  /* c-ares called back */
	sdr_ns sent_at, arrived_at;
	struct sdr_channel_result result; /* its bytes: owned */
};

/* What is known of a server in this exchange. */
struct standing {
	struct sdr_server *server; /* referred to */
	unsigned left;             /* tries, except those by TCP or without EDNS */
	bool over;     /* it gave a final answer, or can't be reached: not asked again */
	bool servfail; /* that was SERVFAIL with EDNS, which some answer to what they don't know:
			  may be asked once without */
	uint64_t rejected; /* what it had counted as rejected when the exchange began */
};

struct sdr_exchange {
	uv_timer_t timer;
	void (*due)(
		struct sdr_exchange *exchange); /* has the timer run at the next loop iteration */
	struct sdr_place place;
	struct sdr_exchange_spec spec; /* server: unused */
	struct standing servers[SDR_SERVERS_MAX];
	unsigned count, at;    /* of `servers`; the current one */
	struct asked *asked;   /* all tries that may still be answered, the latest first */
	struct asked *current; /* the one that is waited for, or NULL */
	bool tcp, plain;       /* how the next one is put */
	bool again;            /* the same server by other means: does not count as a round */
	bool truncated;        /* a UDP answer was */
	bool broken;           /* a try could not be begun */
	bool edns_refused;     /* by the current server */
	unsigned bad_cookies;  /* answers that our cookie is bad, of the current server */
	bool assumed;          /* no server is configured: this host's own is asked, as libc does */
	sdr_ns started;        /* when the first was sent; 0: none was */
	sdr_ns deadline;       /* of `current` */
	unsigned tries;
	struct sdr_reply
		best; /* returned if nothing better comes; .server version 0: nothing yet */
	enum sdr_exchange_end best_end;
	int best_error;
	sdr_ns best_at;
	struct sdr_attempt *attempts; /* [attempt_count], owned */
	unsigned attempt_count, attempt_room;
};

/* Makes a try of the current server, with an open entry among the attempts and its question in wire
 * form. NULL when out of memory. */
struct asked *exchange_try(
	struct sdr_exchange *exchange, uint8_t wire[static SDR_MESSAGE_QUESTION], size_t *length);

/* What a try ended with, as sdr_reply_classify takes it. */
struct sdr_exchange_result exchange_try_result(
	struct sdr_exchange *exchange, const struct asked *asked);

/* Writes how a try ended into its entry and the server's counters. The wait for it is this
 * server's, and no other's. */
void exchange_try_end(struct sdr_exchange *exchange, const struct asked *asked,
	const struct sdr_exchange_result *result, const struct sdr_reply *reply);

/* Takes a try off the list; c-ares may still have it. */
void exchange_forget(struct sdr_exchange *exchange, struct asked *asked);

/* What c-ares and the server call: each notes what came and has the timer run. */
void exchange_on_answer(void *context, const struct sdr_channel_result *result);
void exchange_on_ready(struct sdr_place *place);
void exchange_on_refused(struct sdr_place *place);

#endif
