/* open.h - the screen made and unmade, apart from loop and terminal. */
#ifndef SOUNDER_UI_OPEN_H
#define SOUNDER_UI_OPEN_H

#include "ui_state.h"

SDR_MUST_CHECK enum sdr_status ui_open(struct ui *ui,
	struct sdr_app *app); /* all but loop, terminal and canvas: panels, keys, commands */
void ui_close(struct ui *ui);

#endif
