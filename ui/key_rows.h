/* key_rows.h - the rows of a table as blocks, one a key that several rows have: the probes of a
 * host, the log's entries about a target. The first one in the table's order is the head, so of
 * probes the worst, of entries the latest; the others fold under it. */
#ifndef SOUNDER_UI_KEY_ROWS_H
#define SOUNDER_UI_KEY_ROWS_H

#include "blocks.h"
#include "set_rows.h"

/* Zeroed is valid: there are no blocks. What one row has is none. */
struct ui_key_rows {
	struct ui_blocks blocks; /* for the table */
	uint64_t *added;         /* [rows] while rows are added: their keys; owned */
	uint32_t *of;            /* [rows] the block of each, UI_BLOCK_NONE: none; owned */
	uint32_t *next;          /* [rows] the next one of its block, in a ring; owned */
	bool *minor;    /* [rows] another target brought it (a hop): no head beside that; owned */
	uint32_t *tops; /* [blocks.count] the heads, found with each sort; owned */
	uint64_t *keys; /* [blocks.count] whose they are; owned */
	bool *folded;   /* [blocks.count], owned */
	uint32_t rows;
};

void ui_key_rows_done(struct ui_key_rows *rows);

/* Begins again for at most so many rows; what is open is kept in mind. */
void ui_key_rows_begin(struct ui_key_rows *rows, uint32_t most);

/* Adds the next row. `minor`: another row brought it. */
void ui_key_rows_add(struct ui_key_rows *rows, uint64_t key, bool minor);

/* Makes blocks of what was added; a host's new one is folded. Out of memory there are none. */
void ui_key_rows_end(struct ui_key_rows *rows);

/* Returns the blocks; NULL: there are none. */
const struct ui_blocks *ui_key_rows_blocks(const struct ui_key_rows *rows);

/* Folds or unfolds a block; UI_BLOCK_NONE: all. */
void ui_key_rows_fold(struct ui_key_rows *rows, uint32_t block, bool fold);

/* Whether a row stands under another one; whether it is the folded head of others. */
bool ui_key_rows_is_under(const struct ui_key_rows *rows, uint32_t row);
bool ui_key_rows_is_folded(const struct ui_key_rows *rows, uint32_t row);

/* Returns the next row of the same key, in a ring: the row itself where it has no others. */
uint32_t ui_key_rows_next(const struct ui_key_rows *rows, uint32_t row);

/* Returns what is under a folded head, its rows' states given by sdr_state_rank in `ranks`. */
struct ui_set_hidden ui_key_rows_hidden(
	const struct ui_key_rows *rows, const uint8_t *ranks, uint32_t row);

#endif
