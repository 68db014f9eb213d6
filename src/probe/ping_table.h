/* ping_table.h - what ping keeps of each target, found by id and by address. Pure. */
#ifndef SOUNDER_PROBE_PING_TABLE_H
#define SOUNDER_PROBE_PING_TABLE_H

#include "probe/ping_source.h"
#include "sounder/engine.h"

/* A key identifies a target until it is removed: id in the low 20 bits, a generation above, so that
 * a reply for a removed target is never matched to one that reuses its id. */
#define SDR_PING_ID_BITS 20
#define SDR_PING_TARGETS (1u << SDR_PING_ID_BITS)
#define SDR_PING_NONE UINT32_MAX

struct ping_target {
	const struct sdr_target *public; /* borrowed; NULL while the place is free */
	struct sdr_addr addr;            /* its address when it was entered */
	sdr_ns answered_at; /* when the latest probe that was answered left, for the round trip of
			       its duplicates */
	uint32_t answered;  /* its sequence's low half; 0: none was */
	uint32_t generation;
	uint32_t moved;  /* the first probe's sequence, low half, that went to `addr`; 0: all did */
	uint32_t chain;  /* id of the next with the same hash of the address */
	uint32_t room;   /* reserved in the table of probes in flight */
	uint16_t source; /* number of the ping_source; 0: the system's choice */
	bool answered_stamped; /* answered_at is the kernel's stamp */
};

struct ping_table {
	struct ping_target *targets; /* [capacity] by id; owned */
	uint32_t *heads;             /* [capacity] ids by hash of the address; owned */
	uint32_t capacity;           /* a power of 2 */
	struct ping_source *sources; /* [source_count]: number 1 is the first; owned */
	uint16_t source_count;
};

void sdr_ping_table_done(struct ping_table *table);

/* Enters a target under its id and address. Returns its place, NULL when out of memory or past
 * SDR_PING_TARGETS. */
struct ping_target *sdr_ping_table_add(struct ping_table *table, const struct sdr_target *public);
void sdr_ping_table_remove(struct ping_table *table, uint32_t id);

/* Sets the target's new address, from probe `sequence` on. Probes in flight to the old one may
 * still be answered from there. */
void sdr_ping_table_move(struct ping_table *table, uint32_t id, uint32_t sequence);

/* Has the target's requests leave by that source. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_ping_table_set_source(
	struct ping_table *table, uint32_t id, const struct ping_source *source);

/* Looks the named interfaces up again: one may have been recreated. One that is gone keeps its
 * index, so that sends fail with the right error. */
void sdr_ping_table_renew_sources(struct ping_table *table);

/* Returns where the target's requests leave. */
const struct ping_source *sdr_ping_table_source(
	const struct ping_table *table, const struct ping_target *target);

uint32_t sdr_ping_table_key(const struct ping_table *table, uint32_t id);

/* Return the target, NULL if there is none. */
struct ping_target *sdr_ping_table_by_id(const struct ping_table *table, uint32_t id);
struct ping_target *sdr_ping_table_by_key(const struct ping_table *table, uint32_t key);

/* Iterates over the targets of an address: the first, then the next after `id`. Return ids,
 * SDR_PING_NONE at the end. */
uint32_t sdr_ping_table_first(const struct ping_table *table, const struct sdr_addr *addr);
uint32_t sdr_ping_table_next(
	const struct ping_table *table, uint32_t id, const struct sdr_addr *addr);

/* Whether an answer from `from` can be one to `to`: a zone counts only where both have one. */
bool sdr_ping_same_address(const struct sdr_addr *from, const struct sdr_addr *to);

/* The latest sequence up to `last` that ends in these low bits; 0 if there is none. */
uint64_t sdr_ping_widen(uint64_t last, uint64_t low, unsigned bits);

#endif
