/* fuzz_recognise.c - any text pasted: what is recognised lies within the text, and its address and
 * network are read back as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/recognise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_back(const struct sdr_reading *reading)
{
	char text[SDR_PREFIX_TEXT];
	struct sdr_reading back;
	struct sdr_prefix prefix = sdr_reading_prefix(reading);
	if (sdr_recognise(sdr_addr_format(text, &reading->addr), 0, &back, NULL) != SDR_OK ||
		back.kind != SDR_READING_ADDRESS ||
		sdr_addr_compare(&back.addr, &reading->addr) != 0)
		abort();
	if (sdr_recognise(sdr_prefix_format(text, &prefix), 0, &back, NULL) != SDR_OK ||
		back.kind != SDR_READING_NETWORK || back.length != prefix.length ||
		sdr_addr_compare(&back.addr, &prefix.addr) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[4096], formatted[SDR_READING_TEXT];
	struct sdr_reading reading;
	struct sdr_error error = {0};
	size_t length = size > 1 ? size - 1 : 0;
	length = length < sizeof(text) - 1 ? length : sizeof(text) - 1;
	memcpy(text, data + 1, size > 1 ? length : 0);
	text[length] = '\0';
	/* The first byte selects how to read. */
	if (sdr_recognise(text, size > 0 ? data[0] & 3 : 0, &reading, &error) != SDR_OK) {
		if (error.text[0] == '\0' || error.offset > strlen(text))
			abort();
		return 0;
	}
	if (reading.kind >= SDR_READING_COUNT || reading.offset + reading.size > strlen(text) ||
		reading.size == 0)
		abort();
	if (reading.last.version != 0 && memcmp(reading.addr.bytes, reading.last.bytes, 16) > 0)
		abort();
	if (sdr_reading_format(formatted, &reading)[0] == '\0')
		abort();
	check_back(&reading);
	return 0;
}
