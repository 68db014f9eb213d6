/* engine_internal.h (internal) - the engine's own state, for engine.c, which runs it,
 * engine_view.c, which reads it, and address_group.c, which adds and removes targets as names have
 * it. */
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
	uv_idle_t now; /* the next tick is at once, but after the loop has read what came: a timer
			  of 0 ms might go first */
	unsigned closing; /* handles that are closing */
	struct pace pace;
	struct resolver resolver;
	struct targets targets;
	struct spec_share *latest; /* held: what the latest target shares */
	uint32_t running;          /* targets that are live */
	uint32_t group_count;      /* so far: the number of the latest */
	/* The clocks' distance, read again on each tick: good enough for labels. */
	sdr_ns wall_less_clock;
	struct engine_target *changed_first, *changed_last;
	uint32_t again_count;    /* targets with `again` set */
	uint32_t unbegun_count;  /* targets with `unbegun` set */
	void *shared[TYPES_MAX]; /* by type index */
	bool opened[TYPES_MAX];
	struct sdr_sink sinks[SINKS_MAX]; /* [sink_count] */
	unsigned sink_count;
};

/* ---- engine.c's, for address_group.c; from the loop, never from a sink ---- */

/* Notes a target's event for the sinks; it is reported in the next iteration. */
void sdr_engine_notify(
	struct sdr_engine *engine, struct engine_target *target, enum sdr_target_event event);

/* Gives a new target its id and place; nothing is reported yet. ENOMEM: the target is freed. */
SDR_MUST_CHECK enum sdr_status sdr_engine_place(
	struct sdr_engine *engine, struct engine_target *target);

/* Continues with a target whose address is resolved, or could not be. */
void sdr_engine_resolved(struct sdr_engine *engine, struct engine_target *target);

/* Removes a single target. `why` is a static string. */
void sdr_engine_drop(struct sdr_engine *engine, struct engine_target *target, const char *why);

#endif
