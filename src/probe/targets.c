/* targets.c - an array of pointers that only grows, and a stack of the ids that are free again. */
#include "probe/targets.h"

#include <stdlib.h>

static enum sdr_status grow(struct targets *targets)
{
	uint32_t n = targets->capacity ? targets->capacity * 2 : 16;
	struct engine_target **by_id = realloc(targets->by_id, n * sizeof(struct engine_target *));
	if (!by_id)
		return SDR_ENOMEM;
	targets->by_id = by_id;
	uint32_t *holes = realloc(targets->holes, n * sizeof(*holes));
	if (!holes)
		return SDR_ENOMEM;
	targets->holes = holes;
	targets->capacity = n;
	return SDR_OK;
}

enum sdr_status sdr_targets_take(struct targets *targets, uint32_t *id)
{
	if (targets->hole_count > 0) {
		*id = targets->holes[--targets->hole_count];
		return SDR_OK;
	}
	if (targets->limit == targets->capacity && grow(targets) != SDR_OK)
		return SDR_ENOMEM;
	*id = targets->limit++;
	targets->by_id[*id] = NULL;
	return SDR_OK;
}

struct engine_target *sdr_targets_find(const struct targets *targets, uint32_t id)
{
	struct engine_target *target = id < targets->limit ? targets->by_id[id] : NULL;
	return target && !target->removed ? target : NULL;
}

struct engine_target *sdr_targets_make(const struct sdr_spec *spec, struct spec_share *latest)
{
	struct engine_target *target = malloc(sizeof(*target));
	struct sdr_target *public = target ? sdr_target_new(spec, latest) : NULL;
	if (!public) {
		free(target);
		return NULL;
	}
	*target = (struct engine_target){.public = public};
	return target;
}

void sdr_targets_free(struct engine_target *target)
{
	sdr_set_leave(target);
	free(target->lookup);
	sdr_target_release(target->public);
	free(target);
}

void sdr_targets_drop(struct targets *targets, struct engine_target *target)
{
	targets->by_id[target->public->id] = NULL;
	targets->holes[targets->hole_count++] = target->public->id;
	sdr_targets_free(target);
}

void sdr_targets_done(struct targets *targets)
{
	free(targets->by_id);
	free(targets->holes);
	*targets = (struct targets){0};
}
