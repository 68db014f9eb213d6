/* csv_summary.h (internal) - the columns that a summary has beyond those of a probe. */
#ifndef SOUNDER_REPORT_CSV_SUMMARY_H
#define SOUNDER_REPORT_CSV_SUMMARY_H

#include "report/csv_row.h"
#include "report/report.h"

void sdr_csv_summary_heads(struct csv_row *row);
void sdr_csv_summary_cells(struct csv_row *row, const struct sdr_target *target,
	const struct sdr_totals *totals, const struct sdr_report_record *record);

/* As many empty cells, for the row of a probe. */
void sdr_csv_summary_none(struct csv_row *row);

#endif
