/* entry.h (internal) - all that the model knows of one target. */
#ifndef SOUNDER_MODEL_ENTRY_H
#define SOUNDER_MODEL_ENTRY_H

#include "model/day.h"
#include "model/flaps.h"
#include "model/history.h"
#include "model/state.h"
#include "sounder/groups.h"

#define SDR_SET_SLOT_MAX 0xFFFFFF /* more than there are targets */

/* The latest value of a brief field. */
struct sdr_kept {
	struct sdr_value value; /* its text is the one below */
	char *text;             /* owned; or NULL */
};

/* What only some have; allocated with the entry where its type has brief fields, else when it is
 * first needed. */
struct sdr_extras {
	struct sdr_sheet *detail; /* latest, owned; or NULL */
	sdr_ns gap_at;            /* when the latest gap began: probes sent before lie before it; or
				     SDR_NS_NONE */
	uint64_t shift;           /* a probe's slot is its sequence plus this many gap slots */
	uint32_t gap;             /* slots of the latest gap */
	char *cause; /* of the present outage or row of losses, where entry->why is not it; owned;
			NULL if there is none */
	uint64_t before;  /* probes that had ended at the last reset */
	uint64_t carried; /* probes that had ended before the target began: of one whose place it
			     took */
	uint64_t local;   /* probes that could not be sent, or were in flight while this host slept,
			    since then */
	uint32_t late, duplicates, corrupt, foreign; /* results, since then */
	struct sdr_flaps flaps;
	struct sdr_day
		*day; /* what its last day was before the present state; owned; NULL: it is in
				its first */
	struct sdr_kept kept[]; /* [brief fields of the type] */
};

struct sdr_entry {
	const struct sdr_target *target; /* held; a copy's own copy */
	char *why;                       /* latest, owned; NULL if there is none */
	struct sdr_extras *extras;       /* owned; or NULL */
	uint64_t lost;                   /* probes, ever or since the last reset */
	struct sdr_stats
		all; /* of answers since the start or the last reset; its count is theirs */
	struct sdr_sketch sketch; /* likewise */
	uint64_t answered; /* highest sequence answered: older losses are irrelevant for the present
			      state */
	sdr_ns last;       /* latest round trip, or SDR_NS_NONE */
	sdr_ns row_start;  /* when the first probe of the present row (of losses, of answers) was
			      sent */
	sdr_ns since_mono; /* of the state */
	sdr_wall since;    /* likewise */
	uint32_t position; /* in the model's order */
	uint32_t serial;   /* never given twice: what outages and errors know it by */
	struct sdr_health health;  /* state and rows */
	uint8_t outcome;           /* latest, enum sdr_outcome */
	uint8_t cause_outcome;     /* of the present outage or row of losses */
	bool reported_notice : 1;  /* what is not right with its set */
	bool reported_missing : 1; /* one address family could not be resolved, as already
				      reported */
	bool why_is_cause : 1;     /* `why` is that of the outage, too */
	uint32_t set_slot : 24;    /* sets.h: where its set is counted, from 1; 0: nowhere */
	uint32_t group;            /* groups.h: its number, or SDR_GROUP_NONE */
	struct sdr_series series; /* recent probes, and the last hour; last member, since its memory
			   follows */
};

/* Returns an entry for the target whose series reaches so far back, or NULL when out of memory. */
struct sdr_entry *sdr_entry_new(const struct sdr_target *target, sdr_ns time);
void sdr_entry_free(struct sdr_entry *entry); /* NULL is allowed */

/* Returns a copy with memory of its own, the target's too, or NULL when out of memory. */
struct sdr_entry *sdr_entry_copy(const struct sdr_entry *entry);

/* Keeps the texts of a result. Allocates only where a text is new. */
void sdr_entry_keep(struct sdr_entry *entry, const struct sdr_result *result);

/* Takes the cause from a lost probe, after sdr_entry_keep: the latest that is more specific than a
 * time-out. `begins`: the known cause is of another outage. Returns whether the cause changed. */
bool sdr_entry_set_cause(
	struct sdr_entry *entry, enum sdr_outcome outcome, const char *why, bool begins);

/* Counts a probe that is no evidence about the target. */
void sdr_entry_count_local(struct sdr_entry *entry);

/* The cause of the present outage, or row of losses; NULL: only its outcome is known. */
const char *sdr_entry_cause(const struct sdr_entry *entry);

/* Counts the answer to a probe that has been counted as lost. */
void sdr_entry_amend(struct sdr_entry *entry, const struct sdr_result *result, sdr_ns slept);

/* Counts the end of a probe, and puts it into the series, where `slept` is what the machine had
 * slept in all when it was sent. */
void sdr_entry_count(struct sdr_entry *entry, const struct sdr_result *result,
	enum sdr_evidence evidence, sdr_ns slept);

/* Returns what only some have, to be changed; NULL when out of memory. */
struct sdr_extras *sdr_entry_extras(struct sdr_entry *entry);

/* Leaves a gap of that length, begun at `at`. */
void sdr_entry_gap(struct sdr_entry *entry, sdr_ns at, sdr_ns length);

/* Counts the last day on: until then the target was in that state, since its day was last counted,
 * or since entry->since_mono. `ahead`: what the clock that never stands still is ahead of the
 * monotonic one, which `until` is of. To be called before another state begins. */
void sdr_entry_count_day(struct sdr_entry *entry, enum sdr_state state, sdr_ns until, sdr_ns ahead);

/* As sdr_model_day. */
sdr_ns sdr_entry_day(const struct sdr_entry *entry, sdr_ns now, sdr_ns ahead,
	double shares[static SDR_DAY_CELLS]);

/* Makes room for the target's present interval: the entry may move. ENOMEM: history stays short. */
SDR_MUST_CHECK enum sdr_status sdr_entry_fit(struct sdr_entry **entry, sdr_ns time);

/* Returns the latest value of a brief field, by its place among the type's; not present for others.
 * Until the next result. */
const struct sdr_value *sdr_entry_value(const struct sdr_entry *entry, unsigned field);

/* Forgets figures and series. */
void sdr_entry_reset(struct sdr_entry *entry);

/* The loss window of a target: a minute, or the time of 28 probes if it is probed less often. */
sdr_ns sdr_model_loss_window(const struct sdr_entry *entry);

#endif
