/* pace.h - when each target's next probe leaves: pure, on the caller's clock.
 *
 * A target keeps its own rhythm (due, due + interval, ...). New targets are spaced so that many
 * spread over the interval while a few start at once; the limit on the total rate is kept to within
 * 1 %; a time without calls (suspended, stopped) is skipped, not caught up. Guests (what a job
 * probes) take what the watched leave of the limit, and one probe in fifty at the least. */
#ifndef SOUNDER_PROBE_PACE_H
#define SOUNDER_PROBE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/status.h"

struct pace_due;
struct pace_slot;

struct pace_lane {
	struct pace_due *heap; /* [count], 4-ary by due; owned */
	uint32_t count, capacity;
	sdr_ns cursor; /* when the latest newcomer's first probe leaves */
};

/* Times inside are on the pacing's own clock, which stands still in a skipped gap: now -
 * skipped. */
struct pace {
	struct pace_lane lanes[2]; /* watched, guests */
	struct pace_slot *slots;   /* [slot_count] by id; owned */
	uint32_t *fresh;           /* [fresh_count] ids added since the last pull; owned */
	uint32_t slot_count, fresh_count, fresh_capacity;
	uint32_t in_a_row; /* probes of the watched while guests waited, since one of theirs */
	uint32_t rate;     /* ceiling, probes a second */
	uint32_t slowed;   /* the limit while the kernel's queue was full recently; 0: it isn't */
	sdr_ns slowed_at;  /* when `slowed` was last changed */
	uint32_t brisk;    /* targets with an interval below 40 ms */
	double demand;     /* probes a second the targets ask for */
	sdr_ns paid;       /* the ceiling is used up to then */
	sdr_ns last;       /* latest pull */
	sdr_ns promised;   /* when the next pull was asked for, SDR_NS_NONE: never */
	sdr_ns skipped;    /* sum of the gaps */
};

void sdr_pace_init(struct pace *pace, uint32_t rate);
void sdr_pace_done(struct pace *pace);

/* The ceiling in probes a second, 1 or more. */
void sdr_pace_set_rate(struct pace *pace, uint32_t rate);

/* Halves the ceiling, or what is asked for if that is less, once in 100 ms at most, down to 20:
 * this host can't send so much. It doubles again with each second that this is not called. */
void sdr_pace_slow(struct pace *pace, sdr_ns now);

/* Adds a target: its first probe is due at the next pull or as the spreading has it, then one each
 * `interval`, up to an hour in whole microseconds; 0: just the first. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_pace_add(
	struct pace *pace, uint32_t id, sdr_ns interval, bool guest);

/* Takes a target out; nothing happens if it isn't in. */
void sdr_pace_remove(struct pace *pace, uint32_t id);
bool sdr_pace_has(const struct pace *pace, uint32_t id);

/* Fills ids[n] with targets whose probe is to leave now, earliest due first. Returns how many; call
 * again while it returns n. */
uint32_t sdr_pace_pull(struct pace *pace, sdr_ns now, uint32_t *ids, uint32_t n);

/* Returns when to pull next, SDR_NS_NONE if there is nothing to wait for. Probes near each other
 * are taken together: at most 5 ms late under load, up to 20 ms at low rates with long
 * intervals. */
sdr_ns sdr_pace_wake(struct pace *pace, sdr_ns now);

#endif
