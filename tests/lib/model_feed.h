/* model_feed.h - what a model is fed with: targets, the time, results. */
#ifndef SOUNDER_TESTS_MODEL_FEED_H
#define SOUNDER_TESTS_MODEL_FEED_H

#include "model/model.h"

static inline void feed_event(
	struct sdr_model *model, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sdr_sink sink = sdr_model_sink(model);
	sink.on_target(sink.context, target, event);
}

/* Returns a target of that name that runs. Both are borrowed. */
static inline struct sdr_target feed_target(
	const struct sdr_spec *spec, uint32_t id, const char *name)
{
	return (struct sdr_target){.id = id,
		.phase = SDR_PHASE_RUNNING,
		.spec = spec,
		.typed = name,
		.host = name,
		.name = name,
		.why = ""};
}

static inline void feed_time(struct sdr_model *model, int second)
{
	sdr_ns now = second * SDR_SECOND;
	const struct sdr_clocks clocks = {.now = now, .boot = now, .wall = now};
	sdr_model_advance(model, &clocks);
}

/* A probe that was sent at that second; SDR_NS_NONE: nobody answered it. */
static inline void feed_probe(
	struct sdr_model *model, const struct sdr_target *target, int second, sdr_ns rtt)
{
	struct sdr_sink sink = sdr_model_sink(model);
	const struct sdr_result result = {.sequence = (uint64_t)second + 1,
		.sent = second * SDR_SECOND,
		.when = second * SDR_SECOND,
		.outcome = rtt == SDR_NS_NONE ? SDR_OUTCOME_TIMEOUT : SDR_OUTCOME_OK,
		.rtt = rtt};
	sink.on_result(sink.context, target, &result);
}

#endif
