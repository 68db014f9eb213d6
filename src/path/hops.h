/* hops.h - what is known of each hop of a path, over all its flows, and since when: figures belong
 * to a stretch of one path, an epoch. Pure.
 *
 * A hop may have several addresses (balanced paths). An address that was not seen before joins them
 * if one of those answers again within a few rounds; if none does for three rounds, and so few of
 * that hop's answers make it likely, the path has changed: all figures begin again. */
#ifndef SOUNDER_PATH_HOPS_H
#define SOUNDER_PATH_HOPS_H

#include "base/stats.h"
#include "path/extension.h"
#include "path/trace.h"

#define PATH_ADDRESSES 16 /* of a hop that are kept, by number */
#define PATH_NEWCOMERS 4
#define PATH_EPOCHS 8 /* of earlier ones that are kept */

struct path_counters {
	uint64_t sent;                   /* those that are under way included */
	uint64_t received, lost, bursts; /* bursts: runs of losses in a row */
	uint32_t lost_round;             /* of the latest loss; 0: none */
};

struct path_record {
	struct sdr_addr known[PATH_ADDRESSES]; /* [known_count], in the order of their first
						  answers */
	uint8_t known_count;
	uint16_t more;                         /* answers of others than those */
	struct sdr_addr newer[PATH_NEWCOMERS]; /* [new_count] not known to belong here */
	uint8_t new_count;
	uint16_t new_rounds; /* in a row that only newcomers answered in */
	uint32_t new_round;  /* the latest of them */
	uint32_t steady;     /* answers of known ones, in this epoch */
	struct path_counters counters;
	sdr_ns latest; /* round trip; SDR_NS_NONE: the latest was lost, or there is none */
	struct path_label labels[PATH_LABELS_MAX]; /* [label_count] of the latest answer */
	uint8_t label_count;
	struct hop_quoted quoted; /* of the latest answer that had it */
	bool quoted_exceeded;     /* that said that the TTL was used up */
	struct sdr_stats stats;
	struct sdr_sketch sketch;
};

/* An epoch that is over, as short as can be. */
struct path_past_hop {
	struct sdr_addr addr; /* the first of its addresses; version 0: silent */
	uint8_t more;         /* further ones */
	uint32_t received, lost;
	sdr_ns typical; /* median */
};

struct path_past {
	sdr_wall from, to;
	uint32_t rounds;
	uint8_t hop;            /* that became another one */
	struct sdr_addr before; /* the first of its addresses until then */
	uint8_t count;
	struct path_past_hop *hops; /* [count]; owned; NULL: there was no memory */
};

struct path_hops {
	struct path_record *list; /* [max]: the hop of TTL i + 1; owned */
	uint8_t max;
	uint32_t epoch;       /* from 1 */
	uint32_t first_round; /* of this epoch */
	uint32_t from_round;  /* what belongs to earlier ones was dropped by a restart */
	sdr_wall since;
	struct path_past past[PATH_EPOCHS]; /* the latest, by epoch number % PATH_EPOCHS */
};

/* Which hop made the path another one, and what it was. */
struct path_change {
	uint8_t ttl;
	struct sdr_addr before, now;
	uint64_t hops; /* bit TTL - 1 of each hop that is another now */
};

/* Rounds go round: see path_hops_give_back. */
static inline bool path_round_is_earlier(uint32_t round, uint32_t than)
{
	return (int32_t)(round - than) < 0;
}

/* ENOMEM. */
SDR_MUST_CHECK enum sdr_status path_hops_init(struct path_hops *hops, uint8_t max);
void path_hops_done(struct path_hops *hops);

struct path_record *path_hops_at(const struct path_hops *hops, uint8_t ttl);

/* Take an answer and a loss of one round; `when` is the time of day. The first returns whether the
 * path is another one from now on: then `change` is how, figures of all hops were put away, and
 * this answer is the first of the new epoch. */
bool path_hops_answer(struct path_hops *hops, const struct hop_answer *answer, sdr_wall when,
	struct path_change *change);
void path_hops_lost(struct path_hops *hops, uint8_t ttl, uint32_t round);

/* Count a probe that left, and one that did not, or is not waited for any more. */
void path_hops_sent(struct path_hops *hops, uint8_t ttl, uint32_t round);
void path_hops_unsent(struct path_hops *hops, uint8_t ttl, uint32_t round);

/* Returns how many flows it takes to be sure, at 95 %, that no hop has one more address than it is
 * known to have, where balancers choose evenly: Augustin, Friedman, Teixeira, "Multipath tracing
 * with Paris traceroute", 2007. 64 at most. */
unsigned path_hops_flows(const struct path_hops *hops);

/* Returns the first hop of a loop: those from there up to the one before `ttl` come twice, the
 * second time up to `ttl`. 0: there is none. One router twice in a row is no loop. */
uint8_t path_hops_loop(const struct path_hops *hops, uint8_t ttl);

/* Forgets hops beyond: they never were of this path. */
void path_hops_cut(struct path_hops *hops, uint8_t count);

/* Has figures and epochs begin again with the round after this one; who is there stays. What there
 * was goes to `kept`, for path_hops_done or path_hops_give_back. ENOMEM: it is lost. */
enum sdr_status path_hops_restart(struct path_hops *hops, uint32_t round, struct path_hops *kept);

/* Puts back what a restart kept, which it takes over; what came since then is not in it. `apart`:
 * rounds since the restart, of which `round` is the latest; modulo 2^32, where their count began
 * again. */
void path_hops_give_back(
	struct path_hops *hops, struct path_hops *kept, uint32_t apart, uint32_t round);

/* Begins again, as if nothing had been probed. */
void path_hops_reset(struct path_hops *hops);

#endif
