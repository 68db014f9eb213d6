/* once.h (internal) - the job that probes each target as often as its count asks, once by
 * default. */
#ifndef SOUNDER_JOB_ONCE_H
#define SOUNDER_JOB_ONCE_H

#include "job/procedure.h"

extern const struct procedure sdr_job_once;

#endif
