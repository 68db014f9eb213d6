/* day.h (internal) - how much of the last day one target was up, by cells of half an hour, a byte
 * each: exact to a two hundredth, and whole only where it was up all the time.
 *
 * What has not ended yet is not in it: a state is counted when the next one begins, which is when
 * its first probe was sent, so that nothing that was counted changes afterwards. */
#ifndef SOUNDER_MODEL_DAY_H
#define SOUNDER_MODEL_DAY_H

#include "sounder/uptime.h"

struct sdr_day {
	sdr_ns to;                     /* counted up to here, on a clock that never stands still */
	uint32_t up, known;            /* of the cell that `to` is in, ms */
	uint8_t shares[SDR_DAY_CELLS]; /* [number of the cell % SDR_DAY_CELLS] of those before */
};

/* A target of which nothing was known up to `from`. */
void sdr_day_init(struct sdr_day *day, sdr_ns from);

/* Counts that it was in that state from `to` until then; what is before `to` is counted already. */
void sdr_day_count(struct sdr_day *day, enum sdr_state state, sdr_ns until);

/* Fills in the cells up to that of `to`, as sdr_model_day. */
void sdr_day_read(const struct sdr_day *day, double shares[static SDR_DAY_CELLS]);

#endif
