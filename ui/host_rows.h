/* host_rows.h - the rows of a table of targets as blocks, one a host: of all probes of a host the
 * first one in the table's order, which is the worst as a rule, is the head; the others fold under
 * it. */
#ifndef SOUNDER_UI_HOST_ROWS_H
#define SOUNDER_UI_HOST_ROWS_H

#include "blocks.h"
#include "set_rows.h"
#include "sounder/model.h"

/* Zeroed is valid: there are no blocks. Hosts with one row are none. */
struct ui_host_rows {
	struct ui_blocks blocks; /* for the table */
	uint64_t *hosts;         /* [rows] while rows are added: which host each is of; owned */
	uint32_t *of;            /* [rows] the block of each, UI_BLOCK_NONE: none; owned */
	uint32_t *next;          /* [rows] the next one of its host, in a ring; owned */
	bool *minor;    /* [rows] another target brought it (a hop): no head beside that; owned */
	uint32_t *tops; /* [blocks.count] the heads, found with each sort; owned */
	uint64_t *keys; /* [blocks.count] whose they are; owned */
	bool *folded;   /* [blocks.count], owned */
	uint32_t rows;
};

void ui_host_rows_done(struct ui_host_rows *hosts);

/* Begins again for at most so many rows; what is open is kept in mind. */
void ui_host_rows_begin(struct ui_host_rows *hosts, uint32_t rows);

/* Adds the next row, whose target is at that position of the model. */
void ui_host_rows_add(struct ui_host_rows *hosts, const struct sdr_model *model, uint32_t position);

/* Makes blocks of what was added; a host's new one is folded. Out of memory there are none. */
void ui_host_rows_end(struct ui_host_rows *hosts);

/* Returns the blocks; NULL: there are none. */
const struct ui_blocks *ui_host_rows_blocks(const struct ui_host_rows *hosts);

/* Folds or unfolds a block; UI_BLOCK_NONE: all. */
void ui_host_rows_fold(struct ui_host_rows *hosts, uint32_t block, bool fold);

/* Whether a row stands under another one; whether it is the folded head of others. */
bool ui_host_rows_is_under(const struct ui_host_rows *hosts, uint32_t row);
bool ui_host_rows_is_folded(const struct ui_host_rows *hosts, uint32_t row);

/* Returns the next row of the same host, in a ring: the row itself where it has no others. */
uint32_t ui_host_rows_next(const struct ui_host_rows *hosts, uint32_t row);

/* Returns what is under a folded head, its rows' states given by sdr_state_rank in `ranks`. */
struct ui_set_hidden ui_host_rows_hidden(
	const struct ui_host_rows *hosts, const uint8_t *ranks, uint32_t row);

#endif
