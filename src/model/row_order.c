/* row_order.c - an array with holes that are closed when it is read. */
#include "model/row_order.h"

#include <stdlib.h>

struct sdr_order *sdr_order_new(void)
{
	return calloc(1, sizeof(struct sdr_order));
}

void sdr_order_free(struct sdr_order *order)
{
	if (order)
		free(order->ids);
	free(order);
}

uint32_t sdr_order_room(uint32_t need)
{
	return need + need / 8 + 64;
}

bool sdr_order_reserve(struct sdr_order *order)
{
	if (order->count < order->room)
		return true;
	uint32_t room = sdr_order_room(order->count + 1);
	uint32_t *ids = realloc(order->ids, room * sizeof(*ids));
	if (!ids)
		return false;
	order->ids = ids;
	order->room = room;
	return true;
}

void sdr_order_add(struct sdr_order *order, struct sdr_entry *entry)
{
	entry->position = order->count;
	order->ids[order->count++] = entry->target->id;
}

void sdr_order_remove(struct sdr_order *order, struct sdr_entry *entry)
{
	order->ids[entry->position] = SDR_ORDER_HOLE;
	order->holes++;
}

void sdr_order_settle(struct sdr_order *order, struct sdr_entry *const *by_id)
{
	uint32_t kept = 0;
	if (order->holes == 0)
		return;
	for (uint32_t i = 0; i < order->count; i++) {
		uint32_t id = order->ids[i];
		if (id == SDR_ORDER_HOLE)
			continue;
		by_id[id]->position = kept;
		order->ids[kept++] = id;
	}
	order->count = kept;
	order->holes = 0;
}
