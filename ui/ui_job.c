/* ui_job.c - jobs: what was asked for, its answers and where they are seen. A job owns its line and
 * request until the end came, also of one that nobody wants any more. One that no panel shows has
 * its answers to itself: the overlay that shows them can be left and opened again. */
#include "ui_job.h"

#include <stdlib.h>
#include <string.h>

#include "call_text.h"
#include "job_rows.h"
#include "places.h"
#include "sounder/job.h"
#include "sounder/line.h"

#define OVER_KEPT 8 /* jobs that are over and were not looked at */

struct ui_job {
	struct ui_job *next;
	struct ui *ui;
	struct ui_slot *slot; /* the panel's whose question it is; NULL: it is listed, or dropped */
	bool dropped;         /* nobody wants it any more */
	unsigned number;
	struct sdr_line *line;      /* owned */
	struct sdr_request request; /* owned */
	char *text;                 /* the line as asked; owned */
	sdr_ns began, ended;        /* ended: 0 while it runs */
	sdr_wall began_wall;
	struct ui_sheet sheet;  /* its answers, if it is listed */
	enum sdr_exit exit;     /* the worst so far */
	struct sdr_error error; /* the first complaint */
	bool failed, cancelled;
	struct sdr_job *work; /* NULL: it is over */
	struct sdr_progress progress;
	uint64_t found; /* hosts of a sweep that are alive, lines of a filter, probes */
};

sdr_ns ui_job_since(const struct ui_job *job)
{
	return job->began;
}

sdr_wall ui_job_since_wall(const struct ui_job *job)
{
	return job->began_wall;
}

sdr_ns ui_job_took(const struct ui_job *job)
{
	return (job->ended ? job->ended : job->ui->now) - job->began;
}

bool ui_job_is_over(const struct ui_job *job)
{
	return !job->work;
}

unsigned ui_job_number(const struct ui_job *job)
{
	return job->number;
}

const char *ui_job_line(const struct ui_job *job)
{
	return job->text;
}

struct ui_job *ui_job_next(const struct ui_job *job)
{
	return job->next;
}

bool ui_job_is_listed(const struct ui_job *job)
{
	return !job->slot && !job->dropped;
}

struct ui_job *ui_job_find(struct ui *ui, unsigned number)
{
	for (struct ui_job *job = ui->jobs; job; job = job->next)
		if (job->number == number && ui_job_is_listed(job))
			return job;
	return NULL;
}

unsigned ui_job_running(const struct ui *ui)
{
	unsigned count = 0;
	for (const struct ui_job *job = ui->jobs; job; job = job->next)
		count += ui_job_is_listed(job) && job->work;
	return count;
}

struct ui_job *ui_job_shown(struct ui *ui)
{
	if (ui->overlay.kind != UI_OVERLAY_SHEET)
		return NULL;
	for (struct ui_job *job = ui->jobs; job; job = job->next)
		if (ui->overlay.sheet == &job->sheet)
			return job;
	return NULL;
}

static void free_job(struct ui_job *job)
{
	sdr_request_done(&job->request);
	sdr_line_free(job->line);
	ui_sheet_done(&job->sheet);
	free(job->text);
	free(job);
}

static void forget(struct ui_job *job)
{
	for (struct ui_job **at = &job->ui->jobs; *at; at = &(*at)->next) {
		if (*at == job) {
			*at = job->next;
			break;
		}
	}
	if (job->slot && job->slot->job == job)
		job->slot->job = NULL;
	if (ui_job_shown(job->ui) == job)
		ui_overlay_close(&job->ui->overlay);
	free_job(job);
}

/* Jobs that are over are forgotten, the oldest first, once there are many. */
static void forget_old(struct ui *ui)
{
	unsigned over = 0;
	struct ui_job *next;
	for (struct ui_job *job = ui->jobs; job; job = next) {
		next = job->next;
		if (ui_job_is_listed(job) && !job->work && job != ui_job_shown(ui) &&
			++over > OVER_KEPT)
			forget(job);
	}
}

/* ---- how far it is ---- */

/* What is asked once and answered once has no progress to speak of. */
static bool has_progress(const struct ui_job *job)
{
	bool probes = job->request.kind == SDR_REQUEST_WATCH && !job->request.watch.single;
	return job->progress.what && (job->progress.total != 1 || probes);
}

/* What `found` counts; NULL: nothing of interest. */
static const char *found_word(const struct ui_job *job)
{
	const struct sdr_watch *watch = &job->request.watch;
	if (job->request.kind == SDR_REQUEST_FILTER)
		return "found";
	if (job->request.kind != SDR_REQUEST_WATCH || watch->single || watch->find_mtu)
		return NULL;
	return watch->sweep ? "alive" : "probes";
}

