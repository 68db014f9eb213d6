/* procedure.c - what all jobs have in common: steps on the loop, and the end. */
#include "job/procedure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void on_closed(uv_handle_t *handle)
{
	struct sdr_job *job = handle->data;
	if (--job->closing == 0)
		free(job);
}

void sdr_procedure_free(struct sdr_job *job)
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
	sdr_procedure_free(job);
	sink.done(sink.context, job->exit); /* its memory goes when the handles are closed */
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

void sdr_procedure_wake(struct sdr_job *job)
{
	if (!uv_is_closing((uv_handle_t *)&job->turn))
		uv_idle_start(&job->turn, on_turn);
}

void sdr_procedure_end(struct sdr_job *job)
{
	job->over = true;
	sdr_procedure_wake(job);
}

void sdr_procedure_exit(struct sdr_job *job, enum sdr_exit exit)
{
	if (exit > job->exit)
		job->exit = exit;
}

void sdr_procedure_complain(struct sdr_job *job, const char *format, ...)
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
