/* Header lines cut at each line feed, as libcurl hands them over: limits hold, and what is walked
 * lies within what was kept. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "http/headers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdr_headers headers = {0};
	struct sdr_header header;
	const char *bytes = (const char *)data;
	size_t at = 0, length;
	for (size_t from = 0; from < size;) {
		const char *end = memchr(bytes + from, '\n', size - from);
		size_t line = end ? (size_t)(end - bytes) - from + 1 : size - from;

		if (!sdr_headers_add(&headers, bytes + from, line))
			break;
		from += line;
	}
	assert(headers.used <= SDR_HEADERS_BYTES_MAX + SDR_HEADERS_LINES_MAX);
	const char *status = sdr_headers_status_line(&headers, &length);
	assert(!status || length < headers.used);
	while (sdr_headers_next(&headers, &at, &header)) {
		assert(header.name >= headers.bytes &&
			header.name + header.name_length <= headers.bytes + headers.used);
		assert(header.value >= headers.bytes &&
			header.value + header.value_length <= headers.bytes + headers.used);
	}
	sdr_headers_done(&headers);
	return 0;
}
