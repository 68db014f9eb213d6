/* fuzz_hostport.c - any text as host:port: what is taken holds no control character and reads back
 * as the same when put together. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/addr.h"

static void check_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[600], together[400];
	struct sdr_hostport out, back;
	struct sdr_error error = {0};
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, length);
	text[length] = '\0';
	if (sdr_hostport_parse(text, &out, &error) != SDR_OK) {
		if (error.text[0] == '\0' || error.offset > strlen(text))
			abort();
		return 0;
	}
	check_clean(out.host);
	check_clean(out.service);
	if (out.has_service != (out.service[0] != '\0') ||
		(out.host[0] == '\0' && !out.has_service))
		abort();
	snprintf(together, sizeof(together), "%s%s%s%s%s", out.bracketed ? "[" : "", out.host,
		out.bracketed ? "]" : "", out.has_service ? ":" : "", out.service);
	if (sdr_hostport_parse(together, &back, NULL) != SDR_OK ||
		memcmp(&out, &back, sizeof(out)) != 0)
		abort();
	return 0;
}
