/* hop_ring.h - the latest probes of a hop socket, by the number that they carry. Pure.
 *
 * What carries 16 bits alone (ICMP's sequence) carries a keyed permutation of the number, so that
 * somebody who saw no probe doesn't know which are under way. */
#ifndef SOUNDER_NET_HOP_RING_H
#define SOUNDER_NET_HOP_RING_H

#include "net/hop.h"

#define HOP_RING 16384 /* probes that are remembered; a power of 2 */

struct hop_entry {
	struct hop_tag tag;
	struct sdr_addr to;
	sdr_ns sent;
	sdr_ns stamp;        /* when the kernel sent it; SDR_NS_NONE: unknown */
	uint16_t size, port; /* of the probe */
	bool open;           /* no answer yet */
};

struct hop_ring {
	struct hop_entry *entries; /* [HOP_RING]; owned */
	uint64_t next;             /* number of the next probe, from 0 */
	uint16_t keys[4];
};

/* ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_hop_ring_init(
	struct hop_ring *ring, const uint16_t keys[static 4]);
void sdr_hop_ring_done(struct hop_ring *ring);

/* Remembers a probe, in the place of the oldest; returns its number. */
uint64_t sdr_hop_ring_add(struct hop_ring *ring, const struct hop_probe *probe, sdr_ns now);

/* Return the entry of a number, by its low 32 bits or by what stands for it in 16; NULL: it is
 * none of the latest. */
struct hop_entry *sdr_hop_ring_at(const struct hop_ring *ring, uint64_t number);
struct hop_entry *sdr_hop_ring_by_low(const struct hop_ring *ring, uint32_t low);
struct hop_entry *sdr_hop_ring_by_short(const struct hop_ring *ring, uint16_t number);

/* Returns the number of an entry. */
uint64_t sdr_hop_ring_number(const struct hop_ring *ring, const struct hop_entry *entry);

/* What stands for a number in 16 bits. */
uint16_t sdr_hop_ring_short(const struct hop_ring *ring, uint64_t number);

/* Returns the only one under way to an address that was sent since then; NULL: none, or several:
 * then `one` is the latest of them. */
struct hop_entry *sdr_hop_ring_only(const struct hop_ring *ring, const struct sdr_addr *to,
	sdr_ns since, const struct hop_entry **one);

/* Takes a probe for ended, if it is one of the latest thousand. */
void sdr_hop_ring_forget(struct hop_ring *ring, const struct hop_tag *tag);

#endif
