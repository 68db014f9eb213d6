/* few_ports.h - one in so many of IANA's eleven thousand ports, in their order: enough to be found
 * or missed, and a hundred times as many inputs a second. Ranges are left out: a look-up by number
 * knows those of the whole table. */
#ifndef SOUNDER_TESTS_FUZZ_FEW_PORTS_H
#define SOUNDER_TESTS_FUZZ_FEW_PORTS_H

#include <string.h>

#include "registry/registry.h"

#define FEW_PORTS 160

static inline bool few_ports_wants(const struct registry_row *row)
{
	static const char *const names[] = {"ssh", "domain", "http", "https", "postgresql", "ntp",
		"kerberos", "x11", "www", "echo", "ftp-data"};
	const char *name = registry_services_text + row->text;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Before anything is asked of it. */
static inline void few_ports(struct sdr_registry *registry, unsigned one_in)
{
	static struct registry_row rows[FEW_PORTS];
	static unsigned count, at; /* chosen once */
	for (; at < registry_services_count && count < FEW_PORTS; at++) {
		const struct registry_row *row = &registry_services[at];
		if (row->first == row->last && (at % one_in == 0 || few_ports_wants(row)))
			rows[count++] = *row;
	}
	registry->ports.iana = rows;
	registry->ports.iana_count = count;
}

#endif
