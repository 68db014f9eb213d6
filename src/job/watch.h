/* watch.h (internal) - the job that probes targets until each is done, or it is stopped. */
#ifndef SOUNDER_JOB_WATCH_H
#define SOUNDER_JOB_WATCH_H

#include "job/procedure.h"

extern const struct procedure sdr_job_watch;

#endif
