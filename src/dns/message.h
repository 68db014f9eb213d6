/* message.h (internal) - DNS messages as values: an answer's header and records in presentation
 * form, and the wire form of a question. Pure: no socket, no clock. RFC 1035, RFC 6891, RFC 3597,
 * RFC 8914. */
#ifndef SOUNDER_DNS_MESSAGE_H
#define SOUNDER_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/edns.h"
#include "sounder/status.h"

/* A name in presentation form, all its bytes escaped as \DDD, and its NUL. */
#define SDR_MESSAGE_NAME 1025
#define SDR_MESSAGE_QUESTION 360 /* header, the longest name, type and class, OPT, its options */
#define SDR_MESSAGE_WORD 24      /* a type or rcode as text */
#define SDR_MESSAGE_CHAIN 16     /* CNAMEs followed */
#define SDR_MESSAGE_RECORDS 4096 /* decoded at most; the rest is only counted */

enum sdr_section { SDR_SECTION_ANSWER, SDR_SECTION_AUTHORITY, SDR_SECTION_ADDITIONAL };

/* A resource record; text in presentation form (RFC 1035 sec. 5.1, RFC 3597 sec. 5), printable
 * ASCII, as a zone file has it. */
struct sdr_record {
	enum sdr_section section;
	uint16_t type;            /* number */
	uint32_t ttl;             /* seconds; 2^31 and above count as 0 (RFC 2181 sec. 8) */
	const char *name;         /* owner, with its trailing dot */
	const char *klass;        /* "IN" */
	const char *type_text;    /* "AAAA", "TYPE65281" */
	const char *data;         /* "10 mx.example." */
	struct sdr_addr addr;     /* of A and AAAA, else none */
	char *line;               /* owned: holds the text */
	size_t owner_at, data_at; /* offsets of owner and RDATA in the message's `wire` */
	uint16_t data_length;
};

/* A decoded answer. */
struct sdr_message {
	uint16_t id;
	int rcode; /* 0..4095, with EDNS's high bits */
	bool authoritative, truncated, recursion_desired, recursion_available, authentic,
		checking_disabled;
	struct sdr_edns edns;       /* its OPT record (not among `records`) */
	unsigned count;             /* of `records` */
	unsigned omitted;           /* records past SDR_MESSAGE_RECORDS; checked as well */
	struct sdr_record *records; /* [count], in the order of the message; owned */
	uint8_t *wire;              /* the message as it came, owned */
};

/* What a message has to be the answer to. */
struct sdr_message_asked {
	const char *name; /* presentation form */
	uint16_t type;
	bool tcp; /* it came over a stream */
	/* What the question had by EDNS, and the answer must repeat where it has any of it; NULL:
	 * nothing. */
	const uint8_t *cookie;           /* [SDR_COOKIE_CLIENT]; RFC 7873 sec. 5.3 */
	const struct sdr_prefix *subnet; /* RFC 7871 sec. 7.3 */
};

/* Checks a message on the wire, then decodes it. `asked` NULL: any question will do. EMALFORMED:
 * `why` has the reason and the record; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_message_decode(const uint8_t *wire, size_t length,
	const struct sdr_message_asked *asked, struct sdr_message **message, struct sdr_error *why);
void sdr_message_free(struct sdr_message *message); /* NULL is allowed */

/* Where an answer's chain of CNAMEs leads, and what is there. */
struct sdr_chain {
	const char *end;  /* the last name, borrowed from the message (or the name asked) */
	unsigned steps;   /* CNAMEs followed */
	bool loop;        /* it returns to an earlier name */
	bool too_long;    /* more than SDR_MESSAGE_CHAIN */
	unsigned records; /* records of the type asked at `end`; 0 for a loop or a chain too long */
	const char
		*names[SDR_MESSAGE_CHAIN + 1]; /* [steps] names before `end`, beginning with the one
						  asked */
	/* Seconds that this may be kept: the least of CNAMEs and records; where there are none, of
	 * CNAMEs, SOA and its MINIMUM (RFC 2308 sec. 5); -1: unknown. */
	int64_t ttl;
	bool unknown; /* none in the answer, but there may be some: a referral, or an alias the
			 server did not follow */
	const struct sdr_record *referral; /* then the first NS record of the referral; NULL if
					      there is none */
	size_t ends[SDR_MESSAGE_CHAIN +
		1]; /* where these names stand in `wire`, `end` at [steps]; 0: it is `asked` */
	uint8_t asked[255]; /* the name asked, on the wire */
};

/* Follows the CNAMEs of the answer section from `name`. Names are compared label by label, without
 * regard to case (RFC 4343). */
void sdr_message_chain(const struct sdr_message *message, const char *name, uint16_t type,
	struct sdr_chain *chain);

/* Iterates over the records that answer: of the type asked at the chain's end (all, for ANY).
 * `previous` NULL: the first. NULL past the last. */
const struct sdr_record *sdr_message_next(const struct sdr_message *message,
	const struct sdr_chain *chain, uint16_t type, const struct sdr_record *previous);

/* What to ask. */
struct sdr_message_question {
	const char *name; /* presentation form; a trailing dot is implied */
	uint16_t type;
	uint16_t id;
	bool edns;                       /* with an OPT record */
	bool authentic;                  /* with AD set: RFC 6840 sec. 5.7 */
	const struct sdr_manner *manner; /* how it is put; NULL: the usual way */
	const uint8_t *cookie; /* [cookie_length], with manner->cookie: what goes into the option */
	size_t cookie_length;
};

/* Writes a question's wire form, class IN. Returns its length, 0 for a name that can't be
 * asked. */
size_t sdr_message_encode(
	uint8_t out[static SDR_MESSAGE_QUESTION], const struct sdr_message_question *question);

/* Reads a type's name ("mx", "TYPE65"). EINVAL: no such type, or one that can't be queried (OPT,
 * AXFR, ...); `error` suggests what would be right. */
SDR_MUST_CHECK enum sdr_status sdr_message_type_parse(
	const char *word, uint16_t *type, struct sdr_error *error);
const char *sdr_message_type_format(char out[static SDR_MESSAGE_WORD], uint16_t type);
const char *sdr_message_rcode_format(
	char out[static SDR_MESSAGE_WORD], int rcode); /* "NOERROR", "RCODE1234" */

/* Writes the name under which an address's PTR records are found: 1.0.0.127.in-addr.arpa. (RFC 1035
 * sec. 3.5, RFC 3596 sec. 2.5) */
void sdr_message_reverse(char out[static SDR_HOST_TEXT], const struct sdr_addr *addr);

/* Writes a typed name as it is asked for: letters beyond ASCII become A-labels (IDNA 2008). EINVAL
 * with `error`: empty, too long, a label over 63 bytes, no valid IDN. */
SDR_MUST_CHECK enum sdr_status sdr_message_name(
	char out[static SDR_MESSAGE_NAME], const char *typed, struct sdr_error *error);

#endif
