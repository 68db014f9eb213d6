/* probe_report.c - targets that are watched, on stdout: a header each, a line a probe, a summary
 * each. */
#include "shell/probe_report.h"

#include <stdlib.h>
#include <string.h>

#include "shell/record.h"

#define HEADER_DELAY_MS 20 /* the header of a target that has not answered by then */

/* What is noted of a target, by its number in the job. */
struct mark {
	bool headed;                    /* its header is out */
	bool failed;                    /* that it can't be probed is out */
	struct sdr_report_record *kept; /* of one that the engine has removed; owned */
};

struct probe_report {
	struct job_run *r;
	struct mark *marks; /* [count] */
	size_t count;
	struct record record;
	bool recorded;
	bool asked;      /* summaries are a status, for stderr */
	bool summarised; /* the first one is out */
	struct shell_body body;
	uv_timer_t headers;
};

static const struct sdr_watch *watch_of(const struct probe_report *p)
{
	return &p->r->run->request->watch;
}

static bool is_text(const struct probe_report *p)
{
	return p->r->run->report.format == &sdr_report_text;
}

static void complain_of_memory(struct probe_report *p, const char *what)
{
	sdr_shell_complain(p->r->run, "%s: %s", what, sdr_status_text(SDR_ENOMEM));
	sdr_shell_exit_raise(p->r->run, SDR_EXIT_FAIL);
}

/* NULL: out of memory, which is complained about. */
static struct mark *mark_of(struct probe_report *p, uint32_t number)
{
	if (number < p->count)
		return &p->marks[number];
	size_t count = (size_t)number + number / 2 + 16;
	struct mark *marks =
		number == UINT32_MAX ? NULL : realloc(p->marks, count * sizeof(*marks));
	if (!marks) {
		complain_of_memory(p, "a target is not shown");
		return NULL;
	}
	memset(marks + p->count, 0, (count - p->count) * sizeof(*marks));
	p->marks = marks;
	p->count = count;
	return &marks[number];
}

/* ---- lines ---- */

static void print_header(struct probe_report *p, struct mark *mark, const struct sdr_target *target)
{
	struct sdr_report *report = &p->r->run->report;
	if (sdr_target_is_part(target)) { /* what it is a part of has one */
		target = sdr_engine_find(
			sdr_app_engine(p->r->run->app), sdr_target_set(target)->leader);
		mark = target ? mark_of(p, sdr_job_number(p->r->job, target->id)) : NULL;
	}
	if (!mark || mark->headed)
		return;
	mark->headed = true;
	if (watch_of(p)->mtr)
		return;
	if (!watch_of(p)->single || !is_text(p))
		report->format->header(report, target);
}

static void on_headers(uv_timer_t *timer)
{
	struct probe_report *p = timer->data;
	struct sdr_engine *engine = sdr_app_engine(p->r->run->app);
	for (uint32_t id = 0; p->r->job && id < sdr_engine_limit(engine); id++) {
		const struct sdr_target *target = sdr_engine_find(engine, id);
		uint32_t number = sdr_job_number(p->r->job, id);
		if (target && target->phase == SDR_PHASE_RUNNING && number < p->count)
			print_header(p, &p->marks[number], target);
	}
}

/* If stdout is for the body, the lines about it go to stderr. */
static void print_line(
	struct probe_report *p, const struct sdr_target *target, const struct sdr_result *result)
{
	struct shell_run *run = p->r->run;
	run->report.out = watch_of(p)->body && is_text(p) ? run->err : run->out;
	run->report.row = sdr_job_number(p->r->job, target->id);
	run->report.format->probe(&run->report, target, result);
	run->report.out = run->out;
}

/* Whether a target's failure, which is on stderr, has a line on stdout, too: text, and fping's,
 * have none before a probe. */
