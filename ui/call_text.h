/* call_text.h - the line that gives a call. */
#ifndef SOUNDER_UI_CALL_TEXT_H
#define SOUNDER_UI_CALL_TEXT_H

#include "sounder/line.h"

/* Return the line that gives the call, to be freed; NULL: out of memory. */
char *ui_call_text(const struct sdr_call *call);
char *ui_call_shown(const struct sdr_call *call); /* what outputs may not show is masked */

#endif
