/* row_table.h - a growing array of equal values: interfaces, addresses, routes. */
#ifndef SOUNDER_HOST_ROW_TABLE_H
#define SOUNDER_HOST_ROW_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* What the values are. */
struct table_kind {
	size_t size; /* bytes of one value */
	bool (*same)(const void *a,
		const void *b); /* stand for the same thing: the later one replaces the earlier */
	int (*order)(const void *a, const void *b); /* for qsort */
	size_t most;                                /* values kept */
};

struct table {
	const struct table_kind *kind;
	unsigned char *values; /* [count], sorted by kind->order; owned */
	size_t count;          /* values */
	size_t room;           /* values */
	/* Why values are missing: ENOMEM, or E2BIG for more than are kept; 0: none are. */
	int lacking;
};

void sdr_table_init(struct table *table, const struct table_kind *kind);
void sdr_table_done(struct table *table);

const void *sdr_table_at(const struct table *table, size_t index); /* NULL past the end */

/* Adds a value at the end without looking for its like or sorting. False: full, or out of memory;
 * the table then lacks it. */
bool sdr_table_append(struct table *table, const void *value);
void sdr_table_sort(struct table *table);

/* Adds a value in its place, or replaces the one that is the same. True if that changed
 * anything. */
bool sdr_table_put(struct table *table, const void *value);

/* Removes what is the same. True if there was something. */
bool sdr_table_remove(struct table *table, const void *value);

/* Empties `to` and gives it the values of `from`, which is empty afterwards. True if the values
 * differ. */
bool sdr_table_take(struct table *to, struct table *from);

#endif
