/* watch_exit.h (internal) - what a target that was watched amounts to as an exit code. */
#ifndef SOUNDER_JOB_WATCH_EXIT_H
#define SOUNDER_JOB_WATCH_EXIT_H

#include "report/report.h"
#include "sounder/request.h"

/* The exit code of a target's probes, as in iputils: no reply is 1, and so are fewer than `wanted`
 * (0: any) at the deadline; a probe that could not leave is 2. --until (whether it was `reached`)
 * and --fail-over have rules of their own, and so has fping. */
enum sdr_exit sdr_watch_exit(const struct sdr_watch *watch, const struct sdr_tally *tally,
	bool reached, uint64_t wanted);

#endif
