/* table.h - rows under a head: columns that go when it gets narrow, a cursor that is a whole-line
 * bar, sorting, scrolling. Only the visible rows are fetched. The screen moves cursor and sorting;
 * a panel draws and asks where the cursor is. */
#ifndef SOUNDER_UI_TABLE_H
#define SOUNDER_UI_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "draw.h"
#include "row_cache.h"
#include "row_filter.h"

struct ui_column {
	const char *title; /* head, with the unit: "p50 ms"; NULL ends the list */
	int width;         /* the fewest cells it is any use with */
	int grow;          /* its share of the remaining width; 0: none */
	int rank;     /* 0 stays always; of the others the highest goes first when it gets narrow */
	bool right;   /* numbers: the head is drawn at the right */
	bool sorts;   /* < and > stop here */
	bool picture; /* it draws, and has nothing to read */
	const char *key; /* what programs call it (table_columns.h); NULL: by its title */
};

/* Where rows come from. `context` is what ui_table_update got. Rows are 0 .. count-1 in the
 * source's own order; count + N is the head of block N, where those have lines of their own. */
struct ui_rows {
	/* Draws one cell: `cell` is a surface of one row, the column's width wide. */
	void (*cell)(void *context, uint32_t row, unsigned column, const struct ui_surface *cell);
	/* Called before the cells of a row are drawn, so that shared data is fetched once. Returns
	 * a version number: while it is the same, the line is not drawn again; 0: it always is. May
	 * be NULL. */
	uint64_t (*look)(void *context, uint32_t row);
	/* Fills weights[count] for a column: rows come with the least first, ties in the source's
	 * order. NULL: only the source's order. Asked once a sort. */
	void (*weigh)(void *context, unsigned column, uint64_t *weights);
	/* As weigh, for a column whose weights are a byte each: returns ranks[count], which stay
	 * the source's; NULL: they are more. May be NULL. */
	const uint8_t *(*rank)(void *context, unsigned column);
	/* Fills groups[count]: rows of a group stay together in every sort order. Returns false
	 * where there are none. May be NULL. */
	bool (*group)(void *context, uint64_t *groups);
	/* A number that stays with a row as others come and go, so that the cursor stays on it;
	 * NULL: the row's number. */
	uint64_t (*key)(void *context, uint32_t row);
	/* Gets the rows that a frame will show, in their order, before the columns' widths are
	 * chosen. May be NULL, as the next two. */
	void (*survey)(void *context, const uint32_t *rows, uint32_t count);
	/* How many cells a column could use; it gets them before others grow. 0: no such number. */
	int (*wants)(void *context, unsigned column);
	/* Gets the cells of each column, 0 for those that are not drawn, and a surface as wide as
	 * the table. */
	void (*fitted)(void *context, const struct ui_surface *surface, const int *widths);
	/* How many columns from this one on are one cell in this row, which is drawn as the last of
	 * them; NULL: each is its own. */
	unsigned (*span)(void *context, uint32_t row, unsigned column);
	/* Whether a row is a heading, on which the cursor does not stop; NULL: none is. */
	bool (*heading)(void *context, uint32_t row);
	/* Blocks of rows under heads, valid until the next update; NULL where there are none now.
	 * May be NULL. */
	const struct ui_blocks *(*blocks)(void *context);
	/* Folds a block, or unfolds it; UI_BLOCK_NONE: all. With `blocks`. */
	void (*fold)(void *context, uint32_t block, bool fold);
	/* Whether the filter holds for a row; NULL: the table can't be filtered. */
	bool (*holds)(void *context, uint32_t row, const struct ui_filter *filter);
	/* The row with that number, UINT32_MAX if it is gone; NULL: the table asks each. */
	uint32_t (*find)(void *context, uint64_t key);
};

#define UI_TABLE_COLUMNS 16
#define UI_TABLE_UNSORTED (-1)

