/* chart_times.c - a time every 16 cells or so; where samples are numbered each stays below its
 * own. */
#include "chart_times.h"

#include "chart_columns.h"

#define EVERY 16 /* cells */
#define ROOM 8   /* of a time */

void ui_chart_times_draw(const struct ui_surface *s, const struct ui_chart *chart)
{
	char text[SDR_WALL_TEXT];
	const struct ui_series *series = chart->series;
	uint32_t columns = (uint32_t)s->width * 2;
	int64_t newest = ui_chart_end(series), left = ui_chart_left(series, series, columns) / 2;
	int64_t off = series->number ? (EVERY - left % EVERY) % EVERY : 0;
	for (int64_t at = off; at + ROOM <= s->width; at += EVERY) {
		int64_t back = newest - (left + at) * series->count / s->width;
		sdr_wall when = chart->newest - back * chart->interval;
		ui_draw_text(s, 0, (int)at, UI_DIM, sdr_wall_clock(text, when));
	}
}
