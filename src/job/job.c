/* job.c - which procedure a request is, and the jobs made of it. */
#include <stdlib.h>

#include "job/find_mtu.h"
#include "job/once.h"
#include "job/sweep.h"

void sdr_job_cancel(struct sdr_job *job)
{
	sdr_procedure_exit(job, SDR_EXIT_NO);
	sdr_procedure_end(job);
}

void sdr_job_drop(struct sdr_job *job)
{
	sdr_procedure_free(job);
}

void sdr_job_progress(const struct sdr_job *job, struct sdr_progress *progress)
{
	*progress = job->progress;
}

static void on_deadline(uv_timer_t *timer)
{
	sdr_job_cancel(timer->data);
}

static const struct procedure *procedure_of(const struct sdr_request *request)
{
	if (request->kind != SDR_REQUEST_WATCH)
		return NULL;
	return request->watch.find_mtu  ? &sdr_job_find_mtu
		: request->watch.sweep  ? &sdr_job_sweep
		: request->watch.single ? &sdr_job_once
					: NULL;
}

bool sdr_job_takes(const struct sdr_request *request)
{
	return procedure_of(request);
}

static void open_handles(struct sdr_job *job)
{
	uv_loop_t *loop = sdr_app_loop(job->app);
	sdr_ns deadline = job->request->watch.deadline;
	uv_idle_init(loop, &job->turn);
	uv_timer_init(loop, &job->deadline);
	uv_timer_init(loop, &job->later);
	job->turn.data = job->deadline.data = job->later.data = job;
	uv_update_time(loop);
	if (deadline)
		uv_timer_start(&job->deadline, on_deadline,
			(uint64_t)((deadline + SDR_MS - 1) / SDR_MS), 0);
}

enum sdr_status sdr_job_start(const struct sdr_call *call, const struct sdr_request *request,
	const struct sdr_job_sink *sink, struct sdr_job **job, struct sdr_error *error)
{
	const struct procedure *procedure = procedure_of(request);
	struct sdr_job *made = calloc(1, procedure->size);
	if (!made) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return SDR_ENOMEM;
	}
	made->procedure = procedure;
	made->app = call->app;
	made->engine = sdr_app_engine(call->app);
	made->call = call;
	made->request = request;
	made->sink = *sink;
	sdr_procedure_open(made);
	open_handles(made);
	sdr_procedure_wake(made);
	*job = made;
	return SDR_OK;
}
