/* registry_set.h (internal) - a set of rows: the system's, read from a file, merged with IANA's.
 * Ports and protocols are two such sets. */
#ifndef SOUNDER_REGISTRY_REGISTRY_SET_H
#define SOUNDER_REGISTRY_REGISTRY_SET_H

#include "registry/etc.h"
#include "registry/tables.h"
#include "sounder/registry.h"

#define REGISTRY_NO_TWIN UINT32_MAX

struct registry_index;

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

/* A row's strings and where it comes from. */
struct registry_view {
	const struct registry_row *row;
	const char *own_aliases; /* without the twin's */
	const char *name, *aliases,
		*description; /* with the twin's values where the system's row has none */
	enum sdr_source source;
};

/* Reads the user's file (NULL: none) and the system's into a set. `take` returns the transports, as
 * bits, for which an entry makes rows; 0: the entry is not of this set. A missing file counts as
 * empty; a file that can't be read is reported in set->why. */
struct registry_load {
	const char *user, *system; /* paths */
	unsigned (*take)(const struct etc_entry *entry);
};
void sdr_registry_load(struct registry_set *set, const struct registry_load *load);

/* Row `index` of the merged order, index < order_count or, without an order, iana_count. */
struct registry_view sdr_registry_view(const struct registry_set *set, size_t index);
size_t sdr_registry_rows(const struct registry_set *set);

/* Returns whether `name` is the row's name or one of its aliases; case does not count. */
bool sdr_registry_named(const char *row_name, const char *row_aliases, const char *name);

#endif