const char *ui_job_text(char out[static UI_JOB_TEXT], const struct ui_job *job)
{
	static const char *const ends[] = {"yes", "no", "failed"};
	char total[32] = "", found[40] = "";
	const char *end = job->cancelled ? "cancelled"
		: job->work              ? ""
					 : ends[job->exit < SDR_EXIT_FAIL ? job->exit : 2];
	if (job->progress.total)
		snprintf(total, sizeof(total), " of %llu", (unsigned long long)job->progress.total);
	if (found_word(job))
		snprintf(found, sizeof(found), ", %llu %s", (unsigned long long)job->found,
			found_word(job));
	if (has_progress(job))
		snprintf(out, UI_JOB_TEXT, "%llu%s %s%s%s%s",
			(unsigned long long)job->progress.done, total, job->progress.what, found,
			*end ? ", " : "", end);
	else
		snprintf(out, UI_JOB_TEXT, "%s", *end ? end : "asking");
	return out;
}

static void show_title(struct ui_job *job)
{
	struct ui_overlay *overlay = &job->ui->overlay;
	char far[UI_JOB_TEXT];
	if (ui_job_shown(job->ui) != job)
		return;
	if (has_progress(job) || job->cancelled)
		snprintf(overlay->title, sizeof(overlay->title), "%s%s: %.100s",
			ui_job_text(far, job), job->work && !job->cancelled ? ", x cancels" : "",
			job->text);
	else
		snprintf(overlay->title, sizeof(overlay->title), "%s", job->text);
}

/* Takes over how far it is, and has it seen. */
static void look(struct ui_job *job)
{
	sdr_job_progress(job->work, &job->progress);
	show_title(job);
	ui_want_frame(job->ui);
}

/* ---- delivering ---- */

static void deliver_to_panel(struct ui_job *job, const struct ui_answer *answer)
{
	struct ui *ui = job->ui;
	struct ui_slot *slot = job->slot;
	if (slot->panel->answer)
		slot->panel->answer(ui, slot->state, answer);
	if (answer->stage != UI_STAGE_DONE || !answer->error)
		return;
	if (slot->panel->input)
		snprintf(slot->input.error, sizeof(slot->input.error), "%s", answer->error);
	else
		ui_notify(ui, SDR_TONE_BAD, "%s", answer->error);
}

static void deliver(struct ui_job *job, enum ui_stage stage, const struct sdr_sheet *sheet)
{
	struct ui *ui = job->ui;
	struct ui_answer answer = {.stage = stage,
		.command = sdr_line_call(job->line)->command->name,
		.line = job->text,
		.sheet = sheet,
		.exit = job->exit,
		.error = stage == UI_STAGE_DONE && job->failed ? job->error.text : NULL};
	if (job->dropped)
		return;
	ui_tick_clock(ui);
	answer.elapsed = ui->now - job->began;
	ui->due = true;
	ui_want_frame(ui);
	if (job->slot) {
		deliver_to_panel(job, &answer);
		return;
	}
	ui_sheet_answer(&job->sheet, &answer);
	if (answer.error)
		ui_notify(ui, SDR_TONE_BAD, "%s", answer.error);
}

static void note_error(struct ui_job *job, const char *text)
{
	if (job->failed || !text)
		return;
	sdr_error_set(&job->error, 0, "%s", text);
	job->failed = true;
}

static void on_sheet(void *context, const struct sdr_sheet *sheet)
{
	struct ui_job *job = context;
	job->found++;
	look(job);
	deliver(job, UI_STAGE_SHEET, sheet);
}

static void show(struct ui_job *job, struct sdr_sheet *made)
{
	if (made)
		deliver(job, UI_STAGE_SHEET, made);
	else
		note_error(job, sdr_status_text(SDR_ENOMEM));
	sdr_sheet_free(made);
}

static void on_single(
	struct ui_job *job, const struct sdr_target *target, const struct sdr_result *result)
{
	if (result->outcome != SDR_OUTCOME_OK)
		note_error(job, result->why);
	if (result->detail)
		deliver(job, UI_STAGE_SHEET, result->detail);
	else
		show(job, ui_row_of_result(target, result));
}

static void on_swept(
	struct ui_job *job, const struct sdr_target *target, const struct sdr_result *result)
{
	if (result->outcome == SDR_OUTCOME_LOCAL)
		note_error(job, result->why);
	if (result->outcome != SDR_OUTCOME_OK)
		return;
	job->found++;
	show(job, ui_row_of_alive(target, result));
}

static void on_result(
	void *context, const struct sdr_target *target, const struct sdr_result *result)
{
	struct ui_job *job = context;
	const struct sdr_watch *watch = &job->request.watch;
	if (watch->sweep)
		on_swept(job, target, result);
	else if (watch->single)
		on_single(job, target, result);
	else if (result->kind == SDR_RESULT_ANSWER)
		job->found++;
	look(job);
}

static void on_summary(void *context, uint32_t number, const struct sdr_target *target,
	const struct sdr_totals *totals, bool reached)
{
	struct ui_job *job = context;
	(void)number;
	show(job, ui_row_of_totals(&job->request.watch, target, totals, reached));
}

/* A target that can't be probed never yields a result: its reason is the answer. */
static void on_target(void *context, const struct sdr_target *target, enum sdr_target_event event)
{
	if (event == SDR_TARGET_CHANGED && target->phase == SDR_PHASE_FAILED)
		note_error(context, target->why);
}

