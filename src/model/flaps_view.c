/* flaps_view.c - read access to which targets flap. */
#include "sounder/flaps.h"

#include "model/model_internal.h"

uint32_t sdr_model_flapping(const struct sdr_model *model)
{
	return model->flapping;
}

bool sdr_model_flaps(const struct sdr_model *model, uint32_t position)
{
	return model->flapping > 0 &&
		sdr_model_entry_shows_flaps(sdr_model_entry_at(model, position));
}

uint32_t sdr_model_wrong(const struct sdr_model *model)
{
	uint32_t wrong = model->tally[SDR_STATE_DOWN] + model->tally[SDR_STATE_SLOW];
	for (uint32_t id = 0; model->flapping > 0 && id < model->id_limit; id++)
		wrong += model->by_id[id] && sdr_model_entry_flaps(model->by_id[id]) &&
			model->by_id[id]->health.state == SDR_STATE_UP;
	return wrong;
}
