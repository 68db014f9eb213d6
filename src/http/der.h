/* der.h (internal) - a reader of DER: one element after the other, none longer than what holds it.
 * X.690. */
#ifndef SOUNDER_HTTP_DER_H
#define SOUNDER_HTTP_DER_H

#include <stdbool.h>
#include <stddef.h>

/* What is left to read. */
struct sdr_der {
	const unsigned char *at, *end;
};

enum {
	SDR_DER_BOOLEAN = 0x01,
	SDR_DER_INTEGER = 0x02,
	SDR_DER_BITS = 0x03,
	SDR_DER_OCTETS = 0x04,
	SDR_DER_OID = 0x06,
	SDR_DER_BMP = 0x1e,
	SDR_DER_UTC_TIME = 0x17,
	SDR_DER_TIME = 0x18,
	SDR_DER_SEQUENCE = 0x30,
	SDR_DER_SET = 0x31,
	SDR_DER_CONTEXT = 0x80, /* plus the number; 0xa0: constructed */
};

/* Takes the next element: its tag, and its content as a reader of its own. False at the end and
 * where the length is wrong. */
bool sdr_der_next(struct sdr_der *from, unsigned *tag, struct sdr_der *content);

/* Takes the next element if it has this tag; else false and nothing is taken. */
bool sdr_der_take(struct sdr_der *from, unsigned tag, struct sdr_der *content);

/* Returns whether the content is this OID, given as its DER content. */
bool sdr_der_is(const struct sdr_der *content, const char *oid, size_t length);

/* Writes an OID as "1.2.840". Returns `out`. */
const char *sdr_der_oid_text(char *out, size_t size, const struct sdr_der *oid);

#endif
