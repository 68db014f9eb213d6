/* once.c - targets that are asked once: all at the same time, until each has its answer. */
#include "job/once.h"

struct once {
	struct sdr_job job; /* first */
	size_t left;        /* targets that are not done */
};

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_job *job = context;
	if (result->kind != SDR_RESULT_ANSWER || job->over)
		return;
	sdr_procedure_exit(job, sdr_outcome_exit(result->outcome));
	if (job->sink.result)
		job->sink.result(job->sink.context, target, result);
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct once *o = context;
	struct sdr_job *job = &o->job;
	bool failed = event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED;
	if (job->over)
		return;
	if (failed)
		sdr_procedure_exit(job, sdr_outcome_exit(target->outcome));
	if (job->sink.target)
		job->sink.target(job->sink.context, target, event);
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
	job->owner.sink = (struct sdr_sink){job, on_target, on_result};
	job->progress = (struct sdr_progress){.total = watch->count, .what = "targets"};
	for (size_t i = 0; i < watch->count; i++) {
		struct sdr_spec spec;
		struct sdr_error error = {0};
		sdr_watch_spec(watch, i, &spec);
		if (spec.count == 0)
			spec.count = 1;
		if (sdr_engine_add_owned(job->engine, &spec, &job->owner, NULL, &error) == SDR_OK) {
			o->left++;
			continue;
		}
		sdr_procedure_exit(job, SDR_EXIT_FAIL);
		sdr_procedure_complain(job, "%s", error.text);
	}
	if (o->left == 0)
		sdr_procedure_end(job);
}

const struct procedure sdr_job_once = {sizeof(struct once), step, NULL};
