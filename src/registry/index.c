/* index.c - which rows may have a name or alias: a hash table with chains, made when a registry is
 * asked for many names. The idea: rows are entered from the last to the first, each at the head of
 * its chain, so that a chain is in merged order. */
#include <stdlib.h>
#include <string.h>

#include "registry/index.h"

struct entry {
	uint32_t row;  /* of the merged order */
	uint32_t next; /* entry + 1; 0 ends the chain */
};

struct registry_index {
	uint32_t mask;         /* chains - 1, a power of two less one */
	uint32_t count;        /* entries */
	uint32_t *heads;       /* [mask + 1] entry + 1; 0: none; owned */
	struct entry *entries; /* owned */
};

/* FNV-1a over the name in lower case. */
static uint32_t hash(const char *name, size_t length)
{
	uint32_t value = 2166136261U;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)name[i];
		value = (value ^ (c >= 'A' && c <= 'Z' ? c + 32U : c)) * 16777619U;
	}
	return value;
}

static void enter(struct registry_index *index, const char *name, size_t length, uint32_t row)
{
	if (length == 0)
		return;
	uint32_t *head = &index->heads[hash(name, length) & index->mask];
	/* A row whose alias falls into its name's chain is there already. */
	if (*head != 0 && index->entries[*head - 1].row == row)
		return;
	index->entries[index->count] = (struct entry){row, *head};
	*head = ++index->count;
}

static size_t aliases_in(const char *aliases)
{
	size_t count = aliases[0] != '\0';
	for (; aliases[0] != '\0'; aliases++)
		count += aliases[0] == ',';
	return count;
}

static void fill(struct registry_index *index, const struct registry_set *set)
{
	for (size_t i = sdr_registry_rows(set); i-- > 0;) {
		struct registry_view view = sdr_registry_view(set, i);
		enter(index, view.name, strlen(view.name), (uint32_t)i);
		for (const char *at = view.aliases; at[0] != '\0';) {
			size_t n = strcspn(at, ",");
			enter(index, at, n, (uint32_t)i);
			at += n + (at[n] == ',');
		}
	}
}

struct registry_index *sdr_index_new(const struct registry_set *set)
{
	struct registry_index *index = calloc(1, sizeof(*index));
	size_t rows = sdr_registry_rows(set), names = rows;
	if (!index)
		return NULL;
	for (size_t i = 0; i < rows; i++)
		names += aliases_in(sdr_registry_view(set, i).aliases);
	while (index->mask < names)
		index->mask = index->mask * 2 + 1;
	index->heads = calloc((size_t)index->mask + 1, sizeof(*index->heads));
	index->entries = calloc(names + 1, sizeof(*index->entries));
	if (!index->heads || !index->entries) {
		sdr_index_free(index);
		return NULL;
	}
	fill(index, set);
	return index;
}

void sdr_index_free(struct registry_index *index)
{
	if (!index)
		return;
	free(index->heads);
	free(index->entries);
	free(index);
}

bool sdr_index_next(
	const struct registry_index *index, const char *name, uint32_t *cursor, size_t *row)
{
	/* Past the end of a chain the cursor is one that no entry has. */
	uint32_t at = *cursor == 0 ? index->heads[hash(name, strlen(name)) & index->mask] : *cursor;
	if (at == 0 || at == UINT32_MAX)
		return false;
	*row = index->entries[at - 1].row;
	*cursor = index->entries[at - 1].next != 0 ? index->entries[at - 1].next : UINT32_MAX;
	return true;
}
