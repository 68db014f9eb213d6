/* icmp.c - the ICMP codec: bounds are checked once per part, nothing is taken from a length that
 * the packet itself claims. */
#include "net/icmp.h"

#include <stdio.h>
#include <string.h>

/* RFC 792, RFC 4443 */
enum { V4_REPLY = 0, V4_UNREACHABLE = 3, V4_REQUEST = 8, V4_TIME = 11, V4_PARAMETER = 12 };
enum {
	V6_UNREACHABLE = 1,
	V6_TOO_BIG = 2,
	V6_TIME = 3,
	V6_PARAMETER = 4,
	V6_REQUEST = 128,
	V6_REPLY = 129
};

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define PROTOCOL_ICMP 1
#define PROTOCOL_ICMP6 58

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static uint64_t get64(const uint8_t *at)
{
	return (uint64_t)get32(at) << 32 | get32(at + 4);
}

static void put_bytes(uint8_t *at, uint64_t value, unsigned bytes)
{
	while (bytes-- > 0) {
		at[bytes] = (uint8_t)value;
		value >>= 8;
	}
}

size_t sdr_icmp_encode(uint8_t out[static SDR_ICMP_HEADER + SDR_ICMP_TOKEN + SDR_ICMP_MAGIC],
	uint8_t version, const struct icmp_echo *echo)
{
	out[0] = version == 4 ? V4_REQUEST : V6_REQUEST;
	out[1] = 0;
	put_bytes(out + 2, 0, 2);
	put_bytes(out + 4, echo->identifier, 2);
	put_bytes(out + 6, echo->sequence, 2);
	if (echo->size < SDR_ICMP_TOKEN)
		return SDR_ICMP_HEADER;
	put_bytes(out + 8, echo->token, SDR_ICMP_TOKEN);
	if (echo->size < SDR_ICMP_TOKEN + SDR_ICMP_MAGIC)
		return SDR_ICMP_HEADER + SDR_ICMP_TOKEN;
	put_bytes(out + 16, echo->magic, SDR_ICMP_MAGIC);
	return SDR_ICMP_HEADER + SDR_ICMP_TOKEN + SDR_ICMP_MAGIC;
}

void sdr_icmp_pattern(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)i;
}

uint32_t sdr_icmp_sum(uint32_t sum, const uint8_t *bytes, size_t length)
{
	uint64_t wide = sum;
	for (; length >= 2; bytes += 2, length -= 2)
		wide += get16(bytes);
	if (length > 0)
		wide += (uint64_t)bytes[0] << 8;
	while (wide >> 32 != 0)
		wide = (wide & UINT32_MAX) + (wide >> 32);
	return (uint32_t)wide;
}

uint16_t sdr_icmp_fold(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & UINT16_MAX) + (sum >> 16);
	return (uint16_t)~sum;
}

size_t sdr_icmp_any_header(const uint8_t *bytes, size_t length)
{
	if (length < IPV4_HEADER || bytes[0] >> 4 != 4)
		return 0;
	size_t header = (size_t)(bytes[0] & 0x0f) * 4;
	return header >= IPV4_HEADER && header <= length ? header : 0;
}

size_t sdr_icmp_ipv4_header(const uint8_t *bytes, size_t length)
{
	size_t header = sdr_icmp_any_header(bytes, length);
	return header > 0 && bytes[9] == PROTOCOL_ICMP ? header : 0;
}

static void decode_echo(const uint8_t *bytes, size_t length, size_t size, struct icmp_echo *echo)
{
	*echo = (struct icmp_echo){.identifier = get16(bytes + 4),
		.sequence = get16(bytes + 6),
		.size = size - SDR_ICMP_HEADER};
	echo->has_token = length >= SDR_ICMP_HEADER + SDR_ICMP_TOKEN;
	if (echo->has_token)
		echo->token = get64(bytes + SDR_ICMP_HEADER);
	echo->has_magic = length >= SDR_ICMP_HEADER + SDR_ICMP_TOKEN + SDR_ICMP_MAGIC;
	if (echo->has_magic)
		echo->magic = get32(bytes + SDR_ICMP_HEADER + SDR_ICMP_TOKEN);
}

static bool is_error(uint8_t version, uint8_t type)
{
	if (version == 4)
		return type == V4_UNREACHABLE || type == V4_TIME || type == V4_PARAMETER;
	return type >= V6_UNREACHABLE && type <= V6_PARAMETER;
}

/* Returns where the quoted packet's ICMP message begins, 0 if it quotes none; fills where it was
 * going. */
static size_t quoted_message(
	uint8_t version, const uint8_t *bytes, size_t length, struct sdr_addr *to)
{
	*to = (struct sdr_addr){.version = version};
	if (version == 4) {
		size_t header = sdr_icmp_ipv4_header(bytes, length);
		if (header > 0)
			memcpy(to->bytes, bytes + 16, 4);
		return header;
	}
	if (length < IPV6_HEADER || bytes[0] >> 4 != 6 || bytes[6] != PROTOCOL_ICMP6)
		return 0;
	memcpy(to->bytes, bytes + 24, 16);
	return IPV6_HEADER;
}