/* Zeroed is a valid, empty table, once `columns` and `rows` are set. */
struct ui_table {
	const struct ui_column
		*columns; /* borrowed, static; NULL: one column over the whole width, no head */
	const struct ui_rows *rows; /* borrowed, static */
	void *context;              /* of the rows; set by ui_table_update */
	uint32_t *order;            /* [line_count] rows as shown; NULL while unsorted */
	uint32_t order_size;        /* entries that `order` has room for */
	unsigned hidden;            /* bit i: column i is not shown */
	unsigned narrow;            /* bit i: not drawn last time, for lack of room or since it is
				 hidden */
	uint8_t places[UI_TABLE_COLUMNS]; /* [placed] the columns that the user wants, in order */
	unsigned placed;                  /* 0: all, as they are */
	uint32_t count;                   /* rows */
	uint32_t found;                   /* those that are shown, folded or not */
	uint32_t line_count;            /* heads of blocks are lines, too; what is folded is none */
	const struct ui_blocks *blocks; /* that the lines are in; NULL: none. The source's */
	uint32_t cursor, top;           /* lines: under the cursor, first visible */
	uint32_t page;                  /* lines that were visible when last drawn */
	struct ui_filter *filter;       /* owned; NULL: all rows are shown */
	bool *held;                     /* [held_size] the filter held for a row, at that version;
					   owned */
	uint32_t held_size;
	uint64_t held_version;
	bool partial;                 /* the source has not looked at all rows yet */
	bool narrows;                 /* the filter holds for some of those at the most */
	uint64_t key;                 /* of the row under the cursor */
	uint64_t version;             /* of the rows, when last updated */
	int widths[UI_TABLE_COLUMNS]; /* of columns, as last drawn; 0: not drawn */
	int row, column,
		width; /* where the first line was last drawn, in the window: for the mouse */
	int sort;      /* column number + 1; 0: the source's order */
	bool invert;
	uint32_t fixed; /* the first rows, which stay where they are when the others are inverted */
	bool pinned;    /* a cursor at the top stays on its row, too, since a person moved it or
			 acted on it */
	bool lost;      /* the row that was drawn under the cursor is gone */
	bool passive;   /* another table has the keys: no bar is drawn */
	int flow;       /* more than 1: without a head, lines fill so many columns, one after the
			 other, a page at a time */
	int overrun;    /* -1: the last move went above the first line, +1: below the last one */
	struct ui_lines lines; /* as last drawn */
	bool fresh;            /* `order` is right for version, sort and invert */
};

/* Sets the number of rows and their version; sorts again only if version, sort or count changed.
 * Called before draw. */
void ui_table_update(struct ui_table *table, void *context, uint32_t count, uint64_t version);

/* Draws head and visible rows over the whole surface. */
void ui_table_draw(struct ui_table *table, const struct ui_surface *surface);

/* Shows those rows alone that a filter (row_filter.h) holds for; "": all. EINVAL, ERANGE with
 * `error`, as ui_filter_read: the words that are right hold; ENOMEM: it is as it was. */
enum sdr_status ui_table_set_filter(
	struct ui_table *table, const char *text, struct sdr_error *error);
bool ui_table_is_filtered(const struct ui_table *table);
bool ui_table_shows(const struct ui_table *table, uint32_t row); /* folded or not */
const char *ui_table_filter_text(const struct ui_table *table);  /* "" without one */

/* Writes "/rack3  9 of 52" into out[size] and returns it; `otherwise` where there is no filter. For
 * the rule above the table. */
#define UI_TABLE_SUMMARY (UI_FILTER_TEXT + 64)
const char *ui_table_summary(
	const struct ui_table *table, char *out, size_t size, const char *otherwise);

/* Returns how many lines there would be without a filter, so that what stands below does not move
 * as one types. */
uint32_t ui_table_height(const struct ui_table *table);

/* Returns the row under the cursor (the source's number, count and more for a block's own head), or
 * UINT32_MAX for an empty table. */
uint32_t ui_table_row(const struct ui_table *table);

/* Returns the row at a visible line, counted from the first; UINT32_MAX past the end. */
uint32_t ui_table_row_at(const struct ui_table *table, uint32_t line);

void ui_table_done(struct ui_table *table);

/* What the screen's commands do. */
enum ui_move {
	UI_MOVE_UP,
	UI_MOVE_DOWN,
	UI_MOVE_PAGE_UP,
	UI_MOVE_PAGE_DOWN,
	UI_MOVE_TOP,
	UI_MOVE_BOTTOM
};
void ui_table_move(struct ui_table *table, enum ui_move move);
void ui_table_step(struct ui_table *table, int step); /* one line, round the ends */
void ui_table_go(
	struct ui_table *table, uint32_t line); /* puts the cursor on a visible line (mouse) */
/* Puts the cursor on the row with that key, there to stay. Returns false where it is not shown, or
 * the table can't find rows. */
bool ui_table_seek(struct ui_table *table, uint64_t key);
void ui_table_sort(
	struct ui_table *table, int step); /* to the next (+1) or previous (-1) column that sorts */
void ui_table_invert(struct ui_table *table);

/* Sorts by the column that is drawn there, counted in cells from the table's left edge; inverts the
 * order where that is the case already. Does nothing where there is none that sorts. */
void ui_table_sort_at(struct ui_table *table, int cell);

/* Orders the lines at once, since the next key may come before the next frame; the cursor stays on
 * its row, else goes to the first. */
void ui_table_reorder(struct ui_table *table);

/* Has the cursor stay on the row that it is on, wherever that goes. Returns how that was before;
 * ui_table_unpin has it so again. */
bool ui_table_pin(struct ui_table *table);
void ui_table_unpin(struct ui_table *table, bool pinned);

/* Folds the block under the cursor or unfolds it; with `all` every one, if any is open. Returns
 * false where there is none. */
bool ui_table_fold(struct ui_table *table, bool all);

#endif
