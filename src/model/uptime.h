/* uptime.h (internal) - how much of the last hour those of several targets that were probed were
 * up, by cells of two minutes: counted with each change of a state, exact to 10 ms. A target that
 * is paused, or new, counts for nothing. */
#ifndef SOUNDER_MODEL_UPTIME_H
#define SOUNDER_MODEL_UPTIME_H

#include "sounder/uptime.h"

/* All-zero: no target, nothing known. */
struct sdr_uptime {
	sdr_ns to;                  /* counted up to here */
	uint32_t up_now, known_now; /* targets, since then */
	/* [number of the cell % SDR_UPTIME_CELLS] hundredths of a second of one target. */
	uint32_t up[SDR_UPTIME_CELLS], known[SDR_UPTIME_CELLS];
};

/* Whether a target in that state is up, and whether it is known if it is. */
bool sdr_uptime_is_up(enum sdr_state state);
bool sdr_uptime_is_known(enum sdr_state state);

/* A target goes from a state to another, in which it has been since `since` already. */
struct sdr_uptime_change {
	enum sdr_state from, to;
	sdr_ns since;
};
void sdr_uptime_change(
	struct sdr_uptime *uptime, const struct sdr_uptime_change *change, sdr_ns now);

/* A target in that state comes, and goes: what it was before stays where it was counted. */
void sdr_uptime_join(struct sdr_uptime *uptime, enum sdr_state state, sdr_ns now);
void sdr_uptime_leave(struct sdr_uptime *uptime, enum sdr_state state, sdr_ns now);

/* As sdr_model_uptime. */
double sdr_uptime_read(
	const struct sdr_uptime *uptime, sdr_ns now, double shares[static SDR_UPTIME_CELLS]);

#endif
