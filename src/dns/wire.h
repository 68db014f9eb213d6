/* wire.h (internal) - is a DNS message whole? A walk over its frame before any decoder sees it. RFC 1035 sec. 4.1, 4.1.4. */
#ifndef SOUNDER_DNS_WIRE_H
#define SOUNDER_DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HEADER 12    /* bytes, RFC 1035 sec. 4.1.1 */
#define WIRE_HOPS_MAX 50  /* compression pointers followed for one name; c-ares has the same bound */
#define WIRE_NAME_MAX 255 /* bytes of a name, RFC 1035 sec. 2.3.4 */
#define WIRE_MESSAGE_MAX 65535

/* A resource record's place in a message. */
struct wire_record {
	size_t start;    /* of the owner name */
	size_t data;     /* of the RDATA */
	uint16_t type;   /* host byte order */
	uint16_t klass;  /* host byte order */
	uint32_t ttl;    /* seconds */
	uint16_t length; /* of the RDATA, bytes; lies within the message */
};

/* A message being walked. */
struct wire {
	const uint8_t *bytes; /* [length], borrowed */
	size_t length;
	size_t at; /* the next byte to read */
};

uint16_t sdr_wire_u16(const uint8_t *bytes);

/* Moves past a name, following its pointers to check them. False: past the end, over 255 bytes, over 50 pointers, or a reserved label type. */
bool sdr_wire_name(struct wire *wire);

/* Moves past the question section of `count` entries. */
bool sdr_wire_questions(struct wire *wire, unsigned count);

/* Moves past a record and says where its parts lie; names inside the RDATA of known types are checked too. */
bool sdr_wire_record(struct wire *wire, struct wire_record *record);

#endif
