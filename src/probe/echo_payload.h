/* echo_payload.h - the bytes that an echo probe sends, which are never stored: byte n is computed
 * when it is sent, and again when it is compared. Pure. */
#ifndef SOUNDER_PROBE_ECHO_PAYLOAD_H
#define SOUNDER_PROBE_ECHO_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes 0..7 are the sequence, 8..15 the key, the rest a stream keyed by it. */
struct echo_payload {
	uint64_t sequence, key;
	uint32_t size; /* bytes */
};

/* Mixes 64 bits (splitmix64). */
uint64_t sdr_echo_mix(uint64_t x);

/* Fills bytes[length] with those of the payload from `from` on. */
void sdr_echo_fill(
	const struct echo_payload *payload, uint32_t from, unsigned char *bytes, uint32_t length);

enum echo_fault {
	ECHO_FAULT_NONE,
	ECHO_FAULT_OTHER, /* another byte came back */
	ECHO_FAULT_MORE,  /* more came back than was sent */
};

/* Compares bytes[length] with those of the payload from `from` on. Where they differ, *at is the
 * first that does. */
enum echo_fault sdr_echo_compare(const struct echo_payload *payload, uint32_t from,
	const unsigned char *bytes, uint32_t length, uint32_t *at);

#endif
