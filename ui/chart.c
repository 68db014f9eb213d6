/* chart.c - sparklines, histograms, and what a chart consists of. */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart_area.h"
#include "chart_columns.h"
#include "chart_each.h"
#include "chart_lines.h"
#include "chart_scale.h"
#include "chart_times.h"
#include "number.h"
#include "scale.h"

#define CELLS_MAX 512  /* widest chart */
#define NOTHING SDR_MS /* a scale's top where there is no answer at all */

/* The least and the most of what was answered. */
struct range {
	sdr_ns least, most;
};

static struct range answered(const struct ui_series *series)
{
	struct range range = {SDR_NS_NONE, 0};
	for (uint32_t i = 0; i < series->count; i++) {
		sdr_ns sample = series->samples[i];
		if (sample < 0)
			continue;
		range.least =
			range.least == SDR_NS_NONE || sample < range.least ? sample : range.least;
		range.most = sample > range.most ? sample : range.most;
	}
	return range;
}

/* At least 1.6 to 1, so that noise stays flat. */
static struct range range_of(const struct ui_series *series)
{
	struct range range = answered(series);
	if (range.least == SDR_NS_NONE)
		range.least = 0;
	if (range.most <= range.least * 8 / 5)
		range.most = range.least * 8 / 5 + 1;
	return range;
}

/* Of eighths, from the floor. */
static uint32_t height_in(const struct range *range, sdr_ns value)
{
	return (uint32_t)(7.0 * (double)(value - range->least) /
		(double)(range->most - range->least));
}

static uint32_t common_height(sdr_ns value)
{
	return (uint32_t)(7.0 * ui_latency_place(value) + 0.5);
}

void ui_chart_sparkline(
	const struct ui_surface *s, const struct ui_series *series, uint32_t group, bool common)
{
	uint32_t cells = (series->count + group - 1) / group;
	struct range range = range_of(series);
	for (uint32_t i = 0; i < cells; i++) {
		uint32_t from = i * group, left = series->count - from;
		struct ui_chart_column column =
			ui_chart_sum(series->samples + from, left < group ? left : group);
		int at = s->width - (int)cells + (int)i;
		if (column.lost)
			ui_draw_text(s, 0, at, UI_LOST, ui_draw_glyph(s, UI_GLYPH_LOST));
		else if (column.worst != SDR_NS_NONE)
			ui_draw_cell(s, 0, at, ui_latency_style(column.worst),
				0x2581 +
					(common ? common_height(column.worst)
						: height_in(&range, column.worst)));
	}
}

/* ---- histogram ---- */

/* The span of the answered, in octaves. */
struct span {
	double low, high;
	uint32_t most; /* answers in the fullest column */
};

static bool find_span(const struct ui_series *series, struct span *span)
{
	bool any = false;
	for (uint32_t i = 0; i < series->count; i++) {
		if (series->samples[i] < 0)
			continue;
		double octave = log2((double)series->samples[i] + 1);
		span->low = !any || octave < span->low ? octave : span->low;
		span->high = !any || octave > span->high ? octave : span->high;
		any = true;
	}
	/* A tenth of an octave at least, or noise would fill the chart. */
	if (span->high - span->low < 0.1) {
		span->low -= 0.05;
		span->high += 0.05;
	}
	return any;
}

static void count_columns(
	const struct ui_series *series, struct span *span, uint32_t *counts, int columns)
{
	for (uint32_t i = 0; i < series->count; i++) {
		if (series->samples[i] < 0)
			continue;
		double part = (log2((double)series->samples[i] + 1) - span->low) /
			(span->high - span->low);
		int column = (int)(part * columns);
		uint32_t *count = &counts[column < columns ? column : columns - 1];
		if (++*count > span->most)
			span->most = *count;
	}
}

static void draw_bar(const struct ui_surface *s, int column, double part)
{
	int eighths = (int)(part * s->height * 8 + 0.5);
	if (part > 0 && eighths == 0)
		eighths = 1;
	for (int row = s->height - 1; row >= 0 && eighths > 0; row--, eighths -= 8)
		ui_draw_cell(
			s, row, column, UI_PLAIN, 0x2580 + (uint32_t)(eighths > 8 ? 8 : eighths));
}

static void draw_histogram(const struct ui_surface *s, const struct ui_series *series)
{
	uint32_t counts[CELLS_MAX] = {0};
	struct span span = {0};
	char number[UI_NUMBER_TEXT];
	int columns = s->width - UI_SCALE_WIDTH < CELLS_MAX ? s->width - UI_SCALE_WIDTH : CELLS_MAX,
	    rows = s->height - 1;
	struct ui_surface area = ui_surface_part(s, 0, UI_SCALE_WIDTH, rows, columns),
			  axis = ui_surface_part(s, rows, UI_SCALE_WIDTH, 1, columns);
	if (rows < 1 || !find_span(series, &span)) {
		ui_draw_text(s, 0, 0, UI_DIM, "no answer in this time");
		return;
	}
	count_columns(series, &span, counts, columns);
	ui_draw_text(s, 0, 0, UI_DIM, "probes");
	if (rows > 1)
		ui_draw_printf(s, 1, 0, UI_DIM, "%6u", span.most);
	for (int at = 0; at < columns; at++)
		draw_bar(&area, at, (double)counts[at] / span.most);
	for (int at = 0; at + 8 <= columns; at += 12)
		ui_draw_text(&axis, 0, at, UI_DIM,
			ui_number_ms(number,
				(sdr_ns)exp2(span.low + (span.high - span.low) * at / columns)));
	ui_draw_right(&axis, 0, UI_DIM, " ms");
}

