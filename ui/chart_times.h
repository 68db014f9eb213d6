/* chart_times.h - the wall times under a chart. */
#ifndef SOUNDER_UI_CHART_TIMES_H
#define SOUNDER_UI_CHART_TIMES_H

#include "chart.h"

/* Draws them into the surface's first row, below the samples of the chart's first series. */
void ui_chart_times_draw(const struct ui_surface *s, const struct ui_chart *chart);

#endif
