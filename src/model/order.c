/* order.c - an array with holes that are closed when it is read. */
#include "model/order.h"

#include <stdlib.h>

struct sdr_order *sdr_order_new(void)
{
	return calloc(1, sizeof(struct sdr_order));
}

void sdr_order_free(struct sdr_order *order)
{
	if (order)
		free(order->entries);
	free(order);
}

bool sdr_order_reserve(struct sdr_order *order)
{
	if (order->count < order->room)
		return true;
	uint32_t room = order->room ? order->room * 2 : 64;
	struct sdr_entry **entries = realloc(order->entries, room * sizeof *entries);
	if (!entries)
		return false;
	order->entries = entries;
	order->room = room;
	return true;
}

void sdr_order_add(struct sdr_order *order, struct sdr_entry *entry)
{
	entry->position = order->count;
	order->entries[order->count++] = entry;
}

void sdr_order_remove(struct sdr_order *order, struct sdr_entry *entry)
{
	order->entries[entry->position] = NULL;
	order->holes++;
}

const struct sdr_order *sdr_order_settled(struct sdr_order *order)
{
	uint32_t kept = 0;
	if (order->holes == 0)
		return order;
	for (uint32_t i = 0; i < order->count; i++) {
		struct sdr_entry *entry = order->entries[i];
		if (!entry)
			continue;
		entry->position = kept;
		order->entries[kept++] = entry;
	}
	order->count = kept;
	order->holes = 0;
	return order;
}
