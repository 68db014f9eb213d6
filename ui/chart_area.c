/* chart_area.c - bars in eighths of a cell. */
#include "chart_area.h"

#include "chart_columns.h"

#define LIMIT "limit"
#define LANE_HIGHEST 6 /* eighths: the lane's cells stay apart from what is above */

/* The row, from the bottom, that a limit's line is in; rows or more: above. */
static int row_of_limit(const struct ui_chart_scale *scale, sdr_ns limit)
{
	return limit > 0 ? (int)(ui_chart_scale_place(scale, limit) * scale->rows) : scale->rows;
}

void ui_chart_limit_draw(
	const struct ui_surface *s, const struct ui_chart_scale *scale, sdr_ns limit)
{
	int up = row_of_limit(scale, limit), row = s->height - 1 - up;
	if (limit <= 0 || up >= scale->rows)
		return;
	for (int at = 0; at < s->width; at++)
		ui_draw_cell(s, row, at, UI_LIMIT, 0x254c);
	struct ui_surface line = ui_surface_line(s, row);
	ui_draw_right(&line, 0, UI_LIMIT, LIMIT);
}

/* From the floor to the limit, or to the top where there is none. */
static enum ui_style style_at(const struct ui_chart_scale *scale, sdr_ns limit, int up)
{
	double whole = limit > 0 ? ui_chart_scale_place(scale, limit) * scale->rows : scale->rows,
	       part = (up + 0.5) / (whole > 0 ? whole : 1);
	if (limit > 0 && up > row_of_limit(scale, limit))
		return UI_WARNING;
	int step = (int)(part * UI_STEPS);
	return (enum ui_style)(UI_AREA + (step < UI_STEPS ? step : UI_STEPS - 1));
}

static void draw_bar(const struct ui_surface *s, int at, const struct ui_chart_scale *scale,
	sdr_ns limit, sdr_ns value)
{
	int eighths = (int)(ui_chart_scale_place(scale, value) * scale->rows * 8 + 0.5);
	eighths = eighths > 0 ? eighths : 1;
	for (int up = 0; eighths > 0 && up < s->height; up++, eighths -= 8)
		ui_draw_cell(s, s->height - 1 - up, at, style_at(scale, limit, up),
			0x2580 + (uint32_t)(eighths > 8 ? 8 : eighths));
}

/* What of a series of the chart is in a cell of a surface of that width. */
static struct ui_chart_column cell_of(
	const struct ui_chart *chart, unsigned number, int width, int at)
{
	const struct ui_series *series = &chart->series[number];
	uint32_t columns = (uint32_t)width * 2;
	int64_t left = ui_chart_left(chart->series, series, columns);
	return ui_chart_gather(series, left + 2 * at, 2, columns);
}

void ui_chart_area_draw(const struct ui_surface *s, const struct ui_chart *chart, unsigned number,
	const struct ui_chart_scale *scale)
{
	for (int at = 0; at < s->width; at++) {
		struct ui_chart_column column = cell_of(chart, number, s->width, at);
		if (column.worst != SDR_NS_NONE)
			draw_bar(s, at, scale, chart->limit, column.worst);
	}
}

void ui_chart_lane_draw(const struct ui_surface *s, const struct ui_chart *chart, unsigned number)
{
	for (int at = 0; at < s->width; at++) {
		struct ui_chart_column column = cell_of(chart, number, s->width, at);
		if (column.lost > 0)
			ui_draw_cell(s, 0, at, UI_LOST,
				0x2580 +
					(column.lost * LANE_HIGHEST + column.known - 1) /
						column.known);
	}
}
