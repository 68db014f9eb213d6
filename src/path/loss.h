/* loss.h (internal) - where the loss of a path begins, from counts of one stretch of one path.
 *
 * A router that answers rarely shows nothing of the path: what it forwards is another matter. So a
 * hop's loss counts only where what lies behind it loses too. All courses of loss that never fall
 * on the way to the target are weighed by how likely they make the counts, with a chance for each
 * hop and for the target that it only limits its answers; the place is what is left at 0.6 % doubt
 * on either side.
 *
 * One router right before the loss that limits its answers to just what the path lets through does
 * not mislead: so a place is mostly two hops wide. What can't be seen from one end: loss on the way
 * back of all routers from one on looks the same; two such routers in a row do as well. A first
 * place that loses less than a tenth of what a later one does is seen late. Pure, allocates
 * nothing. */
#ifndef SOUNDER_PATH_LOSS_H
#define SOUNDER_PATH_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATH_HOPS_MAX 64 /* routers; more are not looked at */
#define PATH_WHY_TEXT 80

/* Probes of one hop, or of the target, whose answer came or whose time is up. Those that this host
 * could not send are not among them. */
struct path_counts {
	uint64_t sent, received; /* received <= sent */
	uint64_t bursts;         /* maximal runs of losses in a row, one still open included */
	bool open;               /* one is: for sdr_path_count alone */
};

/* Counts the next probe, whose answer came or whose time is up. */
void sdr_path_count(struct path_counts *counts, bool answered);

struct path_evidence {
	uint8_t version;                /* 4 or 6 */
	bool reached;                   /* the target answered at least once */
	size_t count;                   /* routers before the target, silent ones too */
	const struct path_counts *hops; /* [count], hops[0] is hop 1; the target is hop count + 1 */
	uint64_t limiting; /* bit i - 1: hop i answers as many a second at half the rate: it limits,
			      see half_rate.h */
	struct path_counts target; /* not looked at unless reached */
	/* The same target by another protocol in the same minutes; sent 0: nobody asked. It decides
	 * whether the target limits its answers. */
	struct path_counts second;
	bool second_refused;       /* it does not get there: a router or this host refuses it */
	struct path_counts beside; /* the target's own of those minutes; sent 0: all of `target` */
};

enum path_state {
	PATH_OK,       /* it answers, as far as can be seen */
	PATH_LIMITS,   /* it leaves probes unanswered that the path did not lose */
	PATH_SILENT,   /* it never answered; something behind it did */
	PATH_LOSS,     /* the path has lost probes before this hop, or here */
	PATH_UNREACHED /* nothing answered from here on */
};

struct path_hop {
	enum path_state state;
	/* Percent that the path lost up to here; below 0: not known (silent, unreached, a hop that
	 * limits where the path may lose as well). */
	double path_loss;
	char why[PATH_WHY_TEXT]; /* "": nothing to add; plain ASCII */
};

enum path_loss_kind {
	PATH_LOSS_NONE,      /* none that differs from none */
	PATH_LOSS_PLACED,    /* it begins after hop `after`, by hop `by` at the latest */
	PATH_LOSS_TARGET,    /* only the target loses: it may limit its answers */
	PATH_LOSS_UNDECIDED, /* the target loses, or limits its answers; not known yet where */
	PATH_LOSS_UNREACHED  /* the target never answered */
};

struct path_loss {
	enum path_loss_kind kind;
	/* Percent of the target's probes; 0 with PATH_LOSS_NONE, below 0 with
	 * PATH_LOSS_UNREACHED. */
	double percent;
	/* PATH_LOSS_PLACED; else 0. */
	unsigned after; /* 0 (this host) .. count */
	unsigned by;    /* after + 1 .. count + 1 (the target) */
	/* A hint: the likeliest of after + 1 .. by, but for hops that are silent or lose more than
	 * the path, since those don't show it. 0 for IPv6. */
	unsigned likely;
	enum path_state target;  /* never PATH_SILENT */
	char why[PATH_WHY_TEXT]; /* of the path: a sentence, or ""; plain ASCII */
};

/* Finds where loss begins, and gives each hop a state: hops[count] in the order of the evidence;
 * NULL where nobody asks. Well under a millisecond. */
void sdr_path_loss(
	const struct path_evidence *evidence, struct path_hop *hops, struct path_loss *loss);

/* The word of a state, as JSON has it: ok limits silent loss unreached. */
const char *sdr_path_state_word(enum path_state state);

#endif
