/* path_table.c - targets by their keys, and the two timers. */
#include <stdlib.h>
#include <string.h>

#include "probe/path.h"
#include "probe/path_mtu.h"

#define SERIAL_SILENT 8          /* hops that a round waits for, where one is probed at a time */
#define NAMES_STEP (50 * SDR_MS) /* between looks for names that a last round waits for */

struct path_target *sdr_path_target(const struct path *path, uint32_t key)
{
	uint32_t place = key % PATH_PLACES;
	struct path_target *target = place < path->capacity ? path->targets[place] : NULL;
	return target && target->key == key ? target : NULL;
}

uint8_t sdr_path_hops(const struct path_target *target)
{
	uint8_t count = 0;
	for (unsigned i = 0; i < target->flow_count; i++) {
		uint8_t hops = path_trace_hops(&target->traces[i]);
		count = hops > count ? hops : count;
	}
	return count;
}

void sdr_path_wake(struct path_target *target)
{
	target->active = true;
	uv_timer_start(&target->path->tick, target->path->on_tick, 0, 0);
}

void sdr_path_note_trouble(struct path_target *target, const char *trouble)
{
	if (trouble == target->reported)
		return;
	target->trouble = trouble;
	sdr_path_wake(target);
}

bool sdr_path_is_busy(const struct path_target *target)
{
	for (unsigned i = 0; i < target->flow_count; i++)
		if (path_trace_is_busy(&target->traces[i]))
			return true;
	return false;
}

static bool is_last_round(const struct path_target *target, uint32_t round)
{
	uint64_t count = target->public->spec->count;
	return count > 0 && round >= count;
}

/* Whether a router that answers at all has not answered all yet. */
static bool is_awaited(const struct path_record *hop)
{
	const struct path_counters *counters = &hop->counters;
	return hop->known_count > 0 && counters->sent > counters->received + counters->lost;
}

bool sdr_path_may_report(const struct path_target *target)
{
	if (sdr_path_mtu_is_due(target))
		return false;
	if (!is_last_round(target, target->answer.tag.round))
		return true;
	for (uint8_t ttl = 1; ttl <= target->hops.max; ttl++)
		if (is_awaited(path_hops_at(&target->hops, ttl)))
			return false;
	return target->names_asked == 0 && !target->second.under_way && !sdr_path_is_busy(target);
}

/* One probe at a time may take a while to find the target: then the round ends with the last of
 * them. Else it ends after its last hop's probe. */
static sdr_ns patience(const struct path_target *target)
{
	sdr_ns patience = target->public->spec->timeout + PATH_LINGER;
	for (unsigned i = 0; i < target->flow_count; i++)
		if (target->traces[i].serial && target->traces[i].length == 0)
			return patience + SERIAL_SILENT * PATH_SERIAL_MAX;
	return patience;
}

static enum sdr_status await_round(
	struct path_target *target, uint32_t round, sdr_ns sent, sdr_ns patience)
{
	const struct hop_tag whole = {.round = round};
	struct inflight *inflight = &target->path->inflight;
	uint64_t sequence = sdr_path_sequence(&whole);
	uint32_t before = sdr_inflight_find(inflight, target->key, sequence);
	if (before != SDR_INFLIGHT_NONE)
		sdr_inflight_remove(inflight, before);
	return sdr_inflight_add(inflight, target->key, sequence, sent, patience) ==
			SDR_INFLIGHT_NONE
		? SDR_ENOMEM
		: SDR_OK;
}

enum sdr_status sdr_path_await(struct path_target *target, sdr_ns now)
{
	return await_round(target, target->round, now, patience(target));
}

bool sdr_path_awaits_names(struct path_target *target, uint32_t round)
{
	const struct hop_tag whole = {.round = round};
	struct inflight *inflight = &target->path->inflight;
	uint32_t index = sdr_inflight_find(inflight, target->key, sdr_path_sequence(&whole));
	if (target->names_asked == 0 || !is_last_round(target, round) || index == SDR_INFLIGHT_NONE)
		return false;
	sdr_ns sent = inflight->entries[index].sent;
	return await_round(target, round, sent, sdr_clock_now() - sent + NAMES_STEP) == SDR_OK;
}

void sdr_path_hold(struct path_target *target)
{
	struct probe_env *env = target->path->env;
	bool busy = sdr_path_is_busy(target);
	if (busy == target->held)
		return;
	target->held = busy;
	env->again_at(env, target->public->id, busy ? INT64_MAX : 0);
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
