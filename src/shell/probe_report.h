/* probe_report.h (internal) - targets that are watched, on stdout: headers, a line a probe,
 * summaries. */
#ifndef SOUNDER_SHELL_PROBE_REPORT_H
#define SOUNDER_SHELL_PROBE_REPORT_H

#include "shell/run.h"

/* Has the sink of a watch's job print. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_probe_report_open(struct job_run *r, struct sdr_job_sink *sink);

/* Prints a line about each target, on stderr. */
void sdr_probe_report_status(struct job_run *r);
void sdr_probe_report_close(struct job_run *r);

#endif
