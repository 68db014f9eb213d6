/* mtu.h - the largest packet that a path carries whole, and where larger ones end: probes that
 * nobody may take apart (RFC 1191, RFC 8201, RFC 4821). Pure: answers in, the next probe out.
 *
 * A router that can't pass one on should answer with what it can. Where nothing comes back though
 * smaller packets are answered, larger ones vanish: the size is found by halving, then the hop by
 * probes of that size that go so many hops only. */
#ifndef SOUNDER_PATH_MTU_H
#define SOUNDER_PATH_MTU_H

#include <stdbool.h>
#include <stdint.h>

#include "net/hop.h"

enum path_mtu_phase { PATH_MTU_IDLE, PATH_MTU_SEARCH, PATH_MTU_PLACE, PATH_MTU_DONE };

struct path_mtu {
	enum path_mtu_phase phase;
	uint8_t version;
	uint32_t low, high; /* bytes of IP that pass; that are not known not to */
	uint32_t size;      /* of the probe that is under way, or next */
	uint8_t hops, ttl;  /* PLACE: of the path; of the probe that is under way, or next */
	uint8_t tries;      /* lost, of this probe */
	bool vanished;      /* some were lost without a word */
	uint32_t reported;  /* by a router, the latest that can be; DONE: if it was so; 0: none */
	uint8_t reports;    /* of those */
	struct sdr_addr by; /* who could not pass a packet on; version 0: nobody said so */
	uint8_t hole_after; /* DONE, vanished: the last hop that gets larger ones; 0: this host */
};

/* Begins: up to what the first link carries, on a path of so many hops. */
void path_mtu_begin(struct path_mtu *mtu, uint8_t version, uint32_t link, uint8_t hops);

/* Whether a probe is to be sent, of `size` bytes with headers; `ttl` 0: as far as it may. */
bool path_mtu_next(const struct path_mtu *mtu, uint32_t *size, uint8_t *ttl);

/* Take what came of the latest probe: an answer, or none. */
void path_mtu_answer(struct path_mtu *mtu, const struct hop_answer *answer);
void path_mtu_lost(struct path_mtu *mtu);

#endif
