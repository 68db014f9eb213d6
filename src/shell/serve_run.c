/* serve_run.c - runs servers until SIGINT or SIGTERM: a line an event, counters at the end. */
#include <string.h>
#include <uv.h>

#include "shell/shell.h"
#include "shell/stops.h"

/* Running servers. */
struct serving {
	struct shell_run *run;
	struct sdr_services *services;
	bool stopping; /* no more lines but the counters */
	bool over;
	struct shell_stops stops;
	uv_prepare_t before; /* checks for a closed stdout */
};

static void on_event(void *context, const struct sdr_service_event *event)
{
	struct serving *serving = context;
	if (!serving->stopping)
		serving->run->report.format->event(&serving->run->report, event);
}

static void on_stop(void *context, bool deadline)
{
	struct serving *serving = context;
	(void)deadline;
	serving->over = true;
}

static void on_before(uv_prepare_t *handle)
{
	struct serving *serving = handle->data;
	if (!serving->run->out->failed)
		return;
	serving->over = true;
	uv_stop(handle->loop);
}

static void open_handles(struct serving *serving)
{
	uv_loop_t *loop = sdr_app_loop(serving->run->app);
	serving->stops = (struct shell_stops){.context = serving, .on_stop = on_stop};
	sdr_stops_open(&serving->stops, loop, 0);
	uv_prepare_init(loop, &serving->before);
	serving->before.data = serving;
	uv_prepare_start(&serving->before, on_before);
}

static void close_handles(struct serving *serving)
{
	sdr_stops_close(&serving->stops);
	uv_close((uv_handle_t *)&serving->before, NULL);
}

static unsigned start_all(struct serving *serving)
{
	const struct sdr_serve *serve = &serving->run->request->serve;
	unsigned started = 0;
	for (size_t i = 0; i < serve->count; i++) {
		struct sdr_error error = {0};
		if (sdr_services_start(serving->services, &serve->specs[i], NULL, NULL, &error) ==
			SDR_OK) {
			started++;
			continue;
		}
		sdr_shell_complain(serving->run, "%s", error.text);
		sdr_shell_exit_raise(serving->run, SDR_EXIT_FAIL);
	}
	return started;
}

static void print_counters(struct serving *serving)
{
	struct sdr_service_view view;
	for (unsigned i = 0; i < sdr_services_count(serving->services); i++)
		if (sdr_services_view(serving->services, i, &view))
			serving->run->report.format->counters(&serving->run->report, &view);
}

static void stop_all(struct serving *serving)
{
	struct sdr_service_view view;
	for (unsigned i = sdr_services_count(serving->services); i-- > 0;)
		if (sdr_services_view(serving->services, i, &view))
			sdr_services_stop(serving->services, view.id);
}

void sdr_serve_run(struct shell_run *run)
{
	struct serving serving = {.run = run, .services = sdr_app_services(run->app)};
	uv_loop_t *loop = sdr_app_loop(run->app);
	if (sdr_services_sink_add(serving.services, on_event, &serving) != SDR_OK) {
		sdr_shell_complain(run, "%s", sdr_status_text(SDR_ENOMEM));
		run->exit = SDR_EXIT_FAIL;
		return;
	}
	open_handles(&serving);
	if (start_all(&serving))
		while (!serving.over)
			uv_run(loop, UV_RUN_ONCE);
	print_counters(&serving);
	serving.stopping = true;
	stop_all(&serving);
	close_handles(&serving);
	/* STOPPED events and closes come in the next iteration; `serving` must outlive them. */
	uv_run(loop, UV_RUN_NOWAIT);
	uv_run(loop, UV_RUN_NOWAIT);
}
