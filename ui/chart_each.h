/* chart_each.h - a plot each: an area for every series, one above the other, of one scale and one
 * time, with its name and its own losses. */
#ifndef SOUNDER_UI_CHART_EACH_H
#define SOUNDER_UI_CHART_EACH_H

#include "chart_scale.h"

struct ui_chart;

/* Returns how many rows each of them has for values, at least 1. */
int ui_chart_each_rows(const struct ui_surface *s, const struct ui_chart *chart);

/* Draws as many as fit, and how many more there are. The scale is one of so many rows. */
void ui_chart_each_draw(const struct ui_surface *s, const struct ui_chart *chart,
	const struct ui_chart_scale *scale);

#endif
