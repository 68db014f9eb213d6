/* echo_payload.c - the payload of echo, byte by byte. */
#include "probe/echo_payload.h"

uint64_t sdr_echo_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static unsigned char byte_at(const struct echo_payload *payload, uint32_t index)
{
	uint64_t word = index < 8 ? payload->sequence
		: index < 16      ? payload->key
				  : sdr_echo_mix(payload->key + index / 8);
	return (unsigned char)(word >> 8 * (index % 8));
}

void sdr_echo_fill(
	const struct echo_payload *payload, uint32_t from, unsigned char *bytes, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		bytes[i] = byte_at(payload, from + i);
}

enum echo_fault sdr_echo_compare(const struct echo_payload *payload, uint32_t from,
	const unsigned char *bytes, uint32_t length, uint32_t *at)
{
	for (uint32_t i = 0; i < length; i++) {
		*at = from + i;
		if (from + i >= payload->size)
			return ECHO_FAULT_MORE;
		if (bytes[i] != byte_at(payload, from + i))
			return ECHO_FAULT_OTHER;
	}
	return ECHO_FAULT_NONE;
}
