/* probe.h - what is asked (a spec), what comes back (a result), and what a probe type declares
 * about its results.
 *
 * Results describe themselves: columns, JSON keys and CSV follow from `fields`, with no edit
 * elsewhere. A bad answer (time-out, NXDOMAIN, refused, 503) is an outcome, never an error. */
#ifndef SOUNDER_PROBE_H
#define SOUNDER_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/addr.h"
#include "sounder/clock.h"
#include "sounder/out.h"
#include "sounder/outcome.h"
#include "sounder/sheet.h"
#include "sounder/spec.h"

#define SDR_FIELDS_MAX 12

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
	SDR_RESULT_PENDING, /* no answer yet as the next probe leaves; only with ping.late_notice */
};

struct sdr_attempt;
struct sdr_target;
struct sdr_probe_type;

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
	struct sdr_value values[SDR_FIELDS_MAX]; /* by the type's `fields` */
	const struct sdr_attempt *attempts;      /* [attempt_count]: the tries of this probe's
						    connection, for JSON; NULL: none are kept */
	unsigned attempt_count;
	const struct sdr_sheet *detail; /* the whole answer (headers, records), or NULL; its keys
					   join the JSON line of a single question */
};

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

/* The type's own text on stdout; each may be NULL, then report's general form is used. */
struct sdr_probe_text {
	void (*header)(struct sdr_out *, const struct sdr_target *);
	void (*line)(struct sdr_out *, const struct sdr_target *, const struct sdr_result *);
	void (*summary)(struct sdr_out *, const struct sdr_target *, const struct sdr_totals *);
	void (*status)(struct sdr_out *, const struct sdr_target *,
		const struct sdr_totals *); /* SIGQUIT's one line */
};

/* What a type may notice beside the one answer to a probe. */
enum sdr_count { SDR_COUNT_DUPLICATES = 1, SDR_COUNT_LATE = 2, SDR_COUNT_CORRUPT = 4 };

/* The public part of a probe type. */
struct sdr_probe_type {
	const char *name;     /* "ping": the row's kind, the JSON key `probe` */
	const char *label;    /* "icmp": as the overview shows it */
	const char *sentence; /* for help and the manual */
	const struct sdr_field *fields;
	unsigned field_count; /* 0..SDR_FIELDS_MAX */
	unsigned counts; /* enum sdr_count bits: what is counted beside the answers; the rest can't
			    be known and is shown as unknown */
	uint16_t default_port; /* of its targets, where none is typed; 0: one must be, or none is
				  needed */
	bool by_address; /* the engine resolves the name first; else the type does what it wants
			    with it */
	bool by_names;   /* the same, and it connects to the first of the name's addresses that
			    answers: see sdr_target_addresses */
	sdr_ns default_interval, default_timeout;
	struct sdr_probe_text text;
};

/* Returns a probe type by its position in the table (probes.def): NULL past the end. Static. */
const struct sdr_probe_type *sdr_probe_at(unsigned index);

/* Returns the probe type of that name; NULL if absent. Static. */
const struct sdr_probe_type *sdr_probe_find(const char *name);

#endif
