/* trace.h - which hops of a path are to be probed next, by one flow, and what answers make of that.
 * Pure: events in, decisions out.
 *
 * The first round probes one hop after another until the target answers. Later ones probe what is
 * known; where a router answers in the target's place, the path is longer now and the round goes
 * on. A path that does not reach its target is probed two hops beyond the last that answered, and
 * once as far as is allowed: that finds the target when it is back, however far it is then. */
#ifndef SOUNDER_PATH_TRACE_H
#define SOUNDER_PATH_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/hop.h"

#define PATH_TTL_MAX 64

struct path_trace {
	uint8_t first, max; /* TTL, 1 .. PATH_TTL_MAX */
	uint8_t length;     /* the least TTL that the target answered at; 0: not known */
	uint8_t ended;      /* the least at which a router refused to go on; 0: none did */
	uint8_t highest;    /* at which a router answered; 0: none yet */
	uint8_t next, last; /* of this round: to be probed next, and at last; next > last: none */
	uint8_t sparse;     /* is probed in even rounds only, unless it is the last; 0: none is */
	bool under_way;     /* serial: an answer is waited for */
	bool target_first;  /* serial: the target is to be probed before the hops to it */
	bool far;           /* `max` is to be probed as well: after the last, serial before all */
	bool discovers;     /* how far it is is not known: one probe at a time, with a pause */
	bool serial;        /* one probe is under way at a time */
	uint32_t round;
};

void path_trace_init(struct path_trace *trace, uint8_t first, uint8_t max);

/* Begins a round. */
void path_trace_begin(struct path_trace *trace, uint32_t round);

/* Begins the round that is under way again, from its first hop on, one probe at a time from now
 * on. */
void path_trace_go_serial(struct path_trace *trace);

/* Fills in round, TTL and `far` of the next probe, which is taken for sent. False: there is none,
 * for now. */
bool path_trace_next(struct path_trace *trace, struct hop_tag *tag);

/* Whether all probes of the round have been sent. */
bool path_trace_is_sent(const struct path_trace *trace);

/* Takes an answer. Returns whether it is one of a hop of the path: the target answers at every TTL
 * beyond its own as well. */
bool path_trace_answer(
	struct path_trace *trace, const struct hop_tag *tag, enum hop_answer_kind kind);

/* Has the round send no more: this host can't. */
void path_trace_give_up(struct path_trace *trace);

/* Whether the next round has to wait: this one asks one hop at a time, or looks for the target, and
 * has not asked all. */
bool path_trace_is_busy(const struct path_trace *trace);

/* Has the path end at a hop, where nothing new comes. */
void path_trace_end(struct path_trace *trace, uint8_t ttl);

/* Takes a probe for lost. Returns whether it is one of a hop of the path, as far as is known. */
bool path_trace_lost(struct path_trace *trace, const struct hop_tag *tag);

/* Returns how many hops there are: up to the target, the router that refuses, or the last that
 * answered. */
uint8_t path_trace_hops(const struct path_trace *trace);

#endif
