/* outage_sum.h - what happened in a time, in a line: for who was away. */
#ifndef SOUNDER_OUTAGE_SUM_H
#define SOUNDER_OUTAGE_SUM_H

#include "sounder/model.h"

struct sdr_outage_sum {
	uint32_t outages; /* that began in that time, or went on then */
	uint32_t targets; /* that had them, also those that are removed */
	sdr_ns lasted;    /* all outages in sum, within that time */
	bool at_least;    /* the oldest outages of that time are forgotten: there were more */
};

/* Sums up the outages between two times of the monotonic clock, of which `to` is not later than
 * now. Looks at 4096 at the most. */
void sdr_model_outage_sum(
	const struct sdr_model *model, sdr_ns from, sdr_ns to, struct sdr_outage_sum *sum);

#endif
