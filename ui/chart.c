/* chart.c - sparklines and charts of round trips. A braille cell is 2 dots wide and 4 high (U+2800 and a bit per dot). */
#include "chart.h"

#include <stdio.h>
#include <string.h>

#define SCALE 7       /* cells of the scale at the left, "  1.23 " */
#define CELLS_MAX 512 /* widest chart */

/* What the samples that share a column of dots came to. */
struct column {
	sdr_ns worst; /* SDR_NS_NONE: no answer among them */
	bool lost;
};

static sdr_ns largest(const sdr_ns *samples, uint32_t count)
{
	sdr_ns most = 1;
	for (uint32_t i = 0; i < count; i++)
		if (samples[i] > most)
			most = samples[i];
	return most;
}

void ui_chart_sparkline(const struct ui_surface *s, int row, enum ui_style style, const struct ui_series *series)
{
	uint32_t width = s->width > 0 ? (uint32_t)s->width : 0, count = series->count < width ? series->count : width;
	const sdr_ns *samples = series->samples + (series->count - count);
	sdr_ns most = largest(samples, count);
	for (uint32_t i = 0; i < count; i++) {
		int column = s->width - (int)count + (int)i;
		if (samples[i] == SDR_SAMPLE_LOST)
			ui_draw_text(s, row, column, UI_BAD, ui_draw_glyph(s, UI_GLYPH_LOST));
		else if (samples[i] >= 0)
			ui_draw_cell(s, row, column, style, 0x2581 + (uint32_t)((double)samples[i] / (double)most * 7.0));
	}
}

/* Gathers the samples of dot column `at` of `columns`; newest at the right edge. */
static struct column gather(const struct ui_series *series, uint32_t at, uint32_t columns)
{
	struct column column = {SDR_NS_NONE, false};
	uint32_t from = (uint32_t)((uint64_t)series->count * at / columns), to = (uint32_t)((uint64_t)series->count * (at + 1) / columns);
	if (to == from && from < series->count)
		to = from + 1; /* fewer samples than columns: each takes several */
	for (uint32_t i = from; i < to; i++) {
		if (series->samples[i] == SDR_SAMPLE_LOST)
			column.lost = true;
		else if (series->samples[i] >= 0 && series->samples[i] > column.worst)
			column.worst = series->samples[i];
	}
	return column;
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
	struct ui_surface area;
	uint32_t columns; /* of dots */
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

/* Draws one column of cells. `previous` is the height of the dot before, -1 for none: a line joins the two. */
static void draw_column(const struct plot *plot, int at, int *previous)
{
	uint8_t cells[CELLS_MAX] = {0};
	bool lost = false;
	int rows = plot->area.height < CELLS_MAX ? plot->area.height : CELLS_MAX;
	for (unsigned x = 0; x < 2; x++) {
		struct column column = gather(&plot->chart->series, (uint32_t)at * 2 + x, plot->columns);
		lost = lost || column.lost;
		if (column.worst == SDR_NS_NONE) {
			*previous = -1;
			continue;
		}
		int height = height_of(plot, column.worst), from = height;
		if (plot->chart->kind == UI_CHART_BARS)
			from = 0;
		else if (plot->chart->kind == UI_CHART_LINE && *previous >= 0 && *previous != height)
			from = *previous < height ? *previous + 1 : *previous - 1;
		set_dots(cells, x, from < height ? from : height, from < height ? height : from, plot->dots);
		*previous = height;
	}
	for (int row = 0; row < rows; row++)
		if (cells[row])
			ui_draw_cell(&plot->area, row, at, UI_PLAIN, 0x2800 + cells[row]);
	if (lost)
		ui_draw_text(&plot->area, rows - 1, at, UI_BAD, ui_draw_glyph(&plot->area, UI_GLYPH_DOWN));
}

static void draw_scale(const struct ui_surface *s, int rows, sdr_ns most)
{
	char number[UI_NUMBER_TEXT];
	for (int row = 0; row < rows; row++) {
		struct ui_surface label = ui_surface_part(s, row, 0, 1, SCALE - 1);
		bool marked = row == 0 || row == rows - 1 || (rows > 4 && row == rows / 2);
		sdr_ns value = row == rows - 1 ? 0 : most * (rows - row) / rows;
		if (marked)
			ui_draw_right(&label, 0, UI_DIM, row == rows - 1 ? "0" : ui_number_ms(number, value));
		ui_draw_cell(s, row, SCALE, UI_RULE, marked ? 0x2524 : 0x2502);
	}
	if (strlen(ui_number_ms(number, most)) < SCALE - 3)
		ui_draw_text(s, 0, 0, UI_DIM, "ms");
}

/* Wall times under the chart, every 16 cells or so. */
static void draw_times(const struct plot *plot, const struct ui_surface *line)
{
	char text[SDR_WALL_TEXT];
	int step = 16;
	for (int at = 0; at + 8 <= plot->area.width; at += step) {
		double back = (double)(plot->area.width - 1 - at) / plot->area.width * plot->chart->series.count;
		sdr_wall when = plot->chart->newest - (sdr_ns)(back * (double)plot->chart->interval);
		ui_draw_text(line, 0, SCALE + 1 + at, UI_DIM, sdr_wall_clock(text, when));
	}
}

void ui_chart_draw(const struct ui_surface *s, const struct ui_chart *chart)
{
	bool times = chart->interval > 0 && chart->newest > 0 && s->height > 3;
	int rows = s->height - times, previous = -1;
	if (rows <= 0 || s->width <= SCALE + 2 || chart->series.count == 0)
		return;
	struct plot plot = {.chart = chart,
		.area = ui_surface_part(s, 0, SCALE + 1, rows, s->width - SCALE - 1),
		.dots = rows * 4,
		.most = largest(chart->series.samples, chart->series.count)};
	plot.most += plot.most / 10; /* the worst does not touch the edge */
	plot.columns = (uint32_t)plot.area.width * 2;
	draw_scale(s, rows, plot.most);
	for (int at = 0; at < plot.area.width; at++)
		draw_column(&plot, at, &previous);
	struct ui_surface line = ui_surface_line(s, rows);
	if (times)
		draw_times(&plot, &line);
}
