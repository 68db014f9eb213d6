/* front.h - runs what lines ask for. */
#ifndef SOUNDER_UI_FRONT_H
#define SOUNDER_UI_FRONT_H

#include "sounder/line.h"
#include "ui_state.h"

/* Run a line's call, or a line as typed. `words` (may be NULL) replace its %words. What is wrong
 * with it is in `error`. */
enum sdr_status ui_front_run(struct ui *ui, const struct sdr_line *line,
	const struct ui_subject *words, struct sdr_error *error);
enum sdr_status ui_front_run_text(struct ui *ui, const char *text, struct sdr_error *error);

/* Writes a binding's line with its %words replaced; false where one has no value. */
bool ui_expand_text(
	const struct ui_binding *binding, const struct ui_subject *words, char *out, size_t size);

/* Runs a binding's line, its %words replaced by what is under the cursor; what goes wrong stands in
 * the footer. A line that leaves runs without memory, too. */
void ui_front_key(struct ui *ui, const struct sdr_line *line);

/* Runs a config's line, as struct sdr_config has `run`; `context` is the ui. */
enum sdr_status ui_front_config(
	void *context, const struct sdr_call *call, struct sdr_error *error);

#endif
