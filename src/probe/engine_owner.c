/* engine_owner.c - targets that belong to a job. */
#include "probe/engine_owner.h"

void sdr_owner_take(struct engine_target *target, struct sdr_owner *owner)
{
	target->owner = owner;
	target->public->owned = owner;
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
