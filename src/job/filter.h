/* filter.h (internal) - the job that has text pass through. */
#ifndef SOUNDER_JOB_FILTER_H
#define SOUNDER_JOB_FILTER_H

#include "job/procedure.h"

extern const struct procedure sdr_job_filter;

#endif
