/* chart_columns.c - columns by the numbers of their samples. */
#include "chart_columns.h"

#define STEP 8        /* cells by which a chart moves on */
#define STEP_LEAST 48 /* cells from which it does so by steps */

struct ui_chart_column ui_chart_sum(const sdr_ns *samples, uint32_t count)
{
	struct ui_chart_column column = {.worst = SDR_NS_NONE};
	for (uint32_t i = 0; i < count; i++) {
		column.lost += samples[i] == SDR_SAMPLE_LOST;
		column.known += samples[i] == SDR_SAMPLE_LOST || samples[i] >= 0;
		if (samples[i] >= 0 && samples[i] > column.worst)
			column.worst = samples[i];
	}
	return column;
}

int64_t ui_chart_end(const struct ui_series *series)
{
	return (int64_t)(series->number ? series->number : series->count);
}

struct ui_chart_column ui_chart_gather(
	const struct ui_series *series, int64_t number, uint32_t count, uint32_t columns)
{
	int64_t newest = ui_chart_end(series), samples = series->count;
	int64_t from = number * samples / columns, to = (number + count) * samples / columns,
		first = newest - samples;
	if (number + count <= 0 || samples == 0)
		return ui_chart_sum(NULL, 0);
	to = to == from ? from + 1 : to; /* fewer samples than columns: each takes several */
	from = from < first ? first : from;
	to = to > newest ? newest : to;
	return ui_chart_sum(
		series->samples + (from - first), to > from ? (uint32_t)(to - from) : 0);
}

/* The cell of the newest sample, numbered as samples are. */
static int64_t newest_cell(const struct ui_series *series, uint32_t columns)
{
	return (ui_chart_end(series) * columns - 1) / series->count / 2;
}

/* How many cells are left free at the right edge, for samples to come. */
static int64_t free_cells(const struct ui_series *first, uint32_t columns)
{
	bool steps = first->number && columns / 2 >= STEP_LEAST;
	return steps ? STEP - 1 - newest_cell(first, columns) % STEP : 0;
}

int64_t ui_chart_left(
	const struct ui_series *first, const struct ui_series *series, uint32_t columns)
{
	return 2 * (newest_cell(series, columns) + free_cells(first, columns) - columns / 2 + 1);
}
