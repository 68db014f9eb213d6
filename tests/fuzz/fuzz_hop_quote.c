/* fuzz_hop_quote.c - any bytes as a message of a raw ICMP socket, of version 4 or 6 by the first
 * one: the quoted header's fields are those at plain offsets; a TCP segment whose checksum is then
 * made right is nobody's but ours. */
#include <stdint.h>
#include <string.h>

#include "input.h"
#include "net/hop_quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_error4(uint8_t type)
{
	return type == 3 || type == 11 || type == 12;
}

/* Where the quoted transport header begins; 0: nowhere. */
static size_t plain_at(const uint8_t *b, size_t size, bool v4, size_t *quoted)
{
	size_t icmp = 0, head = 40;
	if (v4) {
		icmp = size > 0 ? b[0] % 16 * 4u : 0;
		if (size == 0 || b[0] / 16 != 4 || icmp < 20 || icmp > size)
			return 0;
	}
	if (size < icmp + 9 || (v4 ? !is_error4(b[icmp]) : b[icmp] > 127))
		return 0;
	*quoted = icmp + 8;
	if (v4)
		head = b[*quoted] % 16 * 4u;
	if (b[*quoted] / 16 != (v4 ? 4 : 6) || head < 20 || *quoted + head > size)
		return 0;
	if (!v4 && b[*quoted + 6] == 44 && *quoted + 48 <= size)
		head += 8;
	return *quoted + head < size ? *quoted + head : 0;
}

static unsigned plain_sum(const uint8_t *bytes, size_t length, unsigned long long sum)
{
	for (size_t i = 0; i < length; i++)
		sum += i % 2 ? bytes[i] : bytes[i] * 256U;
	return sum == 0 ? 0 : (unsigned)((sum - 1) % 0xffff + 1);
}

/* The segment with its own checksum put right, sent from where it was sent from. */
static void mend(struct hop_quote *quote)
{
	size_t size = quote->length >= 20 ? quote->bytes[12] / 16 * 4u : 0,
	       width = quote->to.version == 4 ? 4 : 16;
	quote->own = quote->source;
	quote->protocol = 6;
	if (size < 20 || size > quote->length) {
		must(sdr_hop_quote_nat_tcp(quote) == HOP_NAT_UNKNOWN);
		return;
	}
	quote->bytes[16] = quote->bytes[17] = 0;
	unsigned long long sum = plain_sum(quote->own.bytes, width, size + 6);
	sum = plain_sum(quote->to.bytes, width, sum);
	unsigned check = 0xffff - plain_sum(quote->bytes, size, sum);
	quote->bytes[16] = (uint8_t)(check >> 8);
	quote->bytes[17] = (uint8_t)check;
	must(sdr_hop_quote_nat_tcp(quote) == HOP_NAT_NONE);
	quote->own.bytes[0] ^= 1;
	must(sdr_hop_quote_nat_tcp(quote) == HOP_NAT_SEEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	bool v4 = take_byte(&input) % 2 == 0;
	struct hop_quote quote;
	memset(&quote, 0, sizeof(quote));
	size_t quoted = 0, at = plain_at(input.at, input.left, v4, &quoted);
	bool good = sdr_hop_quote_parse(input.at, input.left, v4 ? 4 : 6, &quote);
	must(good == (at > 0));
	if (!good)
		return 0;
	const uint8_t *b = input.at, *q = b + quoted;
	size_t kept = input.left - at < HOP_QUOTE_BYTES ? input.left - at : HOP_QUOTE_BYTES;
	must(quote.type == b[quoted - 8] && quote.code == b[quoted - 7]);
	must(quote.length == kept && memcmp(quote.bytes, b + at, kept) == 0);
	must(quote.ttl == (v4 ? q[8] : q[7]));
	must(quote.tos == (v4 ? q[1] : (q[0] * 256 + q[1]) / 16 % 256));
	must(memcmp(quote.source.bytes, q + (v4 ? 12 : 8), v4 ? 4 : 16) == 0);
	must(memcmp(quote.to.bytes, q + (v4 ? 16 : 24), v4 ? 4 : 16) == 0);
	must(quote.protocol == (v4 ? q[9] : at - quoted == 48 ? q[40] : q[6]));
	mend(&quote);
	return 0;
}
