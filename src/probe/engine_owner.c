/* engine_owner.c - targets that belong to a job. */
#include "probe/engine_owner.h"

void sdr_owner_take(struct engine_target *target, struct sdr_owner *owner)
{
	target->owner = owner;
	target->public.owned = owner;
	target->waiting = owner;
	if (owner)
		owner->waiting++;
}

void sdr_owner_begun(struct engine_target *target)
{
	struct sdr_owner *owner = target->waiting ? target->owner : NULL;
	target->waiting = false;
	if (!owner)
		return;
	owner->waiting--;
	if (owner->on_begun)
		owner->on_begun(owner->sink.context);
}

const struct sdr_sink *sdr_owner_sinks(
	const struct sdr_engine *engine, const struct engine_target *target, unsigned *count)
{
	*count = target->orphan ? 0 : target->owner ? 1 : engine->sink_count;
	return target->owner ? &target->owner->sink : engine->sinks;
}

void sdr_engine_release(struct sdr_engine *engine, struct sdr_owner *owner)
{
	for (uint32_t id = 0; id < engine->targets.limit; id++) {
		struct engine_target *target = engine->targets.by_id[id];
		if (!target || target->owner != owner)
			continue;
		if (!target->removed)
			sdr_engine_drop(engine, target, "");
		target->owner = NULL;
		target->orphan = true;
	}
}

enum sdr_status sdr_engine_add(struct sdr_engine *engine, const struct sdr_spec *spec, uint32_t *id,
	struct sdr_error *error)
{
	return sdr_engine_add_owned(engine, spec, NULL, id, error);
}
