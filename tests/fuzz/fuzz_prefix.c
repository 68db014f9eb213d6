/* fuzz_prefix.c - any text as a network: what is taken is written back as the same, and its pieces
 * fit together. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256], out[SDR_PREFIX_TEXT];
	struct sdr_prefix prefix, back;
	struct sdr_error error = {0};
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, length);
	text[length] = '\0';
	if (sdr_prefix_parse(text, &prefix, &error) != SDR_OK) {
		if (error.text[0] == '\0' || error.offset > strlen(text))
			abort();
		return 0;
	}
	if (sdr_prefix_parse(sdr_prefix_format(out, &prefix), &back, NULL) != SDR_OK ||
		back.length != prefix.length || sdr_addr_compare(&prefix.addr, &back.addr) != 0)
		abort();
	struct sdr_addr network = sdr_prefix_network(&prefix), host = sdr_prefix_host_part(&prefix),
			last = sdr_prefix_last(&prefix);
	if (!sdr_prefix_contains(&prefix, &network) || !sdr_prefix_contains(&prefix, &last) ||
		sdr_addr_compare(&network, &last) > 0)
		abort();
	for (int i = 0; i < 16; i++)
		if ((network.bytes[i] | host.bytes[i]) != prefix.addr.bytes[i] ||
			(network.bytes[i] & host.bytes[i]) != 0)
			abort();
	struct sdr_addr mask = sdr_prefix_netmask(&prefix);
	uint8_t length_again;
	bool wildcard;
	if (sdr_prefix_from_mask(&mask, &length_again, &wildcard, NULL) != SDR_OK || wildcard ||
		length_again != prefix.length)
		abort();
	return 0;
}
