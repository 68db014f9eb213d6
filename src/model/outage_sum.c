/* outage_sum.c - what happened in a time. */
#include "sounder/outage_sum.h"

#include "model/model_internal.h"

void sdr_model_outage_sum(
	const struct sdr_model *model, sdr_ns from, sdr_ns to, struct sdr_outage_sum *sum)
{
	sdr_outages_sum(&model->log, from, to, sum);
}
