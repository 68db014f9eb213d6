/* loss.c - the weighing of all courses of loss along a path; see loss.h.
 *
 * What the path loses up to hop i has one of LEVELS sizes, none first, and never falls with i: a
 * chain of hidden states. A hop that answers honestly leaves out what the path loses; one that
 * limits its answers leaves out any share more. All probes of a round share a burst, so that, given
 * the bursts, hops behind them differ by chance alone: for the place, losses count as if
 * independent. */
#include "path/loss.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LEVELS 38
#define LEVEL_NONE 0.001 /* what a path without loss may lose by accident */
#define LEVEL_FIRST 0.004
#define LEVEL_RATIO 1.3   /* of the odds of one level to the next */
#define WEIGHT_MAX 64     /* n p (1 - p): beyond, the levels are too far apart */
#define TARGET_LIMITS 0.1 /* chance that the target does */
#define CONFIRMED 0.0001  /* chance that the target limits, where a second protocol loses too */
#define LIMITING 0.99     /* that a hop limits, which answers as many a second at half the rate */
#define DOUBT 0.006       /* on either side of the place */
#define DOUBT_ALONE 0.03  /* that the target alone loses */
#define LOSS_FLOOR 0.002  /* what is not above it is not shown */
#define Z95 1.96
#define UNHEARD 5 /* probes of a second protocol, all lost: it does not decide */

/* Counts as a share and what it lies between. */
struct share {
	bool known; /* it answered at least once */
	bool lossy; /* above the floor for sure */
	double lost, sent;
	double low, high; /* 95 % */
};

/* What is expected before anything is counted: chances. */
struct belief {
	double begins;    /* loss begins at a hop */
	double grows;     /* at one behind that there is more */
	double limits[2]; /* a router limits its answers: ICMP, ICMPv6 */
};

/* One that doubts hops, and one that rather expects little losses early on: a place has to hold for
 * both. */
static const struct belief beliefs[] = {
	{.begins = 0.05, .grows = 0.01, .limits = {0.5, 0.9}},
	{.begins = 0.05, .grows = 0.05, .limits = {0.2, 0.5}},
};

struct weighing {
	double log_lost[LEVELS], log_kept[LEVELS]; /* of each level */
	double scale;                              /* what counts are multiplied by */
};

void sdr_path_count(struct path_counts *counts, bool answered)
{
	counts->sent++;
	counts->received += answered;
	counts->bursts += !answered && !counts->open;
	counts->open = !answered;
}

/* By how much losses in runs are worth less than as many independent ones. */
static double inflation(double lost, double sent, double runs)
{
	double p = lost / sent, again = 1 - runs / lost;
	if (again <= p)
		return 1;
	double excess = (again - p) / (1 - p);
	return (1 + excess) / (1 - excess);
}

/* Wilson's interval (1927), of as many probes as the runs leave. */
static struct share share_of(const struct path_counts *counts)
{
	struct share share = {.sent = (double)counts->sent, .known = counts->received > 0};
	if (!share.known)
		return share;
	if (counts->received < counts->sent)
		share.lost = (double)(counts->sent - counts->received);
	double n = share.sent, p = share.lost / n, z2 = Z95 * Z95;
	if (counts->bursts > 0)
		n /= inflation(share.lost, share.sent, (double)counts->bursts);
	double middle = p + z2 / (2 * n), half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
	share.low = (middle - half) / (1 + z2 / n);
	share.high = (middle + half) / (1 + z2 / n);
	share.lossy = share.lost >= 2 && share.low > LOSS_FLOOR;
	return share;
}

static void weighing_begin(struct weighing *weighing, const struct share *target)
{
	double odds = LEVEL_FIRST, p = target->lost / target->sent;
	for (unsigned g = 0; g < LEVELS; g++) {
		double level = g == 0 ? LEVEL_NONE : odds / (1 + odds);
		odds *= g == 0 ? 1 : LEVEL_RATIO;
		weighing->log_lost[g] = log(level);
		weighing->log_kept[g] = log1p(-level);
	}
	double weight = target->sent * p * (1 - p);
	weighing->scale = weight > WEIGHT_MAX ? WEIGHT_MAX / weight : 1;
}

