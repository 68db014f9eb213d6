/* guard.c - which datagrams are answered, and how often. See guard.h for why. */
#include "serve/guard.h"

#include <stdlib.h>
#include <string.h>

/* 64 sets of four: a source is looked for in one set only, so neither a flood nor forged sources
 * cost more than four comparisons. */
#define SETS 64
#define WAYS 4

struct guard_sources {
	uint32_t per_second;                   /* 0: not limited */
	sdr_ns *times;                         /* [SETS * WAYS * per_second] */
	struct guard_source entry[SETS][WAYS]; /* free ones have version 0 */
};

const char *sdr_guard_text(enum guard_decision decision)
{
	static const char *const texts[GUARD_DECISIONS] = {
		[GUARD_NO_PORT] = "source port 0",
		[GUARD_LOW_PORT] = "source port below 1024",
		[GUARD_GROUP] = "multicast or broadcast",
		[GUARD_OWN] = "source is a service of our own",
		[GUARD_TWIN] = "source port of such a service",
		[GUARD_EMPTY] = "empty datagram",
		[GUARD_TOO_LONG] = "longer than 1472 bytes",
		[GUARD_SOURCE_RATE] = "too many from this source",
		[GUARD_TOTAL_RATE] = "too many in all",
	};
	return texts[decision];
}

static bool is_group(const struct sdr_addr *addr)
{
	static const uint8_t ones[4] = {255, 255, 255, 255};
	return sdr_addr_is_multicast(addr) ||
		(addr->version == 4 && memcmp(addr->bytes, ones, 4) == 0);
}

/* A wildcard socket of ours is at every address, also of those that we do not know to be ours. */
static bool is_own(const struct guard_rules *rules, const struct sdr_endpoint *from)
{
	for (unsigned i = 0; i < rules->own_count; i++) {
		const struct sdr_endpoint *own = &rules->own[i];
		if (own->port == from->port && own->addr.version == from->addr.version &&
			(sdr_addr_is_any(&own->addr) ||
				memcmp(own->addr.bytes, from->addr.bytes,
					sizeof(own->addr.bytes)) == 0))
			return true;
	}
	return false;
}

static bool is_twin(const struct guard_rules *rules, uint16_t port)
{
	for (unsigned i = 0; i < rules->port_count; i++)
		if (rules->ports[i] == port)
			return true;
	return port == rules->port;
}

enum guard_decision sdr_guard_check(
	const struct guard_rules *rules, const struct guard_datagram *datagram)
{
	const struct sdr_endpoint *from = &datagram->from;
	if (from->port == 0)
		return GUARD_NO_PORT;
	if (from->port < 1024)
		return GUARD_LOW_PORT;
	if (datagram->to_broadcast || is_group(&datagram->to) || is_group(&from->addr) ||
		sdr_addr_is_any(&from->addr))
		return GUARD_GROUP;
	if (is_own(rules, from))
		return GUARD_OWN;
	if (is_twin(rules, from->port))
		return GUARD_TWIN;
	if (datagram->length == 0 && rules->is_public && !rules->answers_empty)
		return GUARD_EMPTY;
	if (datagram->length > GUARD_DATAGRAM_MAX && rules->is_public)
		return GUARD_TOO_LONG;
	return GUARD_ANSWER;
}

static void pace_over(struct guard_pace *pace, sdr_ns *times, uint32_t limit)
{
	*pace = (struct guard_pace){.times = times, .limit = limit};
	for (uint32_t i = 0; i < limit; i++)
		times[i] = SDR_NS_NONE;
}

enum sdr_status sdr_guard_pace_init(struct guard_pace *pace, uint32_t limit)
{
	*pace = (struct guard_pace){0};
	if (limit == 0)
		return SDR_OK;
	sdr_ns *times = calloc(limit, sizeof(*times));
	if (!times)
		return SDR_ENOMEM;
	pace_over(pace, times, limit);
	return SDR_OK;
}

void sdr_guard_pace_done(struct guard_pace *pace)
{
	free(pace->times);
	*pace = (struct guard_pace){0};
}

bool sdr_guard_pace_ready(const struct guard_pace *pace, sdr_ns now)
{
	if (pace->limit == 0)
		return true;
	sdr_ns oldest = pace->times[pace->next];
	return oldest == SDR_NS_NONE || now - oldest >= SDR_SECOND;
}

void sdr_guard_pace_take(struct guard_pace *pace, sdr_ns now)
{
	if (pace->limit == 0)
		return;
	pace->times[pace->next] = now;
	pace->next = pace->next + 1 == pace->limit ? 0 : pace->next + 1;
}

struct guard_sources *sdr_guard_sources_new(uint32_t per_second)
{
	struct guard_sources *sources = calloc(1, sizeof(*sources));
	if (!sources)
		return NULL;
	sources->per_second = per_second;
	if (per_second > 0) {
		sources->times = calloc((size_t)SETS * WAYS * per_second, sizeof(*sources->times));
		if (!sources->times) {
			free(sources);
			return NULL;
		}
	}
	return sources;
}

void sdr_guard_sources_free(struct guard_sources *sources)
{
	if (!sources)
		return;
	free(sources->times);
	free(sources);
}

struct sdr_addr sdr_guard_prefix(const struct sdr_addr *addr)
{
	struct sdr_addr prefix = {.version = addr->version};
	memcpy(prefix.bytes, addr->bytes, addr->version == 4 ? 3 : 7);
	return prefix;
}

static unsigned set_of(const struct sdr_addr *key)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < sizeof(key->bytes); i++)
		hash = (hash ^ key->bytes[i]) * 16777619u;
	return (hash ^ hash >> 16) % SETS;
}

struct guard_source *sdr_guard_sources_touch(
	struct guard_sources *sources, const struct sdr_endpoint *from, sdr_ns now)
{
	struct sdr_addr key = sources->per_second > 0 ? sdr_guard_prefix(&from->addr) : from->addr;
	unsigned set = set_of(&key);
	struct guard_source *row = sources->entry[set], *found = NULL, *oldest = &row[0];
	for (unsigned way = 0; way < WAYS && !found; way++) {
		if (sdr_addr_same(&row[way].key, &key))
			found = &row[way];
		else if (oldest->key.version != 0 &&
			(row[way].key.version == 0 || row[way].seen < oldest->seen))
			oldest = &row[way];
	}
	if (!found) {
		found = oldest;
		*found = (struct guard_source){.key = key, .since = now};
		size_t index = (size_t)set * WAYS + (size_t)(found - row);
		if (sources->per_second > 0)
			pace_over(&found->pace, &sources->times[index * sources->per_second],
				sources->per_second);
	}
	found->last = *from;
	found->seen = now;
	return found;
}

const struct guard_source *sdr_guard_sources_at(
	const struct guard_sources *sources, unsigned index, sdr_ns after)
{
	for (unsigned i = 0; i < SETS * WAYS; i++) {
		const struct guard_source *entry = &sources->entry[i / WAYS][i % WAYS];
		if (entry->key.version != 0 && entry->seen >= after && index-- == 0)
			return entry;
	}
	return NULL;
}

unsigned sdr_guard_sources_count(const struct guard_sources *sources, sdr_ns after)
{
	unsigned count = 0;
	for (unsigned i = 0; i < SETS * WAYS; i++) {
		const struct guard_source *entry = &sources->entry[i / WAYS][i % WAYS];
		count += entry->key.version != 0 && entry->seen >= after;
	}
	return count;
}
