/* run_job.c - runs a job to its end, printing what it finds; SIGINT and SIGTERM end it early. */
#include <uv.h>

#include "shell/stops.h"
#include "shell/sweep_report.h"

static void on_sheet(void *context, const struct sdr_sheet *sheet)
{
	struct job_run *r = context;
	const struct sdr_item *root = sdr_sheet_view(sheet);
	bool text = r->run->report.format == &sdr_report_text;
	if (r->run->out->failed)
		return;
	if (!text || !sdr_item_find(root, "outcome")) /* what failed is on stderr */
		r->run->report.format->sheet(&r->run->report, root);
}

static void on_complaint(void *context, const char *text)
{
	struct job_run *r = context;
	sdr_shell_complain(r->run, "%s", text);
}

static void on_done(void *context, enum sdr_exit exit)
{
	struct job_run *r = context;
	sdr_job_progress(r->job, &r->progress);
	r->job = NULL;
	sdr_shell_exit_raise(r->run, exit);
	uv_stop(sdr_app_loop(r->run->app)); /* UV_RUN_ONCE would go on to wait */
}

static void on_stop(void *context, bool deadline)
{
	struct job_run *r = context;
	(void)deadline;
	if (r->job)
		sdr_job_cancel(r->job);
}

void sdr_job_run(struct shell_run *run)
{
	struct job_run r = {.run = run, .begun = sdr_clock_now()};
	struct sdr_job_sink sink = {
		.context = &r, .sheet = on_sheet, .complaint = on_complaint, .done = on_done};
	struct sdr_error error = {0};
	uv_loop_t *loop = sdr_app_loop(run->app);
	const struct sdr_watch *watch = &run->request->watch;
	if (watch->sweep)
		sdr_sweep_report_open(&r, &sink);
	if (watch->rate)
		sdr_engine_set_rate(sdr_app_engine(run->app), watch->rate);
	if (sdr_job_start(run->call, run->request, &sink, &r.job, &error) != SDR_OK) {
		sdr_shell_complain(run, "%s", error.text);
		run->exit = SDR_EXIT_FAIL;
		return;
	}
	r.stops = (struct shell_stops){.context = &r, .on_stop = on_stop};
	sdr_stops_open(&r.stops, loop, 0);
	while (r.job) {
		uv_run(loop, UV_RUN_ONCE);
		if (run->out->failed && r.job)
			sdr_job_cancel(r.job);
	}
	if (watch->sweep)
		sdr_sweep_report_total(&r);
	sdr_stops_close(&r.stops);
	uv_run(loop, UV_RUN_NOWAIT);
}
