/* text_sink.h (internal) - text that a filter lets pass, on stdout. */
#ifndef SOUNDER_SHELL_TEXT_SINK_H
#define SOUNDER_SHELL_TEXT_SINK_H

#include "shell/run.h"

/* Has the sink of a filter's job print. ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_text_sink_open(struct job_run *r, struct sdr_job_sink *sink);

/* Writes what was gathered; NULL is allowed. */
void sdr_text_sink_flush(struct text_sink *text);
void sdr_text_sink_close(struct job_run *r);

#endif
