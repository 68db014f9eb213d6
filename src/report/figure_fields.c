/* figure_fields.c - the table of figures, and their values. */
#include "report/figure_fields.h"

#define FIELD(name, kind, member) \
	{ \
		name, kind, offsetof(struct sdr_figures, member) \
	}

const struct figure_field sdr_figure_fields[SDR_FIGURES] = {
	FIELD("received", FIGURE_COUNT, received),
	FIELD("lost", FIGURE_COUNT, lost),
	FIELD("loss_percent", FIGURE_PERCENT, loss),
	FIELD("rtt_min_seconds", FIGURE_TIME, min),
	FIELD("rtt_avg_seconds", FIGURE_TIME, avg),
	FIELD("rtt_max_seconds", FIGURE_TIME, max),
	FIELD("rtt_mdev_seconds", FIGURE_TIME, mdev),
	FIELD("rtt_p50_seconds", FIGURE_TIME, p50),
	FIELD("rtt_p95_seconds", FIGURE_TIME, p95),
	FIELD("rtt_p99_seconds", FIGURE_TIME, p99),
	FIELD("jitter_seconds", FIGURE_TIME, jitter),
};

static const void *at(const struct sdr_figures *figures, const struct figure_field *field)
{
	return (const char *)figures + field->offset;
}

uint64_t sdr_figure_count(const struct sdr_figures *figures, const struct figure_field *field)
{
	return *(const uint64_t *)at(figures, field);
}

double sdr_figure_percent(const struct sdr_figures *figures, const struct figure_field *field)
{
	return *(const double *)at(figures, field);
}

sdr_ns sdr_figure_time(const struct sdr_figures *figures, const struct figure_field *field)
{
	return *(const sdr_ns *)at(figures, field);
}
