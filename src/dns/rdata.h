/* rdata.h (internal) - the types of DNS records: what their RDATA consists of, and how it is
 * written. One table; the check on the wire and the presentation form both go by it. RFC 1035
 * sec. 3.3 and 5.1, RFC 3597, and each type's own. */
#ifndef SOUNDER_DNS_RDATA_H
#define SOUNDER_DNS_RDATA_H

#include "dns/wire.h"

/* The fields of RDATA, in order, a character each:
 *   1 2 4   a number of so many bytes           A 6   an IPv4, an IPv6 address
 *   n       a name, perhaps compressed          N     a name, never compressed (RFC 3597 sec. 4)
 *   s o     a character string; one or none     S     one or more up to the end
 *   T t     a type's number; a time             i e E 64 bits (RFC 6742); EUI-48, EUI-64
 *   X       the rest in hexadecimal             B b   the rest in base 64; or none
 *   z h     salt; hash, a length before each    M m   types in a bitmap (RFC 4034 sec. 4.1.2);
 *                                                     or none
 *   D Z     a digest whose size follows from its type (DS, ZONEMD)
 *   g c u   CAA's tag; its value; a URI         C G   type and algorithm of a certificate
 *   Q       a scheme (DSYNC)
 * and types of a form of their own:
 *   ? no record   * anything   W WKS   L LOC   P APL   I IPSECKEY   R AMTRELAY   H HIP
 *   V SvcParams   7 A6   Y NSAP   K NXT   q ATMA   d DHCID   8 IPN */
struct rdata_type {
	uint16_t number;
	const char *name;
	const char *fields;
};

/* Returns NULL for a type that is not in the table. */
const struct rdata_type *sdr_rdata_type(uint16_t number);
const struct rdata_type *sdr_rdata_type_named(const char *name); /* in any case */

/* Returns whether a number is a query type only, never a record's: 0, transfers, ANY. RFC 6895 sec.
 * 3.1 */
bool sdr_rdata_is_question(uint16_t number);

/* Checks a record's RDATA. Returns NULL or what is wrong, static. */
const char *sdr_rdata_check(const struct wire *wire, const struct wire_record *record);

/* Moves past one field, checked. Returns NULL or what is wrong. */
const char *sdr_rdata_field(struct wire *data, char field);

/* Returns whether good RDATA has no presentation form but RFC 3597's, though its type has one:
 * an unknown version or address family, or what would read back to other bytes.
 * (rdata_forms_text.c) */
bool sdr_rdata_is_opaque(char field, const uint8_t *data, size_t length);

/* Moves past a form of its own, as sdr_rdata_field does. (rdata_forms.c) */
const char *sdr_rdata_form(struct wire *data, char field);

/* Text under construction; grows. */
struct rdata_text {
	char *bytes; /* [length], owned */
	size_t length, size;
	bool failed; /* out of memory */
};

void sdr_rdata_put(struct rdata_text *text, const char *bytes, size_t length);
void sdr_rdata_print(struct rdata_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sdr_rdata_put_word(struct rdata_text *text, const char *word);
void sdr_rdata_put_number(struct rdata_text *text, uint64_t number);

/* Writes parts of records, all of them checked before. */
void sdr_rdata_put_name(struct rdata_text *text, const uint8_t *bytes, size_t at);
void sdr_rdata_put_type(struct rdata_text *text, uint16_t number);
void sdr_rdata_put_class(struct rdata_text *text, uint16_t number);
void sdr_rdata_put_hex(struct rdata_text *text, const uint8_t *bytes, size_t length);
void sdr_rdata_put_base32(struct rdata_text *text, const uint8_t *bytes, size_t length);
void sdr_rdata_put_base64(struct rdata_text *text, const uint8_t *bytes, size_t length);
void sdr_rdata_put_quoted(struct rdata_text *text, const uint8_t *bytes, size_t length);

/* Writes RDATA in presentation form: as RFC 1035 sec. 5.1 has it, else as RFC 3597 sec. 5. It reads
 * back to the same bytes. */
void sdr_rdata_write(
	struct rdata_text *text, const struct wire *wire, const struct wire_record *record);

/* Lets names in a record's data, presentation form, be of lower case: what differs in nothing else
 * is the same data. RFC 4034 sec. 6.2 */
void sdr_rdata_fold(uint16_t type, char *text);

/* Writes the field data->at .. data->length of a form of its own. (rdata_forms_text.c) */
void sdr_rdata_write_form(struct rdata_text *text, char field, const struct wire *data);

#endif
