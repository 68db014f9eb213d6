/* away.h - whether a person is there: after ten minutes without a key what happened since is shown,
 * and for ten minutes after the first key. */
#ifndef SOUNDER_UI_AWAY_H
#define SOUNDER_UI_AWAY_H

#include "ui_state.h"

#define UI_AWAY (10 * SDR_MINUTE)

/* Notes that somebody pressed a key, pasted or clicked. */
void ui_away_note(struct ui *ui);

#endif
