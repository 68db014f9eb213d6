/* clock.h - two kinds of time that must not be confused, and the format of durations.
 *
 * Intervals, time-outs and round trips are `sdr_ns` of the monotonic clock. Wall time, `sdr_wall`,
 * only labels. Only the loop's callbacks and the receive path read a clock; everything else gets
 * `now` as a parameter. */
#ifndef SOUNDER_CLOCK_H
#define SOUNDER_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "sounder/status.h"

typedef int64_t sdr_ns; /* nanoseconds, of CLOCK_MONOTONIC or a difference of two such; SDR_NS_NONE
			   where there is none */
typedef int64_t sdr_wall; /* nanoseconds since 1970-01-01 UTC; 0 where unknown */

#define SDR_NS_NONE INT64_MIN
#define SDR_US ((sdr_ns)1000)
#define SDR_MS ((sdr_ns)1000000)
#define SDR_SECOND ((sdr_ns)1000000000)
#define SDR_MINUTE (60 * SDR_SECOND)
#define SDR_HOUR (60 * SDR_MINUTE)

#define SDR_DURATION_TEXT 32
#define SDR_WALL_TEXT 40

/* Reads CLOCK_MONOTONIC, which stands still while the machine is suspended. */
sdr_ns sdr_clock_now(void);

/* Reads CLOCK_BOOTTIME, which goes on while the machine is suspended: its lead over sdr_clock_now()
 * grows by each suspension. */
sdr_ns sdr_clock_boot(void);

/* Reads the wall clock, which may be set, also back. */
sdr_wall sdr_clock_wall(void);

/* Returns wall clock less monotonic clock, to within a microsecond or so. */
sdr_ns sdr_clock_offset(void);

/* Parses "2", "0.2", "200ms", "1s", "5m", "2h" (a bare number is seconds) into nanoseconds, 0 ..
 * 10^6 h; what is below a nanosecond is cut off. EINVAL, ERANGE (more) with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_duration_parse(
	const char *text, sdr_ns *duration, struct sdr_error *error);

/* Writes a duration of at most 10^6 h so that sdr_duration_parse reads it back ("200ms", "1.5s",
 * "2h"); "-" for a negative one, SDR_NS_NONE among them. Returns `out`. */
const char *sdr_duration_format(char out[static SDR_DURATION_TEXT], sdr_ns duration);

/* Writes a duration for display, two units at most ("2m16s", "3h02m", "12.4ms"), cut and not
 * rounded; "-" for SDR_NS_NONE. Returns `out`. */
const char *sdr_duration_display(char out[static SDR_DURATION_TEXT], sdr_ns duration);

/* Writes wall time as local "2026-11-21T14:29:51+0100" (ISO 8601); "-" where it is unknown. Returns
 * `out`. */
const char *sdr_wall_format(char out[static SDR_WALL_TEXT], sdr_wall when);

/* Writes wall time as local "14:29:51"; "-" where it is unknown. Returns `out`. */
const char *sdr_wall_clock(char out[static SDR_WALL_TEXT], sdr_wall when);

#endif
