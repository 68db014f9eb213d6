/* state_line.h - what a screen too small for panels shows: how many are in which state, the worst
 * target's name, why. */
#ifndef SOUNDER_UI_STATE_LINE_H
#define SOUNDER_UI_STATE_LINE_H

#include "draw.h"
#include "ui_state.h"

/* Draws as much of that as there is room for, the counts first: all on one line where it is long
 * enough, else a line each. A message has the last line for a while. */
void ui_state_line_draw(struct ui *ui, const struct ui_surface *screen);

#endif
