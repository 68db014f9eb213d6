/* blocks.h - rows that belong together under a head, and fold: a group's members under a line of
 * its own, or a set's members under the leader's row. */
#ifndef SOUNDER_UI_BLOCKS_H
#define SOUNDER_UI_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define UI_BLOCK_NONE UINT32_MAX

/* The blocks of a source of rows, which are numbered 0 .. count-1. All borrowed. */
struct ui_blocks {
	uint32_t count;
	const uint32_t *of;    /* [rows] the block of each row, or UI_BLOCK_NONE */
	const bool *folded;    /* [count] only the head is shown */
	const uint32_t *heads; /* [count] the row that is the head, itself in the block, or
				  UI_BLOCK_NONE of one without rows; NULL: each has a line of its
				  own, which is no row */
	uint32_t *tops;        /* `heads`, where the table's order decides: each is the first of
				  its block's rows that are shown; NULL: they are given */
	const bool *minor;     /* [rows] such a row is a top only where all are, with `tops` */
	const uint32_t *order; /* [order_count] blocks as they come, rows without one after them;
				  others are not shown. NULL, with heads: each where the first
				  of its rows is, folded or not */
	uint32_t order_count;
};

/* Rows in a table's order: those that are shown, of all. */
struct ui_sorted {
	const uint32_t *rows; /* [shown] */
	uint32_t shown, count;
};

/* Fills lines[sorted->count + blocks->count] with what is shown: row numbers; a head's own line is
 * sorted->count + its block. In a block rows keep their order. A block has its head where any of
 * its rows is shown, whether the head is or not. `places` has room for blocks->count. Returns how
 * many lines there are. */
uint32_t ui_blocks_arrange(const struct ui_blocks *blocks, const struct ui_sorted *sorted,
	uint32_t *places, uint32_t *lines);

#endif
