/* targets.c - an array of pointers that only grows, and a stack of the ids that are free again. */
#include "probe/targets.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "probe/address_group.h"

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
	size_t typed = strlen(spec->target) + 1, host = 0;
	if (spec->host && strcmp(spec->host, spec->target) != 0)
		host = strlen(spec->host) + 1;
	struct engine_target *target = malloc(offsetof(struct engine_target, text) + typed + host);
	struct spec_share *share = target ? sdr_spec_share(spec, latest) : NULL;
	if (!share) {
		free(target);
		return NULL;
	}
	memset(target, 0, sizeof(*target)); /* calloc passes by what was just freed, which a sweep
					       wants again and again */
	memcpy(target->text, spec->target, typed);
	if (host > 0)
		memcpy(target->text + typed, spec->host, host);
	target->public.spec = &share->spec;
	target->public.typed = target->text;
	target->public.host = host > 0 ? target->text + typed : spec->host ? target->text : NULL;
	target->public.name = target->public.host ? target->public.host : target->public.typed;
	target->public.port = spec->port;
	target->public.why = "";
	target->public.resolve_time = SDR_NS_NONE;
	return target;
}

struct spec_share *sdr_targets_share(const struct engine_target *target)
{
	return (struct spec_share *)((char *)(uintptr_t)target->public.spec -
		offsetof(struct spec_share, spec));
}

void sdr_targets_free(struct engine_target *target)
{
	sdr_address_group_leave(target);
	if (target->lookup) {
		free(target->lookup->name);
		free(target->lookup->why);
		free(target->lookup->addresses);
		free(target->lookup->missing);
		free(target->lookup);
	}
	sdr_spec_release(sdr_targets_share(target));
	free(target);
}

void sdr_targets_drop(struct targets *targets, struct engine_target *target)
{
	targets->by_id[target->public.id] = NULL;
	targets->holes[targets->hole_count++] = target->public.id;
	sdr_targets_free(target);
}

void sdr_targets_done(struct targets *targets)
{
	free(targets->by_id);
	free(targets->holes);
	*targets = (struct targets){0};
}
