/* engine_notify.c - what sinks hear: events of targets in order, results at once. */
#include "probe/engine_notify.h"

#include "probe/engine_owner.h"

static void notify_sinks(const struct sdr_engine *engine, const struct engine_target *target,
	enum sdr_target_event event)
{
	unsigned count;
	const struct sdr_sink *sinks = sdr_owner_sinks(engine, target, &count);
	for (unsigned i = 0; i < count; i++)
		if (sinks[i].on_target)
			sinks[i].on_target(sinks[i].context, target->public, event);
}

void sdr_engine_notify_changes(struct sdr_engine *engine)
{
	while (engine->changed_first) {
		struct engine_target *target = engine->changed_first;
		engine->changed_first = target->next_changed;
		if (!engine->changed_first)
			engine->changed_last = NULL;
		unsigned changes = target->changes;
		target->changes = 0;
		target->in_changed = false;
		for (; changes; changes &= changes - 1)
			notify_sinks(engine, target, (enum sdr_target_event)__builtin_ctz(changes));
		if (target->removed)
			sdr_targets_drop(&engine->targets, target);
	}
}

void sdr_engine_deliver(
	struct sdr_engine *engine, const struct engine_target *target, struct sdr_result *result)
{
	unsigned count;
	const struct sdr_sink *sinks = sdr_owner_sinks(engine, target, &count);
	if (result->when == 0)
		result->when = result->sent + engine->wall_less_clock;
	for (unsigned i = 0; i < count; i++)
		if (sinks[i].on_result)
			sinks[i].on_result(sinks[i].context, target->public, result);
}
