/* panel.h - what a panel is: a table of names, keys, commands and at most thirteen verbs, all
 * optional.
 *
 * To add one: write ui/panel_x.c, ending in `const struct ui_panel ui_panel_x = { .name = "x", ...
 * }`, and add PANEL(x) to panels.def. No other file knows a panel's name. ui/panel_log.c is the
 * smallest example.
 *
 * A verb gets the screen (for ui_app, ui_now ...) and the panel's private state: `size` zeroed
 * bytes, made when the screen opens. */
#ifndef SOUNDER_UI_PANEL_H
#define SOUNDER_UI_PANEL_H

#include "sounder/command.h"
#include "ui.h"

struct ui_surface;
struct ui_table;
struct ui_column;

/* A key, the command line that it stands for, and a few words for footer and help ("ping it"). As
 * in a config's line `bind KEY "LINE" "NOTE"`. Lines may use %target %address %port %endpoint %name
 * of the line under the cursor. */
struct ui_key {
	const char *key; /* as keymap.h names keys: "p", "C-r", "Enter", "F5"; NULL ends the list */
	const char *line;
	const char *note; /* the first five of a panel are what its footer shows */
};

/* A panel's one-line input; `i` or `/` gives it the keys, Esc takes them back. */
struct ui_input_spec {
	const char *label;   /* before the field: "Address" */
	const char *hint;    /* dim, while it is empty: "172.16.75.200/23" */
	const char *command; /* Enter runs this and the text, as one line: "dns"; unused where the
				panel has `typed` */
};

/* What is under the cursor: the words of key bindings and menus, and what y and Y copy. Empty text
 * means there is none. Bytes from outside may go in as they are: lines expand to words that are
 * never split again, and copying sanitises them. */
struct ui_subject {
	char target[SDR_HOST_TEXT + 8]; /* %target: as typed */
	char address[SDR_ADDR_TEXT];    /* %address */
	char port[8];                   /* %port */
	char name[SDR_HOST_TEXT];       /* %name */
	/* y: the line's value; else the first of address, name, target is copied. */
	char value[512];
	char command[512]; /* Y: the command line that gives this line */
	const char *next;  /* a line, its %words in it, that finds out more about what is wrong
			      here; NULL: none. Static */
	char opens[SDR_HOST_TEXT]; /* a filter: what `open` shows of the panel's first section; "":
				      it opens a page */
	unsigned job;              /* number of the job on this line; 0: none */
	uint32_t id; /* the engine's target on this line, which r R d e and Space-on-line act on;
			UI_NO_TARGET */
	uint32_t members; /* targets that the line is the head of, see the verb `members`; 0: it is
			     no head */
};
#define UI_NO_TARGET UINT32_MAX

/* The stages of an answer; BEGIN once, SHEET any number of times, DONE once. A question that is
 * dropped ends without DONE. */
enum ui_stage { UI_STAGE_BEGIN, UI_STAGE_SHEET, UI_STAGE_DONE };

struct ui_answer {
	enum ui_stage stage;
	const char *command;           /* the command's name: "mask" */
	const char *line;              /* the whole line as asked */
	const struct sdr_sheet *sheet; /* SHEET: borrowed, valid during the call; ui_sheet_add and
					  sdr_sheet_copy copy it */
	enum sdr_exit exit;            /* DONE: 0 yes, 1 a negative answer, 2 it failed */
	const char *error; /* DONE: what went wrong, for a person; NULL if nothing. The screen shows
			      it at the panel's input */
	sdr_ns elapsed;    /* since BEGIN */
};

struct ui_panel {
	const char *name;     /* for `panel NAME`, small letters */
	const char *title;    /* in the header's tab */
	const char *sentence; /* what it is for, in the help */
	bool page;   /* the last one alone: it has no tab and no digit; ui_open_page opens it over
		      another panel, and `back` goes there */
	bool charts; /* it draws a chart, which `chart-full` gives all the room */
	const char *empty[2]; /* drawn by ui_draw_empty: what it is for, and which key begins */
	size_t size;          /* bytes of private state */
	const struct ui_key *keys;  /* the panel's own keys, before the global ones; may be NULL */
	const struct ui_key *verbs; /* what its menu (.) offers first, each by a letter; may be
				       NULL */
	const struct sdr_command *const *commands; /* the panel's own commands, NULL-terminated; may
						      be NULL. where: SDR_WHERE_SCREEN */
	const char *const
		*shows; /* core commands whose answers land here, NULL-terminated; may be NULL */
	const struct ui_input_spec *input; /* may be NULL */
	const struct ui_column *columns;   /* of its main table, for `columns`; may be NULL */

	/* Prepares the state. ENOMEM. */
	enum sdr_status (*open)(struct ui *ui, void *state);
	/* Frees what the state holds (ui_table_done, ui_sheet_done ...). */
	void (*close)(struct ui *ui, void *state);
	/* Draws into the surface, which is blank. The input line and the header's tab are drawn by
	 * the screen. */
	void (*draw)(struct ui *ui, void *state, const struct ui_surface *surface);
	/* Returns the table (or sheet's table) that the cursor's keys move now, or NULL. */
	struct ui_table *(*table)(struct ui *ui, void *state);
	/* Moves the keys to the next section (+1), the one before (-1), the first (0). Returns
	 * false where they stay. */
	bool (*section)(struct ui *ui, void *state, int step);
	/* What `open` does where there is no line: something to begin with. Returns false where
	 * there is nothing. */
	bool (*begin)(struct ui *ui, void *state);
	/* Fills in what is under the cursor; `subject` is blank. Returns false where there is
	 * nothing. */
	bool (*subject)(struct ui *ui, void *state, struct ui_subject *subject);
	/* Fills ids[n] with the targets that the line under the cursor is the head of; returns how
	 * many there are. */
	uint32_t (*members)(struct ui *ui, void *state, uint32_t *ids, uint32_t n);
	/* Takes a stage of an answer. */
	void (*answer)(struct ui *ui, void *state, const struct ui_answer *answer);
	/* Returns whether the header's tab gets a `!`. */
	bool (*alarm)(struct ui *ui, void *state);
	/* Does a part, less than a millisecond of work, of what would hold a frame up. Called a few
	 * times a second while the panel is seen. Returns whether there is more to do. */
	bool (*work)(struct ui *ui, void *state);
	/* The input's text changed; or, with `enter`, was entered. The usual thing to do is to call
	 * ui_ask. */
	void (*typed)(struct ui *ui, void *state, const char *text, bool enter);
};

#endif
