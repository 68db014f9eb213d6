/* fuzz_services.c - any bytes as /etc/services, merged with IANA's table: every entry of the file
 * has its row, in order, none of IANA's is lost, and names and numbers find the rows that looking
 * at each of them finds, with an index and without one. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "few_ports.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 1024
#define FOUND 2048

static void check_order(struct sdr_registry *registry, size_t rows)
{
	struct sdr_port_row before, row;
	for (size_t i = 0; i < rows; i++, before = row) {
		must(sdr_registry_port(registry, i, &row));
		must(i == 0 || before.port < row.port ||
			(before.port == row.port && before.transport <= row.transport));
	}
	must(!sdr_registry_port(registry, rows, &row));
}

/* Each of IANA's rows is there, or one of the file's means the same. */
static void check_iana(struct sdr_registry *registry, size_t rows)
{
	const struct registry_set *set = &registry->ports;
	struct sdr_port_row row = {0};
	size_t start = 0;
	for (uint32_t i = 0; i < set->iana_count; i++) {
		const struct registry_row *wanted = &set->iana[i];
		bool found = false;
		while (sdr_registry_port(registry, start, &row) && row.port < wanted->first)
			start++;
		for (size_t at = start; !found && at < rows; at++)
			found = sdr_registry_port(registry, at, &row) &&
				row.port == wanted->first && row.transport == wanted->transport &&
				strcasecmp(row.name, set->iana_text + wanted->text) == 0;
		must(found);
	}
}

static void check_name(struct sdr_registry *registry, const char *name, size_t rows)
{
	static size_t found[FOUND];
	struct sdr_port_row row;
	size_t count = 0,
	       returned =
		       sdr_registry_port_by_name(registry, name, SDR_TRANSPORTS_ALL, found, FOUND);
	for (size_t i = 0; i < rows; i++) {
		must(sdr_registry_port(registry, i, &row));
		count += sdr_registry_named(row.name, row.aliases, name);
	}
	must(returned == count);
	for (size_t i = 0; i < returned && i < FOUND; i++)
		must(sdr_registry_port(registry, found[i], &row) &&
			sdr_registry_named(row.name, row.aliases, name));
}

static void check_number(struct sdr_registry *registry, uint16_t port, size_t rows)
{
	static size_t found[FOUND];
	struct sdr_port_row row;
	size_t count = 0;
	for (unsigned i = 0; i < registry_service_ranges_count; i++) {
		const struct registry_row *range = &registry_services[registry_service_ranges[i]];
		if (port >= range->first && port <= range->last)
			return; /* of the whole table */
	}
	for (size_t i = 0; i < rows; i++)
		count += sdr_registry_port(registry, i, &row) && row.port == port;
	must(sdr_registry_port_by_number(registry, port, SDR_TRANSPORTS_ALL, found, FOUND) ==
		count);
}

/* Each entry with a transport we know is a row, and is found. Names are asked for more often than
 * an index needs to be made. */
static void check_entries(
	struct sdr_registry *registry, const char *bytes, size_t size, size_t rows)
{
	struct etc_entry entry;
	size_t offset = 0;
	while (sdr_etc_next(bytes, size, &offset, &entry)) {
		char name[256];
		struct sdr_port_row row;
		size_t length = entry.name.length < 255 ? entry.name.length : 255, count = 0;
		snprintf(name, sizeof(name), "%.*s", (int)length, entry.name.at);
		for (size_t i = 0; i < rows; i++)
			count += sdr_registry_port(registry, i, &row) && row.port == entry.number &&
				row.source == SDR_SOURCE_SYSTEM && strcmp(row.name, name) == 0;
		bool known = entry.kind.length == 3 &&
			(!strncasecmp(entry.kind.at, "tcp", 3) ||
				!strncasecmp(entry.kind.at, "udp", 3));
		must(count > 0 || !known);
		check_name(registry, name, rows);
		check_number(registry, (uint16_t)entry.number, rows);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("services", MFD_CLOEXEC);
	if (size > MOST || memchr(data, '\0', size)) {
		close(fd);
		return 0;
	}
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct sdr_registry *registry = sdr_registry_new_from(path, "/nonexistent");
	must(registry != NULL);
	few_ports(registry, 1000);
	size_t rows = sdr_registry_port_count(registry);
	const char *bytes = (const char *)data;
	size_t skip = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	bool wide = size >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2));
	must(wide == (sdr_registry_ports_why(registry)[0] != '\0'));
	check_order(registry, rows);
	check_iana(registry, rows);
	if (!wide)
		check_entries(registry, bytes + skip, size - skip, rows);
	sdr_registry_free(registry);
	close(fd);
	return 0;
}
