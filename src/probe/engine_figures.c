/* engine_figures.c - what types keep of targets themselves, taken out and put back. */
#include <stdlib.h>

#include "probe/probe_type.h"
#include "sounder/engine.h"

struct sdr_figures {
	const struct probe_type *type;
	void *kept; /* the type's; owned */
};

/* A member's are its leader's. */
static const struct probe_type *type_of(const struct sdr_target *target)
{
	const struct probe_type *type =
		target ? (const struct probe_type *)target->spec->type : NULL;
	return type && type->take && sdr_target_state(target) ? type : NULL;
}

struct sdr_figures *sdr_engine_take_figures(struct sdr_engine *engine, uint32_t id)
{
	const struct sdr_target *target = sdr_engine_find(engine, id);
	const struct probe_type *type = type_of(target);
	void *kept = type ? type->take(sdr_target_state(target)) : NULL;
	struct sdr_figures *figures = kept ? malloc(sizeof(*figures)) : NULL;
	if (figures)
		*figures = (struct sdr_figures){type, kept};
	else if (kept)
		type->drop(kept);
	return figures;
}

void sdr_engine_give_figures(struct sdr_engine *engine, uint32_t id, struct sdr_figures *figures)
{
	const struct sdr_target *target = sdr_engine_find(engine, id);
	if (figures && type_of(target) == figures->type)
		figures->type->give(sdr_target_state(target), figures->kept);
	sdr_figures_free(figures);
}

void sdr_figures_free(struct sdr_figures *figures)
{
	if (figures)
		figures->type->drop(figures->kept);
	free(figures);
}
