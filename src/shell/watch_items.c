/* watch_items.c - what a watch keeps of its targets: found by the engine's id, in the order they
 * were asked for. */
#include "shell/watch_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item *sdr_watch_item(struct watching *w, const struct sdr_target *target)
{
	return target->id < w->limit && w->item_of[target->id] < w->count
		? &w->items[w->item_of[target->id]]
		: NULL;
}

const struct sdr_target *sdr_watch_target(const struct watching *w, const struct item *item)
{
	return item->gone     ? &item->gone->public
		: item->added ? sdr_engine_find(w->engine, item->id)
			      : NULL;
}

/* Notes which item the engine's id is of. */
static bool map_id(struct watching *w, uint32_t id, uint32_t item)
{
	if (id >= w->limit) {
		uint32_t limit = id + id / 2 + 16;
		uint32_t *item_of = realloc(w->item_of, limit * sizeof(*item_of));
		if (!item_of)
			return false;
		memset(item_of + w->limit, 0xff, (limit - w->limit) * sizeof(*item_of));
		w->item_of = item_of;
		w->limit = limit;
	}
	w->item_of[id] = item;
	return true;
}

bool sdr_watch_items_index(struct watching *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->items[i].added && !map_id(w, w->items[i].id, (uint32_t)i))
			return false;
	return true;
}

static bool make_room(struct watching *w)
{
	if (w->count < w->capacity)
		return true;
	size_t capacity = w->capacity * 2;
	struct item *items = realloc(w->items, capacity * sizeof(*items));
	if (!items)
		return false;
	w->items = items;
	w->capacity = capacity;
	return true;
}

void sdr_watch_item_add(struct watching *w, const struct sdr_target *target)
{
	uint32_t group = sdr_engine_address_group(w->engine, target->id);
	size_t at = 0;
	while (at < w->watch->count && w->items[at].group != group)
		at++;
	if (at == w->watch->count)
		return;
	if (!make_room(w) || !map_id(w, target->id, (uint32_t)w->count)) {
		sdr_shell_complain(w->run, "%s: %s", target->typed, sdr_status_text(SDR_ENOMEM));
		return;
	}
	w->items[w->count] = (struct item){
		.index = w->items[at].index, .group = group, .id = target->id, .added = true};
	while (w->items[at].next)
		at = w->items[at].next;
	w->items[at].next = w->count++;
	w->left++;
}

void sdr_watch_item_keep(struct watching *w, struct item *item, const struct sdr_target *target)
{
	struct gone *gone = malloc(sizeof(*gone));
	w->item_of[target->id] = UINT32_MAX;
	item->added = false;
	if (!gone)
		return;
	gone->public = *target;
	sdr_watch_spec(w->watch, item->index, &gone->spec);
	snprintf(gone->name, sizeof(gone->name), "%s", target->name);
	gone->public.spec = &gone->spec;
	gone->public.typed = gone->spec.target;
	gone->public.host = gone->spec.host;
	gone->public.name = gone->name;
	gone->public.why = "";
	gone->record = NULL;
	item->gone = gone;
}
