/* act_jobs.c - `jobs`: which jobs run, since when and how far they are; to show one, to cancel
 * one. */
#include "act_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "job_list.h"
#include "ui_job.h"

static void add_entry(struct ui *ui, const struct ui_job_row *row)
{
	char key[16], line[32];
	snprintf(key, sizeof(key), "%u", row->number);
	snprintf(line, sizeof(line), "jobs %u", row->number);
	ui_overlay_add(&ui->overlay,
		&(struct ui_entry){.key = key,
			.text = (char *)(uintptr_t)row->text,
			.line = line,
			.command = (char *)(uintptr_t)row->line});
}

static bool fill(struct ui *ui)
{
	struct ui_job_row row;
	ui_overlay_list(&ui->overlay, "Jobs: Enter shows one, x cancels it, Esc closes", false);
	ui->overlay.lists_jobs = true;
	for (uint32_t i = 0; ui_job_row(ui, i, &row); i++)
		add_entry(ui, &row);
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

/* The job that a call names, or else, for `--cancel`, the one under the panel's cursor. */
static struct ui_job *named(struct ui *ui, const struct sdr_call *call)
{
	struct ui_subject subject;
	const char *word = sdr_call_word(call, 0);
	char *end = NULL;
	if (!word)
		return sdr_call_has(call, "cancel") && ui_subject(ui, &subject)
			? ui_job_find(ui, subject.job)
			: NULL;
	unsigned long number = strtoul(word, &end, 10);
	return *word && !*end && number <= UINT32_MAX ? ui_job_find(ui, (unsigned)number) : NULL;
}

static enum sdr_status perform_jobs(
	void *screen, const struct sdr_call *call, struct sdr_error *error)
{
	struct ui *ui = screen;
	const char *word = sdr_call_word(call, 0);
	struct ui_job *job = named(ui, call);
	if (word && !job) {
		sdr_error_set(error, 0, "there is no job \"%s\"; \"jobs\" lists them", word);
		return SDR_ENOENT;
	}
	if (!job && sdr_call_has(call, "cancel")) {
		sdr_error_set(
			error, 0, "no job is under the cursor; jobs --cancel NUMBER cancels one");
		return SDR_ENOENT;
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
	{.name = "cancel",
		.kind = SDR_OPTION_FLAG,
		.sentence = "end it, or the one under the cursor, with what it has found"},
	{NULL},
};

static const struct sdr_command jobs = {.name = "jobs",
	.arguments = "[NUMBER]",
	.sentence = "list what runs in the background, or show one of them",
	.options = {options},
	.words_max = 1,
	.where = SDR_WHERE_SCREEN,
	.effects = SDR_EFFECT_CHANGES,
	.make = make_jobs};

const struct sdr_command *const ui_act_jobs[] = {&jobs, NULL};
