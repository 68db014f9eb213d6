/* ui_state.h - the screen's own state, for ui/'s files but the panels, which see ui.h alone.
 *
 * ui.c wires it to loop and terminal, frame.c draws it, front.c runs lines, act_*.c are the
 * screen's commands. ui_state.c answers what panels and all of these ask of it. */
#ifndef SOUNDER_UI_STATE_H
#define SOUNDER_UI_STATE_H

#include <stdio.h>

#include "alert.h"
#include "canvas.h"
#include "decode.h"
#include "input.h"
#include "keymap.h"
#include "layout.h"
#include "overlay.h"
#include "panel.h"
#include "prompt.h"
#include "tty.h"
#include "typeahead.h"
#include "ui.h"

struct ui_asked;
struct ui_copy;
struct ui_job;
struct ui_loop;
struct ui_places;

/* A panel on the screen. */
struct ui_slot {
	const struct ui_panel *panel;
	void *state;
	struct ui_input input;
	struct ui_job *job;   /* the pending question; NULL if none */
	char *columns;        /* names of those that the user wants; owned; NULL: all */
	bool columns_fresh;   /* the table does not have them yet */
	bool acknowledged;    /* its alarm was seen */
	int tab_from, tab_to; /* columns of its tab in the header; for the mouse */
};

/* What is compared to decide whether a frame would show anything new. */
struct ui_versions {
	uint64_t model, order, services, host, names, listeners, settings;
	int64_t second; /* of the wall clock */
	uint64_t
		message; /* 1: one is shown; as wide as the rest, since two are compared as bytes */
};

/* When somebody was last there. */
struct ui_away {
	sdr_ns last, from, back; /* the last key; the last one before a long time without, and the
				    first one after it, 0: there was none */
	sdr_wall last_wall, from_wall;
};

struct ui {
	struct sdr_app *app;
	struct ui_canvas *canvas;
	struct ui_term *term;        /* NULL in tests */
	struct ui_loop *loop;        /* ui.c's timers; NULL in tests */
	void (*wake)(struct ui *ui); /* has the frame that is due drawn soon; NULL: nobody draws */
	struct ui_keymap *keymap;
	struct ui_prompt *prompt;
	struct ui_overlay overlay;
	struct ui_input filter; /* of the focused panel's table, while it is typed */
	struct ui_typeahead typeahead;
	struct ui_slot *slots; /* [slot_count] */
	unsigned slot_count;   /* the first tab_count of them have tabs, the last is the page */
	unsigned tab_count, focus;
	struct ui_places *places; /* what pages were opened over; owned */
	struct ui_job *jobs;      /* all that are pending, and some that are over; a list, the
				   latest first */
	unsigned job_count;       /* ever listed */
	bool job_fresh;         /* one was started, and may have its answer in a turn of the loop */
	struct ui_asked *asked; /* what waits for its lines; NULL: nothing does */
	struct ui_slot *asking; /* whose question is being run now: complaints go to its input;
				   NULL: to the footer */
	struct ui_copy *copies; /* programs that copy; a list */
	const struct sdr_command **commands; /* what was registered; NULL-terminated */
	const struct ui_theme *theme;
	struct ui_theme *own_theme; /* read from a file; owned; NULL: none was */
	struct ui_charting charting;
	struct sdr_model *frozen; /* what panels look at while the picture stands still; NULL: it
				     does not. Owned */
	sdr_ns frozen_now;        /* when it was taken */
	sdr_wall frozen_wall;     /* likewise */
	struct ui_layout layout;  /* of the last frame */
	struct ui_versions drawn; /* of the last frame */
	char host[SDR_HOST_TEXT]; /* last under the cursor of a panel that was left; "" if none */
	bool zoom, mouse;
	bool due;               /* a frame is wanted at once */
	bool working;           /* the focused panel has more to do between frames */
	bool quitting, leaving; /* leaving: the last screen is left on the terminal */
	bool torn;              /* that nothing can be drawn was said */
	bool standard;          /* the compiled-in keys are being bound */
	unsigned unresolved;    /* standard keys whose command is not there: 0 */
	bool typed_line;        /* the line being run was typed at the prompt */
	bool of_file;           /* the line that is being run is a config's */
	unsigned sourcing;      /* files within files that are being read */
	bool read_only;         /* --read-only */
	bool beginning;         /* the config and the hosts of the command line are being run */
	bool colourless;        /* NO_COLOR or --color=never */
	struct ui_step *steps;  /* of undo.c; owned; NULL: none yet */
	unsigned step_count;
	uint32_t edited; /* the target that `edit` was last about */
	struct ui_away away;
	sdr_ns key_at;     /* when a key was last pressed: the order of rows is held then */
	sdr_ns clicked_at; /* when a line was clicked at; 0: no second click is awaited */
	char message[SDR_ERROR_TEXT];
	enum sdr_tone message_tone;
	sdr_ns message_until; /* 0: none */
	sdr_ns message_since;
	sdr_ns now; /* of the present frame or event */
	sdr_wall wall;
	bool fixed_clock;                  /* tests set now and wall */
	bool ring;                         /* the bell, at the next look */
	struct ui_alert alerts[UI_ALERTS]; /* [alert_count] */
	unsigned alert_count;
};

void ui_tick_clock(struct ui *ui);
void ui_want_frame(struct ui *ui);
void ui_suspend(struct ui *ui);

struct ui_slot *ui_focused(struct ui *ui);
struct ui_slot *ui_slot_of(struct ui *ui, const struct ui_panel *panel);

/* Shows a panel. */
void ui_show_slot(struct ui *ui, unsigned index);

/* The table that the keys go to now, NULL where the focused panel has none. */
/* Moves the keys to another section of the focused panel, as its verb `section`. */
bool ui_section(struct ui *ui, int step);
struct ui_table *ui_table_now(struct ui *ui);
bool ui_subject(struct ui *ui, struct ui_subject *subject);

#endif
