/* act_jobs.h - the list of jobs over the panels, and the command that opens it. */
#ifndef SOUNDER_UI_ACT_JOBS_H
#define SOUNDER_UI_ACT_JOBS_H

#include "ui_state.h"

/* Brings the list up to date, if it is open. */
void ui_job_list_refresh(struct ui *ui);

/* Cancels the job that the list's cursor is on, or the one that the overlay shows. */
void ui_job_list_cancel(struct ui *ui);

#endif
