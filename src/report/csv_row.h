/* csv_row.h (internal) - a row of comma-separated values, cell by cell. What is not known is an
 * empty cell. */
#ifndef SOUNDER_REPORT_CSV_ROW_H
#define SOUNDER_REPORT_CSV_ROW_H

#include "sounder/addr.h"
#include "sounder/clock.h"
#include "sounder/out.h"

/* A row being written; sdr_out_end ends it. */
struct csv_row {
	struct sdr_out *out;
	unsigned cells; /* so far */
};

/* A text may be NULL. A cell that there is no memory for ends the output: an empty one would be
 * another answer. */
void sdr_csv_text(struct csv_row *row, const char *bytes, size_t length);
void sdr_csv_word(struct csv_row *row, const char *word);
void sdr_csv_integer(struct csv_row *row, int64_t value);
void sdr_csv_real(struct csv_row *row, double value);    /* NAN: not known */
void sdr_csv_seconds(struct csv_row *row, sdr_ns value); /* SDR_NS_NONE: not known */
void sdr_csv_address(struct csv_row *row, const struct sdr_addr *addr);

#endif
