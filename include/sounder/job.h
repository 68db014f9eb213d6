/* job.h - work that a command starts: it runs on the loop without holding it up, reports how far it
 * is, can be cancelled, and ends once.
 *
 * A front (shell, dashboard) makes a request of a command line, starts a job of it, and shows what
 * comes to its sink: the answers of questions, probes of targets, text that was filtered, events of
 * servers. Targets that a job probes belong to it: they are not watched, and no model knows them.
 * What the dashboard itself watches or serves until it is stopped is no job there. */
#ifndef SOUNDER_JOB_H
#define SOUNDER_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "sounder/engine.h"
#include "sounder/request.h"
#include "sounder/service.h"
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
	bool sheets;     /* of text that is filtered, wants objects in place of the lines */
	bool duplicates; /* the times in summaries have those of duplicates, as iputils has it */
	/* One object of an answer; borrowed for the call. Of several questions the answers come in
	 * the order of asking. */
	void (*sheet)(void *context, const struct sdr_sheet *sheet);
	/* What a filter lets pass, with its line feeds. */
	void (*text)(void *context, const void *bytes, size_t length);
	void (*target)(void *context, const struct sdr_target *target,
		enum sdr_target_event event); /* of the job; as struct sdr_sink has it */
	void (*result)(void *context, const struct sdr_target *target,
		const struct sdr_result *result); /* likewise */
	/* What came of a target that was probed repeatedly; before `done`, in the order asked for.
	 * `number`: see sdr_job_number; `reached`: it is what --until waits for. */
	void (*summary)(void *context, uint32_t number, const struct sdr_target *target,
		const struct sdr_totals *totals, bool reached);
	void (*event)(void *context, const struct sdr_service_event *event);  /* of a server */
	void (*counters)(void *context, const struct sdr_service_view *view); /* at its end */
	/* Something went wrong, but the job goes on: one line, for stderr. */
	void (*complaint)(void *context, const char *text);
	/* It is over: no job any more, but its progress may still be asked for in here. Of one that
	 * was cancelled too, with what it had found. */
	void (*done)(void *context, enum sdr_exit exit);
};

/* Whether a request is one that a job is made of: any but an action of the screen. */
bool sdr_job_takes(const struct sdr_request *request);

/* Whether it comes to an end by itself: not so servers, and targets that are probed without an end
 * or as often as --count has it, which a dashboard watches. */
bool sdr_job_ends(const struct sdr_request *request);

/* Whether its job never waits: questions that are answered at once, of no lines. */
bool sdr_job_at_once(const struct sdr_call *call, const struct sdr_request *request);

/* The parts of the app (enum sdr_part) that a request's job needs beside those of its command; none
 * where it never waits. */
unsigned sdr_job_parts(const struct sdr_call *call, const struct sdr_request *request);

/* Starts a request's job; its parts are open. Call and request are borrowed until `done`. ENOMEM
 * with `error`. */
SDR_MUST_CHECK enum sdr_status sdr_job_start(const struct sdr_call *call,
	const struct sdr_request *request, const struct sdr_job_sink *sink, struct sdr_job **job,
	struct sdr_error *error);

/* Runs a job that never waits to its end, without a loop: all callbacks come from within. */
SDR_MUST_CHECK enum sdr_status sdr_job_run(const struct sdr_call *call,
	const struct sdr_request *request, const struct sdr_job_sink *sink, struct sdr_job **job,
	struct sdr_error *error);

/* Has the job end soon; `done` follows. The exit code is 1 at the least, but where to be stopped is
 * the only end there is: servers, targets that are probed until then. */
void sdr_job_cancel(struct sdr_job *job);

/* Ends the job at once; nothing of its sink is called any more. */
void sdr_job_drop(struct sdr_job *job);

/* Reads how far the job is, also from within `done`. */
void sdr_job_progress(const struct sdr_job *job, struct sdr_progress *progress);

/* Hands the sink a summary of each target as it is now. */
void sdr_job_summaries(struct sdr_job *job);

/* Returns the place among the job's targets of the one that the engine's id is of, or was last: 0
 * and up, in the order asked for, then what joined them. UINT32_MAX: it has none. */
uint32_t sdr_job_number(const struct sdr_job *job, uint32_t id);

/* ---- targets that can't be probed ---- */

/* Whether a target was rejected for what it is, as a broadcast address: bad text, of which stdout
 * shows nothing. */
bool sdr_watch_refused(const struct sdr_target *target);

/* The exit code of a target that could not be probed. */
enum sdr_exit sdr_watch_failure(const struct sdr_watch *watch, const struct sdr_target *target);

#endif
