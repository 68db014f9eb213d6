/* index.h (internal) - an index of names and aliases. */
#ifndef SOUNDER_REGISTRY_INDEX_H
#define SOUNDER_REGISTRY_INDEX_H

#include "registry/registry_set.h"

/* NULL when out of memory. */
struct registry_index *sdr_index_new(const struct registry_set *set);
void sdr_index_free(struct registry_index *index);

/* Returns the next row from *cursor on (0 at the start) whose name or alias may be `name`, in
 * merged order; false at the end. Rows of another name may be among them. */
bool sdr_index_next(
	const struct registry_index *index, const char *name, uint32_t *cursor, size_t *row);

#endif