static bool shows_failure(const struct probe_report *p, const struct sdr_target *target)
{
	bool fping = p->r->run->report.format == &sdr_report_fping;
	if (is_text(p) || sdr_watch_refused(target))
		return false;
	return watch_of(p)->single || (!fping && !watch_of(p)->quiet);
}

/* It has no probe: only if it was to be asked once, that one question counts. */
static void print_failure(
	struct probe_report *p, struct mark *mark, const struct sdr_target *target)
{
	const struct sdr_watch *watch = watch_of(p);
	bool again = mark->failed;
	struct sdr_result result = {.outcome = target->outcome,
		.sequence = watch->single ? 1 : 0,
		.rtt = SDR_NS_NONE,
		.when = sdr_clock_wall(),
		.why = target->why && *target->why ? target->why
						   : sdr_outcome_sentence(target->outcome)};
	mark->failed = true;
	if (sdr_watch_failure(watch, target) != SDR_EXIT_FAIL ||
		(!again && shows_failure(p, target)))
		print_line(p, target, &result);
}

/* fping's columns are as wide as its longest target. */
static void note_width(struct probe_report *p, const struct sdr_target *target)
{
	char label[SDR_TARGET_LABEL];
	if (!watch_of(p)->fping)
		return;
	size_t width = strlen(sdr_target_label(label, target));
	if (width > p->r->run->report.width)
		p->r->run->report.width = width;
}

/* ---- what comes of the job ---- */

static void keep_record(struct probe_report *p, struct mark *mark, uint32_t id)
{
	const struct sdr_report_record *record = sdr_record_of(&p->record, id);
	mark->kept = record ? malloc(sizeof(*record)) : NULL;
	if (mark->kept)
		*mark->kept = *record;
}

static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	struct probe_report *p = ((struct job_run *)context)->probes;
	struct mark *mark = mark_of(p, sdr_job_number(p->r->job, target->id));
	if (mark && event == SDR_TARGET_REMOVED)
		keep_record(p, mark, target->id);
	sdr_record_target(&p->record, target, event);
	if (!mark || event == SDR_TARGET_REMOVED)
		return;
	note_width(p, target);
	if (target->phase == SDR_PHASE_FAILED && event != SDR_TARGET_FINISHED) {
		print_failure(p, mark, target);
	} else if (target->phase == SDR_PHASE_RUNNING) {
		mark->failed = false;
		if (!mark->headed && !uv_is_active((uv_handle_t *)&p->headers))
			uv_timer_start(&p->headers, on_headers, HEADER_DELAY_MS, 0);
	}
}

static void print_answer(
	struct probe_report *p, const struct sdr_target *target, const struct sdr_result *result)
{
	struct shell_run *run = p->r->run;
	bool single_text = is_text(p) && watch_of(p)->single;
	sdr_body_end(&p->body);
	if (single_text && sdr_outcome_exit(result->outcome) == SDR_EXIT_FAIL)
		return; /* stderr has it */
	bool whole = watch_of(p)->print && result->detail && single_text;
	char label[SDR_TARGET_LABEL];
	if (whole && sdr_target_role(target)) /* one answer of several */
		sdr_out_line(run->out, SDR_TONE_STRONG, "%s", sdr_target_label(label, target));
	if (whole)
		watch_of(p)->print(run->out, run->call, sdr_sheet_view(result->detail));
	else
		print_line(p, target, result);
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct probe_report *p = ((struct job_run *)context)->probes;
	struct sdr_report *report = &p->r->run->report;
	struct mark *mark = mark_of(p, sdr_job_number(p->r->job, target->id));
	sdr_record_result(&p->record, target, result);
	if (!mark || report->out->failed)
		return;
	print_header(p, mark, target);
	if (!watch_of(p)->quiet) {
		print_answer(p, target, result);
	} else if (report->format->note) {
		report->row = sdr_job_number(p->r->job, target->id);
		report->format->note(report, target, result);
	}
}

/* ---- summaries ---- */

