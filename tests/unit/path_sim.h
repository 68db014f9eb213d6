/* path_sim.h - paths that lose, limit and stay silent, by a made-up clock of rounds: a probe of
 * each hop and of the target a round. */
#ifndef SOUNDER_TESTS_PATH_SIM_H
#define SOUNDER_TESTS_PATH_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/loss.h"

#define SIM_HOPS 32

/* Where the path loses: from hop `at` on, a share of all probes. `burst` is the mean length of a
 * bad time in rounds (Gilbert-Elliott), 0: none, each probe for itself; in it a share `bad` is
 * lost. */
struct sim_place {
	unsigned at;
	double share, burst, bad;
	bool quick; /* the bad times last so many probes, not rounds */
	bool own;   /* each hop has bad times of its own */
};

/* Who leaves probes unanswered: a share of them at random, or `of` each `every`th. */
struct sim_limit {
	unsigned hop; /* the last + 1 is the target */
	double share;
	unsigned of, every;
};

struct sim_case {
	const char *name;
	unsigned version, count; /* routers */
	struct sim_place places[2];
	struct sim_limit limits[4];
	unsigned limit_all; /* all routers from this one on limit, one answer in two to eight */
	uint32_t silent;    /* a bit a router */
	bool second;        /* another protocol asks too, which nobody limits */
	unsigned least;     /* percent right at 300 rounds that have to be */
};

static inline double sim_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static inline void sim_count(struct path_counts *counts, bool *open, bool lost)
{
	counts->sent++;
	counts->received += !lost;
	counts->bursts += lost && !*open;
	*open = lost;
}

/* Whether bad times go on: they begin so often that the share comes out. */
static inline bool sim_bad(const struct sim_place *place, bool bad, uint64_t *state)
{
	double part = place->share / place->bad, ends = 1 / place->burst;
	return sim_random(state) < (bad ? 1 - ends : ends * part / (1 - part));
}

struct sim_run {
	struct path_counts hops[SIM_HOPS + 2]; /* the last two: target, second */
	bool open[SIM_HOPS + 2];
	bool bad[2][SIM_HOPS + 2];
};

static inline bool sim_lost(
	const struct sim_case *c, struct sim_run *run, unsigned i, uint64_t *state)
{
	bool lost = false;
	for (unsigned k = 0; k < 2; k++) {
		const struct sim_place *place = &c->places[k];
		if (place->at == 0)
			continue;
		bool *bad = &run->bad[k][place->own ? i : 0];
		if (place->burst > 0 && (place->own || place->quick || i == 1))
			*bad = sim_bad(place, *bad, state);
		double share = place->burst > 0 ? (*bad ? place->bad : 0) : place->share;
		lost |= i >= place->at && sim_random(state) < share;
	}
	return lost;
}

static inline bool sim_limited(
	const struct sim_case *c, unsigned i, unsigned round, uint64_t *state)
{
	bool limited = c->limit_all > 0 && i >= c->limit_all && i <= c->count &&
		sim_random(state) < 0.5 + 0.375 * ((i * 7) % 5) / 4;
	for (unsigned k = 0; k < 4; k++) {
		const struct sim_limit *limit = &c->limits[k];
		if (limit->hop == i)
			limited |= limit->every ? round % limit->every < limit->of
						: sim_random(state) < limit->share;
	}
	return limited || (i <= c->count && (c->silent >> (i - 1) & 1));
}

static inline struct path_evidence sim_run(
	const struct sim_case *c, unsigned rounds, struct sim_run *run, uint64_t *state)
{
	*run = (struct sim_run){0};
	for (unsigned k = 0; k < 2; k++)
		for (unsigned i = 0; i < SIM_HOPS + 2 && c->places[k].burst > 0; i++)
			run->bad[k][i] = sim_random(state) < c->places[k].share / c->places[k].bad;
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned i = 1; i <= c->count + 1 + c->second; i++) {
			bool lost = sim_lost(c, run, i, state);
			sim_count(&run->hops[i - 1], &run->open[i - 1],
				lost || (i <= c->count + 1 && sim_limited(c, i, round, state)));
		}
	struct path_evidence evidence = {.version = (uint8_t)(c->version ? c->version : 4),
		.count = c->count,
		.hops = run->hops,
		.target = run->hops[c->count],
		.reached = run->hops[c->count].received > 0};
	if (c->second)
		evidence.second = run->hops[c->count + 1];
	return evidence;
}

enum sim_score { SIM_RIGHT, SIM_UNDECIDED, SIM_WRONG, SIM_SCORES };

/* How true it is what was found. Where loss begins at the target alone, or behind routers that
 * never answer, "only the target loses" is true. */
static inline enum sim_score sim_score(
	const struct sim_case *c, const struct path_loss *loss, const struct path_hop *hops)
{
	/* No hop before the first place may be marked. */
	for (unsigned i = 1; i <= c->count; i++)
		if (hops[i - 1].state == PATH_LOSS && (c->places[0].at == 0 || i < c->places[0].at))
			return SIM_WRONG;
	unsigned first = c->places[0].at;
	bool limits = false, hidden = first > 0;
	for (unsigned k = 0; k < 4; k++)
		limits |= c->limits[k].hop == c->count + 1;
	for (unsigned i = first; i > 0 && i <= c->count; i++)
		hidden = hidden && (c->silent >> (i - 1) & 1);
	switch (loss->kind) {
	case PATH_LOSS_NONE:
		return first > 0 ? SIM_UNDECIDED : SIM_RIGHT;
	case PATH_LOSS_PLACED:
		return first > loss->after && first <= loss->by ? SIM_RIGHT : SIM_WRONG;
	case PATH_LOSS_TARGET:
		return hidden || (first == 0 && limits) ? SIM_RIGHT : SIM_WRONG;
	case PATH_LOSS_UNDECIDED:
		return first > 0 || limits ? SIM_UNDECIDED : SIM_WRONG;
	default:
		return SIM_UNDECIDED;
	}
}

#endif
