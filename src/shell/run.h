/* run.h (internal) - a job under way in the shell, and who prints what comes of it. */
#ifndef SOUNDER_SHELL_RUN_H
#define SOUNDER_SHELL_RUN_H

#include "shell/shell.h"
#include "shell/stops.h"

struct probe_report;
struct text_sink;

struct job_run {
	struct shell_run *run;
	struct sdr_job *job; /* NULL once it is over */
	sdr_ns begun;
	struct sdr_progress progress; /* at its end */
	size_t alive;                 /* hosts of a sweep */
	struct probe_report *probes;  /* owned; NULL: it watches nothing */
	struct text_sink *text;       /* owned; NULL: it filters nothing */
	struct shell_stops stops;
	uv_prepare_t before_wait;
};

/* Runs the request's job to its end; the exit code is run->exit. */
void sdr_shell_run_job(struct shell_run *run);

#endif
