/* ui.h - the dashboard: one call for main(), and what a panel may ask of the screen it stands on.
 *
 * Everything below `struct ui` is called from the loop's thread only. A panel never draws by
 * itself: it changes its state, and the next frame calls its draw. There is no "redraw". */
#ifndef SOUNDER_UI_H
#define SOUNDER_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sounder/app.h"

/* ---- for main ---- */

/* The command line's options for the dashboard. All text is borrowed until ui_run returns. */
struct ui_options {
	char *const *hosts; /* [host_count]; pinged from the start */
	size_t host_count;
	const char *config;    /* -f FILE; NULL: the system's file, then the user's */
	const char *log;       /* --log FILE: every journal entry is appended there; NULL: none */
	char *const *settings; /* [setting_count]; --set NAME=VALUE, after the config */
	size_t setting_count;
	bool read_only;         /* --read-only: nothing is changed, written, served or run */
	enum sdr_colour colour; /* --color; AUTO looks at NO_COLOR */
};

/* Takes the terminal, runs the dashboard until it is quit or the terminal goes, gives the
 * terminal back as it was. Opens all parts of `app`, calls sdr_app_register.
 * Complaints go to stderr, a line each. Returns 0; 2 if standard input or
 * output is no terminal, or if it can't address its cursor (TERM=dumb). */
enum sdr_exit ui_run(struct sdr_app *app, const struct ui_options *options);

/* Returns the keys that it starts with, as lines of a config file. Static. */
const char *ui_standard_keys(void);

/* The dashboard's own commands by position, for the manual and for errors about where a command
 * works; NULL past the end. */
const struct sdr_command *ui_command_at(unsigned index);

/* ---- for panels ---- */

struct ui;
struct ui_panel;
struct ui_input;
struct ui_subject;

/* The parts, as sounder/app.h gives them. Never NULL. While the picture stands still (`freeze`) the
 * model is a copy, only to be looked at. */
struct sdr_app *ui_app(struct ui *ui);
struct sdr_model *ui_model(struct ui *ui);

/* The frame's time: the same for everything drawn in one frame, and that of the picture while it
 * stands still. */
sdr_ns ui_now(const struct ui *ui);
sdr_wall ui_wall(const struct ui *ui);

/* Writes the host that was last under the cursor in another panel, else that of the first target
 * watched, into out[size]; "" if there is none. An IPv6 address is in brackets, so that a port may
 * follow. */
void ui_current_host(struct ui *ui, char *out, size_t size);

/* The private state of a panel, as its verbs get it; for the panel's own commands: ui_state(screen,
 * &ui_panel_x). */
void *ui_state(struct ui *ui, const struct ui_panel *panel);

/* The panel's input line (panel.h, `input`); NULL if it has none. */
struct ui_input *ui_panel_input(struct ui *ui, const struct ui_panel *panel);

/* Runs a command line on a panel's behalf, as if typed at its input: answers come to that panel,
 * whatever the command's `shows`, and an error in the line is shown at its input, in place. A new
 * question drops the answers that the panel has not got yet. An empty line only drops them. */
void ui_ask(struct ui *ui, const struct ui_panel *panel, const char *text);

/* Runs a command line as if typed at the prompt: answers go to the panel in `shows`, errors to the
 * footer. */
void ui_do(struct ui *ui, const char *text);

/* Writes a line as it would run, its %words replaced; false where one has no value. */
bool ui_expand_line(
	struct ui *ui, const char *text, const struct ui_subject *words, char *out, size_t size);

/* Writes "since you left at 12:40: 4 outages, 31m, 3 targets"; false while somebody is there, or
 * has been back for long. */
#define UI_AWAY_TEXT 128
bool ui_away_format(struct ui *ui, char *out, size_t size);

/* Shows one line in the footer for some seconds. Everything in it is sanitised. */
void ui_notify(struct ui *ui, enum sdr_tone tone, const char *format, ...) SDR_PRINTF(3, 4);

/* What a page is about: a host, and what was under the cursor as it was opened. */
struct ui_about {
	char host[SDR_HOST_TEXT]; /* its name, or its address as text */
	struct sdr_addr addr;     /* version 0: not known */
	uint32_t id;              /* of the target; UINT32_MAX: of none */
};

/* Opens the page about it over the present panel; `back` returns there, to the same line. */
void ui_open_page(struct ui *ui, const struct ui_about *about);

/* What the page in front is about; and a number that grows whenever another one is opened. */
const struct ui_about *ui_about(const struct ui *ui);
uint64_t ui_about_version(const struct ui *ui);

/* Goes to the panel of that name, with the cursor on a target, UI_NO_TARGET: where it is; `back`
 * returns to the page or panel that it came from. ENOENT, ENOMEM. */
enum sdr_status ui_go_on(struct ui *ui, const char *panel, uint32_t id);

#define UI_MARKS 8
#define UI_CHART_PROBES 30 /* the fewest that a chart spans */

/* What `chart-kind`, `chart-scale`, `chart-full`, `chart-zoom`, `chart-pan` and `mark` set, for
 * panels that draw charts. */
struct ui_charting {
	unsigned kind;   /* of enum ui_chart_kind */
	bool log;        /* a logarithmic scale */
	bool full;       /* the chart has the panel's whole room */
	uint32_t probes; /* how many of the last probes a chart spans, if so many are kept */
	sdr_wall until;  /* that charts end with; 0: now */
	unsigned marked; /* targets to overlay */
	uint32_t marks[UI_MARKS]; /* [marked] the engine's ids */
};
const struct ui_charting *ui_charting(const struct ui *ui);

/* Returns what stands beside a target: "*" marked, "!" it has an alert, both, "". Static. */
const char *ui_target_signs(const struct ui *ui, uint32_t id);

/* Whether rows keep their order now, since a key was pressed a moment ago: who looks at a line is
 * about to act on it. */
#define UI_HOLD (2 * SDR_SECOND)
bool ui_holds(const struct ui *ui);

#endif