/* RFC 4884 sec. 4: the length of the quoted datagram, in 32-bit words at byte 5 (IPv4) or 64-bit
 * words at byte 4 (IPv6); after it come extensions, not the quoted packet. 0: there are none. */
static size_t quoted_length(uint8_t version, const uint8_t *bytes, size_t length)
{
	size_t claimed = version == 4 ? bytes[5] * 4u : bytes[4] * 8u;
	bool may_extend = version == 4 || bytes[0] == V6_UNREACHABLE || bytes[0] == V6_TIME;
	return may_extend && claimed > 0 && claimed < length ? claimed : length;
}

static void decode_error(
	uint8_t version, const uint8_t *bytes, size_t length, struct icmp_message *message)
{
	message->kind = ICMP_KIND_ERROR;
	if (version == 4 && message->type == V4_UNREACHABLE && message->code == 4)
		message->mtu = get16(bytes + 6); /* RFC 1191 sec. 4 */
	if (version == 6 && message->type == V6_TOO_BIG)
		message->mtu = get32(bytes + 4);
	const uint8_t *quoted = bytes + SDR_ICMP_HEADER;
	size_t left = quoted_length(version, bytes, length - SDR_ICMP_HEADER);
	size_t header = quoted_message(version, quoted, left, &message->quoted_to);
	if (header == 0 || left - header < SDR_ICMP_HEADER ||
		quoted[header] != (version == 4 ? V4_REQUEST : V6_REQUEST))
		return;
	message->quotes_echo = true;
	decode_echo(quoted + header, left - header, left - header, &message->echo);
}

void sdr_icmp_decode(uint8_t version, const uint8_t *bytes, size_t length, size_t size,
	struct icmp_message *message)
{
	*message = (struct icmp_message){.kind = ICMP_KIND_OTHER};
	if (length < SDR_ICMP_HEADER || size < length)
		return;
	message->type = bytes[0];
	message->code = bytes[1];
	if (message->code == 0 && message->type == (version == 4 ? V4_REPLY : V6_REPLY))
		message->kind = ICMP_KIND_REPLY;
	else if (message->code == 0 && message->type == (version == 4 ? V4_REQUEST : V6_REQUEST))
		message->kind = ICMP_KIND_REQUEST;
	if (message->kind != ICMP_KIND_OTHER)
		decode_echo(bytes, length, size, &message->echo);
	else if (is_error(version, message->type))
		decode_error(version, bytes, length, message);
}

/* One row an error: its words and what it amounts to. `code` 255 stands for all others of the
 * type. */
struct error_row {
	uint8_t version, type, code;
	enum sdr_outcome outcome;
	const char *words; /* of print_icmph in iputils' ping.c and print_icmp6 in ping6_common.c;
			      IANA's where these have none */
};

#define ANY 255

