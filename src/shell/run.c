/* run.c - runs a job to its end, printing what it finds: the one place where the shell's front runs
 * the loop. SIGINT and SIGTERM stop what is watched or served; any other they kill. */
#include "shell/run.h"

#include <uv.h>

#include "shell/probe_report.h"
#include "shell/sweep_report.h"
#include "shell/text_sink.h"

/* ---- what comes of a job ---- */

static void on_sheet(void *context, const struct sdr_sheet *sheet)
{
	struct shell_run *run = ((struct job_run *)context)->run;
	const struct sdr_item *root = sdr_sheet_view(sheet);
	bool text = run->report.format == &sdr_report_text,
	     asked = run->request->kind == SDR_REQUEST_LOOKUP;
	if (run->out->failed)
		return;
	if (text && asked && run->request->lookup.print)
		run->request->lookup.print(run->out, run->call, root);
	else if (!text || asked || !sdr_item_find(root, "outcome")) /* stderr has what failed */
		run->report.format->sheet(&run->report, root);
}

static void on_event(void *context, const struct sdr_service_event *event)
{
	struct shell_run *run = ((struct job_run *)context)->run;
	run->report.format->event(&run->report, event);
}

static void on_counters(void *context, const struct sdr_service_view *view)
{
	struct shell_run *run = ((struct job_run *)context)->run;
	run->report.format->counters(&run->report, view);
}

static void on_complaint(void *context, const char *text)
{
	sdr_shell_complain(((struct job_run *)context)->run, "%s", text);
}

static void on_done(void *context, enum sdr_exit exit)
{
	struct job_run *r = context;
	sdr_job_progress(r->job, &r->progress);
	r->job = NULL;
	sdr_shell_exit_raise(r->run, exit);
	if (sdr_app_loop(r->run->app))
		uv_stop(sdr_app_loop(r->run->app)); /* UV_RUN_ONCE would go on to wait */
}

/* ---- the loop ---- */

static void on_stop(void *context)
{
	struct job_run *r = context;
	if (r->job)
		sdr_job_cancel(r->job);
}

static void on_status(void *context)
{
	struct job_run *r = context;
	if (r->job && r->probes)
		sdr_probe_report_status(r);
}

/* Lines go out before the loop waits, those of one turn together: thousands of targets make
 * thousands a second. */
static void on_before_wait(uv_prepare_t *prepare)
{
	struct job_run *r = prepare->data;
	sdr_text_sink_flush(r->text);
	sdr_out_hold(r->run->out, false);
	sdr_out_hold(r->run->out, true);
	if (r->run->out->failed && r->job)
		sdr_job_cancel(r->job);
}

static bool is_stopped_by_signals(const struct shell_run *run)
{
	const struct sdr_request *request = run->request;
	return request->kind == SDR_REQUEST_WATCH || request->kind == SDR_REQUEST_SERVE ||
		(request->kind == SDR_REQUEST_LOOKUP && request->lookup.lasts);
}

static void run_loop(struct job_run *r)
{
	uv_loop_t *loop = sdr_app_loop(r->run->app);
	bool stops = is_stopped_by_signals(r->run);
	r->stops = (struct shell_stops){
		.context = r, .on_stop = on_stop, .on_status = r->probes ? on_status : NULL};
	if (stops)
		sdr_stops_open(&r->stops, loop);
	uv_prepare_init(loop, &r->before_wait);
	r->before_wait.data = r;
	uv_prepare_start(&r->before_wait, on_before_wait);
	sdr_out_hold(r->run->out, true);
	while (r->job)
		uv_run(loop, UV_RUN_ONCE);
	if (stops)
		sdr_stops_close(&r->stops);
	uv_close((uv_handle_t *)&r->before_wait, NULL);
}

/* ---- from start to end ---- */

static enum sdr_status open_sink(struct job_run *r, struct sdr_job_sink *sink)
{
	const struct sdr_request *request = r->run->request;
	const struct sdr_watch *watch = &request->watch;
	*sink = (struct sdr_job_sink){.context = r,
		.sheet = on_sheet,
		.event = on_event,
		.counters = on_counters,
		.complaint = on_complaint,
		.done = on_done};
	bool texts = request->kind == SDR_REQUEST_LOOKUP && request->lookup.texts;
	if (request->kind == SDR_REQUEST_FILTER || texts)
		return sdr_text_sink_open(r, sink);
	if (request->kind != SDR_REQUEST_WATCH || watch->find_mtu)
		return SDR_OK;
	if (watch->rate)
		sdr_engine_set_rate(sdr_app_engine(r->run->app), watch->rate);
	if (!watch->sweep)
		return sdr_probe_report_open(r, sink);
	sdr_sweep_report_open(r, sink);
	return SDR_OK;
}

void sdr_shell_run_job(struct shell_run *run)
{
	struct job_run r = {.run = run, .begun = sdr_clock_now()};
	struct sdr_job_sink sink;
	struct sdr_error error = {0};
	bool at_once = sdr_job_at_once(run->call, run->request);
	enum sdr_status status = open_sink(&r, &sink);
	if (status != SDR_OK)
		sdr_error_set(&error, 0, "%s", sdr_status_text(status));
	else
		status = (at_once ? sdr_job_run : sdr_job_start)(
			run->call, run->request, &sink, &r.job, &error);
	if (status == SDR_OK && !at_once) {
		run_loop(&r);
	} else if (status != SDR_OK) {
		sdr_shell_complain(run, "%s", error.text);
		run->exit = SDR_EXIT_FAIL;
	}
	if (status == SDR_OK && run->request->kind == SDR_REQUEST_WATCH &&
		run->request->watch.sweep)
		sdr_sweep_report_total(&r);
	sdr_text_sink_close(&r);
	sdr_probe_report_close(&r);
	sdr_out_hold(run->out, false);
	if (sdr_app_loop(run->app))
		uv_run(sdr_app_loop(run->app), UV_RUN_NOWAIT); /* what is in `r` is closed */
}
