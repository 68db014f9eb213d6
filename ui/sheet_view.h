/* sheet_view.h - draws what lookups answer (sounder/sheet.h), with a cursor and scrolling; no panel
 * formats a lookup by hand. */
#ifndef SOUNDER_UI_SHEET_VIEW_H
#define SOUNDER_UI_SHEET_VIEW_H

#include "panel.h"
#include "sounder/sheet.h"
#include "table.h"

struct ui_sheet_line;

/* Zeroed is a valid, empty one. */
struct ui_sheet {
	struct ui_table table;     /* the lines as rows: give this to the panel's `table` verb */
	struct sdr_sheet **sheets; /* [sheet_count] own copies, in order of adding */
	size_t sheet_count;
	struct ui_sheet_line *lines; /* [table.count] */
	size_t line_count, line_size;
	uint64_t version; /* grows with every change */
	bool stale;       /* a new question is pending: what is shown is old */
	bool tabular;     /* several answers of one shape: a row each under one head */
	int label_width;  /* cells of the widest label */
};

/* Forgets everything shown. */
void ui_sheet_clear(struct ui_sheet *sheet);

/* Shows a copy of `answer` under what is there; where all have the same fields and nothing below
 * them, as rows of a table. Out of memory: it is left out. */
void ui_sheet_add(struct ui_sheet *sheet, const struct sdr_sheet *answer);

/* Does the usual with a stage of an answer: BEGIN marks that what is shown is old, the first SHEET
 * clears it, DONE without any sheet clears it. */
void ui_sheet_answer(struct ui_sheet *sheet, const struct ui_answer *answer);

void ui_sheet_draw(struct ui_sheet *sheet, const struct ui_surface *surface);

/* Fills the subject from the line under the cursor: a text that is an address, a name, an endpoint
 * or a port. Returns false if there is none. */
bool ui_sheet_subject(const struct ui_sheet *sheet, struct ui_subject *subject);

/* Returns the item under the cursor; NULL if there is none. */
const struct sdr_item *ui_sheet_item(const struct ui_sheet *sheet);

void ui_sheet_done(struct ui_sheet *sheet);

#endif