static const struct error_row errors[] = {
	{4, V4_UNREACHABLE, 0, SDR_OUTCOME_UNREACHABLE, "Destination Net Unreachable"},
	{4, V4_UNREACHABLE, 1, SDR_OUTCOME_UNREACHABLE, "Destination Host Unreachable"},
	{4, V4_UNREACHABLE, 2, SDR_OUTCOME_UNREACHABLE, "Destination Protocol Unreachable"},
	{4, V4_UNREACHABLE, 3, SDR_OUTCOME_UNREACHABLE, "Destination Port Unreachable"},
	{4, V4_UNREACHABLE, 4, SDR_OUTCOME_TOO_BIG, "Frag needed and DF set (mtu = %u)"},
	{4, V4_UNREACHABLE, 5, SDR_OUTCOME_UNREACHABLE, "Source Route Failed"},
	{4, V4_UNREACHABLE, 6, SDR_OUTCOME_UNREACHABLE, "Destination Net Unknown"},
	{4, V4_UNREACHABLE, 7, SDR_OUTCOME_UNREACHABLE, "Destination Host Unknown"},
	{4, V4_UNREACHABLE, 8, SDR_OUTCOME_UNREACHABLE, "Source Host Isolated"},
	{4, V4_UNREACHABLE, 9, SDR_OUTCOME_PROHIBITED, "Destination Net Prohibited"},
	{4, V4_UNREACHABLE, 10, SDR_OUTCOME_PROHIBITED, "Destination Host Prohibited"},
	{4, V4_UNREACHABLE, 11, SDR_OUTCOME_UNREACHABLE,
		"Destination Net Unreachable for Type of Service"},
	{4, V4_UNREACHABLE, 12, SDR_OUTCOME_UNREACHABLE,
		"Destination Host Unreachable for Type of Service"},
	{4, V4_UNREACHABLE, 13, SDR_OUTCOME_PROHIBITED, "Packet filtered"},
	{4, V4_UNREACHABLE, 14, SDR_OUTCOME_PROHIBITED, "Precedence Violation"},
	{4, V4_UNREACHABLE, 15, SDR_OUTCOME_PROHIBITED, "Precedence Cutoff"},
	{4, V4_UNREACHABLE, ANY, SDR_OUTCOME_UNREACHABLE, "Dest Unreachable, Bad Code: %u"},
	{4, V4_TIME, 0, SDR_OUTCOME_TTL_EXCEEDED, "Time to live exceeded"},
	{4, V4_TIME, 1, SDR_OUTCOME_UNREACHABLE, "Frag reassembly time exceeded"},
	{4, V4_TIME, ANY, SDR_OUTCOME_TTL_EXCEEDED, "Time exceeded, Bad Code: %u"},
	{4, V4_PARAMETER, 0, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Wrong header field"},
	{4, V4_PARAMETER, 1, SDR_OUTCOME_UNREACHABLE,
		"Parameter problem: Missing a required option"},
	{4, V4_PARAMETER, 2, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Bad length"},
	{4, V4_PARAMETER, ANY, SDR_OUTCOME_UNREACHABLE, "Parameter problem: code %u"},
	{6, V6_UNREACHABLE, 0, SDR_OUTCOME_UNREACHABLE, "Destination unreachable: No route"},
	{6, V6_UNREACHABLE, 1, SDR_OUTCOME_PROHIBITED,
		"Destination unreachable: Administratively prohibited"},
	{6, V6_UNREACHABLE, 2, SDR_OUTCOME_UNREACHABLE,
		"Destination unreachable: Beyond scope of source address"},
	{6, V6_UNREACHABLE, 3, SDR_OUTCOME_UNREACHABLE,
		"Destination unreachable: Address unreachable"},
	{6, V6_UNREACHABLE, 4, SDR_OUTCOME_UNREACHABLE,
		"Destination unreachable: Port unreachable"},
	{6, V6_UNREACHABLE, 5, SDR_OUTCOME_PROHIBITED,
		"Destination unreachable: Source address failed ingress/egress policy"},
	{6, V6_UNREACHABLE, 6, SDR_OUTCOME_PROHIBITED,
		"Destination unreachable: Reject route to destination"},
	{6, V6_UNREACHABLE, 7, SDR_OUTCOME_UNREACHABLE,
		"Destination unreachable: Error in Source Routing Header"},
	{6, V6_UNREACHABLE, 8, SDR_OUTCOME_UNREACHABLE,
		"Destination unreachable: Headers too long"},
	{6, V6_UNREACHABLE, ANY, SDR_OUTCOME_UNREACHABLE,
		"Destination unreachable: Unknown code %u"},
	{6, V6_TOO_BIG, ANY, SDR_OUTCOME_TOO_BIG, "Packet too big: mtu=%u"},
	{6, V6_TIME, 0, SDR_OUTCOME_TTL_EXCEEDED, "Time exceeded: Hop limit"},
	{6, V6_TIME, 1, SDR_OUTCOME_UNREACHABLE, "Time exceeded: Defragmentation failure"},
	{6, V6_TIME, ANY, SDR_OUTCOME_TTL_EXCEEDED, "Time exceeded: code %u"},
	{6, V6_PARAMETER, 0, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Wrong header field"},
	{6, V6_PARAMETER, 1, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Unknown header"},
	{6, V6_PARAMETER, 2, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Unknown option"},
	{6, V6_PARAMETER, 3, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Incomplete header chain"},
	{6, V6_PARAMETER, 4, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Segment routing header"},
	{6, V6_PARAMETER, 5, SDR_OUTCOME_UNREACHABLE,
		"Parameter problem: Unknown header at a router"},
	{6, V6_PARAMETER, 6, SDR_OUTCOME_UNREACHABLE,
		"Parameter problem: Extension header too big"},
	{6, V6_PARAMETER, 7, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Header chain too long"},
	{6, V6_PARAMETER, 8, SDR_OUTCOME_UNREACHABLE,
		"Parameter problem: Too many extension headers"},
	{6, V6_PARAMETER, 9, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Too many options"},
	{6, V6_PARAMETER, 10, SDR_OUTCOME_UNREACHABLE, "Parameter problem: Option too big"},
	{6, V6_PARAMETER, ANY, SDR_OUTCOME_UNREACHABLE, "Parameter problem: code %u"},
};

static const struct error_row *row_of(uint8_t version, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (errors[i].version == version && errors[i].type == type &&
			(errors[i].code == code || errors[i].code == ANY))
			return &errors[i];
	return NULL;
}

enum sdr_outcome sdr_icmp_outcome(uint8_t version, uint8_t type, uint8_t code)
{
	const struct error_row *row = row_of(version, type, code);
	return row ? row->outcome : SDR_OUTCOME_UNREACHABLE;
}

const char *sdr_icmp_words(
	char out[static SDR_ICMP_WORDS], uint8_t version, uint8_t type, uint8_t code, uint32_t mtu)
{
	const struct error_row *row = row_of(version, type, code);
	const char *number = row ? strchr(row->words, '%') : NULL;
	if (!row)
		snprintf(out, SDR_ICMP_WORDS, "ICMP type %u code %u", type, code);
	else if (!number)
		snprintf(out, SDR_ICMP_WORDS, "%s", row->words);
	else
		snprintf(out, SDR_ICMP_WORDS, "%.*s%u%s", (int)(number - row->words), row->words,
			row->outcome == SDR_OUTCOME_TOO_BIG ? mtu : code, number + 2);
	return out;
}
