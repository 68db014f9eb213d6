/* engine.h - probes each target at its interval and passes the results to every sink in turn.
 *
 * All addresses of a name. With spec->all_addresses the added target is the first of a set
 * (target_set.h): once its name is resolved it gets the first address, and the engine adds a target
 * for each other address, with the same settings. The name is resolved again when its TTL expires,
 * as long as any of them is probed: a new address becomes a target, one that is gone from the
 * answer is removed, with the reason in `why`. A lookup that fails, or fails for A or AAAA alone,
 * removes none. At most SDR_NAMES_ADDRESSES_MAX are followed. A host that is an address has no set.
 *
 * To sinks each member of a set is a target like any other; to callers the set is one: removing any
 * of its targets removes them all. */
#ifndef SOUNDER_ENGINE_H
#define SOUNDER_ENGINE_H

#include "sounder/probe.h"
#include "sounder/target_set.h"

struct sdr_engine;

enum sdr_phase {
	SDR_PHASE_RESOLVING, /* its name is being looked up */
	SDR_PHASE_RUNNING,
	SDR_PHASE_PAUSED,
	SDR_PHASE_FINISHED, /* its count is done, every result is in */
	/* It can't be probed: `why`. An endless target's name is tried again (1 s, 2 s, ... 60 s);
	 * one with a count (or asked once) stays so and is not `running`. Sinks get CHANGED. */
	SDR_PHASE_FAILED,
};

/* A target as sinks see it: a counted block of memory. What it is (typed, host, port, spec) never
 * changes, but for the spec's group; the rest is changed by its source alone, the engine, which
 * then sends CHANGED, but for `begun` and the address that answered, which change with each probe.
 * Who wants it for longer than a callback holds it; after REMOVED it stays as it was. */
struct sdr_target {
	uint32_t id;                  /* dense index, reused after removal */
	enum sdr_phase phase : 4;     /* bits: there may be 65,536 targets */
	enum sdr_outcome outcome : 6; /* FAILED: what went wrong */
	bool owned : 1;   /* it belongs to a job, see struct sdr_owner, and is not watched */
	bool counted : 1; /* made by its source; a test may have one of its own */
	uint16_t port;    /* 0 where the type needs none */
	uint32_t others;  /* holders but the first; kept by sdr_target_hold */
	/* How it is probed, defaults filled in; shared by all targets with the same settings.
	 * Target, host and port are unset here: each target has its own. Another block takes its
	 * place where the group changes: not to be kept beyond a callback. */
	const struct sdr_spec *spec;
	const char *typed; /* the target as typed; what every sink shows */
	const char *host;  /* the name or address to resolve; NULL where the type needs none */
	const char *name;  /* canonical name if known, else host, else typed */
	const char *why;   /* FAILED, or REMOVED by the engine itself: a message for the user; else
			    "" */
	struct sdr_addr
		addr; /* what the name resolved to; version 0 until then or if the type wants none.
		       * Of a type by names the one that answered last, the first one before that */
	uint64_t begun;      /* probes begun so far: the latest sequence */
	sdr_ns resolve_time; /* what the last resolution took; SDR_NS_NONE for a literal, where
				nothing was looked up, and before the first */
};

enum sdr_target_event {
	SDR_TARGET_ADDED,
	SDR_TARGET_CHANGED,
	SDR_TARGET_FINISHED,
	SDR_TARGET_REMOVED
};

/* Keeps a target's memory until as many sdr_target_release; returns it. */
const struct sdr_target *sdr_target_hold(const struct sdr_target *target);

/* Ends a hold; the last one frees it. NULL is allowed. */
void sdr_target_release(const struct sdr_target *target);

/* Returns a copy that nobody changes, held once, or NULL when out of memory. */
SDR_MUST_CHECK const struct sdr_target *sdr_target_copy(const struct sdr_target *target);

/* Returns the address family that the last resolution of its name could not get, and why ("AAAA: no
 * answer in 4.0 s"), or NULL. Borrowed until the next callback. */
const char *sdr_target_missing(const struct sdr_target *target);

/* Returns how many addresses a target may be reached at, and the addresses, in the order of RFC
 * 6724: of a type by names all that its name has (SDR_NAMES_ADDRESSES_MAX at the most; one, where
 * each is a target of its own), else the one. 0 before its name is resolved. Borrowed, until the
 * loop goes on. */
unsigned sdr_target_addresses(const struct sdr_target *target, const struct sdr_addr **addresses);

/* Fills values[] with what its type sums up of a target's probes so far, by its `summary_fields`;
 * of one that is removed, what it was at the end. Borrowed until the next callback, of a copy or
 * one that is removed as long as it is held. */
void sdr_target_summary(
	const struct sdr_target *target, struct sdr_value values[static SDR_SUMMARY_FIELDS_MAX]);

/* Makes a sheet of what its type knows of a target so far that is more than fields can hold (each
 * hop of a path), to be freed; NULL: it knows nothing of that kind, or nothing any more. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_target_sheet(
	const struct sdr_target *target, struct sdr_sheet **sheet);

/* A consumer of results. Callbacks come from the loop only, never before the call that causes them
 * returns, and must neither add nor remove targets nor sinks. */
