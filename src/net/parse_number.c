/* parse_number.c - addresses as numbers of 32 or 128 bits, and ranges of them. */
#include <string.h>

#include "sounder/addr.h"

static unsigned __int128 number_of(const struct sdr_addr *addr)
{
	unsigned __int128 number = 0;
	for (unsigned i = 0; i < sdr_addr_bits(addr) / 8; i++)
		number = number << 8 | addr->bytes[i];
	return number;
}

/* Writes value + carry, which may be 2^128. */
static const char *format(char out[static SDR_COUNT_TEXT], unsigned __int128 value, unsigned carry)
{
	char digits[SDR_COUNT_TEXT];
	size_t at = sizeof(digits);
	digits[--at] = '\0';
	do {
		unsigned digit = (unsigned)(value % 10) + carry;
		carry = digit / 10;
		digits[--at] = (char)('0' + digit % 10);
		value /= 10;
	} while (value != 0 || carry != 0);
	memcpy(out, digits + at, sizeof(digits) - at);
	return out;
}

const char *sdr_range_count(
	char out[static SDR_COUNT_TEXT], const struct sdr_addr *first, const struct sdr_addr *last)
{
	return format(out, number_of(last) - number_of(first), 1);
}

const char *sdr_addr_decimal(char out[static SDR_COUNT_TEXT], const struct sdr_addr *addr)
{
	return format(out, number_of(addr), 0);
}

struct sdr_prefix sdr_range_network(const struct sdr_addr *first, const struct sdr_addr *last)
{
	struct sdr_prefix prefix = {.addr = *first, .length = (uint8_t)sdr_addr_bits(first)};
	while (prefix.length > 0 && !sdr_prefix_contains(&prefix, last))
		prefix.length--;
	prefix.addr = sdr_prefix_network(&prefix);
	return prefix;
}
