/* target.h - the engine's own side of a target, shared by the files of the engine. Small, since
 * there may be 65,536. */
#ifndef SOUNDER_PROBE_TARGET_H
#define SOUNDER_PROBE_TARGET_H

#include "probe/engine_target.h"
#include "probe/probe_type.h"
#include "probe/target_set_members.h"

struct resolver;

/* What a target has while its name wants looking up, now or again: few are names among very many
 * addresses. */
struct target_lookup {
	struct engine_target *target;
	struct resolver *resolver;       /* the engine's, borrowed; NULL before the first lookup */
	struct engine_target *next_wait; /* list of the resolver */
	struct sdr_names_call *call;     /* the pending lookup */
	sdr_ns retry_at;                 /* when the name is looked up again */
	uint8_t failures;                /* failed lookups in a row */
	bool in_wait;                    /* on the resolver's list */
	bool looking;                    /* a lookup is pending */
};

struct engine_target {
	struct sdr_target *public;          /* what sinks see; held */
	struct engine_target *next_changed; /* list of targets with pending changes */
	struct target_lookup *lookup;       /* owned; NULL: never needed */
	struct sdr_owner *owner;            /* borrowed; NULL: the engine's sinks get all */
	uint32_t pending;                   /* probes whose answer is still to come */
	uint8_t type;                       /* the engine's number of it */
	uint8_t changes;                    /* 1 << event, to be reported in the next iteration */
	bool unbegun : 1;    /* the latest could not be begun without memory; not reported yet */
	bool in_changed : 1; /* on that list */
	bool live : 1;       /* counted as running */
	bool paused : 1;     /* by the user */
	bool again : 1;      /* one probe outside the schedule is requested */
	bool waiting : 1;    /* counted by its owner */
	bool orphan : 1;     /* its owner is gone: nobody is notified */
	bool removed : 1;    /* only REMOVED is still to be reported */
	bool fed : 1;        /* its results come of its leader's probes */
	bool later : 1;      /* its type wants none before target_known.again_at */
	bool hopeless : 1;   /* its address is refused: trying again won't help */
};

#endif
