/* watch_items.h (internal) - a watch in progress, and what is kept of each target: as requested, as
 * in the engine, and its results. */
#ifndef SOUNDER_SHELL_WATCH_ITEMS_H
#define SOUNDER_SHELL_WATCH_ITEMS_H

#include <uv.h>

#include "model/state.h"
#include "shell/shell.h"
#include "shell/stops.h"

/* A target that the engine removed, for its summary. */
struct gone {
	struct sdr_target public;
	struct sdr_spec spec;             /* the target's */
	char name[SDR_HOST_TEXT];         /* likewise */
	struct sdr_report_record *record; /* owned; NULL: none was kept */
};

/* A target as it was asked for, or one more address of its name. */
struct item {
	size_t index;          /* in the request */
	size_t next;           /* item that is the name's next address; 0: none */
	uint32_t group;        /* the engine's number; 0: none */
	struct gone *gone;     /* owned; NULL while the engine has it */
	uint32_t id;           /* the engine's */
	bool added;            /* the engine has it */
	bool headed;           /* its header is out */
	bool reported_cut;     /* that its name has too many addresses, too */
	bool reported_starved; /* that there was no memory for all of them */
	bool reported_missing; /* one address family could not be resolved, as already reported */
	bool faulted;          /* a local fault was reported on stderr */
	bool waits;            /* it could not be probed, and is not given up: see is_waited_for */
	bool reached;          /* it is what --until waits for */
	struct sdr_health health;
	uint64_t answered; /* as sdr_state_counts keeps it */
	bool over;         /* finished or failed: nothing more comes */
	enum sdr_exit exit;
	struct sdr_tally tally;
};

struct watching {
	struct shell_run *run;
	const struct sdr_watch *watch;
	struct sdr_engine *engine;
	struct item *items; /* [count]: one for each of the request's specs in their order, then
			       what joined them */
	uint32_t *item_of;  /* [limit], by the engine's id */
	size_t count, capacity;
	uint32_t limit;
	size_t left;    /* targets that are not over */
	bool recorded;  /* the model is fed, for the summaries */
	bool stopped;   /* by a signal, the deadline or a stdout that went away */
	bool timed_out; /* by the deadline */
	struct shell_body body;
	struct shell_stops stops;
	uv_timer_t headers;
	uv_prepare_t before_wait;
};

/* Returns a target's item, NULL where it has none. */
struct item *sdr_watch_item(struct watching *w, const struct sdr_target *target);

/* Returns an item's target: the engine's, or what was kept of it. NULL if neither is there. */
const struct sdr_target *sdr_watch_target(const struct watching *w, const struct item *item);

/* Notes the engine's ids of the items that it has. False: out of memory. */
bool sdr_watch_items_index(struct watching *w);

/* Adds an item for one more address of a name, after those of the same name. Reports a lack of
 * memory. */
void sdr_watch_item_add(struct watching *w, const struct sdr_target *target);

/* Keeps what the summary needs of a target that the engine has removed. */
void sdr_watch_item_keep(struct watching *w, struct item *item, const struct sdr_target *target);

#endif
