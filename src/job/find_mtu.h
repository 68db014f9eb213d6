/* find_mtu.h (internal) - the job that finds the largest packet that gets through. */
#ifndef SOUNDER_JOB_FIND_MTU_H
#define SOUNDER_JOB_FIND_MTU_H

#include "job/procedure.h"

extern const struct procedure sdr_job_find_mtu;

#endif
