/* probe.c - the table of probe types. */
#include "probe/probe_type.h"

#include <string.h>

#include "tables.h"

#define PROBE(name) extern const struct probe_type probe_##name;
SDR_PROBES
#undef PROBE

static const struct probe_type *const types[] = {
#define PROBE(name) &probe_##name,
	SDR_PROBES
#undef PROBE
		NULL,
};

const struct sdr_probe_type *sdr_probe_at(unsigned index)
{
	return index < sizeof(types) / sizeof(*types) && types[index] ? &types[index]->public
								      : NULL;
}

const struct sdr_probe_type *sdr_probe_find(const char *name)
{
	const struct sdr_probe_type *public;
	for (unsigned i = 0; (public = sdr_probe_at(i)); i++)
		if (strcmp(public->name, name) == 0)
			return public;
	return NULL;
}
