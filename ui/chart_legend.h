/* chart_legend.h - whose the lines of a chart are, in one line: letters in their hues, names, and
 * what the chart shows of each in figures. */
#ifndef SOUNDER_UI_CHART_LEGEND_H
#define SOUNDER_UI_CHART_LEGEND_H

#include "chart.h"

/* Fills in the figures of a name from what is drawn; with `minutes` the longest. */
void ui_chart_name_count(struct ui_chart_name *name, const struct ui_series *series);

/* Draws the legend of so many lines into the surface's first row. Where it is too narrow first p50
 * goes, then all figures, then parts of names, then the last ones: "3 more". */
void ui_chart_legend_draw(
	const struct ui_surface *s, const struct ui_chart_name *names, unsigned count);

#endif
