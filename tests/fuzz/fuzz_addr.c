/* fuzz_addr.c - any text as an address: what is taken is written back as the same address; what is
 * not is explained. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256], out[SDR_ADDR_TEXT], again[SDR_ADDR_TEXT];
	struct sdr_addr addr, back;
	struct sdr_error error = {0};
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, length);
	text[length] = '\0';
	if (sdr_addr_parse(text, &addr, &error) != SDR_OK) {
		if (error.text[0] == '\0' || error.offset > strlen(text))
			abort();
		return 0;
	}
	sdr_addr_format(out, &addr);
	if (sdr_addr_parse(out, &back, NULL) != SDR_OK || sdr_addr_compare(&addr, &back) != 0)
		abort();
	if (strcmp(sdr_addr_format(again, &back), out) != 0)
		abort();
	return 0;
}
