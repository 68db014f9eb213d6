/* target.h - the engine's own side of a target, shared by engine.c and resolve.c. */
#ifndef SOUNDER_PROBE_TARGET_H
#define SOUNDER_PROBE_TARGET_H

#include "probe/probe.h"

struct resolver;

struct engine_target {
	struct sdr_target face; /* first: what sinks see */
	const struct probe_type *type;
	void *shared;                    /* the type's, borrowed */
	unsigned type_bit;               /* 1 << index of the type: who needs a flush */
	uint64_t count;                  /* probes to send; 0: for ever */
	uint32_t pending;                /* probes whose answer is still to come */
	bool unbegun;                    /* the latest could not be begun for want of memory, which is still to be told */
	unsigned news;                   /* 1 << event, to be told on the next turn */
	struct engine_target *next_news; /* list of those with news */
	bool in_news;                    /* on that list */
	bool live;                       /* counted as running */
	bool paused;                     /* by the user */
	bool again;                      /* one probe beside the schedule is wanted */
	bool removed;                    /* only REMOVED is still to be told */
	uint8_t failures;                /* failed lookups in a row */
	bool hopeless;                   /* its address is refused: trying again won't help */
	bool in_wait;                    /* on the resolver's list */
	sdr_ns retry_at;                 /* when a failed name is tried again */
	struct resolver *resolver;       /* the engine's, borrowed; NULL before the first lookup */
	bool looking;                    /* a lookup is under way */
	struct sdr_names_call *call;     /* that lookup */
	struct engine_target *next_wait; /* list of the resolver */
	char *name;                      /* face.name where it is not spec.host; owned */
	char *why;                       /* face.why where it is not ""; owned */
	void *memory;                    /* the spec's text; owned */
};

#endif