/* How much likelier each level makes a hop's counts than no loss does. */
static void likelihood(const struct weighing *weighing, const struct share *share, double limits,
	double out[static LEVELS])
{
	double best = -INFINITY, any = 0;
	for (unsigned g = 0; g < LEVELS; g++) {
		out[g] = weighing->scale *
			(share->lost * weighing->log_lost[g] +
				(share->sent - share->lost) * weighing->log_kept[g]);
		best = fmax(best, out[g]);
	}
	for (unsigned g = LEVELS; g-- > 0;) {
		double honest = exp(out[g] - best);
		any += honest;
		out[g] = (1 - limits) * honest + limits * any / (LEVELS - g);
	}
	for (unsigned g = LEVELS; g-- > 0;)
		out[g] /= out[0];
}

/* One hop back: what all behind makes of each level here. */
static void step_back(
	const struct belief *belief, double behind[static LEVELS], const double here[static LEVELS])
{
	double higher = 0;
	for (unsigned g = LEVELS; g-- > 0;) {
		double stays = behind[g] * here[g],
		       chance = g == 0 ? belief->begins : belief->grows;
		behind[g] = stays;
		if (g < LEVELS - 1)
			behind[g] = (1 - chance) * stays + chance * higher / (LEVELS - 1 - g);
		higher += stays;
	}
}

/* What all of this is about, once it is known. */
struct place {
	struct share target;
	bool confirmed; /* another protocol loses too */
	bool limits;    /* it does, for sure */
	bool unheard;   /* the other protocol is never answered */
	bool refused;   /* it does not get there */
	bool alone;     /* it seems to be the only one that loses */
	size_t after,
		by;    /* `by` is behind the target where no hop is known to be behind the place */
	size_t likely; /* 0: nothing is */
};

static bool is_limiting(const struct path_evidence *evidence, size_t i)
{
	return i <= evidence->count && evidence->limiting >> (i - 1) & 1;
}

/* clean[i]: how likely it is that the path loses nothing up to hop i; the target is the last. */
static void weigh(const struct belief *belief, const struct path_evidence *evidence,
	const struct place *place, size_t count, double clean[static PATH_HOPS_MAX + 2])
{
	struct weighing weighing;
	double behind[LEVELS], here[LEVELS], stays = 1;
	for (unsigned g = 0; g < LEVELS; g++)
		behind[g] = 1;
	weighing_begin(&weighing, &place->target);
	clean[count + 1] = 1;
	for (size_t i = count + 1; i > 0; i--) {
		struct share share = i > count ? place->target : share_of(&evidence->hops[i - 1]);
		double limits = belief->limits[evidence->version == 6];
		if (is_limiting(evidence, i))
			limits = LIMITING;
		if (i > count)
			limits = place->confirmed ? CONFIRMED : TARGET_LIMITS;
		for (unsigned g = 0; g < LEVELS && !share.known; g++)
			here[g] = 1;
		if (share.known)
			likelihood(&weighing, &share, limits, here);
		step_back(belief, behind, here);
		clean[i - 1] = behind[0];
	}
	double whole = clean[0];
	for (size_t i = 0; i <= count + 1; i++) {
		clean[i] *= stays / whole;
		stays *= 1 - belief->begins;
	}
}

/* The target as the protocol has it that loses less, of the same minutes: what was lost before the
 * second was asked shows nothing of the target. */
static void place_target(struct place *place, const struct path_evidence *evidence)
{
	struct share second = share_of(&evidence->second);
	place->target = share_of(&evidence->target);
	place->refused = evidence->second_refused;
	place->unheard = evidence->second.sent >= UNHEARD && !second.known;
	if (!place->target.lossy || !second.known)
		return;
	struct share beside =
		evidence->beside.sent > 0 ? share_of(&evidence->beside) : place->target;
	if (!beside.known && evidence->beside.sent > 0) /* Wilson's bound where none came */
		beside.low = beside.sent / (beside.sent + Z95 * Z95);
	bool less = second.high < beside.low;
	place->limits = less && !second.lossy;
	place->confirmed = second.lossy;
	if (second.lossy && less)
		place->target = second;
}

