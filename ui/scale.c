/* scale.c - measures as steps. */
#include "scale.h"

#include <math.h>

#define LEAST_MS 0.1

double ui_latency_place(sdr_ns rtt)
{
	double ms = (double)rtt / 1e6,
	       place = ms > 0 ? log10(ms / LEAST_MS) / UI_LATENCY_DECADES : 0;
	return place < 0 ? 0 : place > 1 ? 1 : place;
}

enum ui_style ui_latency_style_at(double place)
{
	int step = (int)(place * UI_STEPS);
	return (enum ui_style)(UI_LATENCY + (step < UI_STEPS ? step : UI_STEPS - 1));
}

enum ui_style ui_latency_style(sdr_ns rtt)
{
	return ui_latency_style_at(ui_latency_place(rtt));
}

unsigned ui_share_step(double share)
{
	static const double least[UI_SHARES - 1] = {1, 0.99, 0.95, 0.80};
	unsigned step = 0;
	while (step < UI_SHARES - 1 && share < least[step])
		step++;
	return step;
}

enum ui_style ui_label_style(const char *name)
{
	unsigned hash = 5381;
	for (const char *at = name; *at; at++)
		hash = hash * 33 + (unsigned char)*at;
	return (enum ui_style)(UI_LABEL + (int)(hash % UI_STEPS));
}
