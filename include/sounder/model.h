/* model.h - a read-only view of every target's state, figures and recent history, and the journal.
 * Any change increments the version; the screen compares versions. */
#ifndef SOUNDER_MODEL_H
#define SOUNDER_MODEL_H

#include "sounder/engine.h"

struct sdr_model;

/* UP -> DOWN after `losses` lost in a row, DOWN -> UP after `replies` answered in a row; SLOW
 * between, over a threshold of time or of loss. */
enum sdr_state {
	SDR_STATE_UNKNOWN,
	SDR_STATE_UP,
	SDR_STATE_SLOW,
	SDR_STATE_DOWN,
	SDR_STATE_PAUSED
};

enum sdr_window {
	SDR_WINDOW_10S,
	SDR_WINDOW_1MIN,
	SDR_WINDOW_10MIN,
	SDR_WINDOW_ALL,
	SDR_WINDOW_COUNT
};

/* What makes a state. Defaults: 3, 2, off, off.
 *
 * Loss is that of the last 45 to 60 s, of targets probed less often than every 2 s that of the last
 * 21 to 28 probes; with fewer than 20 known it is not computed, so that a single loss makes no
 * warning. It is checked with each answer: consecutive losses lead to DOWN instead, and after DOWN
 * it is counted from zero. */
struct sdr_limits {
	unsigned losses;  /* lost in a row, DOWN; over `slow` in a row, SLOW; not sent in a row,
			     UNKNOWN; at least 1 */
	unsigned replies; /* answered in a row, UP again; under 4/5 of `slow` in a row, and of
			     `loss`, no longer SLOW; at least 1 */
	sdr_ns slow;      /* round trips above are slow; 0: none is */
	unsigned loss;    /* percent of recent loss above which a target is SLOW at once; 0: off */
};

/* Returns "up", "SLOW", "DOWN", "new" (UNKNOWN) or "paused". Static. */
const char *sdr_state_word(enum sdr_state state);

/* Figures over one window, which moves in tenths of its length: it holds the last nine tenths and
 * the one that is beginning. Answered (outcome OK) is received, not sent (outcome LOCAL) is
 * neither, all else is lost; late, duplicate and corrupt answers count nowhere. An answer that
 * comes after an ICMP error (AMENDED) takes its place. Times are right to 0.3 % for 10 s and 1 min,
 * within 5 % for 10 min; of SDR_WINDOW_ALL percentiles are within 5 %, the rest is exact. For 10
 * min, minutes are thinned out that have little room: beyond 1,024 targets those whose answers
 * spread over more than about 1 to 4, else those that spread over 1 to thousands, or with many
 * unscheduled probes. Least, longest and p99 stay; p95 and p50 are within 5 % of an answer that is
 * 1 and 3 in a hundred places off at most, and the mean is within 5 % where answers spread over
 * less than 1 to 2,000. Of SDR_WINDOW_ALL percentiles may be so of an answer half a place in a
 * hundred off, once thousands were equally long; and what spreads over more than 1 to 2,100 goes
 * together at one end. Jitter: RFC 3550 sec. 6.4.1, a filter that forgets within some fifty
 * answers; for 10 min it is that of the whole run. Times are SDR_NS_NONE where there is no answer
 * to take them from. */
struct sdr_figures {
	uint64_t sent, received, lost;
	double loss; /* 0..100, NAN if nothing was answered or lost */
	sdr_ns min, avg, max, mdev, jitter, p50, p95, p99;
};

struct sdr_row {
	const struct sdr_target *target;
	enum sdr_state state;
	sdr_wall since;    /* of this state: when the first probe that showed it was sent */
	sdr_ns since_mono; /* the same on the monotonic clock */
	/* Probes since the start or the last reset: transmitted = received + lost + local +
	 * in_flight. */
	uint64_t transmitted, received, lost;
	uint64_t local;     /* could not be sent from here, or this host slept meanwhile */
	uint64_t in_flight; /* not ended yet */
	uint64_t sent;      /* received + lost: those that left and have ended */
	uint64_t late, duplicates, corrupt, foreign; /* counted apart */
	sdr_ns last;                                 /* latest round trip */
	enum sdr_outcome outcome;                    /* latest */
	const char *why;        /* latest, a few words; owned by the model, may be NULL */
	enum sdr_outcome cause; /* of an outage, while it is DOWN: its own evidence, else OK */
	const char *cause_why;  /* the same; owned by the model, may be NULL */
	uint32_t flaps;         /* flaps.h: changes since `flaps_since`; 0: it does not flap */
	sdr_ns flaps_since;     /* on the monotonic clock */
	const struct sdr_sheet *detail; /* latest whole answer; NULL if the type has none */
};

/* One entry of the journal: a changed state, a server's event, a message. The oldest go first. */
#define SDR_EVENT_SUBJECT 64
struct sdr_event {
	sdr_wall when;
	enum sdr_tone tone;
	char subject[SDR_EVENT_SUBJECT]; /* cut in the middle; unsanitised */
	char text[192];                  /* "up -> DOWN after 3 lost probes"; unsanitised */
};

/* A time in which a target was DOWN. */
struct sdr_outage {
	sdr_wall from, to; /* first lost probe sent, first answer that ended it; 0: it goes on */
	sdr_ns lasted;     /* so far, on the monotonic clock */
	char why[120];     /* of its lost probes: "host unreachable"; unsanitised */
};