/* The likeliest place up to `last`, of those whose own answers show it. */
static size_t likely(const struct path_evidence *evidence, const struct place *place,
	const double clean[static PATH_HOPS_MAX + 2], size_t last)
{
	size_t best = 0;
	for (size_t i = place->after + 1; i <= last && evidence->version != 6; i++) {
		struct share share = {.known = true};
		if (i <= evidence->count)
			share = share_of(&evidence->hops[i - 1]);
		if (!share.known || share.low > place->target.high || is_limiting(evidence, i))
			continue;
		if (best == 0 || clean[i - 1] - clean[i] > clean[best - 1] - clean[best])
			best = i;
	}
	return best;
}

static struct place place_of(const struct path_evidence *evidence)
{
	struct place place = {.after = evidence->count + 1, .by = evidence->count + 2};
	double clean[PATH_HOPS_MAX + 2];
	size_t count = evidence->count < PATH_HOPS_MAX ? evidence->count : PATH_HOPS_MAX, by = 1;
	place_target(&place, evidence);
	if (!evidence->reached || !place.target.lossy || place.limits)
		return place;
	size_t last = count;
	while (last > 0 && !share_of(&evidence->hops[last - 1]).known)
		last--;
	place.alone = true;
	place.after = count;
	for (unsigned k = 0; k < 2; k++) {
		weigh(&beliefs[k], evidence, &place, count, clean);
		place.alone = place.alone && clean[last] >= 1 - DOUBT_ALONE;
		while (place.after > 0 && clean[place.after] < 1 - DOUBT)
			place.after--;
		while (by <= count + 1 && clean[by] > DOUBT)
			by++;
	}
	place.likely = likely(evidence, &place, clean, by <= count ? by : count + 1);
	/* RFC 4443 sec. 2.4 (f): all routers limit ICMPv6, so none of them is named. */
	if (by <= count + 1)
		place.by = by <= count && evidence->version != 6 ? by : evidence->count + 1;
	return place;
}

__attribute__((format(printf, 2, 3))) static void explain(
	char out[static PATH_WHY_TEXT], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(out, PATH_WHY_TEXT, format, arguments);
	va_end(arguments);
}

static enum path_loss_kind kind_of(const struct path_evidence *evidence, const struct place *place)
{
	size_t last = evidence->count + 1;
	if (!evidence->reached || !place->target.known)
		return PATH_LOSS_UNREACHED;
	if (!place->target.lossy || place->limits)
		return PATH_LOSS_NONE;
	if (place->by <= last)
		return place->after > 0 || place->by < last || last == 1 ? PATH_LOSS_PLACED
									 : PATH_LOSS_UNDECIDED;
	return place->alone && !place->confirmed ? PATH_LOSS_TARGET : PATH_LOSS_UNDECIDED;
}

static const char *const path_words[] = {
	[PATH_LOSS_TARGET] =
		"only the target loses: it may limit its answers; a second protocol decides",
	[PATH_LOSS_UNDECIDED] =
		"the target loses, or limits its answers; where it begins is not known yet",
	[PATH_LOSS_UNREACHED] = "the target did not answer",
};

static void explain_path(struct path_loss *loss, const struct place *place, size_t last)
{
	char by[16] = "the target";
	if (loss->by < last)
		snprintf(by, sizeof(by), "hop %u", loss->by);
	if (place->limits)
		explain(loss->why,
			"the target limits its answers: a second protocol loses nothing");
	else if (loss->kind == PATH_LOSS_PLACED && loss->by == loss->after + 1)
		explain(loss->why, "loss begins at %s or on the way back", by);
	else if (loss->kind == PATH_LOSS_PLACED)
		explain(loss->why, "loss begins after hop %u, by %s, there or on the way back",
			loss->after, by);
	else if (loss->kind == PATH_LOSS_TARGET && place->refused)
		explain(loss->why,
			"only the target loses: it may limit its answers; a second protocol is "
			"refused");
	else if (loss->kind == PATH_LOSS_TARGET && place->unheard)
		explain(loss->why,
			"only the target loses: it may limit its answers; no second protocol "
			"gets any");
	else if (loss->kind != PATH_LOSS_NONE)
		explain(loss->why, "%s", path_words[loss->kind]);
}

