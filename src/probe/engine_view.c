/* engine_view.c - read access to the engine, and its sinks. */
#include <stdio.h>

#include "probe/address_group.h"
#include "probe/engine_internal.h"

uint32_t sdr_engine_rate(const struct sdr_engine *engine)
{
	return engine->pace.rate;
}

double sdr_engine_demand(const struct sdr_engine *engine)
{
	return engine->pace.demand;
}

const struct sdr_target *sdr_engine_find(const struct sdr_engine *engine, uint32_t id)
{
	const struct engine_target *target = sdr_targets_find(&engine->targets, id);
	return target ? &target->public : NULL;
}

uint32_t sdr_engine_limit(const struct sdr_engine *engine)
{
	return engine->targets.limit;
}

uint32_t sdr_engine_backlog(const struct sdr_engine *engine)
{
	return engine->pace.count + engine->pace.fresh_count + engine->resolver.waiting +
		engine->resolver.in_flight;
}

uint32_t sdr_engine_running(const struct sdr_engine *engine)
{
	return engine->running;
}

enum sdr_status sdr_engine_sink_add(struct sdr_engine *engine, const struct sdr_sink *sink)
{
	if (engine->sink_count == SINKS_MAX)
		return SDR_ENOMEM;
	engine->sinks[engine->sink_count++] = *sink;
	return SDR_OK;
}

void sdr_engine_sink_remove(struct sdr_engine *engine, void *context)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < engine->sink_count; i++)
		if (engine->sinks[i].context != context)
			engine->sinks[kept++] = engine->sinks[i];
	engine->sink_count = kept;
}

uint32_t sdr_engine_address_group(const struct sdr_engine *engine, uint32_t id)
{
	const struct engine_target *target = sdr_targets_find(&engine->targets, id);
	return target ? sdr_address_group_number(target) : 0;
}

unsigned sdr_target_addresses(const struct sdr_target *target, const struct sdr_addr **addresses)
{
	*addresses = &target->addr;
	if (!target->many)
		return target->addr.version != 0;
	const struct target_lookup *lookup = ((const struct engine_target *)target)->lookup;
	*addresses = lookup->addresses;
	return lookup->address_count;
}

const char *sdr_target_label(char out[static SDR_TARGET_LABEL], const struct sdr_target *target)
{
	char address[SDR_ADDR_TEXT];
	if (!target->in_group || !target->addr.version)
		return target->typed;
	snprintf(out, SDR_TARGET_LABEL, "%s (%s)", target->typed,
		sdr_addr_format(address, &target->addr));
	return out;
}
