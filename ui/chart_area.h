/* chart_area.h - round trips as an area: a bar a cell, coloured by height, so that what is near the
 * limit is seen from afar; and the lane of what was lost. */
#ifndef SOUNDER_UI_CHART_AREA_H
#define SOUNDER_UI_CHART_AREA_H

#include "chart_scale.h"

/* Draws the limit's line over the whole surface, whose rows are the scale's; nothing where it is
 * above. */
void ui_chart_limit_draw(
	const struct ui_surface *s, const struct ui_chart_scale *scale, sdr_ns limit);

/* Draws one series of the chart. */
struct ui_chart;
void ui_chart_area_draw(const struct ui_surface *s, const struct ui_chart *chart, unsigned number,
	const struct ui_chart_scale *scale);

/* Draws what of one series was lost into the surface's first row, each cell as high as the
 * share. */
void ui_chart_lane_draw(const struct ui_surface *s, const struct ui_chart *chart, unsigned number);

#endif
