/* fuzz_etc.c - any bytes as /etc/services or /etc/protocols: every piece lies within the file and
 * within one line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "registry/etc.h"

static void check_span(const uint8_t *data, size_t size, struct etc_span span)
{
	if (span.length == 0)
		return;
	if (span.at < (const char *)data || span.at + span.length > (const char *)data + size)
		abort();
	if (memchr(span.at, '\n', span.length) || memchr(span.at, '\0', span.length))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct etc_entry entry;
	struct etc_span word;
	size_t offset = 0, before = 0;
	while (sdr_etc_next((const char *)data, size, &offset, &entry)) {
		if (offset <= before || offset > size || entry.name.length == 0 ||
			entry.number > 65535)
			abort();
		before = offset;
		check_span(data, size, entry.name);
		check_span(data, size, entry.kind);
		check_span(data, size, entry.comment);
		check_span(data, size, entry.aliases);
		while (sdr_etc_word(&entry.aliases, &word))
			check_span(data, size, word);
	}
	return 0;
}
