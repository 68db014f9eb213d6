/* groups_view.c - read access to the model's groups and sets. */
#include "sounder/groups.h"

#include "model/digest.h"
#include "model/model_internal.h"

uint32_t sdr_model_groups(const struct sdr_model *model)
{
	return sdr_groups_limit(model->groups);
}

bool sdr_model_group(const struct sdr_model *model, uint32_t number, struct sdr_target_group *group)
{
	return sdr_groups_view(model->groups, number, group);
}

uint64_t sdr_model_group_version(const struct sdr_model *model)
{
	return sdr_groups_version(model->groups);
}

uint32_t sdr_model_group_of(const struct sdr_model *model, uint32_t position)
{
	return sdr_model_entry_at(model, position)->group;
}

void sdr_model_pool(const struct sdr_model *model, const uint32_t *positions, uint32_t count,
	sdr_ns now, struct sdr_figures *figures)
{
	struct sdr_counts counts = {0};
	for (uint32_t i = 0; i < count; i++)
		sdr_history_add(&sdr_model_entry_at(model, positions[i])->series,
			now + model->slept, &counts);
	sdr_history_sum_up(&counts, figures);
	sdr_model_fill_loss(figures);
}

uint32_t sdr_model_sets(const struct sdr_model *model)
{
	return model->sets.limit;
}

bool sdr_model_set(const struct sdr_model *model, uint32_t number, struct sdr_target_group *group)
{
	return sdr_sets_view(&model->sets, number, group);
}

uint32_t sdr_model_set_of(const struct sdr_model *model, uint32_t position)
{
	return sdr_sets_of(sdr_model_entry_at(model, position));
}
