/* engine_internal.h (internal) - the engine's own state, for engine.c, which runs it,
 * engine_view.c, which reads it, engine_schedule.c, which moves targets on, and address_group.c,
 * which adds and removes targets as names have it. */
#ifndef SOUNDER_PROBE_ENGINE_INTERNAL_H
#define SOUNDER_PROBE_ENGINE_INTERNAL_H

#include <uv.h>

#include "probe/pace.h"
#include "probe/target_resolve.h"
#include "probe/targets.h"

#define TYPES_MAX 16
#define SINKS_MAX 8

struct sdr_engine {
	struct probe_env env; /* first: what types get, and how emit finds the engine */
	uv_timer_t timer;     /* the next tick */
	void (*turn)(struct sdr_engine *engine); /* engine.c's: what a turn does */
	uv_idle_t now; /* the next tick is at once, but after the loop has read what came: a timer
			  of 0 ms might go first */
	unsigned closing; /* handles that are closing */
	struct pace pace;
	struct resolver resolver;
	struct targets targets;
	struct spec_share *latest; /* held: what the latest target shares */
	uint32_t running;          /* targets that are live */
	uint32_t set_count;        /* so far: the number of the latest */
	/* The clocks' distance, read again on each tick: good enough for labels. */
	sdr_ns wall_less_clock;
	struct engine_target *changed_first, *changed_last;
	uint32_t again_count;                      /* targets with `again` set */
	uint32_t unbegun_count;                    /* targets with `unbegun` set */
	const struct probe_type *types[TYPES_MAX]; /* [type_count] those in use, opened */
	void *shared[TYPES_MAX];                   /* [type_count] */
	unsigned type_count;
	struct sdr_sink sinks[SINKS_MAX]; /* [sink_count] */
	unsigned sink_count;
};

#endif
