/* chart_columns.h - which samples of a series share a column of a chart. A sample stays in its
 * column, and columns move on as a whole, some at once, so that the picture stands still in
 * between. */
#ifndef SOUNDER_UI_CHART_COLUMNS_H
#define SOUNDER_UI_CHART_COLUMNS_H

#include "chart.h"

/* Samples summed up. */
struct ui_chart_column {
	sdr_ns worst;         /* SDR_NS_NONE: no answer among them */
	uint32_t known, lost; /* probes; those of them that were lost */
};

struct ui_chart_column ui_chart_sum(const sdr_ns *samples, uint32_t count);

/* Columns are numbered as samples are; there are two to a cell, as braille has dots, `columns` in
 * all. Returns the number of the one at the left edge, for a series of a chart whose first series
 * is `first`: the newest sample is at the same place in all. */
int64_t ui_chart_left(
	const struct ui_series *first, const struct ui_series *series, uint32_t columns);

/* Sums up the samples of the columns `number` and the `count` - 1 after it. */
struct ui_chart_column ui_chart_gather(
	const struct ui_series *series, int64_t number, uint32_t count, uint32_t columns);

/* Returns one more than the newest sample's number. */
int64_t ui_chart_end(const struct ui_series *series);

#endif
