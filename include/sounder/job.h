/* job.h - work that a command starts and that takes time: it runs on the loop without holding it
 * up, reports how far it is, can be cancelled, and ends once.
 *
 * A front (shell, dashboard) makes a request of a command line and starts a job of it; what the
 * job finds comes to the front's sink. Targets that a job probes belong to it: they are not
 * watched, and no model knows them. What goes on until it is stopped (targets that are watched,
 * servers) and what is answered at once is no job. */
#ifndef SOUNDER_JOB_H
#define SOUNDER_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/engine.h"
#include "sounder/request.h"
#include "sounder/status.h"

struct sdr_call;
struct sdr_job;

/* How far a job is. */
struct sdr_progress {
	uint64_t done, total; /* total 0: nobody knows */
	const char *what;     /* what is counted: "hosts"; static */
};

/* Where a job's findings go. Callbacks come from the loop only, never before sdr_job_start returns,
 * and none after `done`. All may be NULL but `done`. They may cancel the job, but not drop
 * it. */
struct sdr_job_sink {
	void *context;
	/* One object of the answer; borrowed for the call. */
	void (*sheet)(void *context, const struct sdr_sheet *sheet);
	void (*target)(void *context, const struct sdr_target *target,
		enum sdr_target_event event); /* of the job; as struct sdr_sink has it */
	void (*result)(void *context, const struct sdr_target *target,
		const struct sdr_result *result); /* likewise */
	/* Something went wrong, but the job goes on: one line, for stderr. */
	void (*complaint)(void *context, const char *text);
	/* It is over: no job any more, but its progress may still be asked for in here. Of one that
	 * was cancelled too, with what it had found. */
	void (*done)(void *context, enum sdr_exit exit);
};

/* Whether a request is one that a job is made of. */
bool sdr_job_takes(const struct sdr_request *request);

/* Starts a request's job. Call and request are borrowed until `done`. EPERM and the like with
 * `error`; ENOMEM. */
SDR_MUST_CHECK enum sdr_status sdr_job_start(const struct sdr_call *call,
	const struct sdr_request *request, const struct sdr_job_sink *sink, struct sdr_job **job,
	struct sdr_error *error);

/* Has the job end soon; `done` follows, with exit code 1 at the least. */
void sdr_job_cancel(struct sdr_job *job);

/* Ends the job at once; nothing of its sink is called any more. */
void sdr_job_drop(struct sdr_job *job);

/* Reads how far the job is, also from within `done`. */
void sdr_job_progress(const struct sdr_job *job, struct sdr_progress *progress);

#endif
