/* random.h - the same numbers on every machine: xorshift64*. */
#ifndef SOUNDER_TESTS_RANDOM_H
#define SOUNDER_TESTS_RANDOM_H

#include <stdint.h>

/* Returns the next number of a seed, which is not 0, below a limit. */
static inline unsigned random_below(uint64_t *seed, unsigned limit)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (unsigned)((*seed * 2685821657736338717u) >> 33) % limit;
}

#endif
