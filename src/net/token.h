/* token.h - the mark that says which probe a reply belongs to, without storing anything: (target,
 * sequence) encrypted under a key that lives as long as the process. A keyed permutation rather
 * than a hash (SipHash), since a token must be opened: a reply may come from another address than
 * was asked, long after its probe has left the table, or more than once, and all that it brings is
 * these 8 bytes, the most that the smallest payload (-s 8) has room for. With a hash beside the two
 * numbers it would take 16, or leave a forger 2^32 tries. Somebody who hasn't seen a request hits a
 * probe in flight with a chance of about (probes in flight) / 2^64 per forged packet. The cipher is
 * Speck64/128 (no tables, 64-bit blocks): Beaulieu et al., "The SIMON and SPECK Families of
 * Lightweight Block Ciphers", 2013; its test vector is in tests/unit/test_icmp.c. */
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
