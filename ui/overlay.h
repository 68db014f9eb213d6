/* overlay.h - a box over the panels: help, a menu, a question, an answer that no panel shows. Dims
 * what is under it. One at a time; Esc closes it. Lists can be searched by typing. */
#ifndef SOUNDER_UI_OVERLAY_H
#define SOUNDER_UI_OVERLAY_H

#include "input.h"
#include "panel.h"
#include "sheet_view.h"
#include "text_lines.h"

/* One entry of a list: what is shown, and the line that Enter runs. */
struct ui_entry {
	char *key;     /* "p"; "" if none; owned */
	char *text;    /* "ping it"; owned */
	char *line;    /* owned; NULL: a heading */
	char *command; /* the line as shown, before its %words were replaced; owned, may be NULL */
	const char *sentence;            /* what the line does, under the list; NULL: the text.
					    Static */
	const struct sdr_command *about; /* the search looks through its help, too; NULL: none */
	unsigned part; /* of the list; until something is searched, one is shown */
};

enum ui_overlay_kind {
	UI_OVERLAY_NONE,
	UI_OVERLAY_LIST,
	UI_OVERLAY_SHEET,
	UI_OVERLAY_LINES /* text that is typed or pasted, for the word `-` */
};

/* Zeroed is a valid, closed one. */
struct ui_overlay {
	enum ui_overlay_kind kind;
	char title[128];
	bool searching; /* a LIST with a search field, LINES: printable keys go there */
	struct ui_input search;
	struct ui_entry *entries;   /* [entry_count] */
	int text_width, line_width; /* cells of the widest */
	size_t entry_count, entry_size;
	char note[200];             /* under the search field; "": none */
	const char *parts[2];       /* what a list's parts are called; NULL: it has one. Static */
	unsigned part;              /* that is shown while nothing is searched */
	uint32_t *shown;            /* [table.count] entries that match the search, UINT32_MAX: a
				       blank line */
	int flow, flow_height;      /* columns that the list is laid out in, and their lines; 0:
				       one */
	struct ui_table table;      /* of a LIST */
	bool lists_jobs;            /* the LIST is of jobs */
	bool lists_columns;         /* or of a table's columns */
	struct ui_sheet *sheet;     /* of a SHEET; borrowed */
	struct ui_text_lines lines; /* of LINES */
};

/* Returns which keys work in it, in a few words; NULL: nothing is open. */
const char *ui_overlay_hint(const struct ui_overlay *overlay);

/* Opens an empty list; entries are added after. `searching`: with a search field. */
void ui_overlay_list(struct ui_overlay *overlay, const char *title, bool searching);

/* Adds an entry; text is copied. `line` NULL makes a heading. */
void ui_overlay_add(struct ui_overlay *overlay, const struct ui_entry *entry);

/* Opens on a sheet, which is there until the overlay is closed. */
void ui_overlay_sheet(struct ui_overlay *overlay, const char *title, struct ui_sheet *sheet);

/* Opens an empty field for lines. */
void ui_overlay_lines(struct ui_overlay *overlay, const char *title);

void ui_overlay_close(struct ui_overlay *overlay);

/* Takes a key. ENTERED: ui_overlay_line is the line to run, or the lines are whole, and it is to be
 * closed. LEFT: it is to be closed. */
enum ui_input_result ui_overlay_key(struct ui_overlay *overlay, uint32_t key);

/* Adds pasted text to the search field or to the lines; false where there is neither, or no
 * room. */
bool ui_overlay_paste(struct ui_overlay *overlay, const char *bytes, size_t length);
const char *ui_overlay_line(const struct ui_overlay *overlay);

void ui_overlay_draw(struct ui_overlay *overlay, const struct ui_surface *screen);

#endif
