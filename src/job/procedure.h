/* procedure.h (internal) - what each kind of job gives: a table of verbs, and a struct that begins
 * with struct sdr_job. */
#ifndef SOUNDER_JOB_PROCEDURE_H
#define SOUNDER_JOB_PROCEDURE_H

#include <stddef.h>
#include <uv.h>

#include "sounder/app.h"
#include "sounder/job.h"

struct procedure {
	size_t size;      /* of the kind's own struct, which starts out as zeros */
	const char *what; /* what its progress counts: "hosts" */
	/* Does what there is to do now. Called from the loop: first soon after the start, then once
	 * for each or several sdr_procedure_wake. Calls sdr_procedure_end when nothing more is to
	 * come. */
	void (*step)(struct sdr_job *job);
	/* Hear what becomes of the job's targets and of their probes, before the sink does and not
	 * once the job is over; return whether the sink hears of it. NULL: it has no targets. */
	bool (*target)(
		struct sdr_job *job, const struct sdr_target *target, enum sdr_target_event event);
	bool (*result)(struct sdr_job *job, const struct sdr_target *target,
		const struct sdr_result *result);
	bool feeds; /* whenever a target's first probe has left, `step` is called */
	bool lasts; /* it may go on until it is stopped, which is no failure */
	uint32_t (*number)(const struct sdr_job *job, uint32_t id); /* see sdr_job_number */
	void (*summaries)(struct sdr_job *job);                     /* see sdr_job_summaries */
	/* Hands out what there is at the end, while the targets are still there, and notes the exit
	 * code; not called if the job is dropped; or NULL. */
	void (*conclude)(struct sdr_job *job);
	/* Takes back what is under way, once, before the end is reported; or NULL. Calls nothing of
	 * the sink. */
	void (*stop)(struct sdr_job *job);
};

struct sdr_job {
	const struct procedure *procedure;
	struct sdr_app *app;
	struct sdr_engine *engine;
	const struct sdr_call *call;
	const struct sdr_request *request;
	struct sdr_job_sink sink;
	struct sdr_owner owner; /* of the job's targets */
	struct sdr_progress progress;
	enum sdr_exit exit; /* the worst so far */
	bool over;          /* nothing more is to come */
	bool timed_out;     /* the deadline came */
	bool at_once;       /* it runs without a loop, see sdr_job_run */
	uv_idle_t turn;     /* the next step */
	uv_timer_t deadline, later;
	unsigned closing; /* handles that are closing */
};

/* Starts to probe a target that is the job's; EPERM and the like are complained about. `id` may be
 * NULL. */
SDR_MUST_CHECK enum sdr_status sdr_procedure_begin(
	struct sdr_job *job, const struct sdr_spec *spec, uint32_t *id);

/* Has the job hear of its targets; for sdr_job_start. */
void sdr_procedure_open(struct sdr_job *job);

/* Reports the end of a job that is over, and frees it. */
void sdr_procedure_finish(struct sdr_job *job);

/* Has `step` called from the loop, soon. A verb may call it. */
void sdr_procedure_wake(struct sdr_job *job);

/* Has `step` called after some time; one time is kept, the latest. */
void sdr_procedure_wake_in(struct sdr_job *job, sdr_ns time);

/* Ends the job: soon, and from anywhere. */
void sdr_procedure_end(struct sdr_job *job);

/* Notes an exit code; the worst stays. */
void sdr_procedure_exit(struct sdr_job *job, enum sdr_exit exit);

/* Hands a line to the sink's `complaint`. */
void sdr_procedure_complain(struct sdr_job *job, const char *format, ...) SDR_PRINTF(2, 3);

/* What was complained of already: bits. */
enum { NOTED_NOTICE = 1, NOTED_INCOMPLETE = 2, NOTED_MISSING = 4 };

/* Complains of addresses of a name that are not followed, and of a family that could not be looked
 * up; each once, as `noted` has it. */
void sdr_procedure_note_name(struct sdr_job *job, const struct sdr_target *target, uint8_t *noted);

/* Hands an object to the sink and frees it; where it lacks something or is NULL, memory ran out:
 * that is complained about, and the exit code is 2. */
void sdr_procedure_sheet(struct sdr_job *job, struct sdr_sheet *sheet);

/* Stops and frees the job at once, without a word to its sink. Its memory is there until the loop
 * goes on. */
void sdr_procedure_free(struct sdr_job *job);

#endif
