/* terminfo.h - what the terminal database holds, asked apart from any screen. */
#ifndef SOUNDER_UI_TERMINFO_H
#define SOUNDER_UI_TERMINFO_H

#include "sounder/status.h"

/* Whether a terminal type is known (ENOENT) and can place its cursor and clear
 * (ENOTSUP). `descriptor` is any open one. */
SDR_MUST_CHECK enum sdr_status ui_terminfo_check(const char *type, int descriptor);

#endif
