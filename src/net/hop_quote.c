/* hop_quote.c - headers of IPv4 and IPv6 within ICMP, and their checksums. RFC 791, RFC 8200, RFC
 * 1071. */
#include "net/hop_quote.h"

#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>

#include "net/icmp.h"

#define ICMP_HEAD 8
#define V6_HEAD 40
#define FRAGMENT_HEAD 8
#define TCP_HEAD 20

static struct sdr_addr addr_of(const uint8_t *bytes, uint8_t version)
{
	struct sdr_addr addr = {.version = version};
	memcpy(addr.bytes, bytes, version == 4 ? 4 : 16);
	return addr;
}

static size_t take_head4(const uint8_t *bytes, size_t length, struct hop_quote *quote)
{
	size_t head = sdr_icmp_any_header(bytes, length);
	if (head == 0)
		return 0;
	quote->tos = bytes[1];
	quote->ttl = bytes[8];
	quote->protocol = bytes[9];
	quote->source = addr_of(bytes + 12, 4);
	quote->to = addr_of(bytes + 16, 4);
	return head;
}

/* With the header of the first fragment, which is all that is quoted of them. */
static size_t take_head6(const uint8_t *bytes, size_t length, struct hop_quote *quote)
{
	if (length < V6_HEAD || bytes[0] >> 4 != 6)
		return 0;
	quote->tos = (uint8_t)(bytes[0] << 4 | bytes[1] >> 4);
	quote->protocol = bytes[6];
	quote->ttl = bytes[7];
	quote->source = addr_of(bytes + 8, 6);
	quote->to = addr_of(bytes + 24, 6);
	if (quote->protocol != IPPROTO_FRAGMENT || length < V6_HEAD + FRAGMENT_HEAD)
		return V6_HEAD;
	quote->protocol = bytes[V6_HEAD];
	return V6_HEAD + FRAGMENT_HEAD;
}

static bool is_error(uint8_t type, uint8_t version)
{
	if (version == 6)
		return type < ICMP6_ECHO_REQUEST;
	return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
		type == ICMP_PARAMETERPROB;
}

bool sdr_hop_quote_parse(
	const uint8_t *bytes, size_t length, uint8_t version, struct hop_quote *quote)
{
	size_t outer = version == 4 ? sdr_icmp_any_header(bytes, length) : 0;
	if (version == 4 && outer == 0)
		return false;
	if (version == 4) {
		quote->from = addr_of(bytes + 12, 4);
		quote->own = addr_of(bytes + 16, 4);
	}
	bytes += outer;
	length -= outer;
	if (length < ICMP_HEAD || !is_error(bytes[0], version))
		return false;
	quote->type = bytes[0];
	quote->code = bytes[1];
	bytes += ICMP_HEAD;
	length -= ICMP_HEAD;
	size_t head =
		version == 4 ? take_head4(bytes, length, quote) : take_head6(bytes, length, quote);
	if (head == 0 || head == length)
		return false;
	length -= head;
	quote->length = length < HOP_QUOTE_BYTES ? (uint8_t)length : HOP_QUOTE_BYTES;
	memcpy(quote->bytes, bytes + head, quote->length);
	return true;
}

/* ---- whose ---- */

static uint8_t number_of(enum hop_protocol protocol, uint8_t version)
{
	return protocol == HOP_UDP    ? IPPROTO_UDP
		: protocol == HOP_TCP ? IPPROTO_TCP
		: version == 4        ? IPPROTO_ICMP
				      : IPPROTO_ICMPV6;
}

static uint16_t word_at(const struct hop_quote *quote, size_t at)
{
	return (uint16_t)(quote->bytes[at] << 8 | quote->bytes[at + 1]);
}

bool sdr_hop_quote_is(const struct hop_quote *quote, const struct hop_quote_wanted *wanted)
{
	const struct hop_answer *answer = wanted->answer;
	bool icmp = wanted->protocol == HOP_ICMP;
	size_t at = wanted->protocol == HOP_UDP ? 8 : 0, both = wanted->length;
	if (quote->type != answer->type || quote->code != answer->code ||
		quote->protocol != number_of(wanted->protocol, wanted->to->version) ||
		!sdr_addr_same(&quote->to, wanted->to) ||
		!sdr_addr_same(&quote->from, &answer->from))
		return false;
	if (!icmp &&
		(quote->length < 4 || word_at(quote, 0) != wanted->ports[0] ||
			word_at(quote, 2) != wanted->ports[1]))
		return false;
	size_t there = quote->length > at ? quote->length - at : 0;
	both = both < there ? both : there;
	return both == 0 || memcmp(quote->bytes + at, wanted->bytes, both) == 0;
}

/* ---- what was made of it ---- */

static size_t checksum_at(uint8_t protocol)
{
	return protocol == IPPROTO_TCP ? 16 : protocol == IPPROTO_UDP ? 6 : 2;
}

/* The sum over what IP adds: addresses as they were sent, length, protocol. */
static uint32_t pseudo_sum(const struct hop_quote *quote, size_t size)
{
	size_t width = quote->to.version == 4 ? 4 : 16;
	if (quote->protocol == IPPROTO_ICMP)
		return 0;
	uint32_t sum = sdr_icmp_sum(0, quote->own.bytes, width);
	return sdr_icmp_sum(sum, quote->to.bytes, width) + (uint32_t)size + quote->protocol;
}

/* This host's own interfaces finish checksums: where none did, as between namespaces, a quote has
 * the sum over IP's part alone. */
enum hop_nat sdr_hop_quote_nat(const struct hop_quote *quote, uint32_t sum, size_t size)
{
	size_t at = checksum_at(quote->protocol);
	if (sdr_addr_compare(&quote->source, &quote->own) != 0)
		return HOP_NAT_SEEN;
	if (quote->length < at + 2)
		return HOP_NAT_UNKNOWN;
	uint32_t pseudo = pseudo_sum(quote, size);
	uint16_t right = sdr_icmp_fold(sum + pseudo), there = word_at(quote, at),
		 unfinished = (uint16_t)~sdr_icmp_fold(pseudo);
	bool offloads = quote->protocol == IPPROTO_UDP || quote->protocol == IPPROTO_TCP;
	if (quote->protocol == IPPROTO_UDP && right == 0)
		right = 0xffff;
	return there == right || (offloads && there == unfinished) ? HOP_NAT_NONE : HOP_NAT_SEEN;
}

enum hop_nat sdr_hop_quote_nat_tcp(const struct hop_quote *quote)
{
	uint8_t segment[HOP_QUOTE_BYTES];
	size_t size = quote->length >= TCP_HEAD ? (quote->bytes[12] >> 4) * 4u : 0;
	if (sdr_addr_compare(&quote->source, &quote->own) != 0)
		return HOP_NAT_SEEN;
	if (size < TCP_HEAD || size > quote->length)
		return HOP_NAT_UNKNOWN;
	memcpy(segment, quote->bytes, size);
	memset(segment + checksum_at(IPPROTO_TCP), 0, 2);
	return sdr_hop_quote_nat(quote, sdr_icmp_sum(0, segment, size), size);
}
