/* repeat.h (internal) - what the options that probing commands share (sdr_options_repeat) ask
 * for. */
#ifndef SOUNDER_CMD_REPEAT_H
#define SOUNDER_CMD_REPEAT_H

#include "sounder/command.h"

/* Returns the time from one probe to the next; 0: the call asks once, since it names no interval,
 * no count above 1 and nothing to wait for. */
sdr_ns sdr_repeat_interval(const struct sdr_call *call);

/* Fills in what ends the watch: deadline, until, and the losses and replies that make a state.
 * EINVAL with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_repeat_take(
	const struct sdr_call *call, struct sdr_watch *watch, struct sdr_error *error);

#endif
