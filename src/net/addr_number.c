/* addr_number.c - addresses as numbers of 32 or 128 bits, counts and ranges of them. */
#include <string.h>

#include "net/wide.h"

/* Writes value + carry, which may be 2^128. */
static const char *format(char out[static SDR_COUNT_TEXT], sdr_wide value, unsigned carry)
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

const char *sdr_count_format(char out[static SDR_COUNT_TEXT], unsigned bits, unsigned minus)
{
	/* 2^128 does not fit in 128 bits, 2^128 - 1 does. */
	sdr_wide less_one = sdr_wide_ones(bits);
	if (minus == 0)
		return format(out, less_one, 1);
	return format(out, minus - 1 <= less_one ? less_one - (minus - 1) : 0, 0);
}

const char *sdr_range_count(
	char out[static SDR_COUNT_TEXT], const struct sdr_addr *first, const struct sdr_addr *last)
{
	return format(out, sdr_wide_of(last) - sdr_wide_of(first), 1);
}

const char *sdr_addr_decimal(char out[static SDR_COUNT_TEXT], const struct sdr_addr *addr)
{
	return format(out, sdr_wide_of(addr), 0);
}

struct sdr_prefix sdr_range_network(const struct sdr_addr *first, const struct sdr_addr *last)
{
	struct sdr_prefix prefix = {.addr = *first, .length = (uint8_t)sdr_addr_bits(first)};
	while (prefix.length > 0 && !sdr_prefix_contains(&prefix, last))
		prefix.length--;
	prefix.addr = sdr_prefix_network(&prefix);
	return prefix;
}
