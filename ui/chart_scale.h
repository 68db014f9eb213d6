/* chart_scale.h - the scale at the left of a chart: round ticks, at whole rows; linear from 0, or
 * logarithmic by decades. */
#ifndef SOUNDER_UI_CHART_SCALE_H
#define SOUNDER_UI_CHART_SCALE_H

#include "draw.h"

#define UI_SCALE_WIDTH 8 /* cells: " ms 200 |" */

struct ui_chart_scale {
	bool log;
	int rows;          /* that values take, counted from the bottom */
	int ticks, step;   /* above the bottom one; rows from one to the next */
	sdr_ns least, top; /* of the bottom, of the highest tick */
};

/* Chooses a scale on which the span of values from `least` to `most` fits into so many rows, at
 * least 1. */
struct ui_chart_scale ui_chart_scale_choose(sdr_ns least, sdr_ns most, int rows, bool log);

/* Returns how high a value is: 0.0 at the bottom, 1.0 at the highest tick; no less, but more where
 * it is above. */
double ui_chart_scale_place(const struct ui_chart_scale *scale, sdr_ns value);

/* Returns what the tick number i, 0 at the bottom, stands for. */
sdr_ns ui_chart_scale_tick(const struct ui_chart_scale *scale, int i);

/* Draws the scale at the left edge of a surface whose last row is the scale's bottom one, and dots
 * where ticks are, to the right edge. */
void ui_chart_scale_draw(const struct ui_chart_scale *scale, const struct ui_surface *s);

#endif
