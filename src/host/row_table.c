/* row_table.c - a growing array of equal values, kept sorted. Values are compared byte by byte, so
 * they are zeroed before they are filled. */
#include "host/row_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void sdr_table_init(struct table *table, const struct table_kind *kind)
{
	*table = (struct table){.kind = kind};
}

void sdr_table_done(struct table *table)
{
	free(table->values);
	*table = (struct table){.kind = table->kind};
}

static unsigned char *value_at(const struct table *table, size_t index)
{
	return table->values + index * table->kind->size;
}

const void *sdr_table_at(const struct table *table, size_t index)
{
	return index < table->count ? value_at(table, index) : NULL;
}

bool sdr_table_append(struct table *table, const void *value)
{
	if (table->count == table->room) {
		size_t room = table->room != 0 ? table->room * 2 : 16;
		bool full = table->room >= table->kind->most;
		unsigned char *values =
			full ? NULL : realloc(table->values, room * table->kind->size);
		if (!values) {
			table->lacking = full ? E2BIG : ENOMEM;
			return false;
		}
		table->values = values;
		table->room = room;
	}
	memcpy(value_at(table, table->count++), value, table->kind->size);
	return true;
}

void sdr_table_sort(struct table *table)
{
	if (table->count > 1)
		qsort(table->values, table->count, table->kind->size, table->kind->order);
}

static size_t find(const struct table *table, const void *value)
{
	size_t i = 0;
	while (i < table->count && !table->kind->same(value_at(table, i), value))
		i++;
	return i;
}

bool sdr_table_put(struct table *table, const void *value)
{
	size_t at = find(table, value);
	if (at < table->count && memcmp(value_at(table, at), value, table->kind->size) == 0)
		return false;
	if (at < table->count)
		memcpy(value_at(table, at), value, table->kind->size);
	else if (!sdr_table_append(table, value))
		return false;
	sdr_table_sort(table);
	return true;
}

bool sdr_table_remove(struct table *table, const void *value)
{
	size_t at = find(table, value);
	if (at == table->count)
		return false;
	table->count--;
	memmove(value_at(table, at), value_at(table, at + 1),
		(table->count - at) * table->kind->size);
	return true;
}

bool sdr_table_take(struct table *to, struct table *from)
{
	bool differ = to->count != from->count ||
		(to->count > 0 &&
			memcmp(to->values, from->values, to->count * to->kind->size) != 0);
	free(to->values);
	*to = *from;
	*from = (struct table){.kind = to->kind};
	return differ;
}
