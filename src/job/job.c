/* job.c - which procedure a request is, and the jobs made of it. */
#include <stdlib.h>
#include <string.h>

#include "job/filter.h"
#include "job/find_mtu.h"
#include "job/lookup.h"
#include "job/servers.h"
#include "job/sweep.h"
#include "job/watch.h"

void sdr_job_cancel(struct sdr_job *job)
{
	const struct sdr_request *request = job->request;
	bool lasts = job->procedure->lasts ||
		(request->kind == SDR_REQUEST_LOOKUP && request->lookup.lasts);
	if (!lasts)
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

void sdr_job_summaries(struct sdr_job *job)
{
	if (job->procedure->summaries)
		job->procedure->summaries(job);
}

uint32_t sdr_job_number(const struct sdr_job *job, uint32_t id)
{
	return job->procedure->number ? job->procedure->number(job, id) : UINT32_MAX;
}

static void on_deadline(uv_timer_t *timer)
{
	struct sdr_job *job = timer->data;
	job->timed_out = true;
	sdr_job_cancel(job);
}

/* ---- what requests are made of ---- */

static const struct procedure *procedure_of(const struct sdr_request *request)
{
	switch (request->kind) {
	case SDR_REQUEST_LOOKUP:
		return &sdr_job_lookup;
	case SDR_REQUEST_FILTER:
		return &sdr_job_filter;
	case SDR_REQUEST_SERVE:
		return &sdr_job_servers;
	case SDR_REQUEST_WATCH:
		return request->watch.find_mtu ? &sdr_job_find_mtu
			: request->watch.sweep ? &sdr_job_sweep
					       : &sdr_job_watch;
	case SDR_REQUEST_NONE:
	case SDR_REQUEST_ACTION:
		break;
	}
	return NULL;
}

bool sdr_job_takes(const struct sdr_request *request)
{
	return procedure_of(request);
}

bool sdr_job_at_once(const struct sdr_call *call, const struct sdr_request *request)
{
	const struct sdr_lookup *lookup = &request->lookup;
	const char *word;
	if (request->kind != SDR_REQUEST_LOOKUP || !lookup->answer)
		return false;
	for (size_t i = lookup->words_first; lookup->each_word && (word = sdr_call_word(call, i));
		i++)
		if (strcmp(word, "-") == 0)
			return false;
	return true;
}

unsigned sdr_job_parts(const struct sdr_call *call, const struct sdr_request *request)
{
	const struct procedure *procedure = procedure_of(request);
	if (!procedure || sdr_job_at_once(call, request))
		return 0;
	return procedure->target                     ? SDR_PART_LOOP | SDR_PART_ENGINE
		: request->kind == SDR_REQUEST_SERVE ? SDR_PART_LOOP | SDR_PART_SERVICES
						     : SDR_PART_LOOP;
}

bool sdr_job_ends(const struct sdr_request *request)
{
	const struct sdr_watch *watch = &request->watch;
	if (request->kind == SDR_REQUEST_WATCH)
		return watch->find_mtu || watch->sweep || watch->single ||
			watch->until != SDR_UNTIL_STOPPED || watch->deadline;
	return request->kind == SDR_REQUEST_LOOKUP || request->kind == SDR_REQUEST_FILTER;
}

static void open_handles(struct sdr_job *job)
{
	uv_loop_t *loop = sdr_app_loop(job->app);
	const struct sdr_request *request = job->request;
	sdr_ns deadline = request->kind == SDR_REQUEST_WATCH ? request->watch.deadline : 0;
	uv_idle_init(loop, &job->turn);
	uv_timer_init(loop, &job->deadline);
	uv_timer_init(loop, &job->later);
	job->turn.data = job->deadline.data = job->later.data = job;
	uv_update_time(loop);
	if (deadline)
		uv_timer_start(&job->deadline, on_deadline,
			(uint64_t)((deadline + SDR_MS - 1) / SDR_MS), 0);
}

static struct sdr_job *make(const struct sdr_call *call, const struct sdr_request *request,
	const struct sdr_job_sink *sink, struct sdr_error *error)
{
	const struct procedure *procedure = procedure_of(request);
	struct sdr_job *made = calloc(1, procedure->size);
	if (!made) {
		sdr_error_set(error, 0, "%s", sdr_status_text(SDR_ENOMEM));
		return NULL;
	}
	made->procedure = procedure;
	made->app = call->app;
	made->engine = sdr_app_engine(call->app);
	made->call = call;
	made->request = request;
	made->sink = *sink;
	sdr_procedure_open(made);
	return made;
}

enum sdr_status sdr_job_start(const struct sdr_call *call, const struct sdr_request *request,
	const struct sdr_job_sink *sink, struct sdr_job **job, struct sdr_error *error)
{
	*job = make(call, request, sink, error);
	if (!*job)
		return SDR_ENOMEM;
	open_handles(*job);
	sdr_procedure_wake(*job);
	return SDR_OK;
}

enum sdr_status sdr_job_run(const struct sdr_call *call, const struct sdr_request *request,
	const struct sdr_job_sink *sink, struct sdr_job **job, struct sdr_error *error)
{
	struct sdr_job *made = *job = make(call, request, sink, error);
	if (!made)
		return SDR_ENOMEM;
	made->at_once = true;
	while (!made->over)
		made->procedure->step(made);
	sdr_procedure_finish(made);
	return SDR_OK;
}
