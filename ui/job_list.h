/* job_list.h - the rows of jobs: those that run and the last that ended, the latest first. The list
 * that `jobs` opens and the Log panel show the same ones. */
#ifndef SOUNDER_UI_JOB_LIST_H
#define SOUNDER_UI_JOB_LIST_H

#include "panel.h"

#define UI_JOB_ROW 200

struct ui_job_row {
	unsigned number; /* for `jobs NUMBER` */
	bool over;
	sdr_wall began;
	const char *line;      /* what was typed; borrowed */
	char text[UI_JOB_ROW]; /* how far it is or how it ended, and its time: "12 of 254 hosts, 3
				  alive, 17s" */
};

/* Fills in a row; false past the last one. A job that is over and being looked at is none any
 * more. */
bool ui_job_row(struct ui *ui, uint32_t index, struct ui_job_row *row);

#endif
