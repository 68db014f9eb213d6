/* mtr_text.h (internal) - what mtr 0.95 prints with --report, to the byte: for those whose programs
 * read it. */
#ifndef SOUNDER_REPORT_MTR_TEXT_H
#define SOUNDER_REPORT_MTR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "sounder/clock.h"
#include "sounder/out.h"

/* An address of a hop. */
struct sdr_mtr_host {
	const char *text; /* address, name, or "name (address)" as mtr -b has it */
	const char *as;   /* "AS64500"; NULL where it is not known */
};

struct sdr_mtr_row {
	unsigned hop;
	const struct sdr_mtr_host *hosts; /* [host_count] each once; the others stand below */
	size_t host_count;                /* 0: nothing ever answered */
	double loss;                      /* percent */
	uint64_t sent;
	/* SDR_NS_NONE is printed as 0.0. mtr's deviation is of the sample: over n - 1. */
	sdr_ns last, average, best, worst, deviation;
};

struct sdr_mtr_report {
	const char *host; /* the name of this host */
	time_t start;     /* printed in local time */
	bool wide;        /* -w: no name is cut */
	bool as;          /* -z */
	const struct sdr_mtr_row *rows;
	size_t count;
};

/* Prints it, cleaned. A failure is in out->failed. */
void sdr_mtr_text(struct sdr_out *out, const struct sdr_mtr_report *report);

#endif
