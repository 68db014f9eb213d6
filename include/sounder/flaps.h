/* flaps.h - targets whose state goes up and down all the time. */
#ifndef SOUNDER_FLAPS_H
#define SOUNDER_FLAPS_H

#include "sounder/model.h"

/* A target flaps from so many changes between DOWN and not in such a time on, until there is none
 * for as long. The journal has that once; meanwhile its changes have no entries. */
#define SDR_FLAP_CHANGES 4
#define SDR_FLAP_TIME (10 * SDR_MINUTE)

/* How many targets flap, those that are stopped, too. */
uint32_t sdr_model_flapping(const struct sdr_model *model);

/* How many are DOWN or SLOW, or UP and flap. */
uint32_t sdr_model_wrong(const struct sdr_model *model);

/* Whether the target at a position flaps, and is not stopped; cheap, for iterating. */
bool sdr_model_flaps(const struct sdr_model *model, uint32_t position);

#endif
