/* registry.h (internal) - the registry's own state, and how it is made and read. */
#ifndef SOUNDER_REGISTRY_REGISTRY_H
#define SOUNDER_REGISTRY_REGISTRY_H

#include "registry/registry_set.h"

/* How a filter found a row; one for each, so that a search allocates nothing. */
struct registry_found {
	uint16_t start, length; /* see sdr_port_match */
	uint8_t field;          /* enum sdr_port_field */
	uint8_t rank;           /* 0 best; REGISTRY_RANKS: not found */
};

#define REGISTRY_RANKS 11

/* Identifies the version of a file that was read. */
struct registry_stamp {
	uint64_t inode;
	int64_t size, changed; /* bytes; ns since 1970, -1 for a file that is not there */
};

enum registry_file { REGISTRY_USER, REGISTRY_SERVICES, REGISTRY_PROTOCOLS, REGISTRY_FILES };

struct sdr_registry {
	const char *services_path;                    /* borrowed */
	const char *protocols_path;                   /* borrowed */
	char *user_path;                              /* owned; NULL: no labels of the user's */
	struct registry_stamp stamps[REGISTRY_FILES]; /* of the files as read */
	struct registry_set ports;                    /* of enum sdr_transport */
	struct registry_set protocols;                /* transport 0 */
	struct registry_found *found; /* [ports' rows], made by the first search; owned */
	bool searchless;              /* the last search had no memory */
	/* [ports\' rows] which characters are in a row, made with `found`; owned. */
	uint64_t *letters;
};

/* Makes a registry that reads other files and no labels of the user's; both paths are borrowed.
 * NULL when out of memory. */
struct sdr_registry *sdr_registry_new_from(const char *services_path, const char *protocols_path);

/* Notes what a file is like now. */
void sdr_registry_stamp(struct registry_stamp *stamp, const char *path);

/* Loads what is needed and returns the set. */
struct registry_set *sdr_registry_ports(struct sdr_registry *registry);
struct registry_set *sdr_registry_protocols(struct sdr_registry *registry);

#endif
