/* job_rows.h - what a job's probes came to, as objects to show. */
#ifndef SOUNDER_UI_JOB_ROWS_H
#define SOUNDER_UI_JOB_ROWS_H

#include "sounder/engine.h"
#include "sounder/request.h"
#include "sounder/sheet.h"

/* Each returns an object that the caller frees; NULL: out of memory. */

/* Of a result without a detail of its own: what came of it, and the fields that the type
 * declares. */
struct sdr_sheet *ui_row_of_result(
	const struct sdr_target *target, const struct sdr_result *result);

/* Of a host that is alive. */
struct sdr_sheet *ui_row_of_alive(const struct sdr_target *target, const struct sdr_result *result);

/* Of a target that was probed repeatedly; `reached`: it is what --until waits for. */
struct sdr_sheet *ui_row_of_totals(const struct sdr_watch *watch, const struct sdr_target *target,
	const struct sdr_totals *totals, bool reached);

#endif
