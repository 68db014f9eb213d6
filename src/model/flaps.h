/* flaps.h (internal) - does a target's state go up and down all the time? */
#ifndef SOUNDER_MODEL_FLAPS_H
#define SOUNDER_MODEL_FLAPS_H

#include "sounder/flaps.h"

/* All-zero: it never changed. */
struct sdr_flaps {
	sdr_ns at[SDR_FLAP_CHANGES]; /* the latest changes, in a ring */
	uint32_t seen;               /* changes, ever */
	uint32_t changes;            /* since it began to flap; 0: it does not */
	sdr_ns began;                /* the first of these */
};

/* Takes a change between DOWN and not. Returns whether it begins to flap with it. */
bool sdr_flaps_change(struct sdr_flaps *flaps, sdr_ns now);

/* Whether it was quiet for long enough not to flap any more. */
bool sdr_flaps_is_over(const struct sdr_flaps *flaps, sdr_ns now);

#endif
