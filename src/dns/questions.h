/* questions.h (internal) - several types of one name asked at once, with the search list, the
 * answers decoded and classified. */
#ifndef SOUNDER_DNS_QUESTIONS_H
#define SOUNDER_DNS_QUESTIONS_H

#include "dns/exchange.h"
#include "dns/message.h"
#include "dns/resolvconf.h"

#define SDR_QUESTIONS_TYPES 16
#define SDR_QUESTIONS_NAMES (SDR_RESOLVCONF_SEARCH + 1)
#define SDR_QUESTIONS_WHY 240

struct sdr_questions;

/* The result of one type. */
struct sdr_reply {
	uint16_t type;
	enum sdr_outcome outcome;
	char why[SDR_QUESTIONS_WHY]; /* a sentence in addition to the outcome; empty if there is
					nothing to add */
	int rcode;                   /* -1: no answer, or none that could be read */
	struct sdr_message *message; /* NULL likewise; owned by the questions */
	struct sdr_chain chain;      /* where the CNAMEs of `message` lead */
	struct sdr_endpoint server;  /* the server that answered, or was asked first; version 0:
					none */
	sdr_ns elapsed; /* with an answer: of the try that brought it; else of all tries */
	unsigned tries;
	bool tcp, truncated, plain; /* as in sdr_exchange_result */
	uint64_t rejected; /* datagrams of its servers meanwhile that answered no question: forged,
			      or of another */
	sdr_ns waited;     /* with an answer: from the first try's beginning to the end, but for
				`elapsed`; else 0 */
	bool not_waited_for; /* given up while a try was open, since another type had its answer:
				`settle` */
	struct sdr_attempt *attempts; /* [attempt_count] every try, in the order they began; owned
					 by the questions */
	unsigned attempt_count;
};

/* Valid during the callback. */
struct sdr_questions_result {
	const char *name;                /* the name of these answers, in presentation form */
	unsigned names_tried;            /* with this one */
	unsigned count;                  /* of `replies` */
	const struct sdr_reply *replies; /* [count], in the order of the types */
	const struct sdr_reply
		*deciding; /* the one that decides the outcome: the first OK, else the most
			      informative */
	sdr_ns elapsed;    /* the longest of the tries that answered; without an answer that of all
			     tries */
	sdr_ns waited;     /* waiting time outside of that, over all tries, names and types */
	const struct sdr_attempt *attempts; /* [attempt_count] all tries of all names and types, in
					       the order they began */
	unsigned attempt_count;             /* SDR_ATTEMPTS_MAX at most */
};

struct sdr_questions_spec {
	const char (*names)[SDR_MESSAGE_NAME]; /* [name_count] candidates, in order; copied */
	unsigned name_count;                   /* 1..SDR_QUESTIONS_NAMES */
	const uint16_t *types;                 /* [type_count]; copied */
	unsigned type_count;                   /* 1..SDR_QUESTIONS_TYPES */
	const struct sdr_endpoint *server;     /* copied; NULL: the system's */
	sdr_ns timeout, budget; /* per try, and in all; 0: as sdr_exchange_spec has it */
	sdr_ns settle; /* wait so long for the other types once one has its answer; 0: until they
			  end */
	uint8_t tries; /* 0: 2 */
	bool tcp;
	bool authentic; /* as sdr_exchange_spec has it */
	struct sdr_manner manner;
	void (*done)(void *context,
		const struct sdr_questions_result
			*result); /* once, from the loop, never before start returns */
	void *context;
};

/* EINVAL: a name can't be asked for; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_questions_start(struct sdr_servers *servers,
	const struct sdr_questions_spec *spec, struct sdr_questions **questions);

/* Returns the reply that decides the outcome: the first OK, else the most informative. */
const struct sdr_reply *sdr_replies_deciding(const struct sdr_reply replies[], unsigned count);

/* Returns how many seconds the answers may be kept: the least over the types that ended as the
 * whole did, each with its chain of CNAMEs: absence has its time, too. -1: unknown. RFC 2308 */
int64_t sdr_questions_ttl(const struct sdr_questions_result *result);

/* Gives it up: `done` does not come. */
void sdr_questions_cancel(struct sdr_questions *questions);

#endif
