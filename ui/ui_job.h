/* ui_job.h - questions under way, and their answers. */
#ifndef SOUNDER_UI_UI_JOB_H
#define SOUNDER_UI_UI_JOB_H

#include "sounder/line.h"
#include "ui_state.h"

enum sdr_status ui_job_lookup(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);
enum sdr_status ui_job_single(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);
void ui_job_drop(
	struct ui *ui, struct ui_slot *slot); /* the slot's question is not wanted any more */
void ui_job_sweep(struct ui *ui); /* removes targets that were asked once and are done */
char *ui_call_text(
	const struct sdr_call *call); /* the line that gives the call; the caller frees it */
sdr_ns ui_job_since(const struct ui_job *job);
void ui_job_close(struct ui *ui);
SDR_MUST_CHECK enum sdr_status ui_job_open(struct ui *ui);

#endif
