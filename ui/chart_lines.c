/* chart_lines.c - a braille cell is 2 dots wide and 4 high (U+2800 and a bit per dot). */
#include "chart_lines.h"

#include "chart_columns.h"

#define CELLS_MAX 512 /* highest chart */

/* The bit of a dot in its cell, x 0..1, y 0..3 from the top. */
static uint32_t dot(unsigned x, unsigned y)
{
	static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	return bits[y][x];
}

char ui_chart_letter(unsigned number)
{
	return (char)('a' + (int)number);
}

enum ui_style ui_chart_hue(unsigned number)
{
	return number == 0 ? UI_STRONG : (enum ui_style)(UI_LABEL + (int)(number - 1) % UI_STEPS);
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

/* Where a line ends; a column of -1: there is none. */
struct end {
	int row, column;
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

static struct end draw_line(struct plot *plot, unsigned number)
{
	int previous = -1, height = 0;
	struct end end = {0, -1};
	plot->series = &plot->chart->series[number];
	plot->style = plot->chart->count > 1 ? ui_chart_hue(number) : UI_PLAIN;
	plot->left = ui_chart_left(plot->chart->series, plot->series, plot->columns);
	for (int at = 0; plot->series->count > 0 && at < plot->area.width; at++) {
		draw_column(plot, at, &previous);
		end.column = previous >= 0 ? at : end.column;
		height = previous >= 0 ? previous : height;
	}
	end.row = (plot->dots - 1 - height) / 4;
	return end;
}

/* Letters stand behind the ends of their lines, each in a row of its own, as near as may be. */
static void draw_letters(const struct ui_surface *s, const struct end *ends, unsigned count)
{
	bool taken[CELLS_MAX] = {false};
	int rows = s->height < CELLS_MAX ? s->height : CELLS_MAX;
	for (unsigned i = 0; i < count; i++) {
		int row = -1;
		for (int off = 0; ends[i].column >= 0 && row < 0 && off < rows; off++) {
			int above = ends[i].row - off, below = ends[i].row + off;
			row = below < rows && !taken[below]   ? below
				: above >= 0 && !taken[above] ? above
							      : -1;
		}
		if (row < 0)
			continue;
		taken[row] = true;
		ui_draw_printf(
			s, row, ends[i].column + 1, ui_chart_hue(i), "%c", ui_chart_letter(i));
	}
}

void ui_chart_lines_draw(const struct ui_surface *s, const struct ui_chart *chart,
	const struct ui_chart_scale *scale)
{
	struct end ends[UI_CHART_LINES];
	bool several = chart->count > 1;
	struct plot plot = {.chart = chart,
		.area = ui_surface_part(s, 0, 0, -1, several ? s->width - UI_CHART_LETTERS : -1),
		.scale = scale,
		.dots = s->height * 4};
	plot.columns = (uint32_t)plot.area.width * 2;
	/* The chart's own line last, over the others. */
	for (unsigned i = chart->count; i > 0; i--)
		ends[i - 1] = draw_line(&plot, i - 1);
	if (several)
		draw_letters(s, ends, chart->count);
}
