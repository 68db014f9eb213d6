/* result.h - what comes back from a probe: its outcome, its time, and values by the fields that its
 * type declares.
 *
 * A bad answer (time-out, NXDOMAIN, refused, 503) is an outcome, never an error. */
#ifndef SOUNDER_RESULT_H
#define SOUNDER_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/clock.h"
#include "sounder/outcome.h"
#include "sounder/sheet.h"

struct sdr_attempt;

enum sdr_field_kind {
	SDR_FIELD_INTEGER,
	SDR_FIELD_DURATION,
	SDR_FIELD_TEXT,
	SDR_FIELD_BOOLEAN,
	SDR_FIELD_ADDRESS
};

/* One typed field of a result, declared once by the probe type. */
struct sdr_field {
	const char *name;  /* snake_case: the JSON key and CSV column; *_seconds for a duration */
	const char *label; /* column head, e.g. "First byte" */
	const char *unit;  /* "ms", "bytes", or NULL */
	const char *sentence; /* for help and the manual */
	enum sdr_field_kind kind;
	/* Shown where there is room for a few words only, as on the overview; no ADDRESS. */
	bool brief;
};

/* A field's value: by its kind one of these. What is pointed to is borrowed and valid during the
 * callback. */
struct sdr_value {
	bool present;
	union {
		int64_t number;              /* INTEGER, DURATION in ns, BOOLEAN */
		const char *text;            /* TEXT */
		const struct sdr_addr *addr; /* ADDRESS */
	};
};

/* What a result reports. Every probe started yields exactly one ANSWER; the others are extra and
 * change no loss figure, except AMENDED, which turns a loss into an answer. */
enum sdr_result_kind {
	SDR_RESULT_ANSWER,
	SDR_RESULT_LATE,      /* the answer to a probe already counted as timed out */
	SDR_RESULT_DUPLICATE, /* one more answer to an answered probe */
	SDR_RESULT_AMENDED, /* the answer, after all, to a probe whose ANSWER was an ICMP error: it
			       is received, and no longer lost */
	SDR_RESULT_FURTHER, /* the first answer of one more host to a probe that went to many (ping
			       -b) */
	SDR_RESULT_CORRUPT, /* ours, but damaged */
	SDR_RESULT_FOREIGN, /* not ours */
	SDR_RESULT_EVENT,   /* no answer, but what happened: `why` ("path changed at hop 4");
			       outcome LOCAL: something could not be looked at, so all is not known
			       */
	SDR_RESULT_PENDING, /* no answer yet as the next probe leaves; only with ping.late_notice */
};

/* One result; valid, with all it points to, only during the callback. */
struct sdr_result {
	enum sdr_result_kind kind;
	enum sdr_outcome outcome;
	uint64_t sequence; /* per target, from 1 */
	sdr_ns sent;       /* monotonic; when the probe began */
	sdr_wall when;     /* wall time of `sent`, a label */
	sdr_ns rtt;        /* round trip or total time; SDR_NS_NONE if there was no answer */
	struct sdr_endpoint
		from;    /* sender of the answer (the router, for an ICMP error); version 0 if
			    none */
	const char *why; /* a few words beyond the outcome ("host unreachable (type 3 code 1)"), or
			    NULL */
	const struct sdr_value *values; /* [value_count] of the type's `fields`; those past it, or
					   all where NULL, are not known */
	unsigned value_count;
	unsigned attempt_count;
	const struct sdr_attempt *attempts; /* [attempt_count]: the tries of this probe's
					       connection, for JSON; NULL: none are kept */
	const struct sdr_sheet *detail; /* the whole answer (headers, records), or NULL; its keys
					   join the JSON line of a single question */
};

/* Returns a field's value, by its place among the type's; not present where it is not known. */
static inline const struct sdr_value *sdr_result_value(
	const struct sdr_result *result, unsigned field)
{
	static const struct sdr_value unknown = {0};
	return result->values && field < result->value_count ? &result->values[field] : &unknown;
}

/* Totals of a target's probes, for the summary. */
struct sdr_totals {
	uint64_t transmitted; /* all probes that were begun: received + lost + local + in_flight */
	uint64_t received, lost;
	uint64_t local;     /* could not leave this host */
	uint64_t in_flight; /* neither answered nor timed out yet */
	uint64_t duplicates, late, corrupt;
	uint64_t errors; /* ICMP errors and the like that ended a probe, as iputils counts them:
			    among the lost */
	sdr_ns rtt_min, rtt_avg, rtt_max, rtt_mdev,
		rtt_ewma; /* SDR_NS_NONE without an answer; with duplicates as iputils has it */
	sdr_ns elapsed;   /* first probe sent to now */
};

#endif
