/* token.h - the mark that identifies the probe a reply belongs to, without storing anything:
 * (target, sequence) encrypted under a key made once per process. A keyed permutation rather
 * than a hash, so that it can be decrypted to the probe. Somebody who hasn't seen a request hits
 * a probe in flight with a chance of about (probes in flight) / 2^64 per forged packet. The
 * cipher is Speck64/128: Beaulieu et al., "The SIMON and SPECK Families of Lightweight Block
 * Ciphers", 2013. */
#ifndef SOUNDER_NET_TOKEN_H
#define SOUNDER_NET_TOKEN_H

#include <stdint.h>

#define SDR_TOKEN_ROUNDS 27

struct token_key {
	uint32_t rounds[SDR_TOKEN_ROUNDS];
};

/* Expands a key of 128 random bits, least significant word first. */
void sdr_token_init(struct token_key *key, const uint32_t words[static 4]);

uint64_t sdr_token_seal(const struct token_key *key, uint32_t target, uint32_t sequence);
void sdr_token_open(
	const struct token_key *key, uint64_t token, uint32_t *target, uint32_t *sequence);

#endif
