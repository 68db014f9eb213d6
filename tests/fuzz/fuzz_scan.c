/* fuzz_scan.c - any bytes as text with addresses: the first that is found is one that the strict parser takes too, and lies the same wherever
 * the text's blocks of 64 begin. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find(const struct sdr_prefix_set *set, const char *bytes, size_t from, size_t end, struct sdr_scan_hit *hit)
{
	struct sdr_scan scan = sdr_scan_of(set, true);
	scan.bytes = bytes;
	scan.at = from;
	scan.end = end;
	return sdr_scan_find(&scan, hit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sdr_prefix ten = {.addr = {.version = 4, .bytes = {10}}, .length = 8};
	if (size > 4096)
		return 0;
	struct sdr_prefix_set *set = sdr_prefix_set_new(&ten, 1);
	size_t shift = size % 64;
	char *text = malloc(size + 64);
	if (!set || !text)
		abort();
	memset(text, '\n', 64);
	memcpy(text + shift, data, size);
	struct sdr_scan_hit one = {0}, other = {0};
	bool found = find(set, text, shift, shift + size, &one), again = find(set, text, 0, shift + size, &other);
	if (found != again || one.start != other.start || one.end != other.end || sdr_addr_compare(&one.addr, &other.addr) != 0)
		abort();
	if (found) {
		char copy[SDR_ADDR_TEXT] = "";
		struct sdr_addr addr;
		if (one.start < shift || one.end > shift + size || one.end - one.start >= sizeof copy)
			abort();
		memcpy(copy, text + one.start, one.end - one.start);
		if (sdr_addr_parse(copy, &addr, NULL) != SDR_OK || sdr_addr_compare(&addr, &one.addr) != 0)
			abort();
		if ((one.index != SDR_PREFIX_NONE) != (addr.version == 4 && addr.bytes[0] == 10))
			abort();
	}
	free(text);
	sdr_prefix_set_free(set);
	return 0;
}
