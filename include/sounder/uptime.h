/* uptime.h - availability: how much of the last hour the targets of a group were up. */
#ifndef SOUNDER_UPTIME_H
#define SOUNDER_UPTIME_H

#include "sounder/groups.h"

#define SDR_UPTIME_CELLS 30
#define SDR_UPTIME_CELL (2 * SDR_MINUTE)

/* Fills shares[SDR_UPTIME_CELLS] with the last cells up to that of `now`, which is under way,
 * oldest first: the part of the time, 0.0 to 1.0, that those of a group's targets whose state was
 * known were UP or SLOW; NAN where none was. `group`: a number of sdr_model_groups, or
 * SDR_GROUP_NONE for all targets. Returns the same over all cells.
 *
 * An outage begins with the first probe that was lost, and ends when the first of the answers that
 * ended it had been asked for. A target counts for the group that it was of at the time. */
double sdr_model_uptime(const struct sdr_model *model, uint32_t group, sdr_ns now,
	double shares[static SDR_UPTIME_CELLS]);

#endif
