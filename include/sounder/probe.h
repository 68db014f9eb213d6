/* probe.h - what a probe type declares about itself: its options, the fields of its results, how
 * often it probes. Columns, JSON keys and CSV follow from `fields`, with no edit elsewhere. */
#ifndef SOUNDER_PROBE_H
#define SOUNDER_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/clock.h"
#include "sounder/option.h"
#include "sounder/out.h"
#include "sounder/result.h"
#include "sounder/spec.h"

struct sdr_target;

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

#define SDR_OPTIONS_SIZE_MAX 512
#define SDR_SUMMARY_FIELDS_MAX 16

/* The public part of a probe type. */
struct sdr_probe_type {
	const char *name;     /* "ping": the row's kind, the JSON key `probe` */
	const char *label;    /* "icmp": as the overview shows it */
	const char *sentence; /* for help and the manual */
	const char *panel;    /* name of the one that lists its targets; NULL: the overview alone */
	const struct sdr_field *fields;
	unsigned field_count;
	const struct sdr_field *summary_fields; /* what it sums up beside the totals, or NULL */
	unsigned summary_field_count;           /* at most SDR_SUMMARY_FIELDS_MAX */
	/* What the members of the set are that it drives, "hops"; NULL: it drives none. */
	const char *members;
	/* Members are but parts of the leader: their losses are no failures (a router need not
	 * answer), and the leader's summary has them. */
	bool parts;
	/* Its own options: a struct that sdr_spec.options points to. The spec of a
	 * target of the engine always has one: zeroes and the table's defaults where none was
	 * given. */
	size_t options_size;              /* 0: there are none; at most SDR_OPTIONS_SIZE_MAX */
	const struct sdr_option *options; /* those that a command line gives: each has a `place`;
					     ended by a NULL name; or NULL */
	/* SDR_PLACE of further members that are texts, and lists of texts; ended by 0; or NULL.
	 * What neither names holds no pointer that needs copying. */
	const unsigned *texts, *lists;
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
