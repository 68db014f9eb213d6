/* fuzz_host_text.c - host validation: what passes is an address, or has no byte that a shell, a
 * terminal or a URL interprets, and does not end in a number; it also passes as a DNS name, unless
 * IDNA rejects it. */
#include <stdlib.h>
#include <string.h>

#include "sounder/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[600];
	struct sdr_addr addr;
	struct sdr_error error = {0};
	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (sdr_host_check(text, &error) != SDR_OK) {
		if (error.text[0] == '\0')
			abort();
		return sdr_domain_check(text, &error) == SDR_EINVAL && error.text[0] == '\0' ? -1
											     : 0;
	}
	if (sdr_addr_parse(text, &addr, NULL) == SDR_OK)
		return 0;
	if (strpbrk(text,
		    " \t\r\n"
		    "\"'`$(){}[]<>|;&!@\\*?/%:#=") ||
		sdr_host_ends_in_number(text) || text[0] == '.' || strstr(text, ".."))
		abort();
	if (sdr_domain_check(text, &error) != SDR_OK)
		abort();
	return 0;
}
