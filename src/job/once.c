/* once.c - targets that are asked once: all at the same time, until each has its answer. */
#include "job/once.h"

struct once {
	struct sdr_job job; /* first */
	size_t left;        /* targets that are not done */
};

static void take_result(
	struct sdr_job *job, const struct sdr_target *target, const struct sdr_result *result)
{
	(void)target;
	sdr_procedure_exit(job, sdr_outcome_exit(result->outcome));
}

static void note_event(
	struct sdr_job *job, const struct sdr_target *target, enum sdr_target_event event)
{
	struct once *o = (struct once *)job;
	bool failed = event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED;
	if (failed)
		sdr_procedure_exit(job, sdr_outcome_exit(target->outcome));
	if (!failed && event != SDR_TARGET_FINISHED)
		return;
	job->progress.done++;
	if (--o->left == 0)
		sdr_procedure_end(job);
}

static void step(struct sdr_job *job)
{
	struct once *o = (struct once *)job;
	const struct sdr_watch *watch = &job->request->watch;
	job->progress.total = watch->count;
	for (size_t i = 0; i < watch->count; i++) {
		struct sdr_spec spec;
		sdr_watch_spec(watch, i, &spec);
		if (sdr_procedure_begin(job, &spec, NULL) == SDR_OK)
			o->left++;
		else
			sdr_procedure_exit(job, SDR_EXIT_FAIL);
	}
	if (o->left == 0)
		sdr_procedure_end(job);
}

const struct procedure sdr_job_once = {.size = sizeof(struct once),
	.what = "targets",
	.step = step,
	.target = note_event,
	.result = take_result};
