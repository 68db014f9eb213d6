/* series.h (internal) - the recent probes of one target: a slot of 12 bits per probe, by its
 * sequence, so that answers may come in any order.
 *
 * Windows move in tenths: for each window the first slot of each of the last eleven tenths is kept;
 * a window's contents are read from the slots on request. Figures of windows are therefore as exact
 * as the slots, 0.26 %.
 *
 * All is in the memory behind the struct, which is the last part of an entry: marks, slots, then
 * the minutes of history.h. */
#ifndef SOUNDER_MODEL_SERIES_H
#define SOUNDER_MODEL_SERIES_H

#include "base/stats.h"
#include "sounder/model.h"

#define SDR_SERIES_TENTHS 11                /* ten, and the one that is beginning */
#define SDR_SERIES_WINDOWS SDR_WINDOW_10MIN /* windows read from the slots */
/* That is kept at the least: the longest window read from the slots. */
#define SDR_SERIES_TIME SDR_MINUTE
#define SDR_SERIES_CAPACITY_MAX 65000 /* slots are identified by 16 bits */
#define SDR_SERIES_NEVER (-1)

/* The values of a slot besides a round trip's code. */
enum { SDR_SLOT_GAP = SDR_CODE_MAX + 1, SDR_SLOT_PENDING, SDR_SLOT_LOST };

struct sdr_series {
	uint64_t head;     /* the slot after the newest; the newest `capacity` before it are kept */
	int32_t newest;    /* the second in which the newest was sent; SDR_SERIES_NEVER: none was */
	uint16_t capacity; /* slots, even */
	uint16_t folded; /* history.h: the first slot that is in no digest yet, low 16 bits; at most
			    `capacity` before the head */
	uint8_t digest_bytes; /* history.h: of a minute's digest */
	uint8_t memory[]; /* marks: [window][tenth % 11], its first slot, low 8 or 16 bits; slots;
			     minutes */
};

/* Returns the bytes of the marks and of so many slots. */
size_t sdr_series_bytes(uint32_t capacity);

/* Makes an empty series of so many slots, whose memory is there. */
void sdr_series_init(struct sdr_series *series, uint16_t capacity);

/* Makes a series go on where another stands, which holds no more than it can, with the slots of
 * that. */
void sdr_series_follow(struct sdr_series *series, const struct sdr_series *from);

/* Forgets all slots; numbering continues. */
void sdr_series_reset(struct sdr_series *series);

/* Returns how many slots a target needs: for so much time at its interval and for what is in
 * flight. */
uint16_t sdr_series_want(const struct sdr_spec *spec, sdr_ns time);

/* Fills slot number `slot` (from 1) with a code or mark; `second` is when its probe was sent. Slots
 * passed over become pending. */
void sdr_series_put(struct sdr_series *series, uint64_t slot, int32_t second, uint16_t code);

/* Adds `n` slots in which nothing was sent; the capacity at most. */
void sdr_series_gap(struct sdr_series *series, uint32_t n);

/* Returns the code or mark of a slot that is kept. */
uint16_t sdr_series_slot(const struct sdr_series *series, uint64_t slot);

/* As sdr_model_series. `values` is sdr_code_value of each code. */
uint32_t sdr_series_last(
	const struct sdr_series *series, const sdr_ns *values, sdr_ns *samples, uint32_t n);

/* Fills figures of a window that ends at `now`. */
void sdr_series_figures(const struct sdr_series *series, const sdr_ns *values,
	enum sdr_window window, sdr_ns now, struct sdr_figures *figures);

#endif
