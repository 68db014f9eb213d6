/* sweep_report.h (internal) - which hosts are alive, a line each. */
#ifndef SOUNDER_SHELL_SWEEP_REPORT_H
#define SOUNDER_SHELL_SWEEP_REPORT_H

#include "shell/run.h"

/* Has the sink of a sweep's job print. */
void sdr_sweep_report_open(struct job_run *r, struct sdr_job_sink *sink);

/* Prints how many answered, and how fast it went, on stderr. */
void sdr_sweep_report_total(const struct job_run *r);

#endif
