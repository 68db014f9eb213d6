/* servers.c - servers that run until the job is stopped: what happens at them as it happens, their
 * counters at the end. */
#include "job/servers.h"

struct servers {
	struct sdr_job job; /* first */
	bool heard;         /* their events come here */
};

static struct sdr_services *services_of(const struct sdr_job *job)
{
	return sdr_app_services(job->app);
}

static void on_event(void *context, const struct sdr_service_event *event)
{
	const struct sdr_job *job = context;
	if (!job->over && job->sink.event)
		job->sink.event(job->sink.context, event);
}

static unsigned start_all(struct sdr_job *job)
{
	const struct sdr_serve *serve = &job->request->serve;
	unsigned started = 0;
	for (size_t i = 0; i < serve->count; i++) {
		struct sdr_error error = {0};
		if (sdr_services_start(services_of(job), &serve->specs[i], NULL, NULL, &error) ==
			SDR_OK) {
			started++;
			continue;
		}
		sdr_procedure_complain(job, "%s", error.text);
		sdr_procedure_exit(job, SDR_EXIT_FAIL);
	}
	return started;
}

static void step(struct sdr_job *job)
{
	struct servers *s = (struct servers *)job;
	if (s->heard)
		return;
	s->heard = sdr_services_sink_add(services_of(job), on_event, job) == SDR_OK;
	if (!s->heard) {
		sdr_procedure_complain(job, "%s", sdr_status_text(SDR_ENOMEM));
		sdr_procedure_exit(job, SDR_EXIT_FAIL);
	}
	if (!s->heard || start_all(job) == 0)
		sdr_procedure_end(job);
}

static void conclude(struct sdr_job *job)
{
	struct sdr_service_view view;
	for (unsigned i = 0; job->sink.counters && i < sdr_services_count(services_of(job)); i++)
		if (sdr_services_view(services_of(job), i, &view))
			job->sink.counters(job->sink.context, &view);
}

static void stop(struct sdr_job *job)
{
	struct sdr_service_view view;
	if (((struct servers *)job)->heard)
		sdr_services_sink_remove(services_of(job), job);
	for (unsigned i = sdr_services_count(services_of(job)); i-- > 0;)
		if (sdr_services_view(services_of(job), i, &view))
			(void)sdr_services_stop(services_of(job), view.id);
}

const struct procedure sdr_job_servers = {.size = sizeof(struct servers),
	.what = "servers",
	.step = step,
	.lasts = true,
	.conclude = conclude,
	.stop = stop};