/* ---- the whole ---- */

/* Rows from the top: those for values, for the zero line, for losses, for times. */
struct layout {
	int values, zero, lane, times;
};

static struct layout arrange(const struct ui_surface *s, const struct ui_chart *chart)
{
	struct layout layout = {.times = chart->interval > 0 && chart->newest > 0 && s->height > 3,
		.lane = s->height >= 6,
		.zero = s->height >= 10};
	layout.values = s->height - layout.times - layout.lane - layout.zero;
	return layout;
}

static struct ui_chart_scale scale_of(const struct ui_chart *chart, int rows)
{
	struct range range = {SDR_NS_NONE, 0};
	for (unsigned i = 0; i < chart->count; i++) {
		struct range one = answered(&chart->series[i]);
		if (one.least == SDR_NS_NONE)
			continue;
		range.least = range.least == SDR_NS_NONE || one.least < range.least ? one.least
										    : range.least;
		range.most = one.most > range.most ? one.most : range.most;
	}
	if (range.least == SDR_NS_NONE)
		range = (struct range){NOTHING, NOTHING};
	return ui_chart_scale_choose(range.least, range.most, rows, chart->log);
}

/* What is below the values of lines is as wide as they are. */
static int width_below(const struct ui_surface *s, const struct ui_chart *chart)
{
	return s->width - UI_SCALE_WIDTH - (chart->count > 1 ? UI_CHART_LETTERS : 0);
}

/* The zero line, and what of the first series was lost. */
static void draw_below(const struct ui_surface *s, const struct ui_chart *chart,
	const struct layout *layout, const struct ui_chart_scale *scale)
{
	char number[UI_NUMBER_TEXT];
	struct ui_surface line = ui_surface_part(s, layout->values, UI_SCALE_WIDTH, 1, -1),
			  label = ui_surface_part(s, layout->values, 0, 1, UI_SCALE_WIDTH - 2);
	if (layout->zero) {
		for (int at = 0; at < line.width; at++)
			ui_draw_cell(&line, 0, at, UI_RULE, 0x2594);
		ui_draw_cell(s, layout->values, UI_SCALE_WIDTH - 1, UI_RULE, 0x2524);
		ui_draw_right(
			&label, 0, UI_DIM, scale->log ? ui_number_ms(number, scale->least) : "0");
	}
	if (!layout->lane)
		return;
	line = ui_surface_part(
		s, layout->values + layout->zero, UI_SCALE_WIDTH, 1, width_below(s, chart));
	label = ui_surface_part(s, layout->values + layout->zero, 0, 1, UI_SCALE_WIDTH - 2);
	ui_draw_right(&label, 0, UI_DIM, chart->count > 1 ? "lost a" : "lost");
	ui_draw_cell(s, layout->values + layout->zero, UI_SCALE_WIDTH - 1, UI_RULE, 0x2502);
	ui_chart_lane_draw(&line, chart, 0);
}

static void draw_plot(const struct ui_surface *s, const struct ui_chart *chart)
{
	struct layout layout = arrange(s, chart);
	if (layout.values <= 0)
		return;
	struct ui_chart_scale scale = scale_of(chart, layout.values);
	struct ui_surface values =
		ui_surface_part(s, layout.values - scale.rows, 0, scale.rows, -1);
	struct ui_surface area = ui_surface_part(&values, 0, UI_SCALE_WIDTH, -1, -1);
	ui_chart_scale_draw(&scale, &values);
	ui_chart_limit_draw(&area, &scale, chart->limit);
	if (chart->kind != UI_CHART_LINE && chart->kind != UI_CHART_BARS &&
		chart->kind != UI_CHART_DOTS && chart->count == 1)
		ui_chart_area_draw(&area, chart, 0, &scale);
	else
		ui_chart_lines_draw(&area, chart, &scale);
	draw_below(s, chart, &layout, &scale);
	struct ui_surface line =
		ui_surface_part(s, s->height - 1, UI_SCALE_WIDTH, 1, width_below(s, chart));
	if (layout.times)
		ui_chart_times_draw(&line, chart);
}

/* Plots of one scale, so that they compare. */
static void draw_each(const struct ui_surface *s, const struct ui_chart *chart)
{
	struct ui_chart_scale scale = scale_of(chart, ui_chart_each_rows(s, chart));
	ui_chart_each_draw(s, chart, &scale);
}

void ui_chart_draw(const struct ui_surface *s, const struct ui_chart *chart)
{
	if (s->height <= 0 || s->width <= UI_SCALE_WIDTH + 2 || chart->count == 0 ||
		chart->series->count == 0)
		return;
	if (chart->kind == UI_CHART_HISTOGRAM)
		draw_histogram(s, chart->series);
	else if (chart->kind == UI_CHART_EACH && chart->count > 1)
		draw_each(s, chart);
	else
		draw_plot(s, chart);
}