struct sdr_sink {
	void *context;
	void (*on_target)(void *context, const struct sdr_target *target,
		enum sdr_target_event event); /* may be NULL */
	void (*on_result)(void *context, const struct sdr_target *target,
		const struct sdr_result *result); /* likewise */
};

/* Whom targets belong to that are not watched but part of some work: its sink alone gets what comes
 * of them, in place of the engine's sinks. */
struct sdr_owner {
	struct sdr_sink sink;
	void (*on_begun)(void *context); /* one waits no more, so that another may be added, but
					    not within; the sink's context; may be NULL */
	uint32_t waiting; /* of them whose first probe has not left yet; kept by the engine */
};

/* Adds a target; its first probe leaves in the next loop iteration or as the pacing has it. `id`
 * may be NULL. EINVAL, ERANGE with `error` for a spec out of bounds; EPERM no socket for this type
 * (see privilege.h); ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_engine_add(struct sdr_engine *engine,
	const struct sdr_spec *spec, uint32_t *id, struct sdr_error *error);

/* Adds one that belongs to `owner`, which is borrowed until sdr_engine_release. Else as above. */
SDR_MUST_CHECK enum sdr_status sdr_engine_add_owned(struct sdr_engine *engine,
	const struct sdr_spec *spec, struct sdr_owner *owner, uint32_t *id,
	struct sdr_error *error);

/* Removes all targets of an owner, at any time but within a sink; its sink is not called any
 * more. */
void sdr_engine_release(struct sdr_engine *engine, struct sdr_owner *owner);

#define SDR_TARGET_LABEL (SDR_HOST_TEXT + SDR_ADDR_TEXT + 4)

/* Writes who a target is where its name is not enough: "db1 (192.0.2.7)" for a member of a set that
 * has a role, else as typed. Returns `out` or that. */
const char *sdr_target_label(char out[static SDR_TARGET_LABEL], const struct sdr_target *target);

/* Removes a target, with the rest of its set; the only callback
 * for it that follows is REMOVED, in the next loop iteration at the latest. ENOENT. */
enum sdr_status sdr_engine_remove(struct sdr_engine *engine, uint32_t id);

/* Probes once, in the next iteration, outside its schedule, even if PAUSED or FINISHED; a FAILED
 * target is resolved again instead, unless its address is of the wrong family. Does nothing while
 * RESOLVING: its first probe is still to come. ENOENT. */
enum sdr_status sdr_engine_again(struct sdr_engine *engine, uint32_t id);

/* What a probe type itself keeps of a target, beside its results: figures of a path's hops. */
struct sdr_figures;

/* Has it begin again; returns what there was, to be given back or freed. NULL: there is nothing of
 * that, or no memory to keep it. */
struct sdr_figures *sdr_engine_take_figures(struct sdr_engine *engine, uint32_t id);

/* Gives it back to the target it is of, and takes it over. Nothing happens where that is gone, or
 * `figures` is NULL. */
void sdr_engine_give_figures(struct sdr_engine *engine, uint32_t id, struct sdr_figures *figures);

/* Frees what was taken; NULL is allowed. */
void sdr_figures_free(struct sdr_figures *figures);

/* Stops or resumes sending to one target; replies to what was sent still come in. ENOENT. */
enum sdr_status sdr_engine_pause(struct sdr_engine *engine, uint32_t id, bool pause);

/* Labels a target, with the other addresses of its name; `group` is copied, NULL: none. Sinks get
 * CHANGED for each. ENOENT; ENOMEM: some have the label. */
SDR_MUST_CHECK enum sdr_status sdr_engine_set_group(
	struct sdr_engine *engine, uint32_t id, const char *group);

/* Sets the ceiling on probes a second over all targets; default 1000, 0 counts as 1. */
void sdr_engine_set_rate(struct sdr_engine *engine, uint32_t per_second);

/* Returns that ceiling. */
uint32_t sdr_engine_rate(const struct sdr_engine *engine);

/* Returns how many probes a second the targets ask for. */
double sdr_engine_demand(const struct sdr_engine *engine);

/* Returns the target of that id; NULL: there is none. */
const struct sdr_target *sdr_engine_find(const struct sdr_engine *engine, uint32_t id);

/* Returns what all ids are below; not each is a target's. */
uint32_t sdr_engine_limit(const struct sdr_engine *engine);

/* Returns how many targets are neither FINISHED nor FAILED for good. */
uint32_t sdr_engine_running(const struct sdr_engine *engine);

/* Sinks are called in the order of adding; `sink` is copied, its context borrowed until removed.
 * ENOMEM: there are eight already. */
SDR_MUST_CHECK enum sdr_status sdr_engine_sink_add(
	struct sdr_engine *engine, const struct sdr_sink *sink);

/* Removes all sinks with that context; none is called any more. */
void sdr_engine_sink_remove(struct sdr_engine *engine, void *context);

#endif
