/* wheel.h - a hierarchical timer wheel on a clock that is passed in: adding, removing and firing cost the same for ten timers or a million.
 *
 * Timers are embedded in what they time. They fire never early and at most a tick late. (Varghese and Lauck 1987, scheme 7.) */
#ifndef SOUNDER_BASE_WHEEL_H
#define SOUNDER_BASE_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/clock.h"

#define SDR_WHEEL_LEVELS 5 /* of 64 slots: 2^30 ticks ahead, 12 days of milliseconds; what is due later waits in the last slot */

/* All-zero: not in a wheel. */
struct sdr_timer {
	struct sdr_timer *next;  /* in the same slot */
	struct sdr_timer **link; /* what points to this one; NULL: not in a wheel */
	int64_t due;             /* tick */
};

struct sdr_wheel {
	sdr_ns origin, tick;                           /* time of tick 0; length of a tick */
	int64_t now;                                   /* ticks up to this one have fired */
	uint32_t count;                                /* timers held */
	uint64_t used[SDR_WHEEL_LEVELS];               /* bit i: slot i is not empty */
	struct sdr_timer *slots[SDR_WHEEL_LEVELS][64]; /* lists */
};

/* Starts a wheel at `now` with ticks of that length. */
void sdr_wheel_init(struct sdr_wheel *wheel, sdr_ns now, sdr_ns tick);

/* Adds a timer that is in no wheel. What is due already fires with the next tick. */
void sdr_wheel_add(struct sdr_wheel *wheel, struct sdr_timer *timer, sdr_ns due);

/* Removes a timer; one that is in no wheel is left alone. */
void sdr_wheel_remove(struct sdr_wheel *wheel, struct sdr_timer *timer);

/* Fires, tick by tick, all that is due by `now`. A timer is out of the wheel when `fire` gets it; `fire` may add and remove any. */
void sdr_wheel_advance(struct sdr_wheel *wheel, sdr_ns now, void (*fire)(void *context, struct sdr_timer *timer), void *context);

/* Returns when to advance next: not after the earliest timer is due, perhaps before; SDR_NS_NONE without timers. */
sdr_ns sdr_wheel_next(const struct sdr_wheel *wheel);

#endif
