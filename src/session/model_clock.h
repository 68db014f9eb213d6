/* model_clock.h (internal) - moves a model on with this host's clocks, along with results. */
#ifndef SOUNDER_SESSION_MODEL_CLOCK_H
#define SOUNDER_SESSION_MODEL_CLOCK_H

#include "sounder/model.h"

struct model_clock {
	struct sdr_model *model; /* borrowed */
	sdr_ns advanced;         /* boot time, which no suspension stops, when it last was */
};

/* Reads the clocks and moves the model on. */
void sdr_model_clock_advance(struct model_clock *clock);

/* Whether that is due: about once a second. Ask before each result: after a suspension sockets may
 * be read before a timer comes, and the model must know of it first. */
bool sdr_model_clock_is_due(const struct model_clock *clock);

#endif
