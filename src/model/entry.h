/* entry.h (internal) - all that the model knows of one target. */
#ifndef SOUNDER_MODEL_ENTRY_H
#define SOUNDER_MODEL_ENTRY_H

#include "model/series.h"
#include "model/state.h"

/* What only some types have; allocated with the entry where they do. */
struct sdr_extras {
	char *texts[SDR_FIELDS_MAX]; /* latest text of each TEXT field, owned; or NULL */
	struct sdr_sheet *detail;    /* latest, owned; or NULL */
	struct sdr_value values[];   /* [type->field_count]; their texts are those above */
};

struct sdr_entry {
	const struct sdr_target *target;                    /* the engine's */
	struct sdr_extras *extras;                          /* owned; NULL where the type declares no fields and no detail has come */
	char *why;                                          /* latest, owned; NULL if there is none */
	struct sdr_stats all;                               /* since the start or the last reset */
	struct sdr_sketch sketch;                           /* likewise */
	struct sdr_series series;                           /* recent past */
	struct sdr_health health;                           /* state and rows */
	uint8_t outcome;                                    /* latest, enum sdr_outcome */
	uint64_t received, lost;                            /* ever, or since the last reset */
	uint32_t late, duplicates, corrupt, foreign, local; /* likewise */
	sdr_ns last;                                        /* latest round trip, or SDR_NS_NONE */
	uint64_t answered;                                  /* highest sequence answered: older losses say nothing about now */
	sdr_ns row_start;                                   /* when the first probe of the present row (of losses, of answers) was sent */
	sdr_ns since_mono;                                  /* of the state */
	sdr_wall since;                                     /* likewise */
	uint64_t shift;                                     /* a probe's slot is its sequence plus this many gap slots */
	sdr_ns gap_at;                                      /* when the latest gap began; probes sent before it lie before it */
	uint32_t gap;                                       /* its slots */
};

/* Returns an entry for the target, or NULL when out of memory. */
struct sdr_entry *sdr_entry_new(const struct sdr_target *target);
void sdr_entry_free(struct sdr_entry *entry); /* NULL is allowed */

/* Keeps what the result says beyond numbers. Allocates only where a text is new. */
void sdr_entry_keep(struct sdr_entry *entry, const struct sdr_result *result);

/* Counts the end of a probe, and puts it into the series, where `slept` is what the machine had slept in all when it was sent. */
void sdr_entry_count(struct sdr_entry *entry, const struct sdr_result *result, enum sdr_evidence evidence, sdr_ns slept);

/* Leaves a gap of that length, begun at `at`. */
void sdr_entry_gap(struct sdr_entry *entry, sdr_ns at, sdr_ns length);

/* Forgets figures and series. */
void sdr_entry_reset(struct sdr_entry *entry);

#endif
