/* stops.h - what ends a run from outside: SIGINT, SIGTERM, a deadline; and SIGQUIT, which asks how
 * it stands. */
#ifndef SOUNDER_SHELL_STOPS_H
#define SOUNDER_SHELL_STOPS_H

#include <stdbool.h>
#include <uv.h>

#include "sounder/clock.h"

struct shell_stops {
	void *context;
	void (*on_stop)(void *context,
		bool deadline);           /* the loop is left after it; may come more than once */
	void (*on_status)(void *context); /* NULL: SIGQUIT does what it always does */
	uv_signal_t signals[3];
	uv_timer_t deadline;
};

/* Begins to listen; the callbacks are set. `deadline` from now, 0: none. */
void sdr_stops_open(struct shell_stops *stops, uv_loop_t *loop, sdr_ns deadline);

/* Ends listening; the loop has to run once more. */
void sdr_stops_close(struct shell_stops *stops);

#endif
