/* ping_detail.h - one target in detail: a chart of its recent probes, its figures by window, its
 * outages and the errors it met. */
#ifndef SOUNDER_UI_PING_DETAIL_H
#define SOUNDER_UI_PING_DETAIL_H

#include "chart.h"
#include "draw.h"
#include "sounder/model.h"
#include "ui.h"

#define UI_PING_SAMPLES 3840 /* as ui_charting promises */

/* The samples of a chart, of the target under the cursor and of those marked. All-zero is ready. */
struct ui_ping_detail {
	sdr_ns samples[UI_CHART_LINES][UI_PING_SAMPLES];
	uint32_t id;     /* whose newest sample the rest is of */
	uint64_t number; /* of it */
	sdr_ns interval; /* of its probes */
	sdr_wall when;   /* of it, from then on computed by the interval: so the times under a chart
			    don't move */
};

/* Returns what a chart has between two samples of a target. */
sdr_ns ui_ping_interval(const struct sdr_target *target);

/* Draws the detail of the target at that position of the model. */
void ui_ping_detail_draw(struct ui_ping_detail *detail, struct ui *ui, uint32_t position,
	const struct sdr_row *row, const struct ui_surface *s);

#endif
