/* stops.h - what ends a run from outside: SIGINT, SIGTERM; and SIGQUIT, which asks how it
 * stands. */
#ifndef SOUNDER_SHELL_STOPS_H
#define SOUNDER_SHELL_STOPS_H

#include <uv.h>

struct shell_stops {
	void *context;
	void (*on_stop)(void *context);   /* may come more than once */
	void (*on_status)(void *context); /* NULL: SIGQUIT does what it always does */
	uv_signal_t signals[3];
};

/* Begins to listen; the callbacks are set. */
void sdr_stops_open(struct shell_stops *stops, uv_loop_t *loop);

/* Ends listening; the loop has to run once more. */
void sdr_stops_close(struct shell_stops *stops);

#endif
