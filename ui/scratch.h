/* scratch.h - a list of networks to think with: add, split, merge, remove. Values only; no
 * screen. */
#ifndef SOUNDER_UI_SCRATCH_H
#define SOUNDER_UI_SCRATCH_H

#include "sounder/addr.h"

#define UI_SCRATCH_MAX 256 /* networks */

/* Zeroed is a valid, empty one. Networks are in order, their host bits clear, and each is there
 * once. */
struct ui_scratch {
	struct sdr_prefix networks[UI_SCRATCH_MAX];
	unsigned count;
	uint64_t version; /* grows with every change */
};

/* Adds a network. EEXIST; ERANGE: the list is full; with `error`. */
SDR_MUST_CHECK enum sdr_status ui_scratch_add(
	struct ui_scratch *scratch, const struct sdr_prefix *network, struct sdr_error *error);

void ui_scratch_remove(struct ui_scratch *scratch, unsigned index);

/* Puts the networks of `length` that a network is made of in its place. ERANGE with `error`: it is
 * not longer, or makes more than there is room for. */
SDR_MUST_CHECK enum sdr_status ui_scratch_split(
	struct ui_scratch *scratch, unsigned index, unsigned length, struct sdr_error *error);

/* Takes away what lies within others, and joins halves, as far as it goes: the fewest networks that
 * hold the same addresses. Returns how many fewer there are. */
unsigned ui_scratch_merge(struct ui_scratch *scratch);

#endif
