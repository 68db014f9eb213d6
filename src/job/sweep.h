/* sweep.h (internal) - the job that finds which of many hosts are alive. */
#ifndef SOUNDER_JOB_SWEEP_H
#define SOUNDER_JOB_SWEEP_H

#include "job/procedure.h"

extern const struct procedure sdr_job_sweep;

#endif
