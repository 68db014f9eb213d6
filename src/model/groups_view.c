/* groups_view.c - read access to the model's groups and sets. */
#include "sounder/groups.h"

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
	sdr_order_settle(model->order, model->by_id);
	return model->by_id[model->order->ids[position]]->group;
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
	sdr_order_settle(model->order, model->by_id);
	return sdr_sets_of(model->by_id[model->order->ids[position]]);
}
