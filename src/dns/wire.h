/* wire.h (internal) - validates a DNS message before it is decoded: the frame, the names, and the
 * fields of each record. Pure; allocates only for the error text. RFC 1035 sec. 4.1, RFC 3597 sec.
 * 4, RFC 6891. */
#ifndef SOUNDER_DNS_WIRE_H
#define SOUNDER_DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HEADER 12 /* bytes, RFC 1035 sec. 4.1.1 */
/* Compression pointers followed for one name; c-ares has the same bound. */
#define WIRE_HOPS_MAX 50
#define WIRE_NAME_MAX 255 /* bytes of a name, RFC 1035 sec. 2.3.4 */
#define WIRE_LABEL_MAX 63
#define WIRE_MESSAGE_MAX 65535
#define WIRE_QUESTION_MAX (WIRE_NAME_MAX + 4) /* name, type, class */
#define WIRE_FAULT 240

/* The types that the code itself knows; rdata.h has all. */
enum wire_type {
	WIRE_A = 1,
	WIRE_NS = 2,
	WIRE_CNAME = 5,
	WIRE_SOA = 6,
	WIRE_PTR = 12,
	WIRE_AAAA = 28,
	WIRE_OPT = 41,
	WIRE_TKEY = 249,
	WIRE_TSIG = 250,
	WIRE_ANY = 255,
};
enum wire_class { WIRE_IN = 1, WIRE_CLASS_ANY = 255 };

/* A resource record's place in a message. */
struct wire_record {
	size_t start;    /* of the owner name */
	size_t data;     /* of the RDATA */
	uint16_t type;   /* host byte order */
	uint16_t klass;  /* host byte order */
	uint32_t ttl;    /* seconds, as it came */
	uint16_t length; /* of the RDATA, bytes; lies within the message */
};

/* A message, or a record's RDATA in one, being walked. Names in it may point back to what is before
 * `at`. */
struct wire {
	const uint8_t *bytes; /* [length], borrowed */
	size_t length;
	size_t at; /* the next byte to read */
};

/* What is wrong with a message, for a person: "record 2 of the answer section, x.test. CAA: an
 * empty tag". Printable ASCII. */
struct wire_fault {
	char text[WIRE_FAULT];
};

/* What was asked, so that the answer can be held against it. */
struct wire_asked {
	const uint8_t *question; /* [length] name, type and class as they were sent; NULL: any
				    question will do */
	size_t length;
	int id;   /* -1: any */
	bool tcp; /* the answer came over a stream: it can't be truncated */
};

/* Returns whether a message is a whole and well-formed answer to what was asked (with an error
 * rcode it may lack the question); if not, `fault` has the reason. `asked` NULL: any question. */
bool sdr_wire_check(const uint8_t *bytes, size_t length, const struct wire_asked *asked,
	struct wire_fault *fault);

uint16_t sdr_wire_u16(const uint8_t *bytes);
uint32_t sdr_wire_u32(const uint8_t *bytes);

/* Moves past a name, following its pointers to check them. Returns NULL, or what is wrong: past the
 * end, over 255 bytes, over 50 pointers, one that does not point back, or a reserved label type. */
const char *sdr_wire_name(struct wire *wire);

/* The same, where no pointer is allowed. */
const char *sdr_wire_name_plain(struct wire *wire);

/* Moves past the question section of `count` entries. Returns NULL or what is wrong. */
const char *sdr_wire_questions(struct wire *wire, unsigned count);

/* Moves past a record's frame and returns where its parts are; its RDATA is not checked. Returns
 * NULL or what is wrong. */
const char *sdr_wire_record(struct wire *wire, struct wire_record *record);

/* Returns whether two good names are one: label by label, without regard to the case of ASCII
 * letters. RFC 4343. */
bool sdr_wire_name_same(const uint8_t *a, size_t a_at, const uint8_t *b, size_t b_at);

/* Returns whether the first of two good names is the second, or an ancestor of it. */
bool sdr_wire_name_holds(
	const uint8_t *ancestor, size_t ancestor_at, const uint8_t *name, size_t name_at);

/* Reads a name in presentation form (RFC 1035 sec. 5.1: \DDD and \X; a dot at the end is implied)
 * into its wire form. Returns its length, 0 for what is no name: an empty label, one over 63 bytes,
 * over 255 in all, a bad escape. */
size_t sdr_wire_name_parse(uint8_t out[static WIRE_NAME_MAX], const char *text);

#endif
