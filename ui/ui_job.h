/* ui_job.h - questions under way, and their answers. */
#ifndef SOUNDER_UI_UI_JOB_H
#define SOUNDER_UI_UI_JOB_H

#include "sounder/line.h"
#include "ui_state.h"

enum sdr_status ui_job_lookup(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);
enum sdr_status ui_job_work(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);
bool ui_job_cancel(struct ui *ui); /* ends what the overlay shows; false: nothing goes on there */
void ui_job_drop_overlay(struct ui *ui); /* what the overlay shows is not wanted any more */
void ui_job_drop(
	struct ui *ui, struct ui_slot *slot); /* the slot's question is not wanted any more */
char *ui_call_text(
	const struct sdr_call *call); /* the line that gives the call; the caller frees it */
sdr_ns ui_job_since(const struct ui_job *job);
void ui_job_close(struct ui *ui);

#endif
