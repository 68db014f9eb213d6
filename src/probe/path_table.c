/* path_table.c - targets by their keys, and the two timers. */
#include <stdlib.h>
#include <string.h>

#include "probe/path.h"

struct path_target *sdr_path_target(const struct path *path, uint32_t key)
{
	uint32_t place = key % PATH_PLACES;
	struct path_target *target = place < path->capacity ? path->targets[place] : NULL;
	return target && target->key == key ? target : NULL;
}

void sdr_path_wake(struct path_target *target)
{
	target->active = true;
	uv_timer_start(&target->path->tick, target->path->on_tick, 0, 0);
}

static bool is_last_round(const struct path_target *target)
{
	uint64_t count = target->public->spec->count;
	return count > 0 && target->answer.tag.round >= count;
}

bool sdr_path_may_report(const struct path_target *target)
{
	if (sdr_path_mtu_is_due(target))
		return false;
	for (uint8_t ttl = 1; ttl <= target->hops.max && is_last_round(target); ttl++) {
		const struct path_record *hop = path_hops_at(&target->hops, ttl);
		const struct path_counters *counters = &hop->counters;
		if (hop->known_count > 0 && counters->sent > counters->received + counters->lost)
			return false;
	}
	return true;
}

static sdr_ns due_of(struct path *path)
{
	sdr_ns due = sdr_inflight_next(&path->inflight);
	for (uint32_t i = 0; i < path->capacity; i++) {
		const struct path_target *target = path->targets[i];
		if (target && target->ended && sdr_path_may_report(target) &&
			(due == SDR_NS_NONE || target->report_at < due))
			due = target->report_at;
	}
	return due;
}

void sdr_path_arm(struct path *path)
{
	sdr_ns due = due_of(path), now = sdr_clock_now();
	if (due == SDR_NS_NONE)
		uv_timer_stop(&path->expiry);
	else
		uv_timer_start(&path->expiry, path->on_expiry,
			due > now ? (uint64_t)((due - now) / SDR_MS + 1) : 0, 0);
}

static enum sdr_status make_room(struct path *path)
{
	uint32_t capacity = path->capacity ? path->capacity * 2 : 16;
	if (capacity > PATH_PLACES)
		return SDR_ENOMEM;
	struct path_target **targets = realloc(path->targets, capacity * sizeof(*targets));
	if (!targets)
		return SDR_ENOMEM;
	path->targets = targets;
	uint32_t *generations = realloc(path->generations, capacity * sizeof(*generations));
	if (!generations)
		return SDR_ENOMEM;
	path->generations = generations;
	uint32_t added = capacity - path->capacity;
	memset(targets + path->capacity, 0, added * sizeof(*targets));
	memset(generations + path->capacity, 0, added * sizeof(*generations));
	path->capacity = capacity;
	return SDR_OK;
}

enum sdr_status sdr_path_enter(struct path *path, struct path_target *target)
{
	uint32_t place = 0;
	while (place < path->capacity && path->targets[place])
		place++;
	if (place == path->capacity && make_room(path) != SDR_OK)
		return SDR_ENOMEM;
	path->targets[place] = target;
	target->key = place | ++path->generations[place] << (32 - PATH_GENERATION_BITS);
	return SDR_OK;
}
