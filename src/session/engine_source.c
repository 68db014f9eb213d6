/* engine_source.c - the engine as a session's source. */
#include "sounder/session.h"

static enum sdr_status add(
	void *engine, const struct sdr_spec *spec, uint32_t *id, struct sdr_error *error)
{
	return sdr_engine_add(engine, spec, id, error);
}

static enum sdr_status remove_target(void *engine, uint32_t id)
{
	return sdr_engine_remove(engine, id);
}

static enum sdr_status pause_target(void *engine, uint32_t id, bool pause)
{
	return sdr_engine_pause(engine, id, pause);
}

static enum sdr_status again(void *engine, uint32_t id)
{
	return sdr_engine_again(engine, id);
}

static enum sdr_status set_group(void *engine, uint32_t id, const char *group)
{
	return sdr_engine_set_group(engine, id, group);
}

static enum sdr_status sink_add(void *engine, const struct sdr_sink *sink)
{
	return sdr_engine_sink_add(engine, sink);
}

static void sink_remove(void *engine, void *context)
{
	sdr_engine_sink_remove(engine, context);
}

struct sdr_session_source sdr_engine_source(struct sdr_engine *engine)
{
	return (struct sdr_session_source){
		engine, add, remove_target, pause_target, again, set_group, sink_add, sink_remove};
}
