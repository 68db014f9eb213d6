/* uptime_view.c - read access to what the model counted of availability. */
#include "sounder/uptime.h"

#include <math.h>

#include "model/model_internal.h"

sdr_ns sdr_model_day(const struct sdr_model *model, uint32_t position, sdr_ns now,
	double shares[static SDR_DAY_CELLS])
{
	return sdr_entry_day(sdr_model_entry_at(model, position),
		model->original ? model->now : now, sdr_model_day_ahead(model), shares);
}

double sdr_model_uptime(const struct sdr_model *model, uint32_t group, sdr_ns now,
	double shares[static SDR_UPTIME_CELLS])
{
	const struct sdr_uptime *uptime =
		group == SDR_GROUP_NONE ? &model->uptime : sdr_groups_uptime(model->groups, group);
	if (uptime) /* a copy's time stands still */
		return sdr_uptime_read(uptime, model->original ? model->now : now, shares);
	for (int i = 0; i < SDR_UPTIME_CELLS; i++)
		shares[i] = NAN;
	return NAN;
}
