/* target_resolve.h - names of targets to addresses: few lookups at a time, failed ones tried again
 * later and later. */
#ifndef SOUNDER_PROBE_TARGET_RESOLVE_H
#define SOUNDER_PROBE_TARGET_RESOLVE_H

#include <uv.h>

#include "probe/target.h"
#include "probe/target_filter.h"

#define SDR_RESOLVE_RETRY (60 * SDR_SECOND) /* after a renewal that failed */

struct resolver {
	struct sdr_names *names;            /* borrowed */
	uv_timer_t timer;                   /* ticks while a failed name waits */
	struct engine_target *first, *last; /* waiting for their lookup, in order */
	unsigned in_flight;                 /* lookups */
	uint32_t waiting;                   /* targets in the line */
	sdr_ns next_at; /* no name in the queue is due before then; 0: check the queue */
	struct target_filter target_filter;
	void (*done)(void *context,
		struct engine_target
			*target); /* public.addr is set, or phase is FAILED; from the loop */
	void (*on_group_answer)(void *context, struct engine_target *target,
		const struct sdr_names_answer *answer); /* instead, for a target in an address
							   group */
	void *context;
};

/* Of one that is all zero. */
void sdr_resolve_init(struct resolver *resolver, uv_loop_t *loop, struct sdr_names *names);

/* Puts a target into the line. Its lookup begins with the next sdr_resolve_pump, or when `delay`
 * has passed. ENOMEM, but only the first time. */
enum sdr_status sdr_resolve_add(
	struct resolver *resolver, struct engine_target *target, sdr_ns delay);

/* Forgets a target. */
void sdr_resolve_remove(struct resolver *resolver, struct engine_target *target);

/* Starts lookups up to the limit. From the loop. */
void sdr_resolve_pump(struct resolver *resolver);

/* Takes a literal address without a lookup: fills public.addr and returns whether its host is one.
 * The wrong address family, a broadcast or multicast address make it FAILED. */
bool sdr_resolve_literal(struct resolver *resolver, struct engine_target *target);

/* Gives a target its address and the name's canonical form; broadcast and multicast addresses make
 * it FAILED. */
void sdr_resolve_accept(struct resolver *resolver, struct engine_target *target,
	const struct sdr_addr *addr, const char *canonical);

/* Schedules a new lookup of its name when the TTL expires; SDR_NS_NONE, for what never changes:
 * none. */
void sdr_resolve_renew(
	struct resolver *resolver, struct engine_target *target, sdr_ns time_to_live);

/* Returns what a target has for lookups, made where it is missing; NULL when out of memory. */
struct target_lookup *sdr_resolve_lookup(struct engine_target *target);

/* What a lookup without an address means for its target. A resolver that refused, failed or was
 * silent is the resolver's failure, never the target's: RESOLVE_FAILED. */
enum sdr_outcome sdr_resolve_outcome(const struct sdr_names_answer *answer);

/* Marks a target as FAILED. `why` is copied. */
void sdr_resolve_fail(struct engine_target *target, enum sdr_outcome outcome, const char *why);

/* How long to wait before a failed name is tried again: 1 s, doubling to 60 s. */
sdr_ns sdr_resolve_backoff(const struct engine_target *target);

#endif
