/* set_rows.h - the rows of a table of targets as blocks, one a set: the leader's row is the head,
 * the other members fold under it. */
#ifndef SOUNDER_UI_SET_ROWS_H
#define SOUNDER_UI_SET_ROWS_H

#include "blocks.h"
#include "draw.h"
#include "sounder/groups.h"

/* Block N has the members of the model's set N. Zeroed is valid: there are no blocks, as long as
 * the model has no sets without any memory. */
struct ui_set_rows {
	struct ui_blocks blocks; /* for the table; `count` of them, some without rows */
	uint32_t *of;            /* [row_room] the block of each row, UI_BLOCK_NONE: none; owned */
	uint32_t *heads;         /* [room] rows, UI_BLOCK_NONE: the block has none; owned */
	uint32_t *numbers;       /* [room] the number of the set that `folded` is of; owned */
	bool *folded;            /* [room], owned */
	uint32_t row_room, room;
	bool ready; /* there are sets, and memory for all */
	bool any;   /* a block has rows */
};

/* What a folded head has under it. */
struct ui_set_hidden {
	uint32_t count;       /* members; 0: it is no head, or open */
	uint32_t worst_count; /* members in the state below; 0: that is not worth a word */
	enum sdr_state worst;
};

void ui_set_rows_done(struct ui_set_rows *sets);

/* Begins again for at most so many rows, which are added then. */
void ui_set_rows_begin(struct ui_set_rows *sets, const struct sdr_model *model, uint32_t rows);

/* Adds a row, whose target is at that position of the model. Only sets of two and more are blocks.
 * A new one is open, but for members that only its leader's probes bring. */
void ui_set_rows_add(
	struct ui_set_rows *sets, const struct sdr_model *model, uint32_t row, uint32_t position);

/* Returns the blocks; NULL: there are none. */
const struct ui_blocks *ui_set_rows_blocks(const struct ui_set_rows *sets);

/* Folds or unfolds a block; UI_BLOCK_NONE: all. */
void ui_set_rows_fold(struct ui_set_rows *sets, uint32_t block, bool fold);

/* Whether a row stands under another one. */
bool ui_set_rows_is_under(const struct ui_set_rows *sets, uint32_t row);

/* Returns what a head hides of `count` members in the states of `tally`, itself in the state
 * `own`. */
struct ui_set_hidden ui_set_hidden_of(
	const uint32_t tally[static SDR_STATES], uint32_t count, enum sdr_state own);

/* Returns what is under a row whose target is in the state `own`: a worst state is worth a word if
 * it is bad, or worse than that. */
struct ui_set_hidden ui_set_rows_hidden(const struct ui_set_rows *sets,
	const struct sdr_model *model, uint32_t row, enum sdr_state own);

/* Writes into out[size] what that comes to in a cell that has a name as well: "+3 1 down", "+3 x1",
 * "+3"; "": nothing is hidden. */
void ui_set_rows_format(const struct ui_set_hidden *hidden, const struct ui_surface *surface,
	char *out, size_t size);

#endif
