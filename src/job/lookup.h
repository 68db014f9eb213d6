/* lookup.h (internal) - the job that asks: once, or once a word. */
#ifndef SOUNDER_JOB_LOOKUP_H
#define SOUNDER_JOB_LOOKUP_H

#include "job/procedure.h"

extern const struct procedure sdr_job_lookup;

#endif
