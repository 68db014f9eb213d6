/* servers.h (internal) - the job that runs servers until it is stopped. */
#ifndef SOUNDER_JOB_SERVERS_H
#define SOUNDER_JOB_SERVERS_H

#include "job/procedure.h"

extern const struct procedure sdr_job_servers;

#endif