/* A failure outcome of a target's probes, with its count. */
struct sdr_fault {
	enum sdr_outcome outcome;
	char why[120];  /* beyond the outcome, or ""; unsanitised */
	uint64_t count; /* how often */
	sdr_wall last;  /* when last */
};

/* A minute of the last hour, figures within 5 %. */
struct sdr_minute {
	sdr_ns typical, worst; /* median, longest; SDR_NS_NONE: no answer */
	double loss;           /* 0..100; NAN: nothing was sent */
};

/* A sample of the series: round trip, or one of the marks. */
#define SDR_SAMPLE_LOST ((sdr_ns)-1)
#define SDR_SAMPLE_GAP SDR_NS_NONE /* nothing was sent (paused, suspended, before the start) */

/* Returns a number that grows with any change. */
uint64_t sdr_model_version(const struct sdr_model *model);
/* The same, when targets come, go, change state or group. */
uint64_t sdr_model_order_version(const struct sdr_model *model);
/* The same, when targets come or go. */
uint64_t sdr_model_member_version(const struct sdr_model *model);

/* Returns the id of the target that made the order version `version`, so that callers need not scan
 * all targets; UINT32_MAX if that is older than the 4096 changes kept. */
uint32_t sdr_model_changed(const struct sdr_model *model, uint64_t version);

/* How many targets there are; they are at positions 0..count-1, in order of adding. */
uint32_t sdr_model_count(const struct sdr_model *model);
/* The target at a position; cheap, for iterating over all. */
const struct sdr_target *sdr_model_target(const struct sdr_model *model, uint32_t position);
/* Its state; likewise. */
enum sdr_state sdr_model_state(const struct sdr_model *model, uint32_t position);
/* What is known of it. */
void sdr_model_row(const struct sdr_model *model, uint32_t position, struct sdr_row *row);
/* Its figures over a window up to `now`. */
void sdr_model_figures(const struct sdr_model *model, uint32_t position, enum sdr_window window,
	sdr_ns now, struct sdr_figures *figures);

/* Returns the latest value of a brief field, by its place among the type's; not present for others
 * and before the first result. Owned by the model, until the next result. */
const struct sdr_value *sdr_model_value(
	const struct sdr_model *model, uint32_t position, unsigned field);

/* Writes why a target is SLOW, with the limit: "loss 12 % over 1 min (limit 5)", "p95 842 ms over 1
 * min (limit 500ms)"; "" where it is not. Returns whether it is the answers' time. */
bool sdr_model_slow_reason(
	const struct sdr_model *model, uint32_t position, sdr_ns now, char *out, size_t size);

/* Fills samples[n] with the last n probes, oldest first; GAP: pending, none. Returns how many. */
uint32_t sdr_model_series(
	const struct sdr_model *model, uint32_t position, sdr_ns *samples, uint32_t n);

/* Returns the number of the newest of those: from 1 on, one more with each, gaps as well. */
uint64_t sdr_model_series_number(const struct sdr_model *model, uint32_t position);

/* Fills minutes[n] with the last n minutes up to that of `now`, oldest first. An hour is kept. */
void sdr_model_history(const struct sdr_model *model, uint32_t position, sdr_ns now,
	struct sdr_minute *minutes, uint32_t n);

/* Fill the list with a target's latest outages, newest first, or its faults, one for each outcome;
 * return how many. The last 4096 of all targets are kept. */
uint32_t sdr_model_outages(const struct sdr_model *model, uint32_t position, sdr_ns now,
	struct sdr_outage *outages, uint32_t n);
uint32_t sdr_model_faults(
	const struct sdr_model *model, uint32_t position, struct sdr_fault *faults, uint32_t n);

/* Returns the position of the target with that id, UINT32_MAX if there is none. */
uint32_t sdr_model_position(const struct sdr_model *model, uint32_t id);

/* How many targets are in each state. */
uint32_t sdr_model_tally(const struct sdr_model *model, enum sdr_state state);

/* The journal: 0 is the newest. Returns NULL after the oldest kept. */
const struct sdr_event *sdr_model_event(const struct sdr_model *model, uint32_t back);
uint64_t sdr_model_event_count(const struct sdr_model *model); /* ever */

/* Writes what an event's subject is where that is the text: the text, or cut in the middle. */
void sdr_event_subject(char out[static SDR_EVENT_SUBJECT], const char *text);
void sdr_model_note(struct sdr_model *model, sdr_wall when, enum sdr_tone tone, const char *subject,
	const char *format, ...) SDR_PRINTF(5, 6);

/* Returns a frozen copy to read while the model continues; only targets that are removed are
 * removed from the copy, too. A model has one copy at a time; NULL when out of memory. Ended by
 * sdr_model_thaw before the model is freed; NULL is allowed. */
struct sdr_model *sdr_model_freeze(struct sdr_model *model);
void sdr_model_thaw(struct sdr_model *copy);

/* Changes what makes a state, from now on. */
void sdr_model_set_limits(struct sdr_model *model, const struct sdr_limits *limits);

/* Forgets figures and series of one position, or of all (UINT32_MAX); states stay. */
void sdr_model_reset(struct sdr_model *model, uint32_t position);

#endif
