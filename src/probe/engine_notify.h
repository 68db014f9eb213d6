/* engine_notify.h - from the engine to the sinks. From the loop, never from a sink. */
#ifndef SOUNDER_PROBE_ENGINE_NOTIFY_H
#define SOUNDER_PROBE_ENGINE_NOTIFY_H

#include "probe/engine_internal.h"

/* Reports the events noted so far (sdr_engine_notify), and frees the targets that are gone. */
void sdr_engine_notify_changes(struct sdr_engine *engine);

/* Hands a result to the sinks of its target, labelled with the time of day where `when` is 0. */
void sdr_engine_deliver(
	struct sdr_engine *engine, const struct engine_target *target, struct sdr_result *result);

#endif
