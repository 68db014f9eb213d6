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
	uv_timer_t timer;     /* the next turn */
	uv_idle_t now; /* the next turn is at once, but after the loop has read what came: a timer
			  of 0 ms might go first */
	unsigned closing; /* handles whose close is under way */
	struct pace pace;
	struct resolver resolver;
	struct targets targets;
	struct spec_share *latest; /* held: what the latest target shares */
	uint32_t running;          /* targets that are live */
	uint32_t group_count;      /* so far: the number of the latest */
	/* The clocks' distance, read anew each turn: labels need no better. */
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

/* Notes what sinks are to be told of a target in the next iteration. */
void sdr_engine_notify(
	struct sdr_engine *engine, struct engine_target *target, enum sdr_target_event event);

/* Gives a new target its id and place; nothing is told yet. ENOMEM: the target is freed. */
SDR_MUST_CHECK enum sdr_status sdr_engine_place(
	struct sdr_engine *engine, struct engine_target *target);

/* Goes on with a target whose address is there, or is not to be had. */
void sdr_engine_resolved(struct sdr_engine *engine, struct engine_target *target);

/* Takes a single target out. `why` lives as long as the program. */
void sdr_engine_drop(struct sdr_engine *engine, struct engine_target *target, const char *why);

#endif
