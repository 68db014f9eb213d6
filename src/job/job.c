/* job.c - what all jobs have in common: steps on the loop, the deadline, the end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "job/procedure.h"

static void on_closed(uv_handle_t *handle)
{
	struct sdr_job *job = handle->data;
	if (--job->closing == 0)
		free(job);
}

void sdr_job_drop(struct sdr_job *job)
{
	if (job->procedure->stop)
		job->procedure->stop(job);
	sdr_engine_release(job->engine, &job->owner);
	job->closing = 2;
	uv_close((uv_handle_t *)&job->turn, on_closed);
	uv_close((uv_handle_t *)&job->deadline, on_closed);
}

/* The sink may free call and request in `done`. */
static void finish(struct sdr_job *job)
{
	struct sdr_job_sink sink = job->sink;
	sdr_job_drop(job);
	sink.done(sink.context, job->exit);
}

static void on_turn(uv_idle_t *turn)
{
	struct sdr_job *job = turn->data;
	uv_idle_stop(turn);
	if (!job->over)
		job->procedure->step(job);
	if (job->over)
		finish(job);
}

void sdr_job_wake(struct sdr_job *job)
{
	if (!uv_is_closing((uv_handle_t *)&job->turn))
		uv_idle_start(&job->turn, on_turn);
}

void sdr_job_end(struct sdr_job *job)
{
	job->over = true;
	sdr_job_wake(job);
}

void sdr_job_cancel(struct sdr_job *job)
{
	sdr_job_exit_raise(job, SDR_EXIT_NO);
	sdr_job_end(job);
}

static void on_deadline(uv_timer_t *timer)
{
	sdr_job_cancel(timer->data);
}

void sdr_job_exit_raise(struct sdr_job *job, enum sdr_exit exit)
{
	if (exit > job->exit)
		job->exit = exit;
}

void sdr_job_complain(struct sdr_job *job, const char *format, ...)
{
	char text[1024];
	va_list rest;
	if (!job->sink.complaint)
		return;
	va_start(rest, format);
	vsnprintf(text, sizeof(text), format, rest);
	va_end(rest);
	job->sink.complaint(job->sink.context, text);
}

void sdr_job_progress(const struct sdr_job *job, struct sdr_progress *progress)
{
	*progress = job->progress;
}

static const struct procedure *procedure_of(const struct sdr_request *request)
{
	if (request->kind != SDR_REQUEST_WATCH)
		return NULL;
	return request->watch.find_mtu ? &sdr_job_find_mtu
		: request->watch.sweep ? &sdr_job_sweep
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
	job->turn.data = job->deadline.data = job;
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
	open_handles(made);
	sdr_job_wake(made);
	*job = made;
	return SDR_OK;
}
