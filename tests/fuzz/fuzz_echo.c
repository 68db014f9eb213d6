/* fuzz_echo.c - what an echo service sends back, cut anywhere, with bytes changed, left out or
 * added: the first that differs is the one that comparing the whole finds. */
#include <string.h>

#include "input.h"
#include "probe/echo_payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 4096u

/* The payload again, a word of eight bytes at a time. */
static void expect(const struct echo_payload *payload, uint8_t *bytes)
{
	for (uint32_t i = 0; i < payload->size; i += 8) {
		uint64_t word = i == 0 ? payload->sequence : payload->key;
		if (i >= 16) {
			word = payload->key + i / 8 + 0x9e3779b97f4a7c15;
			word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
			word = (word ^ word >> 27) * 0x94d049bb133111eb;
			word ^= word >> 31;
		}
		for (uint32_t j = i; j < i + 8 && j < payload->size; j++, word >>= 8)
			bytes[j] = (uint8_t)word;
	}
}

/* Changes a byte a time; returns how many bytes come back. */
static uint32_t spoil(struct input *input, uint8_t *bytes, uint32_t length)
{
	for (uint8_t changes = take_byte(input) % 4; changes > 0; changes--) {
		uint32_t at = (uint32_t)take_number(input, 2) % (MOST + 16);
		bytes[at] ^= take_byte(input);
	}
	uint8_t how = take_byte(input);
	return how % 3 == 0    ? length
		: how % 3 == 1 ? length - (uint32_t)take_number(input, 2) % (length + 1)
			       : length + how / 3 % 16;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	static uint8_t back[MOST + 16], sent[MOST + 16];
	struct echo_payload payload = {.sequence = take_number(&input, 8),
		.key = take_number(&input, 8),
		.size = (uint32_t)take_number(&input, 2) % (MOST + 1)};
	memset(back, 0, sizeof(back));
	expect(&payload, back);
	memcpy(sent, back, sizeof(sent));
	uint32_t length = spoil(&input, back, payload.size), first = 0, from = 0, at = 0;
	while (first < length && first < payload.size && back[first] == sent[first])
		first++;
	enum echo_fault fault = ECHO_FAULT_NONE;
	while (fault == ECHO_FAULT_NONE && from < length) {
		uint8_t piece[512];
		uint32_t n = 1 + (uint32_t)take_number(&input, 2) % 512;
		n = n < length - from ? n : length - from;
		fault = sdr_echo_compare(&payload, from, back + from, n, &at);
		if (from + n <= payload.size) {
			sdr_echo_fill(&payload, from, piece, n);
			must(memcmp(piece, sent + from, n) == 0);
		}
		from += n;
	}
	must((fault == ECHO_FAULT_NONE) == (first == length));
	must(fault == ECHO_FAULT_NONE ||
		(at == first && (fault == ECHO_FAULT_MORE) == (first >= payload.size)));
	return 0;
}
