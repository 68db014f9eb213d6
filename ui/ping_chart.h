/* ping_chart.h - what a chart shows of a target and of those that are marked: the chosen part of
 * all that is kept of them. */
#ifndef SOUNDER_UI_PING_CHART_H
#define SOUNDER_UI_PING_CHART_H

#include "chart.h"
#include "sounder/model.h"
#include "ui.h"

#define UI_PING_SAMPLES 3840 /* that are drawn one by one */

/* The samples of a chart. All-zero is ready. */
struct ui_ping_chart {
	sdr_ns samples[UI_CHART_LINES][UI_PING_SAMPLES];
	uint32_t id;     /* whose newest sample the rest is of */
	uint64_t number; /* of it */
	sdr_ns interval; /* of its probes */
	sdr_wall when;   /* of it, from then on computed by the interval: so the times under a chart
			    don't move */
};

/* Returns what a chart has between two samples of a target. */
sdr_ns ui_ping_interval(const struct sdr_target *target);

/* How long ago the first is that is kept of the target at that position of the model, and how long
 * a time its chart spans: as chosen, but no more than what first shows all that is kept. */
sdr_ns ui_ping_kept(struct ui *ui, uint32_t position);
sdr_ns ui_ping_span(struct ui *ui, uint32_t position);

/* Fills in a chart of it, and of those marked; it refers to the samples of `samples`. */
void ui_ping_chart_fill(
	struct ui_ping_chart *samples, struct ui *ui, uint32_t position, struct ui_chart *chart);

/* Writes what a chart of it spans, and the keys that change that. */
void ui_ping_chart_format(
	struct ui *ui, uint32_t position, const struct ui_chart *chart, char *out, size_t size);

#endif
