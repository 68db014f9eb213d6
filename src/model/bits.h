/* bits.h (internal) - numbers written one behind the other into a string of bits. */
#ifndef SOUNDER_MODEL_BITS_H
#define SOUNDER_MODEL_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* A place in a string of bits. */
struct sdr_bits {
	uint8_t *bytes; /* borrowed, [size / 8]; bit n is bit n % 8 of byte n / 8 */
	uint32_t at;    /* bits read or written so far */
	uint32_t size;  /* bits there are; a multiple of 8 */
};

/* Write a number of `width` bits (1..57), or any below 2^28 in as few bits as its size asks for
 * (Elias gamma of it plus one: 0 takes one bit, 1 and 2 three, 3 to 6 five). Return false, and
 * write nothing, where it does not fit. */
bool sdr_bits_put(struct sdr_bits *bits, unsigned width, uint64_t number);
bool sdr_bits_put_any(struct sdr_bits *bits, uint32_t number);

/* Read what was so written; after the end there are zeros. Zeros read as 0 in both encodings. */
uint32_t sdr_bits_get(struct sdr_bits *bits, unsigned width); /* 1..32 */
uint32_t sdr_bits_get_any(struct sdr_bits *bits);

#endif
