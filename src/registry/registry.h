/* registry.h (internal) - a set of rows: the system's, read from a file, merged with IANA's. Ports and protocols are two such sets. */
#ifndef SOUNDER_REGISTRY_REGISTRY_H
#define SOUNDER_REGISTRY_REGISTRY_H

#include "registry/etc.h"
#include "registry/tables.h"
#include "sounder/registry.h"

#define REGISTRY_NO_TWIN UINT32_MAX

/* How a filter found a row; one for each, so that a search allocates nothing. */
struct registry_found {
	uint16_t start, length; /* see sdr_port_match */
	uint8_t field;          /* enum sdr_port_field */
	uint8_t rank;           /* 0 best; REGISTRY_RANKS: not found */
};

#define REGISTRY_RANKS 8

struct registry_set {
	const struct registry_row *iana; /* IANA's rows, sorted */
	const char *iana_text;           /* their strings */
	uint32_t iana_count;             /* rows */
	bool loaded;                     /* the file was looked for */
	struct registry_row *rows;       /* the system's rows, sorted; owned */
	char *text;                      /* their strings; owned */
	uint32_t count;                  /* of the system's rows */
	uint32_t *twins;                 /* [count] IANA's row that says the same, or REGISTRY_NO_TWIN; owned */
	uint32_t *order;                 /* merged: below `count` the system's, else IANA's + count; owned; NULL: IANA's alone */
	uint32_t order_count;            /* entries */
};

struct sdr_registry {
	const char *services_path;     /* borrowed */
	const char *protocols_path;    /* borrowed */
	struct registry_set ports;     /* of enum sdr_transport */
	struct registry_set protocols; /* transport 0 */
	struct registry_found *found;  /* [ports' rows], made by the first search; owned */
};

/* A row's strings and where it comes from. */
struct registry_view {
	const struct registry_row *row;
	const char *name, *aliases, *description; /* with the twin's in place of what the system's row lacks */
	enum sdr_source source;
};

/* Makes a registry that reads other files; both paths are borrowed. NULL when out of memory. */
struct sdr_registry *sdr_registry_new_from(const char *services_path, const char *protocols_path);

/* Reads the file of a set, once. `take` says whether an entry belongs to it and fills its transport. A missing file is an empty one. */
void sdr_registry_load(struct registry_set *set, const char *path, bool (*take)(const struct etc_entry *entry, uint8_t *transport));

/* Loads what is needed and returns the set. */
struct registry_set *sdr_registry_ports(struct sdr_registry *registry);
struct registry_set *sdr_registry_protocols(struct sdr_registry *registry);

/* Row `index` of the merged order, index < order_count or, without an order, iana_count. */
struct registry_view sdr_registry_view(const struct registry_set *set, size_t index);
size_t sdr_registry_rows(const struct registry_set *set);

/* Returns whether `name` is the row's name or one of its aliases; case does not count. */
bool sdr_registry_named(const char *row_name, const char *row_aliases, const char *name);

#endif
