/* pack.h - numbers of 12 bits, two in three bytes. */
#ifndef SOUNDER_BASE_PACK_H
#define SOUNDER_BASE_PACK_H

#include <stdint.h>

#define SDR_PACK_MAX 0xFFF

/* Bytes of `n` numbers; n is even. */
#define SDR_PACK_BYTES(n) ((n) / 2 * 3)

static inline uint16_t sdr_pack_get(const uint8_t *packed, uint32_t i)
{
	const uint8_t *p = packed + i / 2 * 3;
	return i % 2 ? (uint16_t)(p[1] >> 4 | p[2] << 4) : (uint16_t)(p[0] | (p[1] & 0x0F) << 8);
}

static inline void sdr_pack_set(uint8_t *packed, uint32_t i, uint16_t number)
{
	uint8_t *p = packed + i / 2 * 3;
	if (i % 2) {
		p[1] = (uint8_t)((p[1] & 0x0F) | (number & 0x0F) << 4);
		p[2] = (uint8_t)(number >> 4);
	} else {
		p[0] = (uint8_t)number;
		p[1] = (uint8_t)((p[1] & 0xF0) | number >> 8);
	}
}

#endif
