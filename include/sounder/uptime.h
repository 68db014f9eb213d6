/* uptime.h - availability: how much of the last hour the targets of a group were up, and of the
 * last day a target was. */
#ifndef SOUNDER_UPTIME_H
#define SOUNDER_UPTIME_H

#include "sounder/groups.h"

#define SDR_UPTIME_CELLS 30
#define SDR_UPTIME_CELL (2 * SDR_MINUTE)
#define SDR_DAY_CELLS 48
#define SDR_DAY_CELL (30 * SDR_MINUTE)

/* Fills shares[SDR_UPTIME_CELLS] with the last cells up to that of `now`, which is under way,
 * oldest first: the part of the time, 0.0 to 1.0, that those of a group's targets whose state was
 * known were UP or SLOW; NAN where none was. `group`: a number of sdr_model_groups, or
 * SDR_GROUP_NONE for all targets. Returns the same over all cells.
 *
 * An outage begins with the first probe that was lost, and ends when the first of the answers that
 * ended it had been asked for. A target counts for the group that it was of at the time. */
double sdr_model_uptime(const struct sdr_model *model, uint32_t group, sdr_ns now,
	double shares[static SDR_UPTIME_CELLS]);

/* Fills shares[SDR_DAY_CELLS] with the last half hours of the target at that position up to the one
 * of `now`, which is under way, oldest first: the part of the time that its state was known in
 * which it was UP or SLOW, right to a two hundredth; 1.0 only where it was up all of that time, 0.0
 * only where it never was; NAN where nothing is known of it: it was not watched, was paused, or
 * this host slept. Outages are as above. Returns how long before `now` the first of these cells
 * began. Cells are those of a clock that is never set, so that steps of the wall clock move none of
 * them; they begin at its half hours as long as it has not been set. */
sdr_ns sdr_model_day(const struct sdr_model *model, uint32_t position, sdr_ns now,
	double shares[static SDR_DAY_CELLS]);

#endif
