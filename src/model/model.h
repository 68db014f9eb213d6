/* model.h (internal) - making, feeding and moving on the model. Only the wiring does so; all
 * others read include/sounder/model.h.
 *
 * Fed with what the engine's sinks get, and with the time. It reads no clock and opens nothing. */
#ifndef SOUNDER_MODEL_MODEL_H
#define SOUNDER_MODEL_MODEL_H

#include "sounder/model.h"

/* Returns an empty model, or NULL when out of memory. */
struct sdr_model *sdr_model_new(void);
void sdr_model_free(struct sdr_model *model); /* NULL is allowed */

/* Returns the sink to be given to sdr_engine_sink_add; its context is the model. */
struct sdr_sink sdr_model_sink(struct sdr_model *model);

/* Who hears of each change of a state, within the call that made it: nothing of the model's may be
 * called but its readers and sdr_model_note. */
struct sdr_model_listener {
	void *context;
	void (*state)(void *context, const struct sdr_target *target, enum sdr_state from,
		enum sdr_state to);
};

/* Sets the one listener; it is copied. */
void sdr_model_listen(struct sdr_model *model, const struct sdr_model_listener *listener);

/* The three clocks, read together. */
struct sdr_clocks {
	sdr_ns now;    /* sdr_clock_now() */
	sdr_ns boot;   /* sdr_clock_boot() */
	sdr_wall wall; /* sdr_clock_wall() */
};

/* Advances the time: call it about once a second, and as the first thing when the loop wakes from a
 * long sleep, before results come in. If BOOTTIME ran ahead of MONOTONIC, the host was suspended:
 * the series get a gap and probes that were in flight do not count as lost. If the wall clock
 * drifted from BOOTTIME by more than a second, it was stepped. Both go into the journal. */
void sdr_model_advance(struct sdr_model *model, const struct sdr_clocks *clocks);

#endif