static void print_status(
	struct sdr_out *err, const struct sdr_target *target, const struct sdr_totals *totals)
{
	char label[SDR_TARGET_LABEL];
	if (target->spec->type->text.status)
		target->spec->type->text.status(err, target, totals);
	else
		sdr_out_line(err, SDR_TONE_PLAIN, "%s: %llu/%llu answered",
			sdr_target_label(label, target), (unsigned long long)totals->received,
			(unsigned long long)totals->transmitted);
}

static const struct sdr_report_record *record_of(
	struct probe_report *p, const struct mark *mark, const struct sdr_target *target)
{
	const struct sdr_report_record *record =
		mark->kept ? mark->kept : sdr_record_of(&p->record, target->id);
	if (!record && p->recorded)
		complain_of_memory(p, "a summary lacks its percentiles");
	return record;
}

static void on_summary(void *context, uint32_t number, const struct sdr_target *target,
	const struct sdr_totals *totals, bool reached)
{
	(void)reached;
	struct probe_report *p = ((struct job_run *)context)->probes;
	struct sdr_report *report = &p->r->run->report;
	struct mark *mark = mark_of(p, number);
	if (p->asked) {
		print_status(p->r->run->err, target, totals);
		return;
	}
	if (!mark || report->out->failed)
		return;
	if (!p->summarised) { /* fping's go to stderr: lines come before them */
		sdr_out_hold(report->out, false);
		sdr_out_hold(report->out, true);
	}
	p->summarised = true;
	if (target->addr.version || !target->spec->type->by_address)
		print_header(p, mark, target);
	report->row = number;
	if (watch_of(p)->mtr)
		sdr_path_report(report->out, target, watch_of(p)->mtr_wide,
			sdr_clock_wall() - totals->elapsed);
	else
		report->format->summary(report, target, totals, record_of(p, mark, target));
}

void sdr_probe_report_status(struct job_run *r)
{
	r->probes->asked = true;
	sdr_job_summaries(r->job);
	r->probes->asked = false;
}

/* ---- open and close ---- */

/* Has bodies written as they come. */
static void route_bodies(struct probe_report *p)
{
	const struct sdr_watch *watch = watch_of(p);
	p->body.out = p->r->run->out;
	for (size_t i = 0; watch->body && !watch->names && is_text(p) && i < watch->count; i++) {
		watch->specs[i].on_body = sdr_body_put;
		watch->specs[i].on_body_context = &p->body;
	}
}

enum sdr_status sdr_probe_report_open(struct job_run *r, struct sdr_job_sink *sink)
{
	struct probe_report *p = calloc(1, sizeof(*p));
	struct sdr_report *report = &r->run->report;
	const struct sdr_watch *watch = &r->run->request->watch;
	if (!p)
		return SDR_ENOMEM;
	r->probes = p;
	p->r = r;
	p->recorded = !watch->single &&
		(report->format == &sdr_report_json || report->format == &sdr_report_csv);
	uv_timer_init(sdr_app_loop(r->run->app), &p->headers);
	p->headers.data = p;
	report->stamps = watch->stamps;
	report->single = watch->single;
	report->all_times = watch->fping_all;
	sink->duplicates = is_text(p);
	sink->target = on_target;
	sink->result = on_result;
	sink->summary = on_summary;
	p->marks = calloc(watch->count + 1, sizeof(*p->marks));
	p->count = p->marks ? watch->count + 1 : 0;
	route_bodies(p);
	return !p->marks      ? SDR_ENOMEM
		: p->recorded ? sdr_record_open(&p->record, r->run->app, watch)
			      : SDR_OK;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void sdr_probe_report_close(struct job_run *r)
{
	struct probe_report *p = r->probes;
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++)
		free(p->marks[i].kept);
	free(p->marks);
	sdr_record_close(&p->record);
	r->probes = NULL;
	uv_close((uv_handle_t *)&p->headers, on_closed);
}
