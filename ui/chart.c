/* chart.c - sparklines and charts of round trips. A braille cell is 2 dots wide and 4 high (U+2800
 * and a bit per dot). */
#include "chart.h"
#include "number.h"
#include "scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SCALE 7       /* cells of the scale at the left, "  1.23 " */
#define CELLS_MAX 512 /* widest chart */
#define STEP 8        /* cells by which a chart moves on */
#define STEP_LEAST 48 /* cells from which it does so by steps */
#define NOTHING 1     /* ns: the largest where there is no answer at all, not to divide by 0 */
#define TIMES 16      /* cells from one time under a chart to the next */

/* The samples that share a column of dots, summed up. */
struct column {
	sdr_ns worst; /* SDR_NS_NONE: no answer among them */
	bool lost;
};

static sdr_ns largest(const sdr_ns *samples, uint32_t count)
{
	sdr_ns most = NOTHING;
	for (uint32_t i = 0; i < count; i++)
		if (samples[i] > most)
			most = samples[i];
	return most;
}

static struct column worst_of(const sdr_ns *samples, uint32_t count)
{
	struct column column = {SDR_NS_NONE, false};
	for (uint32_t i = 0; i < count; i++) {
		if (samples[i] == SDR_SAMPLE_LOST)
			column.lost = true;
		else if (samples[i] >= 0 && samples[i] > column.worst)
			column.worst = samples[i];
	}
	return column;
}

/* The least and the most of what was answered. */
struct range {
	sdr_ns least, most;
};

/* At least 1.6 to 1, so that noise stays flat. */
static struct range range_of(const struct ui_series *series)
{
	struct range range = {SDR_NS_NONE, NOTHING};
	for (uint32_t i = 0; i < series->count; i++) {
		sdr_ns sample = series->samples[i];
		if (sample < 0)
			continue;
		range.least =
			range.least == SDR_NS_NONE || sample < range.least ? sample : range.least;
		range.most = sample > range.most ? sample : range.most;
	}
	if (range.least == SDR_NS_NONE || range.most < range.least * 8 / 5)
		range.most = range.least == SDR_NS_NONE ? NOTHING : range.least * 8 / 5 + 1;
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
		struct column column =
			worst_of(series->samples + from, left < group ? left : group);
		int at = s->width - (int)cells + (int)i;
		if (column.lost)
			ui_draw_text(s, 0, at, UI_LOST, ui_draw_glyph(s, UI_GLYPH_LOST));
		else if (column.worst != SDR_NS_NONE)
			ui_draw_cell(s, 0, at, ui_latency_style(column.worst),
				0x2581 + height_in(&range, column.worst));
	}
}

/* One more than the newest sample's number. */
static int64_t end_of(const struct ui_series *series)
{
	return (int64_t)(series->number ? series->number : series->count);
}

/* Gathers the samples of a dot column. Columns are numbered as samples are, so that a sample is
 * always in the same; newest at the right. */
static struct column gather(const struct ui_series *series, int64_t number, uint32_t columns)
{
	int64_t newest = end_of(series), count = series->count;
	int64_t from = number * count / columns, to = (number + 1) * count / columns,
		first = newest - count;
	if (number < 0 || count == 0)
		return worst_of(NULL, 0);
	to = to == from ? from + 1 : to; /* fewer samples than columns: each takes several */
	from = from < first ? first : from;
	to = to > newest ? newest : to;
	return worst_of(series->samples + (from - first), to > from ? (uint32_t)(to - from) : 0);
}

/* The cell of the newest sample, numbered as samples are. */
static int64_t newest_cell(const struct ui_series *series, uint32_t columns)
{
	return (end_of(series) * columns - 1) / series->count / 2;
}

/* How many cells are left free at the right edge, for samples to come: by the chart's first line,
 * whose samples so stay where they are. */
static int64_t free_cells(const struct ui_series *first, uint32_t columns)
{
	bool steps = first->number && columns / 2 >= STEP_LEAST;
	return steps ? STEP - 1 - newest_cell(first, columns) % STEP : 0;
}

/* The number of the dot column at the left edge: the newest is at the same place in all lines. */
static int64_t left_edge(
	const struct ui_chart *chart, const struct ui_series *series, uint32_t columns)
{
	return 2 *
		(newest_cell(series, columns) + free_cells(chart->series, columns) - columns / 2 +
			1);
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
	enum ui_style style;            /* of it */
	struct ui_surface area;
	uint32_t columns; /* of dots */
	int64_t left;     /* number of the dot column at the left edge, of the series being drawn */
	int dots;         /* rows of dots */
	sdr_ns most;
};

