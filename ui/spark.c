/* spark.c - samples of a minute, a group a cell. */
#include "spark.h"

#include "chart.h"
#include "sounder/engine.h"

#define SAMPLES 1024

void ui_spark_minute(struct ui *ui, uint32_t position, const struct ui_surface *s)
{
	sdr_ns samples[SAMPLES];
	sdr_ns interval = sdr_model_target(ui_model(ui), position)->spec->interval;
	uint32_t width = s->width < 0 ? 0 : (uint32_t)s->width;
	if (width == 0 || width > SAMPLES)
		return;
	uint32_t minute = interval > 0 && SDR_MINUTE / interval < SAMPLES
		? (uint32_t)(SDR_MINUTE / interval)
		: SAMPLES;
	uint32_t group = (minute + width - 1) / width;
	group = group * width > SAMPLES ? SAMPLES / width : group > 0 ? group : 1;
	uint64_t number = sdr_model_series_number(ui_model(ui), position);
	uint32_t newest = number > 0 ? (uint32_t)((number - 1) % group) + 1 : group;
	struct ui_series series = {samples, (width - 1) * group + newest, number};
	sdr_model_series(ui_model(ui), position, samples, series.count);
	ui_chart_sparkline(s, &series, group,
		sdr_settings_number(sdr_app_settings(ui_app(ui)), SDR_SET_SPARKS) != 0);
}
