/* ui_job.h - what was asked for and takes time: each a job with its answers, shown by a panel or in
 * the overlay, or going on in the background. */
#ifndef SOUNDER_UI_UI_JOB_H
#define SOUNDER_UI_UI_JOB_H

#include "sounder/line.h"
#include "ui_state.h"

/* Starts a request's job; takes line and request over. Its answers go to the panel that shows the
 * command's, else into the overlay. */
enum sdr_status ui_job_start(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);

void ui_job_drop(
	struct ui *ui, struct ui_slot *slot); /* the slot's question is not wanted any more */
sdr_ns ui_job_since(const struct ui_job *job);
void ui_job_close(struct ui *ui);

/* ---- those whose answers no panel shows ---- */

#define UI_JOB_TEXT 160

/* Jobs are numbered from 1 in the order of starting; NULL: there is none of that number. */
struct ui_job *ui_job_find(struct ui *ui, unsigned number);

/* Whether one is listed: not a panel's question. */
bool ui_job_is_listed(const struct ui_job *job);
unsigned ui_job_number(const struct ui_job *job);
sdr_wall ui_job_since_wall(const struct ui_job *job);
sdr_ns ui_job_took(const struct ui_job *job); /* so far, or until its end */
bool ui_job_is_over(const struct ui_job *job);
const char *ui_job_line(const struct ui_job *job);
struct ui_job *ui_job_next(const struct ui_job *job); /* an older one */

/* Writes how far it is, or what it came to: "12 of 254 hosts, 3 alive". Returns `out`. */
const char *ui_job_text(char out[static UI_JOB_TEXT], const struct ui_job *job);

unsigned ui_job_running(const struct ui *ui);
void ui_job_show(struct ui *ui, struct ui_job *job); /* opens the overlay on it */
void ui_job_cancel(struct ui_job *job);
struct ui_job *ui_job_shown(struct ui *ui); /* in the overlay; NULL: none is */

/* The overlay is to be closed: what it shows goes on without it, or is forgotten if it is over. */
void ui_job_leave(struct ui *ui);

#endif
