/* fuzz_scan.c - any bytes as text with addresses: those that are found are the ones that reading a
 * byte at a time finds, wherever the text's blocks of 64 begin, and the strict parser accepts them
 * too. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/plain_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_strictly(const struct sdr_prefix_set *set, const char *text, size_t size)
{
	struct sdr_scan scan = sdr_scan_of(set, true);
	struct sdr_scan_hit hit;
	char copy[SDR_ADDR_TEXT] = "";
	struct sdr_addr addr;
	scan.bytes = text;
	scan.end = size;
	if (!sdr_scan_find(&scan, &hit))
		return;
	if (hit.start >= hit.end || hit.end > size || hit.end - hit.start >= sizeof(copy))
		abort();
	memcpy(copy, text + hit.start, hit.end - hit.start);
	if (sdr_addr_parse(copy, &addr, NULL) != SDR_OK || sdr_addr_compare(&addr, &hit.addr) != 0)
		abort();
	if ((hit.index != SDR_PREFIX_NONE) != (addr.bytes[0] == (addr.version == 4 ? 10 : 0xfe)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sdr_prefix some[] = {
		{.addr = {.version = 4, .bytes = {10}}, .length = 8},
		{.addr = {.version = 6, .bytes = {0xfe}}, .length = 8}};
	if (size > 4096)
		return 0;
	struct sdr_prefix_set *four = sdr_prefix_set_new(some, 1),
			      *both = sdr_prefix_set_new(some, 2);
	size_t shift = size % 64;
	char *text = malloc(size + shift), *exact = malloc(size + 1);
	if (!four || !both || !text || !exact)
		abort();
	memset(text, '\n', shift);
	memcpy(text + shift, data, size);
	memcpy(exact, data, size);
	for (int any = 0; any < 2; any++)
		for (int six = 0; six < 2; six++)
			if (!plain_agrees(six ? both : four, any, exact, 0, size) ||
				!plain_agrees(six ? both : four, any, text, shift, shift + size) ||
				!plain_agrees(six ? both : four, any, text, 0, shift + size))
				abort();
	check_strictly(both, exact, size);
	free(text);
	free(exact);
	sdr_prefix_set_free(four);
	sdr_prefix_set_free(both);
	return 0;
}
