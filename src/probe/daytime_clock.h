/* daytime_clock.h - compares two clocks by a daytime text: a pure function of (text, local time,
 * round trip, zone). */
#ifndef SOUNDER_PROBE_DAYTIME_CLOCK_H
#define SOUNDER_PROBE_DAYTIME_CLOCK_H

#include "net/daytime_text.h"
#include "sounder/clock.h"

/* A text's meaning. */
struct daytime_clock {
	bool known;         /* the rest holds: the form is known, and the zone given or assumed */
	bool assumed;       /* the text has no zone (or an unknown one): this host's is assumed */
	const char *zone;   /* name of the zone used: the text's own or this host's; borrowed */
	sdr_wall time;      /* the peer's time as written */
	sdr_ns offset;      /* the peer's clock ahead of ours; the middle of what is possible */
	sdr_ns uncertainty; /* plus or minus: the text's resolution and half the round trip */
};

/* Evaluates `text` that came at wall time `arrived` after a round trip of `rtt`. `local_offset` is
 * this host's zone at that time, seconds east of UTC, `local_zone` its name. */
struct daytime_clock sdr_daytime_clock_compare(const struct sdr_daytime *text, sdr_wall arrived,
	sdr_ns rtt, int32_t local_offset, const char *local_zone);

/* Writes what an offset means, for display ("the clocks agree to within 1 s"). Returns `out`. */
#define DAYTIME_MEANING 200
const char *sdr_daytime_clock_format(
	char out[static DAYTIME_MEANING], const struct daytime_clock *clock);

#endif
