/* model_settings.c - what makes a state, and beginning again. */
#include "model/model_internal.h"

void sdr_model_set_limits(struct sdr_model *model, const struct sdr_limits *limits)
{
	model->version++;
	model->limits = *limits;
	model->version++; /* reasons name them */
	if (model->limits.losses < 1)
		model->limits.losses = 1;
	if (model->limits.replies < 1)
		model->limits.replies = 1;
}

void sdr_model_reset(struct sdr_model *model, uint32_t position)
{
	model->version++;
	sdr_order_settle(model->order, model->by_id);
	for (uint32_t i = 0; i < model->order->count; i++)
		if (position == UINT32_MAX || i == position)
			sdr_entry_reset(model->by_id[model->order->ids[i]]);
}
