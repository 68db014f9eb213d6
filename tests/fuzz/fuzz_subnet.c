/* fuzz_subnet.c - any text as a range: what is taken is covered by networks that follow one another
 * from its first address to its last, and reads back as the same when written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/space.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cover(struct sdr_range range)
{
	struct sdr_addr next = range.first, last = range.last;
	struct sdr_prefix holder = sdr_range_holder(&range), prefix;
	unsigned networks = 0;
	if (!sdr_prefix_contains(&holder, &range.first) ||
		!sdr_prefix_contains(&holder, &range.last))
		abort();
	while (sdr_range_take(&range, &prefix)) {
		struct sdr_addr end = sdr_prefix_last(&prefix);
		if (sdr_addr_compare(&prefix.addr, &next) != 0 ||
			sdr_addr_compare(&end, &last) > 0 || ++networks > 254)
			abort(); /* 2 * 127 is the most that any range of 128 bits takes */
		next = sdr_addr_add(&end, 1);
	}
	next = sdr_addr_add(&next, -1);
	if (sdr_addr_compare(&next, &last) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[300], again[2 * SDR_ADDR_TEXT + 2] = "";
	struct sdr_range range, back;
	struct sdr_error error = {0};
	char end[SDR_ADDR_TEXT];
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, length);
	text[length] = '\0';
	if (sdr_range_parse(text, &range, &error) != SDR_OK) {
		if (error.text[0] == '\0')
			abort();
		return 0;
	}
	strcat(again, sdr_addr_format(end, &range.first));
	strcat(again, "-");
	strcat(again, sdr_addr_format(end, &range.last));
	if (sdr_range_parse(again, &back, NULL) != SDR_OK ||
		sdr_addr_compare(&back.first, &range.first) != 0 ||
		sdr_addr_compare(&back.last, &range.last) != 0)
		abort();
	check_cover(range);
	return 0;
}
