/* icmp.h - ICMP echo as bytes: encode requests, decode replies and errors with the packet they
 * quote. Pure. RFC 792, RFC 4443, RFC 4884. */
#ifndef SOUNDER_NET_ICMP_H
#define SOUNDER_NET_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/outcome.h"
#include "sounder/status.h"

#define SDR_ICMP_HEADER 8
#define SDR_ICMP_PAYLOAD_MAX 65507 /* 65,535 less 20 of IPv4 and 8 of ICMP */
#define SDR_ICMP_WORDS 80
#define SDR_ICMP_TOKEN 8 /* bytes at the payload's start */
#define SDR_ICMP_MAGIC 4 /* bytes after the token, where the payload has room */

/* The fields of an echo request or reply. */
struct icmp_echo {
	uint16_t identifier;
	uint16_t sequence;
	size_t size;    /* payload bytes on the wire */
	bool has_token; /* the payload had 8 bytes or more */
	uint64_t token;
	bool has_magic; /* 12 bytes or more */
	uint32_t magic;
};

enum icmp_kind {
	ICMP_KIND_OTHER,   /* something else, or too short to decide */
	ICMP_KIND_REQUEST, /* echo request */
	ICMP_KIND_REPLY,   /* echo reply */
	ICMP_KIND_ERROR,   /* unreachable, time exceeded, too big, parameter problem */
};

struct icmp_message {
	enum icmp_kind kind;
	uint8_t type, code;
	struct icmp_echo echo; /* REQUEST, REPLY */
	/* ERROR: what it quotes */
	bool quotes_echo; /* an echo request of ours is quoted: `echo` has its identifier and
			     sequence (and token, if quoted) */
	struct sdr_addr quoted_to; /* the quoted packet's destination */
	uint32_t mtu;              /* "too big": next hop's MTU, 0 unknown */
};

/* Writes the 8 header bytes of an echo request and, as far as payload[size] has room, token and
 * magic. The checksum field is left 0. Returns the bytes written: 8 .. 20. */
size_t sdr_icmp_encode(uint8_t out[static SDR_ICMP_HEADER + SDR_ICMP_TOKEN + SDR_ICMP_MAGIC],
	uint8_t version, const struct icmp_echo *echo);

/* Fills bytes[size] with the pattern that follows token and magic: each byte its own offset, as
 * iputils has it. */
void sdr_icmp_pattern(uint8_t *bytes, size_t size);

/* Adds bytes[length] to a running one's complement sum; a stretch that is followed by another has
 * an even length. RFC 1071. */
uint32_t sdr_icmp_sum(uint32_t sum, const uint8_t *bytes, size_t length);

/* Folds and complements a sum into the checksum, in the order of the wire when stored as two bytes
 * high first. */
uint16_t sdr_icmp_fold(uint32_t sum);

/* Decodes an ICMP message of `version`, from its type byte on; bytes[length] may be less than what
 * was on the wire, `size` is that. */
void sdr_icmp_decode(uint8_t version, const uint8_t *bytes, size_t length, size_t size,
	struct icmp_message *message);

/* Returns the length of an IPv4 header, 0 if it isn't one or not all there; of one before an ICMP
 * message. */
size_t sdr_icmp_any_header(const uint8_t *bytes, size_t length);
size_t sdr_icmp_ipv4_header(const uint8_t *bytes, size_t length);

/* Returns what an error means as an outcome. */
enum sdr_outcome sdr_icmp_outcome(uint8_t version, uint8_t type, uint8_t code);

/* Writes an error in a few words as iputils puts it ("Destination Host Unreachable"). Returns
 * `out`. */
const char *sdr_icmp_words(
	char out[static SDR_ICMP_WORDS], uint8_t version, uint8_t type, uint8_t code, uint32_t mtu);

#endif
