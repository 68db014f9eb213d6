/* ui_tick.h - what the screen does with data that changed, apart from drawing it. */
#ifndef SOUNDER_UI_UI_TICK_H
#define SOUNDER_UI_UI_TICK_H

#include "ui_state.h"

void ui_tick(struct ui *ui); /* checks whether something visible changed (see frame_pace.h) */

/* Applies the settings to the terminal. */
void ui_settle(struct ui *ui);

#endif