/* Hop i, which answers. */
static void answering_hop(const struct path_evidence *evidence, const struct place *place, size_t i,
	enum path_loss_kind kind, struct path_hop *hop)
{
	const struct share share = share_of(&evidence->hops[i - 1]);
	bool above = share.low > place->target.high;
	bool open = kind == PATH_LOSS_UNREACHED ? share.lossy : i > place->after;
	hop->state = share.lossy ? PATH_LIMITS : PATH_OK;
	hop->path_loss = open ? -1 : 0;
	if (i >= place->by && !above) {
		hop->state = share.lossy ? PATH_LOSS : PATH_OK;
		hop->path_loss = 100 * share.lost / share.sent;
	}
	if (hop->state == PATH_LIMITS)
		explain(hop->why, "limits its answers%s",
			kind == PATH_LOSS_UNREACHED || !open || above || is_limiting(evidence, i)
				? ""
				: i == place->likely ? ", or loss begins here"
						     : ", or the path loses");
}

/* Of hop i, which is the first that loses for sure. */
static void explain_first(struct path_hop *hop, const struct place *place, size_t i)
{
	explain(hop->why, "loss: %shere, or on the way back", i == place->after + 1 ? "" : "by ");
}

static void states(const struct path_evidence *evidence, const struct place *place,
	enum path_loss_kind kind, struct path_hop *hops)
{
	size_t last = kind == PATH_LOSS_UNREACHED ? 0 : evidence->count;
	for (size_t i = 1; i <= evidence->count; i++)
		if (evidence->hops[i - 1].received > 0 && i > last)
			last = i;
	bool begun = false;
	for (size_t i = 1; i <= evidence->count; i++) {
		struct share share = share_of(&evidence->hops[i - 1]);
		struct path_hop *hop = &hops[i - 1];
		*hop = (struct path_hop){
			.state = i <= last ? PATH_SILENT : PATH_UNREACHED, .path_loss = -1};
		if (share.known)
			answering_hop(evidence, place, i, kind, hop);
		else
			explain(hop->why,
				i <= last ? "silent; later hops answer" : "no answer from here on");
		if (hop->state == PATH_LOSS && begun)
			explain(hop->why, "loss: before it");
		else if (hop->state == PATH_LOSS)
			explain_first(hop, place, i);
		begun |= hop->state == PATH_LOSS;
	}
}

void sdr_path_loss(
	const struct path_evidence *evidence, struct path_hop *hops, struct path_loss *loss)
{
	static const enum path_state targets[] = {[PATH_LOSS_NONE] = PATH_OK,
		[PATH_LOSS_PLACED] = PATH_LOSS,
		[PATH_LOSS_TARGET] = PATH_LIMITS,
		[PATH_LOSS_UNDECIDED] = PATH_LOSS,
		[PATH_LOSS_UNREACHED] = PATH_UNREACHED};
	struct place place = place_of(evidence);
	*loss = (struct path_loss){.kind = kind_of(evidence, &place)};
	loss->target = place.limits ? PATH_LIMITS : targets[loss->kind];
	if (loss->kind == PATH_LOSS_UNREACHED)
		loss->percent = -1;
	else if (loss->kind != PATH_LOSS_NONE)
		loss->percent = 100 * place.target.lost / place.target.sent;
	if (loss->kind == PATH_LOSS_PLACED) {
		loss->after = (unsigned)place.after;
		loss->by = (unsigned)place.by;
		loss->likely = (unsigned)place.likely;
	}
	explain_path(loss, &place, evidence->count + 1);
	if (hops)
		states(evidence, &place, loss->kind, hops);
}

const char *sdr_path_state_word(enum path_state state)
{
	static const char *const words[] = {"ok", "limits", "silent", "loss", "unreached"};
	return words[state];
}
