/* registry.c - the registry: its two sets of rows, and the files that they were read from. */
#include "registry/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "registry/index.h"
#include "sounder/user_path.h"

void sdr_registry_stamp(struct registry_stamp *stamp, const char *path)
{
	struct stat stat_now;
	*stamp = (struct registry_stamp){.changed = -1};
	if (!path || stat(path, &stat_now) != 0)
		return;
	stamp->inode = stat_now.st_ino;
	stamp->size = stat_now.st_size;
	stamp->changed = (int64_t)stat_now.st_mtim.tv_sec * 1000000000 + stat_now.st_mtim.tv_nsec;
}

struct sdr_registry *sdr_registry_new_from(const char *services_path, const char *protocols_path)
{
	struct sdr_registry *registry = calloc(1, sizeof(*registry));
	if (!registry)
		return NULL;
	registry->services_path = services_path;
	registry->protocols_path = protocols_path;
	registry->ports.iana = registry_services;
	registry->ports.iana_text = registry_services_text;
	registry->ports.iana_count = registry_services_count;
	registry->protocols.iana = registry_protocols;
	registry->protocols.iana_text = registry_protocols_text;
	registry->protocols.iana_count = registry_protocols_count;
	return registry;
}

struct sdr_registry *sdr_registry_new(void)
{
	struct sdr_registry *registry = sdr_registry_new_from("/etc/services", "/etc/protocols");
	char path[SDR_USER_PATH];
	if (!registry || !sdr_user_path(SDR_USER_CONFIG, "services", path, sizeof(path)))
		return registry;
	registry->user_path = strdup(path);
	if (registry->user_path)
		return registry;
	sdr_registry_free(registry);
	return NULL;
}

const char *sdr_registry_ports_why(const struct sdr_registry *registry)
{
	return registry->searchless ? "services could not be searched: out of memory"
				    : registry->ports.why;
}

const char *sdr_registry_protocols_why(const struct sdr_registry *registry)
{
	return registry->protocols.why;
}

/* Forgets what was read; IANA's table stays. */
static void set_done(struct registry_set *set)
{
	free(set->rows);
	free(set->text);
	free(set->twins);
	free(set->order);
	sdr_index_free(set->index);
	*set = (struct registry_set){
		.iana = set->iana, .iana_text = set->iana_text, .iana_count = set->iana_count};
}

static bool differs(const struct registry_stamp *read, const char *path)
{
	struct registry_stamp now;
	sdr_registry_stamp(&now, path);
	return now.inode != read->inode || now.size != read->size || now.changed != read->changed;
}

bool sdr_registry_refresh(struct sdr_registry *registry)
{
	bool ports = registry->ports.loaded &&
		(registry->ports.why[0] != '\0' ||
			differs(&registry->stamps[REGISTRY_USER], registry->user_path) ||
			differs(&registry->stamps[REGISTRY_SERVICES], registry->services_path));
	bool protocols = registry->protocols.loaded &&
		(registry->protocols.why[0] != '\0' ||
			differs(&registry->stamps[REGISTRY_PROTOCOLS], registry->protocols_path));
	if (ports) {
		set_done(&registry->ports);
		free(registry->found);
		free(registry->letters);
		registry->found = NULL;
		registry->letters = NULL;
	}
	if (protocols)
		set_done(&registry->protocols);
	return ports || protocols;
}

void sdr_registry_free(struct sdr_registry *registry)
{
	if (!registry)
		return;
	set_done(&registry->ports);
	set_done(&registry->protocols);
	free(registry->found);
	free(registry->letters);
	free(registry->user_path);
	free(registry);
}
