/* chart.c - sparklines and charts of round trips. A braille cell is 2 dots wide and 4 high (U+2800
 * and a bit per dot). */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart_area.h"
#include "chart_columns.h"
#include "chart_scale.h"
#include "number.h"
#include "scale.h"

#define CELLS_MAX 512  /* widest chart */
#define NOTHING SDR_MS /* a scale's top where there is no answer at all */
#define TIMES 16       /* cells from one time under a chart to the next */

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

void ui_chart_sparkline(const struct ui_surface *s, const struct ui_series *series, uint32_t group)
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
				0x2581 + height_in(&range, column.worst));
	}
}

/* The bit of a dot in its cell, x 0..1, y 0..3 from the top. */
static uint32_t dot(unsigned x, unsigned y)
{
	static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	return bits[y][x];
}

/* A chart being drawn: what each cell column needs. */
struct plot {
	const struct ui_chart *chart;
	const struct ui_series *series; /* the one being drawn */
	const struct ui_chart_scale *scale;
	enum ui_style style; /* of it */
	struct ui_surface area;
	uint32_t columns; /* of dots */
	int64_t left;     /* number of the dot column at the left edge, of the series being drawn */
	int dots;         /* rows of dots */
};

static int height_of(const struct plot *plot, sdr_ns value)
{
	int height = (int)(ui_chart_scale_place(plot->scale, value) * (plot->dots - 1) + 0.5);
	return height < 0 ? 0 : height >= plot->dots ? plot->dots - 1 : height;
}

/* Sets the dots from `low` to `high` (from the bottom) of a dot column in a column of cells. */
static void set_dots(uint8_t *cells, unsigned x, int low, int high, int dots)
{
	for (int y = low; y <= high; y++) {
		int from_top = dots - 1 - y;
		cells[from_top / 4] |= (uint8_t)dot(x, (unsigned)from_top % 4);
	}
}

/* Draws one column of cells. `previous` is the height of the dot before, -1 for none: a line joins
 * the two. */
static void draw_column(const struct plot *plot, int at, int *previous)
{
	uint8_t cells[CELLS_MAX] = {0};
	int rows = plot->area.height < CELLS_MAX ? plot->area.height : CELLS_MAX;
	for (unsigned x = 0; x < 2; x++) {
		struct ui_chart_column column =
			ui_chart_gather(plot->series, plot->left + at * 2 + x, 1, plot->columns);
		if (column.worst == SDR_NS_NONE) {
			*previous = -1;
			continue;
		}
		int height = height_of(plot, column.worst), from = height;
		if (plot->chart->kind == UI_CHART_BARS)
			from = 0;
		else if (plot->chart->kind <= UI_CHART_LINE && *previous >= 0 &&
			*previous != height)
			from = *previous < height ? *previous + 1 : *previous - 1;
		set_dots(cells, x, from < height ? from : height, from < height ? height : from,
			plot->dots);
		*previous = height;
	}
	for (int row = 0; row < rows; row++)
		if (cells[row])
			ui_draw_cell(&plot->area, row, at, plot->style, 0x2800 + cells[row]);
}

/* Wall times under the chart, every 16 cells or so; where samples are numbered they stay below
 * theirs. */
static void draw_times(const struct ui_chart *chart, const struct ui_surface *line)
{
	char text[SDR_WALL_TEXT];
	const struct ui_series *series = chart->series;
	uint32_t columns = (uint32_t)line->width * 2;
	int64_t newest = ui_chart_end(series), left = ui_chart_left(series, series, columns) / 2;
	int64_t off = series->number ? (TIMES - left % TIMES) % TIMES : 0;
	for (int64_t at = off; at + 8 <= line->width; at += TIMES) {
		int64_t back = newest - (left + at) * series->count / line->width;
		sdr_wall when = chart->newest - back * chart->interval;
		ui_draw_text(line, 0, (int)at, UI_DIM, sdr_wall_clock(text, when));
	}
}

/* Draws one line, and at its newest end its number where there are several. */
static void draw_line(struct plot *plot, unsigned number)
{
	int previous = -1, end = -1, height = 0, rows = plot->area.height;
	plot->series = &plot->chart->series[number];
	plot->style =
		number == 0 ? UI_PLAIN : (enum ui_style)(UI_LABEL + (int)(number - 1) % UI_STEPS);
	plot->left = ui_chart_left(plot->chart->series, plot->series, plot->columns);
	for (int at = 0; at < plot->area.width; at++) {
		draw_column(plot, at, &previous);
		end = previous >= 0 ? at : end;
		height = previous >= 0 ? previous : height;
	}
	int row = (plot->dots - 1 - height) / 4;
	if (plot->chart->count > 1 && end >= 0)
		ui_draw_printf(
			&plot->area, row < rows ? row : rows - 1, end, UI_STRONG, "%u", number);
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

static void draw_lines(const struct ui_surface *area, const struct ui_chart *chart,
	const struct ui_chart_scale *scale)
{
	struct plot plot = {.chart = chart,
		.area = *area,
		.scale = scale,
		.dots = area->height * 4,
		.columns = (uint32_t)area->width * 2};
	/* The chart's own line last, over the others. */
	for (unsigned i = chart->count; i > 0; i--)
		draw_line(&plot, i - 1);
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
	line = ui_surface_part(s, layout->values + layout->zero, UI_SCALE_WIDTH, 1, -1);
	label = ui_surface_part(s, layout->values + layout->zero, 0, 1, UI_SCALE_WIDTH - 2);
	ui_draw_right(&label, 0, UI_DIM, "lost");
	ui_draw_cell(s, layout->values + layout->zero, UI_SCALE_WIDTH - 1, UI_RULE, 0x2502);
	ui_chart_lane_draw(&line, chart);
}

void ui_chart_draw(const struct ui_surface *s, const struct ui_chart *chart)
{
	struct layout layout = arrange(s, chart);
	if (layout.values <= 0 || s->width <= UI_SCALE_WIDTH + 2 || chart->count == 0 ||
		chart->series->count == 0)
		return;
	if (chart->kind == UI_CHART_HISTOGRAM) {
		draw_histogram(s, chart->series);
		return;
	}
	struct ui_chart_scale scale = scale_of(chart, layout.values);
	struct ui_surface values =
		ui_surface_part(s, layout.values - scale.rows, 0, scale.rows, -1);
	struct ui_surface area = ui_surface_part(&values, 0, UI_SCALE_WIDTH, -1, -1);
	ui_chart_scale_draw(&scale, &values);
	ui_chart_limit_draw(&area, &scale, chart->limit);
	if (chart->kind == UI_CHART_AREA && chart->count == 1)
		ui_chart_area_draw(&area, chart, &scale);
	else
		draw_lines(&area, chart, &scale);
	draw_below(s, chart, &layout, &scale);
	struct ui_surface line = ui_surface_part(s, s->height - 1, UI_SCALE_WIDTH, 1, -1);
	if (layout.times)
		draw_times(chart, &line);
}
