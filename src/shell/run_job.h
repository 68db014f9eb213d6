/* run_job.h (internal) - a job under way in the shell, and how a sweep is printed. */
#ifndef SOUNDER_SHELL_RUN_JOB_H
#define SOUNDER_SHELL_RUN_JOB_H

#include "shell/shell.h"
#include "shell/stops.h"

struct job_run {
	struct shell_run *run;
	struct sdr_job *job; /* NULL once it is over */
	sdr_ns begun;
	size_t alive;                 /* hosts of a sweep */
	struct sdr_progress progress; /* at its end */
	struct shell_stops stops;
};

#endif
