/* past.h (internal) - the last hour of one target by minutes, in memory of a fixed size.
 *
 * Of the ten newest minutes it is kept how many round trips were how long: 84 buckets as in a sketch, written in unary, so that a minute of
 * 60 answers takes 84 zeros and 60 ones. Of the fifty before, the middle, the worst and the share of losses, a byte each. */
#ifndef SOUNDER_MODEL_PAST_H
#define SOUNDER_MODEL_PAST_H

#include "base/stats.h"
#include "sounder/model.h"

#define SDR_PAST_MINUTES 10 /* kept as counts */
#define SDR_PAST_HOUR 60    /* known in all */

struct sdr_past {
	uint8_t *memory;     /* owned: the minutes' records, then the older ones' bytes; NULL: nothing is kept */
	int32_t newest;      /* number of the newest minute; valid where `begun` */
	uint16_t bits_bytes; /* of each record's counts */
	bool begun;
};

/* Makes an empty past for a target that is probed so often; 0: nothing is kept. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_past_init(struct sdr_past *past, sdr_ns interval);
void sdr_past_done(struct sdr_past *past);

/* Makes room for a new interval, keeping what is there. ENOMEM: left as it was. */
SDR_MUST_CHECK enum sdr_status sdr_past_resize(struct sdr_past *past, sdr_ns interval);

/* Returns the bytes of its memory. */
size_t sdr_past_size(const struct sdr_past *past);

/* Forgets it all. */
void sdr_past_reset(struct sdr_past *past);

/* Counts the end of a probe sent at `sent`, by its code; beyond SDR_CODE_MAX: it was lost. */
void sdr_past_put(struct sdr_past *past, sdr_ns sent, uint16_t code);

/* Fills figures of the ten minutes that end with the one of `now`: counts are exact, times within 5 %. No jitter. */
void sdr_past_figures(const struct sdr_past *past, sdr_ns now, struct sdr_figures *figures);

/* As sdr_model_history. */
void sdr_past_history(const struct sdr_past *past, sdr_ns now, struct sdr_minute *minutes, uint32_t n);

#endif
