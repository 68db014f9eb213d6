/* registry_set.h (internal) - a set of rows: the system's, read from a file, merged with IANA's.
 * Ports and protocols are two such sets. */
#ifndef SOUNDER_REGISTRY_REGISTRY_SET_H
#define SOUNDER_REGISTRY_REGISTRY_SET_H

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

#define REGISTRY_RANKS 11

struct registry_set {
	const struct registry_row *iana; /* IANA's rows, sorted */
	const char *iana_text;           /* their strings */
	uint32_t iana_count;             /* rows */
	bool loaded;                     /* the file was searched */
	struct registry_row *rows; /* the files' rows, sorted; owned. Called the system's below, the
				      user's among them */
	char *text;                /* their strings, the user's first; owned */
	size_t user_text;          /* where the system's strings begin */
	uint32_t count;            /* of the system's rows */
	uint32_t *twins;           /* [count] IANA's equal row, or REGISTRY_NO_TWIN; owned */
	uint32_t *order; /* merged: below `count` the system's, else IANA's + count; owned; NULL:
			    IANA's alone */
	uint32_t order_count;         /* entries */
	struct registry_index *index; /* of names; NULL until enough were asked for; owned */
	unsigned asked;               /* names so far */
	char why[SDR_ERROR_TEXT];     /* why rows of the files are missing; "": none are */
};

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

/* A row's strings and where it comes from. */
struct registry_view {
	const struct registry_row *row;
	const char *own_aliases; /* without the twin's */
	const char *name, *aliases,
		*description; /* with the twin's values where the system's row has none */
	enum sdr_source source;
};

/* Makes a registry that reads other files and no labels of the user's; both paths are borrowed.
 * NULL when out of memory. */
struct sdr_registry *sdr_registry_new_from(const char *services_path, const char *protocols_path);

/* Reads the user's file (NULL: none) and the system's into a set. `take` returns the transports, as
 * bits, for which an entry makes rows; 0: the entry is not of this set. A missing file counts as
 * empty; a file that can't be read is reported in set->why. */
struct registry_load {
	const char *user, *system; /* paths */
	unsigned (*take)(const struct etc_entry *entry);
};
void sdr_registry_load(struct registry_set *set, const struct registry_load *load);

/* Notes what a file is like now. */
void sdr_registry_stamp(struct registry_stamp *stamp, const char *path);

/* Loads what is needed and returns the set. */
struct registry_set *sdr_registry_ports(struct sdr_registry *registry);
struct registry_set *sdr_registry_protocols(struct sdr_registry *registry);

/* Row `index` of the merged order, index < order_count or, without an order, iana_count. */
struct registry_view sdr_registry_view(const struct registry_set *set, size_t index);
size_t sdr_registry_rows(const struct registry_set *set);

/* An index of names and aliases. NULL when out of memory. */
struct registry_index;
struct registry_index *sdr_index_new(const struct registry_set *set);
void sdr_index_free(struct registry_index *index);

/* Returns the next row from *cursor on (0 at the start) whose name or alias may be `name`, in
 * merged order; false at the end. Rows of another name may be among them. */
bool sdr_index_next(
	const struct registry_index *index, const char *name, uint32_t *cursor, size_t *row);

/* Returns whether `name` is the row's name or one of its aliases; case does not count. */
bool sdr_registry_named(const char *row_name, const char *row_aliases, const char *name);

#endif
