/* inflight.h - probes in flight: maps (target, sequence) to the send time, until answered, timed
 * out, or too late to matter.
 *
 * Pure: no clock, no socket. Memory is reserved when a target is added (sdr_inflight_reserve), so
 * sending and receiving allocate nothing. A probe that timed out is kept for the late window, so
 * that a late answer is not mistaken for a foreign one. A target that ends just changes its key:
 * probes in flight under the old one expire without a result. */
#ifndef SOUNDER_NET_INFLIGHT_H
#define SOUNDER_NET_INFLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/status.h"

#define SDR_INFLIGHT_NONE UINT32_MAX

struct inflight_entry {
	uint64_t sequence; /* of the target, from 1 */
	uint32_t target;   /* key */
	uint32_t chain;    /* next in the hash chain or the free list */
	uint32_t next;     /* in the slot of the wheel */
	uint32_t previous; /* the same; the first has the slot's number with the top bit set */
	sdr_ns sent;       /* when it was handed to the kernel */
	sdr_ns stamp;      /* when the kernel sent it, on the same clock; SDR_NS_NONE: unknown */
	sdr_ns due;        /* of the time-out, then of the late window's end */
	bool late;         /* has timed out, or failed */
	bool failed;       /* an ICMP error ended it before that */
};

struct inflight {
	struct inflight_entry *entries; /* [capacity]; owned */
	uint32_t *heads;                /* [head_mask + 1] hash chains; owned */
	uint32_t *slots; /* the wheel: first entry of each, and behind them the list of those that
			    are due; owned */
	uint32_t capacity, head_mask;
	uint32_t touched;  /* entries beyond were never used */
	uint32_t free;     /* list of used and freed ones */
	uint32_t count;    /* entries in use */
	uint32_t late;     /* of these, timed out */
	uint32_t reserved; /* sum of what was reserved */
	sdr_ns late_window;
	sdr_ns turned;  /* the wheel has been turned up to then */
	sdr_ns nothing; /* no slot holds anything that is due before then */
};

/* ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_inflight_init(
	struct inflight *table, sdr_ns late_window, sdr_ns now);
void sdr_inflight_done(struct inflight *table);

/* Makes room for `count` more probes in flight at once; sdr_inflight_release gives it back to
 * others. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_inflight_reserve(struct inflight *table, uint32_t count);
void sdr_inflight_release(struct inflight *table, uint32_t count);

/* Notes a probe. Returns its index; SDR_INFLIGHT_NONE where more are in flight than were reserved
 * and there is no memory for them. */
uint32_t sdr_inflight_add(
	struct inflight *table, uint32_t target, uint64_t sequence, sdr_ns sent, sdr_ns timeout);

/* Returns the index of a probe, SDR_INFLIGHT_NONE if it is not known (any more). */
uint32_t sdr_inflight_find(const struct inflight *table, uint32_t target, uint64_t sequence);

/* Forgets a probe: it is answered. */
void sdr_inflight_remove(struct inflight *table, uint32_t index);

/* Takes a probe for ended by an error; it stays known as one that timed out does. */
void sdr_inflight_fail(struct inflight *table, uint32_t index);

/* Returns the next probe that timed out by `now` (it is marked late and stays known), or
 * SDR_INFLIGHT_NONE. Call until then. */
uint32_t sdr_inflight_expire(struct inflight *table, sdr_ns now);

/* Returns when sdr_inflight_expire is worth calling next, SDR_NS_NONE while nothing is in
 * flight. */
sdr_ns sdr_inflight_next(struct inflight *table);

#endif
