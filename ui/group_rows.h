/* group_rows.h - the rows of a table of targets as blocks, one a group of the model's: how many of
 * those that are shown are in which state, in which order the groups come, which are folded. */
#ifndef SOUNDER_UI_GROUP_ROWS_H
#define SOUNDER_UI_GROUP_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "sounder/groups.h"

/* Block 0 has the targets of no group, block N + 1 those of the model's group N. Zeroed is valid:
 * there are no blocks. */
struct ui_group_rows {
	struct ui_blocks blocks; /* for the table */
	uint32_t *of;            /* [row_room] the block of each row; owned */
	uint32_t row_room;
	uint32_t (*tally)[SDR_STATES]; /* [room] rows by rank; owned */
	bool *folded;                  /* [room], owned */
	uint32_t *by_name, *order;     /* [room] blocks by name, [by_name_count], and worst first;
					owned */
	uint32_t room, by_name_count;
	uint64_t version; /* the model's group version that `by_name` is of */
	bool ready;       /* there is memory for all, and rows are counted */
};

void ui_group_rows_done(struct ui_group_rows *groups);

/* Begins again for so many rows, which are added then: none is counted. False when out of memory:
 * there are no blocks until it is called again. */
bool ui_group_rows_begin(
	struct ui_group_rows *groups, const struct sdr_model *model, uint32_t rows);

/* Count a row, whose target is of that group of the model's, and uncount it. */
void ui_group_rows_add(struct ui_group_rows *groups, uint32_t row, uint32_t group, uint8_t rank);
void ui_group_rows_remove(struct ui_group_rows *groups, uint32_t row, uint8_t rank);

/* Returns the blocks, worst first, then by name; NULL: there are none. */
const struct ui_blocks *ui_group_rows_blocks(
	struct ui_group_rows *groups, const struct sdr_model *model);

/* Folds or unfolds a block; UI_BLOCK_NONE: all. */
void ui_group_rows_fold(struct ui_group_rows *groups, uint32_t block, bool fold);

/* Returns the rank of a block's worst row (sdr_state_rank); SDR_STATES: it has none. */
unsigned ui_group_rows_worst(const struct ui_group_rows *groups, uint32_t block);

/* Returns the rows of a block; writes its name into out[size]. */
uint32_t ui_group_rows_size(const struct ui_group_rows *groups, uint32_t block);
const char *ui_group_rows_name(
	const struct sdr_model *model, uint32_t block, char *out, size_t size);

#endif
