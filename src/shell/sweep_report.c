/* sweep_report.c - which hosts are alive: fping's lines, or a result each as data. */
#include "shell/sweep_report.h"

#include <stdio.h>

static void print_answer(
	struct shell_run *run, const struct sdr_target *target, const struct sdr_result *result)
{
	struct sdr_report *report = &run->report;
	char label[SDR_TARGET_LABEL];
	bool alive = result->outcome == SDR_OUTCOME_OK;
	if (report->format != &sdr_report_text && report->format != &sdr_report_fping)
		report->format->probe(report, target, result);
	else
		sdr_out_line(report->out, alive ? SDR_TONE_OK : SDR_TONE_BAD, "%s is %s",
			sdr_target_label(label, target), alive ? "alive" : "unreachable");
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct job_run *r = context;
	char label[SDR_TARGET_LABEL];
	bool quiet = r->run->request->watch.quiet;
	r->alive += result->outcome == SDR_OUTCOME_OK;
	if (result->outcome == SDR_OUTCOME_LOCAL && !quiet)
		sdr_shell_complain(r->run, "%s: %s", sdr_target_label(label, target),
			result->why ? result->why : "could not be sent from here");
	if (!quiet && !r->run->out->failed)
		print_answer(r->run, target, result);
}

/* A target that no probe could be made for has its line as well; fping's text has none. */
static void print_failure(struct job_run *r, const struct sdr_target *target)
{
	struct sdr_report *report = &r->run->report;
	char label[SDR_TARGET_LABEL];
	struct sdr_result result = {.outcome = target->outcome,
		.sequence = 1,
		.rtt = SDR_NS_NONE,
		.when = sdr_clock_wall(),
		.why = target->why && *target->why ? target->why : NULL};
	if (r->run->request->watch.quiet || r->run->out->failed ||
		report->format == &sdr_report_fping)
		return;
	if (report->format == &sdr_report_text)
		sdr_out_line(report->out, SDR_TONE_BAD, "%s is %s", sdr_target_label(label, target),
			target->outcome == SDR_OUTCOME_LOCAL ? "unreachable" : "unknown");
	else
		report->format->probe(report, target, &result);
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct job_run *r = context;
	char label[SDR_TARGET_LABEL];
	if (event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED) {
		sdr_shell_complain(r->run, "%s: %s", sdr_target_label(label, target),
			target->why && *target->why ? target->why : "no address");
		print_failure(r, target);
	}
}

void sdr_sweep_report_open(struct job_run *r, struct sdr_job_sink *sink)
{
	r->run->report.single = true;
	sink->target = on_target;
	sink->result = on_result;
}

void sdr_sweep_report_total(const struct job_run *r)
{
	const struct sdr_watch *watch = &r->run->request->watch;
	double seconds = (double)(sdr_clock_now() - r->begun) / 1e9;
	unsigned long long done = r->progress.done, total = r->progress.total;
	char left[48] = "";
	if (watch->quiet || watch->fping)
		return;
	if (done < total) /* it was cut short */
		snprintf(left, sizeof(left), ", %llu without a result", total - done);
	sdr_out_line(r->run->err, SDR_TONE_PLAIN, "%zu of %llu alive%s, %.2f s, %.0f a second",
		r->alive, total, left, seconds, (double)done / (seconds > 0 ? seconds : 1));
}
