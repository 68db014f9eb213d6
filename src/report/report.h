/* report.h (internal) - prints answers as text, JSON lines or CSV. A format is a table of
 * functions; the shell's front picks one. */
#ifndef SOUNDER_REPORT_REPORT_H
#define SOUNDER_REPORT_REPORT_H

#include "sounder/model.h"
#include "sounder/out.h"
#include "sounder/service.h"
#include "sounder/sheet.h"

struct sdr_report_format;

/* Where answers go, and how. */
struct sdr_report {
	const struct sdr_report_format *format;
	struct sdr_out *out; /* borrowed */
	bool stamps;         /* wall time before each probe's line (-D) */
	bool single;         /* each target is asked once: its detail is part of the line */
	bool bare;           /* only the detail is printed, without a line about the probe */
	struct sdr_out *err; /* where fping writes its summaries; borrowed */
	bool all_times;      /* every round trip is in fping's summary (-C) */
	bool quiet;          /* fping: summaries only */
	size_t width;        /* fping: of the longest target */
	uint32_t row; /* fping: which of its targets a call is about, 0 and up: an id may be given
			 to another later */
	struct fping *fping;   /* fping's own notes; owned, see sdr_report_done */
	unsigned columns;      /* CSV: of the head of sheets */
	const char *rows_list; /* CSV: the key of the list that gave rows there; or NULL */
	uint64_t rows; /* objects printed so far: CSV heads the first, text sets the next off by a
			  blank line */
};

#define SDR_REPORT_OUTAGES 100

/* What is known of a target beyond its totals; see sounder/model.h. */
struct sdr_report_record {
	struct sdr_figures windows[SDR_WINDOW_COUNT];  /* by enum sdr_window, at the end */
	struct sdr_outage outages[SDR_REPORT_OUTAGES]; /* [outage_count] the latest, newest first */
	uint32_t outage_count;
};

/* The verbs of a format. Each prints whole lines. */
struct sdr_report_format {
	void (*sheet)(struct sdr_report *report, const struct sdr_item *root);
	void (*header)(struct sdr_report *report, const struct sdr_target *target);
	void (*probe)(struct sdr_report *report, const struct sdr_target *target,
		const struct sdr_result *result);
	void (*note)(struct sdr_report *report, const struct sdr_target *target,
		const struct sdr_result *result); /* unprinted; may be NULL */
	void (*summary)(struct sdr_report *report, const struct sdr_target *target,
		const struct sdr_totals *totals,
		const struct sdr_report_record *record); /* record: may be NULL */
	void (*event)(struct sdr_report *report, const struct sdr_service_event *event);
	void (*counters)(struct sdr_report *report, const struct sdr_service_view *view);
};

extern const struct sdr_report_format sdr_report_text; /* text */
extern const struct sdr_report_format sdr_report_json; /* one object a line, flushed */
extern const struct sdr_report_format sdr_report_csv;  /* RFC 4180, formulas disarmed */

extern const struct sdr_report_format
	sdr_report_fping; /* fping's lines and summaries; JSON's for what is no probe */

/* Frees what a format has noted. */
void sdr_report_done(struct sdr_report *report);

/* Writes a tree of `root`'s children as text, indented by `indent` cells. */
void sdr_text_report_tree(struct sdr_out *out, const struct sdr_item *root, int indent);

/* A word for the kind of a result: "probe", "late", "duplicate", "corrupt". */
const char *sdr_report_kind_word(enum sdr_result_kind kind);

/* Writes wall time as RFC 3339 in UTC with microseconds. Returns `out`. */
const char *sdr_report_time(char out[static SDR_WALL_TEXT], sdr_wall when);

/* Percent of probes lost among those that left this host and whose result is known; NAN if there
 * are none. */
double sdr_report_loss(const struct sdr_totals *totals);

/* Percent of all probes that could not leave this host; NAN if there were no probes. */
double sdr_report_unsent(const struct sdr_totals *totals);

/* ---- totals of a target's probes ---- */

/* Exact sums, so that nothing drifts: 2^63 probes of hours each fit. */
struct sdr_tally {
	uint64_t received, lost, local; /* probes that have ended: see struct sdr_totals */
	uint64_t duplicates, late, corrupt, errors;
	struct sdr_tally_times {
		uint64_t count;
		sdr_ns min, max;
		sdr_ns ewma8; /* eight times the moving average that a new one enters by an eighth,
				 as iputils keeps it */
		__int128 sum; /* ns */
		unsigned __int128 sum2; /* ns^2 */
	} answers, all;                 /* of answers; and with duplicates, as iputils has it */
	sdr_ns first, last;             /* monotonic: first and latest probe sent; 0 before */
};

/* Takes one result in. */
void sdr_tally_add(struct sdr_tally *tally, const struct sdr_result *result);

/* Returns how many probes have ended. */
uint64_t sdr_tally_ended(const struct sdr_tally *tally);

/* Returns the totals of the `begun` probes so far; `with_duplicates` for text as iputils prints
 * it. */
void sdr_tally_totals(const struct sdr_tally *tally, uint64_t begun, bool with_duplicates,
	sdr_ns now, struct sdr_totals *totals);

/* Prints a path as mtr --report does; `start` is when its first probe left. */
void sdr_path_report(
	struct sdr_out *out, const struct sdr_target *target, bool wide, sdr_wall start);

#endif
