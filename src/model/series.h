/* series.h (internal) - the recent past of one target: a slot a probe, 12 bits each, by its sequence, so that answers may come in any order.
 *
 * Windows move in tenths: for each window it is kept with which slot each of the last eleven tenths began; what a window holds is read from
 * the slots when somebody asks. Figures of windows are therefore as exact as the slots, 0.26 %. */
#ifndef SOUNDER_MODEL_SERIES_H
#define SOUNDER_MODEL_SERIES_H

#include "base/stats.h"
#include "sounder/model.h"

#define SDR_SERIES_TENTHS 11                /* ten, and the one that is beginning */
#define SDR_SERIES_WINDOWS SDR_WINDOW_10MIN /* windows read from the slots */
#define SDR_SERIES_TIME SDR_MINUTE          /* that is kept at the least: the longest window read from the slots */
#define SDR_SERIES_CAPACITY_MAX 65000       /* slots are told apart by 16 bits */

/* What a slot holds beside a round trip's code. */
enum { SDR_SLOT_GAP = SDR_CODE_MAX + 1, SDR_SLOT_PENDING, SDR_SLOT_LOST };

struct sdr_series {
	uint8_t *slots;                                        /* [capacity * 3 / 2], owned: two slots in three bytes */
	uint32_t capacity;                                     /* slots, even */
	uint64_t head;                                         /* the slot after the newest; the newest `capacity` before it are kept */
	sdr_ns newest;                                         /* when the newest was sent; SDR_NS_NONE: none was */
	uint16_t marks[SDR_SERIES_WINDOWS][SDR_SERIES_TENTHS]; /* [tenth % 11]: its first slot, low 16 bits */
};

/* Makes a series of at least `capacity` slots, empty. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_series_init(struct sdr_series *series, uint32_t capacity);
void sdr_series_done(struct sdr_series *series);

/* Makes it longer or shorter, keeping the newest. ENOMEM: left as it was. */
SDR_MUST_CHECK enum sdr_status sdr_series_resize(struct sdr_series *series, uint32_t capacity);

/* Forgets all slots; numbering goes on. */
void sdr_series_reset(struct sdr_series *series);

/* Returns how many slots a target wants: so much time at its interval and what is in flight. */
uint32_t sdr_series_want(const struct sdr_spec *spec, sdr_ns time);

/* Fills slot number `slot` (from 1) with a code or mark; `sent` is when its probe was. Slots passed over become pending. */
void sdr_series_put(struct sdr_series *series, uint64_t slot, sdr_ns sent, uint16_t code);

/* Adds `n` slots in which nothing was sent (at most the capacity counts). Returns how many. */
uint32_t sdr_series_gap(struct sdr_series *series, uint64_t n);

/* As sdr_model_series. `values` is sdr_code_value of each code. */
uint32_t sdr_series_last(const struct sdr_series *series, const sdr_ns *values, sdr_ns *samples, uint32_t n);

/* Fills figures of a window that ends at `now`. */
void sdr_series_figures(
	const struct sdr_series *series, const sdr_ns *values, enum sdr_window window, sdr_ns now, struct sdr_figures *figures);

#endif