static int height_of(const struct plot *plot, sdr_ns value)
{
	int height = (int)((double)value / (double)plot->most * (plot->dots - 1) + 0.5);
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
	bool lost = false;
	int rows = plot->area.height < CELLS_MAX ? plot->area.height : CELLS_MAX;
	for (unsigned x = 0; x < 2; x++) {
		struct column column = gather(plot->series, plot->left + at * 2 + x, plot->columns);
		lost = lost || column.lost;
		if (column.worst == SDR_NS_NONE) {
			*previous = -1;
			continue;
		}
		int height = height_of(plot, column.worst), from = height;
		if (plot->chart->kind == UI_CHART_BARS)
			from = 0;
		else if (plot->chart->kind == UI_CHART_LINE && *previous >= 0 &&
			*previous != height)
			from = *previous < height ? *previous + 1 : *previous - 1;
		set_dots(cells, x, from < height ? from : height, from < height ? height : from,
			plot->dots);
		*previous = height;
	}
	for (int row = 0; row < rows; row++)
		if (cells[row])
			ui_draw_cell(&plot->area, row, at, plot->style, 0x2800 + cells[row]);
	if (lost && plot->series == plot->chart->series)
		ui_draw_text(&plot->area, rows - 1, at, UI_BAD,
			ui_draw_glyph(&plot->area, UI_GLYPH_DOWN));
}

static void draw_scale(const struct ui_surface *s, int rows, sdr_ns most)
{
	char number[UI_NUMBER_TEXT];
	for (int row = 0; row < rows; row++) {
		struct ui_surface label = ui_surface_part(s, row, 0, 1, SCALE - 1);
		bool marked = most > NOTHING &&
			(row == 0 || row == rows - 1 || (rows > 4 && row == rows / 2));
		sdr_ns value = row == rows - 1 ? 0 : most * (rows - row) / rows;
		if (marked)
			ui_draw_right(&label, 0, UI_DIM,
				row == rows - 1 ? "0" : ui_number_ms(number, value));
		ui_draw_cell(s, row, SCALE, UI_RULE, marked ? 0x2524 : 0x2502);
	}
	if (most > NOTHING && strlen(ui_number_ms(number, most)) < SCALE - 3)
		ui_draw_text(s, 0, 0, UI_DIM, "ms");
}

/* Wall times under the chart, every 16 cells or so; where samples are numbered they stay below
 * theirs. */
static void draw_times(const struct plot *plot, const struct ui_surface *line)
{
	char text[SDR_WALL_TEXT];
	const struct ui_series *series = plot->chart->series;
	int64_t newest = end_of(series), left = left_edge(plot->chart, series, plot->columns) / 2;
	int64_t off = series->number ? (TIMES - left % TIMES) % TIMES : 0;
	for (int64_t at = off; at + 8 <= plot->area.width; at += TIMES) {
		int64_t back = newest - (left + at) * series->count / plot->area.width;
		sdr_wall when = plot->chart->newest - back * plot->chart->interval;
		ui_draw_text(line, 0, SCALE + 1 + (int)at, UI_DIM, sdr_wall_clock(text, when));
	}
}

/* Draws one line, and at its newest end its number where there are several. */
static void draw_line(struct plot *plot, unsigned number)
{
	int previous = -1, end = -1, height = 0, rows = plot->area.height;
	plot->series = &plot->chart->series[number];
	plot->style = plot->chart->count < 2 || number == 0 ? UI_PLAIN : UI_DIM;
	plot->left = left_edge(plot->chart, plot->series, plot->columns);
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
	int columns = s->width - SCALE - 1 < CELLS_MAX ? s->width - SCALE - 1 : CELLS_MAX,
	    rows = s->height - 1;
	struct ui_surface area = ui_surface_part(s, 0, SCALE + 1, rows, columns),
			  axis = ui_surface_part(s, rows, SCALE + 1, 1, columns);
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

void ui_chart_draw(const struct ui_surface *s, const struct ui_chart *chart)
{
	bool times = chart->interval > 0 && chart->newest > 0 && s->height > 3;
	int rows = s->height - times;
	if (rows <= 0 || s->width <= SCALE + 2 || chart->count == 0 || chart->series->count == 0)
		return;
	if (chart->kind == UI_CHART_HISTOGRAM) {
		draw_histogram(s, chart->series);
		return;
	}
	struct plot plot = {.chart = chart,
		.area = ui_surface_part(s, 0, SCALE + 1, rows, s->width - SCALE - 1),
		.dots = rows * 4};
	for (unsigned i = 0; i < chart->count; i++) {
		sdr_ns most = largest(chart->series[i].samples, chart->series[i].count);
		plot.most = most > plot.most ? most : plot.most;
	}
	plot.most += plot.most / 10; /* the worst does not touch the edge */
	plot.columns = (uint32_t)plot.area.width * 2;
	draw_scale(s, rows, plot.most);
	/* The chart's own line last, over the others. */
	for (unsigned i = chart->count; i > 0; i--)
		draw_line(&plot, i - 1);
	struct ui_surface line = ui_surface_line(s, rows);
	if (times)
		draw_times(&plot, &line);
}
