/* engine.h - targets come and go, each is probed at its interval, results go to every sink in turn.
 *
 * All addresses of a name. With spec->all_addresses the target that is added is the first of a
 * family: as soon as its name is resolved it has the first address, and the engine adds a target by
 * itself for each other one, alike in all but the address. The name is asked for again when its
 * time to live is over, for as long as any of them is probed: an address that is new becomes a
 * target (`joined`), one that is gone from the answer is removed, `why` saying so. A lookup that
 * fails, or fails for one of A and AAAA, takes none away. SDR_NAMES_ADDRESSES_MAX are followed at
 * the most (`cut`). To sinks each is a target like any other; to callers they are one thing:
 * removing any of them removes them all. A host that is an address has no family. */
#ifndef SOUNDER_ENGINE_H
#define SOUNDER_ENGINE_H

#include "sounder/probe.h"

struct sdr_engine;

enum sdr_phase {
	SDR_PHASE_RESOLVING, /* its name is being looked up */
	SDR_PHASE_RUNNING,
	SDR_PHASE_PAUSED,
	SDR_PHASE_FINISHED, /* its count is done, every result is in */
	/* It can't be probed: `why`. An endless target's name is tried again (1 s, 2 s, ... 60 s);
	 * one with a count (or asked once) stays so and is not `running`. Told to sinks as
	 * CHANGED. */
	SDR_PHASE_FAILED,
};

/* A target as sinks see it; owned by the engine. */
struct sdr_target {
	uint32_t id;                  /* dense index, reused after removal */
	enum sdr_phase phase : 4;     /* bits: there may be 65,536 targets */
	enum sdr_outcome outcome : 6; /* FAILED: what went wrong */
	bool family : 1; /* it is one of a name's addresses, see above; sdr_engine_address_group
			    says of which */
	bool leads : 1;  /* and the one that stands for all where one is enough, as in a config */
	bool joined : 1; /* the name got this address later */
	bool cut : 1; /* the name has more addresses than are followed; told of the one that leads,
			  as CHANGED */
	bool starved : 1; /* there was no memory to follow all of them; told likewise */
	bool many : 1;    /* sdr_target_addresses has more than `addr` */
	uint16_t port;    /* 0 where the type needs none */
	/* How it is probed, defaults filled in; shared by all targets that are probed alike. What
	 * is one target's own is not in it: its target, host and port are unset. */
	const struct sdr_spec *spec;
	const char *typed; /* the target as typed; what every sink shows */
	const char *host;  /* the name or address to resolve; NULL where the type needs none */
	const char *name;  /* canonical name if known, else host, else typed */
	const char *why; /* FAILED: a message for a person; REMOVED by the engine itself: likewise;
			    else "" */
	struct sdr_addr
		addr; /* what the name resolved to; version 0 until then or if the type wants none.
		       * Of a type by names the one that answered last, the first one before that */
	const char *missing; /* which family's addresses the last resolution could not get and why
				("AAAA: no answer in 4.0 s"), or NULL */
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

/* Returns how many addresses a target may be reached at, and the addresses, in the order of RFC
 * 6724: of a type by names all that its name has (SDR_NAMES_ADDRESSES_MAX at the most; one, where
 * each is a target of its own), else the one. 0 before its name is resolved. Borrowed, until the
 * loop goes on. */
unsigned sdr_target_addresses(const struct sdr_target *target, const struct sdr_addr **addresses);

/* A consumer of results. Callbacks come from the loop only, never before the call that causes them
 * returns, and must neither add nor remove targets nor sinks. */
struct sdr_sink {
	void *context;
	void (*on_target)(void *context, const struct sdr_target *target,
		enum sdr_target_event event); /* may be NULL */
	void (*on_result)(void *context, const struct sdr_target *target,
		const struct sdr_result *result); /* likewise */
};

/* Adds a target; its first probe leaves in the next loop iteration or as the pacing has it. `id`
 * may be NULL. EINVAL, ERANGE with `error` for a spec out of bounds; EPERM no socket for this type
 * (see privilege.h); ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_engine_add(struct sdr_engine *engine,
	const struct sdr_spec *spec, uint32_t *id, struct sdr_error *error);

/* Writes who a target is where its name is not enough: "db1 (192.0.2.7)" for one of a name's
 * addresses, else as typed. Returns `out` or that. */
#define SDR_TARGET_LABEL (SDR_HOST_TEXT + SDR_ADDR_TEXT + 4)
const char *sdr_target_label(char out[static SDR_TARGET_LABEL], const struct sdr_target *target);

/* Removes a target, with the other addresses of its name where all are followed; no callback for it
 * follows but REMOVED, on the loop's next turn at the latest. ENOENT. */
enum sdr_status sdr_engine_remove(struct sdr_engine *engine, uint32_t id);

/* Probes once, in the next iteration, beside its schedule, also what is PAUSED or FINISHED; a
 * FAILED target is resolved anew instead, unless its address is of the wrong family. Nothing while
 * RESOLVING: its first probe is to come anyway. ENOENT. */
enum sdr_status sdr_engine_again(struct sdr_engine *engine, uint32_t id);

/* Stops or resumes sending to one target; what is under way still comes in. ENOENT. */
enum sdr_status sdr_engine_pause(struct sdr_engine *engine, uint32_t id, bool pause);

/* The ceiling on probes a second over all targets; default 1000, 0 counts as 1. */
void sdr_engine_set_rate(struct sdr_engine *engine, uint32_t per_second);
uint32_t sdr_engine_rate(const struct sdr_engine *engine);
double sdr_engine_demand(const struct sdr_engine *engine); /* probes a second the targets ask for */

/* Ids run from 0 to sdr_engine_limit - 1; `find` returns NULL for a hole. */
const struct sdr_target *sdr_engine_find(const struct sdr_engine *engine, uint32_t id);
uint32_t sdr_engine_limit(const struct sdr_engine *engine);
uint32_t sdr_engine_backlog(const struct sdr_engine
		*engine); /* targets on the schedule, or waiting for their address */
uint32_t sdr_engine_running(
	const struct sdr_engine *engine); /* targets not FINISHED and not FAILED for good */
uint32_t sdr_engine_address_group(const struct sdr_engine *engine,
	uint32_t id); /* a number its family alone has, growing as they are added; 0: none */

/* Sinks are called in the order of adding; `sink` is copied, its context borrowed until removed.
 * ENOMEM: there are eight already. */
SDR_MUST_CHECK enum sdr_status sdr_engine_sink_add(
	struct sdr_engine *engine, const struct sdr_sink *sink);
void sdr_engine_sink_remove(struct sdr_engine *engine,
	void *context); /* all with that context; none is called any more */

#endif
