/* job_list.c - the rows of jobs. */
#include "job_list.h"

#include <stdio.h>

#include "ui_job.h"

static void fill(struct ui_job_row *row, const struct ui_job *job)
{
	char far[UI_JOB_TEXT], time[SDR_DURATION_TEXT];
	sdr_ns took = ui_job_took(job);
	*row = (struct ui_job_row){.number = ui_job_number(job),
		.over = ui_job_is_over(job),
		.began = ui_job_since_wall(job),
		.line = ui_job_line(job)};
	/* Whole seconds of what goes on, so that nothing flickers. */
	snprintf(row->text, sizeof(row->text), "%s, %s", ui_job_text(far, job),
		sdr_duration_display(time, took > SDR_SECOND ? took - took % SDR_SECOND : took));
}

bool ui_job_row(struct ui *ui, uint32_t index, struct ui_job_row *row)
{
	const struct ui_job *shown = ui_job_shown(ui);
	for (const struct ui_job *job = ui->jobs; job; job = ui_job_next(job)) {
		if (!ui_job_is_listed(job) || (job == shown && ui_job_is_over(job)))
			continue;
		if (index-- == 0) {
			fill(row, job);
			return true;
		}
	}
	return false;
}
