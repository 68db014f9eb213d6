/* wide.h (internal) - IPv4 and IPv6 addresses as one number, for arithmetic on ranges: IPv4 fills
 * the low 32 bits, IPv6 all 128. */
#ifndef SOUNDER_NET_WIDE_H
#define SOUNDER_NET_WIDE_H

#include "sounder/addr.h"

typedef unsigned __int128 sdr_wide;

static inline sdr_wide sdr_wide_of(const struct sdr_addr *addr)
{
	sdr_wide value = 0;
	for (unsigned i = 0; i < sdr_addr_bits(addr) / 8; i++)
		value = value << 8 | addr->bytes[i];
	return value;
}

static inline struct sdr_addr sdr_wide_addr(unsigned version, sdr_wide value)
{
	struct sdr_addr addr = {.version = (uint8_t)version};
	for (unsigned i = version == 4 ? 4 : 16; i-- > 0; value >>= 8)
		addr.bytes[i] = (uint8_t)value;
	return addr;
}

static inline unsigned sdr_wide_bits(unsigned version)
{
	return version == 4 ? 32 : 128;
}

/* The lowest `bits` bits set, 0..128. */
static inline sdr_wide sdr_wide_ones(unsigned bits)
{
	return bits == 0 ? 0 : ~(sdr_wide)0 >> (128 - bits);
}

#endif
