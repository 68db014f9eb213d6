/* fuzz_ports.c - any bytes as what is typed to filter ports: what matches is within its field, and
 * likeness only ever adds rows. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "registry/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *field_of(const struct sdr_port_row *row, enum sdr_port_field field)
{
	const char *const fields[] = {"", "65535", row->name, row->aliases, row->description};
	return fields[field];
}

static size_t search(struct sdr_registry *registry, const char *text, bool fuzzy)
{
	struct sdr_port_match matches[32];
	struct sdr_port_row row;
	size_t n = sdr_registry_port_search(
		registry, &(struct sdr_port_query){text, SDR_TRANSPORTS_ALL, fuzzy}, matches, 32);
	for (size_t i = 0; i < n && i < 32; i++) {
		if (!sdr_registry_port(registry, matches[i].index, &row))
			abort();
		if ((size_t)matches[i].start + matches[i].length >
			strlen(field_of(&row, matches[i].field)))
			abort();
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sdr_registry *registry; /* read once; a run has a million of these */
	struct sdr_port_range range;
	char text[128];
	size_t length = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	if (!registry && !(registry = sdr_registry_new_from("/nonexistent", "/nonexistent")))
		return 0;
	if (length > 0)
		memcpy(text, data, length);
	text[length] = '\0';
	if (search(registry, text, true) < search(registry, text, false))
		abort();
	if (sdr_port_range_parse(text, &range, NULL) == SDR_OK && range.first > range.last)
		abort();
	return 0;
}
