/* watch_items.c - what a watch keeps of its targets: found by the engine's id, in the order they
 * were asked for. */
#include "job/watch_items.h"

#include <stdlib.h>
#include <string.h>

enum sdr_status sdr_watch_items_open(
	struct watch_items *items, const struct sdr_watch *watch, struct sdr_engine *engine)
{
	*items = (struct watch_items){.watch = watch,
		.engine = engine,
		.capacity = watch->count + 1,
		.list = calloc(watch->count + 1, sizeof(*items->list))};
	if (!items->list)
		return SDR_ENOMEM;
	items->count = watch->count;
	for (size_t i = 0; i < items->count; i++)
		items->list[i].index = i;
	return SDR_OK;
}

void sdr_watch_items_close(struct watch_items *items)
{
	for (size_t i = 0; i < items->count; i++)
		sdr_target_release(items->list[i].target);
	free(items->list);
	free(items->item_of);
	*items = (struct watch_items){0};
}

uint32_t sdr_watch_items_number(const struct watch_items *items, uint32_t id)
{
	return id < items->limit ? items->item_of[id] : UINT32_MAX;
}

struct item *sdr_watch_item(struct watch_items *items, const struct sdr_target *target)
{
	uint32_t number = sdr_watch_items_number(items, target->id);
	struct item *item = number < items->count ? &items->list[number] : NULL;
	return item && item->added ? item : NULL;
}

static bool is_of_set(const struct item *item, const struct sdr_set *set)
{
	return item->target && sdr_target_set(item->target) == set;
}

enum sdr_status sdr_watch_items_place(struct watch_items *items, size_t number, uint32_t id)
{
	if (id >= items->limit) {
		uint32_t limit = id + id / 2 + 16;
		uint32_t *item_of = realloc(items->item_of, limit * sizeof(*item_of));
		if (!item_of)
			return SDR_ENOMEM;
		memset(item_of + items->limit, 0xff, (limit - items->limit) * sizeof(*item_of));
		items->item_of = item_of;
		items->limit = limit;
	}
	items->item_of[id] = (uint32_t)number;
	items->list[number].target = sdr_target_hold(sdr_engine_find(items->engine, id));
	items->list[number].added = true;
	return SDR_OK;
}

static bool make_room(struct watch_items *items)
{
	if (items->count < items->capacity)
		return true;
	size_t capacity = items->capacity * 2;
	struct item *list = realloc(items->list, capacity * sizeof(*list));
	if (!list)
		return false;
	items->list = list;
	items->capacity = capacity;
	return true;
}

struct item *sdr_watch_item_add(
	struct watch_items *items, const struct sdr_target *target, enum sdr_status *status)
{
	const struct sdr_set *set = sdr_target_set(target);
	size_t at = 0, number = items->count;
	*status = SDR_OK;
	while (at < items->watch->count && !is_of_set(&items->list[at], set))
		at++;
	if (at == items->watch->count)
		return NULL;
	if (!make_room(items)) {
		*status = SDR_ENOMEM;
		return NULL;
	}
	items->list[number] = (struct item){.index = items->list[at].index};
	*status = sdr_watch_items_place(items, number, target->id);
	if (*status != SDR_OK)
		return NULL;
	while (items->list[at].next)
		at = items->list[at].next;
	items->list[at].next = items->count++;
	return &items->list[number];
}
