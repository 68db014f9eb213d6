/* entry.h (internal) - all that the model knows of one target. */
#ifndef SOUNDER_MODEL_ENTRY_H
#define SOUNDER_MODEL_ENTRY_H

#include "model/past.h"
#include "model/series.h"
#include "model/state.h"

/* The latest value of a brief field. */
struct sdr_kept {
	struct sdr_value value; /* its text is the one below */
	char *text;             /* owned; or NULL */
};

/* What only some types have; allocated with the entry where they do. */
struct sdr_extras {
	struct sdr_sheet *detail; /* latest, owned; or NULL */
	struct sdr_kept kept[];   /* [brief fields of the type] */
};

/* What only happens to some; allocated when it does. */
struct sdr_oddities {
	uint32_t late, duplicates, corrupt, foreign, local; /* ever, or since the last reset */
	uint32_t gap;                                       /* slots of the latest gap */
	sdr_ns gap_at;                                      /* when it began; probes sent before it lie before it */
	uint64_t shift;                                     /* a probe's slot is its sequence plus this many gap slots */
};

struct sdr_entry {
	const struct sdr_target *target; /* the engine's */
	struct sdr_extras *extras;       /* owned; NULL where the type declares no brief fields and no detail has come */
	struct sdr_oddities *oddities;   /* owned; NULL: none so far */
	char *why;                       /* latest, owned; NULL if there is none */
	uint32_t position;               /* in the model's order */
	uint32_t serial;                 /* never given twice: what outages and errors know it by */
	struct sdr_stats all;            /* since the start or the last reset; its count is of the answers */
	struct sdr_sketch sketch;        /* likewise */
	struct sdr_series series;        /* recent past, probe by probe */
	struct sdr_past past;            /* the last hour */
	struct sdr_health health;        /* state and rows */
	uint8_t outcome;                 /* latest, enum sdr_outcome */
	bool told_cut;                   /* that its name has too many addresses */
	uint64_t lost;                   /* ever, or since the last reset */
	sdr_ns last;                     /* latest round trip, or SDR_NS_NONE */
	uint64_t answered;               /* highest sequence answered: older losses say nothing about now */
	sdr_ns row_start;                /* when the first probe of the present row (of losses, of answers) was sent */
	sdr_ns since_mono;               /* of the state */
	sdr_wall since;                  /* likewise */
};

/* Returns an entry for the target whose series reaches so far back, or NULL when out of memory. */
struct sdr_entry *sdr_entry_new(const struct sdr_target *target, sdr_ns time);
void sdr_entry_free(struct sdr_entry *entry); /* NULL is allowed */

/* Returns a copy with memory of its own, or NULL when out of memory. */
struct sdr_entry *sdr_entry_copy(const struct sdr_entry *entry);

/* Keeps what the result says beyond numbers. Allocates only where a text is new. */
void sdr_entry_keep(struct sdr_entry *entry, const struct sdr_result *result);

/* Counts the end of a probe, and puts it into the series, where `slept` is what the machine had slept in all when it was sent. */
void sdr_entry_count(struct sdr_entry *entry, const struct sdr_result *result, enum sdr_evidence evidence, sdr_ns slept);

/* Returns what happened apart, to be changed; NULL when out of memory. */
struct sdr_oddities *sdr_entry_oddities(struct sdr_entry *entry);

/* Leaves a gap of that length, begun at `at`. */
void sdr_entry_gap(struct sdr_entry *entry, sdr_ns at, sdr_ns length);

/* Makes room for the target's present interval. ENOMEM: history stays short. */
SDR_MUST_CHECK enum sdr_status sdr_entry_fit(struct sdr_entry *entry, sdr_ns time);

/* Fills values[SDR_FIELDS_MAX] with the latest brief ones. */
void sdr_entry_values(const struct sdr_entry *entry, struct sdr_value *values);

/* Forgets figures and series. */
void sdr_entry_reset(struct sdr_entry *entry);

#endif
