/* watch_items.h (internal) - what a watch keeps of each target: as requested, as in the engine, and
 * what came of it. */
#ifndef SOUNDER_JOB_WATCH_ITEMS_H
#define SOUNDER_JOB_WATCH_ITEMS_H

#include "job/procedure.h"
#include "model/state.h"
#include "report/report.h"

/* A target as it was asked for, or one more of its set. */
struct item {
	size_t index;                    /* in the request */
	size_t next;                     /* item that is the set's next member; 0: none */
	const struct sdr_target *target; /* held; NULL: the engine never had it */
	bool added;                      /* the engine has it */
	bool faulted;                    /* a local fault was complained about */
	bool waits;    /* it could not be probed, and is not given up: see is_waited_for */
	bool reached;  /* it is what --until waits for */
	uint8_t noted; /* see sdr_procedure_note_name */
	struct sdr_health health;
	uint64_t answered; /* as sdr_state_counts keeps it */
	bool counted;      /* the progress has it as done */
	bool over;         /* finished or failed: nothing more comes */
	enum sdr_exit exit;
	struct sdr_tally tally;
};

struct watch_items {
	const struct sdr_watch *watch;
	struct sdr_engine *engine;
	struct item *list; /* [count]: one for each of the request's specs in their order, then
			      what joined them */
	uint32_t *item_of; /* [limit], by the engine's id, also of one that it has removed */
	size_t count, capacity;
	uint32_t limit;
};

/* Makes an item for each of the request's targets. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_watch_items_open(
	struct watch_items *items, const struct sdr_watch *watch, struct sdr_engine *engine);
void sdr_watch_items_close(struct watch_items *items);

/* Notes the id that the engine gave an item. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_watch_items_place(
	struct watch_items *items, size_t number, uint32_t id);

/* Returns the number of the item that the engine's id is or was last of; UINT32_MAX: none. */
uint32_t sdr_watch_items_number(const struct watch_items *items, uint32_t id);

/* Returns the item of a target that the engine has, NULL where it has none. */
struct item *sdr_watch_item(struct watch_items *items, const struct sdr_target *target);

/* Adds an item for one more member of a set, after those of the same set; NULL: it is of no
 * target of the request (OK), or there is no memory (ENOMEM). */
struct item *sdr_watch_item_add(
	struct watch_items *items, const struct sdr_target *target, enum sdr_status *status);

#endif
