/* engine_view.c - read access to the engine, and its sinks. */
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
	return target ? target->public : NULL;
}

uint32_t sdr_engine_limit(const struct sdr_engine *engine)
{
	return engine->targets.limit;
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
