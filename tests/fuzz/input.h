/* input.h - a fuzzer's input taken apart: numbers off its front, zeros once it is used up. */
#ifndef SOUNDER_TESTS_FUZZ_INPUT_H
#define SOUNDER_TESTS_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct input {
	const uint8_t *at;
	size_t left;
};

/* What a target holds for true, also where assert is compiled out. */
#define must(good) ((good) ? (void)0 : must_not(__FILE__, __LINE__, #good))

static inline void must_not(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	abort();
}

static inline uint8_t take_byte(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

/* A number of so many bytes, the high one first. */
static inline uint64_t take_number(struct input *input, unsigned bytes)
{
	uint64_t number = 0;
	while (bytes-- > 0)
		number = number << 8 | take_byte(input);
	return number;
}

/* Up to `wanted` bytes; *length is how many there are. */
static inline const uint8_t *take_bytes(struct input *input, size_t wanted, size_t *length)
{
	const uint8_t *bytes = input->at;
	*length = wanted < input->left ? wanted : input->left;
	input->at += *length;
	input->left -= *length;
	return bytes;
}

#endif
