/* lines_asked.h - the word `-` on the screen: a field for the lines that a shell would read from
 * standard input. */
#ifndef SOUNDER_UI_LINES_ASKED_H
#define SOUNDER_UI_LINES_ASKED_H

#include "sounder/line.h"
#include "ui_state.h"

/* Whether a request reads what the word `-` stands for. */
bool ui_asked_wants(const struct sdr_call *call, const struct sdr_request *request);

/* Whether a call adds targets that the word `-` stands for: its request can't be made before. */
bool ui_asked_wants_targets(const struct sdr_call *call);

/* Opens the field. Takes line and request over: they run once the lines are there. */
enum sdr_status ui_asked_open(
	struct ui *ui, struct sdr_line *line, struct sdr_request *request, struct sdr_error *error);

/* Makes the line that waits for targets, with the words of the field's lines in place of `-`, to be
 * freed; *line is NULL where it is no such line that waits. As sdr_line_new, with `error`. */
enum sdr_status ui_asked_line(struct ui *ui, struct sdr_line **line, struct sdr_error *error);

/* Closes the field; `enter`: what waited for the lines is run. */
void ui_asked_end(struct ui *ui, bool enter);

#endif