static void on_complaint(void *context, const char *text)
{
	note_error(context, text);
}

static void on_done(void *context, enum sdr_exit exit)
{
	struct ui_job *job = context;
	struct ui *ui = job->ui;
	char far[UI_JOB_TEXT];
	sdr_job_progress(job->work, &job->progress);
	job->work = NULL;
	job->exit = exit;
	job->ended = ui->now;
	show_title(job);
	deliver(job, UI_STAGE_DONE, NULL);
	if (!ui_job_is_listed(job)) {
		forget(job);
		return;
	}
	if (ui_job_shown(ui) != job && !job->failed)
		ui_notify(ui, SDR_TONE_PLAIN, "job %u, %s: %s", job->number, job->text,
			ui_job_text(far, job));
	forget_old(ui);
}

/* ---- cancelling, dropping ---- */

void ui_job_cancel(struct ui_job *job)
{
	if (!job->work || job->cancelled)
		return;
	job->cancelled = true;
	sdr_job_cancel(job->work);
	show_title(job);
	ui_notify(job->ui, SDR_TONE_WARNING, "cancelled: %s", job->text);
}

/* It may be delivering just now, so that it goes when its end comes, which is soon. */
void ui_job_drop(struct ui *ui, struct ui_slot *slot)
{
	struct ui_job *job = slot->job;
	(void)ui;
	slot->job = NULL;
	if (!job)
		return;
	job->slot = NULL;
	job->dropped = true;
	if (job->work)
		sdr_job_cancel(job->work);
}

void ui_job_leave(struct ui *ui)
{
	struct ui_job *job = ui_job_shown(ui);
	ui_overlay_close(&ui->overlay);
	if (job && !job->work)
		forget(job);
	else if (job && !job->cancelled)
		ui_notify(ui, SDR_TONE_PLAIN, "%s goes on; :jobs shows it", job->text);
}

void ui_job_show(struct ui *ui, struct ui_job *job)
{
	ui_overlay_sheet(&ui->overlay, job->text, &job->sheet);
	show_title(job);
}

/* ---- asking ---- */

/* The slot that shows a command's answers. */
static struct ui_slot *shower(struct ui *ui, const char *command)
{
	for (unsigned i = 0; i < ui->slot_count; i++) {
		const char *const *shows = ui->slots[i].panel->shows;
		for (; shows && *shows; shows++)
			if (!strcmp(*shows, command))
				return &ui->slots[i];
	}
	return NULL;
}

/* Finds the place for its answers. Nobody sits before what a file's line opens, and the next key
 * would be the overlay's: such a job goes on in the background. */
static void place(struct ui_job *job)
{
	struct ui *ui = job->ui;
	bool several = job->request.input.text; /* a panel shows one answer */
	job->slot = several  ? NULL
		: ui->asking ? ui->asking
			     : shower(ui, sdr_line_call(job->line)->command->name);
	if (!job->slot) {
		if (!ui->of_file)
			ui_job_show(ui, job);
		return;
	}
	ui_job_drop(ui, job->slot);
	job->slot->job = job;
	job->slot->input.error[0] = '\0';
	if (!ui->asking)
		ui_focus_for_answer(ui, (unsigned)(job->slot - ui->slots));
}

/* Makes a job, which takes line and request over. */
static struct ui_job *open_job(struct ui *ui, struct sdr_line *line, struct sdr_request *request)
{
	struct ui_job *job = calloc(1, sizeof(*job));
	char *text = ui_call_shown(sdr_line_call(line));
	if (!job || !text) {
		free(job);
		free(text);
		sdr_request_done(request);
		sdr_line_free(line);
		return NULL;
	}
	*job = (struct ui_job){.ui = ui,
		.line = line,
		.request = *request,
		.text = text,
		.began = ui->now,
		.began_wall = ui->wall,
		.next = ui->jobs};
	ui->jobs = job;
	place(job);
	if (!job->slot)
		job->number = ++ui->job_count;
	deliver(job, UI_STAGE_BEGIN, NULL);
	return job;
}

enum sdr_status ui_job_start(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error)
{
	struct ui_job *job = open_job(ui, line, request);
	if (!job)
		return SDR_ENOMEM;
	const struct sdr_job_sink sink = {.context = job,
		.sheets = true,
		.sheet = on_sheet,
		.target = on_target,
		.result = on_result,
		.summary = on_summary,
		.complaint = on_complaint,
		.done = on_done};
	ui->job_fresh = true;
	if (sdr_job_start(sdr_line_call(line), &job->request, &sink, &job->work, error) == SDR_OK)
		return SDR_OK;
	forget(job);
	return SDR_ENOMEM;
}

/* ---- the screen comes and goes ---- */

void ui_job_close(struct ui *ui)
{
	while (ui->jobs) {
		struct ui_job *job = ui->jobs;
		if (job->work)
			sdr_job_drop(job->work);
		forget(job);
	}
}
