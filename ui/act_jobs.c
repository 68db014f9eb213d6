/* act_jobs.c - `jobs`: which jobs run, since when and how far they are; to show one, to cancel
 * one. */
#include "act_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "ui_job.h"

static void add_entry(struct ui *ui, const struct ui_job *job)
{
	char key[16], line[32], far[UI_JOB_TEXT], when[SDR_WALL_TEXT], about[UI_JOB_TEXT + 64];
	snprintf(key, sizeof(key), "%u", ui_job_number(job));
	snprintf(line, sizeof(line), "jobs %u", ui_job_number(job));
	snprintf(about, sizeof(about), "%s, since %s", ui_job_text(far, job),
		sdr_wall_clock(when, ui_job_since_wall(job)));
	ui_overlay_add(&ui->overlay,
		&(struct ui_entry){.key = key,
			.text = about,
			.line = line,
			.command = (char *)(uintptr_t)ui_job_line(job)});
}

static bool fill(struct ui *ui)
{
	ui_overlay_list(&ui->overlay, "Jobs: Enter shows one, x cancels it, Esc closes", false);
	ui->overlay.lists_jobs = true;
	for (const struct ui_job *job = ui->jobs; job; job = ui_job_next(job))
		if (ui_job_is_listed(job))
			add_entry(ui, job);
	return ui->overlay.entry_count > 0;
}

void ui_job_list_refresh(struct ui *ui)
{
	if (ui->overlay.kind != UI_OVERLAY_LIST || !ui->overlay.lists_jobs)
		return;
	uint32_t cursor = ui->overlay.table.cursor;
	if (fill(ui))
		ui_table_go(&ui->overlay.table, cursor);
	ui->due = true;
}

/* The job of the entry under the cursor. */
static struct ui_job *under_cursor(struct ui *ui)
{
	const char *line = ui_overlay_line(&ui->overlay);
	return line && ui->overlay.lists_jobs
		? ui_job_find(ui, (unsigned)strtoul(line + strlen("jobs "), NULL, 10))
		: NULL;
}

void ui_job_list_cancel(struct ui *ui)
{
	struct ui_job *job = ui->overlay.lists_jobs ? under_cursor(ui) : ui_job_shown(ui);
	if (job)
		ui_job_cancel(job);
	ui_job_list_refresh(ui);
}

static enum sdr_status perform_jobs(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *word = sdr_call_word(call, 0);
	char *end = NULL;
	unsigned long number = word ? strtoul(word, &end, 10) : 0;
	struct ui_job *job = word && *word && !*end && number <= UINT32_MAX
		? ui_job_find(ui, (unsigned)number)
		: NULL;
	if (word && !job) {
		sdr_error_set(error, 0, "there is no job \"%s\"; \"jobs\" lists them", word);
		return SDR_ENOENT;
	}
	if (!job && sdr_call_has(call, "cancel")) {
		sdr_error_set(error, 0, "which job is to be cancelled? jobs --cancel NUMBER");
		return SDR_EINVAL;
	}
	if (job && sdr_call_has(call, "cancel")) {
		ui_job_cancel(job);
	} else if (job) {
		ui_job_show(ui, job);
	} else if (!fill(ui)) {
		ui_overlay_close(&ui->overlay);
		ui_notify(ui, SDR_TONE_PLAIN,
			"no jobs; a sweep, a search or --until is one, while it runs");
	}
	return SDR_OK;
}
UI_ACTION(jobs)

static const struct sdr_option options[] = {
	{.name = "cancel", .kind = SDR_OPTION_FLAG, .sentence = "end it, with what it has found"},
	{NULL},
};

static const struct sdr_command jobs = {.name = "jobs",
	.arguments = "[NUMBER]",
	.sentence = "list what runs in the background, or show one of them",
	.options = {options},
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.make = make_jobs};

const struct sdr_command *const ui_act_jobs[] = {&jobs, NULL};
