/* edns.h (internal) - what rides along in questions and answers: the options of an OPT record, and
 * how a question is put. Pure. RFC 6891; NSID: RFC 5001; client subnet: RFC 7871; cookies:
 * RFC 7873; extended errors: RFC 8914. */
#ifndef SOUNDER_DNS_EDNS_H
#define SOUNDER_DNS_EDNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"

/* What fits a path of 1280 bytes without fragments; EDNS's advertised size. */
#define SDR_EDNS_SIZE 1232

#define SDR_COOKIE_CLIENT 8 /* bytes of the client's part */
#define SDR_COOKIE_MAX 40   /* of both parts */

/* How a question is put: bits of its header, and what its OPT record has. Zeroed: the usual way,
 * recursion desired, an OPT record without options. */
struct sdr_manner {
	bool no_recurse;          /* RD is clear */
	bool checking_disabled;   /* CD is set: RFC 4035 sec. 3.2.2 */
	bool no_edns;             /* there is no OPT record */
	bool dnssec;              /* DO is set: RFC 3225 */
	bool nsid, cookie;        /* these options ride along */
	uint16_t size;            /* of a datagram that we take; 0: SDR_EDNS_SIZE */
	struct sdr_prefix subnet; /* for whom is asked; addr.version 0: nobody is named */
};

#define SDR_EDNS_EDES 8 /* extended errors kept */

/* An extended error. */
struct sdr_ede {
	uint16_t code;
	const char *text; /* [length] what the server wrote beside it, as it came (bytes from
			     outside); within the message */
	size_t length;
};

/* What an answer's OPT record has; bytes from outside, within the message. */
struct sdr_edns {
	bool present;
	unsigned ede_count;
	struct sdr_ede edes[SDR_EDNS_EDES]; /* [ede_count] */
	bool has_nsid;
	const uint8_t *nsid; /* [nsid_length] */
	size_t nsid_length;
	const uint8_t *cookie; /* [cookie_length] client's part and server's; NULL: none */
	size_t cookie_length;
	struct sdr_prefix subnet; /* addr.version 0: none, or of a family without addresses */
	uint8_t scope;            /* how much of it the answer is for */
};

/* Writes an OPT record at `out`, with the cookie in its place; there is room for
 * SDR_MESSAGE_QUESTION. Returns what follows. */
uint8_t *sdr_edns_put(
	uint8_t *out, const struct sdr_manner *manner, const uint8_t *cookie, size_t cookie_length);

/* Checks the options in data[length] of an answer's OPT record. Returns what is wrong; NULL:
 * nothing. */
const char *sdr_edns_wrong(const uint8_t *data, size_t length);

/* Takes the options of a record that was checked. `data` lives as long as what is taken. */
void sdr_edns_take(struct sdr_edns *edns, const uint8_t *data, size_t length);

/* Why an answer is not for the one who asked: another client's cookie, another subnet. NULL
 * arguments: none was sent. NULL: it is. */
const char *sdr_edns_foreign(
	const struct sdr_edns *edns, const uint8_t *cookie, const struct sdr_prefix *subnet);

/* Whether the answer's cookie has the server's part. */
bool sdr_edns_has_cookie(const struct sdr_edns *edns);

#define SDR_EDNS_SUBNET (SDR_ADDR_TEXT + 8)

/* Writes the subnet of an answer as dig has it: "10.1.0.0/16/24", the scope last. */
const char *sdr_edns_format_subnet(char out[static SDR_EDNS_SUBNET], const struct sdr_edns *edns);

/* Writes the extended errors into out[size], cleaned: "EDE 7 (Signature Expired): text; EDE 22
 * ..."; "" if there are none. */
void sdr_edns_format_edes(char *out, size_t size, const struct sdr_edns *edns);

#endif
