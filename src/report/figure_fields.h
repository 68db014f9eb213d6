/* figure_fields.h (internal) - the figures that summaries as data have, with their names: JSON's
 * keys, CSV's columns. */
#ifndef SOUNDER_REPORT_FIGURE_FIELDS_H
#define SOUNDER_REPORT_FIGURE_FIELDS_H

#include <stddef.h>

#include "sounder/model.h"

enum figure_kind { FIGURE_COUNT, FIGURE_PERCENT, FIGURE_TIME };

/* One member of struct sdr_figures. */
struct figure_field {
	const char *name;
	enum figure_kind kind;
	size_t offset;
};

/* The fields of a window in order. Those from SDR_FIGURES_WHOLE on are also the whole run's: its
 * totals have the rest. */
#define SDR_FIGURES 11
#define SDR_FIGURES_WHOLE 7
extern const struct figure_field sdr_figure_fields[SDR_FIGURES];

/* Return a field's value; a percentage is NAN, a time SDR_NS_NONE where there is none. */
uint64_t sdr_figure_count(const struct sdr_figures *figures, const struct figure_field *field);
double sdr_figure_percent(const struct sdr_figures *figures, const struct figure_field *field);
sdr_ns sdr_figure_time(const struct sdr_figures *figures, const struct figure_field *field);

#endif
