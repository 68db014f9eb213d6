/* protocol_table.c - Internet protocol numbers: rows by position. RFC 5237. */
#include "registry/registry.h"

static unsigned take(const struct etc_entry *entry)
{
	return entry->kind.length == 0; /* no transport: the first bit stands for it */
}

struct registry_set *sdr_registry_protocols(struct sdr_registry *registry)
{
	struct registry_load load = {.system = registry->protocols_path, .take = take};
	if (registry->protocols.loaded)
		return &registry->protocols;
	sdr_registry_stamp(&registry->stamps[REGISTRY_PROTOCOLS], registry->protocols_path);
	sdr_registry_load(&registry->protocols, &load);
	return &registry->protocols;
}

size_t sdr_registry_protocol_count(struct sdr_registry *registry)
{
	return sdr_registry_rows(sdr_registry_protocols(registry));
}

bool sdr_registry_protocol(
	struct sdr_registry *registry, size_t index, struct sdr_protocol_row *row)
{
	const struct registry_set *set = sdr_registry_protocols(registry);
	if (index >= sdr_registry_rows(set))
		return false;
	struct registry_view view = sdr_registry_view(set, index);
	*row = (struct sdr_protocol_row){
		.number = view.row->first,
		.source = view.source,
		.name = view.name,
		.aliases = view.aliases,
		.own_aliases = view.own_aliases,
		.description = view.description,
	};
	return true;
}

bool sdr_registry_protocol_is(const struct sdr_protocol_row *row, const char *name)
{
	return sdr_registry_named(row->name, row->aliases, name);
}
