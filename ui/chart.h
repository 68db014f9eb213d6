/* chart.h - round trips as pictures: a sparkline in a row, a line chart in braille, each with an
 * ASCII twin. Lost probes are marked, gaps left empty. */
#ifndef SOUNDER_UI_CHART_H
#define SOUNDER_UI_CHART_H

#include "draw.h"
#include "sounder/model.h"

/* Samples are those of sdr_model_series: nanoseconds, SDR_SAMPLE_LOST, SDR_SAMPLE_GAP; oldest
 * first. */
struct ui_series {
	const sdr_ns *samples; /* [count] */
	uint32_t count;
	uint64_t number; /* of the newest, from 1 on: a sample stays in its cell, and cells move on
			    as a whole; 0: not known */
};

/* Draws the last samples that fit, `group` a cell and those of the newest cell at the right edge:
 * heights by the range of those drawn, colours by how long they took. `series` begins with the
 * first of a cell. Of a group the worst is shown, and one that was lost is worse than any that took
 * long: it leaves a gap that is seen without colour. `common`: heights are by the scale of the
 * colours instead (scale.h), so that lines compare. */
void ui_chart_sparkline(
	const struct ui_surface *s, const struct ui_series *series, uint32_t group, bool common);

enum ui_chart_kind {
	UI_CHART_AREA, /* of one series; several are lines */
	UI_CHART_LINE,
	UI_CHART_BARS,
	UI_CHART_DOTS,
	UI_CHART_HISTOGRAM,
	UI_CHART_EACH, /* an area a series, one above the other */
	UI_CHART_KINDS
};

#define UI_CHART_LINES 9 /* series that one chart may overlay */

#define UI_CHART_NAME 24 /* cells of a name */

/* Whose a series is, and what the chart shows of it. */
struct ui_chart_name {
	char name[8 * UI_CHART_NAME]; /* clean */
	enum ui_glyph sign;           /* of its state now */
	enum ui_style style;
	sdr_ns p50, p95; /* SDR_NS_NONE: no answer */
	double loss;     /* 0..100; NAN: nothing is known */
	bool minutes;    /* it is from figures of minutes: `p95` is the longest */
};

struct ui_chart {
	struct ui_series series[UI_CHART_LINES]; /* the first is what the chart is of; all span the
						    same time */
	unsigned count;                          /* of `series` */
	struct ui_chart_name names[UI_CHART_LINES]; /* of several */
	enum ui_chart_kind kind;
	sdr_ns interval; /* between samples of the first, for the time axis; 0: no axis texts */
	sdr_wall newest; /* wall time of the newest sample */
	sdr_ns limit;    /* round trips above are slow; 0: none is */
	bool log;        /* a logarithmic scale */
};

/* What is numbered moves on by some cells at once, so that the picture stands still in between: the
 * newest sample is in the last of them. Draws the chart with its scale (ms) at the left, and under
 * it what of the first series was lost, and wall times. Several samples that share a column show
 * their worst. Overlaid lines end in their letter. A histogram shows how many were how long, on a
 * logarithmic scale, of the first series. */
void ui_chart_draw(const struct ui_surface *s, const struct ui_chart *chart);

#endif
