/* model_clock.c - the clocks for a model, which reads none. */
#include "session/model_clock.h"

#include "model/model.h"

void sdr_model_clock_advance(struct model_clock *clock)
{
	struct sdr_clocks clocks = {sdr_clock_now(), sdr_clock_boot(), sdr_clock_wall()};
	sdr_model_advance(clock->model, &clocks);
	clock->advanced = clocks.boot;
}

bool sdr_model_clock_is_due(const struct model_clock *clock)
{
	return sdr_clock_boot() - clock->advanced > 900 * SDR_MS;
}
