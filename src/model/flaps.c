/* flaps.c - so many changes in so short a time. */
#include "model/flaps.h"

bool sdr_flaps_change(struct sdr_flaps *flaps, sdr_ns now)
{
	/* Where this one goes stands the oldest. */
	flaps->at[flaps->seen++ % SDR_FLAP_CHANGES] = now;
	if (flaps->changes > 0) {
		flaps->changes++;
		return false;
	}
	sdr_ns oldest = flaps->at[flaps->seen % SDR_FLAP_CHANGES];
	if (flaps->seen < SDR_FLAP_CHANGES || now - oldest > SDR_FLAP_TIME)
		return false;
	flaps->changes = SDR_FLAP_CHANGES;
	flaps->began = oldest;
	return true;
}

bool sdr_flaps_is_over(const struct sdr_flaps *flaps, sdr_ns now)
{
	uint32_t newest = flaps->seen + SDR_FLAP_CHANGES - 1;
	return flaps->changes > 0 && now - flaps->at[newest % SDR_FLAP_CHANGES] > SDR_FLAP_TIME;
}
