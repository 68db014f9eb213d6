/* bits.c - bits, lowest first. The length of an Elias gamma code is written as ones and a zero, so
 * that memory of zeros reads as zeros. Any code is read from one word, of which 57 bits are sure to
 * be there. */
#include "model/bits.h"

#include <endian.h>
#include <string.h>

/* The next 57 bits or more, and zeros after the end. */
static uint64_t peek(const struct sdr_bits *bits)
{
	uint32_t from = bits->at / 8, end = bits->size / 8;
	uint64_t word = 0;
	if (from + sizeof(word) <= end) {
		memcpy(&word, bits->bytes + from, sizeof(word));
		word = le64toh(word);
	} else {
		for (uint32_t i = from; i < end; i++)
			word |= (uint64_t)bits->bytes[i] << (i - from) * 8;
	}
	return word >> bits->at % 8;
}

static uint64_t low(uint64_t word, unsigned width)
{
	return word & ((UINT64_C(1) << width) - 1);
}

bool sdr_bits_put(struct sdr_bits *bits, unsigned width, uint64_t number)
{
	uint32_t shift = bits->at % 8, byte = bits->at / 8;
	if (bits->at + width > bits->size)
		return false;
	uint64_t mask = low(UINT64_MAX, width) << shift, word = number << shift;
	for (; mask; mask >>= 8, word >>= 8, byte++)
		bits->bytes[byte] = (uint8_t)((bits->bytes[byte] & ~mask) | (word & mask));
	bits->at += width;
	return true;
}

uint32_t sdr_bits_get(struct sdr_bits *bits, unsigned width)
{
	uint64_t word = peek(bits);
	bits->at += width;
	return (uint32_t)low(word, width);
}

bool sdr_bits_put_any(struct sdr_bits *bits, uint32_t number)
{
	unsigned length = 31 - (unsigned)__builtin_clz(number + 1);
	return sdr_bits_put(bits, 2 * length + 1,
		low(UINT64_MAX, length) | low(number + 1, length) << (length + 1));
}

uint32_t sdr_bits_get_any(struct sdr_bits *bits)
{
	uint64_t word = peek(bits);
	unsigned length = (unsigned)__builtin_ctzll(~word);
	bits->at += 2 * length + 1;
	return (1u << length) - 1 + (uint32_t)low(word >> (length + 1), length);
}
