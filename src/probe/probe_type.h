/* probe_type.h (internal) - what a probe type gives the engine. One file per type ends in `const
 * struct probe_type probe_x`; probes.def lists them. */
#ifndef SOUNDER_PROBE_PROBE_TYPE_H
#define SOUNDER_PROBE_PROBE_TYPE_H

#include "probe/engine_target.h"
#include "sounder/names.h"
#include "sounder/privilege.h"

struct uv_loop_s;
struct probe_env;
struct pace;

/* What every type may use; one per engine, the same for all types. */
struct probe_env {
	struct uv_loop_s *loop;
	struct sdr_names *names;
	const struct sdr_privilege *privilege;
	/* Hands a result to the engine, which labels it with the time of day where `when` is 0.
	 * What hears of it may have the target removed: stop may be called before this returns.
	 * Only from the loop's callbacks, never from within start or flush. */
	void (*emit)(struct probe_env *env, uint32_t target_id, struct sdr_result *result);
	/* Hands a result to the engine as that of a member of the target's set, in this role; a
	 * member is added where there is none. Only types that say what their `members` are. The
	 * member's address is `from`, its sequence its own. At any time that emit may be called.
	 * ENOMEM: the member could not be added. */
	enum sdr_status (*emit_member)(struct probe_env *env, uint32_t leader_id, const char *role,
		struct sdr_result *result);
	/* Removes the member in that role, if there is one. `why` is static. */
	void (*remove_member)(
		struct probe_env *env, uint32_t leader_id, const char *role, const char *why);
	/* Has no probe of the target leave before then, and never sooner than its interval has it:
	 * at the first of the interval's times that is late enough. The user's wish for one apart.
	 * At any time, from start too. Out of memory: it leaves as the interval has it. */
	void (*again_at)(struct probe_env *env, uint32_t target_id, sdr_ns when);
	struct pace *pace; /* the engine's: a type that finds that this host can't send so fast
			      calls sdr_pace_slow */
	/* Gives a target's address another zone: its interface was recreated. */
	void (*rescope)(struct probe_env *env, uint32_t target_id, uint32_t scope_id);
};

/* A type's functions; all but start and stop may be NULL. */
struct probe_type {
	struct sdr_probe_type public; /* first: the engine finds the verbs by the part that a spec
					 names */

	/* Checks a spec's own options, beside the bounds that the engine checks for all. They may
	 * be NULL here. */
	enum sdr_status (*check)(const struct sdr_spec *spec, struct sdr_error *error);

	/* Makes what all targets of the type share (sockets, tables). EPERM and the like with
	 * `error`. */
	enum sdr_status (*open)(struct probe_env *env, void **shared, struct sdr_error *error);

	/* Frees it; asynchronous closes may finish as the loop goes on. */
	void (*close)(void *shared);

	/* Begins one probe, also while earlier ones are under way. `target` is valid until stop.
	 * Yields exactly one ANSWER within target->spec->timeout (a time-out is one), or returns
	 * ENOMEM and yields none: then the engine reports it. Any other fault is an ANSWER too. */
	enum sdr_status (*start)(
		void *shared, const struct sdr_target *target, uint64_t sequence, sdr_ns now);

	/* Called once after a batch of starts: send what was queued. */
	void (*flush)(void *shared, sdr_ns now);

	/* Drops all probes in flight of a target: no result follows. Closes what is in its state,
	 * whose memory goes right after: a libuv handle, which is closed later, has memory of its
	 * own. A target that rests (paused, or done) is not stopped. */
	void (*stop)(void *shared, const struct sdr_target *target);

	/* Bytes of what the type keeps of each target (a connection), zeroed before the first
	 * start: sdr_target_state. 0: nothing. */
	size_t state_size;

	/* Fills in values of the type's `summary_fields`, all unknown so far. Borrows from the
	 * state, which is not NULL. */
	void (*summarise)(const void *state, struct sdr_value *values);

	/* Take what a target's state has of figures, which begin again: returns it, NULL where it
	 * has none, or no memory; put it back, by the address of what take returned, if that state
	 * is still the same one's; and free it. All three or none. */
	void *(*take)(void *state);
	void (*give)(void *state, void *figures);
	void (*drop)(void *figures);

	/* Writes what it knows of a target beyond that, a list say; as summarise. */
	void (*sheet)(const void *state, struct sdr_item *root);
};

#endif
