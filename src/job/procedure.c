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
	if (job->procedure->target)
		sdr_engine_release(job->engine, &job->owner);
	if (job->at_once) {
		free(job);
		return;
	}
	job->closing = 3;
	uv_close((uv_handle_t *)&job->turn, on_closed);
	uv_close((uv_handle_t *)&job->deadline, on_closed);
	uv_close((uv_handle_t *)&job->later, on_closed);
}

/* ---- targets ---- */

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct sdr_job *job = context;
	if (!job->over && job->procedure->target(job, target, event) && job->sink.target)
		job->sink.target(job->sink.context, target, event);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_job *job = context;
	if (!job->over && job->procedure->result(job, target, result) && job->sink.result)
		job->sink.result(job->sink.context, target, result);
}

static void on_begun(void *context)
{
	sdr_procedure_wake(context);
}

void sdr_procedure_open(struct sdr_job *job)
{
	job->owner.sink = (struct sdr_sink){job, on_target, on_result};
	job->owner.on_begun = job->procedure->feeds ? on_begun : NULL;
	job->progress.what = job->procedure->what;
}

enum sdr_status sdr_procedure_begin(struct sdr_job *job, const struct sdr_spec *spec, uint32_t *id)
{
	struct sdr_error error = {0};
	enum sdr_status status = sdr_engine_add_owned(job->engine, spec, &job->owner, id, &error);
	if (status == SDR_OK)
		return SDR_OK;
	sdr_procedure_complain(job, "%s", error.text);
	return status;
}

/* ---- steps and the end ---- */

/* The sink may free call and request in `done`. */
void sdr_procedure_finish(struct sdr_job *job)
{
	struct sdr_job_sink sink = job->sink;
	enum sdr_exit exit;
	if (job->procedure->conclude)
		job->procedure->conclude(job);
	exit = job->exit;
	if (job->at_once) { /* its progress may be asked for within, and its memory goes with it */
		sink.done(sink.context, exit);
		sdr_procedure_free(job);
		return;
	}
	sdr_procedure_free(job);
	sink.done(sink.context, exit); /* its memory goes when the handles are closed */
}

static void on_turn(uv_idle_t *turn)
{
	struct sdr_job *job = turn->data;
	uv_idle_stop(turn);
	if (!job->over)
		job->procedure->step(job);
	if (job->over)
		sdr_procedure_finish(job);
}

void sdr_procedure_wake(struct sdr_job *job)
{
	if (!job->at_once && !uv_is_closing((uv_handle_t *)&job->turn))
		uv_idle_start(&job->turn, on_turn);
}

static void on_later(uv_timer_t *timer)
{
	sdr_procedure_wake(timer->data);
}

void sdr_procedure_wake_in(struct sdr_job *job, sdr_ns time)
{
	if (!uv_is_closing((uv_handle_t *)&job->later))
		uv_timer_start(&job->later, on_later, (uint64_t)((time + SDR_MS - 1) / SDR_MS), 0);
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

/* Whether `bit` is news. */
static bool is_new(uint8_t *noted, bool there, uint8_t bit)
{
	bool news = there && !(*noted & bit);
	*noted |= there ? bit : 0;
	return news;
}

void sdr_procedure_note_name(struct sdr_job *job, const struct sdr_target *target, uint8_t *noted)
{
	const struct sdr_set *set = sdr_target_leads(target) ? sdr_target_set(target) : NULL;
	bool incomplete = set && set->incomplete;
	if (is_new(noted, set && set->notice, incomplete ? NOTED_INCOMPLETE : NOTED_NOTICE))
		sdr_procedure_complain(job, "%s %s", target->typed, set->notice);
	if (incomplete)
		sdr_procedure_exit(job, SDR_EXIT_FAIL);
	const char *missing = sdr_target_missing(target);
	if (is_new(noted, missing, NOTED_MISSING))
		sdr_procedure_complain(job, "%s: %s", target->typed, missing);
}

void sdr_procedure_sheet(struct sdr_job *job, struct sdr_sheet *sheet)
{
	if (!sheet || sdr_sheet_failed(sheet)) {
		sdr_procedure_complain(
			job, "%s: %s", job->call->command->name, sdr_status_text(SDR_ENOMEM));
		sdr_procedure_exit(job, SDR_EXIT_FAIL);
	} else if (job->sink.sheet) {
		job->sink.sheet(job->sink.context, sheet);
	}
	sdr_sheet_free(sheet);
}
