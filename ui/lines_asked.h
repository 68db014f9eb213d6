/* lines_asked.h - the word `-` on the screen: a field for the lines that a shell would read from
 * standard input. */
#ifndef SOUNDER_UI_LINES_ASKED_H
#define SOUNDER_UI_LINES_ASKED_H

#include "sounder/line.h"
#include "ui_state.h"

/* Whether a request reads what the word `-` stands for. */
bool ui_asked_wants(const struct sdr_call *call, const struct sdr_request *request);

/* Opens the field. Takes line and request over: they run once the lines are there. */
enum sdr_status ui_asked_open(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);

/* Closes the field; `enter`: what waited for the lines is run. */
void ui_asked_end(struct ui *ui, bool enter);

#endif
