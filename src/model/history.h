/* history.h (internal) - the last hour of one target by minutes, in memory of a fixed size, on top
 * of the series.
 *
 * What the newest minute holds is read from the slots: a result costs nothing more. When a minute
 * is over, or its slots are needed, they are folded into its digest, of which there are ten. What
 * comes in later for a slot that is folded goes into the digest of its minute. Of the fifty minutes
 * before there are the middle, the worst and the share of losses, in 21 bits. */
#ifndef SOUNDER_MODEL_HISTORY_H
#define SOUNDER_MODEL_HISTORY_H

#include "model/series.h"

#define SDR_HISTORY_MINUTES 10 /* kept as counts */
#define SDR_HISTORY_HOUR 60    /* kept in total */

/* How much memory series and history take. */
struct sdr_reach {
	uint16_t capacity;    /* of the series, slots */
	uint8_t digest_bytes; /* of a minute */
};

/* Returns what a target needs for series of that length. */
struct sdr_reach sdr_history_want(const struct sdr_spec *spec, sdr_ns time);

/* Returns the bytes of memory after the series. */
size_t sdr_history_bytes(const struct sdr_reach *reach);

/* Initialises an empty series and history of that length in the memory given. */
void sdr_history_init(struct sdr_series *series, const struct sdr_reach *reach);

/* Continues series and history from others that are not longer, with all their contents. */
void sdr_history_follow(struct sdr_series *series, const struct sdr_series *from);

/* Forgets it all; slots are numbered on. */
void sdr_history_reset(struct sdr_series *series);

/* As sdr_series_put and sdr_series_gap, which are not to be called beside these. */
void sdr_history_amend(struct sdr_series *series, uint64_t slot, int32_t second,
	uint16_t code); /* a loss becomes an answer */
void sdr_history_put(struct sdr_series *series, uint64_t slot, int32_t second, uint16_t code);
void sdr_history_gap(struct sdr_series *series, uint32_t n);

/* Fills figures of the ten minutes that end with the one of `now`: counts are exact, times as
 * model.h has it. No jitter. */
void sdr_history_figures(const struct sdr_series *series, sdr_ns now, struct sdr_figures *figures);

struct sdr_counts;

/* Adds what came of the probes of those ten minutes. */
void sdr_history_add(const struct sdr_series *series, sdr_ns now, struct sdr_counts *counts);

/* Fills figures, but for loss and jitter, from the counts of one target or of several. */
void sdr_history_sum_up(const struct sdr_counts *counts, struct sdr_figures *figures);

/* As sdr_model_history. */
void sdr_history_minutes(
	const struct sdr_series *series, sdr_ns now, struct sdr_minute *minutes, uint32_t n);

#endif
